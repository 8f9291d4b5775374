#![doc = include_str!("federation_id_taken.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::{Bearer, UserId};
use crate::rules::{About, Need, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "federation-id-taken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::FederationId],
    needs: &[
        Need::file("User", About::Cell(Attribute::FederationId)),
        Need::column("User", FIELD, About::Cell(Attribute::FederationId)),
    ],
    row: Some(check),
    repeats: Some(repeated),
    repeats_loosely: Some(repeated_loosely),
    ..Rule::TEMPLATE
};

const FIELD: &str = "FederationIdentifier";
const TEXT: &str =
    "This Federation ID is already in use. Use a different Federation ID.: SAML Federation ID";

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(id) = cx.cell(Attribute::FederationId) else {
        return;
    };
    let users = &cx.m.org.users;
    let (exact, folded) = cx.row.keys.federation_id;
    let own = cx.row.person.user;
    let bearer = match cx.row.keys.by_federation_id {
        None => Bearer::Nobody,
        first if first == own => Bearer::Own,
        Some(_) => users.bearer(FIELD, exact, own),
    };
    match bearer {
        Bearer::Own => {}
        Bearer::Other(other) => {
            report(cx, sink, Cause::error(Confidence::Certain), (id, other));
        }
        Bearer::Nobody => {
            // Where both are in lower case, nobody has it case aside whom it does not belong to exactly.
            let doubtful = exact != folded || users.has_odd(FIELD);
            if doubtful && let Some(other) = alike(cx, folded) {
                report(cx, sink, Cause::warning(Confidence::Certain), (id, other));
            }
            sink.claim_cased(Attribute::FederationId, (exact, folded));
        }
    }
}

/// Another user whose federation id differs in case only; nobody, if that is what the user's own one does.
fn alike(cx: &RowCx<'_>, folded: u64) -> Option<UserId> {
    let users = &cx.m.org.users;
    let own = cx.row.person.user;
    if own.is_some_and(|user| users.bears_folded(FIELD, user, folded)) {
        return None;
    }
    users.find_folded(FIELD, folded)
}

fn report(cx: &RowCx<'_>, sink: &mut Sink<'_>, cause: Cause<'_>, (id, other): (&str, UserId)) {
    let loosely = cause.severity == Severity::Warning;
    let users = &cx.m.org.users;
    let cause = cause
        .column(Attribute::FederationId)
        .value(id)
        .subject("federation-id", id)
        .key(u64::from(other.0) << 1 | u64::from(loosely));
    sink.report(cause, || {
        let state = match users.active(other) {
            Some(false) => "inactive ",
            _ => "",
        };
        let words = Explanation::new(if loosely {
            format!("the federation id '{id}' is that of another user, case aside")
        } else {
            format!("the federation id '{id}' belongs to another user")
        });
        words
            .because(format!("{state}user {} has it", users.shown(other)))
            .predicts_text(TEXT)
            .fix("correct the federation id, or clear it on the other user first")
    });
}

fn repeated(id: &str, _: Attribute) -> Explanation {
    Explanation::new(format!(
        "the federation id '{id}' is given to another person earlier in this file"
    ))
    .because("an earlier row of the file gives the same federation id, and only one user can have it")
    .predicts_text(TEXT)
    .fix("correct the federation id of one of the two")
}

fn repeated_loosely(id: &str, _: Attribute) -> Explanation {
    Explanation::new(format!(
        "the federation id '{id}' is given to another person earlier in this file, case aside"
    ))
    .because("an earlier row of the file gives the same federation id in other letters, upper and lower")
    .predicts_text(TEXT)
    .fix("correct the federation id of one of the two")
}
