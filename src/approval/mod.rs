//! Approval: the verdict of a check, bound to what it depended on, so that an hour or a week later one
//! can ask whether anything that mattered has changed.
//!
//! A plan holds records by their ids (a renamed profile is found again), the seats that the file needs, the people
//! that it touches, and hashes of the files of the run. It is bounded: many people are hashes, very many one hash.

mod bind;
mod compare;
mod contacts;
mod facts;
mod fields;
mod files;
mod people;
#[cfg(test)]
mod tests;

pub use bind::{Bound, bind};
pub use compare::{Compared, Difference, Occasion, compare};
pub use facts::Fact;
pub use files::sha256 as file_hash;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The schema of a plan.
pub const SCHEMA: &str = "sfcompat-plan/1";

/// Why a plan cannot be used. Every one ends the run with exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("plan {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is no plan of this schema.
    #[error("plan {}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It is not what was written.
    #[error("plan {}: it was changed after it was written: its hash is not that of its content", .0.display())]
    Edited(PathBuf),
    /// It was made for another org.
    #[error("the plan is of the org {plan}, and the snapshot is of {snapshot}")]
    OtherOrg {
        /// Org of the plan.
        plan: String,
        /// Org of the snapshot.
        snapshot: String,
    },
}

/// How the approved run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Its exit code.
    pub exit_code: u8,
    /// Its last line.
    pub reason: String,
    /// Rows judged.
    pub rows: u64,
    /// Open errors.
    pub errors: u64,
    /// Open warnings.
    pub warnings: u64,
    /// Open notices.
    pub notices: u64,
    /// Waived findings.
    pub waived: u64,
    /// Findings of the baseline.
    pub baselined: u64,
}

/// A file of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct File {
    /// `input`, `configuration`, `waivers`, `baseline`.
    pub role: String,
    /// As it was given.
    pub path: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
}

/// Seats that the file needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Seats {
    /// `user-license`, `permission-set-license`, `feature-license`, `package`.
    pub kind: String,
    /// Key, as reports have it.
    pub key: String,
    /// Label for people.
    pub label: String,
    /// Rows that take one.
    pub takes: u64,
    /// Rows that release one.
    pub releases: u64,
    /// Seats owned; -1 is no limit; `null`: not known.
    pub total: Option<i64>,
    /// Seats in use; `null`: not known.
    pub used: Option<i64>,
    /// Rows that could not succeed.
    pub shortfall: u64,
    /// The same if all that take come before all that release.
    pub peak_shortfall: u64,
}

/// A waiver that the verdict depended on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Waived {
    /// Its rule and selectors.
    pub waiver: String,
    /// Its last day, `YYYY-MM-DD`; `null`: none.
    pub expires: Option<String>,
}

/// The people that the file touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct People {
    /// How many existing users.
    pub users: u64,
    /// Each with its state, where they are few.
    pub few: Vec<Fact>,
    /// Id and hash of the state, where they are more.
    pub many: Vec<(String, String)>,
    /// One hash over all users of the org, where they are very many.
    pub all: Option<String>,
    /// Keys of the usernames that are to be created, hexadecimal.
    pub creates: Vec<String>,
}

/// A verdict and what it depended on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Version of the program.
    pub version: String,
    /// When the check ran, RFC 3339 in UTC.
    pub created: String,
    /// The day by which it judged, `YYYY-MM-DD`: that of the run, or of the change window.
    pub day: String,
    /// Org id, 18 characters.
    pub org: Option<String>,
    /// When the snapshot was pulled, RFC 3339 in UTC.
    pub pulled_at: Option<String>,
    /// How the check ended.
    pub verdict: Verdict,
    /// The files of the run.
    pub files: Vec<File>,
    /// Records of the org.
    pub facts: Vec<Fact>,
    /// Seats.
    pub seats: Vec<Seats>,
    /// Waivers that covered something.
    pub waivers: Vec<Waived>,
    /// People.
    pub people: People,
    /// Settings of the org, by key.
    pub settings: Option<std::collections::BTreeMap<String, String>>,
    /// Custom fields that a create must send, by API name; absent: the file creates nobody, or describe does not tell.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub required: Option<Vec<String>>,
    /// Contacts and accounts with the hash of their state, where they are many.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub many_contacts: Vec<(String, String)>,
    /// The file is about more contacts than a plan holds: none is bound.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub more_contacts: bool,
}

/// A plan as it lies in its file.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    schema: String,
    sha256: String,
    plan: Plan,
}

impl Plan {
    /// Whether contacts are bound: then the users of contacts are asked for.
    #[must_use]
    pub fn has_contacts(&self) -> bool {
        let few = || self.facts.iter().any(|fact| fact.kind == contacts::CONTACT);
        !self.many_contacts.is_empty() || few()
    }

    /// SHA-256 of its compact JSON form.
    #[must_use]
    pub fn sha256(&self) -> String {
        // Texts and numbers always have a JSON form.
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        let digest = Sha256::digest(&bytes);
        facts::hex(&digest)
    }

    /// The file's bytes.
    #[must_use]
    pub fn sealed(&self) -> Vec<u8> {
        let sealed = Sealed {
            schema: SCHEMA.to_owned(),
            sha256: self.sha256(),
            plan: self.clone(),
        };
        let mut bytes = serde_json::to_vec_pretty(&sealed).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads a plan, and sees that nobody changed it.
    ///
    /// # Errors
    /// It cannot be read, is no plan, or was changed.
    pub fn read(path: &Path, folder: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(folder.join(path)).map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&bytes, path)
    }

    /// Understands the bytes of a plan.
    ///
    /// # Errors
    /// They are no plan, or were changed.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, Error> {
        let malformed = |reason: String| Error::Malformed {
            path: path.to_owned(),
            reason,
        };
        let sealed: Sealed = serde_json::from_slice(bytes)
            .map_err(|error| malformed(format!("no plan of {SCHEMA}: {error}")))?;
        if sealed.schema != SCHEMA {
            return Err(malformed(format!(
                "the schema is '{}', not {SCHEMA}",
                sealed.schema.escape_debug()
            )));
        }
        if sealed.sha256 != sealed.plan.sha256() {
            return Err(Error::Edited(path.to_owned()));
        }
        Ok(sealed.plan)
    }
}

/// The place of a plan, opened before the work starts: nobody waits for a path that cannot be written.
#[derive(Debug)]
pub struct Slot {
    part: tempfile::NamedTempFile,
    path: PathBuf,
}

impl Slot {
    /// Prepares a file. Nothing is there under its name, or the old one stays, until [`Slot::write`] has ended well.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn open(path: &Path) -> io::Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // A temporary file is readable by its owner only, and keeps that under its new name: a plan names people.
        let part = tempfile::Builder::new()
            .prefix(".sfcompat-")
            .suffix(".part")
            .tempfile_in(folder)?;
        Ok(Self {
            part,
            path: path.to_owned(),
        })
    }

    /// Writes the plan, whole or not at all.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn write(mut self, plan: &Plan) -> io::Result<()> {
        self.part.write_all(&plan.sealed())?;
        self.part.as_file().sync_all()?;
        self.part.persist(self.path).map_err(|error| error.error)?;
        Ok(())
    }
}
