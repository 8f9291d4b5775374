//! What all commands share that answer with a report of findings: its targets, and its writing.

use super::{Error, judge};
use crate::args::{FormatName, ReportArgs, SeverityName};
use crate::env::Env;
use sfcompat::check::Judged;
use sfcompat::finding::Severity;
use sfcompat::report::changes::{Changes, TakeChange};
use sfcompat::report::person::Person;
use sfcompat::report::summary::{Head, Tail};
use sfcompat::report::{Findings, Format, Output, Report, Target, View, quote_file, write_all};
use std::io::Write;

/// The files that a report goes to. Opened before the work starts: nobody waits an hour for a path that cannot be written.
pub(super) fn targets(args: &ReportArgs) -> Result<Vec<Output<'static>>, Error> {
    let mut outputs = Vec::new();
    for wanted in &args.output {
        outputs.push(Output {
            format: format(wanted.format),
            target: Target::file(&wanted.path)?,
        });
    }
    Ok(outputs)
}

/// Whether one of the reports shows changes.
pub(super) fn wants_changes(args: &ReportArgs) -> bool {
    let further = args.output.iter().map(|output| output.format);
    further
        .chain([args.format])
        .any(|format| matches!(format, FormatName::Changes | FormatName::Html))
}

/// Writes the report to its files and to stdout.
pub(super) fn write(
    judged: &Judged,
    args: &ReportArgs,
    files: Vec<Output<'_>>,
    env: &mut Env,
) -> Result<(), Error> {
    write_about(None, judged, args, files, env)
}

/// The same, but stdout is told about one person only (`--explain-user`).
pub(super) fn write_about(
    login: Option<&str>,
    judged: &Judged,
    args: &ReportArgs,
    files: Vec<Output<'_>>,
    env: &mut Env,
) -> Result<(), Error> {
    let outcome = &judged.outcome;
    let head = Head::of(judge::run_info(env), judged);
    let tail = Tail::of(outcome, args.rows);
    let view = View {
        max_findings: args.max_findings,
        min_severity: args.min_severity.map_or(Severity::Notice, severity),
        width: env.width,
        color: env.color,
        quote: &quote_file,
    };
    let mut outputs = files;
    let stdout = Target::stream(&mut env.out);
    let replay = |out: &mut dyn Write| outcome.replay(out);
    let each = |take: &mut TakeChange<'_>| outcome.each_change(take);
    let report = Report {
        head: &head,
        findings: Findings::new(&replay),
        tail: &tail,
        matrix: Some(&judged.matrix),
        changes: outcome.impact.is_some().then(|| Changes::new(&each)),
    };
    // Stdout comes last: a closed pipe does not keep files from being written.
    let Some(login) = login else {
        outputs.push(Output {
            format: format(args.format),
            target: stdout,
        });
        return Ok(write_all(outputs, &report, &view)?);
    };
    write_all(outputs, &report, &view)?;
    let groups = judged.groups.as_deref();
    let person = Person::gather(
        login,
        groups.and_then(|groups| groups.derivation(login)),
        Changes::new(&each),
        report.findings,
        &view,
    )?;
    let Some(person) = person else {
        return Err(Error::Usage {
            reason: format!("no input has a user {login}"),
            hints: vec![String::from(
                "give the login or the username as the inputs or the file of members write it",
            )],
        });
    };
    stdout.write(|out| match args.format {
        FormatName::Json => person.write_json(out),
        _ => person.write_text(out, view.width),
    })?;
    Ok(())
}

fn format(name: FormatName) -> Format {
    match name {
        FormatName::Table => Format::Table,
        FormatName::Json => Format::Json,
        FormatName::Jsonl => Format::Jsonl,
        FormatName::Csv => Format::Csv,
        FormatName::Markdown => Format::Markdown,
        FormatName::Html => Format::Html,
        FormatName::Changes => Format::Changes,
    }
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Notice => Severity::Notice,
    }
}
