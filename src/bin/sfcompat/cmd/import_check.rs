//! `sfcompat import-check`

use super::{Error, answer, configuration, judge, snapshot};
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
    let snapshot = snapshot(&args.snapshot, &[], &config, env)?.with_users("import-check")?;
    let source = ProfileSource {
        schema: args.okta_schema,
        users: args.okta_users,
        map: config.import_map.clone(),
    };
    let files = answer::targets(&args.report)?;
    let users = [snapshot.join("User.csv").to_string_lossy().into_owned()];
    let judged = judge::with_progress(&users, &snapshot, env, |progress| {
        check::import_check(&snapshot, &source, &options, progress)
    })?;
    let redactor = answer::redactor(&args.report, &snapshot, &config, env)?;
    answer::write(&judged, &args.report, files, redactor.as_ref(), env)?;
    Ok(judge::exit(&judged.outcome, &args.judge, &config))
}
