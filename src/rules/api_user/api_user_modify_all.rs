#![doc = include_str!("api_user_modify_all.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::matrix::Matrix;
use crate::model::ProfileId;
use crate::rules::api_rights::{Right, missing, of, right};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-modify-all",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("Profile", "PermissionsModifyAllData"),
        Need::optional("PermissionSet", "PermissionsModifyAllData"),
    ],
    requires: &[Setting::IntegrationUser],
    asks: "It has Modify All Data, or nobody has a profile with it",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx) else { return };
    match right(cx.m, user, "ModifyAllData") {
        Right::Profile => return sink.passes(RULE.asks, "on its profile"),
        Right::Set(set) => return sink.passes(RULE.asks, format!("by permission set '{set}'")),
        Right::Untold(what) => return sink.cannot_tell(RULE.asks, missing(&what)),
        Right::Missing(what) => return sink.cannot_tell(RULE.asks, missing(what)),
        Right::Nowhere => {}
    }
    let (count, profiles) = administrators(cx.m);
    if count == 0 {
        return sink.passes(RULE.asks, "no active user has a profile with Modify All Data");
    }
    let cause = if cx.run.command == Command::Preflight {
        Cause::warning(Confidence::Documented)
    } else {
        Cause::notice(Confidence::Documented)
    };
    let shown = cx.m.org.users.shown(user);
    sink.report(Place::default(), cause.subject("user", &shown), || {
        Explanation::new(format!(
            "the integration user lacks Modify All Data: {count} active users on profiles with it cannot be pushed"
        ))
        .because(format!("profiles with Modify All Data: {}", profiles.join(", ")))
        .because(format!("{shown} has it neither by its profile nor by a permission set"))
        .predicts(
            "FIELD_INTEGRITY_EXCEPTION",
            "Cannot grant or remove a profile with modify all data, without having the modify all data permission yourself.",
        )
        .fix("grant Modify All Data to the integration user, or keep these administrators out of Okta's assignments")
    });
}

/// Active users on profiles with Modify All Data, and those profiles.
fn administrators(m: &Matrix) -> (usize, Vec<&str>) {
    let Some(permission) = m.permission("ModifyAllData") else {
        return (0, Vec::new());
    };
    let users = &m.org.users;
    let mut count = 0;
    let mut profiles: Vec<ProfileId> = Vec::new();
    for user in users.iter().filter(|&user| users.active(user) == Some(true)) {
        let Some(profile) = users.profile(user) else {
            continue;
        };
        if m.profile_allows(profile, permission).is(&true) {
            count += 1;
            if !profiles.contains(&profile) {
                profiles.push(profile);
            }
        }
    }
    profiles.sort_unstable();
    let names = profiles.iter().filter_map(|&id| m.profile(id));
    (count, names.map(|profile| &*profile.name).collect())
}
