#![doc = include_str!("psl_held_by_inactive_user.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::shortage::{about, count, is_short, now, shown};
use crate::rules::{EndCx, EndSink, Need, Place, Rule};
use rustc_hash::FxHashMap;

pub(crate) const RULE: Rule = Rule {
    name: "psl-held-by-inactive-user",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("PermissionSetLicenseAssign", ""),
        Need::optional("User", "IsActive"),
    ],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let short: Vec<_> = cx
        .ledger
        .accounts
        .iter()
        .filter(|account| matches!(account.kind, SeatKind::Psl(_)) && is_short(cx, account))
        .collect();
    if short.is_empty() {
        return;
    }
    let users = &cx.m.org.users;
    let mut held = FxHashMap::default();
    for user in users
        .iter()
        .filter(|&user| users.active(user) == Some(false))
    {
        for &psl in users.psls(user) {
            *held.entry(SeatKind::Psl(psl)).or_insert(0_u64) += 1;
        }
    }
    for account in short {
        let Some(&holders) = held.get(&account.kind) else {
            continue;
        };
        let cause = about(Cause::notice(Confidence::Documented), account);
        sink.report(Place::default(), cause, || {
            let license = shown(account);
            Explanation::new(format!(
                "{} hold{} permission set license {license}, which is short",
                count(holders, "inactive user"),
                if holders == 1 { "s" } else { "" }
            ))
            .because(format!("{license}: {}", now(account)))
            .because("inactive users were counted, too, except for Salesforce CPQ, Billing and Advanced Approvals: compare with UsedLicenses")
            .fix(format!("remove the assignments of {license} from inactive users"))
        });
    }
}
