#![doc = include_str!("api_user_locked.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::{CREDENTIALS, of};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};
use crate::okta::Login;

pub(crate) const RULE: Rule = Rule {
    name: "api-user-locked",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    needs: &[
        Need::optional("UserLogin", "IsPasswordLocked"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "Its password is not locked",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let users = &cx.m.org.users;
    let Some(user) = of(cx) else { return };
    if !cx.m.org.coverage.has_column("UserLogin", "IsPasswordLocked") {
        return sink.cannot_tell(
            RULE.asks,
            "UserLogin.IsPasswordLocked is not in the snapshot: the user who pulls needs Manage Users to see it",
        );
    }
    if !users.locked(user) {
        return sink.passes(RULE.asks, "UserLogin has no such mark for it");
    }
    let shown = users.shown(user);
    let oauth = cx.run.okta_login() == Some(Login::OAuth);
    let cause = if oauth {
        Cause::notice(Confidence::Certain)
    } else {
        Cause::error(Confidence::Certain)
    };
    sink.report(Place::default(), cause.subject("user", &shown), || {
        let words = Explanation::new(format!("the password of the integration user {shown} is locked"))
            .because("UserLogin.IsPasswordLocked is true")
            .fix("unlock the user, and find out who logs in with wrong passwords");
        if oauth {
            words.because("Okta logs in with OAuth: a lock after wrong passwords stops password logins, not a refresh token")
        } else {
            words
                .because("a lock stops logins with username and password; with OAuth it would not")
                .okta_says(CREDENTIALS)
        }
    });
}
