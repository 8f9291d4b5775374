//! A login that the Salesforce CLI keeps: we ask it for the token, and keep none ourselves.
//!
//! Its own files are never read: the tokens in them are encrypted, and their form is its business. Since version 2.136.8
//! (27 May 2026) `sf org display` hides the token and `sf org auth show-access-token` gives it.

use super::Error;
use super::delivery::readable;
use crate::model::SfId;
use crate::net::{Hosts, Secret};
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use url::Url;

/// The CLI starts slowly, and may have to ask Salesforce.
const PATIENCE: Duration = Duration::from_mins(2);
/// No answer of the CLI is longer, in bytes.
const LONGEST: u64 = 1024 * 1024;
/// Names of the program, by system.
const NAMES: &[&str] = if cfg!(windows) {
    &["sf.exe", "sf.cmd"]
} else {
    &["sf"]
};

/// What the CLI knows of an org.
pub(super) struct Login {
    pub(super) access_token: Secret,
    pub(super) instance_url: Url,
    pub(super) org_id: Option<SfId>,
    pub(super) username: Option<String>,
}

#[derive(Deserialize)]
struct Reply<T> {
    result: Option<T>,
    name: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Display {
    id: Option<String>,
    access_token: Option<String>,
    instance_url: Option<String>,
    username: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    access_token: Option<String>,
}

/// The Salesforce CLI of this machine.
#[derive(Debug)]
pub(super) struct SalesforceCli {
    program: PathBuf,
}

impl SalesforceCli {
    /// Looks for it in the folders of `PATH`. A relative folder is passed over: it would be another one elsewhere.
    pub(super) fn find(search_path: &[PathBuf]) -> Result<Self, Error> {
        let mut candidates = search_path
            .iter()
            .filter(|folder| folder.is_absolute())
            .flat_map(|folder| NAMES.iter().map(move |name| folder.join(name)));
        match candidates.find(|program| program.is_file()) {
            Some(program) => Ok(Self { program }),
            None => Err(failed(
                "it is not installed: there is no sf in PATH (https://developer.salesforce.com/tools/salesforcecli)",
            )),
        }
    }

    /// The login of an org, by the alias or username that the CLI knows.
    pub(super) async fn login(&self, org: &str, hosts: Hosts) -> Result<Login, Error> {
        if org.is_empty() || org.starts_with('-') {
            return Err(Error::usage(format!(
                "'{org}' is no alias or username of the Salesforce CLI"
            )));
        }
        let shown: Display = self.ask(&["org", "display", "-o", org, "--json"]).await?;
        let mut token = shown.access_token.filter(|token| is_token(token));
        if token.is_none() {
            let shown: Shown = self
                .ask(&["org", "auth", "show-access-token", "-o", org, "--json"])
                .await?;
            token = shown.access_token.filter(|token| is_token(token));
        }
        let access_token = token.map(Secret::new);
        let access_token =
            access_token.ok_or_else(|| failed("it shows no access token of this org"))?;
        let address = shown
            .instance_url
            .ok_or_else(|| failed("it does not say where the org is"))?;
        let instance_url = hosts
            .base(&address)
            .map_err(|error| Error::ForeignInstance {
                host: String::from("the Salesforce CLI"),
                reason: error.to_string(),
            })?;
        Ok(Login {
            access_token,
            instance_url,
            org_id: shown.id.and_then(|id| SfId::parse(&id).ok()),
            username: shown.username,
        })
    }

    /// Runs the CLI without a shell, and reads its answer.
    async fn ask<T: for<'de> Deserialize<'de>>(&self, arguments: &[&str]) -> Result<T, Error> {
        tracing::debug!(program = %self.program.display(), ?arguments, "asking the Salesforce CLI");
        let mut child = Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .env("FORCE_COLOR", "0")
            .env("SF_SKIP_NEW_VERSION_CHECK", "true")
            // A way around the hiding that Salesforce calls temporary; and nothing of ours is the CLI's business.
            .env_remove("SF_TEMP_SHOW_SECRETS")
            .env_remove("SFCOMPAT_ACCESS_TOKEN")
            .env_remove("SFCOMPAT_CLIENT_SECRET")
            .spawn()
            .map_err(|error| {
                failed(format!(
                    "{} cannot be started: {error}",
                    self.program.display()
                ))
            })?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
        let read = async {
            if let Some(stdout) = child.stdout.take() {
                stdout.take(LONGEST).read_to_end(&mut bytes).await?;
            }
            child.wait().await
        };
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(failed(error.to_string())),
            Err(_) => {
                return Err(failed(format!(
                    "it did not answer within {} seconds",
                    PATIENCE.as_secs()
                )));
            }
        }
        // An error stands in the answer as well, so the exit code says nothing more.
        let reply: Reply<T> = serde_json::from_slice(&bytes).map_err(|_| {
            failed(
                "its answer is no JSON; is it the Salesforce CLI, and a version of 2024 or later?",
            )
        })?;
        reply.result.ok_or_else(|| {
            let (name, message) = (
                reply.name.unwrap_or_default(),
                reply.message.unwrap_or_default(),
            );
            failed(format!("{}: {}", readable(&name), readable(&message)))
        })
    }
}

/// A token, and not the words that stand in its place.
fn is_token(text: &str) -> bool {
    !text.is_empty() && !text.starts_with("[REDACTED") && !text.chars().any(char::is_whitespace)
}

fn failed(reason: impl Into<String>) -> Error {
    Error::SalesforceCli {
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_token_is_none() {
        assert!(is_token("00Dxx!AQ.0"));
        for hidden in [
            "[REDACTED] Use 'sf org auth show-access-token' to view",
            "",
            "no token here",
        ] {
            assert!(!is_token(hidden), "{hidden}");
        }
    }

    #[test]
    fn the_program_is_found_by_an_absolute_path_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder
            .path()
            .join(NAMES.first().copied().unwrap_or_default());
        std::fs::write(&program, "").expect("a file");
        let relative = PathBuf::from("bin");
        let cli =
            SalesforceCli::find(&[relative.clone(), folder.path().to_owned()]).expect("found");
        assert_eq!(cli.program, program);
        assert!(SalesforceCli::find(&[relative, PathBuf::from(".")]).is_err());
        assert!(SalesforceCli::find(&[]).is_err());
    }
}
