//! A table of rows as an assignment file has them, made from something else, with the place that each row came from.

use crate::input::Places;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

/// A finished table: CSV in a temporary file that nobody else sees.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) csv: File,
    pub(super) places: Places,
    /// Attributes that a mapping in the file fills and pushes.
    pub(super) pushes: Vec<Box<str>>,
    /// What people should know of the file, beside its rows.
    pub(super) notes: Vec<String>,
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
        let mut csv = csv::Writer::from_writer(BufWriter::new(tempfile::tempfile()?));
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
        value: impl Fn(&str) -> Option<std::borrow::Cow<'v, str>>,
    ) -> io::Result<()> {
        for column in &self.header {
            self.csv
                .write_field(value(column).unwrap_or_default().as_bytes())?;
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
            notes: Vec::new(),
        })
    }
}

/// A JSON value as a cell: null is an empty cell, a list stays a JSON list.
pub(super) fn cell(value: &Value) -> std::borrow::Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(all) if all.is_empty() => "".into(),
        other => other.to_string().into(),
    }
}
