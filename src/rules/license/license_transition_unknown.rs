#![doc = include_str!("license_transition_unknown.md")]

use crate::finding::{Cause, Confidence, Severity};
use crate::input::Attribute;
use crate::matrix::{Doubt, Move};
use crate::rules::transition::{cause, moved, verdict};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-transition-unknown",
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
    let Move::Unknown(Doubt::NotPublished | Doubt::Inferred | Doubt::FamilyUnknown) =
        verdict(cx.m, &cx.row.person)
    else {
        return;
    };
    sink.report(cause(cx, Cause::warning(Confidence::Inferred)), || {
        let moved = moved(cx);
        let words = moved
            .words(format!(
                "whether anybody can move from {} to {} is not known",
                moved.from, moved.to
            ))
            .because("no public statement decides this move");
        moved.stay(words, "or try the move with one user in a sandbox")
    });
}
