//! One object's CSV file: a header in any order, then typed cells, streamed block by block.

mod parallel;

use super::Error;
use super::folder::Source;
use super::objects::Object;
use super::row::Row;
use crate::model::SfId;
use crate::tabular::{Block, BlockError, Blocks, DEFAULT_BLOCK, Records};
use std::io::{Chain, Cursor, Read};

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where a column stands; nowhere if the file lacks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column(pub(super) Option<u16>);

impl Column {
    /// A column that no file has.
    pub(super) const NOWHERE: Self = Self(None);

    pub(super) fn is_there(self) -> bool {
        self.0.is_some()
    }
}

/// What a row needs to be understood and to be named in an error.
pub(super) struct Frame {
    object: &'static Object,
    pub(super) file: String,
    pub(super) columns: Vec<String>,
}

/// A file whose header is read, and whose records are still to come.
pub(super) struct Sheet {
    frame: Frame,
    blocks: Blocks<Chain<Cursor<Vec<u8>>, Source>>,
    block: Option<Block>,
    /// Bytes of the byte order mark, for offsets in errors.
    skipped: u64,
    size: u64,
    rows: u64,
}

impl Sheet {
    pub(super) fn open(
        object: &'static Object,
        file: String,
        mut source: Source,
        size: u64,
    ) -> Result<Self, Error> {
        let mut start = Vec::new();
        source
            .by_ref()
            .take(MARK.len() as u64)
            .read_to_end(&mut start)
            .map_err(|fault| Error::read(&file, fault))?;
        let mut skipped = 0;
        if start == MARK {
            skipped = MARK.len() as u64;
            start.clear();
        }
        let size_of_block = usize::try_from(size).map_or(DEFAULT_BLOCK, |size| {
            size.saturating_add(1).min(DEFAULT_BLOCK)
        });
        let blocks = Blocks::new(Cursor::new(start).chain(source), b',', size_of_block, 1);
        let mut sheet = Self {
            frame: Frame {
                object,
                file,
                columns: Vec::new(),
            },
            blocks,
            block: None,
            skipped,
            size,
            rows: 0,
        };
        sheet.read_header()?;
        Ok(sheet)
    }

    fn read_header(&mut self) -> Result<(), Error> {
        self.block = self.next_block(Vec::new())?;
        let mut records = Records::default();
        let mut columns: Vec<String> = Vec::new();
        if let Some(block) = &self.block {
            let text = self.frame.text(block, self.skipped)?;
            records.split(text, b',');
            if let Some(header) = records.get(text, 0) {
                columns.extend(header.iter().map(|name| self.frame.spelling(name.trim())));
            }
        }
        if columns.iter().all(String::is_empty) {
            return Err(Error::NoHeader {
                file: self.frame.file.clone(),
            });
        }
        self.frame.columns = columns;
        self.frame.check_header()
    }

    fn next_block(&mut self, buffer: Vec<u8>) -> Result<Option<Block>, Error> {
        self.blocks
            .next(buffer)
            .map_err(|fault| self.frame.no_block(fault))
    }

    pub(super) fn object(&self) -> &'static Object {
        self.frame.object
    }

    /// Records that were read.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// About how many records there are, if the rest of the file is like its first block.
    pub(super) fn expected_rows(&self) -> u64 {
        let Some(block) = &self.block else { return 0 };
        let lines = memchr::memchr_iter(b'\n', &block.bytes).count() as u64;
        self.size / (block.bytes.len() as u64 / lines.max(1)).max(1)
    }

    /// The names of the columns that have one.
    pub(super) fn into_columns(self) -> impl Iterator<Item = String> {
        self.frame
            .columns
            .into_iter()
            .filter(|name| !name.is_empty())
    }

    /// The names of the columns with their places.
    pub(super) fn columns(&self) -> impl Iterator<Item = (Column, &str)> {
        (0..)
            .zip(&self.frame.columns)
            .map(|(place, name)| (Column(Some(place)), name.as_str()))
    }

    /// Where a column stands. Names are compared without case: Data Loader can write capitals.
    pub(super) fn column(&self, name: &str) -> Column {
        self.frame.column(name)
    }

    /// The error of an id that came before the record on `line`.
    pub(super) fn duplicate(&self, line: u64, id: SfId) -> Error {
        Error::Duplicate {
            file: self.frame.file.clone(),
            line,
            id: id.to_string(),
        }
    }

    /// The error of a file with more records than the program can number.
    pub(super) fn too_many(&self, most: usize) -> impl Fn() -> Error + use<> {
        let file = self.frame.file.clone();
        move || Error::TooManyRecords {
            file: file.clone(),
            most,
        }
    }

    /// Gives every record that is left to `take`.
    pub(super) fn each(
        &mut self,
        mut take: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut records = Records::default();
        while let Some(block) = self.block.take() {
            self.rows += self
                .frame
                .each(&block, self.skipped, &mut records, &mut take)?;
            self.block = self.next_block(block.bytes)?;
        }
        Ok(())
    }
}

