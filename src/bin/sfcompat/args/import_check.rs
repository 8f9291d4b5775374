//! `sfcompat import-check`

use super::{JudgeArgs, ReportArgs, SnapshotArgs};
use clap::Args;
use jiff::SignedDuration;
use std::path::PathBuf;

/// Arguments of `import-check`.
#[derive(Debug, Args)]
pub(crate) struct ImportCheckArgs {
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// Okta's user schema, as GET /api/v1/meta/schemas/user/default answers it [default: Okta's base schema]
    #[arg(long, value_name = "FILE")]
    pub(crate) okta_schema: Option<PathBuf>,
    /// Users that Okta has already: JSON of GET /api/v1/users, or CSV with a column login
    #[arg(long, value_name = "FILE")]
    pub(crate) okta_users: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Exit 5 if the snapshot is older: 24h, 7d, or ISO 8601 (PT36H)
    #[arg(long, value_name = "AGE", env = "SFCOMPAT_MAX_AGE", value_parser = sfcompat::config::age)]
    pub(crate) max_age: Option<SignedDuration>,
    /// Worker threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N", env = "SFCOMPAT_THREADS")]
    pub(crate) threads: Option<usize>,
}
