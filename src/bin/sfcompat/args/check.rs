//! `sfcompat check`

use super::{FormatName, JudgeArgs, OutputSpec, RunArgs, SeverityName, SnapshotArgs};
use clap::Args;
use sfcompat::input::Kind;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Assignment files: one row per user; `-` is stdin
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// How the report is written to stdout
    #[arg(long, short, value_enum, default_value_t, env = "SFCOMPAT_FORMAT")]
    pub(crate) format: FormatName,
    /// Write a further report: json=report.json (repeatable)
    #[arg(long, short, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<OutputSpec>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Show only findings of this severity or above; code and counts stay
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        env = "SFCOMPAT_MIN_SEVERITY"
    )]
    pub(crate) min_severity: Option<SeverityName>,
    /// List at most N findings; code and counts stay
    #[arg(long, value_name = "N", env = "SFCOMPAT_MAX_FINDINGS")]
    pub(crate) max_findings: Option<u64>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Kind of the inputs, instead of what their header tells
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Option<Kind>,
    /// Give the verdict of every row as well (json)
    #[arg(long)]
    pub(crate) rows: bool,
}

/// `--kind`, by the names that reports use.
fn kind(name: &str) -> Result<Kind, String> {
    Kind::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
        format!("no kind of input (one of {})", known.join(", "))
    })
}
