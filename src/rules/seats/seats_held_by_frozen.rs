#![doc = include_str!("seats_held_by_frozen.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::shortage::{about, count, is_short, now, shown};
use crate::rules::{EndCx, EndSink, Need, Place, Rule};
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
    let short: Vec<_> = cx
        .ledger
        .accounts
        .iter()
        .filter(|account| matches!(account.kind, SeatKind::License(_)) && is_short(cx, account))
        .collect();
    if short.is_empty() {
        return;
    }
    let users = &cx.m.org.users;
    let mut held = FxHashMap::default();
    for user in users
        .iter()
        .filter(|&user| users.frozen(user) && users.active(user) == Some(true))
    {
        let license = users.profile(user).and_then(|p| cx.m.license_of(p));
        if let Some(license) = license {
            *held.entry(SeatKind::License(license)).or_insert(0_u64) += 1;
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
                "{} hold{} seats of {license}, which is short",
                count(holders, "frozen user"),
                if holders == 1 { "s" } else { "" }
            ))
            .because(format!("{license}: {}", now(account)))
            .because("a frozen user cannot log in and still takes a seat")
            .fix("deactivate these users instead of freezing them")
        });
    }
}
