//! Logins: how the program gets a token of an org, keeps it, renews it and gives it back.
//!
//! What comes out is a [`Connection`]: the address of the org and a token that renews itself. Reading from the org is
//! not done here.

mod connection;
mod error;

pub use connection::{Connection, Token};
pub use error::Error;

use crate::net::{Clock, Hosts, Secret};
use std::ffi::OsString;
use std::path::PathBuf;

/// What logins take from the world outside. It is passed in, so that tests own it.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Which hosts may be spoken to.
    pub hosts: Hosts,
    /// What time it is.
    pub clock: Clock,
    /// The folder of the token store; `None`: the system names no folder for it.
    pub store: Option<PathBuf>,
    /// `SFCOMPAT_ACCESS_TOKEN`
    pub access_token: Option<Secret>,
    /// `SFCOMPAT_INSTANCE_URL`
    pub instance_url: Option<String>,
    /// `PATH`: where the Salesforce CLI is looked for.
    pub search_path: Option<OsString>,
}

/// The connection to an org: by the alias of a stored login, else by the token of the environment.
///
/// # Errors
/// There is no such login, or what there is of it cannot be used.
pub fn open(alias: Option<&str>, around: &Surroundings) -> Result<Connection, Error> {
    match (&around.access_token, alias) {
        (Some(token), _) => {
            let Some(address) = around.instance_url.as_deref() else {
                return Err(Error::Environment {
                    reason: "SFCOMPAT_ACCESS_TOKEN is set, but SFCOMPAT_INSTANCE_URL is not: which org is the token of?",
                });
            };
            Connection::of_environment(address, token.clone(), around)
        }
        (None, alias) => Err(Error::NoLogin {
            alias: alias.unwrap_or_default().to_owned(),
            known: Vec::new(),
        }),
    }
}
