//! Why an org could not be read: where, what, and what to do.

use crate::{auth, net};
use std::sync::Arc;

/// One element of Salesforce's error bodies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// HTTP status, of the answer or of a part of a composite.
    pub status: u16,
    /// `errorCode`; empty where the body has none.
    pub code: String,
    /// `message`, in one line.
    pub message: String,
    /// What was asked for, without what follows a question mark.
    pub path: String,
}

/// Why a request had no use. One failure can reach several who wait for it, so it can be cloned.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The address is refused, or TLS cannot be set up.
    #[error(transparent)]
    Net(#[from] Arc<net::Error>),
    /// There is no token, or no new one.
    #[error(transparent)]
    Login(#[from] Arc<auth::Error>),
    /// No connection, or none that holds.
    #[error(
        "{host} could not be reached: {reason} ({attempts} attempts); check the network, the proxy and the address"
    )]
    Unreachable {
        /// The host.
        host: String,
        /// What went wrong last.
        reason: String,
        /// Requests that were sent.
        attempts: u32,
    },
    /// The org, or something before it, does not serve us now.
    #[error(
        "{host} does not serve us: HTTP {status} {reason} ({attempts} attempts); try again later"
    )]
    Unavailable {
        /// The host.
        host: String,
        /// HTTP status of the last answer.
        status: u16,
        /// Code of the answer, or its content type.
        reason: String,
        /// Requests that were sent.
        attempts: u32,
    },
    /// The session is refused, and a new token cannot help or did not.
    #[error("the org refuses the session: {message}{}", advice(message))]
    Session {
        /// What Salesforce says.
        message: String,
    },
    /// The user may not use the API at all.
    #[error(
        "the org refuses the API to this user ({code}: {message}); the user needs the permission API Enabled"
    )]
    ApiDisabled {
        /// Code of the answer.
        code: String,
        /// What Salesforce says.
        message: String,
    },
    /// The org's daily quota is used up.
    #[error(
        "the org's daily API requests are used up ({used}); try again when the rolling 24 hours free some"
    )]
    Quota {
        /// What the org says of the use.
        used: String,
    },
    /// More requests than the run may send.
    #[error(
        "the pull needs more than the {most} API requests that it may send ({reason}); allow more with --max-api-calls N, or pull less with --objects"
    )]
    Calls {
        /// What it may send.
        most: u64,
        /// Why so many.
        reason: String,
    },
    /// The server sends somebody to another place; nobody goes there with a token.
    #[error("{path}: the server points to {target}, which is not followed: {reason}")]
    Elsewhere {
        /// What was asked for.
        path: String,
        /// Where it points, without query.
        target: String,
        /// Why it is not followed.
        reason: &'static str,
    },
    /// An answer that is larger than any should be.
    #[error("{path}: the answer is larger than {most} MiB and was not read to its end")]
    TooLarge {
        /// What was asked for.
        path: String,
        /// The limit, in MiB.
        most: usize,
    },
    /// An answer that is not what was asked for.
    #[error("{path}: the answer cannot be read: {reason}")]
    Unreadable {
        /// What was asked for.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Salesforce says no.
    #[error("{}: HTTP {} {}: {}", .0.path, .0.status, .0.code, .0.message)]
    Fault(Fault),
}

impl Error {
    /// The fault, where Salesforce said no to this request and the run can go on without it.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether another run, later or with another login, may succeed: exit code 4. Else the evidence is incomplete.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        !matches!(
            self,
            Self::Calls { .. } | Self::TooLarge { .. } | Self::Unreadable { .. } | Self::Fault(_)
        )
    }
}

fn advice(message: &str) -> &'static str {
    if message.contains("not valid for use with the REST API") {
        "; the app is not allowed to use the API: let an administrator install and approve it"
    } else {
        "; log in again (sfcompat login)"
    }
}
