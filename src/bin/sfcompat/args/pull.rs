//! `sfcompat pull`

use super::LoopbackArgs;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `pull`.
#[derive(Debug, Args)]
pub(crate) struct PullArgs {
    /// The login [default: source.org of sfcompat.toml]
    #[arg(long, value_name = "ALIAS", env = "SFCOMPAT_ORG")]
    pub(crate) org: Option<String>,
    /// Snapshot folder; it is replaced in one step at the end, or stays as it was
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Read only what has changed since the last pull into this folder; the result is the same
    #[arg(long)]
    pub(crate) since_last: bool,
    /// Read only these objects: User,Profile
    #[arg(long, value_name = "OBJECT,...", value_delimiter = ',')]
    pub(crate) objects: Vec<String>,
    /// Read all fields of User, or these as well: all | A,B
    #[arg(long, value_name = "all|FIELD,...", value_delimiter = ',')]
    pub(crate) user_fields: Vec<String>,
    /// Send at most N API requests [default: a fifth of what the org has left today]
    #[arg(long, value_name = "N", env = "SFCOMPAT_MAX_API_CALLS")]
    pub(crate) max_api_calls: Option<u64>,
    /// Read also the contacts and accounts that these assignment files name (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Ask the Metadata API for Settings.csv; it wants a wide right
    #[arg(long)]
    pub(crate) with_metadata: bool,
    /// Leave out an object of which records are missing, instead of writing nothing
    #[arg(long)]
    pub(crate) allow_partial: bool,
    #[command(flatten)]
    pub(crate) loopback: LoopbackArgs,
}
