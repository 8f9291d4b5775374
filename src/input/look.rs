//! One look at each cell of a record: it tells which records the rules about single cells must read closely.

use super::{Attribute, Columns, FieldChecks, PicklistCheck, TypeCheck};
use crate::model::{FieldType, trimmed};
use crate::tabular::Cells;

/// What a look at the cells of a record tells. Whatever is false here is surely in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four answers that are read one by one"
)]
pub(crate) struct Look {
    /// A cell may be longer than its field takes.
    pub(crate) long: bool,
    /// A cell is not among the values of its picklist.
    pub(crate) unlisted: bool,
    /// A cell may not be of the type of its field.
    pub(crate) untyped: bool,
    /// A cell that every new user needs may be empty, and the record creates one.
    pub(crate) lacks: bool,
}

/// What is looked for in which columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    /// By place of the column: the bytes that surely are not too many.
    longest: Vec<u32>,
    /// Places of columns that every new user needs.
    needed: Vec<u16>,
    /// Places of columns, and of their lists in [`FieldChecks::picklists`].
    listed: Vec<(u16, u16)>,
    /// Places of columns that fill something.
    filling: Vec<u16>,
    /// Places of the columns that fill a field of User, in their order.
    fields: Vec<u16>,
    /// Places of columns that are not text, and whether they are checkboxes; values of other types are always read.
    typed: Vec<(u16, bool)>,
}

impl Looks {
    /// What to look for in these columns.
    pub(super) fn of(columns: &Columns) -> Self {
        let checks = columns.checks();
        let mut longest = vec![u32::MAX; columns.headers.len()];
        for check in &checks.lengths {
            let place = usize::from(check.place);
            if longest.len() <= place {
                longest.resize(place + 1, u32::MAX);
            }
            if let Some(longest) = longest.get_mut(place) {
                *longest = check.longest;
            }
        }
        let lists = (0..).zip(&checks.picklists);
        let types = checks.types.iter();
        let needed = Attribute::NEEDED.into_iter();
        let plain =
            |column: &TypeCheck| column.kind == FieldType::Boolean && column.unsupported.is_none();
        Self {
            longest,
            needed: needed
                .filter(|needed| columns.has(*needed))
                .map(|needed| columns.place(needed))
                .collect(),
            filling: columns
                .assigned()
                .into_iter()
                .map(|(attribute, _)| columns.place(attribute))
                .collect(),
            fields: columns
                .fields()
                .iter()
                .map(|field| columns.place(field.attribute))
                .collect(),
            listed: lists.map(|(n, list)| (list.place, n)).collect(),
            typed: types.map(|column| (column.place, plain(column))).collect(),
        }
    }

    /// Whether a cell that would fill something may be empty.
    pub(super) fn may_blank(&self, cells: Cells<'_>) -> bool {
        let mut places = self.filling.iter();
        places.any(|place| !starts_visibly(cells.bytes(usize::from(*place))))
    }

    /// Numbers of the columns that fill a field of User and whose cell is blank.
    pub(super) fn blank_fields<'a>(&'a self, cells: Cells<'a>) -> impl Iterator<Item = usize> {
        let blank = move |place: u16| {
            let place = usize::from(place);
            !starts_visibly(cells.bytes(place))
                && cells.get(place).is_none_or(|cell| trimmed(cell).is_empty())
        };
        let places = self.fields.iter().copied().enumerate();
        places
            .filter(move |(_, place)| blank(*place))
            .map(|(n, _)| n)
    }

    /// Looks at the cells of a record, which creates a user or not.
    pub(super) fn at_cells(&self, checks: &FieldChecks, cells: Cells<'_>, creates: bool) -> Look {
        let mut look = Look {
            long: cells.may_exceed(&self.longest),
            ..Look::default()
        };
        let needed: &[u16] = if creates { &self.needed } else { &[] };
        for &place in needed {
            look.lacks |= !starts_visibly(cells.bytes(usize::from(place)));
        }
        for &(place, list) in &self.listed {
            let cell = cells.bytes(usize::from(place));
            let list = checks.picklists.get(usize::from(list));
            look.unlisted |= !list.is_some_and(|list| fits(list, cell));
        }
        for &(place, checkbox) in &self.typed {
            let cell = cells.bytes(usize::from(place));
            look.untyped |= !(checkbox && matches!(cell, b"true" | b"false") || cell.is_empty());
        }
        look
    }
}

/// Whether a cell is empty or, as it is written, a value of the list.
#[inline]
fn fits(list: &PicklistCheck, cell: &[u8]) -> bool {
    let values = (!list.multiple).then_some(&list.choices);
    values.is_some_and(|choices| choices.has_value_of_bytes(cell)) || cell.trim_ascii().is_empty()
}

/// Whether a cell surely holds more than white space: it starts with a visible ASCII character.
#[inline]
fn starts_visibly(cell: &[u8]) -> bool {
    cell.first().is_some_and(u8::is_ascii_graphic)
}
