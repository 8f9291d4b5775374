//! What the org holds: one table for each object.

mod field;
mod read;
mod table;

pub(super) use field::{Field, Kind, moment, spaced};
pub(super) use table::{RowNo, Table};

use super::Error;
use crate::model::SfId;
use rustc_hash::FxHashMap;

/// All objects of the org.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    tables: Vec<Table>,
    by_name: FxHashMap<String, usize>,
    /// `Settings.csv`: no object, only the Metadata API tells it.
    pub(super) settings: Vec<(String, String)>,
}

impl Store {
    fn add(&mut self, table: Table) {
        self.by_name
            .insert(table.name.to_ascii_lowercase(), self.tables.len());
        self.tables.push(table);
    }

    /// The number of an object, by its name in any case.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_ascii_lowercase()).copied()
    }

    /// An object by its number.
    pub(super) fn at(&self, number: usize) -> Option<&Table> {
        self.tables.get(number)
    }

    /// An object by its name in any case.
    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.at(self.number(name)?)
    }

    /// An object that is to be changed.
    pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        let number = self.number(name)?;
        self.tables.get_mut(number)
    }

    /// Adds a field that the seed lacks, null in every record: `UserRole.ParentRoleId`.
    ///
    /// # Errors
    /// There is no such object.
    pub(super) fn add_null(&mut self, name: &str) -> Result<(), Error> {
        let (object, field) = name.split_once('.').unwrap_or((name, ""));
        let table = self.table_mut(object).filter(|_| !field.is_empty());
        let unknown = || Error::Change(format!("`{name}` names no field of an object of the seed"));
        table.ok_or_else(unknown)?.add_null(field);
        Ok(())
    }

    /// All objects, sorted by name.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }

    /// The one record of Organization.
    pub(super) fn organization(&self) -> Option<SfId> {
        self.table("Organization")?.ids().first().map(|(id, _)| *id)
    }

    /// A value by field name; empty where there is no such field.
    pub(super) fn value(&self, object: &str, id: SfId, field: &str) -> String {
        self.table(object)
            .and_then(|table| {
                let (row, field) = (table.find(id)?, table.field(field)?);
                Some(table.value(row, field).into_owned())
            })
            .unwrap_or_default()
    }
}
