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
    /// A cell that every new user needs may be empty.
    pub(crate) lacks: bool,
}

/// What is looked for in which columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    /// Places of columns, with the bytes that surely are not too many.
    lengths: Vec<(u16, u32)>,
    /// Places of columns that every new user needs.
    needed: Vec<u16>,
    /// Places of columns, and of their lists in [`FieldChecks::picklists`].
    listed: Vec<(u16, u16)>,
    /// Places of columns that fill something.
    filling: Vec<u16>,
    /// Places of columns that are not text, and whether they are checkboxes; values of other types are always read.
    typed: Vec<(u16, bool)>,
}

impl Looks {
    /// What to look for in these columns.
    pub(super) fn of(columns: &Columns) -> Self {
        let checks = columns.checks();
        let lengths = checks.lengths.iter();
        let lists = (0..).zip(&checks.picklists);
        let types = checks.types.iter();
        let needed = Attribute::NEEDED.into_iter();
        let plain =
            |column: &TypeCheck| column.kind == FieldType::Boolean && column.unsupported.is_none();
        Self {
            lengths: lengths
                .map(|length| (length.place, length.longest))
                .collect(),
            needed: needed
                .filter(|needed| columns.has(*needed))
                .map(|needed| columns.place(needed))
                .collect(),
            filling: columns
                .assigned()
                .into_iter()
                .map(|(attribute, _)| columns.place(attribute))
                .collect(),
            listed: lists.map(|(n, list)| (list.place, n)).collect(),
            typed: types.map(|column| (column.place, plain(column))).collect(),
        }
    }

    /// Whether a cell that would fill something may be empty.
    pub(super) fn may_blank(&self, cells: Cells<'_>) -> bool {
        let mut places = self.filling.iter();
        places.any(|place| !cells.starts_visibly(usize::from(*place)))
    }

    /// Looks at the cells of a record.
    pub(super) fn at_cells(&self, checks: &FieldChecks, cells: Cells<'_>) -> Look {
        let mut look = Look::default();
        for &(place, longest) in &self.lengths {
            look.long |= cells.length(usize::from(place)) > longest as usize;
        }
        for &place in &self.needed {
            look.lacks |= !cells.starts_visibly(usize::from(place));
        }
        let text = |place: u16| trimmed(cells.get(usize::from(place)).unwrap_or_default());
        for &(place, list) in &self.listed {
            let text = text(place);
            let fits = |list: &PicklistCheck| !list.multiple && list.choices.has_value(text);
            let list = checks.picklists.get(usize::from(list));
            look.unlisted |= !text.is_empty() && !list.is_some_and(fits);
        }
        for &(place, checkbox) in &self.typed {
            let text = text(place);
            look.untyped |= !(text.is_empty() || checkbox && matches!(text, "true" | "false"));
        }
        look
    }
}
