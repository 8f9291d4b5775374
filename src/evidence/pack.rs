//! Writes a folder of evidence: takes copies, lets them be judged, and puts tables and manifest beside them.

use super::access::{Counted, Population, Sensitive};
use super::fill::Parts;
use super::folder::Staging;
use super::manifest::{Accuracy, FileRecord, Reconciled, Role, TABLE};
use super::reconcile::{left_out, objects, reconcile};
use super::rows::Tables;
use super::sources::Sources;
use super::{Error, README, coverage, manifest, matrix, plain, seats};
use crate::check::Judged;
use crate::report::redact::Redactor;
use crate::report::summary::{Head, RunInfo, Tail};
use crate::snapshot::{Manifest as Pulled, manifest as pulled};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What surrounds a run and is not in its inputs. All of it is told by the caller.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// Version of the program.
    pub version: String,
    /// SHA-256 of the program's file.
    pub binary_sha256: Option<String>,
    /// Start of the run, RFC 3339 in UTC.
    pub started: String,
    /// The arguments as they were given.
    pub command: Vec<String>,
    /// Options that the environment gave.
    pub environment: BTreeMap<String, String>,
    /// The configuration file, as it was found.
    pub config: Option<String>,
    /// User of the operating system.
    pub os_user: Option<String>,
    /// Machine.
    pub host: Option<String>,
    /// Page of the pipeline run.
    pub pipeline: Option<String>,
    /// Commit that the pipeline ran for.
    pub commit: Option<String>,
    /// Who started the pipeline.
    pub actor: Option<String>,
    /// The ticket of the change.
    pub ticket: Option<String>,
    /// The metadata project, where the facts come from one and not from an org.
    pub origin: Option<Origin>,
    /// People in it are pseudonyms already: it was read from a redacted folder.
    pub redacted_before: bool,
}

/// The metadata project that facts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The folder, as it was named.
    pub project: String,
    /// The commit that was checked out there; `None`: it lies in no work tree of git.
    pub commit: Option<String>,
}

/// A folder of evidence that is being made.
#[derive(Debug)]
pub struct Pack {
    staging: Staging,
    sources: Sources,
    /// Where copies lie that the folder is not to hold. Goes away with the pack.
    private: Option<tempfile::TempDir>,
}

/// A finished folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// SHA-256 of the list of sums: whoever keeps it elsewhere can tell later whether anything was changed.
    pub sums_sha256: String,
    /// Control totals that do not agree with the counts of the run. Never in a sound run.
    pub apart: Vec<String>,
}

impl Pack {
    /// Begins a folder that will stand at `target`. A redacted one holds no copies of its sources.
    ///
    /// # Errors
    /// Something else lies there, or nothing can be written.
    pub fn begin(target: &Path, redacted: bool) -> Result<Self, Error> {
        let staging = Staging::new(target)?;
        let private = if redacted {
            let temporary = tempfile::Builder::new().prefix("sfcompat-").tempdir();
            Some(temporary.map_err(Error::write(Path::new("the temporary folder")))?)
        } else {
            None
        };
        let sources = Sources::new(private.as_ref().map_or(staging.path(), |dir| dir.path()));
        Ok(Self {
            staging,
            sources,
            private,
        })
    }

