#![doc = include_str!("profile_translated.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::matrix::Matrix;
use crate::model::{Known, Profile};
use crate::rules::{Need, Rule, RowCx, Run, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-translated",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::Profile],
    needs: &[
        Need::optional("Profile", ""),
        Need::optional("Organization", "LanguageLocaleKey"),
    ],
    row: Some(check),
    speaks: |m, _, run| language(m, run).is_some_and(|(language, _)| !is_english(language)),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some((language, whose)) = language(cx.m, cx.run) else {
        return;
    };
    if is_english(language) {
        return;
    }
    let (Cell::Sent(name), Some(id)) = (cx.row.profile_cell, cx.row.profile.one()) else {
        return;
    };
    let named = |profile: &Profile| {
        profile.custom != Known::Yes(true)
            && &*profile.name == name
            && cx.m.knowledge.is_standard_profile_label(name)
    };
    if !cx.m.profile(id).is_some_and(named) {
        return;
    }
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.once(cause, || {
        Explanation::new(format!(
            "'{name}' is the English name of a standard profile, which Salesforce translates"
        ))
        .because(format!("the language of {whose} is {language}"))
        .because("names of standard profiles are shown in the language of the user who asks")
        .fix("keep the Okta integration user in English (en_US), or send the id of the profile")
    });
}

/// Every English shows the labels of standard profiles in English.
fn is_english(language: &str) -> bool {
    language == "en" || language.starts_with("en_")
}

/// The language in which Okta sees profile names: that of the integration user, else of the org.
fn language<'a>(m: &'a Matrix, run: &Run) -> Option<(&'a str, &'static str)> {
    let user = run.integration_user;
    user.and_then(|user| m.org.users.text("LanguageLocaleKey", user))
        .filter(|language| !language.is_empty())
        .map(|language| (language, "the integration user"))
        .or_else(|| {
            let organization = m.org.organization.as_ref()?;
            Some((organization.language.as_deref()?, "the org"))
        })
}
