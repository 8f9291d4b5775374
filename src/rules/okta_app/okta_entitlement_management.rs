#![doc = include_str!("okta_entitlement_management.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{Command, EndCx, EndSink, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "okta-entitlement-management",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "org",
    requires: &[Setting::OktaApp],
    asks: "Values come from app profiles",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let app = cx.run.okta_app.as_deref();
    let Some(app) = app.filter(|_| cx.run.command == Command::Preflight) else {
        return;
    };
    match app.has("ENTITLEMENT_MANAGEMENT") {
        None => return sink.cannot_tell(RULE.asks, "the app file has no features"),
        Some(false) => return sink.passes(RULE.asks, "features lack ENTITLEMENT_MANAGEMENT"),
        Some(true) => {}
    }
    let cause = Cause::warning(Confidence::Documented).subject("okta-app", &app.label);
    sink.report(Place::default(), cause, || {
        Explanation::new("values come from entitlements, not from app profiles")
            .because("features of the app hold ENTITLEMENT_MANAGEMENT")
            .because("with no profile entitlement Okta says \"Only users with the profile entitlement can be assigned to Salesforce\"")
            .fix("check the entitlement bundles instead of the assignments")
    });
}
