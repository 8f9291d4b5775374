//! Why an Okta org could not be read: where, what, and what to do. The target folder is as it was before.

use crate::auth::NotPrivate;
use crate::{net, pull};

/// Why a pull from Okta has no result. No text of it holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address is refused, or nothing can be sent at all.
    #[error(transparent)]
    Net(#[from] net::Error),
    /// What the user gave does not fit together.
    #[error("{reason}")]
    Usage {
        /// What is missing or wrong, and what to do.
        reason: String,
    },
    /// The file of a key or token that the user named is not private, or holds none.
    #[error(transparent)]
    SecretFile(#[from] NotPrivate),
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
    /// Okta, or something before it, does not serve us now.
    #[error(
        "{host} does not serve us: HTTP {status} {reason} ({attempts} attempts); try again later"
    )]
    Unavailable {
        /// The host.
        host: String,
        /// HTTP status of the last answer.
        status: u16,
        /// Code and text of the answer, or its content type.
        reason: String,
        /// Requests that were sent.
        attempts: u32,
    },
    /// The bucket of requests is empty, and does not fill soon enough.
    #[error(
        "{path}: Okta's rate limit is used up (HTTP 429 E0000047{}, {attempts} attempts); pull again when others ask less, or let an administrator raise the share of the service app", wait(*seconds)
    )]
    RateLimit {
        /// What was asked for.
        path: String,
        /// Seconds until the limit is reset, where Okta says so.
        seconds: Option<u64>,
        /// Requests that were sent.
        attempts: u32,
    },
    /// Okta gives no access token.
    #[error("Okta gives no token: {error}: {description}{advice}")]
    NoToken {
        /// `error` of OAuth.
        error: String,
        /// What Okta says.
        description: String,
        /// What to do, with a separator in front; empty where Okta's words are all there is.
        advice: String,
    },
    /// Okta says no.
    #[error("{path}: Okta refuses: HTTP {status} {code}: {summary}{advice}")]
    Refused {
        /// What was asked for.
        path: String,
        /// HTTP status.
        status: u16,
        /// `errorCode`, such as `E0000006`.
        code: String,
        /// `errorSummary`
        summary: String,
        /// What to do, with a separator in front; may be empty.
        advice: String,
    },
    /// A link of the server leads to another place; nobody goes there with a token.
    #[error(
        "{path}: the next page is said to be at {target}, and not at {host}: it is not followed, and nothing was sent there"
    )]
    Elsewhere {
        /// What was asked for.
        path: String,
        /// Scheme, host and port, or what is wrong with the link.
        target: String,
        /// Where the pull reads.
        host: String,
    },
    /// An answer that is not what was asked for.
    #[error("{path}: the answer cannot be read: {reason}")]
    Unreadable {
        /// What was asked for.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder is not ours, or cannot be written.
    #[error(transparent)]
    Folder(#[from] pull::Error),
}

impl Error {
    pub(super) fn usage(reason: impl Into<String>) -> Self {
        Self::Usage {
            reason: reason.into(),
        }
    }

    pub(super) fn write(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Folder(pull::Error::Write {
            path: path.to_owned(),
            source,
        })
    }

    /// Whether the command line, the environment or a file that the user named is wrong (exit code 2).
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Net(net::Error::NoAddress { .. } | net::Error::Refused { .. })
                | Self::Usage { .. }
                | Self::SecretFile(_)
                | Self::Folder(pull::Error::Occupied { .. })
        )
    }

    /// Whether the folder could not be written (exit code 6). What is neither is the way to Okta (exit code 4).
    #[must_use]
    pub fn is_output(&self) -> bool {
        matches!(self, Self::Folder(pull::Error::Write { .. }))
    }
}

fn wait(seconds: Option<u64>) -> String {
    seconds.map_or_else(String::new, |seconds| {
        format!(", reset in {seconds} seconds")
    })
}
