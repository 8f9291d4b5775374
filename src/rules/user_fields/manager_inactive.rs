#![doc = include_str!("manager_inactive.md")]

use super::manager_not_found::{Manager, manager};
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::{UserId, Users};
use crate::rules::{EndCx, EndSink, Need, Place, Rule, RowCx, Sink};
use rustc_hash::FxHashMap;

pub(crate) const RULE: Rule = Rule {
    name: "manager-inactive",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Manager],
    needs: &[
        Need::optional("User", ""),
        Need::optional("User", "IsActive"),
        Need::optional("User", "ManagerId"),
    ],
    row: Some(check),
    leavers: true,
    end: Some(end),
    ..Rule::TEMPLATE
};

/// What is kept of a row beside a user: that it names the user as manager, or (de)activates the user.
const NAMES: u32 = 0;
const ACTIVATES: u32 = 1;
const DEACTIVATES: u32 = 2;

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    // Only a file with an active column can change who is active: else all is known here.
    let moves = cx.columns.has(Attribute::Active);
    if let Some(user) = person.user
        && person.active != person.active_before
    {
        sink.keep(
            user.0,
            if person.active { ACTIVATES } else { DEACTIVATES },
        );
    }
    let Manager::Found(chosen) = manager(cx) else {
        return;
    };
    let users = &cx.m.org.users;
    let stored = person
        .user
        .and_then(|user| users.reference("ManagerId", user));
    if stored == Some(users.id(chosen)) {
        return;
    }
    if moves {
        sink.keep(chosen.0, NAMES);
    } else if users.active(chosen) == Some(false) {
        let subject = users.id(chosen).text();
        sink.report(cause(&subject, false), || explain(users, chosen, false));
    }
}

fn cause(subject: &str, by_file: bool) -> Cause<'_> {
    Cause::warning(Confidence::Certain)
        .column(Attribute::Manager)
        .subject("manager", subject)
        .key(u64::from(by_file))
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let users = &cx.m.org.users;
    let moved: FxHashMap<u32, bool> = cx
        .kept
        .iter()
        .filter(|kept| kept.b != NAMES)
        .map(|kept| (kept.a, kept.b == ACTIVATES))
        .collect();
    for kept in cx.kept.iter().filter(|kept| kept.b == NAMES) {
        let chosen = UserId(kept.a);
        let by_file = moved.get(&kept.a).copied();
        let inactive = match by_file {
            Some(active) => !active,
            None => users.active(chosen) == Some(false),
        };
        if !inactive {
            continue;
        }
        let place = Place {
            row: Some((kept.row, kept.line)),
            ..Place::default()
        };
        let (subject, by_file) = (users.id(chosen).text(), by_file.is_some());
        sink.report(place, cause(&subject, by_file), || {
            explain(users, chosen, by_file)
        });
    }
}

fn explain(users: &Users, chosen: UserId, by_file: bool) -> Explanation {
    let shown = users.shown(chosen);
    Explanation::new(format!("the manager {shown} is not active"))
        .because(if by_file {
            format!("this file deactivates {shown}")
        } else {
            format!("User.IsActive of {shown} is false")
        })
        .fix("choose another manager")
}
