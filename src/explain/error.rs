//! Why logged errors cannot be explained. Each message says where, what, and what to do.

use crate::{check, input};

/// A source of logged errors that cannot be used, or a comparison that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is missing, empty, no text, or has a quote that is never closed.
    #[error(transparent)]
    Source(#[from] input::Error),
    /// A line that is longer than any text of an error.
    #[error(
        "{path}: line {line}: longer than {} MiB: this is no list of error texts (for a System Log, export JSON)",
        super::source::LONGEST_LINE >> 20
    )]
    LineTooLong {
        /// The source as it is shown.
        path: Box<str>,
        /// The line, from 1.
        line: u64,
    },
    /// JSON that is none, or that is nested too deep.
    #[error(
        "{path}: line {line}, column {column}: no JSON ({reason}): export the log again; texts belong one on each line of a plain file"
    )]
    Json {
        /// The source as it is shown.
        path: Box<str>,
        /// Line of the byte, from 1.
        line: usize,
        /// Column of the byte, from 1.
        column: usize,
        /// What the reader of JSON says.
        reason: Box<str>,
    },
    /// An XML document without any message.
    #[error(
        "{path}: this is XML without a fault or an error message in it: give the answer of the API as it came"
    )]
    NoFault {
        /// The source as it is shown.
        path: Box<str>,
    },
    /// A file larger than what is read as one document.
    #[error(
        "{path}: an XML document of more than {} MiB: give the answer of the API alone",
        super::source::LARGEST_DOCUMENT >> 20
    )]
    TooLarge {
        /// The source as it is shown.
        path: Box<str>,
    },
    /// The rules could not be asked.
    #[error(transparent)]
    Check(#[from] Box<check::Error>),
    /// A temporary file, or the findings that are read back.
    #[error("a temporary file cannot be used: {0}")]
    Temporary(#[source] std::io::Error),
    /// A finding that was kept is none. A defect of the program, never of an input.
    #[error("a finding of this run is not well-formed: {0}")]
    Finding(#[source] serde_json::Error),
}

impl Error {
    /// What the reader of JSON found wrong, at its place.
    pub(super) fn of_json(path: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The place stands in the message as well.
        let reason = text.split(" at line ").next().unwrap_or_default();
        Self::Json {
            path: path.into(),
            line: error.line(),
            column: error.column(),
            reason: reason.into(),
        }
    }
}
