//! One record of a sheet, cell by cell, as typed values.

use super::error::{no_id, shown};
use super::sheet::{Column, Frame};
use super::{Error, value};
use crate::model::{Known, SfId};
use crate::tabular::Cells;
use jiff::civil::Date;

/// One record.
pub(super) struct Row<'a> {
    pub(super) frame: &'a Frame,
    pub(super) cells: Cells<'a>,
    pub(super) line: u64,
}

impl<'a> Row<'a> {
    pub(super) fn check_width(&self) -> Result<(), Error> {
        let columns = self.frame.columns.len();
        if self.cells.iter().skip(columns).all(str::is_empty) {
            return Ok(());
        }
        Err(Error::TooManyCells {
            file: self.frame.file.clone(),
            line: self.line,
            cells: self.cells.len(),
            columns,
        })
    }

    /// The cell as it is: empty where the record is short, `None` where the file lacks the column.
    #[inline]
    pub(super) fn text(&self, column: Column) -> Option<&'a str> {
        let place = usize::from(column.0?);
        Some(self.cells.get(place).unwrap_or_default())
    }

    /// The bytes of the cell; empty where the file lacks the column too.
    #[inline]
    pub(super) fn bytes(&self, column: Column) -> &'a [u8] {
        let place = column.0.map(usize::from);
        place.map_or(&[], |place| self.cells.bytes(place))
    }

    /// The cell without outer white space; `None` where it is empty too.
    pub(super) fn filled(&self, column: Column) -> Option<&'a str> {
        self.text(column)
            .map(str::trim_ascii)
            .filter(|cell| !cell.is_empty())
    }

    /// A name or label: empty where the file lacks the column.
    pub(super) fn name(&self, column: Column) -> Box<str> {
        self.text(column).unwrap_or_default().into()
    }

    /// A word of a fixed vocabulary, or a key: unknown where it is empty.
    pub(super) fn word(&self, column: Column) -> Known<Box<str>> {
        self.filled(column).map(Box::from).into()
    }

    /// An id; `None` where the cell is empty, the null id, or the column is missing.
    #[inline]
    pub(super) fn id(&self, column: Column) -> Result<Option<SfId>, Error> {
        // Nearly every cell is empty, or an id without white space.
        let cell = self.text(column).unwrap_or_default();
        if cell.is_empty() {
            return Ok(None);
        }
        if let Ok(id) = SfId::parse(cell) {
            return Ok((!id.is_null()).then_some(id));
        }
        self.padded_id(column)
    }

    #[cold]
    fn padded_id(&self, column: Column) -> Result<Option<SfId>, Error> {
        let Some(text) = self.filled(column) else {
            return Ok(None);
        };
        match SfId::parse(text) {
            Ok(id) => Ok((!id.is_null()).then_some(id)),
            Err(fault) => Err(self.fault(column, text, no_id(fault))),
        }
    }

    /// An id that may be empty; unknown where the file lacks the column.
    pub(super) fn known_id(&self, column: Column) -> Result<Known<Option<SfId>>, Error> {
        let id = self.id(column)?;
        Ok(column.is_there().then_some(id).into())
    }

    /// The record's own id.
    pub(super) fn own_id(&self, column: Column) -> Result<SfId, Error> {
        if let Some(id) = self.id(column)? {
            return Ok(id);
        }
        let text = self.filled(column).unwrap_or_default();
        Err(self.fault(column, text, "no id of a record".to_owned()))
    }

    /// A boolean; unknown where the cell is empty or the column is missing.
    #[inline]
    pub(super) fn flag(&self, column: Column) -> Result<Option<bool>, Error> {
        match self.bytes(column) {
            b"" => Ok(None),
            b"false" => Ok(Some(false)),
            b"true" => Ok(Some(true)),
            _ => self.other_flag(column),
        }
    }

    #[cold]
    fn other_flag(&self, column: Column) -> Result<Option<bool>, Error> {
        let Some(text) = self.filled(column) else {
            return Ok(None);
        };
        match value::flag(text) {
            Some(flag) => Ok(Some(flag)),
            None => Err(self.fault(column, text, "no boolean (true or false)".to_owned())),
        }
    }

    /// A whole number; `None` where the cell is empty or the column is missing.
    pub(super) fn number(&self, column: Column) -> Result<Option<i64>, Error> {
        let Some(text) = self.filled(column) else {
            return Ok(None);
        };
        match value::number(text) {
            Some(number) => Ok(Some(number)),
            None => Err(self.fault(column, text, "no whole number".to_owned())),
        }
    }

    /// A whole number that may be empty; unknown where the file lacks the column.
    pub(super) fn known_number(&self, column: Column) -> Result<Known<Option<i64>>, Error> {
        let number = self.number(column)?;
        Ok(column.is_there().then_some(number).into())
    }

    /// The day of a date or time; `None` where the cell is empty or the column is missing.
    pub(super) fn date(&self, column: Column) -> Result<Option<Date>, Error> {
        let Some(text) = self.filled(column) else {
            return Ok(None);
        };
        match value::date(text) {
            Some(date) => Ok(Some(date)),
            None => Err(self.fault(
                column,
                text,
                "no date (2026-11-20 or 2026-11-20T02:10:00.000+0000)".to_owned(),
            )),
        }
    }

    #[cold]
    fn fault(&self, column: Column, text: &str, expected: String) -> Error {
        let name = column
            .0
            .and_then(|place| self.frame.columns.get(usize::from(place)));
        Error::Value {
            file: self.frame.file.clone(),
            line: self.line,
            column: name.cloned().unwrap_or_default(),
            value: shown(text),
            expected,
        }
    }

    /// The error of an id or key that came before.
    #[cold]
    pub(super) fn duplicate(&self, id: &impl ToString) -> Error {
        Error::Duplicate {
            file: self.frame.file.clone(),
            line: self.line,
            id: id.to_string(),
        }
    }

    /// The error of a record that the program cannot number.
    #[cold]
    pub(super) fn too_many(&self, most: usize) -> Error {
        Error::TooManyRecords {
            file: self.frame.file.clone(),
            most,
        }
    }
}
