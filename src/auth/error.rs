//! Why there is no login: where, what, and what to do.

use super::private::NotPrivate;
use super::refusal::Refusal;
use crate::net;
use std::io;
use std::path::PathBuf;

/// Why there is no token of an org. No text of it holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address is refused, or nothing can be sent at all.
    #[error(transparent)]
    Net(#[from] net::Error),
    /// Nobody logged in under this name.
    #[error("there is no login '{alias}'{}", known_logins(known))]
    NoLogin {
        /// The name that was asked for.
        alias: String,
        /// The names of the logins that there are.
        known: Vec<String>,
    },
    /// What the user gave does not fit together.
    #[error("{reason}")]
    Usage {
        /// What is missing or wrong, and what to do.
        reason: String,
    },
    /// The org does not take the token any more, and there is nothing to get another one with.
    #[error("the login has expired and cannot be renewed: {advice}")]
    Expired {
        /// What to do.
        advice: String,
    },
    /// Salesforce answered a request for a token with an error of OAuth.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// There is no answer that could be read.
    #[error("{host}: {reason}")]
    NoAnswer {
        /// Scheme, host and port that were asked.
        host: String,
        /// What happened, and what to do.
        reason: String,
    },
    /// An answer names an address to which no token may go.
    #[error(
        "{host} answers with an address that is not trusted, so nothing was sent there: {reason}"
    )]
    ForeignInstance {
        /// Who answered.
        host: String,
        /// Which address, and why not.
        reason: String,
    },
    /// The browser's answer did not come, or cannot be received.
    #[error("{reason}")]
    Callback {
        /// What happened, and what to do.
        reason: String,
    },
    /// The token store is not private, or cannot be read.
    #[error("the token store: {0}")]
    NotPrivate(#[from] NotPrivate),
    /// The file of a key or secret that the user named is not private, or holds none.
    #[error(transparent)]
    SecretFile(NotPrivate),
    /// The Salesforce CLI cannot give its login.
    #[error("the Salesforce CLI: {reason}")]
    SalesforceCli {
        /// What happened, and what to do.
        reason: String,
    },
    /// The token store, or the keyring behind it, cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the token store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system names no folder for it.
    #[error("there is no folder for the token store: set SFCOMPAT_HOME to an absolute path")]
    NoFolder,
    /// Its text cannot be understood.
    #[error("the token store {} is damaged ({reason}): move it away and log in again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where and what, without a word of its text.
        reason: String,
    },
    /// It cannot be written. What was there before is still there.
    #[error("the token store {} cannot be written, and is as it was: {source}", path.display())]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another process keeps the lock.
    #[error("another process has been writing the token store for too long ({}): is one hanging?", path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// The keyring of the operating system gives or takes nothing.
    #[error("the secrets of '{alias}' are in the keyring of the operating system: {reason}")]
    Keyring {
        /// The login.
        alias: String,
        /// What the keyring said.
        reason: String,
    },
}

impl Error {
    /// Whether the command line, the environment or a file that the user named is wrong (exit code 2), not the way to
    /// the org (exit code 4).
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Net(net::Error::NoAddress { .. } | net::Error::Refused { .. })
                | Self::NoLogin { .. }
                | Self::Usage { .. }
                | Self::SecretFile(_)
        )
    }

    /// What led to it and what to do, line by line, where the error itself does not say it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Refused(refusal) => refusal.hints(),
            _ => Vec::new(),
        }
    }

    pub(super) fn usage(reason: impl Into<String>) -> Self {
        Self::Usage {
            reason: reason.into(),
        }
    }
}

fn known_logins(known: &[String]) -> String {
    if known.is_empty() {
        String::from(": nobody has logged in yet (sfcompat login)")
    } else {
        format!("; there are: {}", known.join(", "))
    }
}
