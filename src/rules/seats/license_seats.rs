#![doc = include_str!("license_seats.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::shortage::{about, count, marking, now, plan, report_rows, shown, wanted};
use crate::rules::{About, EndCx, EndSink, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-seats",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, org",
    needs: &[
        Need::file("UserLicense", About::Seat),
        // Rows that are undecided without it are told one by one below: a total can be given by hand.
        Need::optional("UserLicense", "TotalLicenses"),
        Need::column("Profile", "UserLicenseId", About::Seat),
        Need::optional("User", ""),
    ],
    row: Some(check),
    end: Some(report),
    when: Occasion::ACTIVITY.or(Occasion::PROFILE_CHANGES),
    speaks: |m, _, _| m.org.licenses.iter().any(|(_, license)| license.total.get().is_none()),
    ..Rule::TEMPLATE
};

/// A license whose total its record does not say, nor the configuration.
fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let takes = person.active
        && (person.user.is_none() || !person.active_before || person.changes_license());
    if !takes {
        return;
    }
    let Some(license) = person.license.and_then(|license| cx.m.license(license)) else {
        return;
    };
    if license.total.get().is_some() || license.disabled.is(&true) {
        return;
    }
    let told = cx.run.totals.iter().any(|(name, _)| {
        *name == *license.name || license.key.as_ref().is_some_and(|key| *name == **key)
    });
    if !told {
        sink.undecided("UserLicense.TotalLicenses of the license");
    }
}

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in &cx.ledger.accounts {
        if !matches!(account.kind, SeatKind::License(_)) {
            continue;
        }
        let failing = account.failing(account.releases);
        let new = failing.filter(|taker| !taker.reactivates);
        let cause = marking(
            about(Cause::error(Confidence::Certain), account),
            cx,
            Attribute::Profile,
        );
        report_rows(sink, new, cause, |rows| {
            let license = shown(account);
            let missing = wanted(account, account.releases);
            Explanation::new(format!(
                "no seat of {license} is left for {}",
                count(rows, "row")
            ))
            .because(format!("{license}: {}", now(account)))
            .because(plan(account))
            .predicts("LICENSE_LIMIT_EXCEEDED", "License Limit Exceeded")
            .fix(format!(
                "free or buy {missing} of {license}, then Retry Selected on Okta's Tasks page"
            ))
        });
    }
}
