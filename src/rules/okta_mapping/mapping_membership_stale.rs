#![doc = include_str!("mapping_membership_stale.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::okta::expression::{membership, parse};
use crate::rules::mapped::{column_of, mapped};
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "mapping-membership-stale",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "mapping",
    columns: &[Attribute::Expression],
    speaks: |_, columns, _| columns.rows == RowKind::Expression,
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some((property, expression)) = mapped(cx) else {
        return;
    };
    let Some((function, at)) = parse(expression).ok().as_ref().and_then(membership) else {
        return;
    };
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Expression)
        .value(&function)
        .subject("attribute", property)
        .key(at as u64);
    sink.report(cause, || {
        Explanation::new(format!(
            "{property} follows from group membership ({function}), and is not evaluated again when that changes"
        ))
        .because(format!("column {} of the expression", column_of(expression, at)))
        .because("Okta: \"profile attributes of the app user aren't updated or reapplied when the user's group membership changes\"")
        .fix("give the value on the group assignment of the app instead")
    });
}
