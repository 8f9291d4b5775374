#![doc = include_str!("license_login_based.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::shortage::{about, is_due, shown};
use crate::rules::{EndCx, EndSink, Need, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "license-login-based",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "org, both",
    needs: &[
        Need::optional("UserLicense", "MonthlyLoginsEntitlement"),
        Need::optional("UserLicense", "MonthlyLoginsUsed"),
    ],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in cx.ledger.accounts.iter().filter(|a| is_due(cx, a)) {
        let SeatKind::License(id) = account.kind else {
            continue;
        };
        let Some(license) = cx.m.license(id) else {
            continue;
        };
        let Some(entitlement) = license.monthly_logins.get().flatten() else {
            continue;
        };
        let used = license.monthly_logins_used.get().flatten();
        let exhausted = used.is_some_and(|used| used >= entitlement);
        let cause = if exhausted {
            Cause::warning(Confidence::Documented)
        } else {
            Cause::notice(Confidence::Documented)
        };
        let place = Place {
            row: account.first_taker.map(|taker| (taker.row, taker.line)),
            ..Place::default()
        };
        sink.report(place, about(cause, account), || {
            let words = Explanation::new(format!(
                "{} is charged by logins, not by users",
                shown(account)
            ));
            let words = words.because(match used {
                Some(used) => format!("{used} of {entitlement} logins of this month are used"),
                None => format!("{entitlement} logins a month are paid for"),
            });
            if exhausted {
                words
                    .because("whether a login beyond the entitlement is refused is not known")
                    .fix("check the entitlement before more users of this license come")
            } else {
                words.fix("check that the entitlement covers the new users")
            }
        });
    }
}
