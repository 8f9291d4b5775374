//! What is wrong with a configuration file, and where.

use std::path::PathBuf;

/// Why there is no configuration. Every one ends the run with exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file that was named is not there.
    #[error("configuration {}: there is no such file", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refuses to read it.
    #[error("configuration {}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Bytes that are no text.
    #[error("configuration {}: the file is not UTF-8 (byte {offset})", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Offset of the first byte that is no UTF-8, from 0.
        offset: usize,
    },
    /// Everything that is wrong with its text, in the order of the file; never empty.
    #[error("configuration {}: {} problem{}", path.display(), problems.len(), if problems.len() == 1 { "" } else { "s" })]
    Invalid {
        /// The file.
        path: PathBuf,
        /// All problems.
        problems: Vec<Problem>,
    },
}

impl Error {
    /// The problems as lines, `FILE:LINE:COLUMN: what (nearest: ...)`; none where the error itself says everything.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Invalid { path, problems } => problems
                .iter()
                .map(|problem| format!("{}:{problem}", path.display()))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// One thing that is wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// Keys or values that are written much like what stands there, nearest first.
    pub nearest: Vec<String>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)?;
        if !self.nearest.is_empty() {
            write!(f, " (nearest: {})", self.nearest.join(", "))?;
        }
        Ok(())
    }
}

/// Faults as they are found, by byte offset.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<(usize, String, Vec<String>)>,
}

impl Faults {
    pub(super) fn add(&mut self, at: usize, what: String, nearest: Vec<String>) {
        self.found.push((at, what, nearest));
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// The problems in the order of the file. A line that is no TOML is spoken of as that only: what was
    /// understood of it was guessed by the parser.
    pub(super) fn problems(self, syntax: Self, text: &str) -> Vec<Problem> {
        let broken: Vec<usize> = syntax
            .found
            .iter()
            .map(|(at, ..)| place(text, *at).0)
            .collect();
        let meant = self
            .found
            .into_iter()
            .filter(|(at, ..)| !broken.contains(&place(text, *at).0));
        let mut found: Vec<_> = syntax.found.into_iter().chain(meant).collect();
        found.sort_by_key(|(at, ..)| *at);
        found
            .into_iter()
            .map(|(at, what, nearest)| {
                let (line, column) = place(text, at);
                Problem {
                    line,
                    column,
                    what,
                    nearest,
                }
            })
            .collect()
    }
}

/// Line and column of a byte offset, both from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// A text of the file as a message repeats it: nothing in it reaches the terminal as a command.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}
