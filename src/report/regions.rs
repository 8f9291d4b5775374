//! Where a value stands in its file: line and columns, as far as the file can be looked into.

use super::View;
use super::snippet::locate;
use super::summary::{Head, InputInfo};
use serde::Serialize;
use std::collections::BTreeMap;

/// A part of one line. Columns count characters from 1; the end is the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: u64,
    pub(super) start_column: usize,
    pub(super) end_line: u64,
    pub(super) end_column: usize,
}

impl Region {
    /// The beginning of a line of which nothing else is known.
    fn line(line: u64) -> Self {
        Self {
            start_line: line.max(1),
            start_column: 1,
            end_line: line.max(1),
            end_column: 2,
        }
    }
}

/// A value whose place is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) input: &'a str,
    /// Where its record starts, from 1.
    pub(super) line: u64,
    pub(super) column: Option<&'a str>,
    pub(super) value: Option<&'a str>,
}

/// The places, in the order asked: one pass over each input.
pub(super) fn regions(asked: &[Asked<'_>], head: &Head, view: &View<'_>) -> Vec<Region> {
    let mut records: BTreeMap<(&str, u64), String> = BTreeMap::new();
    for input in &head.inputs {
        // What was made of JSON or of expressions has no cells in its file.
        if input.delimiter.is_none() {
            continue;
        }
        let own = asked.iter().filter(|place| place.input == input.path);
        let mut lines: Vec<u64> = own.map(|place| place.line).collect();
        if lines.is_empty() {
            continue;
        }
        lines.push(1);
        lines.sort_unstable();
        lines.dedup();
        for (line, record) in (view.quote)(&input.path, &lines) {
            records.insert((&input.path, line), record);
        }
    }
    let region = |place: &Asked<'_>| {
        let input = head.inputs.iter().find(|input| input.path == place.input)?;
        let record = records.get(&(place.input, place.line))?;
        let header = records.get(&(place.input, 1)).map(String::as_str);
        Some(within(place, record, header, input))
    };
    asked
        .iter()
        .map(|place| region(place).unwrap_or(Region::line(place.line)))
        .collect()
}

/// The value within its record, or the first line of the record where it cannot be told.
fn within(place: &Asked<'_>, record: &str, header: Option<&str>, input: &InputInfo) -> Region {
    let found = place
        .column
        .and_then(|column| locate(record, header, input, Some(column), place.value));
    let range = found.unwrap_or(0..record.len());
    let before = record.get(..range.start).unwrap_or_default();
    let (above, left) = before
        .rsplit_once('\n')
        .map_or((0, before), |(above, left)| {
            (above.matches('\n').count() as u64 + 1, left)
        });
    let text = record.get(range).unwrap_or_default();
    // An alert shows in a pull request only if all its lines are changed: one line, even of a cell of several.
    let text = text.lines().next().unwrap_or_default();
    let start_column = left.chars().count() + 1;
    Region {
        start_line: place.line.max(1) + above,
        start_column,
        end_line: place.line.max(1) + above,
        // An empty cell is marked by the character after it.
        end_column: start_column + text.chars().count().max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::report::summary::{OrgInfo, RunInfo};

    fn region(record: &str, value: &str) -> Region {
        let head = Head {
            schema: String::new(),
            run: RunInfo {
                version: String::new(),
                started: String::new(),
                command: Vec::new(),
            },
            org: OrgInfo::default(),
            inputs: vec![InputInfo {
                path: "a.csv".to_owned(),
                delimiter: Some(",".to_owned()),
                columns: [("profile".to_owned(), "Profile Name".to_owned())].into(),
                ..InputInfo::default()
            }],
        };
        let quote = |_: &str, lines: &[u64]| {
            assert_eq!(lines, [1, 7]);
            vec![
                (1, "username,Profile Name".to_owned()),
                (7, record.to_owned()),
            ]
        };
        let view = View {
            max_findings: None,
            min_severity: Severity::Notice,
            width: None,
            color: false,
            quote: &quote,
        };
        let asked = Asked {
            input: "a.csv",
            line: 7,
            column: Some("profile"),
            value: Some(value),
        };
        regions(&[asked], &head, &view).remove(0)
    }

    fn told(record: &str, value: &str) -> (u64, usize, u64, usize) {
        let at = region(record, value);
        (at.start_line, at.start_column, at.end_line, at.end_column)
    }

    #[test]
    fn the_value_is_found_on_its_line() {
        assert_eq!(told("ann,Sales", "Sales"), (7, 5, 7, 10));
        assert_eq!(told("数据,Sales", "Sales"), (7, 4, 7, 9));
        assert_eq!(told("ann,", ""), (7, 5, 7, 6));
        assert_eq!(told("\"a\nb\",Sales", "Sales"), (8, 4, 8, 9));
        assert_eq!(told("ann,\"x\ny\"", "x\ny"), (7, 6, 7, 7));
        // No such column: the whole line.
        assert_eq!(told("ann", "Sales"), (7, 1, 7, 4));
    }
}
