#![doc = include_str!("api_user_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::CREDENTIALS;
use crate::rules::{Command, EndCx, EndSink, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    requires: &[Setting::IntegrationUserNamed],
    only: Some(Command::Preflight),
    asks: "The integration user is a user of this org",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(name) = cx.run.named_user.as_deref() else {
        return;
    };
    if !cx.m.org.coverage.has("User") {
        return sink.undecided(RULE.asks, "User.csv is not in the snapshot");
    }
    if let Some(user) = cx.run.integration_user {
        return sink.passes(RULE.asks, cx.m.org.users.shown(user));
    }
    let cause = Cause::error(Confidence::Certain).subject("user", name);
    sink.report(Place::default(), cause, || {
        Explanation::new(format!("the integration user '{name}' is no user of this org"))
            .because("no User.Username of the snapshot equals it: the user was renamed, or belongs to another org")
            .okta_says(CREDENTIALS)
            .fix("correct the username, then authenticate again in Okta")
    });
}
