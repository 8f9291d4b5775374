//! `sfcompat preflight`

use super::answer::{self, Answer};
use super::{Error, configuration, judge, snapshot};
use crate::args::{PreflightArgs, RunArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::rules::Command;

pub(crate) fn run(args: PreflightArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let run = RunArgs {
        integration_user: args.integration_user,
        okta_app: args.okta_app,
        max_age: args.max_age,
        ..RunArgs::default()
    };
    let mut options = judge::options(run, &args.judge, Command::Preflight, &config, env)?;
    options.run.reader = args.reader;
    options.okta_schema = args.okta_schema.or(options.okta_schema);
    let answer = Answer::open("preflight", &args.report, args.snapshot.org.as_ref(), env)?;
    let judged = snapshot(&args.snapshot, &[], &config, env).and_then(|snapshot| {
        let judged = judge::judged(&[], &snapshot, &options, env)?;
        let redactor = answer::redactor(&args.report, &snapshot, &config, env)?;
        Ok((judged, redactor))
    });
    let ((judged, redactor), answer) = answer.of(judged, env)?;
    answer.write(&judged, redactor.as_ref(), &args.judge, &config, env)
}
