#![doc = include_str!("contact_taken.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

const TEXT: &str = "portal user already exists for contact";

pub(crate) const RULE: Rule = Rule {
    name: "contact-taken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Contact],
    needs: &[Need::optional("User", "ContactId")],
    row: Some(check),
    repeats: Some(repeats),
    when: Occasion::CONTACT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let (Some(contact), Some(value)) = (cx.row.contact, cx.cell(Attribute::Contact).sent()) else {
        return;
    };
    let users = &cx.m.org.users;
    match cx.m.user_of_contact(contact) {
        // The user's own contact: nothing changes, and no other row can get it.
        Some(holder) if Some(holder) == cx.row.person.user => {}
        Some(holder) => {
            let id = contact.text();
            let cause = Cause::error(Confidence::Certain)
                .column(Attribute::Contact)
                .value(value)
                .subject("contact", &id);
            sink.report(cause, || {
                let inactive = if users.active(holder) == Some(false) {
                    ", who is inactive: an inactive user holds its contact as well"
                } else {
                    ""
                };
                Explanation::new(format!("contact {id} has a user already"))
                    .because(format!(
                        "it is the contact of {}{inactive}",
                        users.shown(holder)
                    ))
                    .predicts("PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT", TEXT)
                    .fix("use another contact, or reuse that user")
            });
        }
        None => sink.claim(Attribute::Contact, contact.key()),
    }
}

fn repeats(value: &str, _column: Attribute) -> Explanation {
    Explanation::new(format!("contact {value} is sent by an earlier row as well"))
        .because("a contact can have one user")
        .predicts("PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT", TEXT)
        .fix("use another contact, or take one of the rows out")
}
