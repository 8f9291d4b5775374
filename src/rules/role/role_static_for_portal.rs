#![doc = include_str!("role_static_for_portal.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RoleCell};
use crate::model::UserType;
use crate::rules::role_kind::NO_ROLE;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-static-for-portal",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "mapping",
    columns: &[Attribute::Role],
    needs: &[Need::optional("Profile", "UserType")],
    row: Some(check),
    when: Occasion::ROLE_SENT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(text, _) = cx.row.role else {
        return;
    };
    let Some(kind) = cx.row.person.kind.filter(|kind| kind.is_power()) else {
        return;
    };
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Role)
        .value(text)
        .subject("role", text)
        .key(kind as u64);
    sink.report(cause, || explain(kind, text));
}

fn explain(kind: UserType, text: &str) -> Explanation {
    Explanation::new(format!(
        "one fixed role for users of type {}, each of whom needs a role of their own account",
        kind.name()
    ))
    .because(format!(
        "every member gets role '{text}', whatever the account of the contact"
    ))
    .because("each account with external users has portal roles of its own")
    .predicts_text("Cannot specify system-maintained portal role field")
    .fix("unmap the role: with a contact and no role, Salesforce assigns the User role of the account")
    .replace(Attribute::Role, NO_ROLE)
}
