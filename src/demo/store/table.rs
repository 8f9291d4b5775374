//! The records of one object, as cells in one block of memory.

use super::field::{Field, Kind, Source, type_of};
use crate::model::SfId;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The number of a record within its table.
pub(in crate::demo) type RowNo = u32;

/// Cells are ended by this byte; a seed that holds it is refused.
pub(super) const END: u8 = 0;

/// Where a record lies in the block.
#[derive(Clone, Copy, Debug)]
struct Slot {
    start: usize,
    length: u32,
    deleted: bool,
}

/// One object.
#[derive(Clone, Debug)]
pub(in crate::demo) struct Table {
    pub(in crate::demo) name: String,
    pub(in crate::demo) fields: Vec<Field>,
    /// Only the Tooling API knows it.
    pub(in crate::demo) tooling: bool,
    /// What the recorded describe says beside its fields.
    pub(in crate::demo) recorded: serde_json::Map<String, serde_json::Value>,
    by_name: FxHashMap<String, usize>,
    block: Vec<u8>,
    slots: Vec<Slot>,
    /// Cells of a record.
    width: usize,
    /// The cell that holds the record id.
    id_cell: Option<usize>,
    /// All records that are not deleted, sorted by id.
    by_id: Vec<(SfId, RowNo)>,
    /// Records that were changed after the start, with the moment.
    stamps: FxHashMap<RowNo, String>,
    /// The moment of all others.
    stamp: String,
}

impl Table {
    pub(super) fn new(name: &str, width: usize, stamp: &str) -> Self {
        Self {
            name: name.to_owned(),
            fields: Vec::new(),
            tooling: false,
            recorded: serde_json::Map::new(),
            by_name: FxHashMap::default(),
            block: Vec::new(),
            slots: Vec::new(),
            width,
            id_cell: None,
            by_id: Vec::new(),
            stamps: FxHashMap::default(),
            stamp: stamp.to_owned(),
        }
    }

