//! `sfcompat diff`

use super::{Lists, Nulls, OutputSpec};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Records are matched by id, so a rename is seen as one; by name where one of the two is metadata, or of another org.\nExit codes: 0 compared, whatever changed; 1 what --fail-on names; 5 with --fail-on, where a file that only one snapshot has could not be compared."
)]
pub(crate) struct DiffArgs {
    /// The older snapshot folder or metadata project
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The newer one
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Judge these assignment or mapping files against both, and tell which rows get another verdict
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) inputs: Vec<String>,
    /// Exit 1 if a verdict got worse or an error appeared, or if anything is different [default: never]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) fail_on: Option<DiffFailOn>,
    /// How it is written to stdout
    #[arg(long, short, value_enum, default_value_t, env = "SFCOMPAT_FORMAT")]
    pub(crate) format: DiffFormat,
    /// Write a further form: markdown=changes.md (repeatable)
    #[arg(long, short, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<OutputSpec<DiffFormat>>,
    /// What the permission set column means: the whole truth, or what is added [default: replace]
    #[arg(long, value_enum, env = "SFCOMPAT_PERMISSION_SETS")]
    pub(crate) permission_sets: Option<Lists>,
    /// Whether Okta pushes empty cells ("Allow Pushing Null Values") [default: ignored]
    #[arg(long, value_enum, env = "SFCOMPAT_NULL_VALUES")]
    pub(crate) null_values: Option<Nulls>,
    /// The user that Okta logs in with
    #[arg(long, value_name = "USERNAME", env = "SFCOMPAT_INTEGRATION_USER")]
    pub(crate) integration_user: Option<String>,
    /// Who is in which Okta group: CSV with a login and a group on each row
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_MEMBERS")]
    pub(crate) members: Option<PathBuf>,
    /// Okta's users with their attributes, for whom an attribute mapping among the inputs is evaluated
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_USERS")]
    pub(crate) okta_users: Option<PathBuf>,
    /// Worker threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N", env = "SFCOMPAT_THREADS")]
    pub(crate) threads: Option<usize>,
}

/// `--fail-on` of `diff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFailOn {
    /// A cell of the matrix or a row got a worse verdict, or an error appeared
    Worse,
    /// Anything is different
    Any,
    /// Nothing fails
    Never,
}

/// How the differences are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people: long lists folded
    #[default]
    Table,
    /// One object, sfcompat-diff/1
    Json,
    /// One line per difference, safe for spreadsheets
    Csv,
    /// For pull requests and access reviews
    #[value(alias = "md")]
    Markdown,
}
