//! The folder in which evidence grows, beside its target, and the one step by which it takes its place.

use super::manifest::{self, FileRecord, Role};
use super::{Error, SUMS};
use crate::report::csv_cell;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Room for what waits to be written.
const BUFFER: usize = 1 << 17;

/// A folder that is being filled. It goes away when it is dropped before it has its place.
#[derive(Debug)]
pub(super) struct Staging {
    dir: tempfile::TempDir,
    target: PathBuf,
    /// What was written so far.
    pub(super) files: Vec<FileRecord>,
}

impl Staging {
    /// Begins a folder that will stand at `target`.
    ///
    /// # Errors
    /// Something else lies there, or nothing can be written beside it.
    pub(super) fn new(target: &Path) -> Result<Self, Error> {
        // A link is followed: what it leads to is replaced, not the link.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        check(&target)?;
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(Error::write(&parent))?;
        let dir = tempfile::Builder::new()
            .prefix(".sfcompat-evidence-")
            .suffix(".part")
            .tempdir_in(&parent)
            .map_err(Error::write(&parent))?;
        Ok(Self {
            dir,
            target,
            files: Vec::new(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Begins a file; folders of its name are made.
    pub(super) fn create(&self, name: &str) -> Result<Part, Error> {
        let path = self.path().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::write(folder))?;
        }
        let file = File::create_new(&path).map_err(Error::write(&path))?;
        Ok(Part {
            out: BufWriter::with_capacity(BUFFER, file),
            hash: Sha256::new(),
            bytes: 0,
            name: name.to_owned(),
            path,
        })
    }

    /// Ends a file and notes it. `rows`: data records, where it has such.
    pub(super) fn finish(
        &mut self,
        part: Part,
        role: Role,
        rows: Option<u64>,
    ) -> Result<(), Error> {
        let record = part.finish(role, rows)?;
        self.files.push(record);
        Ok(())
    }

    /// Writes a whole file.
    pub(super) fn write(&mut self, name: &str, role: Role, text: &str) -> Result<(), Error> {
        let mut part = self.create(name)?;
        part.write_all(text.as_bytes())
            .map_err(Error::write(&part.path))?;
        self.finish(part, role, None)
    }

    /// Puts the folder into the place of the target. Says the SHA-256 of the list of sums.
    pub(super) fn place(mut self) -> Result<String, Error> {
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut sums = String::new();
        for file in &self.files {
            // Writing into a String cannot fail.
            let _ = writeln!(sums, "{}  {}", file.sha256, file.name);
        }
        self.write(SUMS, Role::Report, &sums)?;
        let told = hex(&Sha256::digest(sums.as_bytes()));
        for file in &self.files {
            protect(&self.path().join(&file.name))?;
        }
        open_to_all(self.path()).map_err(Error::write(self.path()))?;
        check(&self.target)?;
        let new = self.dir.keep();
        replace(&new, &self.target).map_err(|source| {
            // What cannot take its place is not left lying about.
            let _ = fs::remove_dir_all(&new);
            Error::Write {
                path: self.target.clone(),
                source,
            }
        })?;
        Ok(told)
    }
}

/// A file that is hashed while it is written.
pub(super) struct Part {
    out: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    name: String,
    path: PathBuf,
}

impl Part {
    fn finish(mut self, role: Role, rows: Option<u64>) -> Result<FileRecord, Error> {
        let path = &self.path;
        self.out.flush().map_err(Error::write(path))?;
        let file = self
            .out
            .into_inner()
            .map_err(|error| Error::write(path)(error.into_error()))?;
        // Evidence that a power cut empties is none.
        file.sync_all().map_err(Error::write(path))?;
        Ok(FileRecord {
            name: self.name,
            role,
            shown: None,
            bytes: self.bytes,
            rows,
            sha256: hex(&self.hash.finalize()),
        })
    }

    /// The error of this file.
    pub(super) fn failed(&self) -> impl Fn(io::Error) -> Error + use<> {
        let path = self.path.clone();
        move |source| Error::Write {
            path: path.clone(),
            source,
        }
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A CSV file that is being written: RFC 4180, every field quoted, LF, `'` before what could be a formula.
pub(super) struct Csv {
    part: Part,
    columns: usize,
    cell: usize,
    /// Records without the header.
    pub(super) rows: u64,
}

impl Csv {
    pub(super) fn new(mut part: Part, columns: &[&str]) -> Result<Self, Error> {
        csv_cell::header(&mut part, columns).map_err(part.failed())?;
        Ok(Self {
            part,
            columns: columns.len(),
            cell: 0,
            rows: 0,
        })
    }

    fn comma(&mut self) -> io::Result<()> {
        self.cell += 1;
        if self.cell > 1 {
            self.part.write_all(b",")?;
        }
        Ok(())
    }

    pub(super) fn text(&mut self, content: &str) -> io::Result<()> {
        self.comma()?;
        csv_cell::text(&mut self.part, content)
    }

    pub(super) fn maybe(&mut self, content: Option<&str>) -> io::Result<()> {
        self.text(content.unwrap_or_default())
    }

    pub(super) fn number(&mut self, content: Option<impl std::fmt::Display>) -> io::Result<()> {
        self.comma()?;
        csv_cell::number(&mut self.part, content)
    }

    /// Cells that were written before, quotes and commas included.
    pub(super) fn cells(&mut self, count: usize, written: &[u8]) -> io::Result<()> {
        self.comma()?;
        self.cell += count - 1;
        self.part.write_all(written)
    }

    /// Ends a record.
    pub(super) fn end(&mut self) -> io::Result<()> {
        debug_assert_eq!(
            self.cell, self.columns,
            "a record has one cell for each column"
        );
        self.cell = 0;
        self.rows += 1;
        self.part.write_all(b"\n")
    }

    pub(super) fn failed(&self) -> impl Fn(io::Error) -> Error + use<> {
        self.part.failed()
    }

    /// Ends the file.
    pub(super) fn finish(self, staging: &mut Staging) -> Result<u64, Error> {
        let rows = self.rows;
        staging.finish(self.part, Role::Report, Some(rows))?;
        Ok(rows)
    }
}

/// 64 hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// SHA-256 and length of what a stream gives; it is written to `out` as well.
pub(super) fn copied(mut from: impl Read, out: &mut dyn Write) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; BUFFER];
    loop {
        let got = match from.read(&mut buffer) {
            Ok(0) => return Ok((hex(&hash.finalize()), bytes)),
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let piece = buffer.get(..got).unwrap_or_default();
        hash.update(piece);
        bytes += got as u64;
        out.write_all(piece)?;
    }
}

/// SHA-256 and length of a file.
pub(super) fn hashed(path: &Path) -> io::Result<(String, u64)> {
    copied(File::open(path)?, &mut io::sink())
}

/// SHA-256 of a file, lower-case hexadecimal.
///
/// # Errors
/// It cannot be read.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    hashed(path).map(|(hash, _)| hash)
}

/// Takes the right to write from everybody.
fn protect(path: &Path) -> Result<(), Error> {
    let mut permissions = fs::metadata(path)
        .map_err(Error::write(path))?
        .permissions();
    permissions.set_readonly(true);
    fs::set_permissions(path, permissions).map_err(Error::write(path))
}

/// Temporary folders are private; the finished one is as open as any other new folder that holds personal data: to its
/// owner and group.
fn open_to_all(dir: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o750))?;
    }
    let _ = dir;
    Ok(())
}

