//! Numbers that must be, or are expected to be, the same.

use super::access::Counted;
use super::coverage;
use super::manifest::Reconciled;
use super::pack::Work;
use crate::report::summary::Tail;
use crate::snapshot::Manifest as Pulled;
use std::collections::BTreeMap;

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
pub(super) fn reconcile(
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
pub(super) fn objects(org: &crate::model::Org, pulled: Option<&Pulled>) -> Vec<Reconciled> {
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
pub(super) fn left_out(counted: &Counted) -> Vec<String> {
    counted
        .left_out
        .iter()
        .map(|(what, count)| format!("access.csv: {count} {what}"))
        .collect()
}
