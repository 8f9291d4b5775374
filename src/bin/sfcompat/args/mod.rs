//! The command line: one struct for each command, and nothing that decides.

mod check;
mod config;
mod connect;
#[cfg(feature = "demo")]
mod demo;
mod diff;
mod evidence;
mod exempt;
mod explain;
mod generate;
mod import_check;
mod login;
mod matrix;
mod okta;
mod preflight;
mod pull;
mod recheck;
mod rules;
mod seats;
mod shared;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

pub(crate) use check::CheckArgs;
pub(crate) use config::{ConfigArgs, ConfigCommand, ShowArgs};
pub(crate) use connect::LoopbackArgs;
#[cfg(feature = "demo")]
pub(crate) use demo::DemoArgs;
pub(crate) use diff::{DiffArgs, DiffFailOn, DiffFormat};
pub(crate) use evidence::{ReperformArgs, VerifyArgs};
pub(crate) use exempt::{
    BaselineArgs, BaselineCommand, BaselineRunArgs, ExemptArgs, WaiverAddArgs, WaiverArgs,
    WaiverCommand, WaiverFileArgs, WaiverFormat, WaiverListArgs, WaiverPruneArgs, WaiverRenewArgs,
};
pub(crate) use explain::{ExplainArgs, ExplainFormat};
pub(crate) use generate::{GenerateArgs, GenerateCommand, ManArgs, SchemaArgs, ShellName};
pub(crate) use import_check::ImportCheckArgs;
pub(crate) use login::{Flow, LoginArgs, LogoutArgs, OrgsArgs, OrgsFormat};
pub(crate) use matrix::{ByName, MatrixArgs, MatrixFormat, Part};
pub(crate) use okta::{OktaArgs, OktaCommand, OktaPullArgs};
pub(crate) use preflight::PreflightArgs;
pub(crate) use pull::PullArgs;
pub(crate) use recheck::{RecheckArgs, RecheckFormat};
pub(crate) use rules::{RulesArgs, RulesFormat};
pub(crate) use seats::{SeatsArgs, SeatsFormat};
pub(crate) use shared::{
    FailOn, FailOnArgs, FormatName, JudgeArgs, JunitCasesName, Lists, Nulls, OutputSpec,
    ReportArgs, RunArgs, SeverityName, SnapshotArgs,
};

/// Judge Okta assignments against a Salesforce org's licensing facts before anything is pushed.
#[derive(Debug, Parser)]
#[command(
    name = "sfcompat",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 clean, 1 findings, 2 usage, 3 input unusable,\n4 Salesforce not reached or not logged in, 5 incomplete evidence, 6 output not written.\nThe last line on stderr says which one, and why."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: CommandArgs,
    /// The day of the run, for tests; SOURCE_DATE_EPOCH does the same
    #[arg(
        long,
        global = true,
        help_heading = "Global options",
        hide = true,
        value_name = "YYYY-MM-DD",
        env = "SFCOMPAT_TODAY"
    )]
    pub(crate) today: Option<jiff::civil::Date>,
    /// Configuration file, used alone [env: SFCOMPAT_CONFIG] [default: the nearest sfcompat.toml upwards]
    #[arg(
        long,
        global = true,
        help_heading = "Global options",
        value_name = "FILE",
        conflicts_with = "no_config"
    )]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_config: bool,
    /// Say nothing on stderr but errors and the last line
    #[arg(long, short, global = true, help_heading = "Global options", env = "SFCOMPAT_QUIET", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) quiet: bool,
    /// Show no progress bar, not even on a terminal
    #[arg(long, global = true, help_heading = "Global options", env = "SFCOMPAT_NO_PROGRESS", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_progress: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum CommandArgs {
    /// Judge assignment files: every problem of every row, before the push
    Check(CheckArgs),
    /// Print or export the compatibility matrix of an org
    Matrix(MatrixArgs),
    /// Seats now, and after the planned change
    Seats(SeatsArgs),
    /// Is everything in order for a push: the integration user, the Okta app, the settings of the org?
    Preflight(PreflightArgs),
    /// Salesforce as profile source: will Okta take the values of every user?
    ImportCheck(ImportCheckArgs),
    /// Explain a rule, or logged provisioning errors: cause, who is concerned, fix
    Explain(ExplainArgs),
    /// Evidence: is the folder as it was written?
    Verify(VerifyArgs),
    /// Evidence: derive every table again, and compare
    Reperform(ReperformArgs),
    /// Pull an org into a snapshot folder
    Pull(PullArgs),
    /// Read an Okta org: its Salesforce app, users, groups, mapping and schemas
    Okta(OktaArgs),
    /// What changed between two snapshots, and which verdicts flip
    Diff(DiffArgs),
    /// Has anything that an approved check depended on changed since?
    Recheck(RecheckArgs),
    /// Findings that are accepted for a while: add, list, renew, prune
    Waiver(WaiverArgs),
    /// Findings that were there before: only new ones fail
    Baseline(BaselineArgs),
    /// List all rules
    Rules(RulesArgs),
    /// A Salesforce org that is none, on this machine, to try everything with
    #[cfg(feature = "demo")]
    Demo(DemoArgs),
    /// Log in to a Salesforce org, or find out why that fails
    Login(LoginArgs),
    /// End a login, at Salesforce and here
    Logout(LogoutArgs),
    /// List the logins, without their secrets
    Orgs(OrgsArgs),
    /// The configuration: what counts, and where it comes from
    Config(ConfigArgs),
    /// Manual pages, completions for shells, JSON Schemas
    Generate(GenerateArgs),
}

#[cfg(test)]
mod tests;
