//! The columns of one file: which header means what.

use super::{Attribute, Cell, FieldChecks};
use crate::model::Field;
use crate::tabular::Cells;
use rustc_hash::FxHashMap;

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
    /// Headers as they were read.
    pub headers: Vec<Box<str>>,
    places: FxHashMap<Attribute, u16>,
    fixed: [Option<u16>; 27],
    fields: Vec<FieldColumn>,
    flags: Vec<(Attribute, Box<str>)>,
    checks: FieldChecks,
    /// Headers that mean nothing to the program.
    pub ignored: Vec<Box<str>>,
}

impl Columns {
    /// Says what the n-th header means. `field` is the User field that it fills, if any.
    pub fn assign(&mut self, place: u16, attribute: Attribute, field: Option<FieldColumn>) {
        self.places.insert(attribute, place);
        if let Some(slot) = fixed_slot(attribute).and_then(|n| self.fixed.get_mut(n)) {
            *slot = Some(place);
        }
        if let Some(field) = field {
            if matches!(attribute, Attribute::FeatureFlag(_)) {
                self.flags.push((attribute, field.field.clone()));
            }
            self.checks.add(place, &field);
            self.fields.push(field);
        }
    }

    /// What the values of the columns are held against.
    #[must_use]
    pub fn checks(&self) -> &FieldChecks {
        &self.checks
    }

    /// Whether the file has a column.
    #[must_use]
    pub fn has(&self, attribute: Attribute) -> bool {
        self.place_of(attribute).is_some()
    }

    fn place_of(&self, attribute: Attribute) -> Option<u16> {
        match fixed_slot(attribute) {
            Some(slot) => self.fixed.get(slot).copied().flatten(),
            None => self.places.get(&attribute).copied(),
        }
    }

    /// Place of the column in the file, from 0; a column that is not there sorts first.
    #[must_use]
    pub fn place(&self, attribute: Attribute) -> u16 {
        self.place_of(attribute).unwrap_or(0)
    }

    /// The cell of a column, without outer white space.
    #[must_use]
    pub fn cell<'a>(&self, attribute: Attribute, cells: Cells<'a>) -> Cell<'a> {
        let Some(place) = self.place_of(attribute) else {
            return Cell::Absent;
        };
        match cells.get(usize::from(place)).map(str::trim) {
            None | Some("") => Cell::Blank,
            Some(text) => Cell::Sent(text),
        }
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
        let mut all: Vec<(u16, Attribute)> = self
            .places
            .iter()
            .map(|(attribute, place)| (*place, *attribute))
            .collect();
        all.sort_unstable();
        all.into_iter()
            .filter_map(|(place, attribute)| {
                Some((attribute, self.headers.get(usize::from(place))?.as_ref()))
            })
            .collect()
    }
}

fn fixed_slot(attribute: Attribute) -> Option<usize> {
    Attribute::FIXED
        .iter()
        .position(|fixed| *fixed == attribute)
}
