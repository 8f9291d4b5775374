//! Evidence for auditors: a folder that says what was judged, against what, by which logic, with which result, that can
//! be checked with `sha256sum`, and performed again.
//!
//! Inputs and snapshot are copied first and the copies are judged, so that the folder holds what was judged. A redacted
//! folder holds neither: it names them with their hashes.

mod access;
mod contents;
mod coverage;
mod error;
mod fill;
mod findings;
mod folder;
pub mod manifest;
mod matrix;
mod pack;
mod plain;
mod reconcile;
mod reperform;
mod rows;
mod seats;
mod sources;
mod totals;
mod verify;

pub use error::Error;
pub use folder::sha256_of;
pub use manifest::{Manifest, Role};
pub use pack::{Circumstances, Done, Origin, Pack, Work};
pub use reperform::{Original, Recorded, compare, recorded};
pub use verify::{Difference, Verified, verify};

/// Name of the list of sums, as `sha256sum -c` reads it.
pub const SUMS: &str = "SHA256SUMS";
/// Name of the page for people.
pub const README: &str = "README.txt";
