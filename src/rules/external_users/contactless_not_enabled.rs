#![doc = include_str!("contactless_not_enabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::UserType;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "contactless-not-enabled",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Contact],
    needs: &[Need::optional("UserLicense", "LicenseDefinitionKey")],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |_, columns, run| {
        // Okta makes the contact itself where an account is configured.
        columns.has(Attribute::Contact) && !run.contactless_users && run.account_id.is_none()
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (true, Some(license)) = (person.is_create(), person.license) else {
        return;
    };
    let identity =
        cx.m.family(license)
            .is_some_and(|family| family.as_str() == "external-identity");
    if !identity
        || !person.kind.is_some_and(UserType::is_external)
        || cx.cell(Attribute::Contact) != Cell::Blank
        || cx.run.contactless_users
        || cx.run.account_id.is_some()
    {
        return;
    }
    let key = cx.m.license(license).map(|found| {
        let id = cx.m.org.shown_id(found.id);
        id.unwrap_or_else(|| found.name.to_string())
    });
    let key = key.as_deref().unwrap_or_default();
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Contact)
        .subject("license", key)
        .key(u64::from(license.0));
    sink.once(cause, || {
        let shown = cx.m.shown_license(license);
        Explanation::new(format!(
            "cannot tell whether this org takes users of {shown} without a contact"
        ))
        .because("the feature for contactless users must be on, and no API shows it; over SCIM they cannot be made at all")
        .fix("enable contactless users in Salesforce and set contactless_users = true in [org], or send a contact")
    });
}
