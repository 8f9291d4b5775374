#![doc = include_str!("api_user_manage_users.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::beside_profile;
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-manage-users",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("Profile", "PermissionsManageUsers"),
        Need::optional("PermissionSet", "PermissionsManageUsers"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "Manage Users is on its profile",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some((profile, by)) = beside_profile(cx, sink, RULE.asks, "ManageUsers") else {
        return;
    };
    let cause = match by {
        None => Cause::error(Confidence::Documented),
        Some(_) => Cause::warning(Confidence::Documented),
    };
    sink.report(Place::default(), cause.subject("profile", profile), || match by {
        None => Explanation::new("the integration user lacks Manage Users")
            .because(format!("PermissionsManageUsers is true neither on its profile '{profile}' nor on a permission set that it holds"))
            .okta_says("Okta couldn't verify api credentials")
            .fix("enable Manage Users on the profile of the user"),
        Some(set) => Explanation::new(format!(
            "the integration user has Manage Users by permission set '{set}' only, not by its profile"
        ))
        .because(format!("PermissionsManageUsers is true on '{set}' and not on profile '{profile}'"))
        .because("Salesforce honors it; Okta asks for the profile: \"Assign the permissions directly to the profile. Don't add the permissions through permission sets.\"")
        .fix("enable Manage Users on the profile itself"),
    });
}
