//! Headers of files that are no lists of users: mappings, and User.csv of a snapshot.

use super::aliases::normalize;
use super::header::{Header, Meaning, Overrides};
use super::{Attribute, Columns, Error, RowKind};

/// Columns of a group mapping that nothing else has, and the headers that can mean them.
pub(super) const GROUP_HEADERS: &[(&str, &[&str])] = &[
    ("group", &["oktagroup", "groupname", "group", "name"]),
    ("priority", &["priority"]),
];
/// The same of a table that was made of expressions.
pub(super) const EXPRESSION_HEADERS: &[(&str, &[&str])] =
    &[("property", &["property"]), ("expression", &["expression"])];

/// Only a table that the program made itself begins with these columns and has none of the source.
pub(super) fn is_table_of_expressions(names: &[String]) -> bool {
    names.starts_with(&["property".to_owned(), "expression".to_owned()])
        && !names.iter().any(|name| name == "target")
}

impl Header<'_> {
    /// Understands the header of a mapping: its own columns by these headers, the first that is there, the others as
    /// in a file of users.
    ///
    /// # Errors
    /// As [`Header::columns`].
    pub(super) fn columns_of_mapping(
        &self,
        rows: RowKind,
        own: &[(&str, &[&str])],
        overrides: &Overrides<'_>,
    ) -> Result<Columns, Error> {
        let mut all = overrides.to_vec();
        for (column, names) in own {
            let named = names.iter().find_map(|name| {
                let mut cells = self.cells.iter();
                cells.find(|cell| normalize(cell) == *name)
            });
            if let Some(header) = named
                && !all.iter().any(|(known, _)| known == column)
            {
                all.push(((*column).to_owned(), header.to_string()));
            }
        }
        let mut columns = self.columns(&all, |_| false)?;
        columns.rows = rows;
        Ok(columns)
    }

    /// Takes these fields of User and nothing else, by API name as a snapshot writes it; what is not there is left out.
    ///
    /// # Errors
    /// No column Username, or one field twice.
    pub(super) fn columns_of_fields(&self, wanted: &Overrides<'_>) -> Result<Columns, Error> {
        let mut taken: Vec<(usize, Meaning)> = Vec::new();
        for (field, header) in wanted {
            let mut places = (0..self.cells.len()).filter(|&place| {
                let cell = self.cells.get(place);
                cell.is_some_and(|cell| cell.trim().eq_ignore_ascii_case(header))
            });
            let Some(place) = places.next() else {
                continue;
            };
            let meaning = Meaning::Field(field.as_str().into());
            if let Some(second) = places.next() {
                return Err(self.two_headers(&meaning, place, second));
            }
            taken.push((place, meaning));
        }
        taken.sort_by_key(|(place, _)| *place);
        let mut columns = self.assign(taken);
        // A snapshot holds more than one purpose needs: nothing of it is overlooked.
        columns.ignored.clear();
        columns.rows = RowKind::ProfileSource;
        if columns.has(Attribute::Username) {
            return Ok(columns);
        }
        Err(Error::NoUserColumn {
            path: self.path.into(),
            line: self.line,
            headers: self.shown(),
        })
    }
}
