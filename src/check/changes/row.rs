//! The changes of one row: who, then the profile and what comes with it, the lists, and other fields.

use super::{Noted, lists, values};
use crate::finding::Effect;
use crate::input::{Attribute, Cell, Resolution, RoleCell};
use crate::rules::RowCx;

/// Notes all changes of a row. Says whether it changes anything.
pub(super) fn write(cx: &RowCx<'_>, out: &mut Noted<'_>) -> bool {
    let person = &cx.row.person;
    let username = cx.row.username.sent();
    let id = person.user.map(|user| cx.m.org.users.id(user).text());
    let user = username.or(id.as_deref()).unwrap_or_default();
    out.0.push_text(user.as_bytes());
    if person.is_create() {
        out.put(Effect::Grant, "user", (None, Some(user)), None);
    }
    renamed(cx, out);
    profile(cx, out);
    role(cx, out);
    active(cx, out);
    lists::write(cx, out);
    values::write(cx, out);
    let changed = out.1;
    if !changed {
        out.put(Effect::None, "user", (Some(user), Some(user)), None);
    }
    changed
}

/// A user found by the id may get another login.
fn renamed(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    let (Some(user), Some(login)) = (cx.row.person.user, cx.row.username.sent()) else {
        return;
    };
    let users = &cx.m.org.users;
    // The push that makes a leaver inactive does not rename the login.
    let found = cx.row.person.matched_by_id && !cx.row.person.leaver;
    if !found || users.is_login(user, cx.row.keys.login) {
        return;
    }
    if !users.has_login(user) {
        return out.put(Effect::Unknown, "username", (None, Some(login)), None);
    }
    out.put(
        Effect::Replace,
        "username",
        (users.username(user), Some(login)),
        None,
    );
}

fn profile(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    let person = &cx.row.person;
    let Some(sent) = cx.row.profile_cell.sent() else {
        return;
    };
    let name = |id| cx.m.profile(id).map(|profile| &*profile.name);
    let after = person.profile.and_then(name);
    let before = person.profile_before.and_then(name);
    if person.user.is_some() && before.is_none() {
        return out.put(
            Effect::Unknown,
            "profile",
            (None, after.or(Some(sent))),
            None,
        );
    }
    if person.user.is_some() && person.profile == person.profile_before {
        return;
    }
    out.put(
        if person.user.is_some() {
            Effect::Replace
        } else {
            Effect::Grant
        },
        "profile",
        (before, after.or(Some(sent))),
        Some(sent),
    );
    let license = |id| cx.m.license(id).map(|license| &*license.name);
    let (from, to) = (person.license_before, person.license);
    // Two licenses of one name are two.
    match (from.and_then(license), to.and_then(license)) {
        _ if from == to => {}
        (Some(from), Some(to)) => out.put(Effect::Replace, "license", (Some(from), Some(to)), None),
        (None, Some(to)) if person.is_create() => out.value("license", None, Some(to)),
        (None, Some(to)) => out.put(Effect::Unknown, "license", (None, Some(to)), None),
        (_, None) => {}
    }
}

fn role(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    let person = &cx.row.person;
    let name = |id| cx.m.role(id).map(|role| &*role.name);
    let before = person.role_before.and_then(name);
    let knows = cx.m.org.coverage.has_column("User", "UserRoleId");
    let unseen = person
        .user
        .is_some_and(|user| cx.m.org.users.has_role(user) && before.is_none());
    let (after, sent) = match cx.row.role {
        RoleCell::Keep => return,
        RoleCell::Remove => (None, None),
        RoleCell::Sent(text, to) => {
            let kept = matches!(to, Resolution::Ambiguous(_)) && person.role == person.role_before;
            if person.user.is_some()
                && person.role_before.is_some()
                && (kept || to.one() == person.role_before)
            {
                return;
            }
            (person.role.and_then(name).or(Some(text)), Some(text))
        }
    };
    if person.user.is_some() && (!knows || unseen) {
        return out.put(Effect::Unknown, "role", (None, after), sent);
    }
    let effect = match (before, after) {
        (None, None) => return,
        (None, Some(_)) => Effect::Grant,
        (Some(_), None) => Effect::Revoke,
        (Some(_), Some(_)) => Effect::Replace,
    };
    out.put(effect, "role", (before, after), sent);
}

fn active(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    let person = &cx.row.person;
    let Some(user) = person.user else { return };
    if cx.cell(Attribute::Active) == Cell::Absent {
        return;
    }
    let word = |active| if active { "true" } else { "false" };
    let after = Some(word(person.active));
    match cx.m.org.users.active(user) {
        None => out.put(Effect::Unknown, "active", (None, after), None),
        Some(before) if before == person.active => {}
        Some(before) => {
            let effect = if before {
                Effect::Revoke
            } else {
                Effect::Grant
            };
            out.put(effect, "active", (Some(word(before)), after), None);
        }
    }
}
