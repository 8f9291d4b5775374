#![doc = include_str!("license_transition_required_permission.md")]

use crate::finding::{Cause, Confidence, Severity};
use crate::input::Attribute;
use crate::matrix::{Doubt, Move, Rejection};
use crate::rules::transition::{cause, moved, verdict};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-transition-required-permission",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::column("Profile", "UserType", About::Move),
        Need::column("Profile", "UserLicenseId", About::Move),
        Need::file("UserLicense", About::Move),
        Need::column("UserLicense", "LicenseDefinitionKey", About::Move),
    ],
    row: Some(check),
    when: Occasion::PROFILE_CHANGES,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let confidence = match verdict(cx.m, &cx.row.person) {
        Move::Rejected(Rejection::RequiredPermission) => Confidence::Documented,
        Move::Unknown(Doubt::RequiredPermission) => Confidence::Inferred,
        Move::Unknown(Doubt::LicenseUnseen) => {
            sink.undecided("UserLicense of the profile");
            return;
        }
        _ => return,
    };
    sink.report(cause(cx, Cause::error(confidence)), || {
        let moved = moved(cx);
        let words = moved
            .words(format!("nobody moves from {} to {}", moved.from, moved.to))
            .because(
                "the license entered lacks ChatterInternalUser, which the license left requires",
            )
            .predicts_text(format!(
                "User's Profile can't be set to '{}' because it's derived from a license that doesn't require the \
                 following permission(s): ChatterInternalUser. Select a different profile.",
                moved.profile
            ));
        moved.stay(
            words,
            "if Identity is meant: rename and deactivate the old user, and create a new one; where only sign-on is \
             meant, turn off Update User Attributes in Okta",
        )
    });
}
