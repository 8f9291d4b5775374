//! The keyring of the operating system: Keychain, Credential Manager, or the Secret Service of a desktop.
//!
//! It is asked from a thread of its own, because its Linux part waits in ways that the runtime of the network forbids.

use crate::auth::entry::Entry;
use crate::auth::{Error, StoreError};
use crate::net::Secret;
use secrecy::zeroize::Zeroizing;
use std::collections::BTreeMap;

const SERVICE: &str = "sfcompat";
const ACCESS_TOKEN: &str = "access_token";

/// Reads the secrets of a login.
pub(super) fn open(alias: &str, entry: &mut Entry) -> Result<(), Error> {
    let text = Zeroizing::new(ask(alias, |entry| entry.get_password())?);
    let mut found: BTreeMap<String, String> = serde_json::from_str(&text)
        .map_err(|_| failed(alias, "what it holds is none of ours: log in again"))?;
    entry.access_token = found.remove(ACCESS_TOKEN).map(Secret::new);
    for (name, secret) in entry.grant.secrets() {
        *secret = found.remove(name).map(Secret::new);
    }
    Ok(())
}

/// Writes the secrets of a login.
pub(super) fn close(alias: &str, entry: &mut Entry) -> Result<(), Error> {
    let mut kept = BTreeMap::new();
    let access_token = entry.access_token.as_ref();
    kept.extend(access_token.map(|token| (ACCESS_TOKEN, token.expose().to_owned())));
    for (name, secret) in entry.grant.secrets() {
        kept.extend(
            secret
                .as_ref()
                .map(|secret| (name, secret.expose().to_owned())),
        );
    }
    let text = serde_json::to_string(&kept).map_err(|error| failed(alias, error.to_string()))?;
    let text = Zeroizing::new(text);
    ask(alias, |entry| entry.set_password(&text))
}

/// Removes the secrets of a login. Where there are none, nothing is left to do.
pub(super) fn forget(alias: &str) -> Result<(), Error> {
    ask(alias, |entry| match entry.delete_credential() {
        Err(keyring::Error::NoEntry) => Ok(()),
        other => other,
    })
}

fn ask<T: Send>(
    alias: &str,
    what: impl FnOnce(&keyring::Entry) -> keyring::Result<T> + Send,
) -> Result<T, Error> {
    let answer = std::thread::scope(|scope| {
        let asked =
            scope.spawn(|| keyring::Entry::new(SERVICE, alias).and_then(|entry| what(&entry)));
        asked.join()
    });
    match answer {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(failed(alias, error.to_string())),
        Err(_) => Err(failed(alias, "it failed in a way that is a defect")),
    }
}

fn failed(alias: &str, reason: impl Into<String>) -> Error {
    StoreError::Keyring {
        alias: alias.to_owned(),
        reason: reason.into(),
    }
    .into()
}
