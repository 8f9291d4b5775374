#![doc = include_str!("import_email_format.md")]

use crate::rules::import_values::{cause, refusal, values};
use crate::finding::{Confidence, Explanation, Severity};
use crate::profile_source::Format;
use crate::rules::{RowCx, Rule, Sink};
use email_address::{EmailAddress, Options};

pub(crate) const RULE: Rule = Rule {
    name: "import-email-format",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let Some(text) = value.filter(|_| pair.attribute.format == Format::Email) else {
            continue;
        };
        let Err(fault) = EmailAddress::parse_with_options(text, Options::default().without_display_text())
        else {
            continue;
        };
        sink.report(cause(cx, pair, text, Confidence::Documented), || {
            let name = &pair.attribute.name;
            let words = Explanation::new(format!("Okta's {name} does not take '{text}'"))
                .because(format!("it is no email address: {fault}"));
            refusal(cx, pair, words).fix(format!(
                "correct {} of the user in Salesforce; the code of this failure is not published",
                pair.field
            ))
        });
    }
}
