//! The file of an object as plain text cells, for those who carry records on instead of judging by them.

use super::Error;
use crate::model::SfId;
use crate::tabular::{Block, BlockError, Blocks, Cells, DEFAULT_BLOCK, Records};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

const MARK: &[u8] = "\u{feff}".as_bytes();

/// A file of the folder, read record by record in bounded memory. Nothing in it is looked up.
pub struct RawSheet {
    file: String,
    columns: Vec<String>,
    blocks: Blocks<Box<dyn Read>>,
    block: Option<Block>,
}

impl std::fmt::Debug for RawSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawSheet")
            .field("file", &self.file)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

impl RawSheet {
    /// Opens the file of an object in a snapshot folder; `None` where it was not pulled.
    ///
    /// # Errors
    /// It cannot be read, or is no text.
    pub fn open(dir: &Path, object: &str) -> Result<Option<Self>, Error> {
        let file = format!("{object}.csv");
        let mut source = match File::open(dir.join(&file)) {
            Ok(source) => source,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::read(&file, source)),
        };
        let mut start = Vec::new();
        source
            .by_ref()
            .take(MARK.len() as u64)
            .read_to_end(&mut start)
            .map_err(|fault| Error::read(&file, fault))?;
        if start == MARK {
            start.clear();
        }
        let reader: Box<dyn Read> = Box::new(Cursor::new(start).chain(source));
        let mut sheet = Self {
            file,
            columns: Vec::new(),
            blocks: Blocks::new(reader, b',', DEFAULT_BLOCK, 1),
            block: None,
        };
        sheet.block = sheet.next(Vec::new())?;
        if let Some(block) = &sheet.block {
            let mut records = Records::default();
            let text = text_of(&sheet.file, block)?;
            records.split(text, b',');
            let header = records.get(text, 0);
            sheet.columns = header
                .iter()
                .flat_map(Cells::iter)
                .map(|name| name.trim().to_owned())
                .collect();
        }
        Ok(Some(sheet))
    }

    /// The header.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Where a column stands; names are compared without case.
    #[must_use]
    pub fn column(&self, name: &str) -> Place {
        Place(
            self.columns
                .iter()
                .position(|column| column.eq_ignore_ascii_case(name)),
        )
    }

    /// Hands over every record.
    ///
    /// # Errors
    /// The file cannot be read on, or `take` refuses.
    pub fn each<E: From<Error>>(
        mut self,
        mut take: impl FnMut(RawRecord<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut records = Records::default();
        while let Some(block) = self.block.take() {
            let text = text_of(&self.file, &block)?;
            records.split(text, b',');
            for n in usize::from(block.number == 0)..records.len() {
                if let Some(cells) = records.get(text, n) {
                    take(RawRecord(cells))?;
                }
            }
            self.block = self.next(block.bytes)?;
        }
        Ok(())
    }

    fn next(&mut self, buffer: Vec<u8>) -> Result<Option<Block>, Error> {
        self.blocks.next(buffer).map_err(|fault| match fault {
            BlockError::Read(source) => Error::read(&self.file, source),
            fault => Error::Records {
                file: self.file.clone(),
                fault,
            },
        })
    }
}

fn text_of<'b>(file: &str, block: &'b Block) -> Result<&'b str, Error> {
    std::str::from_utf8(&block.bytes).map_err(|fault| Error::NotUtf8 {
        file: file.to_owned(),
        offset: block.offset + fault.valid_up_to() as u64,
    })
}

/// Where a column stands; nowhere if the file lacks it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(Option<usize>);

impl Place {
    /// Whether the file has the column.
    #[must_use]
    pub fn is_there(self) -> bool {
        self.0.is_some()
    }
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct RawRecord<'a>(Cells<'a>);

impl<'a> RawRecord<'a> {
    /// A cell without outer white space; empty where it is empty, the record is short, or the file lacks the column.
    #[must_use]
    pub fn text(self, column: Place) -> &'a str {
        column
            .0
            .and_then(|place| self.0.get(place))
            .unwrap_or_default()
            .trim_ascii()
    }

    /// A cell that holds an id; `None` where it holds none.
    #[must_use]
    pub fn id(self, column: Place) -> Option<SfId> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        SfId::parse(text).ok().filter(|id| !id.is_null())
    }

    /// Whether a cell says `true`; `None` where it says neither `true` nor `false`.
    #[must_use]
    pub fn flag(self, column: Place) -> Option<bool> {
        super::value::flag(self.text(column))
    }
}
