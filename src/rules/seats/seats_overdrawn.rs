#![doc = include_str!("seats_overdrawn.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::shortage::{about, count, is_due, kind, now, shown, wanted};
use crate::rules::{EndCx, EndSink, Need, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "seats-overdrawn",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "org, both",
    needs: &[
        Need::optional("UserLicense", "TotalLicenses"),
        Need::optional("PermissionSetLicense", "TotalLicenses"),
        Need::optional("ActiveFeatureLicenseMetric", "TotalLicenseCount"),
    ],
    asks: "No license is overdrawn",
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in cx.ledger.accounts.iter().filter(|a| is_due(cx, a)) {
        // An overdrawn package has a rule of its own.
        let Some(free) = account
            .free()
            .filter(|_| !matches!(account.kind, SeatKind::Package(_)))
        else {
            continue;
        };
        if free >= 0 {
            continue;
        }
        let place = Place {
            row: account.first_taker.map(|taker| (taker.row, taker.line)),
            ..Place::default()
        };
        let cause = about(Cause::warning(Confidence::Certain), account);
        sink.report(place, cause, || {
            let what = shown(account);
            let words = Explanation::new(format!(
                "more seats of {what} are in use than the org owns: {} must be freed before the first one can be taken",
                1 - free
            ))
            .because(format!("{} {what}: {}", kind(account).0, now(account)))
            .predicts("LICENSE_LIMIT_EXCEEDED", "License Limit Exceeded");
            if account.takes == 0 {
                return words.fix(format!("free or buy {} of {what}", count((-free).unsigned_abs(), "seat")));
            }
            words
                .because(format!("rows of the file that take one: {}", account.takes))
                .fix(format!("free {} of {what}, or buy them", wanted(account, 0)))
        });
    }
}
