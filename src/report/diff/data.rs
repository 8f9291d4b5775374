//! The complete forms: JSON and CSV, written as they are found.

use super::super::Error;
use super::super::csv_cell;
use super::super::json::{member, value};
use super::{Document, End, SCHEMA};
use crate::diff::{Change, FindingChange, Flip, RowFlip, Turns};
use crate::report::summary::OrgInfo;
use serde::Serialize;
use std::io::Write;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EndLine<'a> {
    path: &'a str,
    #[serde(flatten)]
    org: &'a OrgInfo,
}

impl<'a> EndLine<'a> {
    fn of(end: &'a End) -> Self {
        Self {
            path: &end.path,
            org: &end.org,
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RowCounts {
    judged: usize,
    #[serde(flatten)]
    turns: Turns,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FindingCounts {
    appeared: u64,
    disappeared: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Summary<'a> {
    changes: &'a crate::diff::Counts,
    cells: Turns,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<RowCounts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<FindingCounts>,
}

/// The answer as its readers see it. The program never holds one: lists are written item by item.
#[cfg(test)]
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Answer<'a> {
    schema: &'a str,
    run: &'a crate::report::summary::RunInfo,
    old: EndLine<'a>,
    new: EndLine<'a>,
    /// How records of both were matched.
    matched_by: crate::diff::By,
    /// The inputs that were judged against both, with `--inputs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<&'a [crate::report::summary::InputInfo]>,
    summary: Summary<'a>,
    not_compared: &'a [crate::diff::NotCompared],
    /// Records of the org.
    changes: &'a [Change],
    /// Cells of the matrix that have another verdict.
    cells: &'a [Flip],
    /// Rows that have another verdict, with `--inputs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<&'a [RowFlip]>,
    /// Findings that only one of both has, with `--inputs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<&'a [FindingChange]>,
}

/// Writes one object.
///
/// # Errors
/// The stream cannot be written, or findings cannot be read again.
pub fn write_json(out: &mut dyn Write, document: &Document<'_>) -> Result<(), Error> {
    let diff = document.diff;
    out.write_all(b"{\"schema\":")?;
    value(out, &SCHEMA)?;
    member(out, "run", document.run)?;
    member(out, "old", &EndLine::of(document.old))?;
    member(out, "new", &EndLine::of(document.new))?;
    member(out, "matched_by", &diff.by)?;
    if let Some((inputs, _)) = document.rows {
        member(out, "inputs", &inputs)?;
    }
    let rows = document.rows.map(|(_, rows)| rows);
    let summary = Summary {
        changes: &diff.counts,
        cells: diff.turns,
        rows: rows.map(|rows| RowCounts {
            judged: rows.len(),
            turns: rows.turns,
        }),
        findings: rows.map(|rows| FindingCounts {
            appeared: rows.appeared,
            disappeared: rows.disappeared,
        }),
    };
    member(out, "summary", &summary)?;
    member(out, "not_compared", &diff.not_compared)?;
    let mut list = List::begin(out, "changes")?;
    diff.each_change(&mut |change| list.push(change))?;
    list.end()?;
    let mut list = List::begin(out, "cells")?;
    diff.each_flip(&mut |flip| list.push(flip))?;
    list.end()?;
    if let Some(rows) = rows {
        let mut list = List::begin(out, "rows")?;
        rows.each_row(&mut |flip| list.push(flip))?;
        list.end()?;
        let mut list = List::begin(out, "findings")?;
        rows.each_finding(&mut |change| list.push(change))?;
        list.end()?;
    }
    out.write_all(b"}\n")?;
    Ok(out.flush()?)
}

/// A list that is written item by item.
struct List<'a> {
    out: &'a mut dyn Write,
    between: &'static [u8],
}

impl<'a> List<'a> {
    fn begin(out: &'a mut dyn Write, name: &str) -> Result<Self, Error> {
        write!(out, ",\n\"{name}\":[")?;
        Ok(Self {
            out,
            between: b"\n",
        })
    }

    fn push(&mut self, item: &impl Serialize) -> Result<(), Error> {
        self.out.write_all(self.between)?;
        self.between = b",\n";
        value(self.out, item)
    }

    fn end(self) -> Result<(), Error> {
        Ok(self.out.write_all(b"\n]")?)
    }
}

/// Columns of the CSV form. `part` says what a line is of: `org`, `matrix`, `row`, `finding` or `not-compared`.
const COLUMNS: [&str; 12] = [
    "part",
    "change",
    "object",
    "id",
    "name",
    "attribute",
    "before",
    "after",
    "reason",
    "input",
    "row",
    "user",
];

/// A line of the CSV form.
#[derive(Default)]
struct Line<'a> {
    part: &'a str,
    change: &'a str,
    object: &'a str,
    id: &'a str,
    name: &'a str,
    attribute: &'a str,
    before: &'a str,
    after: &'a str,
    reason: &'a str,
    input: &'a str,
    row: Option<u64>,
    user: &'a str,
}

/// Writes one table of everything, safe for spreadsheets.
///
/// # Errors
/// The stream cannot be written, or findings cannot be read again.
pub fn write_csv(out: &mut dyn Write, document: &Document<'_>) -> Result<(), Error> {
    let diff = document.diff;
    csv_cell::header(out, &COLUMNS)?;
    diff.each_change(&mut |change| line(out, &of_change(change)))?;
    diff.each_flip(&mut |flip| line(out, &of_flip(flip)))?;
    if let Some((_, rows)) = document.rows {
        rows.each_row(&mut |flip| line(out, &of_row(flip)))?;
        rows.each_finding(&mut |change| line(out, &of_finding(change)))?;
    }
    for note in &diff.not_compared {
        let told = Line {
            part: "not-compared",
            object: &note.what,
            reason: &note.reason,
            ..Line::default()
        };
        line(out, &told)?;
    }
    Ok(out.flush()?)
}

fn line(out: &mut dyn Write, line: &Line<'_>) -> Result<(), Error> {
    let texts = [
        line.part,
        line.change,
        line.object,
        line.id,
        line.name,
        line.attribute,
        line.before,
        line.after,
        line.reason,
        line.input,
    ];
    for text in texts {
        csv_cell::text(out, text)?;
        out.write_all(b",")?;
    }
    csv_cell::number(out, line.row)?;
    out.write_all(b",")?;
    csv_cell::text(out, line.user)?;
    Ok(out.write_all(b"\n")?)
}

fn or_empty(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

fn of_change(change: &Change) -> Line<'_> {
    Line {
        part: "org",
        change: change.change.as_str(),
        object: &change.object,
        id: or_empty(change.id.as_ref()),
        name: &change.name,
        attribute: or_empty(change.attribute.as_ref()),
        before: or_empty(change.before.as_ref()),
        after: or_empty(change.after.as_ref()),
        ..Line::default()
    }
}

fn of_flip(flip: &Flip) -> Line<'_> {
    Line {
        part: "matrix",
        change: flip.turn.as_str(),
        object: flip.kind,
        name: &flip.item,
        attribute: &flip.license,
        before: flip.before.as_str(),
        after: flip.after.as_str(),
        reason: &flip.reason,
        ..Line::default()
    }
}

fn of_row(flip: &RowFlip) -> Line<'_> {
    Line {
        part: "row",
        change: flip.turn.as_str(),
        before: super::people::verdict(flip.before),
        after: super::people::verdict(flip.after),
        input: &flip.input,
        row: Some(flip.row),
        ..Line::default()
    }
}

fn of_finding(change: &FindingChange) -> Line<'_> {
    let finding = &change.finding;
    let severity = finding.severity.as_str();
    Line {
        part: "finding",
        change: super::people::came(change.appeared),
        object: &finding.rule,
        name: or_empty(finding.subject.as_ref()),
        attribute: or_empty(finding.column.as_ref()),
        before: if change.appeared { "" } else { severity },
        after: if change.appeared { severity } else { "" },
        reason: &finding.message,
        input: or_empty(finding.input.as_ref()),
        row: finding.row,
        user: or_empty(finding.user.as_ref()),
        ..Line::default()
    }
}
