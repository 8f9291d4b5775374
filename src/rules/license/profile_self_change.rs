#![doc = include_str!("profile_self_change.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-self-change",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[Need::file("Profile", About::ProfileName)],
    requires: &[Setting::IntegrationUser],
    row: Some(check),
    when: Occasion::UPDATE,
    speaks: |_, _, run| run.integration_user.is_some(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if person.user.is_none() || person.user != cx.run.integration_user || !person.changes_profile()
    {
        return;
    }
    let Some(name) = cx.row.profile_cell.sent() else {
        return;
    };
    let before = person
        .profile_before
        .map_or_else(String::new, |profile| cx.m.profile_cell(profile));
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.report(cause, || {
        Explanation::new("the user that Okta logs in with cannot change its own profile")
            .because(format!(
                "the integration user is on profile '{before}', the row says '{name}'"
            ))
            .predicts(
                "FIELD_INTEGRITY_EXCEPTION",
                "Cannot change profile for current user: [ProfileId]",
            )
            .fix("leave the integration user out of the assignments")
            .replace(Attribute::Profile, before.clone())
    });
}
