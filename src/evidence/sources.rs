//! The snapshot and the inputs of a run, copied before they are judged: what was judged is what lies in the folder.

use super::Error;
use super::folder::{copied, hashed};
use super::manifest::{FileRecord, Role};
use crate::snapshot::{manifest as pulled, objects};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Where copies of the snapshot lie.
pub(super) const SNAPSHOT: &str = "snapshot";
/// Where copies of all else lie.
pub(super) const INPUTS: &str = "inputs";

/// Copies that a run reads instead of the originals.
#[derive(Debug)]
pub(super) struct Sources {
    /// The folder that holds them.
    dir: PathBuf,
    /// What was copied.
    pub(super) files: Vec<FileRecord>,
}

impl Sources {
    pub(super) fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            files: Vec::new(),
        }
    }

    /// The copy of the snapshot.
    pub(super) fn snapshot(&self) -> PathBuf {
        self.dir.join(SNAPSHOT)
    }

    /// Copies the files of a snapshot that the program reads.
    pub(super) fn carry_snapshot(&mut self, from: &Path) -> Result<(), Error> {
        let mut names: Vec<String> = objects::all()
            .map(|object| format!("{}.csv", object.name))
            .collect();
        names.push(pulled::FILE.to_owned());
        let describes = from.join("describe");
        if let Ok(entries) = fs::read_dir(&describes) {
            for entry in entries {
                let entry = entry.map_err(Error::read(&describes))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                if entry.path().extension().is_some_and(|end| end == "json") {
                    names.push(format!("describe/{name}"));
                }
            }
        }
        names.sort();
        let to = self.snapshot();
        fs::create_dir_all(&to).map_err(Error::write(&to))?;
        for name in names {
            let path = from.join(&name);
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => return Err(Error::Read { path, source }),
            };
            self.copy(
                &format!("{SNAPSHOT}/{name}"),
                Role::Snapshot,
                None,
                file,
                &path,
            )?;
        }
        Ok(())
    }

    /// Copies the file at `path` (`-` is stdin), which is shown as `shown`. Says where the copy lies.
    pub(super) fn carry_from(
        &mut self,
        role: Role,
        shown: &str,
        path: &Path,
    ) -> Result<PathBuf, Error> {
        if let Some(copy) = self.copy_of(shown) {
            return Ok(copy);
        }
        let source: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            let file = File::open(path).map_err(Error::read(path))?;
            if file.metadata().map_err(Error::read(path))?.is_dir() {
                return Err(Error::read(path)(io::ErrorKind::IsADirectory.into()));
            }
            Box::new(file)
        };
        let number = self
            .files
            .iter()
            .filter(|file| file.role != Role::Snapshot)
            .count()
            + 1;
        let name = format!("{INPUTS}/{number:04}-{}", plain_name(shown));
        self.copy(&name, role, Some(shown), source, path)?;
        Ok(self.dir.join(name))
    }

    /// Where the copy of a file lies.
    pub(super) fn copy_of(&self, shown: &str) -> Option<PathBuf> {
        let file = self
            .files
            .iter()
            .find(|file| file.shown.as_deref() == Some(shown))?;
        Some(self.dir.join(&file.name))
    }

    fn copy(
        &mut self,
        name: &str,
        role: Role,
        shown: Option<&str>,
        from: impl Read,
        path: &Path,
    ) -> Result<(), Error> {
        let to = self.dir.join(name);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(Error::write(folder))?;
        }
        let mut out = File::create_new(&to).map_err(Error::write(&to))?;
        // A stream that fails is nearly always the one that is read: a full disk fails the reports as well.
        let (sha256, bytes) = copied(from, &mut out).map_err(Error::read(path))?;
        self.files.push(FileRecord {
            name: name.to_owned(),
            role,
            shown: shown.map(str::to_owned),
            bytes,
            rows: None,
            sha256,
        });
        Ok(())
    }

    /// Whether a file still is what was copied.
    pub(super) fn unchanged(&self, shown: &str) -> Result<(), Error> {
        let path = Path::new(shown);
        let held = self
            .files
            .iter()
            .find(|file| file.shown.as_deref() == Some(shown));
        let (sha256, _) = hashed(path).map_err(Error::read(path))?;
        if held.is_some_and(|held| held.sha256 == sha256) {
            Ok(())
        } else {
            Err(Error::Changed {
                path: path.to_owned(),
            })
        }
    }
}

/// The last part of a path, with nothing in it that a shell or another file system could take amiss.
fn plain_name(shown: &str) -> String {
    let name = shown.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    match plain.trim_matches('-') {
        "" => String::from("stdin"),
        name => name.chars().take(100).collect(),
    }
}
