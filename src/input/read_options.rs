//! How an input is read where the user says more than the file.

use super::Kind;
use super::header::Overrides;
use crate::tabular::DEFAULT_BLOCK;
use std::path::Path;

/// How an input is to be read, where the user says more than the file.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions<'o> {
    /// `--kind`.
    pub kind: Option<Kind>,
    /// `[columns] delimiter`.
    pub delimiter: Option<u8>,
    /// `[columns] encoding`: any label of the WHATWG encoding standard. A byte order mark in the file beats it.
    pub encoding: Option<&'o str>,
    /// `[columns]`: our column (or a field of User) and its header.
    pub overrides: &'o Overrides<'o>,
    /// Hash the file even if it is larger than 64 MiB.
    pub hash: bool,
    /// Bytes of a block.
    pub block: usize,
    /// Where the file really lies, if not where it is shown.
    pub at: Option<&'o Path>,
    /// Id of the Salesforce app in Okta, for files of several apps.
    pub okta_app: Option<&'o str>,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            kind: None,
            delimiter: None,
            encoding: None,
            overrides: &[],
            hash: false,
            block: DEFAULT_BLOCK,
            at: None,
            okta_app: None,
        }
    }
}
