#![doc = include_str!("okta_profile_source.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::okta_features::odd_app;
use crate::rules::{EndCx, EndSink, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "okta-profile-source",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "org",
    requires: &[Setting::OktaApp],
    asks: "Salesforce is no profile source",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(app) = odd_app(cx, sink, RULE.asks, ("PROFILE_MASTERING", false)) else {
        return;
    };
    let cause = Cause::warning(Confidence::Documented).subject("okta-app", &app.label);
    sink.report(Place::default(), cause, || {
        Explanation::new("Salesforce is a profile source of Okta: its values flow back into the people")
            .because("features of the app hold PROFILE_MASTERING")
            .because("a value that Okta pushes can come back changed; 405 E0000076 \"Cannot modify the app user because it is mastered by an external app.\"")
            .fix("decide which side owns each attribute, and run `sfcompat import-check`")
    });
}
