#![doc = include_str!("api_user_frozen.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::{CREDENTIALS, of};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-frozen",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    needs: &[
        Need::optional("UserLogin", "IsFrozen"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "It is not frozen",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let users = &cx.m.org.users;
    let Some(user) = of(cx) else { return };
    if !cx.m.org.coverage.has_column("UserLogin", "IsFrozen") {
        return sink.cannot_tell(
            RULE.asks,
            "UserLogin.IsFrozen is not in the snapshot: the user who pulls needs Manage Users to see it",
        );
    }
    if !users.frozen(user) {
        return sink.passes(RULE.asks, "UserLogin has no such mark for it");
    }
    let shown = users.shown(user);
    let cause = Cause::error(Confidence::Certain).subject("user", &shown);
    sink.report(Place::default(), cause, || {
        Explanation::new(format!("the integration user {shown} is frozen"))
            .because("UserLogin.IsFrozen is true")
            .okta_says(CREDENTIALS)
            .fix("unfreeze the user")
    });
}
