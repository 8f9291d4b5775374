//! What a user may do, as far as the seed tells it.

use super::Error;
use super::store::{Store, Table};
use crate::model::SfId;
use std::collections::BTreeSet;

/// Permissions that decide what can be read.
const DECIDING: &[&str] = &[
    "ApiEnabled",
    "AssignPermissionSets",
    "ManageProfilesPermissionsets",
    "ManageRoles",
    "ManageUsers",
    "ViewRoles",
    "ViewSetup",
];

/// The user of callers whose login names none: the one with this username, else an administrator.
///
/// # Errors
/// The username is not in the seed.
pub(super) fn caller(store: &Store, username: Option<&str>) -> Result<SfId, Error> {
    match username {
        Some(username) => {
            by_name(store, username).ok_or_else(|| Error::NoUser(username.to_owned()))
        }
        None => administrator(store).ok_or_else(|| Error::NoUser("an administrator".to_owned())),
    }
}

/// The active user with a username, in any case.
pub(super) fn by_name(store: &Store, username: &str) -> Option<SfId> {
    let users = store.table("User")?;
    let named = users.field("Username")?;
    let active = users.field("IsActive");
    users.ids().iter().find_map(|&(id, row)| {
        let is_active = active.is_none_or(|field| users.value(row, field) == "true");
        (is_active && users.value(row, named).eq_ignore_ascii_case(username)).then_some(id)
    })
}

/// The first active user who lacks no right, else the first active user, else nobody in particular.
fn administrator(store: &Store) -> Option<SfId> {
    let Some(users) = store.table("User") else {
        return SfId::parse("005000000000001").ok();
    };
    let active = users.field("IsActive");
    let profile = users.field("ProfileId");
    let mut full: BTreeSet<String> = BTreeSet::new();
    if let Some(profiles) = store.table("Profile") {
        for &(id, row) in profiles.ids() {
            if without(profiles, row).is_empty() {
                full.insert(id.text());
            }
        }
    }
    let mut first = None;
    for &(id, row) in users.ids() {
        if active.is_some_and(|field| users.value(row, field) != "true") {
            continue;
        }
        first = first.or(Some(id));
        let own = profile.map(|field| users.value(row, field));
        if own.is_some_and(|own| SfId::parse(&own).is_ok_and(|id| full.contains(&id.text()))) {
            return Some(id);
        }
    }
    first.or_else(|| SfId::parse("005000000000001").ok())
}

/// Permissions of the profile or permission set that are known to be off.
fn without(table: &Table, row: u32) -> BTreeSet<String> {
    DECIDING
        .iter()
        .filter(|right| {
            table
                .field(&format!("Permissions{right}"))
                .is_some_and(|field| table.value(row, field) != "true")
        })
        .map(|&right| right.to_owned())
        .collect()
}

/// Permissions that a user lacks: neither the profile nor an assigned permission set has them. What the seed does not tell is not lacking.
pub(super) fn lacking(store: &Store, user: SfId) -> BTreeSet<String> {
    let mut lacks = BTreeSet::new();
    let profile = SfId::parse(&store.value("User", user, "ProfileId")).ok();
    let (Some(profile), Some(profiles)) = (profile, store.table("Profile")) else {
        return lacks;
    };
    let Some(row) = profiles.find(profile) else {
        return lacks;
    };
    lacks.extend(without(profiles, row));
    if lacks.is_empty() {
        return lacks;
    }
    let (Some(assignments), Some(sets)) = (
        store.table("PermissionSetAssignment"),
        store.table("PermissionSet"),
    ) else {
        return lacks;
    };
    let (Some(assignee), Some(set)) = (
        assignments.field("AssigneeId"),
        assignments.field("PermissionSetId"),
    ) else {
        return lacks;
    };
    for &(_, row) in assignments.ids() {
        if SfId::parse(&assignments.value(row, assignee)) != Ok(user) {
            continue;
        }
        let found = SfId::parse(&assignments.value(row, set))
            .ok()
            .and_then(|id| sets.find(id));
        if let Some(found) = found {
            let missing = without(sets, found);
            lacks.retain(|right| missing.contains(right));
        }
    }
    lacks
}
