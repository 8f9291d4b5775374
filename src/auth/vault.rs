//! Where the secrets of a login are: in the token store, or in the keyring of the operating system.
//!
//! The keyring is an optional feature, and a choice at login. The token store then holds everything but the secrets.

use super::Error;
use super::entry::Entry;
#[cfg(feature = "keyring")]
mod keyring;

/// Fills in the secrets of a login that was just read.
pub(super) fn open(alias: &str, entry: &mut Entry) -> Result<(), Error> {
    if !entry.keyring {
        return Ok(());
    }
    #[cfg(feature = "keyring")]
    return keyring::open(alias, entry);
    #[cfg(not(feature = "keyring"))]
    absent(alias)
}

/// Puts the secrets of a login away before it is written. A file that is written leaves them out by itself.
pub(super) fn close(alias: &str, entry: &mut Entry) -> Result<(), Error> {
    if !entry.keyring {
        return Ok(());
    }
    #[cfg(feature = "keyring")]
    return keyring::close(alias, entry);
    #[cfg(not(feature = "keyring"))]
    absent(alias)
}

/// Removes what the keyring has of a login.
pub(super) fn forget(alias: &str, entry: &Entry) -> Result<(), Error> {
    if !entry.keyring {
        return Ok(());
    }
    #[cfg(feature = "keyring")]
    return keyring::forget(alias);
    #[cfg(not(feature = "keyring"))]
    absent(alias)
}

#[cfg(not(feature = "keyring"))]
fn absent(alias: &str) -> Result<(), Error> {
    Err(super::StoreError::Keyring {
        alias: alias.to_owned(),
        reason: String::from("this program was built without the feature `keyring`"),
    }
    .into())
}
