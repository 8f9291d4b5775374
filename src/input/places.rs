//! Where the rows of a table came from that was made of something else.

/// Records and lines of rows, in row order. Records never go down; several rows may be of one record.
#[derive(Clone, Debug, Default)]
pub struct Places {
    records: Vec<u32>,
    lines: Vec<u64>,
}

impl Places {
    /// Adds the next row: its record, from 1, and the line on which that starts, from 1.
    pub fn push(&mut self, record: u32, line: u64) {
        self.records.push(record);
        self.lines.push(line);
    }

    /// Record and line of a row of the table, from 1.
    #[must_use]
    pub fn of(&self, row: u64) -> Option<(u64, u64)> {
        let place = usize::try_from(row.checked_sub(1)?).ok()?;
        Some((
            u64::from(*self.records.get(place)?),
            *self.lines.get(place)?,
        ))
    }
}
