//! `csv`: one table, one record per finding.

use super::csv_cell::{header, number, text};
use super::summary::CheckLine;
use super::words::{confidence, counted};
use super::{Error, Report, View};
use crate::finding::Finding;
use std::io::{self, Write};

/// The columns, in order.
pub(super) const COLUMNS: [&str; 25] = [
    "severity",
    "rule",
    "confidence",
    "status",
    "input",
    "row",
    "line",
    "column",
    "value",
    "user",
    "subject",
    "message",
    "reason",
    "predicted_code",
    "predicted_message",
    "predicted_okta",
    "fix",
    "replace_column",
    "replace_with",
    "rows",
    "fingerprint",
    "waiver_owner",
    "waiver_reason",
    "waiver_ticket",
    "waiver_expires",
];

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    header(out, &COLUMNS)?;
    let not_shown = report
        .findings
        .each(view, &mut |finding| Ok(record(out, finding)?))?;
    for check in report.tail.checklist.iter().flatten() {
        unfailed(out, check)?;
    }
    let hidden = not_shown.total();
    if hidden > 0 {
        // A table has no place beside its records: the record that says it has neither severity nor rule.
        let message = format!(
            "{} not listed (--max-findings, --min-severity)",
            counted(hidden, "finding")
        );
        for (n, column) in COLUMNS.iter().enumerate() {
            out.write_all(if n == 0 { b"" } else { b"," })?;
            text(out, if *column == "message" { &message } else { "" })?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A line of the checklist that no finding stands for: it has a rule and a message, and its result as status.
fn unfailed(out: &mut dyn Write, check: &CheckLine) -> io::Result<()> {
    if check.severity.is_some() {
        return Ok(());
    }
    let message = match check.detail.as_str() {
        "" => check.check.clone(),
        detail => format!("{}: {detail}", check.check),
    };
    for (n, column) in COLUMNS.iter().enumerate() {
        out.write_all(if n == 0 { b"" } else { b"," })?;
        let cell = match *column {
            "rule" => check.rule.as_deref().unwrap_or_default(),
            "status" => &check.result,
            "message" => &message,
            _ => "",
        };
        text(out, cell)?;
    }
    out.write_all(b"\n")
}

fn record(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let mut cells = Cells { out, first: true };
    cells.text(Some(finding.severity.as_str()))?;
    cells.text(Some(&finding.rule))?;
    cells.text(Some(confidence(finding.confidence)))?;
    cells.text(Some(finding.status.as_str()))?;
    cells.text(finding.input.as_deref())?;
    cells.number(finding.row)?;
    cells.number(finding.line)?;
    cells.text(finding.column.as_deref())?;
    cells.text(finding.value.as_deref())?;
    cells.text(finding.user.as_deref())?;
    cells.text(finding.subject.as_deref())?;
    cells.text(Some(&finding.message))?;
    cells.text(Some(&finding.reason.join("; ")))?;
    let predicted = finding.predicted.as_ref();
    cells.text(predicted.and_then(|p| p.code.as_deref()))?;
    cells.text(predicted.and_then(|p| p.message.as_deref()))?;
    cells.text(predicted.and_then(|p| p.okta.as_deref()))?;
    let fix = finding.fix.as_ref();
    let replace = fix.and_then(|f| f.replace.as_ref());
    cells.text(fix.map(|f| f.text.as_str()))?;
    cells.text(replace.map(|r| r.column.as_str()))?;
    cells.text(replace.map(|r| r.with.as_str()))?;
    cells.number(finding.rows)?;
    cells.text(Some(&finding.fingerprint))?;
    let waiver = finding.waiver.as_ref();
    cells.text(waiver.and_then(|w| w.owner.as_deref()))?;
    cells.text(waiver.and_then(|w| w.reason.as_deref()))?;
    cells.text(waiver.and_then(|w| w.ticket.as_deref()))?;
    cells.text(waiver.and_then(|w| w.expires.as_deref()))?;
    cells.out.write_all(b"\n")
}

/// The cells of one record.
struct Cells<'a> {
    out: &'a mut dyn Write,
    first: bool,
}

impl Cells<'_> {
    fn text(&mut self, content: Option<&str>) -> io::Result<()> {
        self.comma()?;
        text(self.out, content.unwrap_or_default())
    }

    fn number(&mut self, content: Option<u64>) -> io::Result<()> {
        self.comma()?;
        number(self.out, content)
    }

    fn comma(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.first) {
            return Ok(());
        }
        self.out.write_all(b",")
    }
}
