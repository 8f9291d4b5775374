#![doc = include_str!("profile_silent_change.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::Dense;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-silent-change",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update",
    columns: &[Attribute::Profile, Attribute::Role],
    needs: &[
        Need::optional("User", "ProfileId"),
        Need::optional("User", "UserRoleId"),
    ],
    row: Some(check),
    when: Occasion::PROFILE_CHANGES
        .or(Occasion::ROLE_SENT)
        .or(Occasion::ROLE_REMOVED),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let Some(user) = person.user else { return };
    let moves = person.changes_profile();
    // A role that is not in the snapshot cannot be told from the one that the row names.
    let unseen = || person.role_before.is_none() && cx.m.org.users.has_role(user);
    let knows_roles = || cx.m.org.coverage.has_column("User", "UserRoleId");
    let turns =
        person.role != person.role_before && !leads_nowhere(cx) && !unseen() && knows_roles();
    if !moves && !turns {
        return;
    }
    let Some(other) = cx.other_changes().next() else {
        return;
    };
    let column = if moves {
        Attribute::Profile
    } else {
        Attribute::Role
    };
    let number = |n: Option<usize>| n.map_or(0, |n| n as u64 + 1);
    let ends = |before: Option<usize>, after: Option<usize>| number(before) << 32 | number(after);
    let key = if moves {
        let (before, after) = (person.profile_before, person.profile);
        ends(before.map(Dense::index), after.map(Dense::index))
    } else {
        let (before, after) = (person.role_before, person.role);
        ends(before.map(Dense::index), after.map(Dense::index))
    };
    let cause = Cause::warning(Confidence::Certain)
        .column(column)
        .subject("field", &other.field)
        .key(key);
    sink.report(cause, || explain(cx, moves, &other.field));
}

/// A role cell that leads to no role changes none: other rules say so.
fn leads_nowhere(cx: &RowCx<'_>) -> bool {
    matches!(cx.row.role, crate::input::RoleCell::Sent(_, to) if to.one().is_none())
}

fn explain(cx: &RowCx<'_>, moves: bool, other: &str) -> Explanation {
    let person = &cx.row.person;
    let profile = |id| cx.m.profile(id).map_or("", |profile| &*profile.name);
    let role = |id| cx.m.role(id).map_or("no role", |role| &*role.name);
    let words = if moves {
        let from = person.profile_before.map_or("", profile);
        let to = person.profile.map_or("", profile);
        let words = Explanation::new(format!(
            "a push about {other} moves the user from profile {from} to {to} as well"
        ));
        match (person.license_before, person.license) {
            (Some(from), Some(to)) if from != to => words.because(format!(
                "the license changes with it, from {} to {}",
                cx.m.shown_license(from),
                cx.m.shown_license(to)
            )),
            _ => words,
        }
    } else {
        let from = person.role_before.map_or("no role", role);
        let to = person.role.map_or("no role", role);
        Explanation::new(format!(
            "a push about {other} takes the user from {from} to {to} as well"
        ))
    };
    words
        .because(format!(
            "{other} of the row is not what Salesforce has, so it is pushed, and Okta pushes the whole app profile with it"
        ))
        .because("Okta cannot leave profile and role out of a push")
        .fix("correct profile and role in Okta first, if the move is not meant")
}
