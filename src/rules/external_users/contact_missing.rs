#![doc = include_str!("contact_missing.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::UserType;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "contact-missing",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    columns: &[Attribute::Contact, Attribute::Profile],
    partly: &[Attribute::Contact],
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::column("Profile", "UserType", About::Contact),
        Need::file("UserLicense", About::Contact),
        Need::column("UserLicense", "LicenseDefinitionKey", About::Contact),
        Need::optional("User", "ContactId"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL.or(Occasion::CONTACT),
    ..Rule::TEMPLATE
};

/// Whether the row leaves the user without another contact than the present one: the cell is empty, or the file has no
/// such column and the row takes an existing user to another license. A create may get its contact elsewhere: coverage.
fn comes_without(cx: &RowCx<'_>) -> bool {
    match cx.cell(Attribute::Contact) {
        Cell::Blank => true,
        Cell::Absent => !cx.row.person.is_create() && cx.row.person.changes_license(),
        Cell::Sent(_) => false,
    }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.kind.is_some_and(UserType::is_external)
        || !comes_without(cx)
        || cx.run.account_id.is_some()
    {
        return;
    }
    if person.is_create() && !cx.m.org.coverage.has("User") {
        // An existing user may have a contact: the row is undecided for its username already.
        return;
    }
    if let Some(user) = person.user {
        let users = &cx.m.org.users;
        // An internal user that becomes external is refused for that alone: `license-transition-user-type`.
        if !person.kind_before.is_some_and(UserType::is_external)
            || !users.has_reference("ContactId")
            || users.reference("ContactId", user).is_some()
        {
            return;
        }
    }
    let Some(license) = person.license else {
        sink.undecided("UserLicense of the external profile");
        return;
    };
    let confidence = match cx.m.family(license) {
        Some(family) if family.as_str() == "external-identity" => return,
        Some(_) => Confidence::Documented,
        // A license that is not known may allow users without a contact, as External Identity does.
        None => Confidence::Inferred,
    };
    let column = if cx.columns.has(Attribute::Contact) {
        Attribute::Contact
    } else {
        Attribute::Profile
    };
    let cause = Cause::error(confidence)
        .column(column)
        .key(u64::from(license.0) << 1 | u64::from(person.is_create()));
    sink.report(cause, || {
        let shown = cx.m.shown_license(license);
        Explanation::new(format!("users of {shown} belong to a contact, and the row sends none"))
            .because(if person.is_create() {
                "the row creates an external user without a ContactId"
            } else {
                "the user has no ContactId: the contact comes before the upgrade"
            })
            .predicts(
                "INVALID_CROSS_REFERENCE_KEY",
                "Cannot create a portal user without contact.",
            )
            .fix("send the ContactId, or set the Account ID in Okta's app, under which Okta creates the contact")
    });
}
