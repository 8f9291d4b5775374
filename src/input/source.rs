//! An input: opened, its kind, encoding, delimiter and columns known, its data ready to be cut into blocks.

use super::aliases::{WEAK_USERNAMES, attribute_named, attribute_of, normalize};
use super::beginning::{Beginning, count_newlines, valid_up_to};
use super::dialect;
use super::encoding::{self, Encoding, Fingerprint};
use super::fields::Fields;
use super::header::{Header, Overrides, is_known};
use super::header_of::{EXPRESSION_HEADERS, GROUP_HEADERS, is_table_of_expressions};
use super::{Attribute, Columns, Error, Kind, Places, ReadOptions, Refusal, RowKind};
use crate::knowledge::shipped;
use crate::model::Org;
use crate::tabular::{Block, Blocks, Cells, Records};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// Records that are looked at to see whether an `id` column holds user ids.
const LOOKED_AT: usize = 100;

/// The data records of an input as blocks of bytes.
pub type InputBlocks = Blocks<Box<dyn Read + Send>>;

/// What is known of an input once its header has been read.
#[derive(Debug)]
pub struct Input {
    /// The path as it is shown; `-` is stdin.
    pub path: Box<str>,
    /// What kind of file it is.
    pub kind: Kind,
    /// Its encoding.
    pub encoding: Encoding,
    /// The byte between cells.
    pub delimiter: u8,
    /// What its columns mean.
    pub columns: Columns,
    /// Line of the header, from 1.
    pub header_line: u64,
    /// First line of the data, from 1.
    pub first_line: u64,
    /// Hash of the raw bytes, once all blocks have been read.
    pub sha256: Fingerprint,
    /// Where rows came from, in a table that was made of something else.
    pub places: Option<Arc<Places>>,
    /// What people should know of the file, beside its rows.
    pub notes: Vec<String>,
    /// Attributes of the app's users that a mapping in the file fills and pushes.
    pub pushes: Vec<Box<str>>,
    /// Attributes that a mapping in the file fills when a user is created, and never again.
    pub creates: Vec<Box<str>>,
    /// Which part of its file it is, from 0: the rows of a file are parted where different columns cannot be told of them.
    pub part: usize,
    /// Elements of the file that make no row of any part; with the first part.
    pub left_out: u64,
    /// Bytes of the file before the first block; for an encoding other than UTF-8, bytes of the decoded text.
    offset: u64,
}

