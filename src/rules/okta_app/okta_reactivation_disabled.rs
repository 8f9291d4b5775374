#![doc = include_str!("okta_reactivation_disabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{Occasion, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-reactivation-disabled",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update",
    requires: &[Setting::OktaApp],
    row: Some(check),
    when: Occasion::ACTIVITY,
    speaks: |_, _, run| run.okta_lacks("REACTIVATE_USERS"),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let returns = person.user.is_some() && !person.active_before && person.active;
    if !returns || !cx.run.okta_lacks("REACTIVATE_USERS") {
        return;
    }
    sink.report(Cause::error(Confidence::Documented), || {
        Explanation::new("Okta does not reactivate users, and the row makes an inactive user active")
            .because("User.IsActive of the matched user is false")
            .because("features of the app lack REACTIVATE_USERS")
            .okta_says("Could not reactivate user in app")
            .fix("enable the reactivation of users in the app, or activate the user in Salesforce")
    });
}
