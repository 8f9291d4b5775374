//! The commands: arguments to library types, one library call, streams. Nothing here knows the domain.

mod answer;
pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod config;
#[cfg(feature = "demo")]
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod evidence;
mod exempt;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod import_check;
mod judge;
pub(crate) mod login;
pub(crate) mod matrix;
pub(crate) mod okta;
pub(crate) mod preflight;
pub(crate) mod pull;
pub(crate) mod recheck;
pub(crate) mod rules;
pub(crate) mod seats;
mod source;
mod targets;
pub(crate) mod waiver;

use crate::env::Env;
use crate::exit::Exit;
use sfcompat::auth;
use sfcompat::config::{self as file, Config};
use sfcompat::explain as explaining;
use sfcompat::matrix::Matrix;
use sfcompat::profile_source::Error as ProfileSource;
use sfcompat::report::summary::OrgInfo;
use sfcompat::snapshot::{self, Wants};
use sfcompat::{check as judging, report};
use source::snapshot;
use std::io;
use std::path::{Path, PathBuf};

/// Why a command ends without a result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The command line cannot be meant like this.
    #[error("{reason}")]
    Usage {
        /// What is wrong.
        reason: String,
        /// What may help, line by line.
        hints: Vec<String>,
    },
    /// The configuration cannot be used.
    #[error("{source}")]
    Config {
        /// Why.
        source: file::Error,
        /// Every problem of the file.
        problems: Vec<String>,
    },
    /// The snapshot folder cannot be read.
    #[error("snapshot {}: {source}", dir.display())]
    Snapshot {
        /// The folder.
        dir: PathBuf,
        /// Why.
        source: Box<snapshot::Error>,
    },
    /// The metadata project cannot be read.
    #[error("metadata {}: {source}", dir.display())]
    Metadata {
        /// The folder.
        dir: PathBuf,
        /// Why.
        source: Box<sfcompat::metadata::Error>,
    },
    /// An input cannot be used, or the run cannot go on.
    #[error(transparent)]
    Check(Box<judging::Error>),
    /// The file of waivers cannot be used.
    #[error(transparent)]
    Waivers(#[from] sfcompat::waivers::Error),
    /// The plan cannot be used.
    #[error(transparent)]
    Plan(#[from] sfcompat::approval::Error),
    /// The baseline cannot be used.
    #[error(transparent)]
    Baseline(#[from] sfcompat::baseline::Error),
    /// There is no login to the org.
    #[error(transparent)]
    Auth(#[from] auth::Error),
    /// Logged errors cannot be explained.
    #[error(transparent)]
    Explain(#[from] explaining::Error),
    /// The fake org cannot start.
    #[cfg(feature = "demo")]
    #[error(transparent)]
    Demo(#[from] sfcompat::demo::Error),
    /// The org cannot be pulled.
    #[error(transparent)]
    Pull(Box<sfcompat::pull::Error>),
    /// Okta cannot be pulled.
    #[error(transparent)]
    Okta(#[from] sfcompat::okta_pull::Error),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// There is no room for files of the moment.
    #[error("temporary files: {0}")]
    Temporary(io::Error),
    /// Evidence cannot be written, or cannot be looked at.
    #[error(transparent)]
    Evidence(#[from] sfcompat::evidence::Error),
    /// The key of pseudonyms cannot be used.
    #[error(transparent)]
    Key(#[from] report::redact::KeyError),
    /// A report cannot be written.
    #[error(transparent)]
    Report(#[from] report::Error),
    /// Stdout cannot be written.
    #[error("stdout: {0}")]
    Stdout(io::Error),
}

impl Error {
    pub(crate) fn usage(reason: impl Into<String>) -> Self {
        Self::Usage {
            reason: reason.into(),
            hints: Vec::new(),
        }
    }

    /// A name that nothing bears, with those that are written much like it.
    pub(crate) fn no_such(what: &str, name: &str, nearest: &[String]) -> Self {
        let hint = match nearest {
            [] => String::new(),
            near => format!(" (nearest: {})", near.join(", ")),
        };
        Self::usage(format!("there is no {what} '{name}'{hint}"))
    }

    /// How the program ends.
    pub(crate) fn exit(&self) -> Exit {
        let reason = self.to_string();
        match self {
            Self::Usage { .. }
            | Self::Config { .. }
            | Self::Waivers(_)
            | Self::Plan(_)
            | Self::Baseline(_)
            | Self::Report(report::Error::Format { .. }) => Exit::Usage(reason),
            #[cfg(feature = "demo")]
            Self::Demo(error) => match error {
                sfcompat::demo::Error::Seed { .. } | sfcompat::demo::Error::NoSnapshot(_) => {
                    Exit::Input(reason)
                }
                _ => Exit::Usage(reason),
            },
            Self::Key(_) => Exit::Usage(reason),
            Self::Evidence(error) => evidence::exit(error, reason),
            Self::Auth(error) if error.is_usage() => Exit::Usage(reason),
            Self::Auth(_) => Exit::Unreachable(reason),
            Self::Pull(error) => pull::exit(error, reason),
            Self::Okta(error) => okta::exit(error, reason),
            Self::Interrupted => Exit::Interrupted,
            Self::Temporary(_) => Exit::Output(reason),
            Self::Check(error) | Self::Explain(explaining::Error::Check(error)) => {
                of_check(error, reason)
            }
            Self::Explain(explaining::Error::Temporary(_)) => Exit::Output(reason),
            Self::Metadata { source, .. }
                if matches!(**source, sfcompat::metadata::Error::Write(_)) =>
            {
                Exit::Output(reason)
            }
            Self::Snapshot { .. } | Self::Metadata { .. } | Self::Explain(_) => Exit::Input(reason),
            Self::Report(report::Error::ClosedPipe) => Exit::ClosedPipe,
            Self::Stdout(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::ClosedPipe,
            Self::Report(_) | Self::Stdout(_) => Exit::Output(reason),
        }
    }

    /// Lines that stand above the last one.
    pub(crate) fn hints(&self) -> Vec<String> {
        match self {
            Self::Usage { hints, .. } => hints.clone(),
            Self::Config { problems, .. } => problems.clone(),
            Self::Waivers(error) => error.lines(),
            Self::Auth(error) => error.hints(),
            _ => Vec::new(),
        }
    }
}

/// How a run ends that could not be judged.
fn of_check(error: &judging::Error, reason: String) -> Exit {
    match error {
        judging::Error::IntegrationUser(_)
        | judging::Error::Baseline(_)
        | judging::Error::ProfileSource(ProfileSource::Map { .. }) => Exit::Usage(reason),
        judging::Error::Snapshot(_)
        | judging::Error::Okta(_)
        | judging::Error::Input(_)
        | judging::Error::App(_)
        | judging::Error::ProfileSource(_) => Exit::Input(reason),
        judging::Error::Spool(_) => Exit::Output(reason),
    }
}

/// Runs what speaks to an org. Only these commands have a runtime, and it has no threads of its own.
fn online<T>(work: impl Future<Output = Result<T, auth::Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::usage(format!("the network cannot be started: {error}")))?;
    runtime.block_on(work).map_err(Error::from)
}

/// The configuration of the run.
fn configuration(env: &Env) -> Result<Config, Error> {
    Config::load(&env.config, &env.folder).map_err(|source| Error::Config {
        problems: source.lines(),
        source,
    })
}

/// Reads the snapshot of a command that judges no input.
fn load(dir: &Path, env: &Env) -> Result<(Matrix, OrgInfo), Error> {
    let wants = Wants {
        hash: true,
        ..Wants::new(env.today())
    };
    let snapshot = snapshot::load(dir, &wants).map_err(|source| Error::Snapshot {
        dir: dir.to_owned(),
        source: Box::new(source),
    })?;
    let m = Matrix::build(snapshot.org);
    let org = OrgInfo::of(&m, &snapshot.capture, &snapshot.sha256);
    Ok((m, org))
}
