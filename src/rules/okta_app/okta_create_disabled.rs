#![doc = include_str!("okta_create_disabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::okta_features::odd_app;
use crate::rules::{EndCx, EndSink, Occasion, Place, RowCx, Rule, Setting, Sink};

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
    if let Some(app) = odd_app(cx, sink, RULE.asks, ("PUSH_NEW_USERS", true)) {
        let cause = Cause::notice(Confidence::Certain).subject("okta-app", &app.label);
        sink.report(Place::default(), cause, explain);
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
