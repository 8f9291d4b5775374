#![doc = include_str!("seats_held_by_frozen.md")]

use crate::check::SeatKind;
use crate::finding::{Confidence, Explanation, Severity};
use crate::matrix::Matrix;
use crate::rules::shortage::{figures, report_idle, shown, who_hold};
use crate::rules::{EndCx, EndSink, Need, Rule};
use rustc_hash::FxHashMap;

pub(crate) const RULE: Rule = Rule {
    name: "seats-held-by-frozen",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("UserLogin", "IsFrozen"),
        Need::optional("User", "IsActive"),
    ],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let is_license = |kind| matches!(kind, SeatKind::License(_));
    report_idle(cx, sink, is_license, || frozen_holders(cx.m), |account, holders| {
        Explanation::new(format!(
            "{} seats of {}, which is short",
            who_hold(holders, "frozen user"),
            shown(account)
        ))
        .because(figures(account))
        .because("a frozen user cannot log in and still takes a seat")
        .fix("deactivate these users instead of freezing them")
    });
}

fn frozen_holders(m: &Matrix) -> FxHashMap<SeatKind, u64> {
    let users = &m.org.users;
    let mut held = FxHashMap::default();
    for user in users
        .iter()
        .filter(|&user| users.frozen(user) && users.active(user) == Some(true))
    {
        let license = users.profile(user).and_then(|profile| m.license_of(profile));
        if let Some(license) = license {
            *held.entry(SeatKind::License(license)).or_insert(0_u64) += 1;
        }
    }
    held
}
