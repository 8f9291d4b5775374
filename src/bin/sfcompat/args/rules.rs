//! `sfcompat rules`

use clap::{Args, ValueEnum};

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// How the list is written
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: RulesFormat,
}

/// How the list of rules is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    #[default]
    Table,
    Json,
    #[value(alias = "markdown")]
    Md,
}
