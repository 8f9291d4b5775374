//! `sfcompat check`

use super::{JudgeArgs, ReportArgs, RunArgs, SnapshotArgs};
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
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Who is in which Okta group: CSV with a login and a group on each row; each person is judged by what their groups give
    #[arg(long, value_name = "FILE")]
    pub(crate) members: Option<std::path::PathBuf>,
    /// The schema of the Okta app's users: which lists are combined over the groups of a person, which attributes and values Okta has
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_SCHEMA")]
    pub(crate) okta_schema: Option<std::path::PathBuf>,
    /// Tell what the push would change, before and after (json, jsonl), and who is touched (table, markdown)
    #[arg(long)]
    pub(crate) changes: bool,
    /// Kind of the inputs, instead of what their header tells
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Option<Kind>,
}

/// `--kind`, by the names that reports use.
pub(super) fn kind(name: &str) -> Result<Kind, String> {
    Kind::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
        format!("no kind of input (one of {})", known.join(", "))
    })
}
