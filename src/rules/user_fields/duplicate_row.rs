#![doc = include_str!("duplicate_row.md")]

use crate::finding::{Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "duplicate-row",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Username, Attribute::UserId],
    needs: &[Need::optional("User", "")],
    row: Some(check),
    leavers: true,
    repeats: Some(repeated),
    when: Occasion::UPDATE,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let Some(user) = person.user else { return };
    let column = if person.matched_by_id {
        Attribute::UserId
    } else {
        Attribute::Username
    };
    if cx.cell(column).sent().is_some() {
        sink.claim_user(column, user);
    }
}

fn repeated(value: &str, _: Attribute) -> Explanation {
    Explanation::new("another row of the file is about the same user")
        .because(format!("'{value}' leads to a user whom another row updates"))
        .because("both rows are pushed, and the last write wins")
        .fix("keep one of the two rows")
}
