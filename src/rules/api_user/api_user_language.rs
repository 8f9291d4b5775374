#![doc = include_str!("api_user_language.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::of;
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-language",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("User", "LanguageLocaleKey"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "Its language is en_US",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx) else { return };
    let language = match cx.m.org.users.text("LanguageLocaleKey", user) {
        None | Some("") => {
            return sink.cannot_tell(RULE.asks, "User.LanguageLocaleKey is not in the snapshot");
        }
        Some("en_US") => return sink.passes(RULE.asks, "User.LanguageLocaleKey"),
        Some(other) => other,
    };
    let cause = Cause::warning(Confidence::Documented).subject("language", language);
    sink.report(Place::default(), cause, || {
        Explanation::new(format!(
            "the integration user has the language {language}: standard profiles have other names for it than in English"
        ))
        .because(format!("User.LanguageLocaleKey is {language}"))
        .because("mappings that use English names of standard profiles find none of them at run time")
        .fix("set the language of the user to en_US, or write the names as this language has them")
    });
}
