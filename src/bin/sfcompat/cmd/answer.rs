//! What all commands share that answer with a report of findings: its targets, and its writing.

use super::{Error, judge};
use crate::args::{FormatName, JudgeArgs, JunitCasesName, ReportArgs, SeverityName};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::check::{Judged, Outcome};
use sfcompat::config::Config;
use sfcompat::finding::{Change, Severity};
use sfcompat::report::changes::{Changes, TakeChange};
use sfcompat::report::person::Person;
use sfcompat::report::redact::{Key, Redactor};
use sfcompat::report::summary::{Head, Tail};
use sfcompat::report::{
    Findings, Format, JunitCases, Output, Pipeline, Report, Target, View, quote_file, write_all,
    write_failure,
};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The report of a run, from its first moment on.
pub(super) struct Answer<'a> {
    command: &'static str,
    args: &'a ReportArgs,
    alias: Option<String>,
    files: Vec<Output<'static>>,
}

impl<'a> Answer<'a> {
    /// Opens the files that the report goes to, before the work starts: nobody waits an hour for a path that cannot be written.
    pub(super) fn open(
        command: &'static str,
        args: &'a ReportArgs,
        alias: Option<&String>,
        env: &mut Env,
    ) -> Result<Self, Error> {
        let mut files = Vec::new();
        for wanted in &args.output {
            files.push(Output {
                format: format(wanted.format),
                target: Target::file(&wanted.path)?,
            });
        }
        let github = formats(args).any(|format| format == FormatName::Github);
        if let Some(path) = env.step_summary.as_ref().filter(|_| github) {
            files.push(Output {
                format: Format::Markdown,
                target: Target::append(path)?,
            });
        }
        Ok(Self {
            command,
            args,
            alias: alias.cloned(),
            files,
        })
    }

    /// Hands out what the run came to. If it came to nothing, the formats that can say so do.
    pub(super) fn of<T>(self, result: Result<T, Error>, env: &mut Env) -> Result<(T, Self), Error> {
        match result {
            Ok(result) => Ok((result, self)),
            Err(error) => {
                self.fail(&error.exit(), env);
                Err(error)
            }
        }
    }

    /// Says that the run came to no report. That it could not be said is the lesser failure.
    fn fail(self, exit: &Exit, env: &mut Env) {
        let (Exit::Input(_) | Exit::Unreachable(_)) = exit else {
            return;
        };
        let pipeline = Pipeline {
            code: exit.code(),
            reason: exit.reason().unwrap_or_default(),
            command: self.command,
            ..Pipeline::default()
        };
        let mut outputs = self.files;
        outputs.push(Output {
            format: format(self.args.format),
            target: Target::stream(&mut env.out),
        });
        for Output { format, target } in outputs {
            if format.tells_failures() {
                let _ = target.write(|out| write_failure(format, out, &pipeline));
            }
        }
    }

    /// Writes the report to its files and to stdout, and tells how the program ends.
    pub(super) fn write(
        self,
        judged: &Judged,
        redactor: Option<&Redactor>,
        judge_args: &JudgeArgs,
        config: &Config,
        env: &mut Env,
    ) -> Result<Exit, Error> {
        self.write_about(None, (judged, redactor), judge_args, config, env)
    }

    /// The same, but stdout is told about one person only (`--explain-user`).
    pub(super) fn write_about(
        self,
        login: Option<&str>,
        (judged, redactor): (&Judged, Option<&Redactor>),
        judge_args: &JudgeArgs,
        config: &Config,
        env: &mut Env,
    ) -> Result<Exit, Error> {
        let outcome = &judged.outcome;
        let exit = judge::exit(outcome, judge_args, config);
        let mut head = Head::of(judge::run_info(env), judged);
        let mut tail = Tail::of(outcome, self.args.rows);
        if let Some(redactor) = redactor {
            redactor.head(&mut head);
            redactor.tail(&mut tail);
        }
        let pipeline = Pipeline {
            code: exit.code(),
            reason: exit.reason().unwrap_or_default(),
            fail_on: judge::gate(judge_args, config).fail_on,
            incomplete: outcome.is_incomplete(),
            command: self.command,
            alias: self.alias,
            ran: outcome.rules().collect(),
            anchor: config
                .file
                .clone()
                .or_else(|| head.inputs.first().map(|input| PathBuf::from(&input.path))),
            folder: env.folder.clone(),
            root: env.repository(),
            moment: env.pinned.map(|now| now.to_string()),
            junit: JunitCases {
                rows: self.args.junit_cases == JunitCasesName::Rows,
                file: self.args.junit_file_attr,
            },
        };
        let view = View {
            max_findings: self.args.max_findings,
            min_severity: self.args.min_severity.map_or(Severity::Notice, severity),
            width: env.width,
            color: env.color,
            // A record that is quoted is full of its person.
            quote: if redactor.is_some() {
                &|_, _| Vec::new()
            } else {
                &quote_file
            },
        };
        let mut outputs = self.files;
        let stdout = Target::stream(&mut env.out);
        let replay = |out: &mut dyn Write| replay(outcome, redactor, out);
        let each = |take: &mut TakeChange<'_>| each_change(outcome, redactor, take);
        let report = Report {
            head: &head,
            findings: Findings::new(&replay),
            tail: &tail,
            matrix: Some(&judged.matrix),
            changes: outcome.impact.is_some().then(|| Changes::new(&each)),
            pipeline: &pipeline,
        };
        // Stdout comes last: a closed pipe does not keep files from being written.
        if let Some(login) = login {
            write_all(outputs, &report, &view)?;
            let person = person(login, judged, &report, &view)?;
            stdout.write(|out| match self.args.format {
                FormatName::Json => person.write_json(out),
                _ => person.write_text(out, view.width),
            })?;
        } else {
            outputs.push(Output {
                format: format(self.args.format),
                target: stdout,
            });
            write_all(outputs, &report, &view)?;
        }
        Ok(exit)
    }
}

