//! `sfcompat diff`

use super::source::{self, Source};
use super::targets::Targets;
use super::{Error, configuration, judge};
use crate::args::{DiffArgs, DiffFailOn, DiffFormat, JudgeArgs, RunArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::check::{Options, Outcome};
use sfcompat::diff::{Diff, Rows, Side};
use sfcompat::matrix::Matrix;
use sfcompat::report::diff::{self as report, Document, End};
use sfcompat::report::summary::{InputInfo, OrgInfo};
use sfcompat::rules::Command;
use sfcompat::snapshot::{self, Wants};
use std::path::Path;

pub(crate) fn run(args: &DiffArgs, env: &mut Env) -> Result<Exit, Error> {
    if args.inputs.iter().any(|input| input == "-") {
        return Err(Error::usage(
            "diff reads its inputs twice, which stdin cannot be: give files with --inputs",
        ));
    }
    let targets = Targets::open(&args.output, args.format)?;
    let config = configuration(env)?;
    let run = RunArgs {
        permission_sets: args.permission_sets,
        null_values: args.null_values,
        integration_user: args.integration_user.clone(),
        threads: args.threads,
        ..RunArgs::default()
    };
    let mut options = judge::options(run, &JudgeArgs::default(), Command::Check, &config, env)?;
    options.members.clone_from(&args.members);
    options.okta_users.clone_from(&args.okta_users);
    // An older snapshot is old: its age is no fault here.
    options.max_age = None;
    let folders = [
        source::folder(&args.old, env)?,
        source::folder(&args.new, env)?,
    ];
    let [old_folder, new_folder] = &folders;
    let rows = rows(args, old_folder, new_folder, &options, env)?;
    let (old, old_org) = load(&args.old, old_folder, &options, env)?;
    let (new, new_org) = load(&args.new, new_folder, &options, env)?;
    let side = |m, folder| Side { m, folder };
    let diff = Diff::between(side(&old, old_folder), side(&new, new_folder));
    let end = |path: &Path, org| End {
        path: path.display().to_string(),
        org,
    };
    let document = Document {
        run: &judge::run_info(env),
        old: &end(&args.old, old_org),
        new: &end(&args.new, new_org),
        diff: &diff,
        rows: rows
            .as_ref()
            .map(|(inputs, rows)| (inputs.as_slice(), rows)),
    };
    targets.write(env, |format, out, _| match format {
        DiffFormat::Table => report::write_table(out, &document),
        DiffFormat::Json => report::write_json(out, &document),
        DiffFormat::Csv => report::write_csv(out, &document),
        DiffFormat::Markdown => report::write_markdown(out, &document),
    })?;
    Ok(exit(
        args.fail_on,
        &diff,
        rows.as_ref().map(|(_, rows)| rows),
    ))
}

/// Judges the inputs against both. What was judged against is let go before the two are compared.
fn rows(
    args: &DiffArgs,
    old: &Path,
    new: &Path,
    options: &Options,
    env: &mut Env,
) -> Result<Option<(Vec<InputInfo>, Rows)>, Error> {
    if args.inputs.is_empty() {
        return Ok(None);
    }
    let mut judged = |folder: &Path| -> Result<Outcome, Error> {
        Ok(judge::judged(&args.inputs, folder, options, env)?.outcome)
    };
    let (old, new) = (judged(old)?, judged(new)?);
    let inputs = new.inputs.iter().map(InputInfo::from).collect();
    let rows = Rows::of(old, new).map_err(Error::Temporary)?;
    Ok(Some((inputs, rows)))
}

/// One of the two, compiled.
fn load(
    path: &Path,
    folder: &Source,
    options: &Options,
    env: &Env,
) -> Result<(Matrix, OrgInfo), Error> {
    let wants = Wants {
        threads: match options.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        },
        ..Wants::new(env.today())
    };
    let snapshot = snapshot::load(folder, &wants).map_err(|source| Error::Snapshot {
        dir: path.to_owned(),
        source: Box::new(source),
    })?;
    let m = Matrix::build(snapshot.org);
    let org = OrgInfo::of(&m, &snapshot.capture, &snapshot.sha256);
    Ok((m, org))
}

fn exit(fail_on: Option<DiffFailOn>, diff: &Diff<'_>, rows: Option<&Rows>) -> Exit {
    let records: u64 = diff
        .counts
        .values()
        .flat_map(|counts| counts.values())
        .sum();
    let (row_turns, errors, findings) = rows.map_or_else(Default::default, |rows| {
        (
            rows.turns,
            rows.new_errors,
            rows.appeared + rows.disappeared,
        )
    });
    let worse = diff.turns.worse + row_turns.worse;
    let number = |count: u64, thing: &str| match count {
        1 => format!("1 {thing}"),
        _ => format!("{count} {thing}s"),
    };
    let mut text = format!(
        "{}, {} got worse",
        number(records, "difference"),
        number(worse, "verdict")
    );
    if rows.is_some() {
        text = format!("{text}, {} appeared", number(errors, "error"));
    }
    let fails = match fail_on {
        None | Some(DiffFailOn::Never) => return Exit::Clean(text),
        Some(DiffFailOn::Worse) => worse + errors > 0,
        Some(DiffFailOn::Any) => !diff.is_empty() || row_turns.all() + findings > 0,
    };
    if fails {
        return Exit::Findings(text);
    }
    if diff.file_missing {
        return Exit::Incomplete(format!(
            "incomplete evidence: a file that only one snapshot has could not be compared; {text}"
        ));
    }
    Exit::Clean(text)
}
