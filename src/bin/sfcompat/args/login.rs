//! `sfcompat login`, `logout` and `orgs`

use super::LoopbackArgs;
use clap::{Args, ValueEnum};
use sfcompat::auth;
use std::path::PathBuf;

/// The page below the options of `login`.
const MORE: &str = "\
Ways to log in (--flow):
  web                 a browser on this machine: authorization code with PKCE S256. Register
                      http://localhost:8717/callback in the app; 127.0.0.1 and ::1 are listened at
  client-credentials  the user of the app itself, for pipelines; at the org's My Domain only
  jwt                 a private key (RSA, PEM) whose certificate the app has, for pipelines
  sf                  a login of the Salesforce CLI, which is asked for its token each time
  sfdx-url            force://..., from --secret-file or stdin
  token               an access token, from SFCOMPAT_ACCESS_TOKEN, --secret-file or stdin; it
                      cannot be renewed
Every org brings its own External Client App: the README shows what to create in Setup.

Secrets come from a file (--secret-file FILE), stdin (--secret-file -) or the environment
(SFCOMPAT_CLIENT_SECRET), never from the command line, which others on the machine can read. They
are kept in tokens.json (mode 0600) in the folder SFCOMPAT_HOME, else $XDG_STATE_HOME/sfcompat or
~/.local/state/sfcompat (macOS: ~/Library/Application Support/sfcompat; Windows:
%LOCALAPPDATA%\\sfcompat). SFCOMPAT_LOG=debug shows what happens, without them.

Not offered, because Salesforce closes it:
  device flow         blocked for Salesforce's own CLI since 28 August 2025, and for apps that
                      are not installed since September 2025
  username-password   blocked by default in orgs made since Summer '23, never there for External
                      Client Apps; its end is announced for Winter '27 (or February 2027: sources
                      differ)
  SOAP login()        not in API version 65.0 (Winter '26) and later, off by default in new orgs;
                      it ends in Summer '27";

/// Arguments of `login`.
#[derive(Debug, Args)]
#[command(after_long_help = MORE, after_help = "--help shows the ways to log in, where secrets come from, and what is not offered and why.")]
pub(crate) struct LoginArgs {
    /// Name of the login, for --org of other commands [default: source.org of sfcompat.toml]
    #[arg(long, value_name = "ALIAS", env = "SFCOMPAT_ORG")]
    pub(crate) org: Option<String>,
    /// How to log in [default: web]
    #[arg(long, value_enum, env = "SFCOMPAT_FLOW")]
    pub(crate) flow: Option<Flow>,
    /// My Domain of the org (https://acme.my.salesforce.com), or login.salesforce.com, or test.salesforce.com
    #[arg(long, value_name = "URL", env = "SFCOMPAT_INSTANCE_URL")]
    pub(crate) instance_url: Option<String>,
    /// Consumer key of the External Client App
    #[arg(long, value_name = "KEY", env = "SFCOMPAT_CLIENT_ID")]
    pub(crate) client_id: Option<String>,
    /// File with the secret of the flow: consumer secret, SFDX auth URL or token; - is stdin. Others must not read it
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_SECRET_FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// User to log in: who signs for the key (jwt), who is suggested (web)
    #[arg(long, value_name = "USERNAME", env = "SFCOMPAT_USERNAME")]
    pub(crate) username: Option<String>,
    /// Private key of the flow jwt: RSA, PEM, not encrypted, mode 0600 or 0400
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Audience of the flow jwt [default: https://test.salesforce.com for a sandbox, else https://login.salesforce.com]
    #[arg(long, value_name = "URL", env = "SFCOMPAT_AUDIENCE")]
    pub(crate) audience: Option<String>,
    /// Alias or username of the flow sf, as the Salesforce CLI knows it [default: the same name]
    #[arg(long, value_name = "NAME", env = "SFCOMPAT_SF_ORG")]
    pub(crate) sf_org: Option<String>,
    /// Port of the callback address http://localhost:N/callback; it must be registered in the app
    #[arg(long, value_name = "N", env = "SFCOMPAT_CALLBACK_PORT", default_value_t = auth::DEFAULT_PORT, value_parser = clap::value_parser!(u16).range(1024..))]
    pub(crate) callback_port: u16,
    /// How long the browser is waited for: 180s, 5m
    #[arg(long, value_name = "TIME", default_value = "180s", value_parser = wait)]
    pub(crate) timeout: std::time::Duration,
    /// Print the page to open, and open no browser
    #[arg(long, env = "SFCOMPAT_NO_BROWSER", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_browser: bool,
    /// Keep the secrets in the keyring of the operating system (a program built with the feature `keyring`)
    #[arg(long)]
    pub(crate) keyring: bool,
    /// Examine step by step, say what is wrong and what to click. With --flow: that login, and store nothing
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) loopback: LoopbackArgs,
}

/// The ways to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Flow {
    Web,
    ClientCredentials,
    Jwt,
    Sf,
    SfdxUrl,
    Token,
}

/// Arguments of `logout`.
#[derive(Debug, Args)]
pub(crate) struct LogoutArgs {
    /// Name of the login [default: source.org of sfcompat.toml]
    #[arg(long, value_name = "ALIAS", env = "SFCOMPAT_ORG")]
    pub(crate) org: Option<String>,
    /// Remove it here even if Salesforce is not reached; its tokens stay good until they expire
    #[arg(long)]
    pub(crate) forget: bool,
    #[command(flatten)]
    pub(crate) loopback: LoopbackArgs,
}

/// Arguments of `orgs`.
#[derive(Debug, Args)]
pub(crate) struct OrgsArgs {
    /// How the list is written
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: OrgsFormat,
}

/// How the list of logins is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrgsFormat {
    #[default]
    Table,
    Json,
}

/// `180s`, `5m`: between a second and an hour.
fn wait(text: &str) -> Result<std::time::Duration, String> {
    let time: jiff::SignedDuration = text
        .parse()
        .map_err(|_| String::from("not a time such as 180s or 5m"))?;
    if !(1..=3600).contains(&time.as_secs()) {
        return Err(String::from("between 1s and 1h"));
    }
    time.try_into()
        .map_err(|_| String::from("between 1s and 1h"))
}
