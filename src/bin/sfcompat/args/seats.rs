//! `sfcompat seats`

use super::{JudgeArgs, OutputSpec, RunArgs, SnapshotArgs};
use clap::{Args, ValueEnum};

/// Arguments of `seats`.
#[derive(Debug, Args)]
pub(crate) struct SeatsArgs {
    /// Assignment files whose change is counted; none: the seats as they are
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// How the seats are written to stdout
    #[arg(long, short, value_enum, default_value_t, env = "SFCOMPAT_FORMAT")]
    pub(crate) format: SeatsFormat,
    /// Write a further form: csv=seats.csv (repeatable)
    #[arg(long, short, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<OutputSpec<SeatsFormat>>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// How seats are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatsFormat {
    #[default]
    Table,
    Json,
    Csv,
    #[value(alias = "md")]
    Markdown,
}
