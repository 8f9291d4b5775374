//! Why evidence cannot be written, or cannot be looked at.

use crate::{check, input, okta, report, snapshot};
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder of evidence cannot be written or used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The target holds something else.
    #[error(
        "{}: holds '{found}' and is no evidence folder: name a new folder, or an evidence folder to be replaced", dir.display()
    )]
    Occupied {
        /// The target.
        dir: PathBuf,
        /// One of the things that lie there.
        found: String,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that is carried along, or looked at, cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// As it was given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file changed while it was judged.
    #[error("{}: changed while it was judged; run the check again", path.display())]
    Changed {
        /// As it was given.
        path: PathBuf,
    },
    /// The folder holds no evidence.
    #[error("{}: no evidence folder: {reason}", dir.display())]
    NoEvidence {
        /// The folder.
        dir: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// It cannot be performed again with what is there.
    #[error("{}: cannot be performed again: {reason}", dir.display())]
    Lacking {
        /// The folder.
        dir: PathBuf,
        /// What is needed.
        reason: String,
    },
    /// The snapshot cannot be read on.
    #[error("snapshot: {0}")]
    Snapshot(#[from] snapshot::Error),
    /// An input cannot be read again.
    #[error(transparent)]
    Check(#[from] check::Error),
    /// The findings cannot be read back.
    #[error(transparent)]
    Report(#[from] report::Error),
}

impl Error {
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Read {
            path: path.to_owned(),
            source,
        }
    }
}

impl From<input::Error> for Error {
    fn from(source: input::Error) -> Self {
        Self::Check(source.into())
    }
}

impl From<okta::Error> for Error {
    fn from(source: okta::Error) -> Self {
        Self::Check(source.into())
    }
}
