//! `jsonl`: head, findings, changes where they were asked for, tail, each an object on its own line.

use super::json::value;
use super::summary::{CheckLine, CoverageLine, NotShown, RowVerdict, SeatLine, Summary};
use super::{Error, Report, View};
use crate::finding::Impact;
use serde::Serialize;
use std::io::Write;

/// [`super::summary::Tail`], with what this reporter passed over.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Last<'a> {
    coverage: &'a [CoverageLine],
    summary: &'a Summary,
    seats: &'a [SeatLine],
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<&'a Impact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<&'a [RowVerdict]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checklist: Option<&'a [CheckLine]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_shown: Option<NotShown>,
}

/// One line, as readers see it: the first, the last, or one between them.
#[cfg(test)]
#[derive(Serialize, schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
pub(super) enum Line<'a> {
    First(&'a super::summary::Head),
    Finding(Box<crate::finding::Finding>),
    Change(&'a crate::finding::Change),
    Last(Last<'a>),
}

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    value(out, report.head)?;
    out.write_all(b"\n")?;
    let not_shown = report.findings.each_json(view, &mut |finding| {
        out.write_all(finding)?;
        Ok(out.write_all(b"\n")?)
    })?;
    if let Some(changes) = report.changes {
        changes.each(&mut |change| {
            value(out, change)?;
            Ok(out.write_all(b"\n")?)
        })?;
    }
    let last = Last {
        coverage: &report.tail.coverage,
        summary: &report.tail.summary,
        seats: &report.tail.seats,
        impact: report.tail.impact.as_ref(),
        rows: report.tail.rows.as_deref(),
        checklist: report.tail.checklist.as_deref(),
        not_shown: not_shown.any(),
    };
    value(out, &last)?;
    out.write_all(b"\n")?;
    Ok(())
}
