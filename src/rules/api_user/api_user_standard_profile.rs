#![doc = include_str!("api_user_standard_profile.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::of;
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};
use crate::model::Known;

pub(crate) const RULE: Rule = Rule {
    name: "api-user-standard-profile",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("PermissionSet", "IsCustom"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "Its profile is a custom one",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx) else { return };
    let profile = cx.m.org.users.profile(user).and_then(|id| cx.m.profile(id));
    match profile.map(|profile| (&profile.name, profile.custom)) {
        Some((name, Known::Yes(true))) => sink.passes(RULE.asks, format!("'{name}'")),
        Some((name, Known::Yes(false))) => {
            let cause = Cause::notice(Confidence::Documented).subject("profile", name);
            sink.report(Place::default(), cause, || {
                Explanation::new(format!(
                    "the integration user is on the standard profile '{name}'; Okta asks for a custom one"
                ))
                .because("IsCustom of the permission set that the profile owns is false")
                .fix("clone the profile, and give the user the clone")
            });
        }
        _ => sink.cannot_tell(
            RULE.asks,
            "IsCustom of the permission set that its profile owns is not in the snapshot",
        ),
    }
}
