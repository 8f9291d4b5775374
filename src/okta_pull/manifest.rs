//! `manifest.json` of a pulled folder: from where, when, what. It holds no secret.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What the manifest of a pulled folder is called.
pub(super) const FILE: &str = "manifest.json";
/// The mark by which a folder of ours is known.
pub(super) const SCHEMA: &str = "sfcompat-okta/1";

/// The manifest of a pulled folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name and version of this form.
    pub schema: String,
    /// Address of the Okta org, without a path.
    pub host: String,
    /// Id of the app.
    pub app: String,
    /// Its name for people.
    pub label: String,
    /// When the pull began, UTC.
    pub pulled_at: String,
    /// `api-token`, `access-token` or `service-app`.
    pub login: String,
    /// Scopes that the token was given; empty for an API token, which has none.
    pub scopes: Vec<String>,
    /// Requests that were sent.
    pub requests: u64,
    /// File name, and what is in it.
    pub files: BTreeMap<String, Written>,
}

/// One file of the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Elements of the list, memberships of `members.csv`; 1 for a single object.
    pub elements: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// Whether a folder is one that a pull from Okta wrote.
pub(super) fn is_ours(dir: &Path) -> bool {
    let text = std::fs::read(dir.join(FILE)).unwrap_or_default();
    serde_json::from_slice::<Manifest>(&text).is_ok_and(|last| last.schema == SCHEMA)
}
