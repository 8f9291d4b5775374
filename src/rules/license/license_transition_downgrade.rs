#![doc = include_str!("license_transition_downgrade.md")]

use crate::finding::{Cause, Confidence, Severity};
use crate::input::Attribute;
use crate::matrix::{Doubt, Move};
use crate::rules::transition::{cause, moved, verdict};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-transition-downgrade",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
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
    let Move::Unknown(Doubt::Downgrade) = verdict(cx.m, &cx.row.person) else {
        return;
    };
    sink.report(cause(cx, Cause::warning(Confidence::Inferred)), || {
        let moved = moved(cx);
        let words = moved
            .words(format!(
                "a move from {} down to {} is not known to work",
                moved.from, moved.to
            ))
            .because("the documented path is to disable the external user and to enable it again");
        moved.stay(
            words,
            "or disable the external user and enable it again on the smaller license",
        )
    });
}
