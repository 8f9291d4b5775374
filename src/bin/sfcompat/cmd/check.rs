//! `sfcompat check`

use super::{Error, answer, configuration, judge, recheck, snapshot};
use crate::args::CheckArgs;
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::rules::Command;

pub(crate) fn run(args: CheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let mut options = judge::options(args.run, &args.judge, Command::Check, &config, env)?;
    let snapshot = snapshot(&args.snapshot, &args.inputs, &config, env)?;
    options.run.today = recheck::window(args.change_window, None, env)?;
    options.touch = args.save_plan.is_some();
    options.hash |= options.touch;
    options.kind = args.kind;
    options.members = args.members;
    options.okta_schema = args.okta_schema.or(options.okta_schema);
    options.changes = args.changes || answer::wants_changes(&args.report);
    let files = answer::targets(&args.report)?;
    let plan = recheck::slot(args.save_plan.as_deref(), env)?;
    let judged = judge::judged(&args.inputs, &snapshot, &options, env)?;
    answer::write(&judged, &args.report, files, env)?;
    let exit = judge::exit(&judged.outcome, &args.judge, &config);
    if let Some(plan) = plan {
        plan.save(&judged, &options, config.file.as_deref(), &exit, env)?;
    }
    Ok(exit)
}
