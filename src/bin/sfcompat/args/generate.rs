//! `sfcompat generate`

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    #[command(subcommand)]
    pub(crate) what: GenerateCommand,
}

/// What is generated.
#[derive(Debug, Subcommand)]
pub(crate) enum GenerateCommand {
    /// Manual pages (roff)
    Man(ManArgs),
    /// Completions of the command line for a shell
    Completions(CompletionsArgs),
    /// JSON Schemas of what is written as JSON, and of sfcompat.toml
    Schema(SchemaArgs),
}

/// Arguments of `generate man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The page of this command [default: the page of the program]
    #[arg(value_name = "COMMAND", conflicts_with = "output_dir")]
    pub(crate) command: Option<String>,
    /// Write all pages into this folder
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
}

/// Arguments of `generate completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: ShellName,
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellName {
    Bash,
    Elvish,
    Fish,
    Nushell,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

/// Arguments of `generate schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// The schema [default: a list of all]
    #[arg(value_name = "NAME", conflicts_with = "output_dir")]
    pub(crate) name: Option<String>,
    /// Write all schemas into this folder
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
}
