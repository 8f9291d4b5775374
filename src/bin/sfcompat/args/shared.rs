//! Options that several commands share.

use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the facts about the org come from.
#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// Snapshot folder: one CSV file per Salesforce object
    #[arg(long, value_name = "DIR", env = "SFCOMPAT_SNAPSHOT", required = true)]
    pub(crate) snapshot: PathBuf,
}

/// How files are meant, and which limits hold. Shared by `check` and `seats`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// What the permission set column means: the whole truth, or what is added
    #[arg(long, value_enum, default_value_t, env = "SFCOMPAT_PERMISSION_SETS")]
    pub(crate) permission_sets: Lists,
    /// Whether Okta pushes empty cells ("Allow Pushing Null Values")
    #[arg(long, value_enum, default_value_t, env = "SFCOMPAT_NULL_VALUES")]
    pub(crate) null_values: Nulls,
    /// The user that Okta logs in with
    #[arg(long, value_name = "USERNAME", env = "SFCOMPAT_INTEGRATION_USER")]
    pub(crate) integration_user: Option<String>,
    /// Exit 5 if the snapshot is older: 24h, 7d, or ISO 8601 (PT36H)
    #[arg(long, value_name = "AGE", env = "SFCOMPAT_MAX_AGE", value_parser = max_age)]
    pub(crate) max_age: Option<SignedDuration>,
    /// Worker threads; 0 is one for each core
    #[arg(long, value_name = "N", default_value_t = 0, env = "SFCOMPAT_THREADS")]
    pub(crate) threads: usize,
}

/// Which rules run, and what fails. Shared by `check` and `seats`.
#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// Run only these rules (a name may end with *)
    #[arg(
        long,
        value_name = "RULE,...",
        value_delimiter = ',',
        env = "SFCOMPAT_SELECT"
    )]
    pub(crate) select: Vec<String>,
    /// Run all rules but these
    #[arg(
        long,
        value_name = "RULE,...",
        value_delimiter = ',',
        env = "SFCOMPAT_IGNORE"
    )]
    pub(crate) ignore: Vec<String>,
    /// Exit 1 for findings of this severity or above
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        default_value_t,
        env = "SFCOMPAT_FAIL_ON"
    )]
    pub(crate) fail_on: FailOn,
    /// Exit 0 where it would be 1; nothing else changes
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

/// Reads `24h`, `7d`, `1w 2d` or ISO 8601. Days have 24 hours here: an age has no calendar.
fn max_age(text: &str) -> Result<SignedDuration, String> {
    let explain = || format!("`{text}` is no age such as 24h, 7d or PT36H");
    let span = jiff::Span::from_str(text.trim()).map_err(|_| explain())?;
    if span.get_months() != 0 || span.get_years() != 0 {
        return Err(format!("`{text}`: months and years have no fixed length"));
    }
    let age = span
        .to_duration(jiff::SpanRelativeTo::days_are_24_hours())
        .map_err(|_| explain())?;
    if age.is_negative() {
        return Err(explain());
    }
    Ok(age)
}

/// `--permission-sets`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lists {
    /// Okta's way: what is not in the list is taken away
    #[default]
    Replace,
    /// What is in the list is added
    Add,
}

/// `--null-values`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Nulls {
    /// An empty cell erases the value
    Pushed,
    /// An empty cell leaves the value as it is
    #[default]
    Ignored,
}

/// `--fail-on`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    #[default]
    Error,
    Warning,
    Notice,
    Never,
}

/// `--min-severity`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityName {
    Error,
    Warning,
    Notice,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// For people: grouped by cause
    #[default]
    Table,
    /// One object, sfcompat-report/1
    Json,
    /// One finding per line
    Jsonl,
    /// One line per finding, safe for spreadsheets
    Csv,
    /// For pull requests and job summaries
    #[value(alias = "md")]
    Markdown,
}

/// A further report: `FORMAT=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputSpec {
    pub(crate) format: FormatName,
    pub(crate) path: PathBuf,
}

impl FromStr for OutputSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text
            .split_once('=')
            .ok_or_else(|| format!("`{text}` is not FORMAT=PATH"))?;
        if path.is_empty() {
            return Err(format!("`{text}` names no file"));
        }
        if path == "-" {
            return Err(format!(
                "`{text}`: what goes to stdout is said with --format {format}"
            ));
        }
        let format = FormatName::from_str(format, true).map_err(|_| {
            let known: Vec<String> = FormatName::value_variants()
                .iter()
                .filter_map(|value| Some(value.to_possible_value()?.get_name().to_owned()))
                .collect();
            format!("`{format}` is no format (one of {})", known.join(", "))
        })?;
        Ok(Self {
            format,
            path: PathBuf::from(path),
        })
    }
}
