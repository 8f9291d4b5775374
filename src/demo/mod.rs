//! A fake Salesforce org on loopback: real OAuth and REST in front of a snapshot folder.
//!
//! One model of the server for `sfcompat demo`, for tests and for benches. It understands the part of SOQL and the
//! addresses that reading an org needs, and refuses everything else in words; it writes errors as Salesforce writes
//! them; it changes nothing for a client. What goes wrong is decided at its start (a [`Builder`] or a scenario file)
//! or by the program that runs it, never through its own port.

mod bulk;
mod change;
mod composite;
mod cursor;
mod describe;
mod embedded;
mod error;
mod faults;
mod http;
mod journal;
mod limits;
mod oauth;
mod okta;
mod org;
mod query;
mod record;
mod refusal;
mod rest;
mod retrieve;
mod rights;
mod route;
mod scenario;
mod seed;
mod settings;
mod sight;
mod soap;
mod soql;
mod store;
#[cfg(test)]
mod tests;
mod tokens;

mod builder;

pub use builder::Builder;
pub use change::Change;
pub use error::Error;
pub use faults::{Effect, Fault, Problem};
pub use journal::{Counts, Entry};
pub use okta::{FakeOkta, Mishap, OktaBuilder, Trouble};
pub use route::Endpoint;
pub use settings::Authorize;

use org::Org;
use std::path::PathBuf;
use std::sync::Arc;

/// A running fake org. It ends when it is dropped.
pub struct FakeOrg {
    org: Arc<Org>,
    running: http::Running,
}

impl FakeOrg {
    /// An org that is filled from a snapshot folder.
    pub fn builder(snapshot: impl Into<PathBuf>) -> Builder {
        Builder::new(seed::Seed::Folder(snapshot.into()))
    }

    /// The fictional org that the program carries.
    pub fn fictional() -> Builder {
        Builder::new(seed::Seed::Embedded)
    }

    /// Where it listens: `http://127.0.0.1:8123`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.org.base().to_owned()
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.running.address.port()
    }

    /// A new access token of the usual caller.
    #[must_use]
    pub fn access_token(&self) -> String {
        self.org.open_session()
    }

    /// Username of the usual caller.
    #[must_use]
    pub fn username(&self) -> String {
        self.org.store().value("User", self.org.user, "Username")
    }

    /// Id of the org, 18 characters.
    #[must_use]
    pub fn org_id(&self) -> String {
        self.org.id.text()
    }

    /// The requests so far, in the order of their answers.
    #[must_use]
    pub fn journal(&self) -> Vec<Entry> {
        self.org.journal().entries().to_vec()
    }

    /// The requests after the first so many, in the order of their answers.
    #[must_use]
    pub fn journal_after(&self, known: usize) -> Vec<Entry> {
        let journal = self.org.journal();
        journal.entries().get(known..).unwrap_or_default().to_vec()
    }

    /// How much was asked so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.org.journal().counts()
    }

    /// What the scenario asked for and could not be done, and what no reader should have asked for.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        self.org.journal().complaints().to_vec()
    }

    /// Forgets the requests so far, so that the next ones can be counted by themselves.
    pub fn forget(&self) {
        self.org.journal().clear();
    }

    /// Changes a record, as somebody else in the org would.
    ///
    /// # Errors
    /// The change does not fit the org.
    pub fn change(&self, change: &Change) -> Result<(), Error> {
        self.org.change(change)
    }

    /// Adds a mishap.
    pub fn fault(&self, fault: Fault) {
        self.org.faults().add(fault);
    }

    /// Ends all sessions; refresh tokens stay.
    pub fn expire_sessions(&self) {
        self.org.tokens().expire_all();
    }
}

impl std::fmt::Debug for FakeOrg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeOrg")
            .field("base_url", &self.org.base())
            .finish_non_exhaustive()
    }
}
