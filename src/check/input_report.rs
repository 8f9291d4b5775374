//! One judged input, as reports tell of it.

use crate::input::{Input, Kind, ListStyle, ListStyles};

/// One judged input.
#[derive(Debug)]
pub struct InputReport {
    /// What was detected.
    pub input: Input,
    /// Data records.
    pub rows: u64,
    /// Separators of multi-valued cells, as far as any was needed.
    pub list_styles: ListStyles,
    /// Elements of its file, of which it may be a part; with the first part only.
    elements: Option<u64>,
    /// Rows of the inputs before it.
    pub(super) first_row: u64,
    /// Record numbers, where they are not 1, 2, 3 ...
    pub(super) records: Option<Vec<u64>>,
}

/// Elements of a full page of the users of an app: the default, and the most.
const USER_PAGES: [u64; 2] = [50, 500];
/// The same of its groups.
const GROUP_PAGES: [u64; 2] = [20, 200];

impl InputReport {
    pub(crate) fn new(
        input: Input,
        list_styles: ListStyles,
        first_row: u64,
        rows_so_far: u64,
    ) -> Self {
        let rows = rows_so_far - first_row;
        Self {
            elements: (input.part == 0).then_some(rows + input.left_out),
            input,
            rows,
            list_styles,
            first_row,
            records: None,
        }
    }

    /// Counts the parts of a file, which follow each other, together.
    pub(super) fn count_parts(reports: &mut [Self]) {
        let mut whole: Option<&mut u64> = None;
        for Self { elements, rows, .. } in reports {
            match (elements, &mut whole) {
                (Some(first), _) => whole = Some(first),
                (None, Some(whole)) => **whole += *rows,
                (None, None) => {}
            }
        }
    }

    /// What should be changed about the file, although it was understood.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let python = self.list_styles.contains(ListStyle::Python);
        let text = || {
            format!(
                "{}: a list is written as Python prints it; it was read, but write it as JSON or with ';'",
                self.input.path
            )
        };
        let elements = self.elements.unwrap_or(0);
        let page = |kind, pages: &[u64]| self.input.kind == kind && pages.contains(&elements);
        let full =
            page(Kind::OktaUsersJson, &USER_PAGES) || page(Kind::OktaGroupsJson, &GROUP_PAGES);
        let cut = || {
            format!(
                "{}: exactly {elements} elements, a full page of Okta's API: export the pages after it too, if there are any (Link header, rel=\"next\")",
                self.input.path
            )
        };
        let python = python.then(text);
        let notes = self.input.notes.iter();
        let notes = notes.map(|note| format!("{}: {note}", self.input.path));
        python
            .into_iter()
            .chain(full.then(cut))
            .chain(notes)
            .collect()
    }

    /// Whether a global row is one of this input.
    pub(super) fn holds(&self, row: u64) -> bool {
        row > self.first_row && row <= self.first_row + self.rows
    }
}
