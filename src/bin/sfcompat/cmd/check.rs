//! `sfcompat check`

use super::answer::{self, Answer};
use super::{Error, configuration, evidence, judge, recheck, snapshot};
use crate::args::{CheckArgs, FormatName};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::check::Options;
use sfcompat::config::Config;
use sfcompat::rules::Command;

pub(crate) fn run(args: &CheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let mut options = options(args, &config, env)?;
    let key = answer::key(&args.report, &config)?;
    explainable(args, key.is_some())?;
    let answer = Answer::open("check", &args.report, args.snapshot.org.as_ref(), env)?;
    let pack = evidence::begin(args, key.is_some())?;
    let plan = recheck::slot(args.save_plan.as_deref(), env)?;
    let run = evidence::Run {
        args,
        config: &config,
        key,
    };
    let judged = snapshot(&args.snapshot, &args.inputs, &config, env).and_then(|snapshot| {
        let Some((pack, dir)) = pack.zip(args.evidence.as_ref()) else {
            let judged = judge::judged(&args.inputs, &snapshot, &options, env)?;
            let redactor = answer::redactor(&args.report, &snapshot, &config, env)?;
            return Ok((judged, redactor, None));
        };
        let (judged, redactor, done) = evidence::write(pack, &run, &mut options, &snapshot, env)?;
        Ok((judged, redactor, Some((dir, done))))
    });
    let ((mut judged, redactor, done), answer) = answer.of(judged, env)?;
    if !asks_changes(args) {
        // Reports are the same with evidence and without.
        judged.outcome.impact = None;
    }
    let login = args.explain_user.as_deref();
    let told = (&judged, redactor.as_ref());
    let exit = answer.write_about(login, told, &args.judge, &config, env)?;
    if let Some(plan) = plan {
        plan.save(&judged, &options, config.file.as_deref(), &exit, env)?;
    }
    Ok(match done {
        Some((dir, done)) => evidence::told(dir, &done, exit, env),
        None => exit,
    })
}

/// The answer about one person is a page for people, or JSON; and without people there is nobody to explain.
fn explainable(args: &CheckArgs, redacted: bool) -> Result<(), Error> {
    if args.explain_user.is_none() {
        return Ok(());
    }
    if redacted {
        return Err(Error::Usage {
            reason: String::from("--explain-user names a person, and --redact leaves people out"),
            hints: vec![String::from("ask for one of them")],
        });
    }
    if !matches!(args.report.format, FormatName::Table | FormatName::Json) {
        return Err(Error::Usage {
            reason: String::from("--explain-user answers as table or json"),
            hints: vec![String::from(
                "--output FORMAT=PATH writes further reports of the whole run",
            )],
        });
    }
    Ok(())
}

/// Whether the reports are to tell what changes; the evidence always does.
fn asks_changes(args: &CheckArgs) -> bool {
    args.changes || args.explain_user.is_some() || answer::wants_changes(&args.report)
}

/// The options of a check.
pub(super) fn options(args: &CheckArgs, config: &Config, env: &Env) -> Result<Options, Error> {
    let mut options = judge::options(args.run.clone(), &args.judge, Command::Check, config, env)?;
    options.run.today = recheck::window(args.change_window, None, env)?;
    options.touch = args.save_plan.is_some();
    options.hash |= options.touch;
    options.kind = args.kind;
    options.members.clone_from(&args.members);
    options.okta_users.clone_from(&args.okta_users);
    options.explain_user.clone_from(&args.explain_user);
    let limit = &mut options.run.mass_change;
    limit.share = args.mass_change.unwrap_or(limit.share);
    if args.okta_schema.is_some() {
        options.okta_schema.clone_from(&args.okta_schema);
    }
    options.changes = asks_changes(args) || args.evidence.is_some();
    Ok(options)
}
