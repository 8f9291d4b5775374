//! What a fake Okta org is to be like.

use super::org::{Okta, Proofs, Settings};
use super::records::Records;
use super::{FakeOkta, Mishap};
use crate::demo::{Error, http};
use std::path::PathBuf;
use std::sync::Arc;

/// What a fake Okta org is to be like. Unless told otherwise it behaves well.
#[derive(Clone, Debug)]
#[must_use = "the org does not start before `start`"]
pub struct OktaBuilder {
    folder: Option<PathBuf>,
    port: u16,
    settings: Settings,
    mishaps: Vec<Mishap>,
}

impl OktaBuilder {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            port: 0,
            settings: Settings::default(),
            mishaps: Vec::new(),
        }
    }

    /// The port to listen on; 0, the default: any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// A service app: its id, the public half of its key as PEM, and the id of the key.
    pub fn service_app(mut self, client_id: &str, public_pem: &str, key_id: Option<&str>) -> Self {
        client_id.clone_into(&mut self.settings.client_id);
        self.settings.public_pem = Some(public_pem.to_owned());
        self.settings.key_id = key_id.map(str::to_owned);
        self
    }

    /// The app demands proofs of possession, with a number that it gives out.
    pub fn dpop(mut self) -> Self {
        self.settings.proofs = Proofs::Wanted;
        self
    }

    /// Reading the API demands such a number as well, another one for each request.
    pub fn dpop_at_every_request(mut self) -> Self {
        self.settings.proofs = Proofs::Changing;
        self
    }

    /// A scope that was not granted.
    pub fn without_scope(mut self, scope: &str) -> Self {
        self.settings.lacks.push(scope.to_owned());
        self
    }

    /// The key of the service app is not registered any more.
    pub fn key_expired(mut self) -> Self {
        self.settings.key_expired = true;
        self
    }

    /// How long an access token is good, in seconds.
    pub fn token_seconds(mut self, seconds: i64) -> Self {
        self.settings.token_seconds = seconds;
        self
    }

    /// Calls after which an access token is refused.
    pub fn token_calls(mut self, calls: u64) -> Self {
        self.settings.token_calls = Some(calls);
        self
    }

    /// The most elements of a page, whatever the client asks for.
    pub fn page_size(mut self, elements: usize) -> Self {
        self.settings.page_size = elements.max(1);
        self
    }

    /// Both links of a page come in one header.
    pub fn joined_links(mut self) -> Self {
        self.settings.joined_links = true;
        self
    }

    /// A mishap.
    pub fn mishap(mut self, mishap: Mishap) -> Self {
        self.mishaps.push(mishap);
        self
    }

    /// Reads the seed and listens on 127.0.0.1, on a thread of its own.
    ///
    /// # Errors
    /// The seed cannot be read, or the port is taken.
    pub fn start(self) -> Result<FakeOkta, Error> {
        let records = Records::read(self.folder.as_deref())?;
        let org = Arc::new(Okta::new(records, self.settings, self.mishaps));
        let running = http::start(self.port, Arc::clone(&org))?;
        org.listens(format!("http://127.0.0.1:{}", running.address.port()));
        Ok(FakeOkta { org, running })
    }
}
