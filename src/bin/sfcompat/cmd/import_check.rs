//! `sfcompat import-check`

use super::answer::{self, Answer};
use super::{Error, configuration, judge, snapshot};
use crate::args::{ImportCheckArgs, RunArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::check::{self, ProfileSource};
use sfcompat::rules::Command;

pub(crate) fn run(args: ImportCheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let run = RunArgs {
        max_age: args.max_age,
        threads: args.threads,
        ..RunArgs::default()
    };
    let options = judge::options(run, &args.judge, Command::ImportCheck, &config, env)?;
    let source = ProfileSource {
        schema: args.okta_schema,
        users: args.okta_users,
        map: config.import_map.clone(),
    };
    let alias = args.snapshot.org.as_ref();
    let answer = Answer::open("import-check", &args.report, alias, env)?;
    let judged = snapshot(&args.snapshot, &[], &config, env).and_then(|snapshot| {
        let snapshot = snapshot.with_users("import-check")?;
        let users = [snapshot.join("User.csv").to_string_lossy().into_owned()];
        let judged = judge::with_progress(&users, &snapshot, env, |progress| {
            check::import_check(&snapshot, &source, &options, progress)
        })?;
        let redactor = answer::redactor(&args.report, &snapshot, &config, env)?;
        Ok((judged, redactor))
    });
    let ((judged, redactor), answer) = answer.of(judged, env)?;
    answer.write(&judged, redactor.as_ref(), &args.judge, &config, env)
}
