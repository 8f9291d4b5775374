#![doc = include_str!("psl_held_by_inactive_user.md")]

use crate::check::SeatKind;
use crate::finding::{Confidence, Explanation, Severity};
use crate::matrix::Matrix;
use crate::rules::shortage::{figures, report_idle, shown, who_hold};
use crate::rules::{EndCx, EndSink, Need, Rule};
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
    let is_psl = |kind| matches!(kind, SeatKind::Psl(_));
    report_idle(cx, sink, is_psl, || inactive_holders(cx.m), |account, holders| {
        let license = shown(account);
        Explanation::new(format!(
            "{} permission set license {license}, which is short",
            who_hold(holders, "inactive user")
        ))
        .because(figures(account))
        .because("inactive users were counted, too, except for Salesforce CPQ, Billing and Advanced Approvals: compare with UsedLicenses")
        .fix(format!("remove the assignments of {license} from inactive users"))
    });
}

fn inactive_holders(m: &Matrix) -> FxHashMap<SeatKind, u64> {
    let users = &m.org.users;
    let mut held = FxHashMap::default();
    for user in users
        .iter()
        .filter(|&user| users.active(user) == Some(false))
    {
        for &psl in users.psls(user) {
            *held.entry(SeatKind::Psl(psl)).or_insert(0_u64) += 1;
        }
    }
    held
}
