#![doc = include_str!("mapping_substring_switch.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::okta::expression::{parse, switches};
use crate::rules::mapped::{column_of, mapped};
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "mapping-substring-switch",
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
    let Ok(expr) = parse(expression) else {
        return;
    };
    for trap in switches(&expr) {
        let cause = Cause::warning(Confidence::Documented)
            .column(Attribute::Expression)
            .value(&trap.key)
            .subject("attribute", property)
            .key(trap.at as u64);
        sink.report(cause, || {
            let column = column_of(expression, trap.at);
            let words = if trap.key.is_empty() {
                Explanation::new("a key of String.stringSwitch is empty: it matches every value")
            } else {
                Explanation::new(format!(
                    "the key \"{}\" of String.stringSwitch also matches \"{}\"",
                    trap.key, trap.hidden
                ))
            };
            words
                .because(format!("column {column} of the expression"))
                .because("keys match substrings, and the first key in argument order that occurs wins")
                .fix("put longer keys before shorter ones, or compare with == instead")
        });
    }
}
