//! The lower bound of one license: what profiles and sets of this org enable under it.

use super::permission::{Permission, flags};
use crate::finding::Witness;
use crate::knowledge::Family;
use crate::matrix::Matrix;
use crate::model::{
    Dense, LicenseId, ObjectId, ObjectRights, PermissionId, PermissionSet, PermissionSetId,
    Permissions, SetLicense, SetOwner, UserId,
};
use rustc_hash::FxHashMap;

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
        for (set, row) in m.org.permission_sets.iter() {
            let witness = Witness::PermissionSet(license, set);
            if !is_free(row) || m.witnesses(witness) == 0 {
                continue;
            }
            if m.witnesses.is_plain(witness) {
                self.add_set(m, set, None);
                continue;
            }
            let explained = match m.explained().get(&(license, set)) {
                // All that anybody has of it is muted.
                Some(None) => continue,
                Some(Some(explained)) => Some(explained),
                None => None,
            };
            if narrow {
                let mut own = row.permissions.clone();
                if let Some(explained) = explained {
                    own.difference_with(explained);
                }
                self.system.union_with(&own);
            } else {
                self.add_set(m, set, explained);
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

/// What the permission set licenses of *every* active holder of a set explain, by license and set: what one holder has
/// without them is allowed by the user license. Only sets are in here whose holders all hold some.
/// `None`: they have it through groups only that mute something.
pub(super) type Explained = FxHashMap<(LicenseId, PermissionSetId), Option<Permissions>>;

/// Whether a set has no owner and no license: it can be assigned as far as the user license goes.
fn is_free(set: &PermissionSet) -> bool {
    set.owner == SetOwner::Nobody && set.license.is(&SetLicense::None)
}

/// Looks at all users once.
pub(super) fn explained(m: &Matrix) -> Explained {
    let mut pairs = Explained::default();
    let nothing_known = m.org.psls.iter().all(|(_, psl)| psl.maximum.is_clear());
    let mut groups = m.org.permission_set_groups.iter();
    if nothing_known && groups.all(|(_, group)| group.muting.is_empty()) {
        return pairs;
    }
    for (set, _) in m.org.permission_sets.iter().filter(|(_, set)| is_free(set)) {
        for (license, _) in m.org.licenses.iter() {
            let witness = Witness::PermissionSet(license, set);
            if m.witnesses(witness) > 0 && !m.witnesses.is_plain(witness) {
                pairs.insert((license, set), None);
            }
        }
    }
    if pairs.is_empty() {
        return pairs;
    }
    for user in m.org.users.iter() {
        let profile = m.org.users.profile(user);
        if let Some(license) = profile.and_then(|profile| m.license_of(profile))
            && m.org.users.active(user) == Some(true)
        {
            narrow_down(m, user, license, &mut pairs);
        }
    }
    pairs
}

/// Narrows down what the permission set licenses of *every* holder of a set explain: what one holder has without them
/// is allowed by the user license.
fn narrow_down(m: &Matrix, user: UserId, license: LicenseId, pairs: &mut Explained) {
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
            let Some(explained) = pairs.get_mut(&(license, *set)) else {
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
