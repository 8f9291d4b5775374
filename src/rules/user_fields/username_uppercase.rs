#![doc = include_str!("username_uppercase.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::{Occasion, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "username-uppercase",
    severity: Severity::Notice,
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
    let upper = if username.is_ascii() {
        username.bytes().any(|byte| byte.is_ascii_uppercase())
    } else {
        username.chars().any(char::is_uppercase)
    };
    if !upper {
        return;
    }
    sink.once(
        Cause::notice(Confidence::Documented).column(Attribute::Username),
        || {
            Explanation::new("usernames hold upper-case letters")
                .because("Salesforce does not tell usernames apart by case, and stores them in lower case (inferred)")
                .fix("write usernames in lower case, so that comparisons elsewhere hold")
        },
    );
}
