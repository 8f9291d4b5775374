#![doc = include_str!("profile_system.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserType;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-system",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both, mapping",
    needs: &[
        Need::optional("Profile", "UserType"),
        Need::optional("Profile", "UserLicenseId"),
        Need::optional("UserLicense", "LicenseDefinitionKey"),
    ],
    row: Some(check),
    when: Occasion::ODD_PROFILE,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let Some(profile) = person.profile else {
        return;
    };
    let family = person.license.and_then(|license| cx.m.family(license));
    let by_family = family.is_some_and(|family| {
        matches!(
            family.as_str(),
            "integration-system" | "agent" | "internal-support"
        )
    });
    let by_type = matches!(
        person.kind,
        Some(UserType::AutomatedProcess | UserType::CloudIntegrationUser | UserType::SelfService)
    );
    if !by_family && !by_type {
        return;
    }
    let Some(name) = cx.m.profile(profile).map(|found| &*found.name) else {
        return;
    };
    let cause = Cause::warning(Confidence::Inferred)
        .subject("profile", name)
        .key(u64::from(profile.0));
    let cause = if cx.columns.has(Attribute::Profile) {
        cause.column(Attribute::Profile)
    } else {
        cause
    };
    sink.once(cause, || {
        let license = person
            .license
            .map_or_else(String::new, |license| cx.m.shown_license(license));
        Explanation::new(format!(
            "profile '{name}' is made for the system itself, not for people"
        ))
        .because(if by_family {
            format!(
                "it belongs to {license}, a license of integrations, agents or Salesforce support"
            )
        } else {
            format!(
                "its UserType is {}",
                person.kind.map_or("unknown", UserType::name)
            )
        })
        .fix("leave these users out of provisioning, or use a profile of a license for people")
    });
}
