//! Everything in a report that is not a finding: `sfcompat-report/1`, frozen.
//!
//! Additions keep the number of the schema; a removal or a change of meaning makes `/2`.

use crate::finding::{Change, Finding, Impact, Severity, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The schema of `check` and of everything that answers like it.
pub const SCHEMA: &str = "sfcompat-report/1";

/// Which program ran, how and when. The only place of a report that holds a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RunInfo {
    /// Version of the program.
    pub version: String,
    /// Start of the run, RFC 3339 in UTC.
    pub started: String,
    /// Arguments as they were given, without the program's name.
    pub command: Vec<String>,
}

/// The org that was judged against. `null` where the snapshot does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OrgInfo {
    /// Organization id, 18 characters.
    pub id: Option<String>,
    /// Name of the organization.
    pub name: Option<String>,
    /// Whether it is a sandbox.
    pub is_sandbox: Option<bool>,
    /// When it was pulled, RFC 3339 in UTC; `null` for a snapshot made by hand.
    pub pulled_at: Option<String>,
    /// SHA-256 over the snapshot folder, lower-case hexadecimal.
    pub snapshot_sha256: Option<String>,
}

/// One input file, and what was detected about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InputInfo {
    /// As it was given; `-` is stdin.
    pub path: String,
    /// `assignments`, `group-mapping` ...
    pub kind: String,
    /// Data records.
    pub rows: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
    /// Between cells: the character itself; `null` for inputs that have no cells.
    pub delimiter: Option<String>,
    /// `utf-8`, `utf-8-bom`, `utf-16le`, `utf-16be`.
    pub encoding: String,
    /// Between the parts of multi-valued cells, as it was found; `null` where none was needed.
    pub list_separator: Option<String>,
    /// Canonical name of a column -> its header in the file.
    pub columns: BTreeMap<String, String>,
    /// Headers that mean nothing to the program, in file order.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Its rows are those users of the file from whom Okta took the app away: only that they become inactive is judged.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub leavers: bool,
    /// Elements of the file that are left out, as nothing is pushed for them; at the first input of a file.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub left_out: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A rule, or a part of it, that could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CoverageLine {
    /// Name of the rule.
    pub rule: String,
    /// What is missing.
    pub reason: String,
}

/// Counts over the whole run. No option about what is shown ever changes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Data records of all inputs.
    pub rows: u64,
    /// Rows against which nothing stands.
    pub compatible: u64,
    /// Rows with warnings only.
    pub warned: u64,
    /// Rows with an error.
    pub incompatible: u64,
    /// Rows that could not be told.
    pub undecided: u64,
    /// Open findings of severity error.
    pub errors: u64,
    /// Open findings of severity warning.
    pub warnings: u64,
    /// Open findings of severity notice.
    pub notices: u64,
    /// Findings that a waiver covers.
    pub waived: u64,
    /// Findings that the baseline holds.
    #[serde(default)]
    pub baselined: u64,
    /// Open findings of every severity, by rule.
    pub by_rule: BTreeMap<String, u64>,
}

/// What a seat belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SeatKind {
    /// UserLicense
    UserLicense,
    /// PermissionSetLicense
    PermissionSetLicense,
    /// A feature license (`UserPermissions...User`)
    FeatureLicense,
    /// PackageLicense
    Package,
}

impl SeatKind {
    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserLicense => "user-license",
            Self::PermissionSetLicense => "permission-set-license",
            Self::FeatureLicense => "feature-license",
            Self::Package => "package",
        }
    }
}

/// The seats of one license before, during and after the change. `null` is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SeatLine {
    /// What kind of seat.
    pub kind: SeatKind,
    /// `SFDC`, a PSL key, a feature type, a namespace.
    pub key: String,
    /// Label for people.
    pub label: String,
    /// Seats owned; -1 is no limit.
    pub total: Option<i64>,
    /// Seats in use before.
    pub used: Option<i64>,
    /// Rows that take one.
    pub takes: u64,
    /// Rows that release one.
    pub releases: u64,
    /// Seats in use afterwards.
    pub after: Option<i64>,
    /// Most seats in use at any moment, if every taker comes before every releaser.
    pub peak: Option<i64>,
    /// Rows that cannot succeed.
    pub shortfall: Option<u64>,
    /// The first of them.
    pub first_failing_row: Option<u64>,
}

/// Findings that the user chose not to see. Absent where everything is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotShown {
    /// Below `--min-severity`.
    pub below_severity: u64,
    /// Beyond `--max-findings`.
    pub beyond_limit: u64,
}

impl NotShown {
    /// `None` where nothing is held back.
    pub(super) fn any(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }

    /// How many findings are not listed.
    pub(super) fn total(self) -> u64 {
        self.below_severity.saturating_add(self.beyond_limit)
    }
}

/// The verdict of one row (`--rows`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RowVerdict {
    /// The input's path.
    pub input: String,
    /// Data record, from 1.
    pub row: u64,
    /// The verdict.
    pub verdict: Verdict,
}

/// What is known before the first finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// [`SCHEMA`]
    pub schema: String,
    /// The run.
    pub run: RunInfo,
    /// The org.
    pub org: OrgInfo,
    /// The inputs, in the order given.
    pub inputs: Vec<InputInfo>,
}

/// What is known after the last finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// What could not be evaluated.
    pub coverage: Vec<CoverageLine>,
    /// Counts.
    pub summary: Summary,
    /// Seats: licenses, PSLs, feature licenses, packages.
    pub seats: Vec<SeatLine>,
    /// The changes summed, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub impact: Option<Impact>,
    /// Verdict of each row, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<Vec<RowVerdict>>,
    /// What a preflight checked; absent for other commands.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub checklist: Option<Vec<CheckLine>>,
    /// Filled by the reporter, never by the engine.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_shown: Option<NotShown>,
}

/// A whole report, as a reader of `--format json` sees it. The program itself never holds one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`SCHEMA`]
    pub schema: String,
    /// The run.
    pub run: RunInfo,
    /// The org.
    pub org: OrgInfo,
    /// The inputs, in the order given.
    pub inputs: Vec<InputInfo>,
    /// Findings in final order: input, row, column, rule.
    pub findings: Vec<Finding>,
    /// What could not be evaluated.
    pub coverage: Vec<CoverageLine>,
    /// Counts.
    pub summary: Summary,
    /// Seats.
    pub seats: Vec<SeatLine>,
    /// What the push would change, before and after, where it was asked for: in input order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub changes: Option<Vec<Change>>,
    /// The changes summed, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub impact: Option<Impact>,
    /// Verdict of each row, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<Vec<RowVerdict>>,
    /// What a preflight checked; absent for other commands.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub checklist: Option<Vec<CheckLine>>,
    /// Findings that are counted but not listed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_shown: Option<NotShown>,
}

/// One line of the checklist of `preflight`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckLine {
    /// The rule that asks; absent for a setting of the org and for a permission of the reader.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
    /// What was checked, as a statement that is to hold.
    pub check: String,
    /// `pass`, `fail` or `cannot-tell`.
    pub result: String,
    /// Severity of the finding behind a `fail`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub severity: Option<Severity>,
    /// The fact behind the result, or what would settle it; may be empty.
    pub detail: String,
}

/// Only the severity of a finding: cheaper than the whole of it.
#[derive(Deserialize)]
pub(super) struct Glance {
    pub(super) severity: Severity,
}
