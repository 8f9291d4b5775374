#![doc = include_str!("username_format.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::address::address_fault;
use crate::rules::{Occasion, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "username-format",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    columns: &[Attribute::Username],
    row: Some(check),
    when: Occasion::ODD_USERNAME,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(username) = cx.row.username else {
        return;
    };
    let Some(fault) = address_fault(username) else {
        return;
    };
    // What a user has already, Salesforce has taken.
    if let Some(user) = cx.row.person.user
        && cx.m.org.users.is_login(user, cx.row.keys.login)
    {
        return;
    }
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Username)
        .value(username)
        .subject("username", username);
    sink.report(cause, || {
        Explanation::new(format!("username '{username}' {}", fault.words()))
            .because("a username has the form of an email address: local@domain.tld, without spaces")
            .predicts(
                "FIELD_INTEGRITY_EXCEPTION",
                "Username must be in the form of an email address (for example, john@acme.com): Username",
            )
            .fix("change the application username format of the Okta app, or the value")
    });
}
