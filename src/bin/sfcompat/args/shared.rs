//! Options that several commands share.

use super::{ExemptArgs, LoopbackArgs};
use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the facts about the org come from.
#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// Snapshot folder: one CSV file per Salesforce object [default: source.snapshot of sfcompat.toml]
    #[arg(long, value_name = "DIR", env = "SFCOMPAT_SNAPSHOT")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Metadata project instead of an org: the folder of sfdx-project.json, or one with profiles/ and permissionsets/ in
    /// it. It tells no users and no seats
    #[arg(long, value_name = "DIR", env = "SFCOMPAT_METADATA")]
    pub(crate) metadata: Option<PathBuf>,
    /// Pull this org now, by the login ALIAS, instead of reading a folder
    #[arg(long, value_name = "ALIAS", env = "SFCOMPAT_ORG")]
    pub(crate) org: Option<String>,
    #[command(flatten)]
    pub(crate) loopback: LoopbackArgs,
}

/// How files are meant, and which limits hold. Shared by `check` and `seats`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RunArgs {
    /// What the permission set column means: the whole truth, or what is added [default: replace]
    #[arg(long, value_enum, env = "SFCOMPAT_PERMISSION_SETS")]
    pub(crate) permission_sets: Option<Lists>,
    /// Whether Okta pushes empty cells ("Allow Pushing Null Values") [default: ignored]
    #[arg(long, value_enum, env = "SFCOMPAT_NULL_VALUES")]
    pub(crate) null_values: Option<Nulls>,
    /// The user that Okta logs in with
    #[arg(long, value_name = "USERNAME", env = "SFCOMPAT_INTEGRATION_USER")]
    pub(crate) integration_user: Option<String>,
    /// The Salesforce app of Okta, as GET /api/v1/apps/{id} answers it
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_APP")]
    pub(crate) okta_app: Option<PathBuf>,
    /// Exit 5 if the snapshot is older: 24h, 7d, or ISO 8601 (PT36H)
    #[arg(long, value_name = "AGE", env = "SFCOMPAT_MAX_AGE", value_parser = sfcompat::config::age)]
    pub(crate) max_age: Option<SignedDuration>,
    /// Worker threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N", env = "SFCOMPAT_THREADS")]
    pub(crate) threads: Option<usize>,
}

/// Which rules run, and what fails. Shared by `check` and `seats`.
#[derive(Debug, Default, Args)]
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
    #[command(flatten)]
    pub(crate) fail_on: FailOnArgs,
    /// Exit 0 where it would be 1; nothing else changes
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) exempt: ExemptArgs,
}

/// How findings are written. Shared by all commands that answer with a report.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// How the report is written to stdout
    #[arg(long, short, value_enum, default_value_t, env = "SFCOMPAT_FORMAT")]
    pub(crate) format: FormatName,
    /// Write a further report: json=report.json (repeatable)
    #[arg(long, short, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<OutputSpec>,
    /// Show only findings of this severity or above; code and counts stay
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        env = "SFCOMPAT_MIN_SEVERITY"
    )]
    pub(crate) min_severity: Option<SeverityName>,
    /// List at most N findings; code and counts stay
    #[arg(long, value_name = "N", env = "SFCOMPAT_MAX_FINDINGS")]
    pub(crate) max_findings: Option<u64>,
    /// Give the verdict of every row as well (json)
    #[arg(long, env = "SFCOMPAT_ROWS", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) rows: bool,
    /// Replace people by pseudonyms under the key in FILE (readable by its owner only) [default: audit.redact_key of sfcompat.toml]
    #[arg(long, value_name = "KEYFILE", env = "SFCOMPAT_REDACT")]
    pub(crate) redact: Option<PathBuf>,
    /// What a test case of the JUnit report is
    #[arg(long, value_enum, default_value_t, env = "SFCOMPAT_JUNIT_CASES")]
    pub(crate) junit_cases: JunitCasesName,
    /// Name the file in each test case, as GitLab reads it; the schema of Jenkins does not know it
    #[arg(long, env = "SFCOMPAT_JUNIT_FILE_ATTR", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) junit_file_attr: bool,
}

/// `--junit-cases`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum JunitCasesName {
    /// One for each cause: rule and value
    #[default]
    Causes,
    /// One for each finding
    Rows,
}

/// What fails. `config show` has it too.
#[derive(Debug, Default, Args)]
pub(crate) struct FailOnArgs {
    /// Exit 1 for findings of this severity or above [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "SFCOMPAT_FAIL_ON")]
    pub(crate) fail_on: Option<FailOn>,
}

/// `--permission-sets`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lists {
    /// Okta's way: what is not in the list is taken away
    Replace,
    /// What is in the list is added
    Add,
}

/// `--null-values`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Nulls {
    /// An empty cell erases the value
    Pushed,
    /// An empty cell leaves the value as it is
    Ignored,
}

/// `--fail-on`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
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
    /// One page for a browser, without any network
    Html,
    /// One line per change of a user, before and after
    Changes,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Test cases for Jenkins, GitLab and Azure DevOps
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// Logging commands of Azure Pipelines
    Azure,
    /// Code Quality report of GitLab
    Gitlab,
}

/// A further report: `FORMAT=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputSpec<F = FormatName> {
    pub(crate) format: F,
    pub(crate) path: PathBuf,
}

impl<F: ValueEnum> FromStr for OutputSpec<F> {
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
        let format = F::from_str(format, true).map_err(|_| {
            let known: Vec<String> = F::value_variants()
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
