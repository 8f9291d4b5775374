#![doc = include_str!("psl_seats.md")]

use crate::check::{SeatAccount, SeatKind};
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::model::SetLicense;
use crate::rules::set_facts::{holds_psl, members, needed_psls};
use crate::rules::shortage::{about, count, now, plan, report_rows, shown, wanted};
use crate::rules::{About, EndCx, EndSink, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "psl-seats",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, org",
    needs: &[
        Need::file("PermissionSetLicense", About::Psls),
        // Rows that are undecided without it are told one by one below: a total can be given by hand.
        Need::optional("PermissionSetLicense", "TotalLicenses"),
        Need::column("PermissionSetLicense", "UsedLicenses", About::Psls),
        Need::column("PermissionSet", "LicenseId", About::Sets),
        Need::file("PermissionSetGroupComponent", About::Groups),
        Need::optional("PermissionSetLicenseAssign", ""),
    ],
    row: Some(check),
    end: Some(report),
    when: Occasion::PSLS.or(Occasion::HOLDS),
    ..Rule::TEMPLATE
};

/// A permission set license that the snapshot lacks, or whose figures this one record does not say.
fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.sets.items.is_empty() && cx.row.psls.items.is_empty() {
        return;
    }
    let coverage = &cx.m.org.coverage;
    if !cx.row.person.is_create() && !coverage.has("PermissionSetLicenseAssign") {
        let mut open = false;
        needed_psls(cx, |needed| {
            let limited =
                cx.m.psl(needed.psl)
                    .is_some_and(|psl| psl.total.get() != Some(-1));
            open |= limited && !holds_psl(cx, needed.psl);
        });
        if open {
            sink.undecided("PermissionSetLicenseAssign.csv");
        }
    }
    // What the columns are is asked last: rows that want for nothing are the rule.
    let mut unknown = false;
    needed_psls(cx, |needed| {
        unknown |= cx.m.psl(needed.psl).is_some_and(|psl| {
            !psl.disabled.is(&true)
                && psl.total.get() != Some(-1)
                && (psl.used.get().is_none()
                    || (psl.total.get().is_none()
                        && !cx
                            .run
                            .totals
                            .iter()
                            .any(|(name, _)| *name == *psl.key || *name == *psl.name)))
        });
    });
    if unknown && coverage.has_column("PermissionSetLicense", "UsedLicenses") {
        sink.undecided("seats of the permission set license");
    }
    if coverage.has("PermissionSetLicense") {
        for (_, to) in cx.row.sets.found() {
            let unseen = members(cx.m, &to).iter().any(|&set| {
                matches!(
                    cx.m.set(set).and_then(|set| set.license.get()),
                    Some(SetLicense::UnseenPsl(_))
                )
            });
            if unseen {
                sink.undecided("PermissionSetLicense of the permission set");
            }
        }
    }
}

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in &cx.ledger.accounts {
        if !matches!(account.kind, SeatKind::Psl(_)) {
            continue;
        }
        let back = account.releases + account.likely_releases;
        if account.failures(back) == 0 {
            let cause = about(Cause::warning(Confidence::Certain), account);
            report_rows(sink, account.failing(0), cause, |rows| {
                words(account, 0)
                    .because("seats come back by themselves in most cases only, and the order of the push is not known")
                    .fix(format!(
                        "push the rows that give a seat of {} back first, and look whether {} came back",
                        shown(account),
                        count(rows, "seat")
                    ))
            });
        } else {
            let cause = about(Cause::error(Confidence::Certain), account);
            report_rows(sink, account.failing(back), cause, |_| {
                words(account, back).fix(format!(
                    "free or buy {} of {}",
                    wanted(account, back),
                    shown(account)
                ))
            });
        }
    }
}

fn words(account: &SeatAccount, back: u64) -> Explanation {
    let license = shown(account);
    let short = account.failures(back);
    let message = if back == 0
        && account
            .failures(account.releases + account.likely_releases)
            == 0
    {
        format!(
            "only after other rows gave theirs back is there {} of permission set license {license}",
            count(short, "seat")
        )
    } else {
        format!(
            "no seat of permission set license {license} is left for {}",
            count(short, "row")
        )
    };
    Explanation::new(message)
        .because(format!("{license}: {}", now(account)))
        .because(plan(account))
        .because("a set that is bound to the license, or a group with such a set, takes a seat by itself")
        .predicts_code("LICENSE_LIMIT_EXCEEDED")
}