impl Input {
    /// Opens a file, or stdin where `path` is `-`.
    ///
    /// # Errors
    /// Whatever makes the input unusable as a whole.
    pub fn open(
        path: &str,
        org: &Org,
        options: &ReadOptions<'_>,
    ) -> Result<(Self, InputBlocks), Error> {
        if path == "-" && options.at.is_none() {
            return Self::read(path, Box::new(io::stdin()), org, options);
        }
        let failed = |source| Error::of_read(path, source);
        let file = File::open(options.at.unwrap_or(Path::new(path))).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            return Err(Error::Directory { path: path.into() });
        }
        let size = about.is_file().then_some(about.len());
        Self::of_stream(path, (Box::new(file), size), org, options)
    }

    /// Reads a table that was made of a file of another kind, shown as `path`.
    ///
    /// # Errors
    /// Whatever makes the table unusable, such as two attributes for one column.
    pub(crate) fn of_table(
        path: &str,
        kind: Kind,
        rows: RowKind,
        (csv, places): (File, Places),
        org: &Org,
        options: &ReadOptions<'_>,
    ) -> Result<(Self, InputBlocks), Error> {
        let read = ReadOptions {
            kind: Some(match rows {
                RowKind::Group => Kind::GroupMapping,
                RowKind::Expression => Kind::AttributeMapping,
                RowKind::User | RowKind::ProfileSource => Kind::Assignments,
            }),
            // A sheet that was completed keeps its own.
            delimiter: options
                .delimiter
                .filter(|_| kind == Kind::Assignments)
                .or(Some(b',')),
            encoding: None,
            ..*options
        };
        let (mut input, blocks) = Self::read(path, Box::new(csv), org, &read)?;
        input.kind = kind;
        input.columns.planned = kind == Kind::TerraformPlan && rows == RowKind::User;
        input.places = Some(Arc::new(places));
        Ok((input, blocks))
    }

    /// Reads an input from a stream that is shown as `path`.
    ///
    /// # Errors
    /// Whatever makes the input unusable as a whole.
    pub fn read(
        path: &str,
        raw: Box<dyn Read + Send>,
        org: &Org,
        options: &ReadOptions<'_>,
    ) -> Result<(Self, InputBlocks), Error> {
        Self::of_stream(path, (raw, None), org, options)
    }

    /// Reads a stream of this many bytes, where that is known.
    fn of_stream(
        path: &str,
        raw: (Box<dyn Read + Send>, Option<u64>),
        org: &Org,
        options: &ReadOptions<'_>,
    ) -> Result<(Self, InputBlocks), Error> {
        let (text, encoding, sha256) = encoding::decode(path, raw, options.encoding, options.hash)?;
        let mut beginning = Beginning::of(path, text)?;
        // A JSON text may be one line: it has no rows below a header, whatever kind it is said to be.
        let json = Kind::of_json(&String::from_utf8_lossy(&beginning.held));
        let kind = options.kind.filter(|kind| kind.may_be_json());
        if let Some(found) = json.filter(|_| options.kind.is_none() || kind.is_some()) {
            return Err(Error::Unsupported {
                path: path.into(),
                kind: kind.unwrap_or(found),
            });
        }
        let place = beginning.header(options.delimiter)?;
        let header_text = beginning.header_text(&place, encoding)?.to_owned();
        beginning.needs_data(&place)?;

        let fields = Fields::new(org, *shipped());
        let of_snapshot = options.kind == Some(Kind::ProfileSource);
        let delimiter = options
            .delimiter
            .or(place.declared)
            .or(of_snapshot.then_some(b','))
            .unwrap_or_else(|| dialect::delimiter(&header_text, |name| is_known(name, &fields)));
        let header = Header {
            path,
            line: place.line,
            cells: dialect::cells(&header_text, delimiter),
            fields: &fields,
        };
        let sample = beginning.sample(&place);
        let columns = if of_snapshot {
            header.columns_of_fields(options.overrides)?
        } else {
            columns_of(&header, options, |column| {
                holds_user_ids(sample, delimiter, column)
            })?
        };
        let input = Self {
            path: path.into(),
            kind: match columns.rows {
                RowKind::User => Kind::Assignments,
                RowKind::Group => Kind::GroupMapping,
                RowKind::Expression => Kind::AttributeMapping,
                RowKind::ProfileSource => Kind::ProfileSource,
            },
            encoding,
            delimiter,
            columns,
            header_line: place.line,
            first_line: place.line + lines_of(header_text.as_bytes()),
            sha256,
            places: None,
            pushes: Vec::new(),
            creates: Vec::new(),
            part: 0,
            left_out: 0,
            notes: Vec::new(),
            offset: (encoding.mark + place.end) as u64,
        };
        let mut rest = beginning.held;
        rest.drain(..place.end);
        let stream: Box<dyn Read + Send> = Box::new(Cursor::new(rest).chain(beginning.text));
        let blocks = Blocks::new(stream, delimiter, options.block, input.first_line);
        Ok((input, blocks))
    }

    /// The text of a block; called on the thread that judges it.
    ///
    /// # Errors
    /// The block is not UTF-8, or holds NUL bytes.
    pub fn text<'b>(&self, block: &'b Block) -> Result<&'b str, Error> {
        let offset = self.offset + block.offset;
        valid_text(&self.path, &block.bytes, block.first_line, offset)
    }

    /// Refuses a record with more cells than the header, unless those are empty. `line` is where it starts.
    ///
    /// # Errors
    /// [`Error::RowTooWide`].
    pub fn check_width(&self, cells: Cells<'_>, line: u64) -> Result<(), Error> {
        let headers = self.columns.headers.len();
        if cells.len() <= headers {
            return Ok(());
        }
        let used = (headers..cells.len())
            .rev()
            .find(|&n| cells.get(n).is_some_and(|cell| !cell.trim().is_empty()));
        match used {
            None => Ok(()),
            Some(last) => Err(Error::RowTooWide {
                path: self.path.clone(),
                line,
                cells: last + 1,
                headers,
            }),
        }
    }

    /// The error of a record that cannot be resolved. `line` is where it starts.
    #[must_use]
    pub fn refused(&self, refusal: Refusal, line: u64) -> Error {
        Error::PowerShellObject {
            path: self.path.clone(),
            line,
            header: self
                .columns
                .header(refusal.column)
                .unwrap_or(refusal.column.name())
                .into(),
        }
    }
}

