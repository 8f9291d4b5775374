//! `azure`: logging commands of Azure Pipelines. There is no command for a notice: notices stand in the log only.

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

/// `##vso[task.logissue type=error;sourcepath=assign.csv;linenumber=13;code=profile-not-found;]message`
fn say(out: &mut dyn Write, annotation: &Annotation) -> io::Result<()> {
    let kind = match annotation.severity {
        Some(Severity::Notice) => return Ok(()),
        Some(Severity::Warning) => "warning",
        Some(Severity::Error) | None => "error",
    };
    write!(out, "##vso[task.logissue type={kind};")?;
    if let Some(file) = &annotation.file {
        write!(out, "sourcepath={};", property(file))?;
    }
    if let Some(line) = annotation.line {
        write!(out, "linenumber={line};")?;
    }
    if let Some(column) = annotation.column {
        write!(out, "columnnumber={column};")?;
    }
    // An issue is one line.
    let text = annotation.text(" | ", data);
    writeln!(out, "code={};]{text}", property(&annotation.title))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&visible(text)).replace(';', "%3B").replace(']', "%5D")
}
