//! What can go wrong while a report is written.

use super::Format;
use std::io;
use std::path::PathBuf;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The reader of a pipe has gone. Not a failure of ours: the caller ends as a closed pipe ends.
    #[error("the reader of the output has gone")]
    ClosedPipe,
    /// A file that was asked for cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Target {
        /// As it was given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The stream that was given cannot be written.
    #[error("cannot write the report: {0}")]
    Write(#[source] io::Error),
    /// The findings of the run cannot be read back from where they are kept.
    #[error("cannot read the findings of this run back: {0}")]
    Replay(#[source] io::Error),
    /// A finding that was kept is not one. A defect of the program, never of an input.
    #[error("finding {number} of this run is not well-formed: {source}")]
    Malformed {
        /// Counts the findings that are listed, in final order, from 1.
        number: u64,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// The report has no such form.
    #[error("there is no {report} report as {}", format.name())]
    Format {
        /// `seats`, ...
        report: &'static str,
        /// The format asked for.
        format: Format,
    },
}

impl Error {
    /// An error of the stream that a report is written to.
    pub(super) fn writing(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Write(source)
        }
    }

    /// The same, with the path that the stream leads to.
    pub(super) fn at(self, path: &std::path::Path) -> Self {
        match self {
            Self::Write(source) => Self::Target {
                path: path.to_owned(),
                source,
            },
            other => other,
        }
    }
}

/// Inside reporters `?` on an `io::Error` always means the stream that is written; reading findings
/// back names its errors itself.
impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        Self::writing(source)
    }
}

impl From<serde_json::Error> for Error {
    fn from(source: serde_json::Error) -> Self {
        Self::writing(source.into())
    }
}
