#![doc = include_str!("okta_update_disabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::okta_features::odd_app;
use crate::rules::{EndCx, EndSink, Occasion, RowCx, Rule, Setting, Sink};

const FEATURE: &str = "PUSH_PROFILE_UPDATES";

pub(crate) const RULE: Rule = Rule {
    name: "okta-update-disabled",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update, org",
    requires: &[Setting::OktaApp],
    asks: "Okta updates users",
    row: Some(check),
    end: Some(end),
    when: Occasion::UPDATE,
    speaks: |_, _, run| run.okta_lacks(FEATURE),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.person.user.is_none() || !cx.run.okta_lacks(FEATURE) || !differs(cx) {
        return;
    }
    sink.once(Cause::warning(Confidence::Certain), || {
        Explanation::new("Okta does not update users: what the row changes never reaches Salesforce")
            .because("features of the app lack PUSH_PROFILE_UPDATES")
            .because("nothing fails, and the values stay as they are")
            .fix("enable Update User Attributes in the settings To App")
    });
}

/// Whether the row changes anything of the user, as far as the snapshot tells. That somebody leaves or comes back is
/// for `okta-deactivate-disabled` and `okta-reactivation-disabled`.
fn differs(cx: &RowCx<'_>) -> bool {
    let person = &cx.row.person;
    if person.changes_profile()
        || person.role != person.role_before
        || person.features != person.features_before
    {
        return true;
    }
    let held = cx.assigned_before();
    let gains = cx.row.sets.found().any(|(_, to)| !held.contains(&to))
        || cx.row.psls.found().any(|(_, psl)| !cx.psls_before().contains(&psl));
    gains
        || !cx.lost_sets().is_empty()
        || !cx.lost_psls().is_empty()
        || cx.lost_public_groups().next().is_some()
        || cx.other_changes().any(|column| column.attribute != Attribute::Active)
}

/// The checklist only: without a row nothing is lost.
fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    if odd_app(cx, sink, RULE.asks, (FEATURE, true)).is_some() {
        sink.fails(RULE.asks, "features of the app lack PUSH_PROFILE_UPDATES");
    }
}
