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
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_MEMBERS")]
    pub(crate) members: Option<std::path::PathBuf>,
    /// The schema of the Okta app's users: which lists are combined over the groups of a person, which attributes and values Okta has
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_SCHEMA")]
    pub(crate) okta_schema: Option<std::path::PathBuf>,
    /// Okta's users with their attributes (JSON of `GET /api/v1/users`, or CSV): an attribute mapping among the inputs is evaluated for each
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_USERS")]
    pub(crate) okta_users: Option<std::path::PathBuf>,
    /// Warn where more than this share of the active users of the files lose something [default: 20%]
    #[arg(long, value_name = "SHARE", env = "SFCOMPAT_MASS_CHANGE", value_parser = sfcompat::config::share)]
    pub(crate) mass_change: Option<f64>,
    /// Tell what the push would change, before and after (json, jsonl), and who is touched (table, markdown)
    #[arg(long, env = "SFCOMPAT_CHANGES", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) changes: bool,
    /// Bind the verdict to what it depended on, for `sfcompat recheck` before the push
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_SAVE_PLAN")]
    pub(crate) save_plan: Option<std::path::PathBuf>,
    /// The day of the push: judge by it what ends until then
    #[arg(long, value_name = "YYYY-MM-DD", env = "SFCOMPAT_CHANGE_WINDOW")]
    pub(crate) change_window: Option<jiff::civil::Date>,
    /// Tell how one person comes to what they get, by groups or individually, what changes, and what is wrong with it (table, json)
    #[arg(long, value_name = "LOGIN")]
    pub(crate) explain_user: Option<String>,
    /// Write a folder for auditors: the population, every row, finding and seat, with hashes, and all that is needed to perform it again
    #[arg(long, value_name = "DIR", env = "SFCOMPAT_EVIDENCE")]
    pub(crate) evidence: Option<std::path::PathBuf>,
    /// Ticket of the change, for the evidence
    #[arg(
        long,
        value_name = "TEXT",
        env = "SFCOMPAT_TICKET",
        requires = "evidence"
    )]
    pub(crate) ticket: Option<String>,
    /// Kind of the inputs, instead of what their header tells
    #[arg(long, value_parser = kind, env = "SFCOMPAT_KIND")]
    pub(crate) kind: Option<Kind>,
}

/// `--kind`, by the names that reports use.
pub(super) fn kind(name: &str) -> Result<Kind, String> {
    Kind::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
        format!("no kind of input (one of {})", known.join(", "))
    })
}
