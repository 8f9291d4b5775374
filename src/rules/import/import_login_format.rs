#![doc = include_str!("import_login_format.md")]

use crate::rules::import_values::{cause, refusal, values};
use crate::finding::{Confidence, Explanation, Severity};
use crate::profile_source::{Format, Pattern};
use crate::rules::{RowCx, Rule, Sink};
use email_address::{EmailAddress, Options};

pub(crate) const RULE: Rule = Rule {
    name: "import-login-format",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let Some(text) = value.filter(|_| pair.attribute.format == Format::Login) else {
            continue;
        };
        let Some(fault) = fault_of(text, pair.attribute.pattern.as_ref()) else {
            continue;
        };
        sink.report(cause(cx, pair, text, Confidence::Documented), || {
            let words =
                Explanation::new(format!("Okta does not take '{text}' as a login")).because(fault);
            refusal(cx, pair, words)
                .predicts_code("invalidLoginEmail")
                .fix("correct the mapping of login, so that it gives an email address")
        });
    }
}

/// Why a text is no login. A pattern of the schema takes the place of the form of an email address.
fn fault_of(text: &str, pattern: Option<&Pattern>) -> Option<String> {
    match pattern {
        Some(pattern) if pattern.takes_anything() => None,
        Some(Pattern {
            text: shown,
            regex: Some(regex),
        }) => (!regex.is_match(text)).then(|| {
            format!("it does not fit the pattern '{shown}' that the schema has for logins")
        }),
        // Coverage says that the pattern was not understood.
        Some(Pattern { regex: None, .. }) => None,
        None if text.chars().any(char::is_whitespace) => Some("it holds a space".to_owned()),
        None => EmailAddress::parse_with_options(text, Options::default().without_display_text())
            .err()
            .map(|fault| format!("it has not the form of an email address: {fault}")),
    }
}