    /// Copies a snapshot folder. Says where the copy lies: that is what is to be judged.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn carry_snapshot(&mut self, from: &Path) -> Result<PathBuf, Error> {
        self.sources.carry_snapshot(from)?;
        Ok(self.sources.snapshot())
    }

    /// Copies an input or a setting that lies at `path` and is shown as `shown`; the path `-` is stdin.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn carry(&mut self, role: Role, shown: &str, path: &Path) -> Result<PathBuf, Error> {
        self.sources.carry_from(role, shown, path)
    }

    /// Whether a setting still is what was copied: it is not the copy that was read.
    ///
    /// # Errors
    /// It is another file now.
    pub fn unchanged(&self, shown: &str) -> Result<(), Error> {
        self.sources.unchanged(shown)
    }

    /// Writes everything about a judged run, and puts the folder into its place.
    ///
    /// # Errors
    /// It cannot be written, or the copies cannot be read again.
    pub fn finish(mut self, work: &Work<'_>) -> Result<Done, Error> {
        let judged = work.judged;
        let m = &judged.matrix;
        let snapshot = self.sources.snapshot();
        let mut carried = self.carried(judged);
        let head = Head::of(
            RunInfo {
                version: work.circumstances.version.clone(),
                started: work.circumstances.started.clone(),
                command: Vec::new(),
            },
            judged,
        );
        let sensitive = Sensitive::new(m, work.sensitive);
        let pulled = read_pulled(&snapshot)?;
        let written = self.tables(work, &head, &sensitive, pulled.as_ref())?;
        let tail = Tail::of(&judged.outcome, false);
        let page = plain::readme(
            &whose(work.circumstances, &head),
            &work.circumstances.started,
            &work.circumstances.version,
            work.redactor.is_some(),
        );
        self.staging.write(README, Role::Report, &page)?;
        let mut reconciled = reconcile(work, &written.counted, &written.totals, &tail);
        let apart = reconciled
            .iter()
            .filter(|one| !one.same)
            .map(|one| format!("{}: {} and {}", one.what, one.left, one.right))
            .collect();
        reconciled.extend(objects(&m.org, pulled.as_ref()));
        reconciled.extend(written.seats);
        if self.private.is_none() {
            self.staging.files.append(&mut carried.clone());
        }
        carried.extend(
            self.staging
                .files
                .iter()
                .filter(|file| file.role == Role::Report)
                .cloned(),
        );
        carried.sort_by(|a, b| a.name.cmp(&b.name));
        let parts = Parts {
            work,
            head,
            tail,
            pulled: pulled.as_ref(),
            snapshot: &snapshot,
            left_out: left_out(&written.counted),
        };
        let manifest = parts.manifest(
            carried,
            Accuracy {
                summary: parts.tail.summary.clone(),
                totals: written.totals,
                reconciled,
            },
            sensitive.names,
        )?;
        self.staging
            .write(manifest::FILE, Role::Report, &manifest.text())?;
        self.staging.write(TABLE, Role::Report, &manifest.table())?;
        Ok(Done {
            sums_sha256: self.staging.place()?,
            apart,
        })
    }

    /// Writes all tables.
    fn tables(
        &mut self,
        work: &Work<'_>,
        head: &Head,
        sensitive: &Sensitive,
        pulled: Option<&Pulled>,
    ) -> Result<Written, Error> {
        let (judged, staging) = (work.judged, &mut self.staging);
        let m = &judged.matrix;
        let snapshot = self.sources.snapshot();
        let as_of = judged.capture.pulled_at.map(|at| at.to_string());
        let population = Population {
            m,
            snapshot: &snapshot,
            redactor: work.redactor,
            sensitive,
            snapshot_id: &judged.snapshot_sha256,
            as_of: as_of.as_deref().unwrap_or_default(),
            org_id: head.org.id.as_deref().unwrap_or_default(),
            groups: judged.options.run.groups.as_deref(),
        };
        let counted = population.write(staging)?;
        let tables = Tables {
            judged,
            redactor: work.redactor,
            snapshot_id: &judged.snapshot_sha256,
        };
        let mut totals = tables.write(staging, work.inputs)?;
        totals.extend(matrix::write(staging, m)?);
        let org = (m, snapshot.as_path());
        let (records, seats) = seats::write(staging, org, &judged.outcome, &counted)?;
        totals.insert("seats.records".into(), records);
        let records = coverage::write(staging, &m.org, pulled)?;
        totals.insert("coverage.records".into(), records);
        let changes = plain::changes(staging, &judged.outcome, work.redactor)?;
        totals.insert("changes.records".into(), changes);
        totals.extend(counted.totals.clone());
        Ok(Written {
            counted,
            totals,
            seats,
        })
    }

    /// The copies, with the number of their records.
    fn carried(&self, judged: &Judged) -> Vec<FileRecord> {
        let objects = &judged.matrix.org.coverage.objects;
        let mut files = self.sources.files.clone();
        for file in &mut files {
            file.rows = match file.role {
                Role::Snapshot => file
                    .name
                    .split_once('/')
                    .and_then(|(_, name)| name.strip_suffix(".csv"))
                    .and_then(|object| objects.get(object))
                    .map(|known| known.rows),
                Role::Input => {
                    let own = judged
                        .outcome
                        .inputs
                        .iter()
                        .filter(|input| Some(&*input.input.path) == file.shown.as_deref());
                    Some(own.map(|input| input.rows).sum())
                }
                Role::Setting | Role::Report => None,
            };
        }
        files
    }
}

/// What was counted while the tables were written.
struct Written {
    counted: Counted,
    totals: BTreeMap<String, u64>,
    /// Seats as they are reported, against those that were counted.
    seats: Vec<Reconciled>,
}

/// What a folder is made of.
#[derive(Debug)]
pub struct Work<'a> {
    /// The judged run, over the copies.
    pub judged: &'a Judged,
    /// The inputs as they are shown.
    pub inputs: &'a [String],
    /// Replaces people, where they are not to be seen.
    pub redactor: Option<&'a Redactor>,
    /// `[audit] sensitive_permissions`; empty: the usual ones.
    pub sensitive: &'a [String],
    /// What surrounds the run.
    pub circumstances: &'a Circumstances,
}

/// The manifest of the pull; `None`: a snapshot that was made by hand, or of another making.
fn read_pulled(snapshot: &Path) -> Result<Option<Pulled>, Error> {
    let path = snapshot.join(pulled::FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Pulled::parse(pulled::FILE, &text)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Read { path, source }),
    }
}

/// What the facts are about: an org, or a metadata project.
fn whose(told: &Circumstances, head: &Head) -> String {
    let Some(origin) = &told.origin else {
        let name = head.org.name.as_deref().unwrap_or("not known");
        let id = head.org.id.as_deref().unwrap_or_default();
        return format!("Org: {name} ({id})");
    };
    let commit = match &origin.commit {
        Some(commit) => format!("commit {commit}; changes that were not committed are not told"),
        None => String::from("no commit"),
    };
    // The folder is named by people.
    let project = origin.project.escape_debug();
    format!("Metadata project, no org: {project} ({commit})")
}
