//! `sfcompat explain`

use clap::{Args, ValueEnum};

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Name of a rule (`sfcompat rules` lists them)
    #[arg(value_name = "RULE", required = true)]
    pub(crate) rule: String,
    /// How the page is written
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: ExplainFormat,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    #[default]
    #[value(alias = "table")]
    Text,
    Json,
    #[value(alias = "md")]
    Markdown,
}
