//! Why an input cannot be judged. Each message says where, what, and what to do.

use super::Kind;
use crate::tabular::{BlockError, LARGEST_BLOCK};
use std::io;

/// An input that is unusable as a whole. The run ends with exit code 3: a part of a file is never judged as if it were the file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such file.
    #[error("{path}: there is no such file: check the path")]
    Missing {
        /// The input as it is shown.
        path: Box<str>,
    },
    /// A folder where a file is expected.
    #[error("{path}: this is a folder: name the CSV file in it")]
    Directory {
        /// The input as it is shown.
        path: Box<str>,
    },
    /// The operating system refuses to read it.
    #[error("{path}: cannot be read: {source}")]
    Unreadable {
        /// The input as it is shown.
        path: Box<str>,
        /// What the operating system said.
        source: io::Error,
    },
    /// Nothing in it.
    #[error("{path}: the file is empty: export it again, with its header line")]
    Empty {
        /// The input as it is shown.
        path: Box<str>,
    },
    /// A header and nothing below it.
    #[error(
        "{path}: line {line}: there is only a header and no data row: an export that failed or filtered everything looks like this"
    )]
    NoRows {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the header.
        line: u64,
    },
    /// A file of another program, known by its first bytes.
    #[error("{path}: this is {what}, no text file: {remedy}")]
    OtherFormat {
        /// The input as it is shown.
        path: Box<str>,
        /// What it is.
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// NUL bytes: no text.
    #[error(
        "{path}: line {line}: byte {offset} is NUL: this is no text file: save it as CSV UTF-8"
    )]
    Binary {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the byte.
        line: u64,
        /// Offset of the byte, from 0.
        offset: u64,
    },
    /// UTF-16 that does not say so.
    #[error(
        "{path}: every second byte is NUL: this looks like UTF-16 without a byte order mark: save it as CSV UTF-8, or set `encoding = \"{guess}\"` under [columns] in sfcompat.toml"
    )]
    Utf16WithoutMark {
        /// The input as it is shown.
        path: Box<str>,
        /// `utf-16le` or `utf-16be`.
        guess: &'static str,
    },
    /// Bytes that are no text in the encoding of the file.
    #[error("{path}: {}byte {offset} is not valid {encoding}{}", line.map_or_else(String::new, |line| format!("line {line}: ")), if *encoding == "utf-8" { ": save it as CSV UTF-8; if it came from Excel as plain CSV, set `encoding = \"windows-1252\"` under [columns] in sfcompat.toml" } else { ": the file is damaged or cut, or has another encoding" })]
    NotDecodable {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the byte; `None` where the text was decoded before it was cut into lines.
        line: Option<u64>,
        /// Offset of the first such byte, from 0 (for UTF-16: at or shortly after it).
        offset: u64,
        /// The encoding that the file has, or should have.
        encoding: &'static str,
    },
    /// `[columns] encoding` names none.
    #[error(
        "{path}: `{label}` is no known encoding: use for example utf-8, utf-16le, windows-1252 or shift_jis"
    )]
    UnknownEncoding {
        /// The input as it is shown.
        path: Box<str>,
        /// The name that was configured.
        label: Box<str>,
    },
    /// The file ends inside a quoted cell.
    #[error(
        "{path}: line {line}: the quote that opens here is never closed: close it, or double a quote that belongs to the text"
    )]
    UnclosedQuote {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the quote.
        line: u64,
    },
    /// One record of more than the largest block.
    #[error("{path}: line {line}: a record of more than {} MiB starts here: a line end or a closing quote is missing", LARGEST_BLOCK >> 20)]
    RecordTooLarge {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the record.
        line: u64,
    },
    /// Lines end with a carriage return alone.
    #[error(
        "{path}: line {line}: lines end with a carriage return alone (classic Mac): save it with line feeds (\"CSV UTF-8\" in Excel)"
    )]
    ClassicMac {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the header.
        line: u64,
    },
    /// `#TYPE` of PowerShell.
    #[error(
        "{path}: line {line}: a PowerShell type line ('#TYPE ...') stands where the header belongs: export again with `Export-Csv -NoTypeInformation`, and join lists first: `@{{n='permissionSets';e={{$_.permissionSets -join ';'}}}}`"
    )]
    PowerShellType {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the text.
        line: u64,
    },
    /// `System.Object[]` where a list belongs.
    #[error(
        "{path}: line {line}: column '{header}' holds `System.Object[]`: PowerShell wrote the type of the list instead of its values; join it before the export: `@{{n='{header}';e={{$_.'{header}' -join ';'}}}}`"
    )]
    PowerShellObject {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the record.
        line: u64,
        /// Header of the column.
        header: Box<str>,
    },
    /// More columns than a file of users has.
    #[error(
        "{path}: line {line}: the header has {columns} columns, more than {}: this is no list of users",
        super::header::MOST_COLUMNS
    )]
    TooManyColumns {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the header.
        line: u64,
        /// How many there are.
        columns: usize,
    },
    /// The header names neither a username nor a user id.
    #[error(
        "{path}: line {line}: no column names the user (read: {headers}): name one `username` (or `externalId`), or say which it is under [columns] in sfcompat.toml, for example `username = \"Login name\"`"
    )]
    NoUserColumn {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the header.
        line: u64,
        /// The headers that were read.
        headers: Box<str>,
    },
    /// Two headers for one column.
    #[error("{path}: line {line}: columns {} ('{first}') and {} ('{second}') both mean {column}: remove one of them, or say which counts under [columns] in sfcompat.toml", first_place + 1, second_place + 1)]
    TwoHeaders {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the header.
        line: u64,
        /// Our name of the column, or a field of User.
        column: Box<str>,
        /// Header of the first.
        first: Box<str>,
        /// Its place, from 0.
        first_place: usize,
        /// Header of the second.
        second: Box<str>,
        /// Its place, from 0.
        second_place: usize,
    },
    /// One header for two columns.
    #[error("{path}: line {line}: column {} ('{header}') fits two fields of User, {first} and {second}: name the API name instead, or say which it is under [columns] in sfcompat.toml", place + 1)]
    TwoMeanings {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the header.
        line: u64,
        /// The header.
        header: Box<str>,
        /// Its place, from 0.
        place: usize,
        /// The first field.
        first: Box<str>,
        /// The second field.
        second: Box<str>,
    },
    /// `[columns]` names a header that the file lacks.
    #[error(
        "{path}: line {line}: [columns] says that {column} is '{header}', but the header has no such column (read: {headers})"
    )]
    NoSuchHeader {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the header.
        line: u64,
        /// Our column.
        column: Box<str>,
        /// The header that was configured.
        header: Box<str>,
        /// The headers that were read.
        headers: Box<str>,
    },
    /// `[columns]` names a column that the program does not know.
    #[error(
        "{path}: [columns] names '{column}', which is neither a column of sfcompat nor a field of User: `sfcompat config show` lists them"
    )]
    UnknownColumn {
        /// The input as it is shown.
        path: Box<str>,
        /// The name that was configured.
        column: Box<str>,
    },
    /// A record has cells beyond the last header.
    #[error(
        "{path}: line {line}: this record has {cells} cells, but the header has {headers}: a cell that holds the delimiter must be quoted"
    )]
    RowTooWide {
        /// The input as it is shown.
        path: Box<str>,
        /// Line of the record.
        line: u64,
        /// Cells up to the last one that is not empty.
        cells: usize,
        /// Columns of the header.
        headers: usize,
    },
    /// A kind of file that is recognized, but not judged.
    #[error("{path}: this is {}: nothing in it was checked; check takes assignment files, group and attribute mappings, app users and groups of Okta's API, and Terraform plans", kind.article())]
    Unsupported {
        /// The input as it is shown.
        path: Box<str>,
        /// What it is.
        kind: Kind,
    },
}

/// Bytes that the decoder refuses; travels inside an [`io::Error`] through the block cutter.
#[derive(Debug, thiserror::Error)]
#[error("byte {offset} is not valid {encoding}")]
pub(super) struct BadBytes {
    pub(super) offset: u64,
    pub(super) encoding: &'static str,
}

impl Error {
    /// What a failed read means.
    #[must_use]
    pub fn of_read(path: &str, source: io::Error) -> Self {
        let path = path.into();
        if let Some(bad) = source
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<BadBytes>())
        {
            return Self::NotDecodable {
                path,
                line: None,
                offset: bad.offset,
                encoding: bad.encoding,
            };
        }
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::IsADirectory => Self::Directory { path },
            _ => Self::Unreadable { path, source },
        }
    }

    /// What a failed cut means.
    #[must_use]
    pub fn of_block(path: &str, error: BlockError) -> Self {
        match error {
            BlockError::Read(source) => Self::of_read(path, source),
            BlockError::UnclosedQuote { line } => Self::UnclosedQuote {
                path: path.into(),
                line,
            },
            BlockError::RecordTooLarge { line } => Self::RecordTooLarge {
                path: path.into(),
                line,
            },
        }
    }
}
