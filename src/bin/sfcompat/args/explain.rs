//! `sfcompat explain`

use super::{RunArgs, SnapshotArgs};
use clap::{Args, ValueEnum};

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Name of a rule (`sfcompat rules` lists them), or the text of an error; `-` reads errors from stdin
    #[arg(
        value_name = "RULE|TEXT",
        required_unless_present_any = ["file", "log"],
        conflicts_with_all = ["file", "log"]
    )]
    pub(crate) text: Vec<String>,
    /// Logged errors: lines, a CSV file with a column of errors, JSON of Okta or Salesforce, a SOAP answer; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "log")]
    pub(crate) file: Option<String>,
    /// The same; with --snapshot and --inputs it is compared with what the rules predict (back-test)
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<String>,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// The assignment files that were pushed: their findings tell causes apart that share a text
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) inputs: Vec<String>,
    /// How the answers are written
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: ExplainFormat,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people: grouped by cause
    #[default]
    #[value(alias = "text")]
    Table,
    /// An array with one element for each error
    Json,
    /// The same, one element on each line
    Jsonl,
    /// One line for each error, safe for spreadsheets
    Csv,
    /// For pull requests and tickets
    #[value(alias = "md")]
    Markdown,
}
