#![doc = include_str!("license_transition_to_chatter.md")]

use crate::finding::{Cause, Confidence, Severity};
use crate::input::Attribute;
use crate::matrix::{Move, Rejection};
use crate::rules::transition::{cause, moved, verdict};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-transition-to-chatter",
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
    let Move::Rejected(Rejection::ToChatter) = verdict(cx.m, &cx.row.person) else {
        return;
    };
    sink.report(cause(cx, Cause::error(Confidence::Documented)), || {
        let moved = moved(cx);
        let words = moved
            .words(format!("nobody moves from {} to {}", moved.from, moved.to))
            .because("Salesforce does not turn a standard user into a Chatter user")
            .predicts_text("It is not permitted to change user type from Standard to CSN Only(db=n,api=CsnOnly)");
        moved.stay(
            words,
            "if Chatter is meant: append .old to the username and nickname and change the email of the old user, \
             deactivate it, then create a new one (an inactive user still holds its names)",
        )
    });
}
