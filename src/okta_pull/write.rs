//! Files of the folder, written as the pages come: no list is ever held as a whole.

use super::Error;
use super::manifest::{self, Written};
use super::parts::Part;
use crate::pull;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is being written, and hashed on the way.
struct Hashed {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// A file of the folder.
pub(super) struct Sheet {
    path: PathBuf,
    to: Hashed,
    elements: u64,
    list: bool,
}

impl Sheet {
    /// A file that begins with these bytes.
    fn open(dir: &Path, name: &str, list: bool) -> Result<Self, Error> {
        let path = dir.join(name);
        let file = File::create(&path).map_err(|source| Error::write(&path, source))?;
        Ok(Self {
            path,
            to: Hashed {
                file: BufWriter::new(file),
                hash: Sha256::new(),
            },
            elements: 0,
            list,
        })
    }

    /// A JSON array, to be filled element by element.
    pub(super) fn list(dir: &Path, name: &str) -> Result<Self, Error> {
        let mut sheet = Self::open(dir, name, true)?;
        sheet.put(b"[")?;
        Ok(sheet)
    }

    /// A CSV file, to be filled row by row.
    pub(super) fn rows(dir: &Path, name: &str, header: &[&str]) -> Result<Self, Error> {
        let mut sheet = Self::open(dir, name, false)?;
        sheet.line(header)?;
        Ok(sheet)
    }

    /// A file with one JSON value.
    pub(super) fn whole(dir: &Path, name: &str, json: &[u8]) -> Result<Written, Error> {
        let mut sheet = Self::open(dir, name, false)?;
        sheet.put(json)?;
        sheet.put(b"\n")?;
        sheet.elements = 1;
        sheet.finish()
    }

    /// Adds an element of a list, as the API wrote it.
    pub(super) fn element(&mut self, json: &RawValue) -> Result<(), Error> {
        self.put(if self.elements == 0 { b"\n" } else { b",\n" })?;
        self.put(json.get().as_bytes())?;
        self.elements += 1;
        Ok(())
    }

    /// Adds a row of a CSV file.
    pub(super) fn row(&mut self, cells: &[&str]) -> Result<(), Error> {
        self.line(cells)?;
        self.elements += 1;
        Ok(())
    }

    fn line(&mut self, cells: &[&str]) -> Result<(), Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written = writer
            .write_record(cells)
            .map_err(std::io::Error::from)
            .and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error));
        let bytes = written.map_err(|source| Error::write(&self.path, source))?;
        self.put(&bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.to
            .write_all(bytes)
            .map_err(|source| Error::write(&self.path, source))
    }

    /// Ends the file; it is on the disk when this returns.
    pub(super) fn finish(mut self) -> Result<Written, Error> {
        if self.list {
            self.put(if self.elements == 0 { b"]\n" } else { b"\n]\n" })?;
        }
        let done = self
            .to
            .flush()
            .and_then(|()| self.to.file.get_ref().sync_all());
        done.map_err(|source| Error::write(&self.path, source))?;
        let mut sha256 = String::with_capacity(64);
        for byte in self.to.hash.finalize() {
            // Writing to a string does not fail.
            let _ = write!(sha256, "{byte:02x}");
        }
        Ok(Written {
            elements: self.elements,
            sha256,
        })
    }
}

/// A target may be absent, empty, or a folder that a pull from Okta wrote.
pub(super) fn check(target: &Path) -> Result<(), pull::Error> {
    let entries = match std::fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(pull::Error::Write {
                path: target.to_owned(),
                source,
            });
        }
    };
    let ours = manifest::is_ours(target);
    let own = |name: &String| {
        let part = Part::ALL.iter().any(|part| part.file() == name);
        let number = name.strip_prefix("mapping-");
        let further = number.is_some_and(|rest| rest.strip_suffix(".json").is_some());
        ours && (name == manifest::FILE || part || further)
    };
    let mut strange: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !own(name))
        .collect();
    strange.sort();
    match strange.into_iter().next() {
        None => Ok(()),
        Some(found) => Err(pull::Error::Occupied {
            dir: target.to_owned(),
            found,
        }),
    }
}
