#![doc = include_str!("okta_legacy_integration.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{EndCx, EndSink, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "okta-legacy-integration",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "org",
    requires: &[Setting::OktaApp],
    asks: "Okta uses OAuth and REST",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(app) = cx.run.okta_app.as_deref() else {
        return;
    };
    match app.has("OAUTH_INTEGRATION") {
        None => return sink.cannot_tell(RULE.asks, "the app file has no features"),
        Some(true) => return sink.passes(RULE.asks, "OAUTH_INTEGRATION"),
        Some(false) => {}
    }
    let cause = Cause::notice(Confidence::Documented).subject("okta-app", &app.label);
    sink.report(Place::default(), cause, || {
        Explanation::new("Okta logs in with username and password, and pushes over SOAP")
            .because("features of the app lack OAUTH_INTEGRATION")
            .because("SOAP creates a user in several steps, so a refused row can leave a half-made user; REST creates it whole or not at all")
            .because("SOAP login() is absent from API 65.0 on and off in new orgs, and ends in Summer '27 for 31.0 to 64.0")
            .fix("move the app to OAuth and REST before Summer '27")
    });
}
