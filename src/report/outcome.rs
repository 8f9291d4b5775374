//! A finished run in the words of the report.

use super::summary::{
    CheckLine, CoverageLine, Head, InputInfo, OrgInfo, RowVerdict, RunInfo, SCHEMA, SeatKind,
    SeatLine, Summary, Tail,
};
use crate::check::{self, Counts, InputReport, Judged, Outcome, SeatAccount};
use crate::input::{Kind, ListStyle, ListStyles};
use crate::matrix::Matrix;
use crate::model::{Known, SfId};
use crate::snapshot::Capture;

impl OrgInfo {
    /// The org of a snapshot. An empty hash means that nobody asked for one.
    #[must_use]
    pub fn of(m: &Matrix, capture: &Capture, sha256: &str) -> Self {
        let organization = m.org.organization.as_ref();
        Self {
            id: capture
                .org_id
                .or_else(|| organization.map(|row| row.id))
                .map(SfId::text),
            name: organization.map(|row| row.name.to_string()),
            is_sandbox: organization.and_then(|row| Known::get(row.is_sandbox)),
            pulled_at: capture.pulled_at.map(|at| at.to_string()),
            snapshot_sha256: (!sha256.is_empty()).then(|| sha256.to_owned()),
        }
    }
}

impl Head {
    /// What is known of a run before its first finding.
    #[must_use]
    pub fn of(run: RunInfo, judged: &Judged) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            run,
            org: OrgInfo::of(&judged.matrix, &judged.capture, &judged.snapshot_sha256),
            inputs: judged.outcome.inputs.iter().map(InputInfo::from).collect(),
        }
    }
}

impl Tail {
    /// What is known of a run after its last finding; the verdict of each row only where it is wanted.
    #[must_use]
    pub fn of(outcome: &Outcome, rows: bool) -> Self {
        Self {
            coverage: outcome.coverage.iter().map(CoverageLine::from).collect(),
            summary: Summary::from(&outcome.counts),
            seats: seat_lines(outcome),
            impact: outcome.impact.clone(),
            rows: rows.then(|| row_verdicts(outcome)),
            checklist: (!outcome.checklist.is_empty())
                .then(|| outcome.checklist.iter().map(CheckLine::from).collect()),
            not_shown: None,
        }
    }
}

/// The verdicts lie one after the other over all inputs; `row` counts within each.
fn row_verdicts(outcome: &Outcome) -> Vec<RowVerdict> {
    let mut verdicts = outcome.verdicts.iter();
    let mut rows = Vec::with_capacity(outcome.verdicts.len());
    for input in &outcome.inputs {
        let own = verdicts
            .by_ref()
            .take(usize::try_from(input.rows).unwrap_or(usize::MAX));
        rows.extend(input.records().zip(own).map(|(row, verdict)| RowVerdict {
            input: input.input.path.to_string(),
            row,
            verdict: *verdict,
        }));
    }
    rows
}

/// The seats of a run: licenses, PSLs, feature licenses, packages, each in file order.
#[must_use]
pub fn seat_lines(outcome: &Outcome) -> Vec<SeatLine> {
    outcome.ledger.accounts.iter().map(SeatLine::from).collect()
}

impl From<&check::Check> for CheckLine {
    fn from(line: &check::Check) -> Self {
        Self {
            rule: line.rule.map(str::to_owned),
            check: line.told.check.clone(),
            result: line.told.answer.as_str().to_owned(),
            severity: line.told.severity,
            detail: line.told.detail.clone(),
        }
    }
}

impl From<&check::CoverageLine> for CoverageLine {
    fn from(line: &check::CoverageLine) -> Self {
        Self {
            rule: line.rule.to_owned(),
            reason: line.reason.clone(),
        }
    }
}

