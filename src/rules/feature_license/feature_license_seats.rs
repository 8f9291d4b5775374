#![doc = include_str!("feature_license_seats.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, FeatureRef};
use crate::rules::shortage::{about, count, marking, now, plan, report_rows, shown, wanted};
use crate::rules::{About, EndCx, EndSink, Need, Occasion, RowCx, Rule, Sink};

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
    row: Some(check),
    end: Some(report),
    when: Occasion::FEATURES,
    ..Rule::TEMPLATE
};

/// A feature license of which the metrics have no row.
fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.active || !cx.row.features.iter().any(|item| item.on) {
        return;
    }
    for item in cx.row.features.iter().filter(|item| item.on) {
        let FeatureRef::Feature(feature) = item.to else {
            continue;
        };
        let held = person.active_before && person.features_before & (1 << feature.0) != 0;
        let org = &cx.m.org;
        if held || !org.coverage.has("ActiveFeatureLicenseMetric") {
            continue;
        }
        let total = org
            .feature_totals
            .iter()
            .find(|told| told.feature == feature);
        let known = total.is_some_and(|told| told.total.get().is_some());
        let field = org.features.get(feature).map_or("", AsRef::as_ref);
        let told = || {
            let kind =
                cx.m.knowledge
                    .feature(field)
                    .map(|facts| facts.feature_type);
            cx.run
                .totals
                .iter()
                .any(|(name, _)| name == field || Some(name.as_str()) == kind)
        };
        if !known && !told() {
            sink.undecided("seats of the feature license");
        }
    }
}

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
            account.failing(account.releases).iter(),
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
