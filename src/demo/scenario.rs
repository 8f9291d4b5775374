//! A scenario file: how the org behaves and what goes wrong, as TOML.
//!
//! ```toml
//! latency_ms = 80
//! hide_fields = ["User.FederationIdentifier"]
//!
//! [[fault]]
//! on = "query"
//! object = "User"
//! after = 1
//! times = 1
//! effect = { html = 503 }
//!
//! [[change]]
//! do = "update"
//! object = "UserLicense"
//! id = "1007R000000GIJX"
//! values = { TotalLicenses = "-1" }
//!
//! [okta]
//! page_size = 2
//!
//! [[okta.mishap]]
//! on = "/groups"
//! times = 1
//! trouble = { too-many = 20 }
//! ```

use super::{Authorize, Builder, Change, Error, Fault, OktaBuilder};
use std::path::Path;
use std::time::Duration;

/// The file, as it is written.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    user: Option<String>,
    access_token: Option<String>,
    latency_ms: u64,
    page_size: Option<usize>,
    bulk_page_size: Option<usize>,
    bulk_polls: Option<u32>,
    bulk_refuses: Vec<String>,
    token_calls: Option<u64>,
    rotating_refresh: bool,
    instance_url: Option<String>,
    quota: Option<Quota>,
    hide_objects: Vec<String>,
    hide_fields: Vec<String>,
    refuse_fields: Vec<String>,
    null_fields: Vec<String>,
    without_permissions: Vec<String>,
    api_disabled: bool,
    versions: Option<(u32, u32)>,
    login: LoginPart,
    fault: Vec<Fault>,
    change: Vec<Change>,
    /// What the fake Okta beside the org does.
    okta: super::okta::OktaPart,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Quota {
    limit: u64,
    #[serde(default)]
    used: u64,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LoginPart {
    authorize: Option<Authorize>,
    callbacks: Vec<String>,
    clients: Vec<ClientPart>,
    without_pkce: bool,
    error: Option<OauthError>,
    /// A file with the public key; relative to the scenario.
    jwt_key: Option<String>,
    clock_skew_s: i64,
    login_host: bool,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientPart {
    id: String,
    secret: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OauthError {
    error: String,
    description: String,
}

impl Builder {
    /// Makes the org behave as a scenario file says.
    ///
    /// # Errors
    /// The file cannot be read, or says something that is not understood.
    pub fn scenario(self, path: &Path) -> Result<Self, Error> {
        let file = File::read(path)?;
        let mut builder = self.faults(file.fault.iter().cloned());
        if let Some(key) = &file.login.jwt_key {
            builder = builder.jwt_key(&beside(path, key)?);
        }
        Ok(file.set_login(file.set_org(builder)))
    }
}

impl OktaBuilder {
    /// Makes the org behave as the part `[okta]` of a scenario file says.
    ///
    /// # Errors
    /// The file cannot be read, or says something that is not understood.
    pub fn scenario(self, path: &Path) -> Result<Self, Error> {
        let part = File::read(path)?.okta;
        let pem = part.public_key().map(|key| beside(path, key)).transpose()?;
        Ok(part.set(self, pem.as_deref()))
    }
}

fn wrong(path: &Path, what: String) -> Error {
    Error::Scenario {
        file: path.display().to_string(),
        what,
    }
}

/// The text of a file that a scenario names.
fn beside(scenario: &Path, name: &str) -> Result<String, Error> {
    let path = scenario.parent().unwrap_or(Path::new("")).join(name);
    std::fs::read_to_string(&path)
        .map_err(|fault| wrong(scenario, format!("{}: {fault}", path.display())))
}

impl File {
    fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|fault| wrong(path, fault.to_string()))?;
        toml::from_str(&text).map_err(|fault| wrong(path, fault.to_string()))
    }

    fn set_org(&self, mut builder: Builder) -> Builder {
        builder = builder.latency(Duration::from_millis(self.latency_ms));
        builder = given(builder, self.user.as_deref(), Builder::user);
        builder = given(builder, self.access_token.as_deref(), Builder::token);
        builder = given(builder, self.page_size, Builder::page_size);
        builder = given(builder, self.bulk_page_size, Builder::bulk_page_size);
        builder = given(builder, self.bulk_polls, Builder::bulk_polls);
        builder = given(builder, self.token_calls, Builder::token_calls);
        builder = given(builder, self.instance_url.as_deref(), Builder::instance_url);
        builder = each(builder, &self.bulk_refuses, Builder::bulk_refuses);
        builder = each(builder, &self.hide_objects, Builder::hide_object);
        builder = each(builder, &self.hide_fields, Builder::hide_field);
        builder = each(builder, &self.refuse_fields, Builder::refuse_field);
        builder = each(builder, &self.null_fields, Builder::null_field);
        builder = each(
            builder,
            &self.without_permissions,
            Builder::without_permission,
        );
        if let Some(quota) = &self.quota {
            builder = builder.quota(quota.limit, quota.used);
        }
        if let Some((oldest, newest)) = self.versions {
            builder = builder.versions(oldest, newest);
        }
        if self.rotating_refresh {
            builder = builder.rotating_refresh();
        }
        if self.api_disabled {
            builder = builder.api_disabled();
        }
        self.change.iter().cloned().fold(builder, Builder::change)
    }

    fn set_login(&self, mut builder: Builder) -> Builder {
        let login = &self.login;
        builder = given(builder, login.authorize, Builder::authorize);
        builder = each(builder, &login.callbacks, Builder::callback);
        for client in &login.clients {
            builder = builder.client(&client.id, client.secret.as_deref());
        }
        if login.without_pkce {
            builder = builder.without_pkce();
        }
        if let Some(error) = &login.error {
            builder = builder.token_error(&error.error, &error.description);
        }
        if login.login_host {
            builder = builder.login_host();
        }
        builder.clock_skew(login.clock_skew_s)
    }
}

/// Sets what is given.
fn given<T>(builder: Builder, value: Option<T>, set: impl Fn(Builder, T) -> Builder) -> Builder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

/// Adds each of several.
fn each(builder: Builder, values: &[String], add: impl Fn(Builder, &str) -> Builder) -> Builder {
    values
        .iter()
        .fold(builder, |builder, value| add(builder, value))
}

#[cfg(test)]
mod tests {
    use crate::demo::FakeOrg;

    fn read(text: &str) -> Result<crate::demo::Builder, String> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        FakeOrg::fictional()
            .scenario(file.path())
            .map_err(|fault| fault.to_string())
    }

    #[test]
    fn every_key_is_understood() {
        let text = r#"
            user = "ysolde.yewdale@brackenford.example"
            access_token = "00D7R000000FqP2!fixed"
            latency_ms = 1
            page_size = 3
            bulk_page_size = 10
            bulk_polls = 1
            bulk_refuses = ["Profile"]
            token_calls = 100
            rotating_refresh = true
            instance_url = "https://evil.example"
            quota = { limit = 100, used = 5 }
            hide_objects = ["Network"]
            hide_fields = ["User.Title"]
            refuse_fields = ["User.Alias"]
            null_fields = ["UserRole.PortalAccountOwnerId"]
            without_permissions = ["ViewSetup"]
            api_disabled = false
            versions = [60, 65]
            [login]
            authorize = "deny"
            callbacks = ["http://localhost:1717/OauthRedirect"]
            clients = [{ id = "ck", secret = "cs" }, { id = "public" }]
            without_pkce = true
            error = { error = "invalid_grant", description = "user hasn't approved this consumer" }
            clock_skew_s = 600
            login_host = true
            [[fault]]
            on = "bulk-create"
            effect = { refuse = { too-many-for = 3 } }
            times = 1
            [[fault]]
            effect = { latency-ms = 1 }
            [[fault]]
            on = "query"
            after = 1000
            effect = "endless"
            [[fault]]
            on = "next"
            object = "User"
            after = 2
            effect = { change = { do = "delete", object = "GroupMember", id = "0117R0000006ShmQAE" } }
            [[change]]
            do = "update"
            object = "UserLicense"
            id = "1007R000000GIJXQA4"
            values = { TotalLicenses = "0" }
        "#;
        let org = read(text).expect("a scenario").start().expect("an org");
        assert_eq!(org.username(), "ysolde.yewdale@brackenford.example");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let said = |text: &str| read(text).expect_err(text);
        assert!(
            said("latency = 3").contains("line 1"),
            "{}",
            said("latency = 3")
        );
        assert!(said("[[fault]]\non = \"query\"").contains("missing field `effect`"));
        assert!(said("[[fault]]\neffect = \"flood\"").contains("unknown variant `flood`"));
        assert!(said("[[fault]]\non = \"nowhere\"\neffect = \"endless\"").contains("nowhere"));
        let fault = FakeOrg::fictional().scenario(std::path::Path::new("/no/such/file.toml"));
        assert!(
            fault
                .expect_err("no file")
                .to_string()
                .starts_with("/no/such/file.toml: ")
        );
    }
}
