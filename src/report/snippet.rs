//! A quoted record with the offending cell marked.

use super::summary::InputInfo;
use super::visible::{is_hidden, is_right_to_left, push_visible, width};
use std::ops::Range;

/// A record made visible, on one line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Snippet {
    /// The record or the part of it around the mark.
    pub(super) text: String,
    /// Terminal cells before the mark, and its width (at least 1). `None`: the place is not known, or
    /// letters that are written from right to left make it impossible to say where it is on a screen.
    pub(super) mark: Option<(usize, usize)>,
}

/// Quotes `record`. `header` is the input's first record; `room` the terminal cells to fill at most.
pub(super) fn draw(
    record: &str,
    header: Option<&str>,
    input: &InputInfo,
    column: Option<&str>,
    value: Option<&str>,
    room: usize,
) -> Snippet {
    let delimiter = delimiter(input);
    let at = place(record, header, input, delimiter, column, value);
    let (start, end) = at.as_ref().map_or((0, 0), |range| (range.start, range.end));
    let part = |range: Range<usize>| record.get(range).unwrap_or_default();
    let marked = first(part(start..end), room / 2);
    let left = room.saturating_sub(width(&marked));
    // A third of what is left stands before the mark, unless less is needed.
    let before = last(part(0..start), left / 3);
    let after = first(part(end..record.len()), left.saturating_sub(width(&before)));
    // As wide as it was, and no command to the agent of a pipeline.
    let text = format!("{before}{marked}{after}").replace("##", "#\u{266f}");
    let mark = (at.is_some() && !text.chars().any(is_right_to_left))
        .then(|| (width(&before), width(&marked).max(1)));
    Snippet { text, mark }
}

/// Where the value stands in a record, as a range of its bytes; `None`: that cannot be told.
pub(super) fn locate(
    record: &str,
    header: Option<&str>,
    input: &InputInfo,
    column: Option<&str>,
    value: Option<&str>,
) -> Option<Range<usize>> {
    place(record, header, input, delimiter(input), column, value)
}

fn delimiter(input: &InputInfo) -> char {
    match input.delimiter.as_deref() {
        Some("tab" | "\\t") => '\t',
        Some(text) => text.chars().next().unwrap_or(','),
        None => ',',
    }
}

/// Where the value stands in the record.
fn place(
    record: &str,
    header: Option<&str>,
    input: &InputInfo,
    delimiter: char,
    column: Option<&str>,
    value: Option<&str>,
) -> Option<Range<usize>> {
    let cells = cells(record, delimiter);
    let index = column.zip(header).and_then(|(column, header)| {
        let name = input.columns.get(column).map_or(column, String::as_str);
        cells_of(header, delimiter).position(|cell| plain(cell) == name.trim())
    });
    let Some(index) = index else {
        // Without a header the value itself has to tell: the cell that is it, else one that holds it.
        let value = value.filter(|value| !value.is_empty())?;
        let is = |cell: &&Range<usize>| content(record, cell) == value;
        let holds = |cell: &&Range<usize>| content(record, cell).contains(value);
        let cell = cells.iter().find(is).or_else(|| cells.iter().find(holds))?;
        return Some(within(record, cell, value));
    };
    let cell = cells.get(index)?;
    Some(within(record, cell, value.unwrap_or_default()))
}

/// The value within its cell (one element of a list, for example), else the whole cell.
fn within(record: &str, cell: &Range<usize>, value: &str) -> Range<usize> {
    let raw = record.get(cell.clone()).unwrap_or_default();
    let found = [value.to_owned(), value.replace('"', "\"\"")]
        .into_iter()
        .filter(|value| !value.is_empty())
        .find_map(|value| raw.find(&value).map(|at| (at, value.len())));
    match found {
        Some((at, len)) => cell.start + at..cell.start + at + len,
        None => cell.clone(),
    }
}

fn content<'r>(record: &'r str, cell: &Range<usize>) -> &'r str {
    plain(record.get(cell.clone()).unwrap_or_default())
}

/// A cell without its quotes and the white space around it.
fn plain(cell: &str) -> &str {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || is_hidden(c));
    cell.strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'))
        .unwrap_or(cell)
        .trim()
}

/// The cells of a record, quotes included.
fn cells(record: &str, delimiter: char) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in record.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c == delimiter && !quoted {
            cells.push(start..at);
            start = at + c.len_utf8();
        }
    }
    cells.push(start..record.len());
    cells
}

