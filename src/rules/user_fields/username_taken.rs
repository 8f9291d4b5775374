#![doc = include_str!("username_taken.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "username-taken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Username],
    needs: &[
        Need::file("User", About::Cell(Attribute::Username)),
        Need::column("User", "Username", About::Cell(Attribute::Username)),
    ],
    row: Some(check),
    repeats: Some(repeated),
    when: Occasion::CREATE.or(Occasion::BY_ID),
    ..Rule::TEMPLATE
};

/// The text that Salesforce gives for every kind of collision, the break of lines included.
pub(crate) const TEXT: &str = "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address).";

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(username) = cx.row.username else {
        return;
    };
    let person = &cx.row.person;
    if person.user.is_some() && !person.matched_by_id {
        return;
    }
    let users = &cx.m.org.users;
    let key = cx.row.keys.login;
    if person.user.is_some_and(|user| users.is_login(user, key)) {
        return;
    }
    let other = cx.row.keys.by_login;
    let Some(other) = other.filter(|&other| person.user != Some(other)) else {
        sink.claim(Attribute::Username, key);
        return;
    };
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Username)
        .value(username)
        .subject("username", username)
        .key(u64::from(other.0));
    sink.report(cause, || {
        let state = match users.active(other) {
            Some(false) => "inactive ",
            _ => "",
        };
        Explanation::new(format!("the username '{username}' belongs to another user"))
            .because(format!("{state}user {} has it", users.shown(other)))
            .predicts("DUPLICATE_USERNAME", TEXT)
            .fix("use another username, or rename the other user first")
    });
}

fn repeated(username: &str, _: Attribute) -> Explanation {
    Explanation::new(format!(
        "the username '{username}' is given to another person earlier in this file"
    ))
    .because("case aside, an earlier row of the file gives the same username, and only one user can have it")
    .predicts("DUPLICATE_USERNAME", TEXT)
    .fix("use another username for one of the two, or take the repeated row out")
}
