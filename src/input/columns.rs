//! The columns of one file: which header means what.

use super::look::Looks;
use super::{Attribute, Cell, FieldChecks, Look, RowKind};
use crate::model::{Field, trimmed};
use crate::tabular::Cells;
use std::sync::OnceLock;

/// A column that fills a field of User.
#[derive(Clone, Debug)]
pub struct FieldColumn {
    /// How rules name the column.
    pub attribute: Attribute,
    /// API name of the field.
    pub field: Box<str>,
    /// The field in describe; `None` where the snapshot has no describe or describe lacks the field.
    pub described: Option<Box<Field>>,
}

/// The columns of one file.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// What a record of the file stands for.
    pub rows: RowKind,
    /// Whether the user id comes from Okta's link to the Salesforce user (`externalId`).
    pub linked: bool,
    /// Whether the rows are app users that a Terraform plan sets.
    pub planned: bool,
    /// Whether the rows are users from whom Okta took the app away: a push makes them inactive and sends nothing else.
    pub leavers: bool,
    /// Columns that a mapping fills with what cannot be told of these rows.
    pub untold: Vec<Box<str>>,
    /// Headers as they were read.
    pub headers: Vec<Box<str>>,
    /// Places of the fixed attributes, by their slot.
    fixed: [Option<u16>; Attribute::FIXED.len()],
    /// Places of `FeatureFlag(n)` and `Field(n)`, by n.
    flag_places: Vec<Option<u16>>,
    field_places: Vec<Option<u16>>,
    fields: Vec<FieldColumn>,
    flags: Vec<(Attribute, Box<str>)>,
    checks: FieldChecks,
    /// Made when the first record is looked at: a file may have thousands of columns, assigned one by one.
    looks: OnceLock<Looks>,
    /// Headers that mean nothing to the program.
    pub ignored: Vec<Box<str>>,
}

impl Columns {
    /// Says what the n-th header means. `field` is the User field that it fills, if any.
    pub fn assign(&mut self, place: u16, attribute: Attribute, field: Option<FieldColumn>) {
        let slot = match attribute {
            Attribute::FeatureFlag(n) => nth(&mut self.flag_places, n),
            Attribute::Field(n) => nth(&mut self.field_places, n),
            fixed => fixed.slot().and_then(|n| self.fixed.get_mut(n)),
        };
        if let Some(slot) = slot {
            *slot = Some(place);
        }
        if let Some(field) = field {
            if matches!(attribute, Attribute::FeatureFlag(_)) {
                self.flags.push((attribute, field.field.clone()));
            }
            self.checks.add(place, &field);
            self.fields.push(field);
        }
        self.looks.take();
    }

    #[inline]
    fn looks(&self) -> &Looks {
        self.looks.get_or_init(|| Looks::of(self))
    }

    /// Looks at all cells of a record, which creates a user or not: which rules about single cells have something to read?
    pub(crate) fn look(&self, cells: Cells<'_>, creates: bool) -> Look {
        self.looks().at_cells(&self.checks, cells, creates)
    }

    /// What the values of the columns are held against.
    #[must_use]
    pub fn checks(&self) -> &FieldChecks {
        &self.checks
    }

    /// Whether the file has a column.
    #[must_use]
    #[inline]
    pub fn has(&self, attribute: Attribute) -> bool {
        self.place_of(attribute).is_some()
    }

    #[inline]
    fn place_of(&self, attribute: Attribute) -> Option<u16> {
        match attribute {
            Attribute::FeatureFlag(n) => self.flag_places.get(usize::from(n)).copied().flatten(),
            Attribute::Field(n) => self.field_places.get(usize::from(n)).copied().flatten(),
            fixed => self.fixed.get(fixed.slot()?).copied().flatten(),
        }
    }

    /// Place of the column in the file, from 0; a column that is not there sorts first.
    #[must_use]
    pub fn place(&self, attribute: Attribute) -> u16 {
        self.place_of(attribute).unwrap_or(0)
    }

    /// The cell of a column, without outer white space.
    #[must_use]
    #[inline]
    pub fn cell<'a>(&self, attribute: Attribute, cells: Cells<'a>) -> Cell<'a> {
        match self.raw(attribute, cells).map(trimmed) {
            None => Cell::Absent,
            Some("") => Cell::Blank,
            Some(text) => Cell::Sent(text),
        }
    }

    /// The cell of a column as it was read, white space included; empty where the record ends before it.
    /// `None`: the file has no such column.
    #[must_use]
    #[inline]
    pub fn raw<'a>(&self, attribute: Attribute, cells: Cells<'a>) -> Option<&'a str> {
        let place = self.place_of(attribute)?;
        Some(cells.get(usize::from(place)).unwrap_or_default())
    }

    /// Bytes of the cell of a column as it was read; 0 where the file has no such column.
    #[inline]
    pub(crate) fn length(&self, attribute: Attribute, cells: Cells<'_>) -> usize {
        let place = self.place_of(attribute).map(usize::from);
        place.map_or(0, |place| cells.bytes(place).len())
    }

    /// The header of a column as it was read.
    #[must_use]
    pub fn header(&self, attribute: Attribute) -> Option<&str> {
        self.headers
            .get(usize::from(self.place_of(attribute)?))
            .map(AsRef::as_ref)
    }

    /// How reports name a column: our name, or the field's API name for flags and other fields.
    #[must_use]
    pub fn shown(&self, attribute: Attribute) -> &str {
        match attribute {
            Attribute::Field(_) | Attribute::FeatureFlag(_) => self
                .fields
                .iter()
                .find(|field| field.attribute == attribute)
                .map_or(attribute.name(), |field| &field.field),
            fixed => fixed.name(),
        }
    }

    /// Whether a cell that would fill something may be empty.
    #[must_use]
    #[inline]
    pub(crate) fn may_blank(&self, cells: Cells<'_>) -> bool {
        self.looks().may_blank(cells)
    }

    /// Columns that fill a field of User, and whose cell is blank.
    pub(crate) fn blank_fields<'a>(
        &'a self,
        cells: Cells<'a>,
    ) -> impl Iterator<Item = &'a FieldColumn> {
        self.looks()
            .blank_fields(cells)
            .filter_map(|n| self.fields.get(n))
    }

    /// Columns that fill a field of User.
    #[must_use]
    pub fn fields(&self) -> &[FieldColumn] {
        &self.fields
    }

    /// Feature license flag columns with their field names.
    #[must_use]
    pub fn flags(&self) -> &[(Attribute, Box<str>)] {
        &self.flags
    }

    /// All meanings with their headers, in file order.
    #[must_use]
    pub fn assigned(&self) -> Vec<(Attribute, &str)> {
        let numbered = |count: usize| (0..count).filter_map(|n| u16::try_from(n).ok());
        let mut all: Vec<(u16, Attribute)> = Attribute::FIXED
            .into_iter()
            .chain(numbered(self.flag_places.len()).map(Attribute::FeatureFlag))
            .chain(numbered(self.field_places.len()).map(Attribute::Field))
            .filter_map(|attribute| Some((self.place_of(attribute)?, attribute)))
            .collect();
        all.sort_unstable();
        all.into_iter()
            .filter_map(|(place, attribute)| {
                Some((attribute, self.headers.get(usize::from(place))?.as_ref()))
            })
            .collect()
    }
}

/// The n-th place of a list that grows as needed.
fn nth(places: &mut Vec<Option<u16>>, n: u16) -> Option<&mut Option<u16>> {
    let n = usize::from(n);
    if places.len() <= n {
        places.resize(n + 1, None);
    }
    places.get_mut(n)
}
