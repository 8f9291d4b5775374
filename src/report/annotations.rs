//! `github` and `azure`: a few commands to the agent, one for each of the gravest causes, then every finding as a line of the log.
//!
//! Both agents show ten errors, ten warnings and ten notices of a step, and drop the rest without a word
//! (<https://github.com/adrienverge/yamllint/issues/573>): so the tenth says how many more there are.
//! A command starts with a line, or with `##` anywhere in it. Text of files is made visible first, which leaves neither line
//! breaks nor `##`, and every line begins with words of ours.

use super::causes::{Causes, Group, Limits};
use super::pipeline::Pipeline;
use super::regions::{Asked, regions};
use super::summary::Head;
use super::visible::{shortened, visible};
use super::words::{all_rows, checks_line, counted, findings_line, label, said, verdict_line};
use super::{Error, Report, View};
use crate::finding::{Finding, Severity, Status};
use std::io::{self, Write};

/// Commands that are shown, for each severity.
const MOST: usize = 10;
/// Characters of the text of a command.
const MOST_CHARACTERS: usize = 1_000;
/// Characters of a text in a line of the log.
const LINE_CHARACTERS: usize = 400;

/// A command to the agent, in words; nothing in it is escaped.
#[derive(Debug, Default)]
pub(super) struct Annotation {
    pub(super) severity: Option<Severity>,
    /// From the root of the repository.
    pub(super) file: Option<String>,
    pub(super) line: Option<u64>,
    /// Counts characters, from 1.
    pub(super) column: Option<u64>,
    /// The rule.
    pub(super) title: String,
    pub(super) lines: Vec<String>,
}

/// How one kind of agent is told.
pub(super) type Say = fn(&mut dyn Write, &Annotation) -> io::Result<()>;

/// Writes a report as commands and lines.
pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
    say: Say,
) -> Result<(), Error> {
    let causes = Causes::gather_within(report, view, Limits::PIPELINES)?;
    let summary = &report.tail.summary;
    let mut room = MOST;
    if report.pipeline.incomplete {
        room -= 1;
        say(out, &incomplete(summary.undecided))?;
    }
    for (severity, all) in [
        (Severity::Error, summary.errors),
        (Severity::Warning, summary.warnings),
        (Severity::Notice, summary.notices),
    ] {
        let of_level =
            |group: &&Group| group.first.severity == severity && group.first.status == Status::Open;
        let groups: Vec<&Group> = causes.groups.iter().filter(of_level).take(room).collect();
        let told: u64 = groups.iter().map(|group| group.findings).sum();
        let regions = regions(&asked(&groups), report.head, view);
        for (n, (group, region)) in groups.iter().zip(regions).enumerate() {
            let mut annotation = annotation(group, report);
            if group.first.row.is_some() && group.first.column.is_some() {
                annotation.line = Some(region.start_line);
                annotation.column = u64::try_from(region.start_column).ok();
            }
            if n + 1 == groups.len() && all > told && severity >= view.min_severity {
                let more = counted(all - told, severity.as_str());
                annotation.lines.push(format!(
                    "and {} in the log",
                    more.replacen(' ', " more ", 1)
                ));
            }
            say(out, &annotation)?;
        }
        room = MOST;
    }
    log(out, report, view)
}

/// Where the values stand in their files.
fn asked<'g>(groups: &[&'g Group]) -> Vec<Asked<'g>> {
    let place = |group: &&'g Group| Asked {
        input: group.first.input.as_deref().unwrap_or_default(),
        line: group.first.line.unwrap_or(1),
        column: group.first.column.as_deref(),
        value: group.first.value.as_deref(),
    };
    groups.iter().map(place).collect()
}

/// A run that came to no report.
pub(super) fn write_failure(
    out: &mut dyn Write,
    pipeline: &Pipeline,
    say: Say,
) -> Result<(), Error> {
    let annotation = Annotation {
        severity: Some(Severity::Error),
        title: format!("sfcompat {}", pipeline.command),
        lines: vec![pipeline.reason.clone()],
        ..Annotation::default()
    };
    Ok(say(out, &annotation)?)
}

