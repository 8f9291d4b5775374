#![doc = include_str!("api_only_profile.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::rules::{Need, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "api-only-profile",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    needs: &[
        Need::optional("Profile", "PermissionsApiUserOnly"),
        Need::optional("PermissionSet", "PermissionsApiUserOnly"),
    ],
    row: Some(check),
    speaks: |m, _, _| {
        m.permission("ApiUserOnly").is_some_and(|permission| {
            m.org.profiles.iter().any(|(id, _)| m.profile_allows(id, permission).is(&true))
                || m.org.permission_sets.iter().any(|(id, _)| m.set_allows(id, permission).is(&true))
        })
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let is_api_user = person.user.is_some() && person.user == cx.run.integration_user;
    if !person.active || is_api_user {
        return;
    }
    let Some(permission) = cx.m.permission("ApiUserOnly") else {
        return;
    };
    if let Some(profile) = person.profile
        && cx.m.profile_allows(profile, permission).is(&true)
    {
        let name = cx.m.profile(profile).map_or("", |found| &found.name);
        let cause = Cause::warning(Confidence::Documented)
            .subject("profile", name)
            .key(u64::from(profile.0));
        let cause = if cx.columns.has(Attribute::Profile) {
            cause.column(Attribute::Profile)
        } else {
            cause
        };
        sink.once(cause, || words("profile", name));
    }
    for (item, to) in cx.row.sets.found() {
        // Of a group the aggregate counts: a muting set can take the permission out again.
        let (set, key) = match to {
            SetRef::Set(set) => (Some(set), u64::from(set.0)),
            SetRef::Group(group) => (
                cx.m.group(group).and_then(|group| group.aggregate),
                1 << 32 | u64::from(group.0),
            ),
        };
        if set.is_some_and(|set| cx.m.set_allows(set, permission).is(&true)) {
            let name = cx.m.shown(to);
            let cause = Cause::warning(Confidence::Documented)
                .column(item.column)
                .subject("permission-set", &name)
                .key(key);
            sink.once(cause, || words("permission set", &name));
        }
    }
}

fn words(kind: &str, name: &str) -> Explanation {
    Explanation::new(format!(
        "{kind} '{name}' has API Only User: these people cannot use the interface"
    ))
    .because("the push succeeds; the login then shows Insufficient Privileges or Access Restricted for API Only Users")
    .fix(format!(
        "use another {kind}, or take API Only User out of '{name}'"
    ))
}
