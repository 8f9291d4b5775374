//! `sfcompat recheck`

use super::SnapshotArgs;
use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::path::PathBuf;

/// Arguments of `recheck`.
#[derive(Debug, Args)]
pub(crate) struct RecheckArgs {
    /// The plan that was approved: a file of `check --save-plan`
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// How the answer is written to stdout
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: RecheckFormat,
    /// The day of the push [default: that of the plan]
    #[arg(long, value_name = "YYYY-MM-DD", env = "SFCOMPAT_CHANGE_WINDOW")]
    pub(crate) change_window: Option<Date>,
    /// Exit 5 if the snapshot is older: 24h, 7d, or ISO 8601 (PT36H)
    #[arg(long, value_name = "AGE", env = "SFCOMPAT_MAX_AGE", value_parser = sfcompat::config::age)]
    pub(crate) max_age: Option<SignedDuration>,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecheckFormat {
    #[default]
    Table,
    Json,
}
