#![doc = include_str!("manager_cycle.md")]

use super::manager_not_found::{Manager, manager};
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::{UserId, Users};
use crate::rules::{About, EndCx, EndSink, Need, Place, Rule, RowCx, Sink};
use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) const RULE: Rule = Rule {
    name: "manager-cycle",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Manager],
    needs: &[
        Need::file("User", About::Cell(Attribute::Manager)),
        Need::column("User", FIELD, About::Cell(Attribute::Manager)),
    ],
    row: Some(check),
    end: Some(end),
    ..Rule::TEMPLATE
};

const FIELD: &str = "ManagerId";
/// A message names so many people of a cycle.
const SHOWN: usize = 6;

/// Keeps each change of a manager: who, and to whom. A user who does not exist yet manages nobody.
fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let (Some(user), Manager::Found(chosen)) = (cx.row.person.user, manager(cx)) else {
        return;
    };
    let users = &cx.m.org.users;
    if users.has_reference(FIELD) && users.reference(FIELD, user) != Some(users.id(chosen)) {
        sink.keep(user.0, chosen.0);
    }
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let users = &cx.m.org.users;
    // The last row about a user wins.
    let changed: FxHashMap<u32, u32> = cx.kept.iter().map(|kept| (kept.a, kept.b)).collect();
    for kept in cx.kept.iter() {
        let user = UserId(kept.a);
        let Some(chain) = cycle(users, &changed, user, UserId(kept.b)) else {
            continue;
        };
        let place = Place {
            row: Some((kept.row, kept.line)),
            user: users.username(user).map(str::to_owned),
            ..Place::default()
        };
        let subject = users.shown(user);
        let cause = Cause::error(Confidence::Certain)
            .column(Attribute::Manager)
            .subject("user", &subject)
            .key(u64::from(kept.b));
        sink.report(place, cause, || explain(users, user, &chain));
    }
}

/// The managers from `manager` up to `user`, if the line of managers returns to the user.
fn cycle(
    users: &Users,
    changed: &FxHashMap<u32, u32>,
    user: UserId,
    manager: UserId,
) -> Option<Vec<UserId>> {
    let (mut at, mut chain, mut seen) = (manager, Vec::new(), FxHashSet::default());
    while at != user {
        // A circle that the user is not part of is none of this row's making.
        if !seen.insert(at) {
            return None;
        }
        chain.push(at);
        at = match changed.get(&at.0) {
            Some(&next) => UserId(next),
            None => users.by_id(users.reference(FIELD, at)?)?,
        };
    }
    Some(chain)
}

fn explain(users: &Users, user: UserId, chain: &[UserId]) -> Explanation {
    let words = match chain {
        [] => Explanation::new("the user would be their own manager"),
        _ => Explanation::new("the line of managers would return to the user"),
    };
    let mut line: Vec<String> = chain.iter().take(SHOWN).map(|&up| users.shown(up)).collect();
    if chain.len() > SHOWN {
        line.push(format!("{} more", chain.len() - SHOWN));
    }
    line.push(users.shown(user));
    words
        .because(format!(
            "{} would report to {}",
            users.shown(user),
            line.join(", who reports to ")
        ))
        .because("Salesforce prevents a user from reporting directly or indirectly to themselves")
        .fix("choose another manager")
}
