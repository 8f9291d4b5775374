//! A fake Okta org on loopback: a token endpoint with signed assertions and proofs of possession, and the part of the
//! API that a pull reads, with paging, rate limits and whatever goes wrong.
//!
//! It is filled from a folder with the files of `sfcompat okta pull`, or from the fictional one that the program
//! carries. It refuses every verb that writes, and counts it.

mod builder;
mod mishap;
mod org;
mod page;
mod part;
mod records;
mod token;

pub use builder::OktaBuilder;
pub use mishap::{Mishap, Trouble};
pub(in crate::demo) use part::OktaPart;

use super::http::Running;
use super::journal::{Counts, Entry};
use org::Okta;
use std::path::PathBuf;
use std::sync::Arc;

/// A running fake Okta org. It ends when it is dropped.
pub struct FakeOkta {
    org: Arc<Okta>,
    running: Running,
}

impl FakeOkta {
    /// An org that is filled from a folder of `sfcompat okta pull`.
    pub fn builder(folder: impl Into<PathBuf>) -> OktaBuilder {
        OktaBuilder::new(Some(folder.into()))
    }

    /// The fictional org that the program carries.
    pub fn fictional() -> OktaBuilder {
        OktaBuilder::new(None)
    }

    /// Where it listens: `http://127.0.0.1:8124`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.org.base().to_owned()
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.running.address.port()
    }

    /// The API token that opens it.
    #[must_use]
    pub fn api_token(&self) -> String {
        self.org.settings.api_token.clone()
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

    /// Adds a mishap.
    pub fn mishap(&self, mishap: Mishap) {
        self.org.add(mishap);
    }
}

impl std::fmt::Debug for FakeOkta {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeOkta")
            .field("base_url", &self.org.base())
            .finish_non_exhaustive()
    }
}
