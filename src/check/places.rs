//! Whose a row of the whole run is.

use super::InputReport;

/// Where rows of the whole run lie.
pub(super) struct Places<'a> {
    pub(super) inputs: &'a [InputReport],
    /// Paths of the inputs as JSON string contents.
    pub(super) names: &'a [String],
}

impl Places<'_> {
    /// The input of a row, and the row within it.
    pub(super) fn of(&self, row: Option<(u64, u64)>) -> (Option<&str>, Option<(u64, u64)>) {
        let Some((row, line)) = row else {
            return (None, None);
        };
        let found = self
            .inputs
            .iter()
            .zip(self.names)
            .find(|(input, _)| input.holds(row));
        match found {
            Some((input, name)) => {
                let row = row - input.first_row;
                (
                    Some(name.as_str()),
                    Some(input.shown(row).unwrap_or((row, line))),
                )
            }
            None => (None, None),
        }
    }

    /// The path of the input of a row.
    pub(super) fn path(&self, row: Option<(u64, u64)>) -> Option<&str> {
        let (row, _) = row?;
        let input = self.inputs.iter().find(|input| input.holds(row))?;
        Some(&input.input.path)
    }

    /// A row of the whole run as the lines of the spool count it: rows of one record are one.
    pub(super) fn in_order(&self, row: u64) -> u64 {
        let input = self.inputs.iter().find(|input| input.holds(row));
        input
            .and_then(|input| Some(input.first_row + input.shown(row - input.first_row)?.0))
            .unwrap_or(row)
    }
}