fn incomplete(undecided: u64) -> Annotation {
    let rows = match undecided {
        0 => String::new(),
        rows => format!(": {} undecided", counted(rows, "row")),
    };
    Annotation {
        severity: Some(Severity::Error),
        title: "incomplete evidence".to_owned(),
        lines: vec![format!(
            "incomplete evidence{rows}; what was not told has not passed"
        )],
        ..Annotation::default()
    }
}

fn annotation(group: &Group, report: &Report<'_>) -> Annotation {
    let first = &group.first;
    let mut lines = vec![first.message.clone()];
    lines.extend(first.predicted.as_ref().and_then(said));
    if let Some(fix) = first.fix.as_ref().filter(|fix| !fix.text.is_empty()) {
        lines.push(format!("fix: {}", fix.text));
    }
    let rows = all_rows(group, report);
    if !rows.is_empty() {
        lines.push(rows);
    }
    let (file, line) = place(first, report.pipeline, report.head);
    Annotation {
        severity: Some(first.severity),
        file: Some(file),
        line: Some(line),
        column: None,
        title: first.rule.clone(),
        lines,
    }
}

/// The file from the root of the repository, and the line.
fn place(finding: &Finding, pipeline: &Pipeline, head: &Head) -> (String, u64) {
    let file = pipeline.file(finding, head);
    (pipeline.relative(&file), finding.line.unwrap_or(1))
}

/// Every finding on a line, then the counts.
fn log(out: &mut dyn Write, report: &Report<'_>, view: &View<'_>) -> Result<(), Error> {
    for check in report.tail.checklist.iter().flatten() {
        let text = match check.detail.as_str() {
            "" => check.check.clone(),
            detail => format!("{}: {detail}", check.check),
        };
        writeln!(
            out,
            "check {}: {}",
            check.result,
            plain(&text, LINE_CHARACTERS)
        )?;
    }
    let not_shown = report.findings.each(view, &mut |finding| {
        let status = match finding.status {
            Status::Open => "",
            Status::Waived => " (waived)",
            Status::Baselined => " (baselined)",
        };
        let (file, line) = place(finding, report.pipeline, report.head);
        let mut text = plain(&finding.message, LINE_CHARACTERS);
        if let Some(user) = &finding.user {
            text = format!("{}: {text}", plain(user, LINE_CHARACTERS));
        }
        if let Some(rows) = finding.rows.filter(|rows| *rows > 1) {
            text = format!("{text} ({rows} rows)");
        }
        writeln!(
            out,
            "{}{status} {} {}:{line} {}: {text}",
            finding.severity,
            plain(&finding.rule, LINE_CHARACTERS),
            plain(&file, LINE_CHARACTERS),
            plain(&label(finding), LINE_CHARACTERS),
        )?;
        Ok(())
    })?;
    let summary = &report.tail.summary;
    let verdicts = report
        .tail
        .checklist
        .as_deref()
        .map_or_else(|| verdict_line(summary), checks_line);
    writeln!(out, "sfcompat: {verdicts}")?;
    writeln!(out, "sfcompat: {}", findings_line(summary))?;
    if not_shown.total() > 0 {
        let hidden = counted(not_shown.total(), "finding");
        writeln!(
            out,
            "sfcompat: {hidden} not listed (--max-findings, --min-severity)"
        )?;
    }
    Ok(())
}

/// Text of a file as a part of a line.
pub(super) fn plain(text: &str, most: usize) -> String {
    visible(&shortened(text, most)).into_owned()
}

impl Annotation {
    /// The lines, each made visible, with what the agent takes for a line break between them.
    pub(super) fn text(&self, between: &str, escaped: impl Fn(&str) -> String) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|line| escaped(&plain(line, MOST_CHARACTERS)))
            .collect();
        lines.join(between)
    }
}
