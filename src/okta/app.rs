//! What Okta says of itself: its Salesforce app, as `GET /api/v1/apps/{id}` answers.

use super::username::Template;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file of Okta cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no JSON.
    #[error("{}, line {line}: no JSON: {reason}; export the app again with GET /api/v1/apps/{{id}}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Physical line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It is no schema of an app's users.
    #[error("{}: {reason}; it must be what GET /api/v1/meta/schemas/apps/{{id}}/default answers", path.display())]
    NoSchema {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It is JSON and no app.
    #[error("{}: {reason}; it must be what GET /api/v1/apps/{{id}} answers", path.display())]
    NoApp {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// How Okta logs in to Salesforce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    /// With an OAuth consumer and a refresh token, and the REST API.
    OAuth,
    /// With username, password and security token, and the SOAP API.
    Password,
}

/// The Salesforce app of Okta. What its JSON does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct App {
    /// Id, `0oa...`.
    pub id: Option<String>,
    /// Name for people.
    pub label: String,
    /// `ACTIVE`, `INACTIVE` ...
    pub status: Option<String>,
    /// Provisioning features that are on, such as `PUSH_NEW_USERS`.
    pub features: Option<BTreeSet<String>>,
    /// `settings.app.instanceType`: `PRODUCTION`, `SANDBOX` ...
    pub instance_type: Option<String>,
    /// `settings.app.integrationType`: `STANDARD`, `PORTAL`, `COMMUNITY`.
    pub integration_type: Option<String>,
    /// How usernames are made of logins.
    pub username: Option<Template>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    label: String,
    status: Option<String>,
    features: Option<BTreeSet<String>>,
    settings: Option<Settings>,
    credentials: Option<Credentials>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    user_name_template: Option<WireTemplate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireTemplate {
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    user_suffix: Option<String>,
}

#[derive(Default, Deserialize)]
struct Settings {
    app: Option<AppSettings>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppSettings {
    instance_type: Option<String>,
    integration_type: Option<String>,
}

impl App {
    /// Reads an app from a file.
    ///
    /// # Errors
    /// The file cannot be read, is no JSON, or is something else than one app.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = crate::input::read_bounded(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        // Some editors put a mark before UTF-8; it is no part of the JSON.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let json: Value = serde_json::from_slice(bytes).map_err(|fault| Error::Json {
            path: path.to_owned(),
            line: fault.line(),
            reason: plain(&fault),
        })?;
        let no_app = |reason: String| Error::NoApp {
            path: path.to_owned(),
            reason,
        };
        let app = match json {
            // A list of apps, as `GET /api/v1/apps` answers: with one element it leaves no doubt.
            Value::Array(mut list) => match (list.pop(), list.len()) {
                (Some(app), 0) => app,
                (_, rest) => return Err(no_app(format!("a list of {} apps", rest + 1))),
            },
            other => other,
        };
        if !app.is_object() {
            return Err(no_app(String::from("no JSON object")));
        }
        if let Some(summary) = app.get("errorSummary").and_then(Value::as_str) {
            return Err(no_app(format!("an error of Okta: {summary}")));
        }
        if app.get("features").is_none() && app.get("settings").is_none() {
            return Err(no_app(String::from("neither features nor settings in it")));
        }
        let wire = Wire::deserialize(app).map_err(|fault| no_app(plain(&fault)))?;
        let settings = wire.settings.and_then(|settings| settings.app);
        let settings = settings.unwrap_or_default();
        Ok(Self {
            id: wire.id,
            label: wire.label,
            status: wire.status,
            features: wire.features,
            instance_type: settings.instance_type,
            integration_type: settings.integration_type,
            username: wire
                .credentials
                .and_then(|credentials| credentials.user_name_template)
                .map(|template| Template {
                    text: template.template.unwrap_or_default(),
                    suffix: template.user_suffix.unwrap_or_default(),
                }),
        })
    }

    /// Whether a provisioning feature is on; `None` where the file does not say.
    #[must_use]
    pub fn has(&self, feature: &str) -> Option<bool> {
        let features = self.features.as_ref()?;
        Some(features.contains(feature))
    }

    /// How Okta logs in.
    #[must_use]
    pub fn login(&self) -> Option<Login> {
        let oauth = self.has("OAUTH_INTEGRATION")?;
        Some(if oauth { Login::OAuth } else { Login::Password })
    }

    /// Whether the app is the portal or community variant, which makes contacts; `None` where the file does not say.
    #[must_use]
    pub fn is_portal(&self) -> Option<bool> {
        let kind = self.integration_type.as_deref()?;
        Some(["PORTAL", "COMMUNITY"].contains(&kind))
    }
}

/// What is wrong, without the place that serde_json repeats in its text.
fn plain(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    let cut = text.rsplit_once(" at line ").map(|(reason, _)| reason);
    cut.unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{App, Error, Login};

    fn read(text: &str) -> Result<App, Error> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("app.json");
        std::fs::write(&path, text).expect("written");
        App::read(&path)
    }

    #[test]
    fn an_app_says_what_it_does() {
        let app = read(r#"[{"label":"SF","status":"ACTIVE","features":["PUSH_NEW_USERS"],"settings":{"app":{"instanceType":"SANDBOX","integrationType":"PORTAL"}}}]"#).expect("an app");
        assert_eq!(app.has("PUSH_NEW_USERS"), Some(true));
        assert_eq!(app.has("REACTIVATE_USERS"), Some(false));
        assert_eq!(app.login(), Some(Login::Password));
        assert_eq!(app.is_portal(), Some(true));
        let silent = read(r#"{"settings":{}}"#).expect("an app");
        assert_eq!((silent.login(), silent.is_portal()), (None, None));
    }

    #[test]
    fn what_is_no_app_is_told() {
        for (text, part) in [
            ("", "no JSON"),
            ("{\n\"a\":", "line 2"),
            ("[]", "list"),
            ("[{},{}]", "a list of 2 apps"),
            ("3", "no JSON object"),
            ("{}", "neither features nor settings"),
            (
                r#"{"errorSummary":"Invalid token provided"}"#,
                "Invalid token provided",
            ),
            (r#"{"features":{"a":1}}"#, "invalid type"),
        ] {
            let fault = read(text).expect_err("no app").to_string();
            assert!(fault.contains(part), "{text}: {fault}");
        }
    }
}
