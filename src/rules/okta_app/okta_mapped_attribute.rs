#![doc = include_str!("okta_mapped_attribute.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{RowCx, Rule, Run, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-mapped-attribute",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    requires: &[Setting::OktaApp],
    speaks: |_, columns, run| columns.planned && pushes(run) && !run.okta_pushed.is_empty(),
    row: Some(check),
    ..Rule::TEMPLATE
};

/// Whether the app pushes profiles at all.
fn pushes(run: &Run) -> bool {
    let app = run.okta_app.as_deref();
    let on = |feature| app.and_then(|app| app.has(feature)) == Some(true);
    on("PUSH_NEW_USERS") || on("PUSH_PROFILE_UPDATES")
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !cx.columns.planned || !pushes(cx.run) {
        return;
    }
    for (place, header) in (0..).zip(&cx.columns.headers) {
        if !cx.run.okta_pushed.contains(&**header) || cx.sent_at(place).is_none() {
            continue;
        }
        let cause = Cause::error(Confidence::Documented)
            .value(header)
            .subject("okta-attribute", header);
        sink.report(cause, || {
            Explanation::new(format!(
                "the plan sets {header} of an app user, and a mapping fills it: Okta refuses that"
            ))
            .because(format!("a mapping of this run to the app fills {header}, with PUSH"))
            .because("features of the app hold PUSH_NEW_USERS or PUSH_PROFILE_UPDATES")
            .predicts(
                "E0000075",
                format!("Cannot modify the {header} attribute because it has a field mapping and profile push is enabled."),
            )
            .fix(format!("take {header} out of the profile in the plan, or unmap it"))
        });
    }
}
