//! `github`: annotations of GitHub Actions (workflow commands). A Markdown table for the job summary is a report of its own,
//! which the program adds where `GITHUB_STEP_SUMMARY` is set.

use super::annotations::{self, Annotation};
use super::pipeline::Pipeline;
use super::visible::visible;
use super::{Error, Report, View};
use crate::finding::Severity;
use std::io::{self, Write};

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    annotations::write(out, report, view, say)
}

pub(super) fn write_failure(out: &mut dyn Write, pipeline: &Pipeline) -> Result<(), Error> {
    annotations::write_failure(out, pipeline, say)
}

/// `::error file=assign.csv,line=13,title=profile-not-found::message`
fn say(out: &mut dyn Write, annotation: &Annotation) -> io::Result<()> {
    let command = match annotation.severity {
        Some(Severity::Warning) => "warning",
        Some(Severity::Notice) => "notice",
        Some(Severity::Error) | None => "error",
    };
    write!(out, "::{command} ")?;
    if let Some(file) = &annotation.file {
        write!(out, "file={},", property(file))?;
    }
    if let Some(line) = annotation.line {
        write!(out, "line={line},")?;
    }
    if let Some(column) = annotation.column {
        write!(out, "col={column},")?;
    }
    let text = annotation.text("%0A", data);
    writeln!(out, "title={}::{text}", property(&annotation.title))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
