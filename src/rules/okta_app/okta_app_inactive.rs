#![doc = include_str!("okta_app_inactive.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{EndCx, EndSink, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "okta-app-inactive",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org, both",
    requires: &[Setting::OktaApp],
    asks: "The app is active",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(app) = cx.run.okta_app.as_deref() else {
        return;
    };
    let Some(status) = app.status.as_deref() else {
        return sink.cannot_tell(RULE.asks, "the app file has no status");
    };
    if status == "ACTIVE" {
        return sink.passes(RULE.asks, &app.label);
    }
    let cause = Cause::error(Confidence::Certain).subject("okta-app", &app.label);
    sink.report(Place::default(), cause, || {
        Explanation::new(format!("the Okta app '{}' is not active: nothing is pushed", app.label))
            .because(format!("its status is {status}"))
            .fix("activate the app in Okta")
    });
}
