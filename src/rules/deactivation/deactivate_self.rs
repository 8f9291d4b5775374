#![doc = include_str!("deactivate_self.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Occasion, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "deactivate-self",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Active],
    requires: &[Setting::IntegrationUser],
    row: Some(check),
    leavers: true,
    when: Occasion::INACTIVE,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if person.user.is_none()
        || person.user != cx.run.integration_user
        || person.active
        || !person.active_before
    {
        return;
    }
    let cause = Cause::error(Confidence::Documented).column(Attribute::Active);
    sink.report(cause, || {
        Explanation::new("the user that Okta logs in with cannot deactivate itself")
            .because("the row is about the integration user")
            .okta_says("Could not deactivate user. This user is the API user")
            .fix("take the integration user out of the assignments")
    });
}