/// A stream of another kind of file as UTF-8, with what cannot be text refused.
///
/// # Errors
/// The stream cannot be read, is empty, or is no text.
pub(crate) fn decoded(
    path: &str,
    raw: Box<dyn Read + Send>,
) -> Result<Box<dyn Read + Send>, Error> {
    encoding::decode(path, (raw, None), None, false).map(|(text, ..)| text)
}

/// Bytes of such a stream as text; they begin at this line (from 1) and offset (from 0).
///
/// # Errors
/// They are not UTF-8, or hold NUL bytes.
pub(crate) fn valid_text<'b>(
    path: &str,
    bytes: &'b [u8],
    line: u64,
    offset: u64,
) -> Result<&'b str, Error> {
    let line_of = |at: usize| line + count_newlines(bytes.get(..at).unwrap_or_default());
    if let Some(at) = memchr::memchr(0, bytes) {
        return Err(Error::Binary {
            path: path.into(),
            line: line_of(at),
            offset: offset + at as u64,
        });
    }
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let at = valid_up_to(bytes);
        Error::NotDecodable {
            path: path.into(),
            line: Some(line_of(at)),
            offset: offset + at as u64,
            encoding: "utf-8",
        }
    })
}

/// The columns of a file of users or groups, or of a table of expressions; any other kind of file is refused.
fn columns_of(
    header: &Header<'_>,
    options: &ReadOptions<'_>,
    holds_user_ids: impl Fn(usize) -> bool,
) -> Result<Columns, Error> {
    let names: Vec<String> = header.cells.iter().map(|name| normalize(name)).collect();
    let has_user = names_a_user(&names, options.overrides, &holds_user_ids);
    let no_user = || Error::NoUserColumn {
        path: header.path.into(),
        line: header.line,
        headers: header.shown(),
    };
    let kind = options
        .kind
        .or_else(|| Kind::of_header(&names, has_user))
        .ok_or_else(no_user)?;
    let of_table = options.kind == Some(Kind::AttributeMapping) && is_table_of_expressions(&names);
    let mapping = match kind {
        Kind::Assignments => None,
        Kind::GroupMapping => Some((RowKind::Group, GROUP_HEADERS)),
        Kind::AttributeMapping if of_table => Some((RowKind::Expression, EXPRESSION_HEADERS)),
        _ => {
            return Err(Error::Unsupported {
                path: header.path.into(),
                kind,
            });
        }
    };
    if let Some((rows, wanted)) = mapping {
        return header.columns_of_mapping(rows, wanted, options.overrides);
    }
    let mut columns = header.columns(options.overrides, &holds_user_ids)?;
    columns.linked = columns
        .header(Attribute::UserId)
        .is_some_and(|header| normalize(header) == "externalid");
    if columns.has(Attribute::Username) || columns.has(Attribute::UserId) {
        Ok(columns)
    } else {
        Err(no_user())
    }
}

/// Whether all cells of a column that are filled, among the first records, look like ids of users.
fn holds_user_ids(sample: &str, delimiter: u8, column: usize) -> bool {
    let mut records = Records::default();
    records.split(sample, delimiter);
    let mut filled = (0..records.len().min(LOOKED_AT))
        .filter_map(|n| records.get(sample, n)?.get(column))
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .peekable();
    filled.peek().is_some() && filled.all(|cell| cell.starts_with("005"))
}

/// Whether any header names the user, by its normalized name, the configuration or its cells.
fn names_a_user(
    names: &[String],
    overrides: &Overrides<'_>,
    holds_user_ids: impl Fn(usize) -> bool,
) -> bool {
    let is_user = |attribute| matches!(attribute, Some(Attribute::Username | Attribute::UserId));
    overrides
        .iter()
        .any(|(column, _)| is_user(attribute_named(column)))
        || names.iter().enumerate().any(|(place, name)| {
            is_user(attribute_of(name))
                || WEAK_USERNAMES.contains(&name.as_str())
                || (name == "id" && holds_user_ids(place))
        })
}

/// Lines that a header takes: its newlines, or one where the text ends without.
fn lines_of(header: &[u8]) -> u64 {
    count_newlines(header).max(1)
}
