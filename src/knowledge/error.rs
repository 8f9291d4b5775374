//! What can be wrong with a shipped table.

/// A shipped file that cannot be what it should be. A defect of the program, never of an input.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The first line does not name the expected columns.
    #[error("shipped table {table}: the header is not `{expected}`")]
    Header {
        /// File name without its ending.
        table: &'static str,
        /// The header that the program expects.
        expected: String,
    },
    /// A line is not made of the right number of well-formed cells.
    #[error("shipped table {table}, line {line}: {reason}")]
    Malformed {
        /// File name without its ending.
        table: &'static str,
        /// Physical line, the header being line 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A line does not say where its fact comes from.
    #[error("shipped table {table}, line {line}: no source")]
    SourceMissing {
        /// File name without its ending.
        table: &'static str,
        /// Physical line, the header being line 1.
        line: usize,
    },
    /// A cell holds a word that its column does not know.
    #[error("shipped table {table}, line {line}: `{word}` is no {column}")]
    Word {
        /// File name without its ending.
        table: &'static str,
        /// Physical line, the header being line 1.
        line: usize,
        /// Name of the column.
        column: &'static str,
        /// The word found.
        word: &'static str,
    },
    /// Two lines of a table are about the same thing.
    #[error("shipped table {table}, line {line}: a second line for `{key}`")]
    Duplicate {
        /// File name without its ending.
        table: &'static str,
        /// Physical line of the second one, the header being line 1.
        line: usize,
        /// What both lines are about.
        key: String,
    },
}
