#![doc = include_str!("package_license_seats.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::Dense;
use crate::rules::shortage::{
    about, count, inactive_package_holders, marking, now, report_rows, shown, wanted,
};
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
        Need::optional("UserPackageLicense", ""),
    ],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let named = cx
        .columns
        .is_some_and(|columns| columns.has(Attribute::Packages));
    let held = std::cell::OnceCell::new();
    for account in &cx.ledger.accounts {
        let SeatKind::Package(id) = account.kind else {
            continue;
        };
        // How many seats the users hold who cannot use them.
        let idle = || {
            let held = held.get_or_init(|| inactive_package_holders(cx.m));
            match held.get(id.index()).copied().unwrap_or(0) {
                0 => String::from("inactive users go on holding seats of packages"),
                1 => String::from("1 inactive user goes on holding a seat"),
                some => format!("{some} inactive users go on holding seats"),
            }
        };
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
                    .because(idle())
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
                .because(idle())
                .fix(format!("free or buy {} seats of the package", -free))
            });
        }
    }
}
