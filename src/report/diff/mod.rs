//! What changed between two snapshots: table, CSV, JSON (`sfcompat-diff/1`) and Markdown.

mod data;
mod folds;
mod people;

#[cfg(test)]
pub(crate) use data::Answer;
pub use data::{write_csv, write_json};
pub use people::{write_markdown, write_table};

use super::summary::{InputInfo, OrgInfo, RunInfo};
use crate::diff::{Diff, Rows};

/// The schema of [`write_json`].
pub const SCHEMA: &str = "sfcompat-diff/1";

/// One of the two that were compared.
#[derive(Clone, Debug)]
pub struct End {
    /// As it was given.
    pub path: String,
    /// Its org.
    pub org: OrgInfo,
}

/// Everything that the report tells.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The run.
    pub run: &'a RunInfo,
    /// The older one.
    pub old: &'a End,
    /// The newer one.
    pub new: &'a End,
    /// The differences.
    pub diff: &'a Diff<'a>,
    /// The input files, judged against both; `None`: none were given.
    pub rows: Option<(&'a [InputInfo], &'a Rows)>,
}
