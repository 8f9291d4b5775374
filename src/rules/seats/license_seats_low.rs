#![doc = include_str!("license_seats_low.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::shortage::{about, count, is_due, now, plan, shown};
use crate::rules::{EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "license-seats-low",
    severity: Severity::Notice,
    confidence: Confidence::Certain,
    applies: "org, both",
    needs: &[Need::optional("UserLicense", "TotalLicenses")],
    requires: &[Setting::SeatReserve],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in &cx.ledger.accounts {
        let (SeatKind::License(_), Some(free)) = (account.kind, account.free()) else {
            continue;
        };
        let reserve = cx
            .run
            .reserve
            .iter()
            .find(|(name, _)| *name == account.key || *name == account.label);
        let Some((_, reserve)) = reserve.filter(|_| is_due(cx, account)) else {
            continue;
        };
        let moved = i64::try_from(account.takes).unwrap_or(i64::MAX)
            - i64::try_from(account.releases).unwrap_or(i64::MAX);
        let left = free.saturating_sub(moved);
        if left >= *reserve {
            continue;
        }
        let cause = about(Cause::notice(Confidence::Certain), account);
        sink.report(Place::default(), cause, || {
            let license = shown(account);
            Explanation::new(format!(
                "seats of {license} left after this file: {left}, fewer than the {reserve} to be kept"
            ))
            .because(format!("{license}: {}", now(account)))
            .because(plan(account))
            .fix(format!("plan {} more of {license}", count((reserve - left).unsigned_abs(), "seat")))
        });
    }
}
