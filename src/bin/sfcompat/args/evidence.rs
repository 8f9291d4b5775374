//! `sfcompat verify` and `sfcompat reperform`

use clap::Args;
use std::path::PathBuf;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Folder that `check --evidence` wrote
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Say who a pseudonym is (repeatable); needs --redact, and --snapshot or --inputs
    #[arg(long, value_name = "PSEUDONYM", requires = "redact")]
    pub(crate) reveal: Vec<String>,
    /// The key file with which people were replaced
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) redact: Option<PathBuf>,
    /// Snapshot whose users are tried
    #[arg(long, value_name = "DIR")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Files whose addresses are tried: people whom the snapshot does not have yet (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
}

/// Arguments of `reperform`.
#[derive(Debug, Args)]
pub(crate) struct ReperformArgs {
    /// Folder that `check --evidence` wrote
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Of a redacted folder: the key file
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) redact: Option<PathBuf>,
    /// Of a redacted folder: the original snapshot. Inputs are looked for where they were, from the current folder
    #[arg(long, value_name = "DIR")]
    pub(crate) snapshot: Option<PathBuf>,
}
