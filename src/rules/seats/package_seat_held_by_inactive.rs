#![doc = include_str!("package_seat_held_by_inactive.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::model::Dense;
use crate::rules::shortage::{about, count, inactive_package_holders, is_short, now, shown};
use crate::rules::{EndCx, EndSink, Need, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "package-seat-held-by-inactive",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("PackageLicense", ""),
        Need::optional("UserPackageLicense", ""),
        Need::optional("User", "IsActive"),
    ],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let is_package = |kind| matches!(kind, SeatKind::Package(_));
    let accounts = &cx.ledger.accounts;
    if !accounts
        .iter()
        .any(|account| is_package(account.kind) && is_short(cx, account))
    {
        return;
    }
    let held = inactive_package_holders(cx.m);
    for account in accounts {
        let SeatKind::Package(package) = account.kind else {
            continue;
        };
        let holders = held.get(package.index()).copied().unwrap_or(0);
        if holders == 0 || !is_short(cx, account) {
            continue;
        }
        let cause = about(Cause::notice(Confidence::Documented), account);
        sink.report(Place::default(), cause, || {
            let package = shown(account);
            Explanation::new(format!(
                "{} hold{} seats of package {package}, which is short",
                count(holders, "inactive user"),
                if holders == 1 { "s" } else { "" }
            ))
            .because(format!("{package}: {}", now(account)))
            .because("a deactivated user goes on holding the seat of a package")
            .fix(format!(
                "take the license of {package} from inactive users"
            ))
        });
    }
}
