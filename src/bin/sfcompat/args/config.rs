//! `sfcompat config`

use super::{FailOnArgs, RunArgs, SnapshotArgs};
use clap::{Args, Subcommand};

/// Arguments of `config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

/// What is done with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print every value that counts, key by key
    Show(ShowArgs),
}

/// Arguments of `config show`: what other commands are given, to see what comes of it.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Print where each value comes from
    #[arg(long)]
    pub(crate) origin: bool,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    #[command(flatten)]
    pub(crate) fail_on: FailOnArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}
