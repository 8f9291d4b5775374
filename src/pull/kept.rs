//! A file of the last snapshot that goes on: read while its hash is checked, and copied where nothing has changed.

use super::Error;
use super::merge::Fault;
use super::write::{Failed, Look, Sheet, Written, hex};
use crate::snapshot::manifest::Entry;
use csv::{ByteRecord, ReaderBuilder};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;

/// A file of the last snapshot, which must be the one that its manifest speaks of.
pub(super) struct Checked {
    file: File,
    hash: Sha256,
    due: String,
}

impl Checked {
    /// Opens a file.
    pub(super) fn open(path: &Path, sha256: &str) -> io::Result<Self> {
        Ok(Self {
            file: File::open(path)?,
            hash: Sha256::new(),
            due: sha256.to_owned(),
        })
    }
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(buffer)?;
        if got > 0 {
            self.hash.update(buffer.get(..got).unwrap_or_default());
        } else if !buffer.is_empty() && hex(&self.hash.clone().finalize()) != self.due {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the file is not the one that the manifest speaks of",
            ));
        }
        Ok(got)
    }
}

/// Reads the old file and writes the new one on the way.
struct Copying {
    old: Checked,
    new: File,
    /// Why the new one could not be written.
    refused: Option<io::Error>,
}

impl Read for Copying {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.old.read(buffer)?;
        let bytes = buffer.get(..got).unwrap_or_default();
        if let Err(error) = self.new.write_all(bytes) {
            self.refused = Some(error);
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(got)
    }
}

impl Sheet<'_> {
    /// Writes an old file of which nothing has changed. `look` is told the records where there is one.
    pub(super) fn kept(
        &self,
        old: Checked,
        entry: &Entry,
        look: Option<Look<'_>>,
    ) -> Result<Written, Failed> {
        let disk = |error: io::Error| Failed::Disk(Error::write(&self.path, error));
        let mut copying = Copying {
            old,
            new: File::create(&self.path).map_err(disk)?,
            refused: None,
        };
        let mut rows = 0;
        let read = match look {
            None => io::copy(&mut copying, &mut io::sink())
                .map(|_| rows = entry.rows.unwrap_or(0))
                .map_err(|error| Fault::Read(error.into())),
            Some(look) => {
                let mut reader = ReaderBuilder::new()
                    .buffer_capacity(1 << 16)
                    .from_reader(&mut copying);
                let mut record = ByteRecord::new();
                loop {
                    match reader.read_byte_record(&mut record) {
                        Ok(true) => look(&record),
                        Ok(false) => break Ok(()),
                        Err(error) => break Err(Fault::Read(error)),
                    }
                    rows += 1;
                }
            }
        };
        if let Some(error) = copying.refused {
            return Err(disk(error));
        }
        read?;
        copying.new.sync_all().map_err(disk)?;
        Ok(Written {
            rows,
            came: rows,
            sha256: entry.sha256.clone().unwrap_or_default(),
            newest: None,
        })
    }
}
