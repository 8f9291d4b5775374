//! A permission as texts name it: a flag, a right on an object, or the assigned apps; and what a set or group enables.

use crate::input::SetRef;
use crate::matrix::Matrix;
use crate::model::{
    Dense, Known, ObjectGrant, ObjectId, ObjectRights, PermissionId, PermissionSetId, Permissions,
    SetLicense,
};
use rustc_hash::FxHashMap;

/// One permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// A `Permissions...` flag.
    System(PermissionId),
    /// One right on one object.
    Object(ObjectId, ObjectRights),
    /// Assigned apps, taken together: the texts do not tell one from the other.
    Apps,
}

/// What a set, or a group after muting, enables.
#[derive(Clone, Debug, Default)]
pub struct Enabled {
    /// Flags.
    pub system: Permissions,
    /// Rights on objects.
    pub objects: Vec<ObjectGrant>,
    /// Apps that it assigns.
    pub apps: u32,
}

impl Enabled {
    /// Whether it enables nothing that the snapshot tells of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.system.is_clear() && self.objects.is_empty() && self.apps == 0
    }

    fn of_set(m: &Matrix, set: PermissionSetId) -> Self {
        let access = &m.org.access;
        Self {
            system: m
                .set(set)
                .map(|set| set.permissions.clone())
                .unwrap_or_default(),
            objects: access.grants(set).to_vec(),
            apps: access.apps(set),
        }
    }

    /// Takes out what sets with a license of their own bring: it comes with that license.
    fn without(&mut self, m: &Matrix, licensed: &[PermissionSetId]) {
        let mut rights: FxHashMap<ObjectId, ObjectRights> = FxHashMap::default();
        for &set in licensed {
            if let Some(set) = m.set(set) {
                self.system.difference_with(&set.permissions);
            }
            for grant in m.org.access.grants(set) {
                let held = rights.entry(grant.object()).or_default();
                *held = held.with(grant.rights());
            }
            if m.org.access.apps(set) > 0 {
                self.apps = 0;
            }
        }
        if !rights.is_empty() {
            self.objects = self
                .objects
                .iter()
                .filter_map(|grant| {
                    let licensed = rights.get(&grant.object()).copied().unwrap_or_default();
                    let left = grant.rights().without(licensed);
                    (!left.is_empty()).then(|| ObjectGrant::new(grant.object(), left))
                })
                .collect();
        }
    }

    fn add(&mut self, other: &Self) {
        self.system.union_with(&other.system);
        self.objects.extend(&other.objects);
        self.apps += other.apps;
    }
}

impl Matrix {
    /// What must come from the user license when a set or group is assigned: all that a set without license enables;
    /// of a group what is left after muting and is not brought by members with a license. `None` where the set has a
    /// license of its own, or where the snapshot does not tell.
    #[must_use]
    pub fn enabled(&self, to: SetRef) -> Option<Enabled> {
        match to {
            SetRef::Set(set) => (self.set(set)?.license.get()? == SetLicense::None)
                .then(|| Enabled::of_set(self, set)),
            SetRef::Group(group) => {
                let row = self.group(group)?;
                let members = row.members.as_ref().map_or(&[][..], Vec::as_slice);
                let is_free = |set: &PermissionSetId| {
                    self.set(*set)
                        .is_some_and(|set| set.license == Known::Yes(SetLicense::None))
                };
                let (free, licensed): (Vec<_>, Vec<_>) = members.iter().copied().partition(is_free);
                let mut enabled = match row.aggregate {
                    Some(aggregate) => Enabled::of_set(self, aggregate),
                    // Without its own row the members stand for the group, unless something is muted in it.
                    None if row.muting.is_empty() => {
                        let mut all = Enabled::default();
                        for set in free {
                            all.add(&Enabled::of_set(self, set));
                        }
                        all
                    }
                    None => return None,
                };
                enabled.without(self, &licensed);
                Some(enabled)
            }
        }
    }

    /// All that a set or group enables, whatever licenses it brings along.
    #[must_use]
    pub fn enabled_at_all(&self, to: SetRef) -> Option<Enabled> {
        match to {
            SetRef::Set(set) => Some(Enabled::of_set(self, set)),
            SetRef::Group(group) => {
                let aggregate = self.group(group)?.aggregate?;
                Some(Enabled::of_set(self, aggregate))
            }
        }
    }

    /// API name of a permission: `RunReports`, `Read Account`, `AssignedApps`.
    #[must_use]
    pub fn permission_name(&self, permission: Permission) -> String {
        match permission {
            Permission::System(id) => self.org.permissions.get(id).map_or("", |name| name).into(),
            Permission::Object(object, right) => {
                format!("{} {}", right.word(), self.object_name(object))
            }
            Permission::Apps => String::from("AssignedApps"),
        }
    }

    /// A permission as error texts name it: by its label, from describe, else as shipped, else its API name.
    #[must_use]
    pub fn permission_label(&self, permission: Permission) -> String {
        match permission {
            Permission::System(id) => {
                let name = self.org.permissions.get(id).map_or("", |name| name);
                let described = self
                    .org
                    .permission_labels
                    .iter()
                    .filter(|(_, permission)| &***permission == name)
                    .map(|(label, _)| &**label)
                    .min();
                described
                    .or_else(|| self.knowledge.permission_label(name).map(str::trim))
                    .unwrap_or(name)
                    .to_owned()
            }
            Permission::Object(..) => self.permission_name(permission),
            Permission::Apps => String::from("Assigned Apps"),
        }
    }

    /// A permission for people: `Run Reports (RunReports)`, or one of the two where they are the same.
    #[must_use]
    pub fn permission_shown(&self, permission: Permission) -> String {
        let (label, name) = (
            self.permission_label(permission),
            self.permission_name(permission),
        );
        match permission {
            Permission::System(_) if label != name => format!("{label} ({name})"),
            _ => label,
        }
    }

    /// API name of an object that ObjectPermissions names.
    #[must_use]
    pub fn object_name(&self, object: ObjectId) -> &str {
        self.org
            .access
            .objects
            .get(object)
            .map_or("", AsRef::as_ref)
    }
}

/// Whether an object is not one of Salesforce's own, by its API name.
pub(in crate::matrix) fn is_custom(object: &str) -> bool {
    object.contains("__")
}

/// The flags as permissions.
pub(super) fn flags(system: &Permissions) -> impl Iterator<Item = PermissionId> + '_ {
    system.ones().map(PermissionId::new)
}