/// The findings of a run, without people where those are left out.
fn replay(
    outcome: &Outcome,
    redactor: Option<&Redactor>,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let Some(redactor) = redactor else {
        return outcome.replay(out);
    };
    let mut lines = redactor.lines(out);
    outcome.replay(&mut lines)?;
    lines.finish()
}

/// The changes of a run, without people where those are left out.
fn each_change(
    outcome: &Outcome,
    redactor: Option<&Redactor>,
    take: &mut TakeChange<'_>,
) -> std::io::Result<()> {
    let Some(redactor) = redactor else {
        return outcome.each_change(take);
    };
    outcome.each_change(&mut |change| {
        let mut change = change.clone();
        redactor.change(&mut change);
        take(&change)
    })
}

/// What there is to tell about one person.
fn person(
    login: &str,
    judged: &Judged,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<Person, Error> {
    let each = |take: &mut TakeChange<'_>| judged.outcome.each_change(take);
    let groups = judged.groups.as_deref();
    let inputs = &judged.outcome.inputs;
    let is_leaver = |change: &Change| judged.outcome.is_of_leaver(change);
    let person = Person::gather(
        login,
        groups.and_then(|groups| groups.derivation(login)),
        judged.options.run.okta_told.person.clone(),
        (Changes::new(&each), &is_leaver),
        report.findings,
        view,
    )?;
    person.ok_or_else(|| {
        let mut hints = vec![String::from(
            "give the login or the username as the inputs or the file of members write it",
        )];
        let left_out = inputs.iter().filter(|one| one.input.left_out > 0);
        hints.extend(left_out.map(|one| {
            format!(
                "people of {} without a row: {}, from whom Okta has taken the app away without a link to a Salesforce user",
                one.input.path, one.input.left_out
            )
        }));
        Error::Usage {
            reason: format!("no input has a user {login}"),
            hints,
        }
    })
}

/// Whether one of the reports shows changes.
pub(super) fn wants_changes(args: &ReportArgs) -> bool {
    formats(args).any(|format| matches!(format, FormatName::Changes | FormatName::Html))
}

/// All formats of a run.
fn formats(args: &ReportArgs) -> impl Iterator<Item = FormatName> {
    let files = args.output.iter().map(|wanted| wanted.format);
    files.chain([args.format])
}

/// Whoever replaces people in the reports, where that is wanted. Says so where it is not, and reports go where many read.
pub(super) fn redactor(
    args: &ReportArgs,
    snapshot: &Path,
    config: &Config,
    env: &mut Env,
) -> Result<Option<Redactor>, Error> {
    let Some(key) = key(args, config)? else {
        let public = formats(args).find(|format| PUBLIC.contains(format));
        if let Some(name) = public.filter(|_| !env.quiet) {
            let name = format(name).name();
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
const PUBLIC: [FormatName; 4] = [
    FormatName::Sarif,
    FormatName::Github,
    FormatName::Gitlab,
    FormatName::Azure,
];

/// The key of the run: the command line first, then the configuration.
pub(super) fn key(args: &ReportArgs, config: &Config) -> Result<Option<Key>, Error> {
    let path = args.redact.as_ref().or(config.redact_key.as_ref());
    Ok(path.map(|path| Key::read(path)).transpose()?)
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
        FormatName::Sarif => Format::Sarif,
        FormatName::Junit => Format::Junit,
        FormatName::Github => Format::Github,
        FormatName::Azure => Format::Azure,
        FormatName::Gitlab => Format::Gitlab,
    }
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Notice => Severity::Notice,
    }
}
