//! What is wrong with a metadata project: one clear error that says where.

use std::io;
use std::path::{Path, PathBuf};

/// Why a folder cannot be read as a metadata project. Lines and columns count from 1.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The path is no folder.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder holds nothing that tells about access.
    #[error(
        "{} holds no metadata of profiles, permission sets or roles: give the folder of sfdx-project.json, or one with profiles/ or permissionsets/ in it",
        .0.display()
    )]
    NoProject(PathBuf),
    /// A file or folder is there and cannot be read.
    #[error("{file}: {source}")]
    Read {
        /// Path inside the project.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not UTF-8.
    #[error(
        "{file}: not UTF-8 text: the byte at offset {offset} does not fit (Salesforce writes UTF-8)"
    )]
    NotUtf8 {
        /// Path inside the project.
        file: String,
        /// Offset in the file, from 0.
        offset: usize,
    },
    /// A file does not say what its kind says.
    #[error("{file}, line {line}, column {column}: {reason}")]
    Text {
        /// Path inside the project.
        file: String,
        /// Line of the fault.
        line: usize,
        /// Column of the fault, in characters.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// `packageDirectories` names a folder that cannot be used.
    #[error("sfdx-project.json: the package directory '{path}' {reason}")]
    PackageDirectory {
        /// As it is written there.
        path: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// Two files are of one component.
    #[error("{file} and {other} are both of {what}: one of them is left over")]
    Duplicate {
        /// Path inside the project.
        file: String,
        /// The file that came first.
        other: String,
        /// Kind and name.
        what: String,
    },
    /// More than any project holds.
    #[error("{what}: more than {most}, which no project of Salesforce metadata has")]
    TooMuch {
        /// What is too much.
        what: String,
        /// The limit.
        most: String,
    },
    /// The tables cannot be written.
    #[error("temporary files: {0}")]
    Write(#[source] io::Error),
}

impl Error {
    pub(super) fn not_a_folder(dir: &Path) -> Self {
        Self::NotAFolder(dir.to_owned())
    }

    pub(super) fn csv(fault: csv::Error) -> Self {
        Self::Write(io::Error::other(fault))
    }

    /// A fault at a byte of a text.
    pub(super) fn at(file: &str, text: &str, offset: usize, reason: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self::Text {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before
                .get(line_start..)
                .map_or(0, |line| line.chars().count())
                + 1,
            reason: reason.into(),
        }
    }
}

/// The longest text that a message repeats, in characters.
const SHOWN: usize = 60;

/// A text as a message shows it: cut, and without control characters.
pub(super) fn shown(text: &str) -> String {
    let mut line: String = text
        .chars()
        .take(SHOWN)
        .flat_map(|c| {
            let escaped: String = if c.is_control() {
                c.escape_default().collect()
            } else {
                c.to_string()
            };
            escaped.chars().collect::<Vec<_>>()
        })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        line.push('…');
    }
    line
}
