//! The token store: one file of the user's alone, in a folder of the user's alone.
//!
//! It is replaced as a whole, never changed in place: a reader sees the old one or the new one. Writers take turns by a
//! lock between processes. What is not ours, is a link, or is open to others is refused, not repaired.

use super::entry::{Entry, read, write};
use super::private::{self, Follow, NotPrivate};
use super::{Error, StoreError};
use crate::net::Clock;
use secrecy::zeroize::Zeroizing;
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// All stored logins by their aliases.
pub(super) type Entries = BTreeMap<String, Entry>;

const FILE: &str = "tokens.json";
const LOCK: &str = "tokens.lock";
/// How long another process is waited for: longer than it may wait for a token.
const PATIENCE: Duration = Duration::from_mins(3);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Where the logins are kept.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// The right to write. Other processes wait until it is dropped.
#[derive(Debug)]
pub(super) struct Locked<'a> {
    store: &'a Store,
    // Closing the file gives the lock back.
    _file: File,
}

impl Store {
    /// The store in a folder, which need not be there yet.
    ///
    /// # Errors
    /// [`StoreError::NoFolder`] where the system names none.
    pub fn at(folder: Option<&Path>) -> Result<Self, Error> {
        let folder = folder.ok_or(StoreError::NoFolder)?.to_owned();
        Ok(Self { folder })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// All logins; none where there is no store yet.
    pub(super) fn load(&self) -> Result<Entries, Error> {
        let path = self.path();
        match self.folder.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entries::new()),
            _ => private::check_folder(&self.folder)?,
        }
        let mut file = match private::open_here(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entries::new()),
            Err(error) => return Err(unreadable(&path, &error)),
        };
        private::check_file(&path, &file, Follow::Nothing)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
        file.read_to_end(&mut bytes)
            .map_err(|error| unreadable(&path, &error))?;
        Ok(read(&bytes).map_err(|reason| StoreError::Damaged { path, reason })?)
    }

    /// One login.
    pub(super) fn find(&self, alias: &str) -> Result<Entry, Error> {
        let mut entries = self.load()?;
        entries.remove(alias).ok_or_else(|| Error::NoLogin {
            alias: alias.to_owned(),
            known: entries.into_keys().collect(),
        })
    }

    /// Waits for the turn to write.
    pub(super) async fn lock(&self, clock: &Clock) -> Result<Locked<'_>, Error> {
        private::private_folder(&self.folder)?;
        let path = self.folder.join(LOCK);
        let file = private::create_here(&path).map_err(|error| unreadable(&path, &error))?;
        private::check_file(&path, &file, Follow::Nothing)?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => {
                    return Ok(Locked {
                        store: self,
                        _file: file,
                    });
                }
                Err(TryLockError::WouldBlock) if waited < PATIENCE => {
                    clock.sleep(LOOK_AGAIN).await;
                    waited += LOOK_AGAIN;
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::Busy { path }.into()),
                Err(TryLockError::Error(error)) => return Err(unreadable(&path, &error)),
            }
        }
    }
}

impl Locked<'_> {
    /// Reads what is there now, changes it, and puts the result in its place.
    pub(super) fn change(&self, change: impl FnOnce(&mut Entries)) -> Result<(), Error> {
        let mut entries = self.store.load()?;
        change(&mut entries);
        self.save(&entries)
    }

    /// Reads one login under the lock.
    pub(super) fn find(&self, alias: &str) -> Result<Entry, Error> {
        self.store.find(alias)
    }

    fn save(&self, entries: &Entries) -> Result<(), Error> {
        let path = self.store.path();
        let failed = |source: io::Error| StoreError::NotWritten {
            path: path.clone(),
            source,
        };
        let bytes = write(entries).map_err(|error| failed(error.into()))?;
        // A temporary file has mode 0600 from its birth.
        let mut file = tempfile::Builder::new()
            .prefix(".tokens-")
            .tempfile_in(&self.store.folder)
            .map_err(failed)?;
        file.write_all(&bytes).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        // The name has to last as well. A file system that cannot promise it says so; the content is safe by then.
        if let Ok(folder) = File::open(&self.store.folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let reason = if path.is_symlink() {
        String::from("it is a symbolic link; remove it")
    } else {
        error.to_string()
    };
    Error::NotPrivate(NotPrivate::new(path, reason))
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
