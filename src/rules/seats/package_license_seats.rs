#![doc = include_str!("package_license_seats.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::shortage::{about, count, marking, now, report_rows, shown, wanted};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "package-license-seats",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both, org",
    needs: &[
        Need::optional("PackageLicense", ""),
        Need::optional("PackageLicense", "AllowedLicenses"),
        Need::optional("PackageLicense", "UsedLicenses"),
    ],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let named = cx
        .columns
        .is_some_and(|columns| columns.has(Attribute::Packages));
    for account in &cx.ledger.accounts {
        if !matches!(account.kind, SeatKind::Package(_)) {
            continue;
        }
        let cause = marking(
            about(Cause::warning(Confidence::Documented), account),
            cx,
            Attribute::Packages,
        );
        let package = || format!("package {}: {}", shown(account), now(account));
        if named {
            report_rows(
                sink,
                account.failing(account.releases),
                cause,
                |rows| {
                    Explanation::new(format!(
                        "no seat of package {} is left for {}",
                        shown(account),
                        count(rows, "row")
                    ))
                    .because(package())
                    .because("inactive users go on holding seats of packages")
                    .predicts_code("LICENSE_LIMIT_EXCEEDED")
                    .fix(format!(
                        "free or buy {} of the package",
                        wanted(account, account.releases)
                    ))
                },
            );
        } else if let Some(free) = account.free()
            && free < 0
            && cx.run.command != Command::Check
        {
            sink.report(Place::default(), cause, || {
                Explanation::new(format!(
                    "more seats of package {} are in use than the org owns",
                    shown(account)
                ))
                .because(package())
                .because("inactive users go on holding seats of packages")
                .fix(format!("free or buy {} seats of the package", -free))
            });
        }
    }
}