impl From<&InputReport> for InputInfo {
    fn from(input: &InputReport) -> Self {
        let file = &input.input;
        let columns = &file.columns;
        Self {
            path: file.path.to_string(),
            kind: file.kind.name().to_owned(),
            rows: input.rows,
            sha256: file.sha256.hex(),
            // A table that was made of JSON or of expressions has cells that nobody can find in the file.
            // A sheet that was completed keeps its own.
            delimiter: (file.places.is_none() || file.kind == Kind::Assignments)
                .then(|| char::from(file.delimiter).to_string()),
            encoding: file.encoding.name().to_owned(),
            list_separator: separators(input.list_styles),
            columns: columns
                .assigned()
                .into_iter()
                .map(|(attribute, header)| (columns.shown(attribute).to_owned(), header.to_owned()))
                .collect(),
            ignored: columns.ignored.iter().map(ToString::to_string).collect(),
            leavers: columns.leavers,
            left_out: file.left_out,
        }
    }
}

/// All separators that cells had, `; |` where there were two kinds of cells.
fn separators(styles: ListStyles) -> Option<String> {
    let found: Vec<&str> = styles.iter().filter_map(ListStyle::shown).collect();
    (!found.is_empty()).then(|| found.join(" "))
}

impl From<&Counts> for Summary {
    fn from(counts: &Counts) -> Self {
        Self {
            rows: counts.rows,
            compatible: counts.compatible,
            warned: counts.warned,
            incompatible: counts.incompatible,
            undecided: counts.undecided,
            errors: counts.errors,
            warnings: counts.warnings,
            notices: counts.notices,
            waived: counts.waived,
            baselined: counts.baselined,
            by_rule: counts
                .by_rule
                .iter()
                .map(|(rule, count)| ((*rule).to_owned(), *count))
                .collect(),
        }
    }
}

impl From<&SeatAccount> for SeatLine {
    fn from(account: &SeatAccount) -> Self {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let (takes, releases) = (signed(account.takes), signed(account.releases));
        let mut failing = account.failing(account.releases);
        // Without a total and a count nobody knows whether seats are missing; no limit is never missing one.
        let known = account.is_unlimited() || account.free().is_some();
        Self {
            kind: match account.kind {
                check::SeatKind::License(_) => SeatKind::UserLicense,
                check::SeatKind::Psl(_) => SeatKind::PermissionSetLicense,
                check::SeatKind::Feature(_) => SeatKind::FeatureLicense,
                check::SeatKind::Package(_) => SeatKind::Package,
            },
            key: account.key.clone(),
            label: account.label.clone(),
            total: account.total,
            used: account.used,
            takes: account.takes,
            releases: account.releases,
            after: account
                .used
                .map(|used| used.saturating_add(takes).saturating_sub(releases)),
            peak: account.used.map(|used| used.saturating_add(takes)),
            shortfall: known.then(|| account.shortfall()),
            first_failing_row: failing.next().map(|taker| taker.row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Taker;
    use crate::model::LicenseId;

    fn account(total: Option<i64>, used: Option<i64>) -> SeatAccount {
        let taker = |row| Taker {
            row,
            line: row + 1,
            reactivates: false,
        };
        SeatAccount {
            kind: check::SeatKind::License(LicenseId(0)),
            key: "SFDC".into(),
            label: "Salesforce".into(),
            total,
            used,
            takes: 6,
            releases: 1,
            likely_releases: 0,
            late_takers: [7, 8, 9].map(taker).into_iter().collect(),
            first_taker: Some(taker(1)),
            carried: 0,
            first_carrier: None,
            implicit: 0,
        }
    }

    #[test]
    fn seats_are_counted_before_during_and_after() {
        let line = SeatLine::from(&account(Some(100), Some(97)));
        assert_eq!((line.after, line.peak), (Some(102), Some(103)));
        assert_eq!(line.shortfall, Some(2));
        assert_eq!(line.first_failing_row, Some(8));
    }

    #[test]
    fn what_is_not_known_is_not_zero() {
        let line = SeatLine::from(&account(None, Some(97)));
        assert_eq!((line.shortfall, line.first_failing_row), (None, None));
        let line = SeatLine::from(&account(Some(-1), Some(97)));
        assert_eq!((line.shortfall, line.first_failing_row), (Some(0), None));
    }
}
