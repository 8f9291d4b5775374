//! Waivers: findings that somebody accepts for a while, with a reason and an end.
//!
//! A waiver changes what counts, never what is shown, and never the verdict of a row: the push would
//! still fail. What cannot be read or has ended covers nothing, and is a finding itself.

mod edit;
mod file;
mod selector;
#[cfg(test)]
mod tests;

pub use edit::{Draft, add, prune, renew};
pub use file::REQUIRED;
pub use selector::{Glob, Selectors, Subject};

use crate::finding::WaivedBy;
use jiff::civil::Date;
use std::io;
use std::path::{Path, PathBuf};

/// The file of waivers where nothing names another one.
pub const FILE: &str = "sfcompat.waivers.toml";

/// Why there are no waivers. Every one ends the run with exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file that is named is not there.
    #[error("waivers {}: there is no such file", .0.display())]
    Missing(PathBuf),
    /// The operating system refuses to read or write it.
    #[error("waivers {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Bytes that are no text.
    #[error("waivers {}: the file is not UTF-8 (byte {offset})", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Offset of the first byte that is no UTF-8, from 0.
        offset: usize,
    },
    /// The text is no TOML.
    #[error("waivers {}: the file is no TOML", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// Lines, from 1, and what is wrong there.
        lines: Vec<(usize, String)>,
    },
    /// There is no entry with this number.
    #[error("there is no waiver {number}: the file has {count}")]
    NoSuch {
        /// From 1.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// The entries are not written as `[[waiver]]`.
    #[error(
        "the waivers of the file are not written as [[waiver]] tables: it cannot be edited here"
    )]
    NotTables,
    /// What was to be written would be no good waiver.
    #[error("that waiver would be refused: {}", .0.join("; "))]
    Refused(Vec<String>),
}

impl Error {
    /// The problems as lines, `FILE:LINE: what`; none where the error itself says everything.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::NotToml { path, lines } => lines
                .iter()
                .map(|(line, what)| format!("{}:{line}: {what}", path.display()))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// What `[waivers]` of the configuration asks of every waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Longest life in days; `None`: no limit.
    pub max_days: Option<i64>,
    /// Keys that each must have, of [`REQUIRED`].
    pub require: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_days: None,
            require: ["reason", "owner", "expires"].map(String::from).into(),
        }
    }
}

/// An entry of the file, good or not.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Line where it begins, from 1.
    pub line: usize,
    /// The rule as it is written.
    pub rule: String,
    /// The number of the rule, where it is one that can be waived.
    pub number: Option<usize>,
    /// Selectors as they are written, by name.
    pub written: Vec<(String, String)>,
    /// The same, understood.
    pub selectors: Selectors,
    /// What reports say of it.
    pub note: WaivedBy,
    /// When it was written.
    pub created: Option<Date>,
    /// The last day on which it counts.
    pub expires: Option<Date>,
    /// What is wrong with it; it covers nothing then.
    pub problems: Vec<String>,
}

impl Entry {
    fn broken(line: usize, problem: &str) -> Self {
        Self {
            line,
            problems: vec![problem.to_owned()],
            ..Self::default()
        }
    }

    /// Whether it ended before that day.
    #[must_use]
    pub fn has_ended(&self, today: Date) -> bool {
        self.expires.is_some_and(|end| end < today)
    }

    /// Days from that day to its last one; `None`: it has no end.
    #[must_use]
    pub fn days_left(&self, today: Date) -> Option<i64> {
        self.expires.map(|end| file::days_between(today, end))
    }

    /// Its rule and selectors: what tells it apart from others, without its place in the file.
    #[must_use]
    pub fn label(&self) -> String {
        let selectors: Vec<String> = self
            .written
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect();
        let rule = if self.rule.is_empty() {
            "(no rule)"
        } else {
            &self.rule
        };
        format!("{rule} {{{}}}", selectors.join(", "))
    }
}

/// A waiver that counts on the day of the run.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Number of its rule.
    pub rule: usize,
    /// Which findings of the rule.
    pub selectors: Selectors,
    /// What reports say of it.
    pub note: WaivedBy,
    /// Its place in [`Waivers::entries`].
    pub entry: usize,
}

/// The waivers of a run.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// The file, as it was named.
    pub file: PathBuf,
    /// Every entry of the file, in its order.
    pub entries: Vec<Entry>,
    /// Lines that are no part of an entry and mean nothing, with what is wrong.
    pub strange: Vec<(usize, String)>,
    /// Those that count.
    pub active: Vec<Waiver>,
    /// The day by which they count: that of the run, whatever day the push is planned for.
    pub today: Option<Date>,
}

impl Waivers {
    /// Reads a file; `path` is what messages call it, and where it lies from `folder`.
    ///
    /// # Errors
    /// It is not there, cannot be read, or is no TOML. What is wrong with single entries is kept with them.
    pub fn read(path: &Path, folder: &Path, policy: &Policy, today: Date) -> Result<Self, Error> {
        Self::parse(&text(path, folder)?, path, policy, today)
    }

    /// Understands the text of a file.
    ///
    /// # Errors
    /// It is no TOML.
    pub fn parse(text: &str, path: &Path, policy: &Policy, today: Date) -> Result<Self, Error> {
        let (entries, strange) = file::entries(text, path, policy, today)?;
        let active = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.problems.is_empty() && !entry.has_ended(today))
            .filter_map(|(place, entry)| {
                Some(Waiver {
                    rule: entry.number?,
                    selectors: entry.selectors.clone(),
                    note: entry.note.clone(),
                    entry: place,
                })
            })
            .collect();
        Ok(Self {
            file: path.to_owned(),
            entries,
            strange,
            active,
            today: Some(today),
        })
    }
}

/// The text of a file of waivers.
///
/// # Errors
/// It is not there, cannot be read, or is no UTF-8.
pub fn text(path: &Path, folder: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(folder.join(path)).map_err(|source| {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::NotFound {
            Error::Missing(path)
        } else {
            Error::File { path, source }
        }
    })?;
    String::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
        path: path.to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })
}
