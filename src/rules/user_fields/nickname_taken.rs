#![doc = include_str!("nickname_taken.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::Bearer;
use crate::rules::{About, Need, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "nickname-taken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Nickname],
    needs: &[
        Need::file("User", About::Cell(Attribute::Nickname)),
        Need::column("User", FIELD, About::Cell(Attribute::Nickname)),
    ],
    row: Some(check),
    repeats: Some(repeated),
    ..Rule::TEMPLATE
};

const FIELD: &str = "CommunityNickname";
/// Inferred: only the code is published.
const TEXT: &str = "Duplicate Nickname. Another user has already selected this nickname.";

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(nickname) = cx.cell(Attribute::Nickname) else {
        return;
    };
    let key = cx.row.keys.nickname;
    let (users, own) = (&cx.m.org.users, cx.row.person.user);
    let other = match users.bearer(FIELD, key, own) {
        Bearer::Own => return,
        Bearer::Nobody => return sink.claim(Attribute::Nickname, key),
        Bearer::Other(other) => other,
    };
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Nickname)
        .value(nickname)
        .subject("nickname", nickname)
        .key(u64::from(other.0));
    sink.report(cause, || {
        let state = match users.active(other) {
            Some(false) => "inactive ",
            _ => "",
        };
        Explanation::new(format!("the nickname '{nickname}' belongs to another user"))
            .because(format!("{state}user {} has it", users.shown(other)))
            .predicts("DUPLICATE_COMM_NICKNAME", TEXT)
            .fix("use another nickname")
    });
}

fn repeated(nickname: &str, _: Attribute) -> Explanation {
    Explanation::new(format!(
        "the nickname '{nickname}' is given to another person earlier in this file"
    ))
    .because("case aside, an earlier row of the file gives the same nickname, and only one user can have it")
    .predicts("DUPLICATE_COMM_NICKNAME", TEXT)
    .fix("use another nickname for one of the two")
}