fn cells_of(record: &str, delimiter: char) -> impl Iterator<Item = &str> {
    cells(record, delimiter)
        .into_iter()
        .map(|cell| record.get(cell).unwrap_or_default())
}

/// As much of the beginning as fits, made visible.
fn first(text: &str, room: usize) -> String {
    let mut shown = String::new();
    for (at, c) in text.char_indices() {
        let before = shown.len();
        push_visible(&mut shown, c);
        if width(&shown) > room {
            // One cell for the sign that something is missing.
            shown.truncate(before);
            while width(&shown) >= room.max(1) && shown.pop().is_some() {}
            if at > 0 || room > 0 {
                shown.push('…');
            }
            break;
        }
    }
    shown
}

/// As much of the end as fits, made visible.
fn last(text: &str, room: usize) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut taken = 0;
    let mut rest = text.chars().rev();
    for c in rest.by_ref() {
        let mut part = String::new();
        push_visible(&mut part, c);
        let wide = width(&part);
        if taken + wide > room {
            while taken >= room.max(1) {
                match parts.pop() {
                    Some(part) => taken -= width(&part),
                    None => break,
                }
            }
            parts.push("…".to_owned());
            break;
        }
        taken += wide;
        parts.push(part);
    }
    parts.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> InputInfo {
        InputInfo {
            path: "a.csv".to_owned(),
            delimiter: Some(",".to_owned()),
            columns: [("profile".to_owned(), "Profile Name".to_owned())].into(),
            ..InputInfo::default()
        }
    }

    /// Record and carets, one under the other.
    fn drawn(record: &str, header: Option<&str>, value: &str, room: usize) -> String {
        let snippet = draw(record, header, &input(), Some("profile"), Some(value), room);
        let carets = snippet.mark.map_or(String::new(), |(before, wide)| {
            format!("{}{}", " ".repeat(before), "^".repeat(wide))
        });
        format!("{}\n{carets}", snippet.text)
    }

    const HEADER: Option<&str> = Some("\u{feff}username,\"Profile Name\",x");

    #[test]
    fn the_column_is_marked() {
        assert_eq!(
            drawn("Sales,Sales,x", HEADER, "Sales", 80),
            "Sales,Sales,x\n      ^^^^^"
        );
        assert_eq!(
            drawn("a,\"b \"\"c\"\"\",x", HEADER, "b \"c\"", 80),
            "a,\"b \"\"c\"\"\",x\n   ^^^^^^^"
        );
        assert_eq!(drawn("a,,x", HEADER, "", 80), "a,,x\n  ^");
        assert_eq!(
            drawn("a,Sales;Ops,x", HEADER, "Ops", 80),
            "a,Sales;Ops,x\n        ^^^"
        );
        // Without a header: the cell that is the value.
        assert_eq!(
            drawn("Sales Ops,Sales,x", None, "Sales", 80),
            "Sales Ops,Sales,x\n          ^^^^^"
        );
        assert_eq!(drawn("a,b", None, "c", 80), "a,b\n");
    }

    #[test]
    fn wide_and_hostile_characters_keep_the_mark_in_place() {
        assert_eq!(
            drawn("数据,Sales,x", HEADER, "Sales", 80),
            "数据,Sales,x\n     ^^^^^"
        );
        assert_eq!(drawn("a,数据,x", HEADER, "数据", 80), "a,数据,x\n  ^^^^");
        assert_eq!(
            drawn("\"a\nb\u{1b}\",Sales,\u{202e}x", HEADER, "Sales", 80),
            "\"a\\nb\\u{1b}\",Sales,\\u{202e}x\n             ^^^^^"
        );
        assert_eq!(drawn("אבג,Sales,x", HEADER, "Sales", 80), "אבג,Sales,x\n");
    }

    #[test]
    fn long_records_are_cut_around_the_mark() {
        let record = format!("{},Sales,{}", "a".repeat(1_000_000), "b".repeat(1_000_000));
        assert_eq!(
            drawn(&record, HEADER, "Sales", 30),
            "…aaaaaa,Sales,bbbbbbbbbbbbbbb…\n        ^^^^^"
        );
        let record = format!("a,{},b", "数".repeat(100_000));
        let shown = drawn(&record, HEADER, "数", 30);
        assert!(
            shown.lines().next().is_some_and(|line| width(line) <= 31),
            "{shown}"
        );
        for room in 0..12 {
            let shown = drawn(&record, HEADER, &"数".repeat(100_000), room);
            assert!(
                shown.lines().all(|line| width(line) <= room + 3),
                "{room} {shown}"
            );
        }
    }
}
