//! `sfcompat check`

use super::{Error, answer, configuration, evidence, judge, snapshot};
use crate::args::CheckArgs;
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::check::Options;
use sfcompat::config::Config;
use sfcompat::rules::Command;

pub(crate) fn run(args: &CheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let mut options = options(args, &config, env)?;
    let key = answer::key(&args.report, &config)?;
    let files = answer::targets(&args.report)?;
    let pack = evidence::begin(args, key.is_some())?;
    let snapshot = snapshot(&args.snapshot, &args.inputs, &config, env)?;
    let run = evidence::Run {
        args,
        config: &config,
        key,
    };
    let (mut judged, redactor, done) = if let (Some(pack), Some(dir)) = (pack, &args.evidence) {
        let (judged, redactor, done) = evidence::write(pack, &run, &mut options, &snapshot, env)?;
        (judged, redactor, Some((dir, done)))
    } else {
        let judged = judge::judged(&args.inputs, &snapshot, &options, env)?;
        let redactor = answer::redactor(&args.report, &snapshot, &config, env)?;
        (judged, redactor, None)
    };
    if !asks_changes(args) {
        // Reports are the same with evidence and without.
        judged.outcome.impact = None;
    }
    answer::write(&judged, &args.report, files, redactor.as_ref(), env)?;
    let exit = judge::exit(&judged.outcome, &args.judge, &config);
    Ok(match done {
        Some((dir, done)) => evidence::told(dir, &done, exit, env),
        None => exit,
    })
}

/// Whether the reports are to tell what changes; the evidence always does.
fn asks_changes(args: &CheckArgs) -> bool {
    args.changes || answer::wants_changes(&args.report)
}

/// The options of a check.
pub(super) fn options(args: &CheckArgs, config: &Config, env: &Env) -> Result<Options, Error> {
    let mut options = judge::options(args.run.clone(), &args.judge, Command::Check, config, env)?;
    options.kind = args.kind;
    options.members.clone_from(&args.members);
    options.okta_schema.clone_from(&args.okta_schema);
    options.changes = asks_changes(args) || args.evidence.is_some();
    Ok(options)
}
