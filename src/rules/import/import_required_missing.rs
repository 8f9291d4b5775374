#![doc = include_str!("import_required_missing.md")]

use crate::rules::import_values::{cause, origin, refusal, values};
use crate::finding::{Confidence, Explanation, Severity};
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "import-required-missing",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        if !pair.attribute.required || value.is_some() {
            continue;
        }
        sink.report(cause(cx, pair, "", Confidence::Documented), || {
            let name = &pair.attribute.name;
            let words = Explanation::new(format!(
                "{} is empty, and Okta requires {name}",
                pair.field
            ))
            .because(format!("{name} is required in {}", origin(cx)));
            refusal(cx, pair, words)
                .predicts_code("platform.cvd.profile.property.constraint.violation.required")
                .fix(format!(
                    "fill {} in Salesforce, map another field to {name}, or make {name} optional in Okta's user schema",
                    pair.field
                ))
        });
    }
}
