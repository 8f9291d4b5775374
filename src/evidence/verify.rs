//! Is the folder as it was written? Hashes, missing and additional files, control totals.

use super::contents::{listing, read_manifest, read_sums};
use super::folder::hashed;
use super::manifest::{self, FileRecord, Manifest, Role};
use super::totals::{Recount, recount};
use super::{Error, SUMS};
use crate::snapshot::{Manifest as Pulled, manifest as pulled};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The file, by its path inside the folder.
    pub file: String,
    /// What is different.
    pub what: String,
}

impl Difference {
    pub(super) fn new(file: &str, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            what: what.into(),
        }
    }
}

/// The answer about a folder.
#[derive(Debug)]
pub struct Verified {
    /// In the order of their files; empty: nothing was changed.
    pub differences: Vec<Difference>,
    /// Files that were hashed.
    pub files: usize,
    /// Control totals that were counted again.
    pub totals: usize,
    /// SHA-256 of the list of sums.
    pub sums_sha256: Option<String>,
    /// The manifest, where it can be read.
    pub manifest: Option<Manifest>,
}

/// Looks at a folder of evidence.
///
/// # Errors
/// It is no folder, or holds no evidence at all. Whatever was changed in it is a difference, not an error.
pub fn verify(dir: &Path) -> Result<Verified, Error> {
    let found = listing(dir)?;
    if !found.contains_key(SUMS) && !found.contains_key(manifest::FILE) {
        return Err(Error::NoEvidence {
            dir: dir.to_owned(),
            reason: format!("it has neither {SUMS} nor {}", manifest::FILE),
        });
    }
    let mut differences = Vec::new();
    let manifest = read_manifest(dir, &mut differences);
    let sums = read_sums(dir, &mut differences);
    let mut look = Look {
        dir,
        manifest: manifest.as_ref(),
        sums: sums.as_ref(),
        found: &found,
        differences,
    };
    let files = look.files();
    look.presence();
    let mut totals = 0;
    if let Some(manifest) = &manifest {
        totals = look.totals(manifest);
        look.pulled(manifest);
        look.table(manifest);
    }
    let mut differences = look.differences;
    differences.sort();
    differences.dedup();
    Ok(Verified {
        differences,
        files,
        totals,
        sums_sha256: hashed(&dir.join(SUMS)).ok().map(|(hash, _)| hash),
        manifest,
    })
}

struct Look<'a> {
    dir: &'a Path,
    manifest: Option<&'a Manifest>,
    sums: Option<&'a BTreeMap<String, String>>,
    found: &'a BTreeMap<String, bool>,
    differences: Vec<Difference>,
}

