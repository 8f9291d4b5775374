//! `json`: one object of `sfcompat-report/1`. What is known first comes first, so that findings stream.

use super::{Error, Report, View};
use serde::Serialize;
use std::io::Write;

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let head = report.head;
    out.write_all(b"{\"schema\":")?;
    value(out, &head.schema)?;
    member(out, "run", &head.run)?;
    member(out, "org", &head.org)?;
    member(out, "inputs", &head.inputs)?;
    out.write_all(b",\n\"findings\":[")?;
    let mut between: &[u8] = b"\n";
    let not_shown = report.findings.each_json(view, &mut |finding| {
        out.write_all(between)?;
        between = b",\n";
        Ok(out.write_all(finding)?)
    })?;
    out.write_all(b"\n]")?;
    if let Some(changes) = report.changes {
        out.write_all(b",\n\"changes\":[")?;
        between = b"\n";
        changes.each(&mut |change| {
            out.write_all(between)?;
            between = b",\n";
            value(out, change)
        })?;
        out.write_all(b"\n]")?;
    }
    let tail = report.tail;
    member(out, "coverage", &tail.coverage)?;
    member(out, "summary", &tail.summary)?;
    member(out, "seats", &tail.seats)?;
    if let Some(impact) = &tail.impact {
        member(out, "impact", impact)?;
    }
    if let Some(rows) = &tail.rows {
        member(out, "rows", rows)?;
    }
    if let Some(checklist) = &tail.checklist {
        member(out, "checklist", checklist)?;
    }
    if let Some(not_shown) = not_shown.any() {
        member(out, "not_shown", &not_shown)?;
    }
    out.write_all(b"}\n")?;
    Ok(())
}

pub(super) fn member(
    out: &mut dyn Write,
    name: &str,
    content: &impl Serialize,
) -> Result<(), Error> {
    write!(out, ",\n\"{name}\":")?;
    value(out, content)
}

pub(super) fn value(out: &mut dyn Write, content: &impl Serialize) -> Result<(), Error> {
    Ok(serde_json::to_writer(out, content)?)
}
