//! Records of files that were made into tables: several rows may be of one record.

use super::InputReport;
use crate::finding::Verdict;

impl InputReport {
    /// Numbers of the records, in order; those of a table that was made of a part of a file may have gaps.
    pub fn records(&self) -> impl Iterator<Item = u64> + '_ {
        (1..=self.rows).map(|n| {
            self.records.as_ref().map_or(n, |numbers| {
                numbers
                    .get(usize::try_from(n - 1).unwrap_or(usize::MAX))
                    .copied()
                    .unwrap_or(n)
            })
        })
    }

    /// Counts records from now on, where it counted rows of a table.
    pub(super) fn by_record(mut self) -> Self {
        if self.input.places.is_some() {
            let mut numbers: Vec<u64> = (1..=self.rows)
                .filter_map(|row| Some(self.shown(row)?.0))
                .collect();
            numbers.dedup();
            self.rows = numbers.len() as u64;
            self.records = Some(numbers);
        }
        self
    }

    /// Record and line that a row of the input came from, where it is a table made of something else.
    pub(super) fn shown(&self, row: u64) -> Option<(u64, u64)> {
        self.input.places.as_ref()?.of(row)
    }
}

/// Verdicts of the records of all inputs: of the rows of one record the gravest counts.
pub(super) fn by_record(rows: Vec<Verdict>, inputs: &[InputReport]) -> Vec<Verdict> {
    if inputs.iter().all(|input| input.input.places.is_none()) {
        return rows;
    }
    let mut records = Vec::with_capacity(rows.len());
    for input in inputs {
        let mut last = None;
        for row in 1..=input.rows {
            let place = usize::try_from(input.first_row + row - 1).unwrap_or(usize::MAX);
            let verdict = rows.get(place).copied().unwrap_or(Verdict::Compatible);
            let record = input.shown(row).map(|(record, _)| record);
            match records.last_mut() {
                Some(held) if record.is_some() && record == last => *held = verdict.max(*held),
                _ => records.push(verdict),
            }
            last = record;
        }
    }
    records
}
