#![doc = include_str!("api_user_inactive.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::{CREDENTIALS, of};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-inactive",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    needs: &[
        Need::optional("User", "IsActive"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "It is active",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let users = &cx.m.org.users;
    let Some(user) = of(cx) else { return };
    match users.active(user) {
        None => sink.undecided(RULE.asks, "User.csv has no column IsActive"),
        Some(true) => sink.passes(RULE.asks, "User.IsActive is true"),
        Some(false) => {
            let shown = users.shown(user);
            let cause = Cause::error(Confidence::Certain).subject("user", &shown);
            sink.report(Place::default(), cause, || {
                Explanation::new(format!("the integration user {shown} is inactive"))
                    .because("User.IsActive is false")
                    .okta_says(CREDENTIALS)
                    .fix("activate the user")
            });
        }
    }
}
