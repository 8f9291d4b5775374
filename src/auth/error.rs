//! Why there is no login: where, what, and what to do.

use crate::net;

/// Why there is no token of an org.
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
    /// The variables of the environment do not fit together.
    #[error("{reason}")]
    Environment {
        /// What is missing.
        reason: &'static str,
    },
    /// The org does not take the token any more, and there is nothing to get another one with.
    #[error("the org does not accept the token any more, and it cannot be renewed: {advice}")]
    Expired {
        /// What to do.
        advice: String,
    },
}

impl Error {
    /// Whether the command line, the environment or a file that the user named is wrong (exit code 2), not the way to
    /// the org (exit code 4).
    #[must_use]
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Net(net::Error::NoAddress { .. } | net::Error::Refused { .. })
            | Self::NoLogin { .. }
            | Self::Environment { .. } => true,
            Self::Net(net::Error::Tls { .. }) | Self::Expired { .. } => false,
        }
    }
}

fn known_logins(known: &[String]) -> String {
    if known.is_empty() {
        String::from(": nobody logged in yet (sfcompat login)")
    } else {
        format!("; there are: {}", known.join(", "))
    }
}
