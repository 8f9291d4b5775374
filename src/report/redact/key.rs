//! The key file: whoever has it can tell who a pseudonym is, so nobody else may read it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Fewest bytes of a key. `openssl rand -hex 32` gives 64.
const SHORTEST: usize = 32;
/// Most bytes of a key file.
const LONGEST: u64 = 4096;

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read.
    #[error("key file {}: {source}", path.display())]
    Read {
        /// As it was given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others than its owner can read or change it.
    #[error(
        "key file {}: others than its owner can read or change it (mode {mode:04o}): chmod 600 {}, and make a new key if somebody may have seen it", path.display(), path.display()
    )]
    Open {
        /// As it was given.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is no file, too short or too long for a key.
    #[error(
        "key file {}: {reason}; make one with (umask 077; openssl rand -hex 32 > {})", path.display(), path.display()
    )]
    Unfit {
        /// As it was given.
        path: PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
}

/// The key of pseudonyms. Its bytes are never shown.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// Reads a key file that only its owner can read. White space at the end is no part of the key.
    ///
    /// # Errors
    /// It cannot be read, is open to others, or is no key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::Read {
            path: path.to_owned(),
            source,
        };
        let unfit = |reason| KeyError::Unfit {
            path: path.to_owned(),
            reason,
        };
        // Opened first and looked at then: nobody can put another file in its place between.
        let file = File::open(path).map_err(failed)?;
        let facts = file.metadata().map_err(failed)?;
        if !facts.is_file() {
            return Err(unfit("it is not a plain file"));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = facts.permissions().mode() & 0o7777;
            if mode & 0o077 != 0 {
                return Err(KeyError::Open {
                    path: path.to_owned(),
                    mode,
                });
            }
        }
        let mut bytes = Vec::new();
        file.take(LONGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > LONGEST {
            return Err(unfit("it is too long for a key"));
        }
        let key = bytes.trim_ascii_end();
        if key.len() < SHORTEST {
            return Err(unfit("it holds fewer than 32 characters"));
        }
        Ok(Self(key.to_owned()))
    }

    /// A key of these bytes, for tests.
    #[cfg(test)]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(bytes.to_owned())
    }

    /// The first 64 bits of HMAC-SHA-256 over a text of a kind.
    pub(super) fn mark(&self, kind: &str, text: &str) -> u64 {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            // HMAC takes keys of every length.
            return 0;
        };
        // The zero byte keeps a kind and its text apart: no text holds one that matters.
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let sum = mac.finalize().into_bytes();
        let first = sum.first_chunk::<8>().copied().unwrap_or_default();
        u64::from_be_bytes(first)
    }

    /// Tells keys apart without telling the key: written into what it redacted.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{:016x}", self.mark("name of the key", ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_hmac_sha_256() {
        // RFC 4231, test case 2, with its key; our text has a kind before it.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").expect("any length");
        mac.update(b"what do ya want for nothing?");
        let sum = mac.finalize().into_bytes();
        assert_eq!(sum[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        let key = Key::of(b"Jefe");
        assert_ne!(key.mark("a", "bc"), key.mark("ab", "c"));
        assert_eq!(key.mark("a", "bc"), Key::of(b"Jefe").mark("a", "bc"));
        assert_eq!(format!("{key:?}"), "Key(..)");
    }

    #[cfg(unix)]
    #[test]
    fn only_a_private_file_is_a_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("people.key");
        let wrong = |path: &Path| Key::read(path).expect_err("no key").to_string();
        assert!(wrong(&path).contains("No such file"));
        let text = "0123456789abcdef0123456789abcdef\n";
        std::fs::write(&path, text).expect("written");
        for (mode, fits) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("mode");
            assert_eq!(Key::read(&path).is_ok(), fits, "{mode:o}");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
        std::fs::write(&path, "short").expect("written");
        assert!(wrong(&path).contains("fewer than 32"));
        std::fs::write(&path, vec![b'a'; 5000]).expect("written");
        assert!(wrong(&path).contains("too long"));
        assert!(
            wrong(folder.path()).contains("not a plain file")
                || wrong(folder.path()).contains("mode")
        );
    }
}
