//! A table of rows as an assignment file has them, made from something else, with the place that each row came from.

use crate::input::Places;
use serde_json::Value;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

/// A finished table: CSV in a temporary file that nobody else sees.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) csv: File,
    pub(super) places: Places,
    /// Attributes that a mapping in the file fills and pushes.
    pub(super) pushes: Vec<Box<str>>,
    /// Attributes that a mapping in the file fills when a user is created, and never again.
    pub(super) creates: Vec<Box<str>>,
    /// What people should know of the file, beside its rows.
    pub(super) notes: Vec<String>,
    /// Elements of the file that make no row of any table.
    pub(super) left_out: u64,
}

/// A table of those rows of a file of which the same columns cannot be told.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) table: Table,
    /// Columns that the file is to fill, and that cannot be told of these rows.
    pub(super) untold: Vec<Box<str>>,
    /// Its rows are users whom a push makes inactive, and of whom it sends nothing else.
    pub(super) leavers: bool,
}

impl Part {
    /// A table of which these columns cannot be told.
    pub(super) fn of(table: Table, untold: Vec<Box<str>>) -> Self {
        Self {
            table,
            untold,
            leavers: false,
        }
    }
}

/// Parts of a file at most; rows beyond them leave out all that cannot be told of any.
const MOST_PARTS: usize = 32;

/// Writes the parts of a file.
pub(super) struct PartsWriter {
    header: Vec<String>,
    delimiter: u8,
    /// Places in the header that are left out, and what is written without them; in the order in which they came up.
    parts: Vec<(Vec<usize>, TableWriter)>,
    /// The last part: users whom a push makes inactive, and of whom it sends nothing else.
    leavers: Option<TableWriter>,
}

impl PartsWriter {
    /// Parts of a table with these columns, written with this delimiter.
    pub(super) fn new(header: Vec<String>, delimiter: u8) -> Self {
        Self {
            header,
            delimiter,
            parts: Vec::new(),
            leavers: None,
        }
    }

    /// Adds a row without the columns of which `untold` holds the places; `open` are those that no row can do with when
    /// there are too many kinds of rows. Says in which part it stands.
    pub(super) fn row(
        &mut self,
        (untold, open): (&[usize], &[usize]),
        (record, line): (u32, u64),
        cells: &[Cow<'_, str>],
    ) -> io::Result<usize> {
        let known = self.parts.iter().position(|(left, _)| left == untold);
        let left = match known {
            None if self.parts.len() >= MOST_PARTS => open,
            _ => untold,
        };
        let known = known.or_else(|| self.parts.iter().position(|(own, _)| own == left));
        let part = if let Some(part) = known {
            part
        } else {
            let header = self.header.iter().enumerate();
            let header = header.filter(|(n, _)| !left.contains(n));
            let header = header.map(|(_, name)| name.clone()).collect();
            let writer = TableWriter::with_delimiter(header, self.delimiter)?;
            self.parts.push((left.to_vec(), writer));
            self.parts.len() - 1
        };
        if let Some((left, writer)) = self.parts.get_mut(part) {
            let cells = cells.iter().enumerate();
            let cells = cells.filter(|(n, _)| !left.contains(n));
            writer.cells((record, line), cells.map(|(_, cell)| cell.as_ref()))?;
        }
        Ok(part)
    }

    /// Adds the row of a user whom a push makes inactive, and of whom it sends nothing else: the headers with the cells.
    pub(super) fn leaver(
        &mut self,
        (record, line): (u32, u64),
        cells: [(&str, &str); 3],
    ) -> io::Result<()> {
        let writer = match &mut self.leavers {
            Some(writer) => writer,
            none => {
                let header = cells.map(|(header, _)| header.to_owned()).to_vec();
                none.insert(TableWriter::with_delimiter(header, self.delimiter)?)
            }
        };
        writer.cells((record, line), cells.into_iter().map(|(_, cell)| cell))
    }

    pub(super) fn finish(self) -> io::Result<Vec<Part>> {
        let header = &self.header;
        let parts = self.parts.into_iter().map(|(left, writer)| {
            let names = left.iter().filter_map(|&n| header.get(n));
            let untold = names.map(|name| name.as_str().into()).collect();
            Ok(Part::of(writer.finish()?, untold))
        });
        let leavers = self.leavers.into_iter().map(|writer| {
            Ok(Part {
                table: writer.finish()?,
                untold: Vec::new(),
                leavers: true,
            })
        });
        parts.chain(leavers).collect()
    }
}

/// Writes a table.
pub(super) struct TableWriter {
    csv: csv::Writer<BufWriter<File>>,
    header: Vec<String>,
    places: Places,
}

impl TableWriter {
    /// A table with these columns.
    pub(super) fn new(header: Vec<String>) -> io::Result<Self> {
        Self::with_delimiter(header, b',')
    }

    /// The same, written with another delimiter.
    fn with_delimiter(header: Vec<String>, delimiter: u8) -> io::Result<Self> {
        let mut csv = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .from_writer(BufWriter::new(tempfile::tempfile()?));
        csv.write_record(&header)?;
        Ok(Self {
            csv,
            header,
            places: Places::default(),
        })
    }

    /// Adds a row: what the columns hold by their names, the record that it came from (from 1) and its line.
    pub(super) fn row<'v>(
        &mut self,
        record: u32,
        line: u64,
        value: impl Fn(&str) -> Option<Cow<'v, str>>,
    ) -> io::Result<()> {
        for column in &self.header {
            self.csv
                .write_field(value(column).unwrap_or_default().as_bytes())?;
        }
        self.csv.write_record(None::<&[u8]>)?;
        self.places.push(record, line);
        Ok(())
    }

    /// Adds a row, cell by cell.
    fn cells<'v>(
        &mut self,
        (record, line): (u32, u64),
        cells: impl Iterator<Item = &'v str>,
    ) -> io::Result<()> {
        for cell in cells {
            self.csv.write_field(cell.as_bytes())?;
        }
        self.csv.write_record(None::<&[u8]>)?;
        self.places.push(record, line);
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Table> {
        let mut file = self
            .csv
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))?
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.flush()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Table {
            csv: file,
            places: self.places,
            pushes: Vec::new(),
            creates: Vec::new(),
            notes: Vec::new(),
            left_out: 0,
        })
    }
}

/// A JSON value as a cell: null is an empty cell, a list stays a JSON list.
pub(super) fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(all) if all.is_empty() => "".into(),
        other => other.to_string().into(),
    }
}
