//! What profiles and sets may do: permissions and rights on objects that came and went.

use super::facts::{At, Sheet};
use crate::matrix::Matrix;
use crate::model::{
    Dense, MutingSetId, ObjectRights, Org, PermissionId, PermissionSetId, Permissions, ProfileId,
    SetOwner,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A permission that both tell, by name and place in each; without a place it is not enabled there.
type Common<'a> = Vec<(&'a str, Option<PermissionId>, Option<PermissionId>)>;

/// What of permissions and rights can be compared.
pub(super) struct Rights<'a> {
    old: &'a Matrix,
    new: &'a Matrix,
    of_profiles: Common<'a>,
    of_sets: Common<'a>,
    of_muting: Common<'a>,
    /// Rights on objects that both have columns for.
    objects: ObjectRights,
    /// The sets that profiles own, in each.
    owned: (
        FxHashMap<ProfileId, PermissionSetId>,
        FxHashMap<ProfileId, PermissionSetId>,
    ),
}

fn common<'a>(old: &'a Org, new: &'a Org, known: impl Fn(&Org) -> &Permissions) -> Common<'a> {
    // Files of metadata name what is enabled: between two projects a permission that only one names is not enabled in
    // the other. A snapshot without its column does not know it.
    let by_name = old.coverage.from_metadata && new.coverage.from_metadata;
    let mut places: BTreeMap<&str, (Option<PermissionId>, Option<PermissionId>)> = BTreeMap::new();
    let told = |org: &'a Org| {
        let known = known(org).clone();
        let permissions = org.permissions.iter();
        permissions.filter(move |(id, _)| known.contains(id.index()))
    };
    for (id, name) in told(old) {
        places.entry(&**name).or_default().0 = Some(id);
    }
    for (id, name) in told(new) {
        places.entry(&**name).or_default().1 = Some(id);
    }
    places
        .into_iter()
        .filter(|(_, (old, new))| by_name || (old.is_some() && new.is_some()))
        .map(|(name, (old, new))| (name, old, new))
        .collect()
}

fn owned(org: &Org) -> FxHashMap<ProfileId, PermissionSetId> {
    org.permission_sets
        .iter()
        .filter_map(|(set, row)| match row.owner {
            SetOwner::Profile(Some(profile)) => Some((profile, set)),
            _ => None,
        })
        .collect()
}

impl<'a> Rights<'a> {
    pub(super) fn of(sheet: &mut Sheet<'a, '_>) -> Self {
        let (old, new) = (sheet.old, sheet.new);
        let orgs = (&old.org, &new.org);
        let objects = if sheet.notes.both_have("ObjectPermissions") {
            orgs.0.access.told.and(orgs.1.access.told)
        } else {
            ObjectRights::NONE
        };
        Self {
            old,
            new,
            of_profiles: common(orgs.0, orgs.1, |org| &org.profile_permissions),
            of_sets: common(orgs.0, orgs.1, |org| &org.set_permissions),
            of_muting: common(orgs.0, orgs.1, |org| &org.muting_permissions),
            objects,
            owned: (owned(orgs.0), owned(orgs.1)),
        }
    }

    /// A profile: its own columns, and those of the set that it owns, which carries the rights on objects.
    pub(super) fn profile(&self, at: &mut At<'_, '_>, old: ProfileId, new: ProfileId) {
        let rows = (self.old.profile(old), self.new.profile(new));
        let (Some(before), Some(after)) = rows else {
            return;
        };
        let mut lost = Vec::new();
        let mut gained = Vec::new();
        let found = differences(&self.of_profiles, &before.permissions, &after.permissions);
        lost.extend(found.0);
        gained.extend(found.1);
        let sets = (self.owned.0.get(&old), self.owned.1.get(&new));
        if let (Some(&old), Some(&new)) = sets
            && let (Some(before), Some(after)) = (self.old.set(old), self.new.set(new))
        {
            let found = differences(&self.of_sets, &before.permissions, &after.permissions);
            lost.extend(found.0);
            gained.extend(found.1);
            for names in [&mut lost, &mut gained] {
                names.sort_unstable();
                names.dedup();
            }
            let (less, more) = self.objects(old, new);
            at.items("Permissions", lost.into_iter(), gained.into_iter());
            at.items("ObjectPermissions", less.into_iter(), more.into_iter());
            return;
        }
        at.items("Permissions", lost.into_iter(), gained.into_iter());
    }

    pub(super) fn set(&self, at: &mut At<'_, '_>, old: PermissionSetId, new: PermissionSetId) {
        let (Some(before), Some(after)) = (self.old.set(old), self.new.set(new)) else {
            return;
        };
        let found = differences(&self.of_sets, &before.permissions, &after.permissions);
        at.items("Permissions", found.0.into_iter(), found.1.into_iter());
        let (less, more) = self.objects(old, new);
        at.items("ObjectPermissions", less.into_iter(), more.into_iter());
    }

    pub(super) fn muting(&self, at: &mut At<'_, '_>, old: MutingSetId, new: MutingSetId) {
        let orgs = (&self.old.org.muting_sets, &self.new.org.muting_sets);
        if let (Some(before), Some(after)) = (orgs.0.get(old), orgs.1.get(new)) {
            let found = differences(&self.of_muting, &before.permissions, &after.permissions);
            at.items("Permissions", found.0.into_iter(), found.1.into_iter());
        }
    }

    /// Rights on objects that went and came: `Edit Account`.
    fn objects(&self, old: PermissionSetId, new: PermissionSetId) -> (Vec<String>, Vec<String>) {
        fn of(org: &Org, set: PermissionSetId, told: ObjectRights) -> BTreeMap<&str, ObjectRights> {
            let mut all: BTreeMap<&str, ObjectRights> = BTreeMap::new();
            for grant in org.access.grants(set) {
                if let Some(name) = org.access.objects.get(grant.object()) {
                    let held = all.entry(&**name).or_default();
                    *held = held.with(grant.rights().and(told));
                }
            }
            all
        }
        if self.objects.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let before = of(&self.old.org, old, self.objects);
        let after = of(&self.new.org, new, self.objects);
        let missing = |have: &BTreeMap<&str, ObjectRights>,
                       other: &BTreeMap<&str, ObjectRights>| {
            let mut words = Vec::new();
            for (object, rights) in have {
                let left = rights.without(other.get(object).copied().unwrap_or_default());
                words.extend(
                    left.each()
                        .map(|right| format!("{} {object}", right.word())),
                );
            }
            words
        };
        (missing(&before, &after), missing(&after, &before))
    }
}

/// Names of permissions that went and came.
fn differences(
    common: &Common<'_>,
    before: &Permissions,
    after: &Permissions,
) -> (Vec<String>, Vec<String>) {
    let (mut lost, mut gained) = (Vec::new(), Vec::new());
    for (name, old, new) in common {
        let held = |all: &Permissions, id: &Option<PermissionId>| {
            id.is_some_and(|id| all.contains(id.index()))
        };
        match (held(before, old), held(after, new)) {
            (true, false) => lost.push((*name).to_owned()),
            (false, true) => gained.push((*name).to_owned()),
            _ => {}
        }
    }
    (lost, gained)
}
