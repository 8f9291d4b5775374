//! Writes a folder of evidence: takes copies, lets them be judged, and puts tables and manifest beside them.

use super::access::{Counted, Population, Sensitive};
use super::folder::{Staging, hex};
use super::manifest::{
    Accuracy, Completeness, FileRecord, Logic, Manifest, Performing, Query, Reconciled, Redacted,
    Role, SCHEMA, Source, TABLE, When, Who,
};
use super::rows::Tables;
use super::sources::Sources;
use super::{Error, README, coverage, manifest, matrix, plain, seats};
use crate::check::Judged;
use crate::model::{SfId, key_of_folded};
use crate::report::redact::Redactor;
use crate::report::summary::{Head, RunInfo, Tail};
use crate::rules::RULES;
use crate::snapshot::raw::RawSheet;
use crate::snapshot::{Manifest as Pulled, manifest as pulled};
use sha2::{Digest, Sha256};
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
    /// People in it are pseudonyms already: it was read from a redacted folder.
    pub redacted_before: bool,
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
        let as_of = judged.capture.pulled_at.map(|at| at.to_string());
        let sensitive = Sensitive::new(m, work.sensitive);
        let population = Population {
            m,
            snapshot: &snapshot,
            redactor: work.redactor,
            sensitive: &sensitive,
            snapshot_id: &judged.snapshot_sha256,
            as_of: as_of.as_deref().unwrap_or_default(),
            org_id: head.org.id.as_deref().unwrap_or_default(),
            groups: judged.options.run.groups.as_deref(),
        };
        let counted = population.write(&mut self.staging)?;
        let tables = Tables {
            judged,
            redactor: work.redactor,
            snapshot_id: &judged.snapshot_sha256,
        };
        let mut totals = tables.write(&mut self.staging, work.inputs)?;
        totals.extend(matrix::write(&mut self.staging, m)?);
        let (records, seats) =
            seats::write(&mut self.staging, (m, &snapshot), &judged.outcome, &counted)?;
        totals.insert("seats.records".into(), records);
        let pulled = read_pulled(&snapshot)?;
        let (records, _) = coverage::write(&mut self.staging, &m.org, pulled.as_ref())?;
        totals.insert("coverage.records".into(), records);
        let changes = plain::changes(&mut self.staging, &judged.outcome, work.redactor)?;
        totals.insert("changes.records".into(), changes);
        totals.extend(counted.totals.clone());
        let tail = Tail::of(&judged.outcome, false);
        let org = head.org.name.clone().unwrap_or_else(|| "not known".into());
        let org = format!("{org} ({})", population.org_id);
        let page = plain::readme(
            &org,
            &work.circumstances.started,
            &work.circumstances.version,
            work.redactor.is_some(),
        );
        self.staging.write(README, Role::Report, &page)?;
        let mut reconciled = reconcile(work, &counted, &totals, &tail);
        let apart = reconciled
            .iter()
            .filter(|one| !one.same)
            .map(|one| format!("{}: {} and {}", one.what, one.left, one.right))
            .collect();
        reconciled.extend(objects(&m.org, pulled.as_ref()));
        reconciled.extend(seats);
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
            left_out: left_out(&counted),
        };
        let manifest = parts.manifest(
            carried,
            Accuracy {
                summary: parts.tail.summary.clone(),
                totals,
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

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn held(what: &str, left: u64, right: u64) -> Reconciled {
    Reconciled {
        what: what.to_owned(),
        left: signed(left),
        right: signed(right),
        same: left == right,
        note: String::new(),
    }
}

/// What must be the same in a sound run.
fn reconcile(
    work: &Work<'_>,
    counted: &Counted,
    totals: &BTreeMap<String, u64>,
    tail: &Tail,
) -> Vec<Reconciled> {
    let outcome = &work.judged.outcome;
    let total = |name: &str| totals.get(name).copied().unwrap_or(0);
    let summary = &tail.summary;
    let read: u64 = outcome.inputs.iter().map(|input| input.rows).sum();
    let verdicts = ["compatible", "warned", "incompatible", "undecided"]
        .map(|verdict| total(&format!("rows.{verdict}")));
    let mut all = vec![
        held(
            "rows of the inputs, and records of rows.csv",
            read,
            total("rows.records"),
        ),
        held(
            "records of rows.csv, and its verdicts together",
            total("rows.records"),
            verdicts.iter().sum(),
        ),
        held(
            "undecided rows of the summary, and of rows.csv",
            summary.undecided,
            total("rows.undecided"),
        ),
        held(
            "incompatible rows of the summary, and of rows.csv",
            summary.incompatible,
            total("rows.incompatible"),
        ),
        held(
            "open errors of the summary, and of findings.csv",
            summary.errors,
            total("findings.open.error"),
        ),
        held(
            "open warnings of the summary, and of findings.csv",
            summary.warnings,
            total("findings.open.warning"),
        ),
        held(
            "open notices of the summary, and of findings.csv",
            summary.notices,
            total("findings.open.notice"),
        ),
        held(
            "waived findings of the summary, and of findings.csv",
            summary.waived,
            total("findings.waived"),
        ),
    ];
    if let Some(users) = work.judged.matrix.org.coverage.objects.get("User") {
        all.push(held(
            "records of User.csv, and users of access.csv",
            users.rows,
            total("access.users"),
        ));
        all.push(held(
            "users of access.csv, and the users of each profile together",
            total("access.users"),
            counted.profiles.values().sum(),
        ));
    }
    all
}

/// Records of each object against the org's own count.
fn objects(org: &crate::model::Org, pulled: Option<&Pulled>) -> Vec<Reconciled> {
    let all = coverage::counts(org, pulled);
    all.into_iter()
        .filter_map(|(object, counts)| {
            let mut one = held(
                &format!("records of {object}.csv, and COUNT() of the same query"),
                counts.rows?,
                counts.count_filtered?,
            );
            if !one.same {
                one.note =
                    String::from("records came, went, or are missing: see the rule counts-differ");
            }
            Some(one)
        })
        .collect()
}

/// What of the assignments is no row of its own.
fn left_out(counted: &Counted) -> Vec<String> {
    counted
        .left_out
        .iter()
        .map(|(what, count)| format!("access.csv: {count} {what}"))
        .collect()
}

/// What the manifest is made of.
struct Parts<'a> {
    work: &'a Work<'a>,
    head: Head,
    tail: Tail,
    pulled: Option<&'a Pulled>,
    snapshot: &'a Path,
    left_out: Vec<String>,
}

impl Parts<'_> {
    /// A text in which people may be named.
    fn text(&self, text: &str) -> String {
        let redactor = self.work.redactor;
        redactor.map_or_else(|| text.to_owned(), |redactor| redactor.text(text))
    }

    /// A username.
    fn person(&self, name: Option<&String>) -> Option<String> {
        let redactor = self.work.redactor;
        name.map(|name| redactor.map_or_else(|| name.clone(), |redactor| redactor.person(name)))
    }

    /// Somebody who is told by the circumstances, and may be a pseudonym already.
    fn told(&self, name: Option<&String>) -> Option<String> {
        if self.work.circumstances.redacted_before {
            return name.cloned();
        }
        self.person(name)
    }

    fn manifest(
        &self,
        integrity: Vec<FileRecord>,
        accuracy: Accuracy,
        sensitive_permissions: Vec<String>,
    ) -> Result<Manifest, Error> {
        let judged = self.work.judged;
        let redactor = self.work.redactor;
        Ok(Manifest {
            schema: SCHEMA.to_owned(),
            snapshot_id: judged.snapshot_sha256.clone(),
            redacted: redactor.map(|redactor| Redacted {
                key: redactor.key_name(),
            }),
            source: self.source()?,
            who: self.who(),
            when: self.when(),
            logic: self.logic(sensitive_permissions),
            completeness: self.completeness(),
            accuracy,
            integrity,
            performing_again: self.performing(),
            handling: self.handling(),
        })
    }

    fn source(&self) -> Result<Source, Error> {
        let mut source = Source {
            org_id: self.head.org.id.clone(),
            org_name: self.head.org.name.clone(),
            is_sandbox: self.head.org.is_sandbox,
            url: self.pulled.and_then(|pulled| pulled.instance_url.clone()),
            api_version: self.work.judged.capture.api_version.clone(),
            has_manifest: self.work.judged.capture.has_manifest,
            ..Source::default()
        };
        if let Some(sheet) = RawSheet::open(self.snapshot, "Organization")? {
            let [edition, instance] =
                ["OrganizationType", "InstanceName"].map(|name| sheet.column(name));
            sheet.each::<Error>(|record| {
                let text = |place| Some(record.text(place).to_owned()).filter(|t| !t.is_empty());
                source.edition = text(edition);
                source.instance = text(instance);
                Ok(())
            })?;
        }
        for object in self.work.judged.matrix.org.coverage.objects.keys() {
            let via = self
                .pulled
                .and_then(|pulled| pulled.objects.get(object)?.via)
                .and_then(|via| serde_json::to_value(via).ok())
                .and_then(|via| via.as_str().map(str::to_owned))
                .unwrap_or_else(|| "file".to_owned());
            source
                .endpoints
                .entry(via)
                .or_default()
                .push(object.clone());
        }
        Ok(source)
    }

    fn who(&self) -> Who {
        let told = self.work.circumstances;
        let m = &self.work.judged.matrix;
        let reader = self.pulled.and_then(|pulled| pulled.user.as_ref());
        let id = reader
            .and_then(|reader| reader.id.as_deref())
            .and_then(|id| SfId::parse(id).ok());
        let user = id.and_then(|id| m.org.users.by_id(id)).or_else(|| {
            let name = reader.and_then(|reader| reader.username.as_deref())?;
            m.org.users.by_login(key_of_folded(name))
        });
        let profile = user
            .and_then(|user| m.org.users.profile(user))
            .and_then(|profile| m.profile(profile));
        let run = &self.work.judged.options.run;
        Who {
            reader_id: id.map(|id| {
                let redactor = self.work.redactor;
                redactor.map_or_else(|| id.text(), |redactor| redactor.of_id(id))
            }),
            reader: self.person(reader.and_then(|reader| reader.username.as_ref())),
            reader_profile: profile.map(|row| row.name.to_string()),
            integration_user: self.person(run.named_user.as_ref()),
            os_user: self.told(told.os_user.as_ref()),
            host: told.host.clone(),
            pipeline: told.pipeline.clone(),
            commit: told.commit.clone(),
            actor: self.told(told.actor.as_ref()),
            ticket: told.ticket.as_deref().map(|ticket| self.text(ticket)),
        }
    }

    fn when(&self) -> When {
        let capture = &self.work.judged.capture;
        let org_time = self.pulled.and_then(|pulled| pulled.org_time);
        let entries = self.pulled.iter().flat_map(|pulled| &pulled.objects);
        When {
            pulled_at: capture.pulled_at.map(|at| at.to_string()),
            org_time: org_time.map(|at| at.to_string()),
            clock_skew_seconds: capture
                .pulled_at
                .zip(org_time)
                .map(|(here, there)| there.duration_since(here).as_secs()),
            started: self.work.circumstances.started.clone(),
            newest: entries
                .filter_map(|(object, entry)| Some((object.clone(), entry.newest.clone()?)))
                .collect(),
        }
    }

    fn logic(&self, sensitive_permissions: Vec<String>) -> Logic {
        let told = self.work.circumstances;
        let mut rules = Sha256::new();
        for rule in RULES {
            // Lengths keep the parts apart.
            for part in [rule.name, rule.severity.as_str(), rule.docs] {
                rules.update((part.len() as u64).to_le_bytes());
                rules.update(part.as_bytes());
            }
        }
        let entries = self.pulled.iter().flat_map(|pulled| &pulled.objects);
        let queries = entries
            .flat_map(|(object, entry)| entry.soql.iter().map(move |soql| (object, soql)))
            .map(|(object, soql)| {
                let soql = self.text(soql);
                Query {
                    object: object.clone(),
                    sha256: hex(&Sha256::digest(soql.as_bytes())),
                    soql,
                }
            })
            .collect();
        Logic {
            version: told.version.clone(),
            binary_sha256: told.binary_sha256.clone(),
            rules: RULES.len(),
            rules_sha256: hex(&rules.finalize()),
            knowledge: self.work.judged.matrix.knowledge.version().to_owned(),
            queries,
            sensitive_permissions,
        }
    }

    fn completeness(&self) -> Completeness {
        let mut left_out = self.left_out.clone();
        if self.work.redactor.is_some() {
            left_out.push("snapshot/ and inputs/: the folder is redacted".to_owned());
        }
        let mut rules_not_evaluated = self.tail.coverage.clone();
        for line in &mut rules_not_evaluated {
            line.reason = self.text(&line.reason);
        }
        Completeness {
            objects: coverage::counts(&self.work.judged.matrix.org, self.pulled),
            rules_not_evaluated,
            left_out,
        }
    }

    fn performing(&self) -> Performing {
        let told = self.work.circumstances;
        let how = if self.work.redactor.is_some() {
            "sfcompat reperform THIS-FOLDER --redact KEYFILE --snapshot SNAPSHOT, where the original files lie"
        } else {
            "sfcompat reperform THIS-FOLDER"
        };
        Performing {
            command: told.command.iter().map(|text| self.text(text)).collect(),
            environment: told
                .environment
                .iter()
                .map(|(name, value)| (name.clone(), self.text(value)))
                .collect(),
            config: told.config.clone(),
            inputs: self.head.inputs.clone(),
            how: how.to_owned(),
        }
    }

    fn handling(&self) -> Vec<String> {
        let mut handling = vec![
            "The files of the snapshot and the inputs were copied first, and the copies were judged.",
            "Nothing was edited between the snapshot and the tables.",
            "Tables: RFC 4180, every field quoted, LF, UTF-8. An apostrophe stands before text that a spreadsheet could take for a formula.",
            "Files are read-only. The folder was written beside its place and renamed as a whole.",
        ];
        if self.work.redactor.is_some() {
            handling.push("People are replaced by pseudonyms: HMAC-SHA-256 over the username, with a key that is not in this folder.");
        }
        handling.into_iter().map(str::to_owned).collect()
    }
}
