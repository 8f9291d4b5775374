#![doc = include_str!("package_seat_held_by_inactive.md")]

use crate::check::SeatKind;
use crate::finding::{Confidence, Explanation, Severity};
use crate::model::{Dense, PackageId};
use crate::rules::shortage::{figures, inactive_package_holders, report_idle, shown, who_hold};
use crate::rules::{EndCx, EndSink, Need, Rule};

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
    let held = || {
        let all = (0..).zip(inactive_package_holders(cx.m));
        let some = all.filter(|(_, holders)| *holders > 0);
        some.map(|(package, holders)| (SeatKind::Package(PackageId::new(package)), holders))
            .collect()
    };
    report_idle(cx, sink, is_package, held, |account, holders| {
        let package = shown(account);
        Explanation::new(format!(
            "{} seats of package {package}, which is short",
            who_hold(holders, "inactive user")
        ))
        .because(figures(account))
        .because("a deactivated user goes on holding the seat of a package")
        .fix(format!("take the license of {package} from inactive users"))
    });
}