    /// Adds a record of as many cells as the table is wide.
    pub(super) fn push<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>) -> RowNo {
        let start = self.block.len();
        for cell in cells {
            self.block.extend_from_slice(cell);
            self.block.push(END);
        }
        let length = u32::try_from(self.block.len() - start).unwrap_or(u32::MAX);
        self.slots.push(Slot {
            start,
            length,
            deleted: false,
        });
        u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
    }

    /// Sets the fields, and with them which cell is the id.
    pub(super) fn set_fields(&mut self, fields: Vec<Field>) {
        self.by_name = fields
            .iter()
            .enumerate()
            .map(|(place, field)| (field.name.to_ascii_lowercase(), place))
            .collect();
        self.id_cell = fields.iter().find_map(|field| match field.source {
            Source::Cell(cell) if field.kind == Kind::Id => Some(cell),
            _ => None,
        });
        self.fields = fields;
    }

    /// Adds a field of which the seed knows nothing: null in every record.
    pub(super) fn add_null(&mut self, name: &str) {
        if self.field(name).is_none() {
            let kind = type_of(&self.name, name, std::iter::empty());
            let mut fields = std::mem::take(&mut self.fields);
            fields.push(Field::inferred(&self.name, name, kind, Source::Null));
            self.set_fields(fields);
        }
    }

    /// Gives back the memory that was taken in advance.
    pub(super) fn shrink(&mut self) {
        self.block.shrink_to_fit();
        self.slots.shrink_to_fit();
    }

    /// Sorts the records by id.
    ///
    /// # Errors
    /// The row, from 1, and the text that is no id or that repeats.
    pub(super) fn index(&mut self) -> Result<(), (RowNo, String)> {
        let Some(cell) = self.id_cell else {
            return Ok(());
        };
        let mut sorted = Vec::with_capacity(self.slots.len());
        for row in 0..self.rows() {
            let text = self.cell(row, cell);
            let id = SfId::parse(text).map_err(|_| (row + 1, text.to_owned()))?;
            sorted.push((id, row));
        }
        sorted.sort_unstable();
        let twice = sorted
            .array_windows::<2>()
            .find(|[one, two]| one.0 == two.0);
        if let Some([(id, _), (_, row)]) = twice {
            return Err((row + 1, id.text()));
        }
        self.by_id = sorted;
        Ok(())
    }

    /// Records, deleted ones included.
    pub(in crate::demo) fn rows(&self) -> RowNo {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    /// Whether the record is in the recycle bin.
    pub(in crate::demo) fn is_deleted(&self, row: RowNo) -> bool {
        self.slot(row).is_none_or(|slot| slot.deleted)
    }

    /// The place of a field, by its name in any case.
    pub(in crate::demo) fn field(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_ascii_lowercase()).copied()
    }

    /// The place of the field that a relationship name follows, in any case.
    pub(in crate::demo) fn relation(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| {
            field
                .relation
                .as_deref()
                .is_some_and(|relation| relation.eq_ignore_ascii_case(name))
        })
    }

    /// Live records by id, ascending.
    pub(in crate::demo) fn ids(&self) -> &[(SfId, RowNo)] {
        &self.by_id
    }

    /// The live record with an id.
    pub(in crate::demo) fn find(&self, id: SfId) -> Option<RowNo> {
        let place = self.by_id.binary_search_by_key(&id, |(own, _)| *own).ok()?;
        self.by_id.get(place).map(|(_, row)| *row)
    }

    /// The record id; `None` where the object has none.
    pub(in crate::demo) fn id(&self, row: RowNo) -> Option<SfId> {
        SfId::parse(self.cell(row, self.id_cell?)).ok()
    }

    /// The first three characters of the ids of this object.
    pub(in crate::demo) fn prefix(&self) -> Option<String> {
        self.by_id.first().map(|(id, _)| id.prefix())
    }

    fn slot(&self, row: RowNo) -> Option<Slot> {
        self.slots.get(usize::try_from(row).ok()?).copied()
    }

    fn record(&self, row: RowNo) -> &[u8] {
        self.slot(row)
            .and_then(|slot| {
                let length = usize::try_from(slot.length).ok()?;
                self.block.get(slot.start..slot.start + length)
            })
            .unwrap_or_default()
    }

    /// The text of one cell.
    pub(in crate::demo) fn cell(&self, row: RowNo, cell: usize) -> &str {
        let bytes = self.record(row).split(|&byte| byte == END).nth(cell);
        // Seeds are UTF-8, as was tested when they were read.
        std::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }

    /// All cells of a record.
    pub(in crate::demo) fn cells<'t>(&'t self, row: RowNo, cells: &mut Vec<&'t str>) {
        cells.clear();
        let record = self.record(row);
        let record = std::str::from_utf8(record).unwrap_or_default();
        let mut rest = 0;
        for end in memchr::memchr_iter(END, record.as_bytes()) {
            cells.push(record.get(rest..end).unwrap_or_default());
            rest = end + 1;
        }
    }

    /// The value of a field; empty = null. `cells` are those of the record.
    pub(in crate::demo) fn value_in<'t>(
        &'t self,
        row: RowNo,
        field: usize,
        cells: &[&'t str],
    ) -> Cow<'t, str> {
        let cell = |cell: usize| cells.get(cell).copied().unwrap_or_default();
        self.value_of(row, field, cell)
    }

    /// The value of a field; empty = null.
    pub(in crate::demo) fn value(&self, row: RowNo, field: usize) -> Cow<'_, str> {
        self.value_of(row, field, |cell| self.cell(row, cell))
    }

    fn value_of<'t>(
        &'t self,
        row: RowNo,
        field: usize,
        cell: impl Fn(usize) -> &'t str,
    ) -> Cow<'t, str> {
        let Some(field) = self.fields.get(field) else {
            return Cow::Borrowed("");
        };
        match field.source {
            // Salesforce knows no null in a checkbox.
            Source::Cell(place) => match cell(place) {
                "" if field.kind == Kind::Boolean => Cow::Borrowed("false"),
                text => Cow::Borrowed(text),
            },
            Source::FullName(first, last) => {
                let (first, last) = (cell(first), cell(last));
                Cow::Owned(format!("{first} {last}").trim().to_owned())
            }
            Source::Stamp => Cow::Borrowed(self.stamps.get(&row).unwrap_or(&self.stamp)),
            Source::Deleted => Cow::Borrowed(if self.is_deleted(row) {
                "true"
            } else {
                "false"
            }),
            Source::Null if field.kind == Kind::Boolean => Cow::Borrowed("false"),
            Source::Null => Cow::Borrowed(""),
        }
    }

    /// Puts a record with new cells, all empty but those named, into the table.
    ///
    /// # Errors
    /// The name of a field that has no cell, or an id that is none or is there already.
    pub(in crate::demo) fn insert(
        &mut self,
        values: &[(String, String)],
        stamp: &str,
    ) -> Result<SfId, String> {
        let cells = self.with(&vec![""; self.width], values)?;
        let id = self
            .id_cell
            .and_then(|cell| cells.get(cell))
            .ok_or_else(|| format!("{} has no Id", self.name))?;
        let id = SfId::parse(id).map_err(|_| format!("`{id}` is no record id"))?;
        let Err(place) = self.by_id.binary_search_by_key(&id, |(own, _)| *own) else {
            return Err(format!("{} has a record {} already", self.name, id.text()));
        };
        let row = self.push(cells.iter().map(String::as_bytes));
        self.by_id.insert(place, (id, row));
        self.stamps.insert(row, stamp.to_owned());
        Ok(id)
    }

    /// Changes cells of a record.
    ///
    /// # Errors
    /// There is no such record or field.
    pub(in crate::demo) fn update(
        &mut self,
        id: SfId,
        values: &[(String, String)],
        stamp: &str,
    ) -> Result<(), String> {
        let row = self
            .find(id)
            .ok_or_else(|| format!("{} has no record {}", self.name, id.text()))?;
        let mut old = Vec::new();
        self.cells(row, &mut old);
        let mut values = values.to_vec();
        // Where the seed holds the moment of the last change, it is kept there.
        if let Some(Source::Cell(_)) = self
            .field("SystemModstamp")
            .and_then(|at| self.fields.get(at))
            .map(|field| field.source)
        {
            values.push(("SystemModstamp".to_owned(), stamp.to_owned()));
        }
        let cells = self.with(&old, &values)?;
        let moved = self.push(cells.iter().map(String::as_bytes));
        // The record keeps its number, and with it its place in the answers.
        let Some(slot) = self.slots.pop() else {
            return Err(format!("{moved} is not there"));
        };
        if let Some(own) = usize::try_from(row)
            .ok()
            .and_then(|row| self.slots.get_mut(row))
        {
            *own = slot;
        }
        self.stamps.insert(row, stamp.to_owned());
        Ok(())
    }

    /// Moves a record to the recycle bin.
    ///
    /// # Errors
    /// There is no such record.
    pub(in crate::demo) fn delete(&mut self, id: SfId, stamp: &str) -> Result<(), String> {
        let place = self
            .by_id
            .binary_search_by_key(&id, |(own, _)| *own)
            .map_err(|_| format!("{} has no record {}", self.name, id.text()))?;
        let (_, row) = self.by_id.remove(place);
        if let Some(slot) = usize::try_from(row)
            .ok()
            .and_then(|row| self.slots.get_mut(row))
        {
            slot.deleted = true;
        }
        self.stamps.insert(row, stamp.to_owned());
        Ok(())
    }

    fn with(&self, old: &[&str], values: &[(String, String)]) -> Result<Vec<String>, String> {
        let mut cells: Vec<String> = old.iter().map(|&cell| cell.to_owned()).collect();
        for (name, value) in values {
            let source = self
                .field(name)
                .and_then(|at| self.fields.get(at))
                .map(|field| field.source);
            let Some(Source::Cell(place)) = source else {
                return Err(format!("{} has no field {name} that can be set", self.name));
            };
            if value.as_bytes().contains(&END) {
                return Err(format!("{}.{name}: a value holds a zero byte", self.name));
            }
            if let Some(cell) = cells.get_mut(place) {
                value.clone_into(cell);
            }
        }
        Ok(cells)
    }
}
