#![doc = include_str!("license_change_drops_feature_licenses.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, FeatureRef};
use crate::matrix::FeatureAllowance;
use crate::model::FeatureId;
use crate::rules::refusal::{bits, refusal_text};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-change-drops-feature-licenses",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[
        Need::optional("UserLicense", "LicenseDefinitionKey"),
        Need::optional("User", "UserPermissions*"),
    ],
    row: Some(check),
    when: Occasion::PROFILE_CHANGES,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let kept = person.features & person.features_before;
    if kept == 0 || !person.changes_license() {
        return;
    }
    let Some(license) = person.license else {
        return;
    };
    for feature in bits(kept) {
        let confidence = match cx.m.allowance(license, feature) {
            FeatureAllowance::Rejected(confidence) => confidence,
            FeatureAllowance::Unproven => Confidence::Inferred,
            FeatureAllowance::Allowed | FeatureAllowance::Unknown => continue,
        };
        let label = cx.m.feature_label(feature);
        let cause = Cause::warning(confidence)
            .column(column_of(cx, feature))
            .subject("feature-license", label)
            .key(u64::from(feature.0) << 32 | u64::from(license.0))
            .unless(Witness::Feature(license, feature));
        sink.report(cause, || {
            let to = cx.m.shown_license(license);
            let words = Explanation::new(format!("the user keeps {label} while moving to {to}"));
            let words = if confidence == Confidence::Inferred {
                words.because(format!(
                    "no source says that {to} allows {label}, and no active user of it has it"
                ))
            } else {
                words
                    .because(format!("{label} is refused on {to}"))
                    .predicts("FIELD_INTEGRITY_EXCEPTION", refusal_text(label))
            };
            words.fix(format!("clear {label} in the same push"))
        });
    }
}

/// Where the row speaks of the flag; else the profile cell, which makes the move.
fn column_of(cx: &RowCx<'_>, feature: FeatureId) -> Attribute {
    cx.row
        .features
        .iter()
        .find(|item| matches!(item.to, FeatureRef::Feature(id) if id == feature))
        .map_or(Attribute::Profile, |item| item.column)
}
