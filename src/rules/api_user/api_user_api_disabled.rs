#![doc = include_str!("api_user_api_disabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::beside_profile;
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-api-disabled",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    needs: &[
        Need::optional("Profile", "PermissionsApiEnabled"),
        Need::optional("PermissionSet", "PermissionsApiEnabled"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "API Enabled is on its profile",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some((profile, by)) = beside_profile(cx, sink, RULE.asks, "ApiEnabled") else {
        return;
    };
    let cause = match by {
        None => Cause::error(Confidence::Certain),
        Some(_) => Cause::warning(Confidence::Documented),
    };
    sink.report(Place::default(), cause.subject("profile", profile), || match by {
        None => Explanation::new("the integration user lacks API Enabled")
            .because(format!("PermissionsApiEnabled is true neither on its profile '{profile}' nor on a permission set that it holds"))
            .predicts("API_CURRENTLY_DISABLED", "API is disabled for this User")
            .fix("enable API Enabled on the profile of the user"),
        Some(set) => Explanation::new(format!(
            "the integration user has API Enabled by permission set '{set}' only, not by its profile"
        ))
        .because(format!("PermissionsApiEnabled is true on '{set}' and not on profile '{profile}'"))
        .because("Okta asks for it on the profile itself")
        .fix("enable API Enabled on the profile itself"),
    });
}
