//! What permission sets open beyond their flags: objects (ObjectPermissions) and apps (SetupEntityAccess).

use super::grouped::Grouped;
use super::{ObjectId, PermissionSetId, Table};
use rustc_hash::FxHashMap;

/// Rights on an object, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectRights(u8);

impl ObjectRights {
    /// No right.
    pub const NONE: Self = Self(0);
    /// `PermissionsRead`
    pub const READ: Self = Self(1);
    /// `PermissionsCreate`
    pub const CREATE: Self = Self(1 << 1);
    /// `PermissionsEdit`
    pub const EDIT: Self = Self(1 << 2);
    /// `PermissionsDelete`
    pub const DELETE: Self = Self(1 << 3);
    /// `PermissionsViewAllRecords`
    pub const VIEW_ALL: Self = Self(1 << 4);
    /// `PermissionsModifyAllRecords`
    pub const MODIFY_ALL: Self = Self(1 << 5);

    /// Each right with its column and the word that error texts have for it (`Read Accounts`).
    pub const EACH: [(Self, &'static str, &'static str); 6] = [
        (Self::READ, "PermissionsRead", "Read"),
        (Self::CREATE, "PermissionsCreate", "Create"),
        (Self::EDIT, "PermissionsEdit", "Edit"),
        (Self::DELETE, "PermissionsDelete", "Delete"),
        (Self::VIEW_ALL, "PermissionsViewAllRecords", "View All"),
        (
            Self::MODIFY_ALL,
            "PermissionsModifyAllRecords",
            "Modify All",
        ),
    ];

    /// Both sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is no right in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The rights one by one.
    pub fn each(self) -> impl Iterator<Item = Self> {
        Self::EACH
            .into_iter()
            .map(|(right, _, _)| right)
            .filter(move |right| !self.and(*right).is_empty())
    }

    /// The word that error texts have for a single right; empty for anything else.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::EACH
            .into_iter()
            .find(|(right, _, _)| *right == self)
            .map_or("", |(_, _, word)| word)
    }
}

/// The rights on one object: 24 bits for the object, 8 for the rights, because large orgs have millions of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectGrant(u32);

impl ObjectGrant {
    /// An object number beyond this is not kept.
    pub const MOST_OBJECTS: usize = (1 << 24) - 1;

    /// Rights on an object.
    #[must_use]
    pub fn new(object: ObjectId, rights: ObjectRights) -> Self {
        Self(object.0 | u32::from(rights.0) << 24)
    }

    /// The object.
    #[must_use]
    pub fn object(self) -> ObjectId {
        ObjectId(self.0 & 0x00ff_ffff)
    }

    /// The rights.
    #[must_use]
    pub fn rights(self) -> ObjectRights {
        let [rights, ..] = self.0.to_be_bytes();
        ObjectRights(rights)
    }
}

/// ObjectPermissions and SetupEntityAccess, by permission set (those that profiles and groups own included).
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// API names of the objects that ObjectPermissions names.
    pub objects: Table<ObjectId, Box<str>>,
    /// Which rights ObjectPermissions.csv has columns for; the others are unknown.
    pub told: ObjectRights,
    grants: Grouped<PermissionSetId, ObjectGrant>,
    /// Apps and connected apps that a set assigns; sets without any are not in here.
    apps: FxHashMap<PermissionSetId, u32>,
}

impl Access {
    /// The rights of a set, object by object.
    #[must_use]
    pub fn grants(&self, set: PermissionSetId) -> &[ObjectGrant] {
        self.grants.of(set)
    }

    /// Whether no set has a right on any object.
    #[must_use]
    pub fn has_no_grants(&self) -> bool {
        self.grants.is_empty()
    }

    /// How many apps (`TabSet`) and connected apps (`ConnectedApplication`) a set assigns.
    #[must_use]
    pub fn apps(&self, set: PermissionSetId) -> u32 {
        self.apps.get(&set).copied().unwrap_or(0)
    }

    /// Sets who has which rights; `sets` is the number of permission sets.
    pub fn set_grants(&mut self, sets: usize, rows: Vec<(PermissionSetId, ObjectGrant)>) {
        self.grants = Grouped::new(sets, rows);
    }

    /// Counts one more app of a set.
    pub fn add_app(&mut self, set: PermissionSetId) {
        *self.apps.entry(set).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, ObjectGrant, ObjectRights};
    use crate::model::{ObjectId, PermissionSetId};

    #[test]
    fn a_grant_holds_object_and_rights() {
        let rights = ObjectRights::READ.with(ObjectRights::MODIFY_ALL);
        let grant = ObjectGrant::new(ObjectId(70_000), rights);
        assert_eq!((grant.object(), grant.rights()), (ObjectId(70_000), rights));
        assert_eq!(
            rights.each().map(ObjectRights::word).collect::<Vec<_>>(),
            ["Read", "Modify All"]
        );
        assert_eq!(size_of::<ObjectGrant>(), 4);
    }

    #[test]
    fn grants_are_found_by_set() {
        let mut access = Access::default();
        let grant = |n| ObjectGrant::new(ObjectId(n), ObjectRights::READ);
        access.set_grants(
            3,
            vec![
                (PermissionSetId(2), grant(5)),
                (PermissionSetId(0), grant(6)),
                (PermissionSetId(2), grant(4)),
            ],
        );
        assert_eq!(access.grants(PermissionSetId(2)), [grant(5), grant(4)]);
        assert!(access.grants(PermissionSetId(1)).is_empty());
        assert!(access.grants(PermissionSetId(9)).is_empty());
    }
}
