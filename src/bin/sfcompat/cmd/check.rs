//! `sfcompat check`

use super::{Error, configuration, judge, snapshot};
use crate::args::{CheckArgs, FormatName, SeverityName};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::finding::Severity;
use sfcompat::report::summary::{Head, Tail};
use sfcompat::report::{Findings, Format, Output, Report, Target, View, quote_file, write_all};
use sfcompat::rules::Command;
use std::io::Write;

pub(crate) fn run(args: CheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let mut options = judge::options(args.run, &args.judge, Command::Check, &config, env)?;
    let snapshot = snapshot(&args.snapshot, &config)?;
    options.kind = args.kind;
    // Opened before the work starts: nobody waits an hour for a path that cannot be written.
    let mut outputs = Vec::new();
    for wanted in &args.output {
        outputs.push(Output {
            format: format(wanted.format),
            target: Target::file(&wanted.path)?,
        });
    }
    let judged = judge::judged(&args.inputs, &snapshot, &options, env)?;
    let outcome = &judged.outcome;
    let head = Head::of(judge::run_info(env), &judged);
    let tail = Tail::of(outcome, args.rows);
    let view = View {
        max_findings: args.max_findings,
        min_severity: args.min_severity.map_or(Severity::Notice, severity),
        width: env.width,
        color: env.color,
        quote: &quote_file,
    };
    // Stdout comes last: a closed pipe does not keep files from being written.
    outputs.push(Output {
        format: format(args.format),
        target: Target::stream(&mut env.out),
    });
    let replay = |out: &mut dyn Write| outcome.replay(out);
    let report = Report {
        head: &head,
        findings: Findings::new(&replay),
        tail: &tail,
    };
    write_all(outputs, &report, &view)?;
    Ok(judge::exit(outcome, &args.judge, &config))
}

fn format(name: FormatName) -> Format {
    match name {
        FormatName::Table => Format::Table,
        FormatName::Json => Format::Json,
        FormatName::Jsonl => Format::Jsonl,
        FormatName::Csv => Format::Csv,
        FormatName::Markdown => Format::Markdown,
    }
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Notice => Severity::Notice,
    }
}
