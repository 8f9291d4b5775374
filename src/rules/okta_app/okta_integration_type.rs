#![doc = include_str!("okta_integration_type.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{Occasion, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-integration-type",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both",
    requires: &[Setting::OktaApp],
    row: Some(check),
    leavers: true,
    when: Occasion::ALWAYS,
    speaks: |_, _, run| run.okta_app.as_deref().is_some_and(|app| app.integration_type.is_some()),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let (Some(app), Some(kind)) = (cx.run.okta_app.as_deref(), cx.row.person.kind) else {
        return;
    };
    let Some(portal) = app.is_portal() else {
        return;
    };
    let stands_against = if portal {
        kind.is_internal()
    } else {
        kind.is_external() && app.integration_type.as_deref() == Some("STANDARD")
    };
    if !stands_against {
        return;
    }
    let cause = Cause::warning(Confidence::Inferred)
        .subject("okta-app", &app.label)
        .key(u64::from(portal));
    sink.once(cause, || {
        let variant = app.integration_type.as_deref().unwrap_or_default();
        let who = if portal { "internal" } else { "external" };
        Explanation::new(format!(
            "the Okta app is the {variant} variant, and the file has {who} users"
        ))
        .because(format!("settings.app.integrationType is {variant}"))
        .because("each variant of the app is made for one kind of users; what happens with the other is not published")
        .fix("push these users with the other variant of the app")
    });
}
