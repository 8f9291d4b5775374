#![doc = include_str!("license_transition_user_type.md")]

use crate::finding::{Cause, Confidence, Severity};
use crate::input::Attribute;
use crate::matrix::{Doubt, Move, Rejection};
use crate::rules::transition::{COMPATIBLE, cause, moved, verdict};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-transition-user-type",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::column("Profile", "UserType", About::Move),
    ],
    row: Some(check),
    when: Occasion::PROFILE_CHANGES,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let confidence = match verdict(cx.m, &cx.row.person) {
        Move::Rejected(Rejection::UserType) => Confidence::Documented,
        Move::Unknown(Doubt::UserType) => Confidence::Inferred,
        _ => return,
    };
    sink.report(cause(cx, Cause::error(confidence)), || {
        let moved = moved(cx);
        let words = moved
            .words(format!(
                "nobody moves from {} to {}: one is internal, the other external",
                moved.from, moved.to
            ))
            .predicts("FIELD_INTEGRITY_EXCEPTION", COMPATIBLE);
        moved.stay(
            words,
            "if the move is meant: rename and deactivate the old user, and create a new one",
        )
    });
}
