#![doc = include_str!("feature_license_external_user.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, FeatureRef};
use crate::model::UserType;
use crate::rules::refusal::{bits, refusal_text};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-external-user",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both, mapping",
    needs: &[
        Need::optional("Profile", "UserType"),
        Need::optional("UserLicense", ""),
    ],
    row: Some(check),
    when: Occasion::FEATURES_IN_DOUBT,
    ..Rule::TEMPLATE
};

/// Feature licenses of internal work.
const INTERNAL: [&str; 9] = [
    "UserPermissionsMarketingUser",
    "UserPermissionsOfflineUser",
    "UserPermissionsSFContentUser",
    "UserPermissionsKnowledgeUser",
    "UserPermissionsSupportUser",
    "UserPermissionsLiveAgentUser",
    "UserPermissionsJigsawProspectingUser",
    "UserPermissionsInteractionUser",
    "UserPermissionsMobileUser",
];

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if person.features == 0 || !person.kind.is_some_and(UserType::is_external) {
        return;
    }
    let Some(license) = person.license else {
        return;
    };
    for feature in bits(person.features) {
        let field = cx.m.org.features.get(feature).map_or("", AsRef::as_ref);
        if !INTERNAL.contains(&field) {
            continue;
        }
        let label = cx.m.feature_label(feature);
        let cause = Cause::warning(Confidence::Inferred)
            .subject("feature-license", label)
            .key(u64::from(feature.0) << 32 | u64::from(license.0))
            .unless(Witness::Feature(license, feature));
        let item =
            cx.row.features.iter().find(
                |item| matches!(item.to, FeatureRef::Feature(id) if item.on && id == feature),
            );
        let cause = match item {
            Some(item) => cause.column(item.column).value(&item.text),
            None if cx.columns.has(Attribute::Profile) => cause.column(Attribute::Profile),
            None => cause,
        };
        sink.report(cause, || {
            Explanation::new(format!("{label} is made for internal users"))
                .because(format!(
                    "the user is external, on {}, and no active user of this license has {label}",
                    cx.m.shown_license(license)
                ))
                .predicts("FIELD_INTEGRITY_EXCEPTION", refusal_text(label))
                .fix(format!("clear {label}"))
        });
    }
}
