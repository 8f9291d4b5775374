#![doc = include_str!("manager_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::{SfId, UserId, key_of_folded};
use crate::rules::named::looks_like_id;
use crate::rules::{About, Need, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "manager-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Manager],
    needs: &[Need::file("User", About::Cell(Attribute::Manager))],
    row: Some(check),
    ..Rule::TEMPLATE
};

/// What the manager cell leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manager<'a> {
    /// A user.
    Found(UserId),
    /// A well-formed user id or a username that no user has.
    NotFound(&'a str),
    /// A name of a person, which the snapshot cannot be searched for.
    Name,
    /// Nothing sent, or no user id: `id-malformed` speaks of that.
    Other,
}

/// Finds the manager of a row, by id, username or name.
pub(crate) fn manager<'a>(cx: &RowCx<'a>) -> Manager<'a> {
    let Cell::Sent(text) = cx.cell(Attribute::Manager) else {
        return Manager::Other;
    };
    let users = &cx.m.org.users;
    if looks_like_id(text) {
        return match SfId::parse(text) {
            Ok(id) if text.starts_with("005") => users
                .by_id(id)
                .map_or(Manager::NotFound(text), Manager::Found),
            _ => Manager::Other,
        };
    }
    let key = key_of_folded(text);
    if let Some(user) = users.by_login(key) {
        return Manager::Found(user);
    }
    if text.contains('@') {
        return Manager::NotFound(text);
    }
    match users.keyed("Name") {
        Some(names) => names
            .find(key)
            .map_or(Manager::NotFound(text), Manager::Found),
        None => Manager::Name,
    }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let text = match manager(cx) {
        Manager::NotFound(text) => text,
        Manager::Name => return sink.undecided("Name of User"),
        Manager::Found(_) | Manager::Other => return,
    };
    let coverage = &cx.m.org.coverage;
    if !coverage.is_full("User") {
        return;
    }
    if !looks_like_id(text) && !coverage.has_column("User", "Username") {
        return sink.undecided("Username of User");
    }
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Manager)
        .value(text)
        .subject("manager", text);
    sink.report(cause, || {
        Explanation::new(format!("no user of the org is the manager '{text}'"))
            .because(format!(
                "'{text}' is neither id nor username nor name of any of the org's {} users",
                cx.m.org.users.len()
            ))
            .predicts_code("INVALID_CROSS_REFERENCE_KEY")
            .fix("create the manager first, and send the manager's Salesforce user id (005...)")
    });
}
