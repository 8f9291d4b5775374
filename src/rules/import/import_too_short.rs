#![doc = include_str!("import_too_short.md")]

use crate::rules::import_values::{cause, values, wrong_length};
use crate::finding::{Confidence, Severity};
use crate::profile_source::{Format, Pattern};
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "import-too-short",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let (Some(shortest), Some(text)) = (pair.attribute.min_length, value) else {
            continue;
        };
        // A schema whose logins may be anything does not hold them to a length either.
        if pair.attribute.format == Format::Login
            && (pair.attribute.pattern.as_ref()).is_some_and(Pattern::takes_anything)
        {
            continue;
        }
        let length = text.chars().count();
        if length >= shortest as usize {
            continue;
        }
        sink.report(cause(cx, pair, text, Confidence::Documented), || {
            wrong_length(cx, pair, ("minLength", shortest, "needs"), length)
                .predicts_code("platform.cvd.profile.property.constraint.violation.minLength")
                .fix(format!(
                "correct {}, or lower the limit of {} in Okta's user schema",
                pair.field, pair.attribute.name
            ))
        });
    }
}
