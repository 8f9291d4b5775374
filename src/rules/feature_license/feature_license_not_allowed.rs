#![doc = include_str!("feature_license_not_allowed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, FeatureItem, FeatureRef};
use crate::matrix::FeatureAllowance;
use crate::model::FeatureId;
use crate::rules::refusal::{bits, refusal_text};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

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
    when: Occasion::FEATURES_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
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

/// The element or flag by which the row itself asks for the feature license.
fn sent<'a>(cx: &RowCx<'a>, feature: FeatureId) -> Option<&'a FeatureItem<'a>> {
    cx.row
        .features
        .iter()
        .find(|item| item.on && matches!(item.to, FeatureRef::Feature(id) if id == feature))
}
