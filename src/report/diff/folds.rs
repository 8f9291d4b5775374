//! Long lists for people: the first lines, equal ones folded, and how many there are more.

use std::collections::BTreeMap;

/// Lines of one object, or of one section, that are listed.
const LISTED: usize = 40;
/// Items of one list that are named.
pub(super) const NAMED: usize = 12;

/// Keeps the first lines, and says how many there are more.
pub(super) struct Listing {
    lines: Vec<String>,
    more: usize,
}

impl Listing {
    pub(super) fn new() -> Self {
        Self {
            lines: Vec::new(),
            more: 0,
        }
    }

    pub(super) fn push(&mut self, line: impl FnOnce() -> String) {
        if self.lines.len() < LISTED {
            self.lines.push(line());
        } else {
            self.more += 1;
        }
    }

    pub(super) fn finish(mut self) -> Vec<String> {
        if self.more > 0 {
            self.lines
                .push(format!("... and {} more: json and csv have all", self.more));
        }
        self.lines
    }
}

/// Lines that differ in their rows only, told once with all of them.
#[derive(Default)]
pub(super) struct Folds {
    /// In the order in which they came.
    order: Vec<(String, String)>,
    rows: BTreeMap<(String, String), Vec<String>>,
    counts: BTreeMap<(String, String), usize>,
    more: usize,
}

impl Folds {
    /// A line about a row of a file: its beginning and its end, with the rows between them.
    pub(super) fn push(&mut self, start: String, end: String, row: Option<u64>) {
        let key = (start, end);
        if !self.counts.contains_key(&key) {
            // What is never shown is only counted, however much it is.
            if self.order.len() == LISTED {
                self.more += 1;
                return;
            }
            self.order.push(key.clone());
        }
        let count = self.counts.entry(key.clone()).or_insert(0);
        *count += 1;
        if let Some(row) = row.filter(|_| *count <= NAMED) {
            self.rows.entry(key).or_default().push(row.to_string());
        }
    }

    pub(super) fn finish(self) -> Vec<String> {
        let line = |key: &(String, String)| {
            let count = self.counts.get(key).copied().unwrap_or(0);
            let Some(rows) = self.rows.get(key) else {
                return format!("{}: {}", key.0, key.1);
            };
            let word = if count == 1 { "row" } else { "rows" };
            let more = if count > rows.len() {
                format!(" and {} more", count - rows.len())
            } else {
                String::new()
            };
            format!("{} {word} {}{more}: {}", key.0, rows.join(", "), key.1)
        };
        let mut lines: Vec<String> = self.order.iter().map(line).collect();
        if self.more > 0 {
            lines.push(format!("... and {} more: json and csv have all", self.more));
        }
        lines
    }
}
