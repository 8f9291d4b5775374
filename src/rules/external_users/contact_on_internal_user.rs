#![doc = include_str!("contact_on_internal_user.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserType;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "contact-on-internal-user",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    columns: &[Attribute::Contact],
    needs: &[
        Need::file("Profile", About::Cell(Attribute::Contact)),
        Need::column("Profile", "UserType", About::Cell(Attribute::Contact)),
    ],
    row: Some(check),
    when: Occasion::CONTACT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(value), true, Some(profile)) = (
        cx.cell(Attribute::Contact).sent(),
        person.kind.is_some_and(UserType::is_internal),
        person.profile,
    ) else {
        return;
    };
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Contact)
        .value(value)
        .subject("contact", value)
        .key(u64::from(profile.0));
    sink.report(cause, || {
        let name = cx.m.profile(profile).map_or("", |found| &found.name);
        let kind = person.kind.map_or("", UserType::name);
        Explanation::new(format!(
            "an internal user cannot have a contact, and profile '{name}' is internal"
        ))
        .because(format!("'{name}' has UserType {kind}"))
        .predicts(
            "FIELD_INTEGRITY_EXCEPTION",
            "only portal users can be associated to a contact",
        )
        .fix("leave the contact out, or use an external profile")
        .replace(Attribute::Contact, "")
    });
}
