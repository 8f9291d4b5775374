#![doc = include_str!("email_format.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::address::address_fault;
use crate::rules::{Occasion, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "email-format",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    columns: &[Attribute::Email],
    row: Some(check),
    when: Occasion::ODD_EMAIL,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(email) = cx.cell(Attribute::Email) else {
        return;
    };
    let Some(fault) = address_fault(email) else {
        return;
    };
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Email)
        .value(email)
        .subject("email", email);
    sink.report(cause, || {
        Explanation::new(format!("'{email}' is no email address"))
            .because(format!("it {}", fault.words()))
            .predicts_code("INVALID_EMAIL_ADDRESS")
            .fix("correct the address")
    });
}
