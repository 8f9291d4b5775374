//! `sfcompat baseline`

use super::exempt::baseline_file;
use super::{Error, configuration, judge, snapshot};
use crate::args::{BaselineArgs, BaselineCommand, BaselineRunArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::baseline::{self, Baseline, Growth, found};
use sfcompat::check::Judged;
use sfcompat::config::Config;
use sfcompat::report::summary::OrgInfo;
use sfcompat::report::{Error as ReportError, Target};
use sfcompat::rules::Command;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

pub(crate) fn run(args: BaselineArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    match args.command {
        BaselineCommand::Write(args) => write(args.run, args.accept_new, &config, env),
        BaselineCommand::Update(args) => update(args.run, args.accept_new, &config, env),
        BaselineCommand::Prune(args) => prune(args, &config, env),
    }
}

fn write(
    args: BaselineRunArgs,
    accept_new: bool,
    config: &Config,
    env: &mut Env,
) -> Result<Exit, Error> {
    let path = baseline_file(&args.judge.exempt, config);
    if !accept_new && env.folder.join(&path).exists() {
        return Err(baseline::Error::Exists(path).into());
    }
    let judged = judged(args, None, config, env)?;
    let found = found(judged.outcome.findings().map_err(unread)?).map_err(unread)?;
    let growth = Baseline::of(&path, org(&judged), found);
    finish(&path, &growth, &judged, env)
}

fn update(
    args: BaselineRunArgs,
    accept_new: bool,
    config: &Config,
    env: &mut Env,
) -> Result<Exit, Error> {
    let path = baseline_file(&args.judge.exempt, config);
    let old = Arc::new(Baseline::read(&path, &env.folder)?);
    let judged = judged(args, Some(Arc::clone(&old)), config, env)?;
    let found = found(judged.outcome.findings().map_err(unread)?).map_err(unread)?;
    if !accept_new && !found.new.is_empty() {
        return Ok(Exit::Findings(format!(
            "{} new findings are not in {}; --accept-new adds them",
            found.new.len(),
            path.display()
        )));
    }
    finish(&path, &old.with(found), &judged, env)
}

fn prune(args: BaselineRunArgs, config: &Config, env: &mut Env) -> Result<Exit, Error> {
    let path = baseline_file(&args.judge.exempt, config);
    let old = Arc::new(Baseline::read(&path, &env.folder)?);
    let judged = judged(args, Some(Arc::clone(&old)), config, env)?;
    let growth = old.without(&judged.outcome.stale_baseline());
    finish(&path, &growth, &judged, env)
}

fn judged(
    args: BaselineRunArgs,
    baseline: Option<Arc<Baseline>>,
    config: &Config,
    env: &mut Env,
) -> Result<Judged, Error> {
    let mut options =
        judge::options_without_baseline(args.run, &args.judge, Command::Check, config, env)?;
    let snapshot = snapshot(&args.snapshot, &args.inputs, config, env)?;
    options.baseline = baseline;
    args.beside.set(&mut options);
    judge::judged(&args.inputs, &snapshot, &options, env)
}

fn org(judged: &Judged) -> Option<String> {
    OrgInfo::of(&judged.matrix, &judged.capture, "").id
}

/// Writes the file, and says how it differs from the old one.
fn finish(path: &Path, growth: &Growth, judged: &Judged, env: &mut Env) -> Result<Exit, Error> {
    let target = Target::file(&env.folder.join(path))?;
    target.write(|out| Ok(growth.baseline.write(out)?))?;
    let said = format!(
        "{}: {} findings, {} added, {} removed",
        path.display(),
        growth.baseline.len(),
        growth.added,
        growth.removed
    );
    writeln!(env.out, "{said}").map_err(Error::Stdout)?;
    if judged.outcome.is_incomplete() {
        return Ok(Exit::Incomplete(format!(
            "incomplete evidence: what could not be judged is not in the baseline; {said}"
        )));
    }
    Ok(Exit::Clean(said))
}

/// Findings that were kept cannot be read back.
fn unread(error: std::io::Error) -> Error {
    Error::Report(ReportError::Replay(error))
}
