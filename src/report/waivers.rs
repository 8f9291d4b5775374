//! `sfcompat waiver list`: every entry of the file, what ends first on top.

use super::listing::Listing;
use crate::waivers::{Entry, Waivers};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The schema of [`write_json`].
pub const SCHEMA: &str = "sfcompat-waivers/1";

/// Days that are still told as days.
const DAYS: i64 = 20;

/// The list as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`SCHEMA`]
    pub schema: String,
    /// The file, as it was named.
    pub file: String,
    /// Its entries, what ends first on top.
    pub waivers: Vec<WaiverLine>,
}

/// One entry of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaiverLine {
    /// Its number in the file, from 1: what `renew` takes.
    pub number: usize,
    /// Line where it begins, from 1.
    pub line: usize,
    /// `active`, `ends-soon`, `expired` or `invalid`.
    pub state: String,
    /// The rule.
    pub rule: String,
    /// Selectors as they are written.
    #[serde(rename = "match")]
    pub selectors: BTreeMap<String, String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was agreed.
    pub ticket: Option<String>,
    /// When it was written, `YYYY-MM-DD`.
    pub created: Option<String>,
    /// Its last day, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Days from the day of the run to its last day; below 0 where it has ended.
    pub days_left: Option<i64>,
    /// What is wrong with it.
    pub problems: Vec<String>,
}

/// The entries in the order of their end; those that end within `soon` days are marked.
#[must_use]
pub fn lines(waivers: &Waivers, today: Date, soon: i64) -> Document {
    let mut lines: Vec<WaiverLine> = waivers
        .entries
        .iter()
        .zip(1..)
        .map(|(entry, number)| line(entry, number, today, soon))
        .collect();
    // Without an end comes last.
    lines.sort_by_key(|line| (line.days_left.unwrap_or(i64::MAX), line.number));
    Document {
        schema: SCHEMA.to_owned(),
        file: waivers.file.display().to_string(),
        waivers: lines,
    }
}

fn line(entry: &Entry, number: usize, today: Date, soon: i64) -> WaiverLine {
    let days_left = entry.days_left(today);
    let state = if !entry.problems.is_empty() {
        "invalid"
    } else if entry.has_ended(today) {
        "expired"
    } else if days_left.is_some_and(|days| days <= soon) {
        "ends-soon"
    } else {
        "active"
    };
    let note = entry.note.clone();
    WaiverLine {
        number,
        line: entry.line,
        state: state.to_owned(),
        rule: entry.rule.clone(),
        selectors: entry.written.iter().cloned().collect(),
        owner: note.owner,
        reason: note.reason,
        ticket: note.ticket,
        created: entry.created.map(|day| day.to_string()),
        expires: note.expires,
        days_left,
        problems: entry.problems.clone(),
    }
}

/// `in 6 weeks`, `today`, `3 days ago`
fn when(days: i64) -> String {
    let count = |number: i64, thing: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {thing}{plural}")
    };
    let length = |days: i64| match days {
        ..=DAYS => count(days, "day"),
        _ => count(days / 7, "week"),
    };
    match days {
        0 => String::from("today"),
        1.. => format!("in {}", length(days)),
        _ => format!("{} ago", length(days.saturating_neg())),
    }
}

/// Writes the list for people.
///
/// # Errors
/// Those of the stream.
pub fn write_table(document: &Document, out: &mut dyn Write, width: Option<u16>) -> io::Result<()> {
    if document.waivers.is_empty() {
        return writeln!(out, "{}: no waivers", document.file);
    }
    let mut list = Listing::new(&[
        "no", "state", "ends", "rule", "match", "owner", "ticket", "why",
    ]);
    for line in &document.waivers {
        let selectors: Vec<String> = line
            .selectors
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect();
        let ends = match (&line.expires, line.days_left) {
            (Some(day), Some(days)) => format!("{day} ({})", when(days)),
            _ => String::from("never"),
        };
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        list.push(vec![
            line.number.to_string(),
            line.state.clone(),
            ends,
            line.rule.clone(),
            selectors.join(", "),
            text(&line.owner),
            text(&line.ticket),
            if line.problems.is_empty() {
                text(&line.reason)
            } else {
                line.problems.join("; ")
            },
        ]);
    }
    list.write_table(out, width)
}

/// Writes the list as one JSON object.
///
/// # Errors
/// Those of the stream.
pub fn write_json(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::when;

    #[test]
    fn ends_are_told_as_people_say_them() {
        let said = [0, 1, 20, 21, 42, -1, -30].map(when);
        let expected = [
            "today",
            "in 1 day",
            "in 20 days",
            "in 3 weeks",
            "in 6 weeks",
            "1 day ago",
            "4 weeks ago",
        ];
        assert_eq!(said, expected);
    }
}
