//! Performing a check again from its folder: what was recorded, and whether the result is the same, byte by byte.

use super::folder::hashed;
use super::manifest::{FileRecord, Manifest, Role};
use super::pack::{Circumstances, Origin};
use super::verify::Difference;
use super::{Error, manifest};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// A file that the run depended on, and where it is to be found now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// As it was given then.
    pub shown: String,
    /// What it is.
    pub role: Role,
    /// Where it lies; `None`: the folder is redacted and does not hold it.
    pub path: Option<PathBuf>,
    /// What it was.
    pub sha256: String,
}

/// A run as its folder records it.
#[derive(Debug)]
pub struct Recorded {
    /// The manifest.
    pub manifest: Manifest,
    dir: PathBuf,
}

/// Reads the manifest of a folder.
///
/// # Errors
/// There is none that can be understood.
pub fn recorded(dir: &Path) -> Result<Recorded, Error> {
    let unusable = |reason: String| Error::NoEvidence {
        dir: dir.to_owned(),
        reason,
    };
    let path = dir.join(manifest::FILE);
    let text = fs::read(&path).map_err(|error| unusable(format!("{}: {error}", manifest::FILE)))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| unusable(format!("{} cannot be understood: {error}", manifest::FILE)))?;
    if manifest.schema != manifest::SCHEMA {
        return Err(unusable(format!(
            "its schema is '{}', this version reads {}",
            manifest.schema,
            manifest::SCHEMA
        )));
    }
    Ok(Recorded {
        manifest,
        dir: dir.to_owned(),
    })
}

impl Recorded {
    /// Inputs and settings, in the order in which they were taken.
    #[must_use]
    pub fn originals(&self) -> Vec<Original> {
        let mut files: Vec<&FileRecord> = self
            .manifest
            .integrity
            .iter()
            .filter(|file| matches!(file.role, Role::Input | Role::Setting))
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files
            .into_iter()
            .map(|file| Original {
                shown: file.shown.clone().unwrap_or_else(|| file.name.clone()),
                role: file.role,
                path: self.is_whole().then(|| self.dir.join(&file.name)),
                sha256: file.sha256.clone(),
            })
            .collect()
    }

    /// Whether the folder holds the snapshot and the inputs.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.manifest.redacted.is_none()
    }

    /// The snapshot inside the folder; `None` where it is redacted.
    #[must_use]
    pub fn snapshot(&self) -> Option<PathBuf> {
        self.is_whole()
            .then(|| self.dir.join(super::sources::SNAPSHOT))
    }

    /// Whether a file is what it was then.
    ///
    /// # Errors
    /// It cannot be read, or is another one.
    pub fn check(&self, original: &Original, path: &Path) -> Result<(), Error> {
        let (hash, _) = hashed(path).map_err(Error::read(path))?;
        if hash == original.sha256 {
            return Ok(());
        }
        Err(Error::Lacking {
            dir: self.dir.clone(),
            reason: format!(
                "{} is not the file of then: its SHA-256 is {hash}, recorded is {}",
                path.display(),
                original.sha256
            ),
        })
    }

    /// Holds a snapshot folder against the recorded one.
    ///
    /// # Errors
    /// A file is missing, or is another one.
    pub fn check_snapshot(&self, snapshot: &Path) -> Result<(), Error> {
        for file in &self.manifest.integrity {
            if file.role != Role::Snapshot {
                continue;
            }
            let name = file.name.split_once('/').map_or("", |(_, name)| name);
            let original = Original {
                shown: name.to_owned(),
                role: Role::Snapshot,
                path: None,
                sha256: file.sha256.clone(),
            };
            self.check(&original, &snapshot.join(name))?;
        }
        Ok(())
    }

    /// The error that something is needed to perform it again.
    #[must_use]
    pub fn lacking(&self, reason: impl Into<String>) -> Error {
        Error::Lacking {
            dir: self.dir.clone(),
            reason: reason.into(),
        }
    }

    /// What surrounded the run, so that the same is written again.
    #[must_use]
    pub fn circumstances(&self) -> Circumstances {
        let (who, logic) = (&self.manifest.who, &self.manifest.logic);
        let source = &self.manifest.source;
        let performing = &self.manifest.performing_again;
        Circumstances {
            version: logic.version.clone(),
            binary_sha256: logic.binary_sha256.clone(),
            started: self.manifest.when.started.clone(),
            command: performing.command.clone(),
            environment: performing.environment.clone(),
            config: performing.config.clone(),
            os_user: who.os_user.clone(),
            host: who.host.clone(),
            pipeline: who.pipeline.clone(),
            commit: who.commit.clone(),
            actor: who.actor.clone(),
            ticket: who.ticket.clone(),
            origin: source.project.clone().map(|project| Origin {
                project,
                commit: source.commit.clone(),
            }),
            redacted_before: self.manifest.redacted.is_some(),
        }
    }
}

/// Compares a folder with what was derived again, file by file and line by line.
///
/// # Errors
/// A file cannot be read.
pub fn compare(recorded: &Path, again: &Path) -> Result<Vec<Difference>, Error> {
    let mut names = BTreeSet::new();
    for dir in [recorded, again] {
        walk(dir, "", &mut names)?;
    }
    let mut differences = Vec::new();
    for name in names {
        let paths = [recorded.join(&name), again.join(&name)];
        let [old, new] = paths.each_ref().map(|path| path.is_file());
        match (old, new) {
            (true, true) => {
                let [old, new] = &paths;
                let same = hashed(old).map_err(Error::read(old))?
                    == hashed(new).map_err(Error::read(new))?;
                if !same {
                    differences.push(Difference::new(&name, first_line(old, new)?));
                }
            }
            (true, false) => differences.push(Difference::new(&name, "is not derived again")),
            _ => differences.push(Difference::new(&name, "is derived, and not in the folder")),
        }
    }
    Ok(differences)
}

fn walk(dir: &Path, below: &str, names: &mut BTreeSet<String>) -> Result<(), Error> {
    for entry in fs::read_dir(dir).map_err(Error::read(dir))? {
        let entry = entry.map_err(Error::read(dir))?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(Error::read(dir))?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.insert(name);
        }
    }
    Ok(())
}

/// The first line that is not the same, and how many there are.
fn first_line(old: &Path, new: &Path) -> Result<String, Error> {
    let open = |path: &Path| {
        File::open(path)
            .map(BufReader::new)
            .map_err(Error::read(path))
    };
    let (mut a, mut b) = (open(old)?, open(new)?);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut number, mut first, mut count) = (0_u64, None, 0_u64);
    loop {
        left.clear();
        right.clear();
        let got = a.read_until(b'\n', &mut left).map_err(Error::read(old))?
            + b.read_until(b'\n', &mut right).map_err(Error::read(new))?;
        if got == 0 {
            break;
        }
        number += 1;
        if left != right {
            count += 1;
            first.get_or_insert_with(|| (number, shown(&left), shown(&right)));
        }
    }
    let Some((line, old, new)) = first else {
        return Ok(String::from("differs"));
    };
    let more = match count {
        1 => String::new(),
        count => format!(" ({count} lines differ)"),
    };
    Ok(format!("line {line}: recorded {old}, derived {new}{more}"))
}

/// The beginning of a line, with nothing in it that a terminal would obey.
fn shown(line: &[u8]) -> String {
    const MOST: usize = 200;
    if line.is_empty() {
        return String::from("nothing");
    }
    let text = String::from_utf8_lossy(line);
    let mut short: String = text
        .trim_end_matches(['\n', '\r'])
        .chars()
        .take(MOST)
        .collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    format!("`{}`", short.escape_debug())
}