impl Frame {
    fn column(&self, name: &str) -> Column {
        debug_assert!(
            self.object.knows(name),
            "{} does not declare {name}",
            self.object.name
        );
        let place = self
            .columns
            .iter()
            .position(|column| column.eq_ignore_ascii_case(name));
        Column(place.and_then(|place| u16::try_from(place).ok()))
    }

    /// A header as the table of objects spells it.
    fn spelling(&self, name: &str) -> String {
        self.object
            .names()
            .find(|known| known.eq_ignore_ascii_case(name))
            .unwrap_or(name)
            .to_owned()
    }

    /// Gives every record of a block to `take`, except the header; says how many there are.
    fn each(
        &self,
        block: &Block,
        skipped: u64,
        records: &mut Records,
        mut take: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let text = self.text(block, skipped)?;
        records.split(text, b',');
        let header = usize::from(block.number == 0);
        for n in header..records.len() {
            let Some(cells) = records.get(text, n) else {
                break;
            };
            let row = Row {
                frame: self,
                cells,
                line: block.first_line + u64::from(cells.line()),
            };
            if cells.len() > self.columns.len() {
                row.check_width()?;
            }
            take(&row)?;
        }
        Ok(records.len().saturating_sub(header) as u64)
    }

    /// The error of a file that cannot be cut into records.
    fn no_block(&self, fault: BlockError) -> Error {
        match fault {
            BlockError::Read(source) => Error::read(&self.file, source),
            fault => Error::Records {
                file: self.file.clone(),
                fault,
            },
        }
    }

    fn check_header(&self) -> Result<(), Error> {
        let file = || self.file.clone();
        if let [only] = self.columns.as_slice() {
            let found = [(';', "semicolons"), ('\t', "tabs")]
                .into_iter()
                .find(|(separator, _)| only.contains(*separator));
            if let Some((_, separator)) = found {
                return Err(Error::Separator {
                    file: file(),
                    separator,
                });
            }
        }
        let mut names: Vec<String> = self
            .columns
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect();
        names.sort_unstable();
        let twice = names
            .array_windows()
            .find(|[name, next]| name == next && !name.is_empty());
        if let Some([name, _]) = twice {
            let column = self
                .columns
                .iter()
                .find(|column| column.eq_ignore_ascii_case(name));
            return Err(Error::DuplicateColumn {
                file: file(),
                column: column.unwrap_or(name).clone(),
            });
        }
        for essential in self.object.essential {
            let there = self.column(essential).is_there()
                || self
                    .object
                    .stand_in(essential)
                    .is_some_and(|name| self.column(name).is_there());
            if !there {
                return Err(Error::MissingColumn {
                    file: file(),
                    column: (*essential).to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The text of a block, which must be UTF-8 without NUL.
    fn text<'b>(&self, block: &'b Block, skipped: u64) -> Result<&'b str, Error> {
        let Ok(text) = simdutf8::basic::from_utf8(&block.bytes) else {
            let valid = std::str::from_utf8(&block.bytes)
                .map_or_else(|fault| fault.valid_up_to(), str::len);
            return Err(Error::NotUtf8 {
                file: self.file.clone(),
                offset: block.offset + skipped + valid as u64,
            });
        };
        if let Some(at) = memchr::memchr(0, text.as_bytes()) {
            let before = text.as_bytes().get(..at).unwrap_or_default();
            return Err(Error::Nul {
                file: self.file.clone(),
                line: block.first_line + memchr::memchr_iter(b'\n', before).count() as u64,
            });
        }
        Ok(text)
    }
}
