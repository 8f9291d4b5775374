#![doc = include_str!("okta_create_disabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{Command, EndCx, EndSink, Occasion, Place, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-create-disabled",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "create, org",
    requires: &[Setting::OktaApp],
    asks: "Okta creates users",
    row: Some(check),
    end: Some(end),
    when: Occasion::CREATE,
    speaks: |_, _, run| run.okta_lacks("PUSH_NEW_USERS"),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let app = cx.run.okta_app.as_deref();
    let Some(app) = app.filter(|_| cx.run.command == Command::Preflight) else {
        return;
    };
    match app.has("PUSH_NEW_USERS") {
        None => sink.cannot_tell(RULE.asks, "the app file has no features"),
        Some(true) => sink.passes(RULE.asks, "PUSH_NEW_USERS"),
        Some(false) => {
            let cause = Cause::notice(Confidence::Certain).subject("okta-app", &app.label);
            sink.report(Place::default(), cause, explain);
        }
    }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !cx.row.person.is_create()
        || !cx.run.okta_lacks("PUSH_NEW_USERS")
        || !cx.m.org.coverage.has("User")
    {
        return;
    }
    sink.report(Cause::error(Confidence::Certain), explain);
}

fn explain() -> Explanation {
    Explanation::new("Okta does not create users: a user that Salesforce does not have is refused")
        .because("features of the app lack PUSH_NEW_USERS")
        .because("the push looks for a Salesforce user and finds none")
        .okta_says("Matching user not found.")
        .fix("enable Create Users in the settings To App, or create the user in Salesforce")
}
