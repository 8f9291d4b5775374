//! From the findings of a run to another baseline.

use super::{Baseline, Known};
use crate::finding::{Fingerprint, Status};
use crate::rules::is_about_the_run;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};
use std::path::Path;

/// The findings of a run that a baseline could hold.
#[derive(Debug, Default)]
pub struct Found {
    /// Those that count and are in no baseline, each once.
    pub new: Vec<Known>,
    /// Fingerprints of all findings, whatever their status.
    pub all: BTreeSet<Fingerprint>,
}

/// What of a finding is looked at.
#[derive(Deserialize)]
struct Glance {
    rule: String,
    status: Status,
    fingerprint: String,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    column: Option<String>,
    #[serde(default)]
    value: Option<String>,
}

/// Collects the findings of a run, one JSON object on each line.
///
/// # Errors
/// Those of the stream; a line that is no finding.
pub fn found(findings: impl BufRead) -> io::Result<Found> {
    let (mut new, mut all) = (BTreeMap::new(), BTreeSet::new());
    for line in findings.split(b'\n') {
        let line = line?;
        if line.is_empty() {
            continue;
        }
        let glance: Glance = serde_json::from_slice(&line)?;
        let Some(fingerprint) = Fingerprint::parse(&glance.fingerprint) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        all.insert(fingerprint);
        // What the run says of itself is never an old problem of the org.
        if glance.status == Status::Open && !is_about_the_run(&glance.rule) {
            new.entry(fingerprint).or_insert_with(|| Known {
                rule: glance.rule,
                subject: glance.subject,
                column: glance.column,
                value: glance.value,
                fingerprint: glance.fingerprint,
            });
        }
    }
    Ok(Found {
        new: new.into_values().collect(),
        all,
    })
}

/// A changed baseline, and how it differs from the old one.
#[derive(Debug)]
pub struct Growth {
    /// What is to be written.
    pub baseline: Baseline,
    /// Findings that were added.
    pub added: usize,
    /// Entries that were taken away.
    pub removed: usize,
}

impl Baseline {
    /// The findings of a run as a baseline of its own.
    #[must_use]
    pub fn of(file: &Path, org: Option<String>, found: Found) -> Growth {
        let baseline = Self::new(file, org, found.new);
        Growth {
            added: baseline.len(),
            removed: 0,
            baseline,
        }
    }

    /// The same with the new findings of a run.
    #[must_use]
    pub fn with(&self, found: Found) -> Growth {
        let all = self.known().cloned().chain(found.new);
        let baseline = Self::new(&self.file, self.org.clone(), all);
        Growth {
            added: baseline.len() - self.len(),
            removed: 0,
            baseline,
        }
    }

    /// The same without these entries.
    #[must_use]
    pub fn without(&self, stale: &BTreeSet<Fingerprint>) -> Growth {
        let kept = self
            .known()
            .filter(|known| !stale.contains(&known.identity()));
        let baseline = Self::new(&self.file, self.org.clone(), kept.cloned());
        Growth {
            added: 0,
            removed: self.len() - baseline.len(),
            baseline,
        }
    }
}
