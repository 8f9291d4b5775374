#![doc = include_str!("okta_deactivate_disabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::okta_features::odd_app;
use crate::rules::{EndCx, EndSink, Occasion, Place, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-deactivate-disabled",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update, org",
    columns: &[Attribute::Active],
    requires: &[Setting::OktaApp],
    asks: "Okta deactivates users",
    row: Some(check),
    leavers: true,
    end: Some(end),
    when: Occasion::INACTIVE,
    speaks: |_, _, run| run.okta_lacks("PUSH_USER_DEACTIVATION"),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    if let Some(app) = odd_app(cx, sink, RULE.asks, ("PUSH_USER_DEACTIVATION", true)) {
        let cause = Cause::notice(Confidence::Certain).subject("okta-app", &app.label);
        sink.report(Place::default(), cause, explain);
    }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let leaves = person.user.is_some() && person.active_before && !person.active;
    if !leaves || !cx.run.okta_lacks("PUSH_USER_DEACTIVATION") {
        return;
    }
    let cause = Cause::warning(Confidence::Certain).column(Attribute::Active);
    sink.once(cause, explain);
}

fn explain() -> Explanation {
    Explanation::new("Okta does not deactivate users: a leaver keeps access and seat")
        .because("features of the app lack PUSH_USER_DEACTIVATION")
        .because("nothing fails, and nothing is pushed")
        .fix("enable Deactivate Users in the settings To App")
}
