//! The lower bound of one license: what profiles and sets of this org enable under it.

use super::permission::{Permission, flags};
use crate::finding::Witness;
use crate::knowledge::Family;
use crate::matrix::Matrix;
use crate::model::{
    Dense, LicenseId, ObjectId, ObjectRights, PermissionId, PermissionSetId, Permissions,
    ProfileId, SetLicense, SetOwner, UserId,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Families whose users get rights on objects by permission set licenses as a rule: what holders of one have proves
/// nothing for the others. Custom objects are judged for them too.
const NARROW: [&str; 3] = ["integration", "guest", "agent"];

/// Whether rights on objects are narrow for the license's family.
pub(super) fn is_narrow(family: Option<Family>) -> bool {
    family.is_some_and(|family| NARROW.contains(&family.as_str()))
}

/// What is seen enabled under one license in this org.
#[derive(Debug, Default)]
pub struct Ceiling {
    system: Permissions,
    /// Flags of which the org could have shown that they are enabled.
    told: Permissions,
    objects: FxHashMap<ObjectId, ObjectRights>,
    /// Whether ObjectPermissions holds rows of a profile of the license.
    objects_told: bool,
    apps: bool,
}

impl Ceiling {
    pub(super) fn of(m: &Matrix, license: LicenseId) -> Self {
        let mut ceiling = Self::default();
        for (profile, row) in m.org.profiles.iter() {
            if m.license_of(profile) == Some(license) {
                ceiling.system.union_with(&row.permissions);
                ceiling.told.union_with(&m.org.profile_permissions);
            }
        }
        for (set, row) in m.org.permission_sets.iter() {
            match row.owner {
                SetOwner::Profile(Some(profile)) if m.license_of(profile) == Some(license) => {
                    ceiling.told.union_with(&m.org.set_permissions);
                    ceiling.objects_told |= !m.org.access.grants(set).is_empty();
                    ceiling.add_set(m, set, None);
                }
                SetOwner::Nobody if row.license.is(&SetLicense::User(license)) => {
                    ceiling.add_set(m, set, None);
                }
                _ => {}
            }
        }
        ceiling.add_held(m, license);
        ceiling
    }

    /// Adds what a set enables, apart from flags that something else explains.
    fn add_set(&mut self, m: &Matrix, set: PermissionSetId, explained: Option<&Permissions>) {
        if let Some(row) = m.set(set) {
            match explained {
                None => self.system.union_with(&row.permissions),
                Some(explained) => {
                    let mut own = row.permissions.clone();
                    own.difference_with(explained);
                    self.system.union_with(&own);
                }
            }
        }
        self.add_objects(m, set);
    }

    fn add_objects(&mut self, m: &Matrix, set: PermissionSetId) {
        for grant in m.org.access.grants(set) {
            let held = self.objects.entry(grant.object()).or_default();
            *held = held.with(grant.rights());
        }
        self.apps |= m.org.access.apps(set) > 0;
    }

    /// Sets without license that active users of the license hold, apart from what their permission set licenses explain.
    fn add_held(&mut self, m: &Matrix, license: LicenseId) {
        let narrow = is_narrow(m.family(license));
        let mut doubtful: BTreeMap<PermissionSetId, Option<Permissions>> = BTreeMap::new();
        for (set, row) in m.org.permission_sets.iter() {
            let witness = Witness::PermissionSet(license, set);
            if row.owner != SetOwner::Nobody
                || !row.license.is(&SetLicense::None)
                || m.witnesses(witness) == 0
            {
                continue;
            }
            if m.witnesses.is_plain(witness) {
                self.add_set(m, set, None);
            } else {
                doubtful.insert(set, None);
            }
        }
        if doubtful.is_empty() {
            return;
        }
        for user in m.org.users.iter() {
            let of = |profile: ProfileId| m.license_of(profile) == Some(license);
            if m.org.users.active(user) == Some(true) && m.org.users.profile(user).is_some_and(of) {
                narrow_down(m, user, &mut doubtful);
            }
        }
        for (set, explained) in doubtful {
            let Some(explained) = explained else { continue };
            if narrow {
                if let Some(row) = m.set(set) {
                    let mut own = row.permissions.clone();
                    own.difference_with(&explained);
                    self.system.union_with(&own);
                }
            } else {
                self.add_set(m, set, Some(&explained));
            }
        }
    }

    /// Whether a permission is seen.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        match permission {
            Permission::System(id) => self.system.contains(id.index()),
            Permission::Object(object, right) => right.without(self.rights(object)).is_empty(),
            Permission::Apps => self.apps,
        }
    }

    /// Whether the org could show that the permission is enabled: without that its absence says nothing at all.
    #[must_use]
    pub fn tells(&self, permission: Permission) -> bool {
        match permission {
            Permission::System(id) => self.told.contains(id.index()),
            Permission::Object(..) => self.objects_told,
            Permission::Apps => false,
        }
    }

    /// The flags that are seen.
    pub fn system(&self) -> impl Iterator<Item = PermissionId> + '_ {
        flags(&self.system)
    }

    /// The rights on an object that are seen.
    #[must_use]
    pub fn rights(&self, object: ObjectId) -> ObjectRights {
        self.objects.get(&object).copied().unwrap_or_default()
    }

    /// How many objects some right is seen on.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.objects.len()
    }
}

/// Narrows down what the permission set licenses of *every* holder of a set explain: what one holder has without them
/// is allowed by the user license.
fn narrow_down(
    m: &Matrix,
    user: UserId,
    doubtful: &mut BTreeMap<PermissionSetId, Option<Permissions>>,
) {
    let mut of_user: Option<Permissions> = None;
    for held in m
        .org
        .users
        .assignments(user)
        .iter()
        .filter(|held| held.live)
    {
        let group = held.group.and_then(|group| m.group(group));
        // What a group mutes its holders do not have.
        if group.is_some_and(|group| !group.muting.is_empty()) {
            continue;
        }
        let members = group.and_then(|group| group.members.as_ref());
        for set in held.set.iter().chain(members.into_iter().flatten()) {
            let Some(explained) = doubtful.get_mut(set) else {
                continue;
            };
            let own = of_user.get_or_insert_with(|| {
                let mut all = Permissions::new();
                for psl in m.org.users.psls(user).iter().filter_map(|psl| m.psl(*psl)) {
                    all.union_with(&psl.maximum);
                }
                all
            });
            match explained {
                None => *explained = Some(own.clone()),
                Some(explained) => explained.intersect_with(own),
            }
        }
    }
}
