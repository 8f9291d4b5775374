//! Giving a login back, and the list of those that there are.

use super::endpoint::Endpoint;
use super::entry::{Entry, Grant};
use super::store::Store;
use super::{Error, Surroundings, vault};
use crate::model::SfId;
use crate::net::{self, Client, Timeouts};
use jiff::Timestamp;

/// What became of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoggedOut {
    /// Salesforce has ended its tokens.
    Revoked,
    /// The Salesforce CLI has the login and keeps it; only our note of it is gone.
    LeftToSalesforceCli,
    /// Nothing was to be revoked.
    Forgotten,
}

/// Ends a login at Salesforce, then removes it here. Where Salesforce is not reached, the login stays, so that it can be
/// tried again; `forget` removes it all the same, and its tokens stay good until they expire.
///
/// # Errors
/// There is no such login, or Salesforce is not reached.
pub async fn logout(alias: &str, forget: bool, around: &Surroundings) -> Result<LoggedOut, Error> {
    let store = Store::at(around.store.as_deref())?;
    let locked = store.lock(&around.clock).await?;
    let mut entry = locked.find(alias)?;
    let done = if forget {
        LoggedOut::Forgotten
    } else {
        vault::open(alias, &mut entry)?;
        revoke(&entry, around).await?
    };
    match vault::forget(alias, &entry) {
        Err(error) if !forget => return Err(error),
        _ => {}
    }
    locked.change(|entries| {
        entries.remove(alias);
    })?;
    Ok(done)
}

async fn revoke(entry: &Entry, around: &Surroundings) -> Result<LoggedOut, Error> {
    let client = Client::new(around.hosts, Timeouts::default());
    let endpoint = Endpoint::new(&client, &around.clock, &entry.login_url, "revoke");
    let (token, done) = match &entry.grant {
        Grant::Sf { .. } => return Ok(LoggedOut::LeftToSalesforceCli),
        // A refresh token ends its access tokens with it.
        Grant::Web {
            refresh_token: Some(token),
            ..
        } => (Some(token), LoggedOut::Revoked),
        // Its refresh token is the Salesforce CLI's own: to revoke it would log the CLI out. Our access token ends.
        Grant::SfdxUrl { .. } => (entry.access_token.as_ref(), LoggedOut::LeftToSalesforceCli),
        _ => (entry.access_token.as_ref(), LoggedOut::Revoked),
    };
    match token {
        Some(token) => {
            endpoint.revoke(token).await?;
            Ok(done)
        }
        None => Ok(LoggedOut::Forgotten),
    }
}

/// A stored login, without its secrets.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Listed {
    /// Its name.
    pub alias: String,
    /// Who logged in.
    pub username: Option<String>,
    /// Where the org answers.
    pub instance_url: String,
    /// The org.
    pub org_id: Option<String>,
    /// By which way, as `login --flow` takes it.
    pub flow: &'static str,
    /// When.
    pub since: Timestamp,
    /// Whether its secrets are in the keyring of the operating system.
    pub keyring: bool,
}

/// All stored logins, by name.
///
/// # Errors
/// The token store cannot be read.
pub fn list(around: &Surroundings) -> Result<Vec<Listed>, Error> {
    let entries = Store::at(around.store.as_deref())?.load()?;
    Ok(entries
        .into_iter()
        .map(|(alias, entry)| Listed {
            alias,
            instance_url: net::origin(&entry.instance_url),
            org_id: entry.org_id.map(SfId::text),
            flow: entry.grant.flow(),
            since: entry.since,
            keyring: entry.keyring,
            username: entry.username,
        })
        .collect())
}
