#![doc = include_str!("federation_id_taken.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::key_of;
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
    let exact = key_of(id);
    let own = cx.row.person.user;
    let index = users.keyed(FIELD);
    if let (Some(index), Some(user)) = (index, own)
        && index.key(user) == exact
    {
        return;
    }
    let Some(other) = index
        .and_then(|index| index.find(exact))
        .filter(|&other| own != Some(other))
    else {
        sink.claim(Attribute::FederationId, exact, id);
        return;
    };
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::FederationId)
        .value(id)
        .subject("federation-id", id)
        .key(u64::from(other.0));
    sink.report(cause, || {
        let state = match users.active(other) {
            Some(false) => "inactive ",
            _ => "",
        };
        Explanation::new(format!("the federation id '{id}' belongs to another user"))
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
