//! What all commands share that answer with a report of findings: its targets, and its writing.

use super::{Error, judge};
use crate::args::{FormatName, ReportArgs, SeverityName};
use crate::env::Env;
use sfcompat::check::Judged;
use sfcompat::config::Config;
use sfcompat::finding::Severity;
use sfcompat::report::changes::{Changes, TakeChange};
use sfcompat::report::person::Person;
use sfcompat::report::redact::{Key, Redactor};
use sfcompat::report::summary::{Head, Tail};
use sfcompat::report::{Findings, Format, Output, Report, Target, View, quote_file, write_all};
use std::io::Write;
use std::path::Path;

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

/// Whoever replaces people in the reports, where that is wanted. Says so where it is not, and reports go where many read.
pub(super) fn redactor(
    args: &ReportArgs,
    snapshot: &Path,
    config: &Config,
    env: &mut Env,
) -> Result<Option<Redactor>, Error> {
    let Some(key) = key(args, config)? else {
        let written = args.output.iter().map(|wanted| wanted.format);
        let public = written
            .chain([args.format])
            .map(|name| format(name).name())
            .find(|name| PUBLIC.contains(name));
        if let Some(name) = public {
            // Whoever closed stderr does not want to read it.
            let _ = writeln!(
                env.err,
                "sfcompat: warning: {name} shows usernames to everybody who can see the pipeline or the repository; --redact KEYFILE replaces them"
            );
        }
        return Ok(None);
    };
    Redactor::new(key, snapshot)
        .map(Some)
        .map_err(|source| Error::Snapshot {
            dir: snapshot.to_owned(),
            source: Box::new(source),
        })
}

/// Formats that are made for places where many people read.
const PUBLIC: [&str; 4] = ["sarif", "github", "gitlab", "azure"];

/// The key of the run: the command line first, then the configuration.
pub(super) fn key(args: &ReportArgs, config: &Config) -> Result<Option<Key>, Error> {
    let path = args.redact.as_ref().or(config.redact_key.as_ref());
    Ok(path.map(|path| Key::read(path)).transpose()?)
}

/// Writes the report to its files and to stdout.
pub(super) fn write(
    judged: &Judged,
    args: &ReportArgs,
    files: Vec<Output<'_>>,
    redactor: Option<&Redactor>,
    env: &mut Env,
) -> Result<(), Error> {
    write_about(None, judged, args, files, redactor, env)
}

/// The same, but stdout is told about one person only (`--explain-user`).
pub(super) fn write_about(
    login: Option<&str>,
    judged: &Judged,
    args: &ReportArgs,
    files: Vec<Output<'_>>,
    redactor: Option<&Redactor>,
    env: &mut Env,
) -> Result<(), Error> {
    let outcome = &judged.outcome;
    let mut head = Head::of(judge::run_info(env), judged);
    let mut tail = Tail::of(outcome, args.rows);
    if let Some(redactor) = redactor {
        redactor.head(&mut head);
        redactor.tail(&mut tail);
    }
    let view = View {
        max_findings: args.max_findings,
        min_severity: args.min_severity.map_or(Severity::Notice, severity),
        width: env.width,
        color: env.color,
        // A record that is quoted is full of its person.
        quote: if redactor.is_some() {
            &|_, _| Vec::new()
        } else {
            &quote_file
        },
    };
    let mut outputs = files;
    let stdout = Target::stream(&mut env.out);
    let replay = |out: &mut dyn Write| match redactor {
        None => outcome.replay(out),
        Some(redactor) => {
            let mut lines = redactor.lines(out);
            outcome.replay(&mut lines)?;
            lines.finish()
        }
    };
    let each = |take: &mut TakeChange<'_>| match redactor {
        None => outcome.each_change(take),
        Some(redactor) => outcome.each_change(&mut |change| {
            let mut change = change.clone();
            redactor.change(&mut change);
            take(&change)
        }),
    };
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
