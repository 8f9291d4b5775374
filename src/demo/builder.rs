//! What a fake org is to be like.

use super::faults::Faults;
use super::org::Org;
use super::seed::Seed;
use super::settings::Settings;
use super::store::Store;
use super::{Authorize, Change, Error, FakeOrg, Fault, http};
use std::sync::Arc;
use std::time::Duration;

/// What a fake org is to be like. Unless told otherwise it behaves well.
#[derive(Clone, Debug)]
#[must_use = "the org does not start before `start`"]
pub struct Builder {
    seed: Seed,
    port: u16,
    settings: Settings,
    faults: Vec<Fault>,
}

impl Builder {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            seed,
            port: 0,
            settings: Settings::default(),
            faults: Vec::new(),
        }
    }

    /// The port to listen on; 0, the default: any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Who callers are, unless their login names another user. Default: an administrator.
    pub fn user(mut self, username: &str) -> Self {
        self.settings.user = Some(username.to_owned());
        self
    }

    /// An access token that works from the start.
    pub fn token(mut self, token: &str) -> Self {
        self.settings.access_token = Some(token.to_owned());
        self
    }

    /// How long every answer takes.
    pub fn latency(mut self, time: Duration) -> Self {
        self.settings.latency = time;
        self
    }

    /// The most records of a page, whatever the client asks for; Salesforce never goes below 200, tests may.
    pub fn page_size(mut self, records: usize) -> Self {
        self.settings.page_size = records.max(1);
        self
    }

    /// The most records of a part of bulk results.
    pub fn bulk_page_size(mut self, records: usize) -> Self {
        self.settings.bulk_size = records.max(1);
        self
    }

    /// Polls that a bulk job needs until it is complete.
    pub fn bulk_polls(mut self, polls: u32) -> Self {
        self.settings.bulk_polls = polls;
        self
    }

    /// An object that the Bulk API refuses.
    pub fn bulk_refuses(mut self, object: &str) -> Self {
        self.settings
            .bulk_refuses
            .insert(object.to_ascii_lowercase());
        self
    }

    /// Calls after which a session has expired.
    pub fn token_calls(mut self, calls: u64) -> Self {
        self.settings.token_calls = Some(calls);
        self
    }

    /// A refresh gives a new refresh token, and ends the old one.
    pub fn rotating_refresh(mut self) -> Self {
        self.settings.rotates = true;
        self
    }

    /// What the token answer names as the address of the org.
    pub fn instance_url(mut self, url: &str) -> Self {
        self.settings.instance_url = Some(url.to_owned());
        self
    }

    /// The daily limit of calls, and how many of them were made before the start.
    pub fn quota(mut self, limit: u64, used: u64) -> Self {
        self.settings.quota = limit;
        self.settings.quota_used = used;
        self
    }

    /// An object that nobody sees.
    pub fn hide_object(mut self, object: &str) -> Self {
        self.settings
            .hidden
            .objects
            .insert(object.to_ascii_lowercase());
        self
    }

    /// A field that nobody sees: `User.FederationIdentifier`.
    pub fn hide_field(mut self, field: &str) -> Self {
        self.settings
            .hidden
            .fields
            .insert(field.to_ascii_lowercase());
        self
    }

    /// A field that describe tells of and queries refuse.
    pub fn refuse_field(mut self, field: &str) -> Self {
        self.settings
            .hidden
            .refused
            .insert(field.to_ascii_lowercase());
        self
    }

    /// A field that the seed lacks and that is there all the same, null in every record: `UserRole.ParentRoleId`.
    pub fn null_field(mut self, field: &str) -> Self {
        self.settings.null_fields.push(field.to_owned());
        self
    }

    /// A permission that callers lack: `ViewSetup`.
    pub fn without_permission(mut self, permission: &str) -> Self {
        let name = permission.strip_prefix("Permissions").unwrap_or(permission);
        self.settings.lacks.insert(name.to_owned());
        self
    }

    /// The API is switched off.
    pub fn api_disabled(mut self) -> Self {
        self.settings.api_disabled = true;
        self
    }

    /// Oldest and newest version of the API that is offered.
    pub fn versions(mut self, oldest: u32, newest: u32) -> Self {
        self.settings.oldest = oldest;
        self.settings.newest = newest;
        self
    }

    /// What the authorize page does.
    pub fn authorize(mut self, what: Authorize) -> Self {
        self.settings.login.authorize = what;
        self
    }

    /// A callback that is registered. Without any, all on loopback are.
    pub fn callback(mut self, uri: &str) -> Self {
        self.settings.login.callbacks.push(uri.to_owned());
        self
    }

    /// A client that is registered, with its secret. Without any, all are.
    pub fn client(mut self, id: &str, secret: Option<&str>) -> Self {
        self.settings
            .login
            .clients
            .push((id.to_owned(), secret.map(str::to_owned)));
        self
    }

    /// Codes are given without a PKCE challenge, too.
    pub fn without_pkce(mut self) -> Self {
        self.settings.login.requires_pkce = false;
        self
    }

    /// Every token request is answered by this error.
    pub fn token_error(mut self, error: &str, description: &str) -> Self {
        self.settings.login.error = Some((error.to_owned(), description.to_owned()));
        self
    }

    /// The public key, as PEM, that must have signed assertions. Without it signatures are not checked.
    pub fn jwt_key(mut self, pem: &str) -> Self {
        self.settings.login.jwt_key = Some(pem.to_owned());
        self
    }

    /// Seconds by which the clock of the org is ahead, as far as assertions are concerned.
    pub fn clock_skew(mut self, seconds: i64) -> Self {
        self.settings.login.clock_skew = seconds;
        self
    }

    /// The org stands behind a login host, where client credentials do not work.
    pub fn login_host(mut self) -> Self {
        self.settings.login.no_credentials = true;
        self
    }

    /// A change that is made before the first request.
    pub fn change(mut self, change: Change) -> Self {
        self.settings.changes.push(change);
        self
    }

    /// A mishap.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Several mishaps.
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Reads the seed and listens on 127.0.0.1, on a thread of its own.
    ///
    /// # Errors
    /// The seed cannot be read, the user is not in it, a change does not fit, or the port is taken.
    pub fn start(self) -> Result<FakeOrg, Error> {
        let store = Store::read(&self.seed)?;
        let org = Arc::new(Org::new(store, self.settings, Faults::new(self.faults))?);
        let running = http::start(self.port, Arc::clone(&org))?;
        org.listens(format!("http://127.0.0.1:{}", running.address.port()));
        Ok(FakeOrg { org, running })
    }
}
