//! The groups of all mappings of a run: what the members of each get, and which of two counts.

use super::Error;
use crate::input::{Attribute, Columns, Input, InputBlocks, RowKind, split};
use crate::tabular::{Blocks, Cells, Records};
use std::cmp::Ordering;
use std::io::{Cursor, Read};

/// What a user has one of.
pub const SCALARS: [Attribute; 2] = [Attribute::Profile, Attribute::Role];
/// What a user has several of. Okta combines them over groups only where the schema of the app says so.
pub const LISTS: [Attribute; 5] = [
    Attribute::PermissionSets,
    Attribute::PermissionSetGroups,
    Attribute::PermissionSetLicenses,
    Attribute::FeatureLicenses,
    Attribute::PublicGroups,
];

/// The assignment of the app to one group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Name as the mapping has it, without outer white space.
    pub name: Box<str>,
    /// Okta's priority: the lowest number counts first. `None`: there is none, or none that is a number.
    pub priority: Option<i64>,
    /// The mapping has a column of priorities.
    pub ranked: bool,
    /// Texts of [`SCALARS`], in that order; `None`: the mapping has no such column; empty: blank.
    scalars: [Option<Box<str>>; 2],
    /// Elements of [`LISTS`], in that order, each sorted.
    lists: [Vec<Box<str>>; 5],
}

impl Group {
    fn of(columns: &Columns, cells: Cells<'_>, separator: Option<&str>) -> Self {
        let text = |column| columns.cell(column, cells).sent().unwrap_or_default();
        Self {
            name: text(Attribute::Group).into(),
            priority: text(Attribute::Priority).parse().ok(),
            ranked: columns.has(Attribute::Priority),
            scalars: SCALARS.map(|column| columns.has(column).then(|| text(column).into())),
            lists: LISTS.map(|column| elements(text(column), separator)),
        }
    }

    /// The text of a scalar; empty: the group leaves it blank. `None`: the mapping has no such column.
    #[must_use]
    pub fn scalar(&self, column: Attribute) -> Option<&str> {
        let place = SCALARS.iter().position(|known| *known == column)?;
        self.scalars.get(place)?.as_deref()
    }

    /// The scalars that the two give differently.
    pub fn differing_scalars<'g>(
        &'g self,
        other: &'g Self,
    ) -> impl Iterator<Item = Attribute> + 'g {
        SCALARS
            .into_iter()
            .filter(|&column| self.scalar(column) != other.scalar(column))
    }

    /// Everything that the two give differently.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<Attribute> {
        let lists = LISTS
            .into_iter()
            .zip(self.lists.iter().zip(&other.lists))
            .filter(|(_, (own, others))| own != others)
            .map(|(column, _)| column);
        self.differing_scalars(other).chain(lists).collect()
    }

    /// Whether it certainly counts before another: `Less` is before, `Equal` cannot be told.
    #[must_use]
    pub fn rank(&self, other: &Self) -> Ordering {
        match (self.priority, other.priority) {
            (Some(own), Some(others)) => own.cmp(&others),
            _ => Ordering::Equal,
        }
    }
}

/// The elements of a cell, sorted, so that two lists of the same elements are equal.
fn elements(cell: &str, separator: Option<&str>) -> Vec<Box<str>> {
    let mut found = Vec::new();
    // What PowerShell spoiled is refused where rows are resolved.
    if split(cell, separator, |_| false, &mut found).is_err() {
        return Vec::new();
    }
    let mut sorted: Vec<Box<str>> = found.iter().map(|text| text.as_ref().into()).collect();
    sorted.sort_unstable();
    sorted
}

/// All groups of a run.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// In the order of the rows of the run.
    pub all: Vec<Group>,
}

impl Groups {
    /// Takes the groups of an input, which is read a second time by whoever judges it; an input of other rows is left
    /// alone.
    ///
    /// # Errors
    /// The input cannot be read, or is no text.
    pub fn add(
        &mut self,
        input: &Input,
        mut blocks: InputBlocks,
        (separator, size): (Option<&str>, usize),
    ) -> Result<InputBlocks, Error> {
        if input.columns.rows != RowKind::Group {
            return Ok(blocks);
        }
        let mut records = Records::default();
        let mut held = Vec::new();
        let failed = |error| crate::input::Error::of_block(&input.path, error);
        while let Some(block) = blocks.next(Vec::new()).map_err(failed)? {
            let text = input.text(&block)?;
            records.split(text, input.delimiter);
            let rows = (0..records.len()).filter_map(|n| records.get(text, n));
            self.all
                .extend(rows.map(|cells| Group::of(&input.columns, cells, separator)));
            held.extend_from_slice(&block.bytes);
        }
        let again: Box<dyn Read + Send> = Box::new(Cursor::new(held));
        Ok(Blocks::new(again, input.delimiter, size, input.first_line))
    }
}
