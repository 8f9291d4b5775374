//! Why a pull has no result: where, what, and what to do. The target folder is as it was before.

use crate::api;
use std::io;
use std::path::PathBuf;

/// Why a pull has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The org is not reached, or does not let us in or on.
    #[error(transparent)]
    Api(#[from] api::Error),
    /// An object cannot be read.
    #[error("{object}: {reason}; --allow-partial leaves it out and says so in the manifest")]
    Object {
        /// API name.
        object: String,
        /// Why.
        reason: String,
    },
    /// Records are missing or too many, however often they are asked for.
    #[error(
        "{object}: {rows} records came, but the org counts {count}; pull again when less changes, or --allow-partial leaves it out"
    )]
    Counts {
        /// API name.
        object: String,
        /// Records that came.
        rows: u64,
        /// `COUNT()`
        count: u64,
    },
    /// Nothing that was asked for could be read.
    #[error("none of the objects can be read by this user: {reason}")]
    Nothing {
        /// Why, for the first of them.
        reason: String,
    },
    /// A name that is no object of a snapshot.
    #[error("--objects: '{name}' is no object of a snapshot{}", nearest(*near))]
    NoSuchObject {
        /// The name.
        name: String,
        /// Those that are written much like it.
        near: Option<&'static str>,
    },
    /// The token is of another org than the snapshot that is refreshed.
    #[error("{} is of the org {old}, and the login of {new}: choose another folder", dir.display())]
    OtherOrg {
        /// The folder.
        dir: PathBuf,
        /// Org of the folder.
        old: String,
        /// Org of the login.
        new: String,
    },
    /// The target holds what no pull wrote; it is not replaced.
    #[error("{} holds {found}, which no pull wrote; choose another folder, or move that away", dir.display())]
    Occupied {
        /// The folder.
        dir: PathBuf,
        /// A file.
        found: String,
    },
    /// There is no snapshot to go on from.
    #[error("--since-last: {}: {reason}; pull without --since-last first", dir.display())]
    NoLast {
        /// The folder.
        dir: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file cannot be written.
    #[error("{}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    pub(super) fn write(path: impl Into<PathBuf>, source: impl Into<io::Error>) -> Self {
        Self::Write {
            path: path.into(),
            source: source.into(),
        }
    }
}

fn nearest(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" (nearest: {near})"))
}
