#![doc = include_str!("feature_license_seats.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::shortage::{about, count, marking, now, plan, report_rows, shown, wanted};
use crate::rules::{About, EndCx, EndSink, Need, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-seats",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, org",
    needs: &[
        Need::file("ActiveFeatureLicenseMetric", About::Features),
        Need::column(
            "ActiveFeatureLicenseMetric",
            "TotalLicenseCount",
            About::Features,
        ),
        Need::column(
            "ActiveFeatureLicenseMetric",
            "AssignedUserCount",
            About::Features,
        ),
    ],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in &cx.ledger.accounts {
        let SeatKind::Feature(feature) = account.kind else {
            continue;
        };
        let cause = marking(
            about(Cause::error(Confidence::Certain), account),
            cx,
            Attribute::FeatureLicenses,
        );
        report_rows(
            sink,
            account.failing(account.releases),
            cause,
            |rows| {
                let license = shown(account);
                let words = Explanation::new(format!(
                    "no seat of feature license {license} is left for {}",
                    count(rows, "row")
                ));
                let told =
                    cx.m.org
                        .feature_totals
                        .iter()
                        .find(|told| told.feature == feature);
                let figures = match told.and_then(|told| told.date) {
                    Some(day) => format!("{license}: {} (figures of {day})", now(account)),
                    None => format!("{license}: {}", now(account)),
                };
                words
                    .because(figures)
                    .because(plan(account))
                    .predicts("LICENSE_LIMIT_EXCEEDED", "License Limit Exceeded")
                    .fix(format!(
                        "free or buy {} of {license}",
                        wanted(account, account.releases)
                    ))
            },
        );
    }
}
