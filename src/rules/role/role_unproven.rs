#![doc = include_str!("role_unproven.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, RoleCell};
use crate::model::UserType;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-unproven",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both, mapping",
    columns: &[Attribute::Role],
    needs: &[
        Need::optional("UserRole", ""),
        Need::optional("Profile", "UserLicenseId"),
        Need::optional("UserLicense", "LicenseDefinitionKey"),
    ],
    row: Some(check),
    when: Occasion::ROLE_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(text, resolution) = cx.row.role else {
        return;
    };
    let person = &cx.row.person;
    let (Some(_), Some(license)) = (resolution.one(), person.license) else {
        return;
    };
    if !matches!(
        person.kind,
        None | Some(UserType::Standard | UserType::Other)
    ) || cx
        .m
        .facts(license)
        .is_some_and(|facts| facts.role.is_some())
    {
        return;
    }
    let cause = Cause::warning(Confidence::Inferred)
        .column(Attribute::Role)
        .value(text)
        .key(u64::from(license.0))
        .unless(Witness::AnyRole(license));
    sink.report(cause, || {
        let shown = cx.m.shown_license(license);
        Explanation::new(format!(
            "whether users of {shown} can have a role is not known"
        ))
        .because("no source says so, and no active user of this license has a role")
        .fix("try one user in a sandbox, or leave the role out")
    });
}
