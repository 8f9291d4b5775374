//! What every command that speaks to an org is told.

use clap::Args;

/// Whether an org on this machine may be spoken to.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct LoopbackArgs {
    /// Speak plain http with a server on this machine (127.0.0.1, [::1], localhost): the fake org of `sfcompat demo`
    #[arg(long, env = "SFCOMPAT_ALLOW_LOOPBACK_HTTP", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) allow_loopback_http: bool,
}
