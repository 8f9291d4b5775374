#![doc = include_str!("feature_license_seats.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, FeatureRef};
use crate::model::FeatureId;
use crate::rules::shortage::{about, count, marking, now, plan, report_rows, shown, wanted};
use crate::rules::{EndCx, EndSink, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-seats",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, org",
    // Rows that are undecided without them are told one by one below: a total can be given by hand.
    needs: &[
        Need::optional("ActiveFeatureLicenseMetric", ""),
        Need::optional("ActiveFeatureLicenseMetric", "TotalLicenseCount"),
        Need::optional("ActiveFeatureLicenseMetric", "AssignedUserCount"),
    ],
    row: Some(check),
    when: Occasion::FEATURES,
    speaks: |m, _, _| !COLUMNS.iter().all(|(column, _)| m.org.coverage.has_column(METRIC, column)),
    end: Some(report),
    ..Rule::TEMPLATE
};

const METRIC: &str = "ActiveFeatureLicenseMetric";
/// Columns that tell how many seats are free, and how a message names them.
const COLUMNS: [(&str, &str); 2] = [
    ("TotalLicenseCount", "TotalLicenseCount of ActiveFeatureLicenseMetric.csv"),
    ("AssignedUserCount", "AssignedUserCount of ActiveFeatureLicenseMetric.csv"),
];

/// A row that asks for a feature license whose seats nothing tells: neither the snapshot nor the configuration.
fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let coverage = &cx.m.org.coverage;
    let lacking = if coverage.has(METRIC) {
        let mut columns = COLUMNS.iter();
        columns.find(|(column, _)| !coverage.has_column(METRIC, column))
    } else {
        Some(&("", "ActiveFeatureLicenseMetric.csv"))
    };
    let Some((_, fact)) = lacking else { return };
    let untold = |to: FeatureRef| match to {
        FeatureRef::Feature(id) => !is_told(cx, id),
        FeatureRef::NotALicense => false,
        FeatureRef::Absent(_) | FeatureRef::Unknown | FeatureRef::Unseen(_) => true,
    };
    if cx.row.features.iter().any(|item| item.on && untold(item.to)) {
        sink.undecided(fact);
    }
}

/// Whether the configuration gives the total; who holds the feature license is then counted among the users.
fn is_told(cx: &RowCx<'_>, feature: FeatureId) -> bool {
    let field = cx.m.org.features.get(feature).map_or("", AsRef::as_ref);
    let kind = field.strip_prefix("UserPermissions").unwrap_or(field);
    let mut totals = cx.run.totals.iter();
    totals.any(|(name, _)| name == kind || name == field)
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
