#![doc = include_str!("import_too_long.md")]

use crate::rules::import_values::{cause, origin, refusal, values};
use crate::finding::{Confidence, Explanation, Severity};
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "import-too-long",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let (Some(longest), Some(text)) = (pair.attribute.max_length, value) else {
            continue;
        };
        let length = text.chars().count();
        if length <= longest as usize {
            continue;
        }
        sink.report(cause(cx, pair, text, Confidence::Documented), || {
            let name = &pair.attribute.name;
            let words = Explanation::new(format!(
                "Okta's {name} takes {longest} characters, and {} has {length}",
                pair.field
            ))
            .because(format!("maxLength of {name} is {longest} in {}", origin(cx)));
            refusal(cx, pair, words)
                .predicts_code("platform.cvd.profile.property.constraint.violation.maxLength")
                .fix(format!(
                    "shorten {} to {longest} characters, or raise the limit of {name} in Okta's user schema",
                    pair.field
                ))
        });
    }
}
