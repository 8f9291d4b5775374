//! What does not count: waivers and the baseline, and the commands that keep them.

use super::{JudgeArgs, RunArgs, SnapshotArgs};
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use sfcompat::check::Options;
use sfcompat::input::Kind;
use std::path::PathBuf;

/// Which file of waivers.
#[derive(Debug, Default, Args)]
pub(crate) struct WaiverFileArgs {
    /// File of waivers [default: waivers.file of sfcompat.toml, else sfcompat.waivers.toml beside it]
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_WAIVERS")]
    pub(crate) waivers: Option<PathBuf>,
}

/// Which findings do not count.
#[derive(Debug, Default, Args)]
pub(crate) struct ExemptArgs {
    #[command(flatten)]
    pub(crate) file: WaiverFileArgs,
    /// Show the raw truth: no waiver counts
    #[arg(long)]
    pub(crate) no_waivers: bool,
    /// Findings that were there before do not fail: a file of `sfcompat baseline write`
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_BASELINE")]
    pub(crate) baseline: Option<PathBuf>,
}

/// Arguments of `waiver`.
#[derive(Debug, Args)]
pub(crate) struct WaiverArgs {
    #[command(subcommand)]
    pub(crate) command: WaiverCommand,
}

/// What is done with the waivers.
#[derive(Debug, Subcommand)]
pub(crate) enum WaiverCommand {
    /// Write a waiver at the end of the file
    Add(Box<WaiverAddArgs>),
    /// List the waivers, what ends first on top
    List(WaiverListArgs),
    /// Take out the waivers that have ended, and those that nothing needs any more
    Prune(Box<WaiverPruneArgs>),
    /// Give a waiver another end
    Renew(WaiverRenewArgs),
}

/// Arguments of `waiver add`. In patterns `*` is any text and `?` any one character.
#[derive(Debug, Args)]
pub(crate) struct WaiverAddArgs {
    /// The rule whose findings are accepted
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: String,
    /// Only those of rows with this username
    #[arg(long, value_name = "PATTERN", help_heading = "Which findings")]
    pub(crate) user: Option<String>,
    /// Only those about this value
    #[arg(long, value_name = "PATTERN", help_heading = "Which findings")]
    pub(crate) value: Option<String>,
    /// Only those about this: kind:name, as reports show it
    #[arg(long, value_name = "PATTERN", help_heading = "Which findings")]
    pub(crate) subject: Option<String>,
    /// Only those of this column
    #[arg(long, value_name = "PATTERN", help_heading = "Which findings")]
    pub(crate) column: Option<String>,
    /// Only those of this input file, by path or name
    #[arg(long, value_name = "PATTERN", help_heading = "Which findings")]
    pub(crate) input: Option<String>,
    /// Only those about this license, by its key (SFDC)
    #[arg(long, value_name = "PATTERN", help_heading = "Which findings")]
    pub(crate) license: Option<String>,
    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "TEXT")]
    pub(crate) owner: Option<String>,
    /// Where it was agreed
    #[arg(long, value_name = "TEXT")]
    pub(crate) ticket: Option<String>,
    /// The last day on which it counts
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) expires: Option<Date>,
    #[command(flatten)]
    pub(crate) file: WaiverFileArgs,
}

/// Arguments of `waiver list`.
#[derive(Debug, Args)]
pub(crate) struct WaiverListArgs {
    /// How the list is written to stdout
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: WaiverFormat,
    #[command(flatten)]
    pub(crate) file: WaiverFileArgs,
}

/// How waivers are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum WaiverFormat {
    #[default]
    Table,
    Json,
}

/// How inputs are read, and what is read beside them: as for `check`.
#[derive(Debug, Args)]
pub(crate) struct BesideArgs {
    /// Who is in which Okta group, as for `check`
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_MEMBERS")]
    pub(crate) members: Option<PathBuf>,
    /// Okta's users with their attributes, as for `check`
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_USERS")]
    pub(crate) okta_users: Option<PathBuf>,
    /// The schema of the Okta app, as for `check`
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_SCHEMA")]
    pub(crate) okta_schema: Option<PathBuf>,
    /// Kind of the inputs, instead of what their header tells
    #[arg(long, value_parser = super::check::kind, env = "SFCOMPAT_KIND")]
    pub(crate) kind: Option<Kind>,
}

impl BesideArgs {
    /// Sets the options of a check.
    pub(crate) fn set(self, options: &mut Options) {
        options.kind = self.kind;
        options.members = self.members;
        options.okta_users = self.okta_users;
        options.okta_schema = self.okta_schema.or(options.okta_schema.take());
    }
}

/// Arguments of `waiver prune`.
#[derive(Debug, Args)]
pub(crate) struct WaiverPruneArgs {
    /// Take out also those that match no finding of a check of these inputs; nothing if a row cannot be judged
    #[arg(long, value_name = "INPUT", num_args = 1..)]
    pub(crate) unused: Vec<String>,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) beside: BesideArgs,
    #[command(flatten)]
    pub(crate) file: WaiverFileArgs,
}

/// Arguments of `waiver renew`.
#[derive(Debug, Args)]
pub(crate) struct WaiverRenewArgs {
    /// Its number in the file, from 1, as `waiver list` shows it
    #[arg(value_name = "NUMBER")]
    pub(crate) number: usize,
    /// The new last day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) expires: Date,
    /// Why it is still accepted
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) file: WaiverFileArgs,
}

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {
    #[command(subcommand)]
    pub(crate) command: BaselineCommand,
}

/// What is done with the baseline.
#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Write the open findings of a check as the baseline
    Write(BaselineGrowArgs),
    /// Add the new findings of a check to the baseline
    Update(BaselineGrowArgs),
    /// Take out what a check does not find any more
    Prune(BaselineRunArgs),
}

/// Arguments of `baseline write` and `baseline update`.
#[derive(Debug, Args)]
pub(crate) struct BaselineGrowArgs {
    #[command(flatten)]
    pub(crate) run: BaselineRunArgs,
    /// Accept findings that the baseline does not have yet; `write`: replace a file that is there
    #[arg(long)]
    pub(crate) accept_new: bool,
}

/// The check whose findings count: as for `check`.
#[derive(Debug, Args)]
pub(crate) struct BaselineRunArgs {
    /// Assignment files: one row per user; `-` is stdin
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) beside: BesideArgs,
}
