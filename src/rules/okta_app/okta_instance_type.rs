#![doc = include_str!("okta_instance_type.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "okta-instance-type",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    needs: &[
        Need::optional("Organization", "IsSandbox"),
    ],
    requires: &[Setting::OktaApp],
    asks: "The app points to this kind of org",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(app) = cx.run.okta_app.as_deref() else {
        return;
    };
    let organization = cx.m.org.organization.as_ref();
    let Some(sandbox) = organization.and_then(|org| org.is_sandbox.get()) else {
        return sink.cannot_tell(RULE.asks, "Organization.IsSandbox is not in the snapshot");
    };
    let Some(kind) = app.instance_type.as_deref() else {
        return sink.cannot_tell(RULE.asks, "the app file has no settings.app.instanceType");
    };
    let fits = match kind {
        "SANDBOX" => sandbox,
        "PRODUCTION" => !sandbox,
        other => {
            let why = format!("whether instance type {other} fits is not known");
            return sink.cannot_tell(RULE.asks, why);
        }
    };
    if fits {
        return sink.passes(RULE.asks, kind);
    }
    let cause = Cause::error(Confidence::Certain).subject("okta-app", &app.label);
    sink.report(Place::default(), cause, || {
        let org = if sandbox { "a sandbox" } else { "no sandbox" };
        Explanation::new(format!(
            "the Okta app '{}' is set to {kind}, and the org is {org}",
            app.label
        ))
        .because(format!(
            "settings.app.instanceType is {kind}, Organization.IsSandbox is {sandbox}"
        ))
        .because("logins go to the wrong address then; a developer org is PRODUCTION")
        .okta_says("API login failed because this application's service appears to be unavailable.")
        .fix("set the instance type of the app")
    });
}
