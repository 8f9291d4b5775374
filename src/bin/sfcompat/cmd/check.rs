//! `sfcompat check`

use super::{Error, answer, configuration, judge, snapshot};
use crate::args::CheckArgs;
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::rules::Command;

pub(crate) fn run(args: CheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let mut options = judge::options(args.run, &args.judge, Command::Check, &config, env)?;
    let snapshot = snapshot(&args.snapshot, &args.inputs, &config, env)?;
    options.kind = args.kind;
    options.members = args.members;
    options.okta_schema = args.okta_schema.or(options.okta_schema);
    options.changes = args.changes || answer::wants_changes(&args.report);
    let files = answer::targets(&args.report)?;
    let judged = judge::judged(&args.inputs, &snapshot, &options, env)?;
    answer::write(&judged, &args.report, files, env)?;
    Ok(judge::exit(&judged.outcome, &args.judge, &config))
}
