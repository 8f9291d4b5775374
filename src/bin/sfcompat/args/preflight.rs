//! `sfcompat preflight`

use super::{JudgeArgs, ReportArgs, SnapshotArgs};
use clap::Args;
use jiff::SignedDuration;
use std::path::PathBuf;

/// Arguments of `preflight`.
#[derive(Debug, Args)]
pub(crate) struct PreflightArgs {
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// The user that Okta logs in with [default: integration_user.username of sfcompat.toml, else who pulled]
    #[arg(long, value_name = "USERNAME", env = "SFCOMPAT_INTEGRATION_USER")]
    pub(crate) integration_user: Option<String>,
    /// The Salesforce app of Okta, as GET /api/v1/apps/{id} answers it
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_APP")]
    pub(crate) okta_app: Option<PathBuf>,
    /// The schema of the app's users, as GET /api/v1/meta/schemas/apps/{id}/default answers it
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_SCHEMA")]
    pub(crate) okta_schema: Option<PathBuf>,
    /// Tell also which permissions the user who pulls has, and what each missing one costs
    #[arg(long)]
    pub(crate) reader: bool,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Exit 5 if the snapshot is older: 24h, 7d, or ISO 8601 (PT36H)
    #[arg(long, value_name = "AGE", env = "SFCOMPAT_MAX_AGE", value_parser = sfcompat::config::age)]
    pub(crate) max_age: Option<SignedDuration>,
}