/// Whether a folder holds evidence that this program wrote.
fn is_evidence(dir: &Path) -> bool {
    fs::read_to_string(dir.join(manifest::FILE)).is_ok_and(|text| {
        serde_json::from_str::<serde_json::Value>(&text)
            .is_ok_and(|json| json.get("schema").and_then(|s| s.as_str()) == Some(manifest::SCHEMA))
    })
}

/// A target may be absent, empty, or an evidence folder.
fn check(target: &Path) -> Result<(), Error> {
    let mut entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::write(target)(error)),
    };
    match entries.next() {
        Some(Ok(entry)) if !is_evidence(target) => Err(Error::Occupied {
            dir: target.to_owned(),
            found: entry.file_name().to_string_lossy().into_owned(),
        }),
        Some(Err(error)) => Err(Error::write(target)(error)),
        _ => Ok(()),
    }
}

/// Renames the new folder to the target; an old one steps aside first, and comes back where that fails.
fn replace(new: &Path, target: &Path) -> io::Result<()> {
    if fs::metadata(target).is_err() {
        return fs::rename(new, target);
    }
    let parent = new.parent().unwrap_or(Path::new("."));
    let aside = tempfile::Builder::new()
        .prefix(".sfcompat-evidence-")
        .suffix(".old")
        .tempdir_in(parent)?;
    let old = aside.path().join("old");
    fs::rename(target, &old)?;
    fs::rename(new, target).inspect_err(|_| {
        // The old folder was in its place a moment ago.
        let _ = fs::rename(&old, target);
    })
}
