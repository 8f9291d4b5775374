//! `sfcompat matrix`

use super::{OutputSpec, SnapshotArgs};
use clap::{Args, ValueEnum};

/// Arguments of `matrix`.
#[derive(Debug, Args)]
pub(crate) struct MatrixArgs {
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// Lines for each license, or for each profile
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: ByName,
    /// Show only these parts (all but permissions, unless named)
    #[arg(long, value_enum, value_name = "PART,...", value_delimiter = ',')]
    pub(crate) only: Vec<Part>,
    /// Show only lines whose license, profile or item holds TEXT (repeatable: each must be found)
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,
    /// Explain one pair: names, API names, labels, keys or ids; one of them a license or profile
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["by", "only", "filter", "knowledge"])]
    pub(crate) why: Option<Vec<String>>,
    /// Print the shipped facts with their sources instead
    #[arg(long, conflicts_with_all = ["by", "only", "filter"])]
    pub(crate) knowledge: bool,
    /// How it is written to stdout
    #[arg(long, short, value_enum, default_value_t, env = "SFCOMPAT_FORMAT")]
    pub(crate) format: MatrixFormat,
    /// Write a further form: csv=matrix.csv (repeatable)
    #[arg(long, short, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<OutputSpec<MatrixFormat>>,
}

/// `--by`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ByName {
    #[default]
    License,
    Profile,
}

/// `--only`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    PermissionSets,
    Roles,
    Features,
    Psls,
    Moves,
    /// What each license permits: the ceilings, permission by permission
    Permissions,
}

/// How the matrix is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatrixFormat {
    /// For people: equal verdicts folded
    #[default]
    Table,
    /// One object, sfcompat-matrix/1
    Json,
    /// One line per pair, safe for spreadsheets
    Csv,
    #[value(alias = "md")]
    Markdown,
}