impl Look<'_> {
    fn differ(&mut self, file: &str, what: impl Into<String>) {
        self.differences.push(Difference::new(file, what));
    }

    fn recorded(&self, name: &str) -> Option<&FileRecord> {
        let manifest = self.manifest?;
        manifest.integrity.iter().find(|file| file.name == name)
    }

    /// Whether the folder is to hold a file of the manifest.
    fn is_carried(&self, file: &FileRecord) -> bool {
        let redacted = self
            .manifest
            .is_some_and(|manifest| manifest.redacted.is_some());
        !redacted || file.role == Role::Report
    }

    /// Hashes every file. Says how many there are.
    fn files(&mut self) -> usize {
        let mut count = 0;
        for (name, plain) in self.found {
            if name == SUMS {
                continue;
            }
            if !plain {
                self.differ(name, "is no plain file");
                continue;
            }
            count += 1;
            match hashed(&self.dir.join(name)) {
                Ok((hash, bytes)) => self.file(name, &hash, bytes),
                Err(error) => self.differ(name, format!("cannot be read: {error}")),
            }
        }
        count
    }

    fn file(&mut self, name: &str, hash: &str, bytes: u64) {
        let sum = self.sums.map(|sums| sums.get(name));
        let record = self.recorded(name).cloned();
        let by_manifest = match (&record, name) {
            (Some(record), _) => Some(record.sha256 == hash && record.bytes == bytes),
            // The table is made of the manifest, and so says whether that one is as it was.
            (None, manifest::FILE | manifest::TABLE) => self.table_agrees(),
            (None, _) => None,
        };
        match (sum, by_manifest) {
            (Some(Some(sum)), Some(true)) if sum != hash => {
                self.differ(
                    SUMS,
                    format!(
                        "its line for {name} is not the SHA-256 of that file, which is as {} says",
                        manifest::FILE
                    ),
                );
            }
            (Some(Some(sum)), _) if sum != hash => {
                let size = record
                    .filter(|record| record.bytes != bytes)
                    .map(|record| format!("; it has {bytes} bytes, and had {}", record.bytes))
                    .unwrap_or_default();
                self.differ(
                    name,
                    format!("changed: its SHA-256 is {hash}, {SUMS} says {sum}{size}"),
                );
            }
            (Some(Some(_)), Some(false)) if name != manifest::FILE && name != manifest::TABLE => {
                self.differ(
                    manifest::FILE,
                    format!("what it says of {name} is not true: the file is as {SUMS} says"),
                );
            }
            (None, Some(false)) => self.differ(
                name,
                format!(
                    "changed: its SHA-256 is {hash}, {} says otherwise",
                    manifest::FILE
                ),
            ),
            _ => {}
        }
    }

    /// Whether `manifest.csv` is made of `manifest.json`; `None`: one of them cannot be read.
    fn table_agrees(&self) -> Option<bool> {
        let table = fs::read(self.dir.join(manifest::TABLE)).ok()?;
        let text = fs::read(self.dir.join(manifest::FILE)).ok()?;
        let manifest = self.manifest?;
        Some(manifest.table().as_bytes() == table && manifest.text().as_bytes() == text)
    }

    /// Files that are missing, and files that nobody knows.
    fn presence(&mut self) {
        let mut wanted: BTreeSet<&str> = BTreeSet::new();
        wanted.extend(
            self.sums
                .iter()
                .flat_map(|sums| sums.keys().map(String::as_str)),
        );
        let mut told = Vec::new();
        for name in &wanted {
            if !self.found.contains_key(*name) {
                told.push(Difference::new(name, format!("missing: {SUMS} lists it")));
            }
            // A name that was changed in the list itself; or a file that was added to folder and list.
            let own = [manifest::FILE, manifest::TABLE].contains(name);
            if !own && self.manifest.is_some() && self.recorded(name).is_none() {
                let what = format!("lists {name}, which {} does not name", manifest::FILE);
                told.push(Difference::new(SUMS, what));
            }
        }
        let records = self
            .manifest
            .iter()
            .flat_map(|manifest| &manifest.integrity);
        for file in records {
            if self.is_carried(file) && !wanted.contains(file.name.as_str()) {
                let here = self.found.contains_key(&file.name);
                let what = if here {
                    "is not in the list"
                } else {
                    "missing"
                };
                let at = if here && self.sums.is_some() {
                    SUMS
                } else {
                    &file.name
                };
                if !here || self.sums.is_some() {
                    told.push(Difference::new(
                        at,
                        format!("{}: {what}, {} names it", file.name, manifest::FILE),
                    ));
                }
            }
        }
        for name in self.found.keys() {
            let known = wanted.contains(name.as_str())
                || name == SUMS
                || (self.sums.is_none()
                    && (self.recorded(name).is_some()
                        || name == manifest::FILE
                        || name == manifest::TABLE));
            if !known {
                told.push(Difference::new(name, "additional: nothing lists it"));
            }
        }
        self.differences.extend(told);
    }

    /// Counts the tables again. Says how many totals agree or differ.
    fn totals(&mut self, manifest: &Manifest) -> usize {
        let Recount {
            totals,
            differences,
        } = recount(self.dir);
        self.differences.extend(differences);
        let accuracy = &manifest.accuracy;
        let names: BTreeSet<&String> = accuracy.totals.keys().chain(totals.keys()).collect();
        let count = names.len();
        for name in names {
            let recorded = accuracy.totals.get(name).copied().unwrap_or(0);
            let counted = totals.get(name).copied().unwrap_or(0);
            if recorded != counted {
                let file = format!("{}.csv", name.split('.').next().unwrap_or_default());
                self.differ(
                    &file,
                    format!(
                        "control total {name}: {counted} in the table, {} says {recorded}",
                        manifest::FILE
                    ),
                );
            }
        }
        for (what, of_summary, total) in [
            ("rows", accuracy.summary.rows, "rows.records"),
            (
                "open errors",
                accuracy.summary.errors,
                "findings.open.error",
            ),
            (
                "open warnings",
                accuracy.summary.warnings,
                "findings.open.warning",
            ),
            (
                "open notices",
                accuracy.summary.notices,
                "findings.open.notice",
            ),
        ] {
            let recorded = accuracy.totals.get(total).copied().unwrap_or(0);
            if recorded != of_summary {
                self.differ(
                    manifest::FILE,
                    format!(
                        "{of_summary} {what} in its summary, and {recorded} in its control totals"
                    ),
                );
            }
        }
        count
    }

    /// Holds the files of the snapshot against the manifest of the pull.
    fn pulled(&mut self, manifest: &Manifest) {
        let name = format!("snapshot/{}", pulled::FILE);
        let Some(text) = fs::read_to_string(self.dir.join(&name)).ok() else {
            return;
        };
        let Ok(pull) = Pulled::parse(&name, &text) else {
            self.differ(&name, "cannot be understood");
            return;
        };
        for (object, entry) in &pull.objects {
            let file = format!("snapshot/{object}.csv");
            let record = manifest.integrity.iter().find(|record| record.name == file);
            if let (Some(record), Some(wanted)) = (record, &entry.sha256)
                && record.sha256 != *wanted
            {
                self.differ(
                    &file,
                    format!("is not the file of the pull: {name} has another SHA-256 for it"),
                );
            }
            if let Some((rows, wanted)) = record.and_then(|record| record.rows).zip(entry.rows)
                && rows != wanted
            {
                self.differ(
                    &file,
                    format!("{rows} records, and the pull wrote {wanted}"),
                );
            }
        }
    }

    /// `manifest.csv` says what `manifest.json` says.
    fn table(&mut self, manifest: &Manifest) {
        let Ok(text) = fs::read(self.dir.join(manifest::TABLE)) else {
            return;
        };
        if manifest.table().as_bytes() != text {
            self.differ(
                manifest::TABLE,
                format!("does not say what {} says", manifest::FILE),
            );
        }
    }
}
