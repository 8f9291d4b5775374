//! What a row does with permission sets, groups and permission set licenses.

use super::RowCx;
use crate::input::{Attribute, SetRef};
use crate::matrix::Matrix;
use crate::model::{
    Assignment, Known, LicenseId, PermissionId, PermissionSet, PermissionSetId,
    PermissionSetLicense, PslId, SetLicense, UserId, UserType,
};
use jiff::civil::Date;
use smallvec::SmallVec;

/// A permission set license that a row needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needed<'r> {
    pub(crate) psl: PslId,
    /// The set or group that needs it; `None`: the row names the license itself.
    pub(crate) through: Option<SetRef>,
    pub(crate) column: Attribute,
    pub(crate) text: &'r str,
}

/// The sets behind a set or group; none for a group whose components are unknown.
pub(crate) fn members<'m>(m: &'m Matrix, to: &'m SetRef) -> &'m [PermissionSetId] {
    match to {
        SetRef::Set(set) => std::slice::from_ref(set),
        SetRef::Group(group) => m
            .group(*group)
            .and_then(|group| group.members.as_ref())
            .map_or(&[], Vec::as_slice),
    }
}

/// The permission set licenses that a set or group takes by itself.
pub(crate) fn psls_of(m: &Matrix, to: SetRef) -> SmallVec<[PslId; 4]> {
    let mut taken = SmallVec::new();
    for &set in members(m, &to) {
        if let Some(SetLicense::Psl(psl)) = m.set(set).and_then(|set| set.license.get())
            && !taken.contains(&psl)
        {
            taken.push(psl);
        }
    }
    taken
}

/// Calls `each` for every permission set license that the row needs, directly or through sets and groups.
pub(crate) fn needed_psls(cx: &RowCx<'_>, mut each: impl FnMut(Needed<'_>)) {
    for (item, psl) in cx.row.psls.found() {
        each(Needed {
            psl,
            through: None,
            column: item.column,
            text: &item.text,
        });
    }
    for (item, to) in cx.row.sets.found() {
        // Most sets need none: their traits tell, and lie close together.
        if !cx.m.traits(to).psl {
            continue;
        }
        for psl in psls_of(cx.m, to) {
            each(Needed {
                psl,
                through: Some(to),
                column: item.column,
                text: &item.text,
            });
        }
    }
}

/// What an assignment assigns: a group before the set that bears its permissions.
pub(crate) fn target(held: &Assignment) -> Option<SetRef> {
    held.group.map(SetRef::Group).or(held.set.map(SetRef::Set))
}

/// All assignments of the row's user, live or not.
pub(crate) fn assignments<'a>(cx: &RowCx<'a>) -> &'a [Assignment] {
    cx.row
        .person
        .user
        .map_or(&[], |user| cx.m.org.users.assignments(user))
}

/// Whether the set or group is live-assigned to the user now.
pub(crate) fn holds(cx: &RowCx<'_>, to: SetRef) -> bool {
    assignments(cx)
        .iter()
        .any(|held| held.live && target(held) == Some(to))
}

/// Whether the user holds the license now, by itself or through a set.
pub(crate) fn holds_psl(cx: &RowCx<'_>, psl: PslId) -> bool {
    cx.psls_before().contains(&psl)
        || assignments(cx)
            .iter()
            .filter(|held| held.live)
            .filter_map(target)
            .any(|to| psls_of(cx.m, to).contains(&psl))
}

/// Why a permission set license cannot be assigned any more; `None` where it can, or where nothing is known.
pub(crate) fn psl_ended(psl: &PermissionSetLicense, today: Date) -> Option<String> {
    if let Some(Some(day)) = psl.expires.get()
        && day < today
    {
        return Some(format!("it expired on {day}"));
    }
    psl.disabled
        .is(&true)
        .then(|| String::from("its status is Disabled"))
}

/// Whether a set is bound to a user license other than this one.
pub(crate) fn bound_elsewhere(set: &PermissionSet, license: LicenseId) -> bool {
    match set.license.get() {
        Some(SetLicense::User(bound)) => bound != license,
        // The license of the profile is in the snapshot, so one that is not is another.
        Some(SetLicense::UnseenLicense(_)) => true,
        _ => false,
    }
}

/// Whether a set is bound to some user license.
pub(crate) fn is_bound_to_license(set: &PermissionSet) -> bool {
    matches!(
        set.license.get(),
        Some(SetLicense::User(_) | SetLicense::UnseenLicense(_))
    )
}

/// The license that a set is bound to, for people.
pub(crate) fn shown_bond(m: &Matrix, set: &PermissionSet) -> String {
    match set.license.get() {
        Some(SetLicense::User(license)) => m.shown_license(license),
        Some(SetLicense::Psl(psl)) => shown_psl(m, psl),
        Some(SetLicense::UnseenLicense(id) | SetLicense::UnseenPsl(id)) => {
            format!("{id} (not in the snapshot)")
        }
        Some(SetLicense::None) | None => String::from("no license"),
    }
}

/// A permission set license by name.
pub(crate) fn shown_psl(m: &Matrix, psl: PslId) -> String {
    m.psl(psl)
        .map(|psl| psl.shown().to_owned())
        .unwrap_or_default()
}

/// The subject of a finding about a set or group.
pub(crate) fn kind(to: SetRef) -> &'static str {
    match to {
        SetRef::Set(_) => "permission-set",
        SetRef::Group(_) => "permission-set-group",
    }
}

/// `permission set Sales_Reports`, `permission set group Sales_Core`.
pub(crate) fn phrase(m: &Matrix, to: SetRef) -> String {
    let name = m.shown(to);
    match to {
        SetRef::Set(_) => format!("permission set {name}"),
        SetRef::Group(_) => format!("permission set group {name}"),
    }
}

/// Whether the snapshot proves that a user has a permission neither by profile nor by a set or group; `None` where
/// only the missing assignments could tell.
pub(crate) fn lacks_permission(m: &Matrix, user: UserId, permission: PermissionId) -> Option<bool> {
    let by_profile = m
        .org
        .users
        .profile(user)
        .map_or(Known::Yes(false), |profile| {
            m.profile_allows(profile, permission)
        });
    if !by_profile.is(&false) {
        return Some(false);
    }
    if !m.org.coverage.has("PermissionSetAssignment") {
        return None;
    }
    Some(m.assigned(user).into_iter().all(|held| {
        let set = match held {
            SetRef::Set(set) => Some(set),
            SetRef::Group(group) => m.group(group).and_then(|group| group.aggregate),
        };
        set.is_some_and(|set| m.set_allows(set, permission).is(&false))
    }))
}

/// Whether only ObjectPermissions could tell if the row's sets fit the user.
pub(crate) fn needs_object_rights(cx: &RowCx<'_>) -> bool {
    let person = &cx.row.person;
    let mut all = cx.row.sets.found().map(|(_, to)| to);
    if person.kind_before == Some(UserType::Guest) && !person.is_create() {
        return all.next().is_some();
    }
    let refuses = person
        .license
        .is_some_and(|license| cx.m.refuses_objects(license));
    refuses
        && all.any(|to| match to {
            SetRef::Set(set) => {
                cx.m.set(set)
                    .is_some_and(|set| set.license.is(&SetLicense::None))
            }
            SetRef::Group(_) => true,
        })
}
