//! The baseline: findings that were there when the gate was put up. Only new ones fail.
//!
//! JSON Lines: a head line with org and version, then one known finding per line, sorted by rule, subject, column
//! and value. Never a line number: re-sorting an input changes nothing.

mod change;
#[cfg(test)]
mod tests;

pub use change::{Found, Growth, found};

use crate::finding::Fingerprint;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The schema of the head line.
pub const SCHEMA: &str = "sfcompat-baseline/1";

/// The file where nothing names another one.
pub const FILE: &str = "sfcompat.baseline.jsonl";

/// Why there is no baseline. Every one ends the run with exit code 2: a gate without its baseline is another gate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not there.
    #[error("baseline {}: there is no such file; `sfcompat baseline write` makes one", .0.display())]
    Missing(PathBuf),
    /// The operating system refuses to read it.
    #[error("baseline {}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A line is not what it must be.
    #[error("baseline {}: line {line}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It was written for another org.
    #[error("baseline {}: it is of the org {}, and the snapshot is of {}", path.display(), named(baseline.as_deref()), named(snapshot.as_deref()))]
    OtherOrg {
        /// The file.
        path: PathBuf,
        /// Its org.
        baseline: Option<String>,
        /// That of the snapshot.
        snapshot: Option<String>,
    },
    /// A file is there, and would be replaced.
    #[error("baseline {}: the file is there already; `baseline update` adds to it, and `--accept-new` replaces it", .0.display())]
    Exists(PathBuf),
}

fn named(org: Option<&str>) -> &str {
    org.unwrap_or("an org that is not named")
}

/// The head line.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    schema: String,
    org: Option<String>,
    version: String,
}

/// One line of the file.
#[cfg(test)]
#[derive(Serialize, schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
pub(crate) enum Line {
    First(Head),
    Known(Known),
}

/// A known finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Rule name.
    pub rule: String,
    /// `kind:name`
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub column: Option<String>,
    /// The offending value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// SHA-256 of the four: 64 hexadecimal digits.
    pub fingerprint: String,
}

impl Known {
    /// The fingerprint that its parts have.
    #[must_use]
    pub fn identity(&self) -> Fingerprint {
        Fingerprint::of(
            &self.rule,
            self.subject.as_deref(),
            self.column.as_deref(),
            self.value.as_deref(),
        )
    }
}

/// The known findings of an org.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The file, as it was named.
    pub file: PathBuf,
    /// Id of the org, 18 characters; `None`: the snapshot of then did not say it.
    pub org: Option<String>,
    /// Sorted by fingerprint, each once.
    known: Vec<(Fingerprint, Known)>,
}

impl Baseline {
    /// A baseline of these findings.
    #[must_use]
    pub fn new(file: &Path, org: Option<String>, known: impl IntoIterator<Item = Known>) -> Self {
        let mut known: Vec<_> = known
            .into_iter()
            .map(|known| (known.identity(), known))
            .collect();
        known.sort();
        known.dedup_by_key(|(fingerprint, _)| *fingerprint);
        Self {
            file: file.to_owned(),
            org,
            known,
        }
    }

    /// Reads a file; `path` is what messages call it, and where it lies from `folder`.
    ///
    /// # Errors
    /// It is not there, cannot be read, or a line of it is not what it must be.
    pub fn read(path: &Path, folder: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(folder.join(path)).map_err(|source| {
            let path = path.to_owned();
            if source.kind() == io::ErrorKind::NotFound {
                Error::Missing(path)
            } else {
                Error::Unreadable { path, source }
            }
        })?;
        Self::parse(&bytes, path)
    }

    /// Understands the bytes of a file.
    ///
    /// # Errors
    /// A line of it is not what it must be.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, Error> {
        let malformed = |line: usize, reason: String| Error::Malformed {
            path: path.to_owned(),
            line,
            reason,
        };
        let mut lines = bytes.split(|byte| *byte == b'\n').zip(1..);
        let first = lines.next().map_or(&[][..], |(line, _)| line);
        let head: Head = serde_json::from_slice(first)
            .map_err(|error| malformed(1, format!("no head line of {SCHEMA}: {error}")))?;
        if head.schema != SCHEMA {
            let reason = format!("the schema is '{}', not {SCHEMA}", head.schema);
            return Err(malformed(1, reason.escape_debug().to_string()));
        }
        let mut all = Vec::new();
        for (text, line) in lines {
            if text.trim_ascii().is_empty() {
                continue;
            }
            let known: Known =
                serde_json::from_slice(text).map_err(|error| malformed(line, error.to_string()))?;
            if Fingerprint::parse(&known.fingerprint) != Some(known.identity()) {
                let reason = "the fingerprint is not that of rule, subject, column and value";
                return Err(malformed(line, reason.to_owned()));
            }
            all.push(known);
        }
        Ok(Self::new(path, head.org, all))
    }

    /// Writes it: sorted, so that the same findings give the same bytes.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = Head {
            schema: SCHEMA.to_owned(),
            org: self.org.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        serde_json::to_writer(&mut *out, &head)?;
        out.write_all(b"\n")?;
        let mut sorted: Vec<&Known> = self.known().collect();
        sorted.sort();
        for known in sorted {
            serde_json::to_writer(&mut *out, known)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Refuses a snapshot of another org, and one that does not say whose it is.
    ///
    /// # Errors
    /// [`Error::OtherOrg`]
    pub fn expect_org(&self, org: Option<&str>) -> Result<(), Error> {
        if self.org.as_deref() == org {
            return Ok(());
        }
        Err(Error::OtherOrg {
            path: self.file.clone(),
            baseline: self.org.clone(),
            snapshot: org.map(str::to_owned),
        })
    }

    /// The place of a finding among the known ones.
    #[must_use]
    pub fn find(&self, fingerprint: Fingerprint) -> Option<usize> {
        self.known
            .binary_search_by_key(&fingerprint, |(known, _)| *known)
            .ok()
    }

    /// The known findings, by fingerprint.
    #[must_use]
    pub fn known(&self) -> impl ExactSizeIterator<Item = &Known> {
        self.known.iter().map(|(_, known)| known)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}
