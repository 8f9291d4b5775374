//! `sfcompat check`

use super::answer::{Answer, wants_changes};
use super::{Error, configuration, judge, recheck, snapshot};
use crate::args::{CheckArgs, FormatName};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::rules::Command;

pub(crate) fn run(args: CheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let mut options = judge::options(args.run, &args.judge, Command::Check, &config, env)?;
    options.run.today = recheck::window(args.change_window, None, env)?;
    options.touch = args.save_plan.is_some();
    options.hash |= options.touch;
    options.kind = args.kind;
    options.members = args.members;
    let limit = &mut options.run.mass_change;
    limit.share = args.mass_change.unwrap_or(limit.share);
    options.okta_schema = args.okta_schema.or(options.okta_schema);
    options.changes = args.changes || wants_changes(&args.report);
    if args.explain_user.is_some()
        && !matches!(args.report.format, FormatName::Table | FormatName::Json)
    {
        return Err(Error::Usage {
            reason: String::from("--explain-user answers as table or json"),
            hints: vec![String::from(
                "--output FORMAT=PATH writes further reports of the whole run",
            )],
        });
    }
    let answer = Answer::open("check", &args.report, args.snapshot.org.as_ref(), env)?;
    options.changes |= args.explain_user.is_some();
    let plan = recheck::slot(args.save_plan.as_deref(), env)?;
    let judged = snapshot(&args.snapshot, &args.inputs, &config, env).and_then(|snapshot| {
        let judged = judge::judged(&args.inputs, &snapshot, &options, env)?;
        Ok((judged, snapshot))
    });
    let ((judged, _snapshot), answer) = answer.of(judged, env)?;
    let login = args.explain_user.as_deref();
    let exit = answer.write_about(login, &judged, &args.judge, &config, env)?;
    if let Some(plan) = plan {
        plan.save(&judged, &options, config.file.as_deref(), &exit, env)?;
    }
    Ok(exit)
}
