//! One stored login, and how it stands in the file.

use super::store::Entries;
use crate::model::SfId;
use crate::net::{Hosts, Secret};
use jiff::Timestamp;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::path::PathBuf;
use url::Url;

/// The form of the file. Another one was written by another version, and is left as it is.
const SCHEMA: &str = "sfcompat-tokens/1";

/// A login: where, who, by what, and the token of the moment.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where tokens are asked for.
    pub(super) login_url: Url,
    /// Where the org answers.
    pub(super) instance_url: Url,
    pub(super) org_id: Option<SfId>,
    pub(super) username: Option<String>,
    /// When somebody logged in.
    pub(super) since: Timestamp,
    pub(super) grant: Grant,
    pub(super) access_token: Option<Secret>,
    /// Whether the secrets are in the keyring of the operating system instead of the file.
    pub(super) keyring: bool,
}

/// By what another token is had when one has expired.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "flow", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Grant {
    /// Somebody logged in with a browser.
    Web {
        client_id: String,
        #[serde(with = "optional", default, skip_serializing_if = "Option::is_none")]
        client_secret: Option<Secret>,
        #[serde(with = "optional", default, skip_serializing_if = "Option::is_none")]
        refresh_token: Option<Secret>,
    },
    /// An app with a user of its own.
    ClientCredentials {
        client_id: String,
        #[serde(with = "optional", default, skip_serializing_if = "Option::is_none")]
        client_secret: Option<Secret>,
    },
    /// A key that signs for a user. The key stays where it is.
    Jwt {
        client_id: String,
        username: String,
        key_file: PathBuf,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience: Option<String>,
    },
    /// The Salesforce CLI keeps the login.
    Sf { org: String },
    /// The refresh token of a Salesforce CLI login.
    SfdxUrl {
        client_id: String,
        #[serde(with = "optional", default, skip_serializing_if = "Option::is_none")]
        client_secret: Option<Secret>,
        #[serde(with = "optional", default, skip_serializing_if = "Option::is_none")]
        refresh_token: Option<Secret>,
    },
    /// A token that somebody had already.
    Token {},
}

impl Grant {
    /// The name of the way, as `login --flow` takes it.
    pub(super) fn flow(&self) -> &'static str {
        match self {
            Self::Web { .. } => "web",
            Self::ClientCredentials { .. } => "client-credentials",
            Self::Jwt { .. } => "jwt",
            Self::Sf { .. } => "sf",
            Self::SfdxUrl { .. } => "sfdx-url",
            Self::Token {} => "token",
        }
    }

    /// What is secret in it, by its name in the file.
    pub(super) fn secrets(&mut self) -> Vec<(&'static str, &mut Option<Secret>)> {
        match self {
            Self::Web {
                client_secret,
                refresh_token,
                ..
            }
            | Self::SfdxUrl {
                client_secret,
                refresh_token,
                ..
            } => vec![
                ("client_secret", client_secret),
                ("refresh_token", refresh_token),
            ],
            Self::ClientCredentials { client_secret, .. } => vec![("client_secret", client_secret)],
            Self::Jwt { .. } | Self::Sf { .. } | Self::Token {} => Vec::new(),
        }
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    logins: BTreeMap<String, Line>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    login_url: String,
    instance_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    org_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    since: Timestamp,
    grant: Grant,
    #[serde(with = "optional", default, skip_serializing_if = "Option::is_none")]
    access_token: Option<Secret>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    keyring: bool,
}

/// Only the schema, to tell a damaged file from one of another version.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// The logins of a file's text. The reason of a failure repeats nothing of the text: it could be a token.
pub(super) fn read(bytes: &[u8]) -> Result<Entries, String> {
    let damaged = |error: &serde_json::Error| {
        let what = match error.classify() {
            serde_json::error::Category::Eof => "it ends too early",
            serde_json::error::Category::Syntax => "it is no JSON",
            serde_json::error::Category::Io | serde_json::error::Category::Data => {
                "it does not hold what a token store holds"
            }
        };
        format!("line {}, column {}: {what}", error.line(), error.column())
    };
    let head: Head = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
    if head.schema != SCHEMA {
        return Err(String::from("another version of sfcompat wrote it"));
    }
    let file: File = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
    file.logins
        .into_iter()
        .map(|(alias, line)| {
            // Plain http was allowed or not when the login was made; whether it is now is asked before each request.
            let base = |text: &str| {
                Hosts::with_loopback_http().base(text).map_err(|_| {
                    format!("the login '{alias}' has an address that is none of Salesforce's")
                })
            };
            let entry = Entry {
                login_url: base(&line.login_url)?,
                instance_url: base(&line.instance_url)?,
                org_id: line.org_id.and_then(|id| SfId::parse(&id).ok()),
                username: line.username,
                since: line.since,
                grant: line.grant,
                access_token: line.access_token,
                keyring: line.keyring,
            };
            Ok((alias, entry))
        })
        .collect()
}

/// The text of the file.
pub(super) fn write(entries: &Entries) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    let file = File {
        schema: SCHEMA.to_owned(),
        logins: entries
            .iter()
            .map(|(alias, entry)| (alias.clone(), line(entry)))
            .collect(),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    serde_json::to_writer_pretty(&mut *bytes, &file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn line(entry: &Entry) -> Line {
    let mut grant = entry.grant.clone();
    if entry.keyring {
        for (_, secret) in grant.secrets() {
            *secret = None;
        }
    }
    Line {
        login_url: entry.login_url.to_string(),
        instance_url: entry.instance_url.to_string(),
        org_id: entry.org_id.map(SfId::text),
        username: entry.username.clone(),
        since: entry.since,
        grant,
        access_token: entry.access_token.clone().filter(|_| !entry.keyring),
        keyring: entry.keyring,
    }
}

/// A secret in the file: the one place where secrets are written.
mod optional {
    use super::{Deserialize, Deserializer, Secret, Serializer};

    #[expect(
        clippy::ref_option,
        reason = "serde calls it with a reference to the field"
    )]
    pub(super) fn serialize<S: Serializer>(
        secret: &Option<Secret>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => serializer.serialize_str(secret.expose()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Secret>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
    }
}
