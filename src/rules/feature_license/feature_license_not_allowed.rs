#![doc = include_str!("feature_license_not_allowed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, FeatureItem, FeatureRef, feature};
use crate::matrix::FeatureAllowance;
use crate::model::FeatureId;
use crate::rules::refusal::{bits, refusal_text};
use crate::rules::mapped_groups::keep;
use crate::rules::meetings::meetings;
use crate::rules::{About, EndCx, EndSink, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-not-allowed",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    needs: &[
        Need::file("Profile", About::Features),
        Need::column("Profile", "UserLicenseId", About::Features),
        Need::file("UserLicense", About::Features),
        Need::column("UserLicense", "LicenseDefinitionKey", About::Features),
    ],
    row: Some(check),
    end: Some(end),
    when: Occasion::FEATURES_IN_DOUBT.or(Occasion::GROUP),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    keep(cx, sink);
    let person = &cx.row.person;
    if person.features == 0 {
        return;
    }
    let Some(license) = person.license else {
        if person.profile.is_some() && person.features & !person.features_before != 0 {
            sink.undecided("UserLicense of the profile");
        }
        return;
    };
    // What the user has on this license already, and the row neither names nor wakes up, is not pushed.
    let moves = person.license_before != Some(license) || person.active != person.active_before;
    for feature in bits(person.features) {
        let allowance = cx.m.allowance(license, feature);
        let (found, refused) = match allowance {
            FeatureAllowance::Rejected(confidence) => (Cause::error(confidence), true),
            FeatureAllowance::Unproven => (Cause::warning(Confidence::Inferred), false),
            FeatureAllowance::Allowed | FeatureAllowance::Unknown => continue,
        };
        let item = sent(cx, feature);
        if item.is_none() && !moves {
            continue;
        }
        let label = cx.m.feature_label(feature);
        let cause = found
            .subject("feature-license", label)
            .key(u64::from(feature.0) << 32 | u64::from(license.0))
            .unless(Witness::Feature(license, feature));
        let cause = match item {
            Some(item) => cause.column(item.column).value(&item.text),
            None if cx.columns.has(Attribute::Profile) => cause.column(Attribute::Profile),
            None => cause,
        };
        sink.report(cause, || {
            let shown = cx.m.shown_license(license);
            let words = if refused {
                Explanation::new(format!("{label} is not allowed on {shown}"))
                    .because(format!("Salesforce refuses {label} for this user license"))
                    .predicts("FIELD_INTEGRITY_EXCEPTION", refusal_text(label))
            } else {
                Explanation::new(format!("whether {shown} allows {label} is not known")).because(
                    "no source names this license, and no active user of it has the feature license",
                )
            };
            words.fix(format!("clear {label}, or use a profile of another license"))
        });
    }
}

/// Feature licenses of one group that do not fit the profile of another one.
fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let column = Attribute::FeatureLicenses;
    for meeting in meetings(cx, column) {
        let license = meeting.license;
        for text in meeting.giving.group.list(column) {
            let FeatureRef::Feature(feature) = feature(cx.m, text) else {
                continue;
            };
            let FeatureAllowance::Rejected(confidence) = cx.m.allowance(license, feature) else {
                continue;
            };
            let cause = Cause::warning(confidence)
                .column(column)
                .value(text)
                .subject("group", &meeting.counting.group.name)
                .unless(Witness::Feature(license, feature));
            sink.report(meeting.giving.place(None), cause, || {
                let (label, shown) = (cx.m.feature_label(feature), cx.m.shown_license(license));
                let words = Explanation::new(format!(
                    "{label} is not allowed on {shown}, which members of '{}' are on",
                    meeting.counting.group.name
                ))
                .because(format!("Salesforce refuses {label} for this user license"));
                meeting
                    .explain(words, column)
                    .predicts("FIELD_INTEGRITY_EXCEPTION", refusal_text(label))
                    .fix(format!(
                        "keep the members of the two groups apart, or leave {label} out; with --members those who are in both are judged"
                    ))
            });
        }
    }
}

/// The element or flag by which the row itself asks for the feature license.
fn sent<'a>(cx: &RowCx<'a>, feature: FeatureId) -> Option<&'a FeatureItem<'a>> {
    cx.row
        .features
        .iter()
        .find(|item| item.on && matches!(item.to, FeatureRef::Feature(id) if id == feature))
}
