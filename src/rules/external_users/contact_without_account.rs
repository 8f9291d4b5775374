#![doc = include_str!("contact_without_account.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::{Known, UserType};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "contact-without-account",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Contact],
    // Rows that are undecided without it are told one by one below: creates that send a contact.
    needs: &[Need::optional("Contact", "AccountId")],
    row: Some(check),
    when: Occasion::CONTACT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(id), true) = (cx.row.contact, person.is_create()) else {
        return;
    };
    // On an internal profile the contact itself is the fault: `contact-on-internal-user`.
    if person.kind.is_some_and(UserType::is_internal) {
        return;
    }
    let Some(contact) = cx.m.contact(id) else {
        if !cx.m.org.coverage.has("Contact") {
            sink.undecided("Contact.csv");
        }
        return;
    };
    match contact.account {
        Known::Yes(Some(_)) => return,
        Known::Yes(None) => {}
        Known::Unknown => {
            sink.undecided("Contact.AccountId");
            return;
        }
    }
    let Some(value) = cx.cell(Attribute::Contact).sent() else {
        return;
    };
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Contact)
        .value(value)
        .subject("contact", value);
    sink.report(cause, || {
        Explanation::new(format!(
            "contact {id} has no account, so it cannot have a user"
        ))
        .because("Contact.AccountId is empty")
        .because("Salesforce documents an error for this and does not print its text")
        .fix("give the contact an account first")
    });
}
