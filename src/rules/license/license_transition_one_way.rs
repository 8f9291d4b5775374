#![doc = include_str!("license_transition_one_way.md")]

use crate::finding::{Cause, Confidence, Severity};
use crate::input::Attribute;
use crate::matrix::Move;
use crate::rules::transition::{cause, moved, verdict};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-transition-one-way",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[
        Need::optional("Profile", "UserType"),
        Need::optional("Profile", "UserLicenseId"),
        Need::optional("UserLicense", "LicenseDefinitionKey"),
    ],
    row: Some(check),
    when: Occasion::PROFILE_CHANGES,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Move::OneWay = verdict(cx.m, &cx.row.person) else {
        return;
    };
    sink.report(cause(cx, Cause::notice(Confidence::Documented)), || {
        let moved = moved(cx);
        moved
            .words(format!(
                "the move from {} to {} cannot be undone",
                moved.from, moved.to
            ))
            .because("Salesforce refuses the way back from a standard user to a Chatter user")
            .fix("confirm that the person needs the larger license")
    });
}
