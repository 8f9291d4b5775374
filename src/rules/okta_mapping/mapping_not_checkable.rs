#![doc = include_str!("mapping_not_checkable.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::okta::expression::{parse, reach};
use crate::rules::mapped::{column_of, mapped};
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "mapping-not-checkable",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
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
    let cause = |key: usize| {
        Cause::warning(Confidence::Certain)
            .column(Attribute::Expression)
            .value(expression)
            .subject("attribute", property)
            .key(key as u64)
    };
    let expr = match parse(expression) {
        Ok(expr) => expr,
        Err(error) => {
            sink.report(cause(0), || {
                Explanation::new(format!("the expression of {property} cannot be read"))
                    .because(error.to_string())
                    .because("nothing that it gives was checked; Okta names such expressions in invalid_expressions of its System Log")
                    .fix("correct the expression")
            });
            return;
        }
    };
    // For each user of the run it is told what comes out.
    if cx.run.okta_told.complete.contains(property) {
        return;
    }
    for open in reach(&expr).open {
        sink.report(cause(open.at + 1), || {
            Explanation::new(format!(
                "what {property} becomes is decided by {}, which is not known here",
                open.why
            ))
            .because(format!("column {} of the expression", column_of(expression, open.at)))
            .fix("give the users of Okta with their attributes in the same run (--okta-users), or judge the app's users as they are (GET /api/v1/apps/ID/users)")
        });
    }
}
