#![doc = include_str!("import_too_long.md")]

use crate::rules::import_values::{cause, values, wrong_length};
use crate::finding::{Confidence, Severity};
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
            wrong_length(cx, pair, ("maxLength", longest, "takes"), length)
                .predicts_code("platform.cvd.profile.property.constraint.violation.maxLength")
                .fix(format!(
                "shorten {} to {longest} characters, or raise the limit of {} in Okta's user schema",
                pair.field, pair.attribute.name
            ))
        });
    }
}
