//! What is wrong with a snapshot folder: one clear error that says where.

use crate::model::{IdFault, SfId};
use crate::tabular::BlockError;
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder is no readable snapshot. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The path is no folder.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder holds none of the files of a snapshot.
    #[error("{} holds no snapshot: there is no User.csv, Profile.csv or other file of one", .0.display())]
    NoSnapshot(PathBuf),
    /// A file is there and cannot be read.
    #[error("{file}: {source}")]
    Read {
        /// Name inside the folder.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not UTF-8.
    #[error(
        "{file}: not UTF-8 text: the byte at offset {offset} does not fit (save the file as UTF-8)"
    )]
    NotUtf8 {
        /// Name inside the folder.
        file: String,
        /// Offset in the file, from 0.
        offset: u64,
    },
    /// A file holds a NUL byte, which no text has.
    #[error("{file}, line {line}: a NUL byte: this is not a text file, or it is damaged")]
    Nul {
        /// Name inside the folder.
        file: String,
        /// Line of the byte.
        line: u64,
    },
    /// The text cannot be cut into records.
    #[error("{file}, {fault}")]
    Records {
        /// Name inside the folder.
        file: String,
        /// An unclosed quote or a record beyond all measure, with its line.
        #[source]
        fault: BlockError,
    },
    /// A file is empty: it does not even say its columns.
    #[error(
        "{file}: empty, without a header line (an object without records has a header and nothing else)"
    )]
    NoHeader {
        /// Name inside the folder.
        file: String,
    },
    /// The header is separated by something else than commas.
    #[error(
        "{file}, line 1: the columns are separated by {separator}; a snapshot file is separated by commas"
    )]
    Separator {
        /// Name inside the folder.
        file: String,
        /// Semicolons or tabs.
        separator: &'static str,
    },
    /// Two columns have one name.
    #[error("{file}, line 1: the column {column} is there twice")]
    DuplicateColumn {
        /// Name inside the folder.
        file: String,
        /// The name.
        column: String,
    },
    /// A column without which the file is of no use is missing.
    #[error("{file}, line 1: the column {column} is missing")]
    MissingColumn {
        /// Name inside the folder.
        file: String,
        /// The name.
        column: String,
    },
    /// A record has more filled cells than the header has names.
    #[error("{file}, line {line}: {cells} cells, but the header names {columns} columns")]
    TooManyCells {
        /// Name inside the folder.
        file: String,
        /// Line of the record.
        line: u64,
        /// Cells of the record.
        cells: usize,
        /// Columns of the header.
        columns: usize,
    },
    /// A cell does not hold what its column holds.
    #[error("{file}, line {line}, column {column}: '{value}' is {expected}")]
    Value {
        /// Name inside the folder.
        file: String,
        /// Line of the record.
        line: u64,
        /// Name of the column.
        column: String,
        /// The cell, cut where it is long.
        value: String,
        /// What it should be: `no boolean (true or false)`.
        expected: String,
    },
    /// Two records have one id, or two settings one key.
    #[error("{file}, line {line}: {id} is there twice")]
    Duplicate {
        /// Name inside the folder.
        file: String,
        /// Line of the later record.
        line: u64,
        /// The id or key.
        id: String,
    },
    /// A JSON file cannot be read.
    #[error("{file}, line {line}, column {column}: {reason}")]
    Json {
        /// Name inside the folder.
        file: String,
        /// Line of the fault.
        line: usize,
        /// Column of the fault, from 1; 0 before the first character of a line.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// A describe result has no list of fields.
    #[error("{file}: no describe result: it has no `fields`")]
    NoFields {
        /// Name inside the folder.
        file: String,
    },
    /// More records than the program can number.
    #[error("{file}: more than {most} records")]
    TooManyRecords {
        /// Name inside the folder.
        file: String,
        /// The largest number.
        most: usize,
    },
    /// The manifest speaks of another org than the data.
    #[error(
        "manifest.json is of the org {manifest}, Organization.csv of {organization}: the folder mixes two orgs"
    )]
    OtherOrg {
        /// Org of the manifest.
        manifest: SfId,
        /// Org of the data.
        organization: SfId,
    },
}

impl Error {
    pub(super) fn read(file: &str, source: io::Error) -> Self {
        Self::Read {
            file: file.to_owned(),
            source,
        }
    }

    pub(super) fn not_a_folder(dir: &Path) -> Self {
        Self::NotAFolder(dir.to_owned())
    }
}

/// The longest value that a message repeats, in characters.
const SHOWN: usize = 60;

/// A value as a message shows it: cut, and without control characters.
pub(super) fn shown(value: &str) -> String {
    let mut text = String::new();
    for character in value.chars().take(SHOWN) {
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    if value.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}

pub(super) fn no_id(fault: IdFault) -> String {
    match fault {
        IdFault::Length(length) => {
            format!("no Salesforce id: it has {length} characters, not 15 or 18")
        }
        IdFault::Characters => {
            "no Salesforce id: it holds something else than letters and digits".to_owned()
        }
        IdFault::Checksum => {
            "no Salesforce id: the last three characters do not belong to the others (were capitals changed?)"
                .to_owned()
        }
    }
}
