#![doc = include_str!("license_transition_portal.md")]

use crate::finding::{Cause, Confidence, Severity};
use crate::input::Attribute;
use crate::matrix::{Doubt, Move, Rejection};
use crate::rules::transition::{COMPATIBLE, cause, moved, verdict};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-transition-portal",
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
    let (found, doubt) = match verdict(cx.m, &cx.row.person) {
        Move::Rejected(Rejection::Portal) => (Cause::error(Confidence::Documented), false),
        Move::Unknown(Doubt::Portal) => (Cause::warning(Confidence::Inferred), true),
        _ => return,
    };
    sink.report(cause(cx, found), || {
        let moved = moved(cx);
        let words = moved
            .words(format!(
                "a move from {} to {} needs a new user record",
                moved.from, moved.to
            ))
            .because(if doubt {
                "the help page asks for a new user record; an older list names the move as possible"
            } else {
                "Salesforce does not migrate legacy customer portal users"
            });
        let words = if doubt {
            words
        } else {
            words.predicts("FIELD_INTEGRITY_EXCEPTION", COMPATIBLE)
        };
        moved.stay(words, "if the move is meant: create a new user record")
    });
}
