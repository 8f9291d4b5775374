#![doc = include_str!("import_value_not_allowed.md")]

use crate::finding::{Confidence, Explanation, Severity};
use crate::model::nearest;
use crate::profile_source::{Attribute, Format};
use crate::rules::import_values::{cause, origin, refusal, values};
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "import-value-not-allowed",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let Some(text) = value.filter(|text| !is_allowed(&pair.attribute, text)) else {
            continue;
        };
        let mut cause = cause(cx, pair, text, Confidence::Documented);
        // Okta publishes the facets, and no code of their failure.
        cause.severity = Severity::Warning;
        sink.report(cause, || {
            let name = &pair.attribute.name;
            let words = Explanation::new(format!("Okta's {name} does not take '{text}'"));
            let choices = pair.attribute.choices.as_deref().unwrap_or_default();
            if choices.iter().any(|choice| choice == text) || choices.is_empty() {
                let shown = pair.attribute.pattern.as_ref().map_or("", |pattern| &pattern.text);
                let words = words.because(format!("it does not fit the pattern '{shown}' of {name} in {}", origin(cx)));
                return refusal(cx, pair, words).fix(format!("correct {}, or the pattern of {name} in Okta's user schema", pair.field));
            }
            let words = words.because(format!("it is not among the {} values of {name} in {}", choices.len(), origin(cx)));
            let near = nearest(text, choices.iter().map(String::as_str), 1);
            refusal(cx, pair, words).fix(match near.first() {
                Some(near) => format!("map {} so that it gives '{near}', or add '{text}' to {name} in Okta's user schema", pair.field),
                None => format!("map {} to one of the values, or add '{text}' to {name} in Okta's user schema", pair.field),
            })
        });
    }
}

fn is_allowed(attribute: &Attribute, text: &str) -> bool {
    let listed = attribute.choices.as_ref();
    let listed = listed.is_none_or(|choices| choices.iter().any(|choice| choice == text));
    // The pattern of login has a rule of its own, and one that is not understood is a line of coverage.
    let pattern = attribute.pattern.as_ref().filter(|_| attribute.format != Format::Login);
    let regex = pattern.and_then(|pattern| pattern.regex.as_ref());
    listed && regex.is_none_or(|regex| regex.is_match(text))
}
