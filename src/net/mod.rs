//! The way to the outside: which hosts may be spoken to, the one HTTP client, what is secret, and what time it is.
//!
//! Nothing here knows what is asked. Every request of the program goes through [`Client`], which looks at its address
//! first: a token cannot leave for a host that nobody allowed.

mod client;
mod clock;
mod hosts;
mod redact;
pub mod retry;
mod secret;

pub(crate) use client::causes;
pub use client::{Client, Timeouts, proxy};
pub use clock::Clock;
pub use hosts::Hosts;
pub(crate) use hosts::{is_loopback, origin};
pub use redact::redact;
pub use secret::Secret;
pub(crate) use secret::same;

/// Why nothing is sent at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A text that is no address of an org.
    #[error("'{text}' is no address of a Salesforce org: {reason}")]
    NoAddress {
        /// The text, without what could be a secret in it.
        text: String,
        /// What is wrong with it, and what to write instead.
        reason: String,
    },
    /// An address to which no token goes.
    #[error("{host} is not spoken to: {reason}")]
    Refused {
        /// Scheme, host and port of the address.
        host: String,
        /// Which rule forbids it.
        reason: &'static str,
    },
    /// The HTTP client cannot be made; mostly there are no root certificates on the machine.
    #[error(
        "TLS cannot be set up: {reason}; does this machine have root certificates (the package ca-certificates)?"
    )]
    Tls {
        /// What the TLS library said.
        reason: String,
    },
}
