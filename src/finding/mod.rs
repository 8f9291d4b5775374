//! A finding: one problem, with its place, its evidence, the error to expect and the smallest fix.
//!
//! [`Finding`] is the frozen public form (`sfcompat-report/1`); it is what reporters read, what
//! JSON shows, and what the spool holds. Rules never build it: they give a [`Cause`] and an
//! [`Explanation`] to the sink, which adds place, person and policy.

mod cause;
mod change;
mod fingerprint;

pub use crate::knowledge::Confidence;
pub use cause::{Cause, Explanation, Witness};
pub use change::{Change, Effect, Impact, Move};
pub use fingerprint::{Fingerprint, fingerprint};

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a finding means for the push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// It may fail, or succeeds with a loss.
    Warning,
    /// The push will fail.
    Error,
}

impl Severity {
    /// As it is written in reports and options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is to be said about a row as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands against it.
    Compatible,
    /// Warnings only.
    Warned,
    /// Needed data is missing: it could not be told.
    Undecided,
    /// At least one error.
    Incompatible,
}

/// Whether a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It counts.
    Open,
    /// A waiver covers it.
    Waived,
    /// The baseline holds it.
    Baselined,
}

impl Status {
    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waived => "waived",
            Self::Baselined => "baselined",
        }
    }
}

/// What a report says of the waiver that covers a finding. Free text of people, escaped like any input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaivedBy {
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
    /// Why it is accepted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The change or ticket that it was agreed in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ticket: Option<String>,
    /// The last day on which it counts, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<String>,
}

/// The error that Salesforce or Okta is expected to give. Only what is published is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Predicted {
    /// Salesforce status code, for example `FIELD_INTEGRITY_EXCEPTION`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// Salesforce's text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// What Okta's Tasks page would show.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub okta: Option<String>,
}

/// One value that is the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The column to change.
    pub column: String,
    /// The value to put there; empty: leave the cell empty.
    pub with: String,
}

/// The smallest change that removes the finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// In words.
    pub text: String,
    /// As a replacement, where one value is the answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replace: Option<Replace>,
}

/// One finding as reports show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Input file; absent for findings about the org.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input: Option<String>,
    /// Data record, from 1; absent for findings about a whole file or the org.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub row: Option<u64>,
    /// Physical line where the record starts, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// Rule name.
    pub rule: String,
    /// Severity after policy.
    pub severity: Severity,
    /// Confidence of the verdict.
    pub confidence: Confidence,
    /// Whether it counts.
    pub status: Status,
    /// The waiver that covers it; only with the status `waived`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waiver: Option<WaivedBy>,
    /// SHA-256 of rule, subject, column and value: the same problem in another run has the same one.
    pub fingerprint: String,
    /// The column concerned, by its canonical name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub column: Option<String>,
    /// The offending value, as it was read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// Username of the row.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub user: Option<String>,
    /// What it is about: `kind:name`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    /// One sentence.
    pub message: String,
    /// The facts that make it true.
    pub reason: Vec<String>,
    /// The error to expect.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub predicted: Option<Predicted>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fix: Option<Fix>,
    /// How many rows a finding that is given once per cause stands for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
}
