//! What `check` and `seats` share: options, the run itself, and the words of its report.

use super::{Error, exempt};
use crate::args::{FailOn, JudgeArgs, Lists, Nulls, RunArgs};
use crate::env::Env;
use crate::exit::{Exit, Gate, Tally};
use crate::progress::Progress;
use sfcompat::check::{self, Judged, MaxAge, Options, Outcome, Selection};
use sfcompat::config::{self, Config};
use sfcompat::finding::Severity;
use sfcompat::report::summary::RunInfo;
use sfcompat::rules::{Command, ListMeaning, NullMeaning, RULES, nearest_names};
use std::io::Write;
use std::path::Path;

/// The options of a run.
pub(super) fn options(
    run: RunArgs,
    judge: &JudgeArgs,
    command: Command,
    config: &Config,
    env: &Env,
) -> Result<Options, Error> {
    let mut options = options_without_baseline(run, judge, command, config, env)?;
    options.baseline = exempt::baseline(&judge.exempt, config, env)?;
    Ok(options)
}

/// The options of a run that no baseline is given to: it makes one.
pub(super) fn options_without_baseline(
    run: RunArgs,
    judge: &JudgeArgs,
    command: Command,
    config: &Config,
    env: &Env,
) -> Result<Options, Error> {
    for pattern in judge.select.iter().chain(&judge.ignore) {
        if !RULES.iter().any(|rule| check::matches(pattern, rule.name)) {
            return Err(Error::no_such("rule", pattern, &nearest_names(pattern)));
        }
    }
    let mut options = Options::new(env.today());
    options.selection = Selection {
        select: judge.select.clone(),
        ignore: judge.ignore.clone(),
        off: Vec::new(),
    };
    options.run.command = command;
    config.apply(&mut options);
    // What the command line or the environment says counts before the file.
    if let Some(lists) = run.permission_sets {
        options.run.lists = match lists {
            Lists::Replace => ListMeaning::Replace,
            Lists::Add => ListMeaning::Add,
        };
    }
    if let Some(nulls) = run.null_values {
        options.run.nulls_said = true;
        options.run.nulls = match nulls {
            Nulls::Pushed => NullMeaning::Pushed,
            Nulls::Ignored => NullMeaning::Ignored,
        };
    }
    options.threads = run.threads.unwrap_or(options.threads);
    options.integration_user = run.integration_user.or(options.integration_user);
    options.okta_app = run.okta_app.or(options.okta_app);
    options.max_age = run.max_age.or(config.max_age).map(|limit| MaxAge {
        limit,
        now: env.now,
    });
    options.waivers = exempt::waivers(&judge.exempt, config, env)?;
    Ok(options)
}

/// Judges the inputs, with a progress bar where one may be shown.
pub(super) fn judged(
    inputs: &[String],
    snapshot: &Path,
    options: &Options,
    env: &mut Env,
) -> Result<Judged, Error> {
    judged_from(inputs, (snapshot, snapshot), options, env)
}

/// The same over a copy of the snapshot; errors name the original.
pub(super) fn judged_from(
    inputs: &[String],
    (copy, snapshot): (&Path, &Path),
    options: &Options,
    env: &mut Env,
) -> Result<Judged, Error> {
    with_progress(inputs, snapshot, env, |progress| {
        check::check(inputs, copy, options, progress)
    })
}

/// Runs `work` with a progress bar over these files where one may be shown, and says the warnings of its inputs.
pub(super) fn with_progress(
    inputs: &[String],
    snapshot: &Path,
    env: &mut Env,
    work: impl FnOnce(&(dyn Fn(u64) + Sync)) -> Result<Judged, check::Error>,
) -> Result<Judged, Error> {
    let progress = Progress::new(inputs, env.progress);
    let result = work(&|bytes| progress.add(bytes));
    progress.clear();
    let judged = result.map_err(|source| match source {
        check::Error::Snapshot(source) => Error::Snapshot {
            dir: snapshot.to_owned(),
            source: Box::new(source),
        },
        other => Error::Check(Box::new(other)),
    })?;
    for warning in judged
        .outcome
        .inputs
        .iter()
        .flat_map(check::InputReport::warnings)
    {
        // Whoever closed stderr does not want to read it.
        let _ = writeln!(env.err, "sfcompat: warning: {warning}");
    }
    Ok(judged)
}

/// What a report says of the run itself.
pub(super) fn run_info(env: &Env) -> RunInfo {
    RunInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: env.now.to_string(),
        command: env.arguments.clone(),
    }
}

/// What decides the code.
pub(super) fn gate(judge: &JudgeArgs, config: &Config) -> Gate {
    let given = judge.fail_on.fail_on.map(|fail_on| match fail_on {
        FailOn::Error => config::FailOn::From(Severity::Error),
        FailOn::Warning => config::FailOn::From(Severity::Warning),
        FailOn::Notice => config::FailOn::From(Severity::Notice),
        FailOn::Never => config::FailOn::Never,
    });
    Gate {
        fail_on: match given.or(config.fail_on) {
            None => Some(Severity::Error),
            Some(config::FailOn::From(severity)) => Some(severity),
            Some(config::FailOn::Never) => None,
        },
        exit_zero: judge.exit_zero,
    }
}

/// How the run ends.
pub(super) fn exit(outcome: &Outcome, judge: &JudgeArgs, config: &Config) -> Exit {
    let counts = &outcome.counts;
    let tally = Tally {
        errors: counts.errors,
        warnings: counts.warnings,
        notices: counts.notices,
        undecided: counts.undecided,
        waived: counts.waived,
        baselined: counts.baselined,
    };
    gate(judge, config).judge(tally, outcome.is_incomplete())
}
