//! `sfcompat demo`

use clap::Args;
use std::path::PathBuf;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Port on 127.0.0.1; 0: any that is free
    #[arg(long, value_name = "N", default_value_t = 8123)]
    pub(crate) port: u16,
    /// Snapshot folder that fills the org [default: a fictional company]
    #[arg(long, value_name = "DIR")]
    pub(crate) snapshot: Option<PathBuf>,
    /// How the org behaves and what goes wrong: latency, missing permissions, broken answers ... (TOML; `[okta]` for the fake Okta)
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: Option<PathBuf>,
    /// Serve a fake Okta org as well, on the next port, to try `sfcompat okta pull` with
    #[arg(long, conflicts_with = "run")]
    pub(crate) okta: bool,
    /// Folder of `sfcompat okta pull` that fills the Okta org [default: a fictional company]
    #[arg(long, value_name = "DIR", requires = "okta")]
    pub(crate) okta_folder: Option<PathBuf>,
    /// Log in, pull, show the matrix, check assignments: everything once, then end
    #[arg(long, conflicts_with = "snapshot")]
    pub(crate) run: bool,
    /// Print each request on stderr
    #[arg(long)]
    pub(crate) log: bool,
}
