//! How the org behaves as a whole; single mishaps are [`super::Fault`]s.

use super::Change;
use super::sight::Hidden;
use std::collections::BTreeSet;
use std::time::Duration;

/// How the org behaves as a whole.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Username of the caller, unless the login names another.
    pub(super) user: Option<String>,
    /// An access token that works from the start.
    pub(super) access_token: Option<String>,
    pub(super) latency: Duration,
    /// The most records of a page, whatever the client asks for.
    pub(super) page_size: usize,
    /// The most records of a part of bulk results, whatever the client asks for.
    pub(super) bulk_size: usize,
    /// Polls that a bulk job needs until it is complete.
    pub(super) bulk_polls: u32,
    /// Objects that the Bulk API refuses. Lower case.
    pub(super) bulk_refuses: BTreeSet<String>,
    /// Calls after which a session has expired.
    pub(super) token_calls: Option<u64>,
    /// Whether a refresh gives a new refresh token, and ends the old one.
    pub(super) rotates: bool,
    /// What the token answer names as the org's address.
    pub(super) instance_url: Option<String>,
    /// The daily limit of calls, and how many were made before the start.
    pub(super) quota: u64,
    pub(super) quota_used: u64,
    pub(super) hidden: Hidden,
    /// Permissions that every caller lacks.
    pub(super) lacks: BTreeSet<String>,
    /// The API is switched off for the org.
    pub(super) api_disabled: bool,
    /// Newest and oldest version of the API.
    pub(super) newest: u32,
    pub(super) oldest: u32,
    pub(super) login: Login,
    /// Fields that the seed lacks and that are there all the same, null in every record.
    pub(super) null_fields: Vec<String>,
    /// Made before the first request.
    pub(super) changes: Vec<Change>,
}

/// How the login behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Login {
    /// What authorize does instead of approving.
    pub(super) authorize: Authorize,
    /// Callbacks that are registered; empty: any on loopback.
    pub(super) callbacks: Vec<String>,
    /// Clients that are registered, with their secret; empty: any.
    pub(super) clients: Vec<(String, Option<String>)>,
    /// Refuse code requests without a challenge.
    pub(super) requires_pkce: bool,
    /// An error for every grant.
    pub(super) error: Option<(String, String)>,
    /// The public key, as PEM, that signs assertions; none: signatures are not checked.
    pub(super) jwt_key: Option<String>,
    /// Seconds by which the clock of the org is ahead.
    pub(super) clock_skew: i64,
    /// The host is a login host: client credentials do not work there.
    pub(super) no_credentials: bool,
}

/// What the authorize page does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Authorize {
    /// Approves at once.
    #[default]
    Approve,
    /// The user refuses.
    Deny,
    /// Approves, with another state than was sent.
    WrongState,
    /// Approves, with a code that does not work.
    ExpiredCode,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user: None,
            access_token: None,
            latency: Duration::ZERO,
            page_size: 2000,
            bulk_size: 100_000,
            bulk_polls: 2,
            bulk_refuses: BTreeSet::new(),
            token_calls: None,
            rotates: false,
            instance_url: None,
            quota: 100_000,
            quota_used: 0,
            hidden: Hidden::default(),
            lacks: BTreeSet::new(),
            api_disabled: false,
            newest: 68,
            oldest: 31,
            login: Login {
                requires_pkce: true,
                ..Login::default()
            },
            null_fields: Vec::new(),
            changes: Vec::new(),
        }
    }
}
