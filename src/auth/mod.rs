//! Logins: how the program gets a token of an org, keeps it, renews it and gives it back.
//!
//! Four ways lead in: a browser (authorization code with PKCE), an app's own user (client credentials), a key (JWT
//! bearer), and a login of the Salesforce CLI. There is no device flow, no password and no SOAP login, because Salesforce
//! has closed them or is closing them.
//!
//! What comes out is a [`Connection`]: the address of the org and a token that renews itself. Reading from the org is
//! not done here.

mod callback;
mod connection;
mod delivery;
mod doctor;
mod endpoint;
mod entry;
mod error;
mod identity;
mod jwt;
mod login;
mod logout;
mod private;
mod refusal;
mod renewal;
mod sf_cli;
mod sfdx_url;
mod store;
mod vault;

pub use callback::{DEFAULT_PORT, DEFAULT_WAIT};
pub use connection::{Connection, Token};
pub use doctor::{Diagnosis, State, Step, check, check_request};
pub use error::{Error, StoreError};
pub(crate) use jwt::rsa_key;
pub use login::{LoggedIn, Request, Way, login};
pub use logout::{Listed, LoggedOut, list, logout};
pub use private::{NotPrivate, read_secret};
pub use refusal::{Refusal, Remedy};
pub use store::Store;

use crate::net::{Clock, Hosts, Secret};
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
    /// The folders of `PATH`: where the Salesforce CLI is looked for.
    pub search_path: Vec<PathBuf>,
}

/// The connection to an org: by the stored login of this name, else by the token of the environment.
///
/// # Errors
/// There is no such login, or what there is of it cannot be used.
pub fn open(alias: Option<&str>, around: &Surroundings) -> Result<Connection, Error> {
    let stored = match alias {
        Some(alias) => {
            login::check_alias(alias)?;
            let store = match (&around.store, &around.access_token) {
                // A pipeline with a token needs no folder of its own.
                (None, Some(_)) => None,
                (folder, _) => Some(Store::at(folder.as_deref())?),
            };
            match store {
                Some(store) => match Connection::of_store(store, alias, around) {
                    Err(Error::NoLogin { .. }) if around.access_token.is_some() => None,
                    other => Some(other),
                },
                None => None,
            }
        }
        None => None,
    };
    match (stored, &around.access_token) {
        (Some(stored), _) => stored,
        (None, Some(token)) => {
            let address = around.instance_url.as_deref().ok_or_else(|| {
                Error::usage("SFCOMPAT_ACCESS_TOKEN is set, but SFCOMPAT_INSTANCE_URL is not: which org is the token of?")
            })?;
            Connection::of_environment(address, token.clone(), around)
        }
        (None, None) => Err(Error::usage(
            "which org? name a login (--org), or set SFCOMPAT_ACCESS_TOKEN and SFCOMPAT_INSTANCE_URL",
        )),
    }
}
