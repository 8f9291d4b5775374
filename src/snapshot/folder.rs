//! The folder: opens files, hashes what is read, and keeps account of what is there.

use super::Error;
use super::manifest::Manifest;
use super::objects::{self, Object};
use super::pulled::pulled;
use super::sheet::Sheet;
use crate::model::{Coverage, ObjectCoverage, Pulled};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A hash that is still being fed by the reader of its file.
pub(super) type Hash = Option<Arc<Mutex<Sha256>>>;

fn locked(hash: &Mutex<Sha256>) -> MutexGuard<'_, Sha256> {
    hash.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A snapshot folder while it is being read.
pub(super) struct Folder<'a> {
    dir: &'a Path,
    /// The day of the run, by which assignments have expired or not.
    pub(super) today: Date,
    /// Whether what is read is hashed.
    hash: bool,
    pub(super) manifest: Option<Manifest>,
    /// What the manifest says of the pull.
    pub(super) pulled: Pulled,
    pub(super) coverage: Coverage,
    hashes: BTreeMap<String, Arc<Mutex<Sha256>>>,
}

/// Folders up to this size are hashed unasked: that costs less than anybody notices.
const SMALL: u64 = 64 << 20;

fn is_small(dir: &Path) -> bool {
    let size = |object: &'static Object| {
        std::fs::metadata(dir.join(file_of(object))).map_or(0, |file| file.len())
    };
    objects::all().map(size).sum::<u64>() <= SMALL
}

impl<'a> Folder<'a> {
    pub(super) fn new(dir: &'a Path, today: Date, hash: bool) -> Result<Self, Error> {
        if !dir.is_dir() {
            return Err(Error::not_a_folder(dir));
        }
        let known = objects::all().any(|object| dir.join(file_of(object)).is_file())
            || dir.join(USER_DESCRIBE).is_file();
        if !known {
            return Err(Error::NoSnapshot(dir.to_owned()));
        }
        let mut folder = Self {
            dir,
            today,
            hash: hash || is_small(dir),
            manifest: None,
            pulled: Pulled::default(),
            coverage: Coverage::default(),
            hashes: BTreeMap::new(),
        };
        if let Some(text) = folder.whole("manifest.json")? {
            let manifest = Manifest::parse("manifest.json", &text)?;
            folder.pulled = pulled(&manifest);
            folder.coverage.from_metadata =
                manifest.source.as_deref() == Some(super::manifest::METADATA);
            folder.manifest = Some(manifest);
        }
        Ok(folder)
    }

    /// Opens the file of an object; `None` where it was not pulled.
    pub(super) fn open(&mut self, object: &'static Object) -> Result<Option<Sheet>, Error> {
        let file = file_of(object);
        let Some((reader, size)) = self.reader(&file)? else {
            return Ok(None);
        };
        Sheet::open(object, file, reader, size).map(Some)
    }

    /// Notes what a sheet held, after its last record.
    pub(super) fn close(&mut self, sheet: Sheet) {
        let object = sheet.object();
        let rows = sheet.rows();
        let mut columns: std::collections::BTreeSet<String> = sheet.into_columns().collect();
        // The fact is there, whichever column tells it.
        for (id, name) in object.stand_ins {
            if columns.contains(*name) {
                columns.insert((*id).to_owned());
            }
        }
        self.cover(object.name, columns, rows, object.filtered);
    }

    /// Notes what the snapshot holds of an object.
    pub(super) fn cover(
        &mut self,
        name: &str,
        columns: std::collections::BTreeSet<String>,
        rows: u64,
        usually_filtered: bool,
    ) {
        let filtered = self
            .manifest
            .as_ref()
            .and_then(|manifest| manifest.filtered(name))
            .unwrap_or(usually_filtered);
        let known = ObjectCoverage {
            columns,
            rows,
            filtered,
        };
        self.coverage.objects.insert(name.to_owned(), known);
    }

    /// A file as a whole, without byte order mark; `None` where it is not there.
    pub(super) fn whole(&mut self, file: &str) -> Result<Option<String>, Error> {
        let Some((mut reader, _)) = self.reader(file)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        reader
            .read_to_end(&mut bytes)
            .map_err(|source| Error::read(file, source))?;
        let mut text = String::from_utf8(bytes).map_err(|fault| Error::NotUtf8 {
            file: file.to_owned(),
            offset: fault.utf8_error().valid_up_to() as u64,
        })?;
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(Some(text))
    }

    /// Whether a file holds anything behind its first line; only ever used to save work.
    pub(super) fn has_records(&self, object: &Object) -> bool {
        let mut start = Vec::new();
        let read = File::open(self.dir.join(file_of(object)))
            .and_then(|file| file.take(1 << 16).read_to_end(&mut start));
        match (read, memchr::memchr(b'\n', &start)) {
            (Ok(_), Some(end)) => start
                .get(end..)
                .is_some_and(|rest| !rest.trim_ascii().is_empty()),
            (Ok(size), None) => size == 1 << 16,
            (Err(_), _) => false,
        }
    }

    fn reader(&mut self, file: &str) -> Result<Option<(Source, u64)>, Error> {
        let opened = match File::open(self.dir.join(file)) {
            Ok(opened) => opened,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::read(file, source)),
        };
        let size = opened
            .metadata()
            .map_err(|source| Error::read(file, source))?
            .len();
        let hash: Hash = self.hash.then(|| Arc::new(Mutex::new(Sha256::new())));
        if let Some(hash) = &hash {
            self.hashes.insert(file.to_owned(), Arc::clone(hash));
        }
        let source = Source { file: opened, hash };
        Ok(Some((source, size)))
    }

    /// The hash of the list of files with their hashes, each line as `sha256sum` writes it, sorted by name.
    pub(super) fn sha256(&self) -> String {
        if !self.hash {
            return String::new();
        }
        let mut list = String::new();
        for (file, hash) in &self.hashes {
            list += &hex(&locked(hash).clone().finalize());
            list += "  ";
            list += file;
            list += "\n";
        }
        hex(&Sha256::digest(list.as_bytes()))
    }
}

/// Where the describe result of User lies.
pub(super) const USER_DESCRIBE: &str = "describe/User.json";

fn file_of(object: &Object) -> String {
    format!("{}.csv", object.name)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A file that is hashed while it is read.
pub(super) struct Source {
    file: File,
    hash: Hash,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(buffer)?;
        if let Some(hash) = &self.hash {
            locked(hash).update(buffer.get(..got).unwrap_or_default());
        }
        Ok(got)
    }
}
