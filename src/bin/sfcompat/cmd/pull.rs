//! `sfcompat pull`, and the pull of commands that are told an org instead of a folder.

use super::{Error, configuration};
use crate::args::{LoopbackArgs, PullArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::api;
use sfcompat::auth;
use sfcompat::config::Config;
use sfcompat::model::SfId;
use sfcompat::net::Clock;
use sfcompat::pull::{self, Event, Options, Outcome, Since, UserFields};
use sfcompat::snapshot::manifest::Via;
use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: PullArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    let alias = args.org.or_else(|| config.raw.source.org.clone());
    let options = Options {
        objects: (!args.objects.is_empty()).then_some(args.objects),
        user_fields: user_fields(args.user_fields),
        max_calls: args.max_api_calls,
        since: if args.since_last {
            Since::Last
        } else {
            Since::Never
        },
        with_metadata: args.with_metadata,
        allow_partial: args.allow_partial,
        named: named(&args.inputs, &config)?,
        ..Options::default()
    };
    let target = env.folder.join(&args.output);
    let outcome = online(
        alias.as_deref(),
        args.loopback,
        &target,
        &options,
        !env.quiet,
        env,
    )?;
    let rows: u64 = outcome
        .manifest
        .objects
        .values()
        .filter_map(|entry| entry.rows)
        .sum();
    let files = outcome
        .manifest
        .objects
        .values()
        .filter(|entry| entry.rows.is_some())
        .count();
    Ok(Exit::Clean(format!(
        "{rows} records of {files} objects in {} API requests, written to {}",
        outcome.manifest.api_requests.unwrap_or(0),
        args.output.display()
    )))
}

/// Pulls into a folder that goes away when it is dropped, for a command that judges at once.
pub(super) fn into_temporary(
    alias: Option<&str>,
    loopback: LoopbackArgs,
    inputs: &[String],
    config: &Config,
    env: &mut Env,
) -> Result<tempfile::TempDir, Error> {
    let folder = tempfile::Builder::new()
        .prefix("sfcompat-")
        .tempdir()
        .map_err(|source| {
            Error::Pull(Box::new(pull::Error::Write {
                path: std::env::temp_dir(),
                source,
            }))
        })?;
    let files: Vec<PathBuf> = inputs
        .iter()
        .filter(|path| *path != "-")
        .map(|path| env.folder.join(path))
        .collect();
    let options = Options {
        named: named(&files, config)?,
        ..Options::default()
    };
    let told = env.progress;
    online(alias, loopback, folder.path(), &options, told, env)?;
    Ok(folder)
}

/// Pulls, on a runtime of its own. Ctrl-C ends it without a trace.
fn online(
    alias: Option<&str>,
    loopback: LoopbackArgs,
    target: &Path,
    options: &Options,
    told: bool,
    env: &mut Env,
) -> Result<Outcome, Error> {
    let connection = auth::open(alias, &Env::surroundings(loopback))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::usage(format!("the network cannot be started: {error}")))?;
    let err = RefCell::new(&mut env.err);
    let events = |event: Event| {
        if told {
            // Whoever closed stderr does not want to read it.
            let _ = writeln!(err.borrow_mut(), "{}", line(&event));
        }
    };
    let clock = Clock::system();
    runtime.block_on(async {
        tokio::select! {
            done = pull::pull(&connection, &clock, target, options, &events) => done.map_err(|error| Error::Pull(Box::new(error))),
            _ = tokio::signal::ctrl_c() => Err(Error::Interrupted),
        }
    })
}

/// One line for each object.
fn line(event: &Event) -> String {
    match event {
        Event::Done {
            object,
            rows,
            pages,
            via,
        } => {
            let how = match via {
                Via::Rest => "",
                Via::Tooling => ", Tooling API",
                Via::Bulk => ", Bulk API",
                Via::Metadata => ", Metadata API",
            };
            let (records, parts) = (many(*rows, "record"), many(*pages, "page"));
            format!("{object}: {records} in {parts}{how}")
        }
        Event::Absent { object, reason } => format!("{object}: left out: {reason}"),
        Event::Again { object, reason } => format!("{object}: read again: {reason}"),
    }
}

fn many(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn user_fields(names: Vec<String>) -> UserFields {
    match names.as_slice() {
        [] => UserFields::Needed,
        [one] if one.eq_ignore_ascii_case("all") => UserFields::All,
        _ => UserFields::Also(names),
    }
}

/// Ids of contacts and accounts that files and the configuration name.
fn named(files: &[PathBuf], config: &Config) -> Result<Vec<SfId>, Error> {
    let mut ids = Vec::new();
    for file in files {
        let found = std::fs::File::open(file).and_then(pull::ids_in);
        ids.extend(found.map_err(|error| Error::usage(format!("{}: {error}", file.display())))?);
    }
    ids.extend(
        config
            .raw
            .org
            .account_id
            .as_deref()
            .and_then(|id| SfId::parse(id).ok()),
    );
    Ok(ids)
}

/// How a run ends whose pull failed.
pub(super) fn exit(error: &pull::Error, reason: String) -> Exit {
    match error {
        pull::Error::Api(api::Error::Login(source)) if source.is_usage() => Exit::Usage(reason),
        pull::Error::Api(api::Error::Net(_))
        | pull::Error::NoSuchObject { .. }
        | pull::Error::OtherOrg { .. }
        | pull::Error::Occupied { .. }
        | pull::Error::NoLast { .. } => Exit::Usage(reason),
        pull::Error::Api(source) if source.is_connection() => Exit::Unreachable(reason),
        pull::Error::Api(_)
        | pull::Error::Object { .. }
        | pull::Error::Counts { .. }
        | pull::Error::Nothing { .. } => Exit::Incomplete(reason),
        pull::Error::Write { .. } => Exit::Output(reason),
    }
}
