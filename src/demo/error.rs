//! Why the fake org cannot start.

use std::path::{Path, PathBuf};

/// What keeps the fake org from starting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder that was to seed the org is not there, or holds no CSV file.
    #[error(
        "{0}: no snapshot folder (a folder with files such as UserLicense.csv); make one with `sfcompat pull`, or leave --snapshot out"
    )]
    NoSnapshot(PathBuf),
    /// A file of the seed cannot be read.
    #[error("{file}{}: {what}", if *line > 0 { format!(": line {line}") } else { String::new() })]
    Seed {
        /// The file, within its folder.
        file: String,
        /// The line, from 1; 0 where the place is not known.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// The scenario file cannot be read.
    #[error("{file}: {what}")]
    Scenario {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        what: String,
    },
    /// The user that the org is to know its caller as is not in the seed.
    #[error("{0}: no active user of the snapshot has this username")]
    NoUser(String),
    /// A change that was asked for does not fit the org.
    #[error("the change does not fit the org: {0}")]
    Change(String),
    /// The port cannot be listened on.
    #[error(
        "127.0.0.1:{port}: {source}; choose another one with --port, or 0 for any that is free"
    )]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// No thread or runtime could be started.
    #[error("the fake org could not start: {0}")]
    Start(#[source] std::io::Error),
}

impl Error {
    pub(super) fn seed(file: &str, line: u64, what: String) -> Self {
        Self::Seed {
            file: file.to_owned(),
            line,
            what,
        }
    }

    pub(super) fn folder(dir: &Path) -> Self {
        Self::NoSnapshot(dir.to_owned())
    }
}
