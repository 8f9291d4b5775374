#![doc = include_str!("okta_entitlement_management.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::okta_features::odd_app;
use crate::rules::{EndCx, EndSink, Place, Rule, Setting};

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
    let Some(app) = odd_app(cx, sink, RULE.asks, ("ENTITLEMENT_MANAGEMENT", false)) else {
        return;
    };
    let cause = Cause::warning(Confidence::Documented).subject("okta-app", &app.label);
    sink.report(Place::default(), cause, || {
        Explanation::new("values come from entitlements, not from app profiles")
            .because("features of the app hold ENTITLEMENT_MANAGEMENT")
            .because("with no profile entitlement Okta says \"Only users with the profile entitlement can be assigned to Salesforce\"")
            .fix("check the entitlement bundles instead of the assignments")
    });
}
