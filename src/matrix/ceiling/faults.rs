//! What of a set or group a license does not permit, needs a permission set license for, or was never seen to permit.

use super::bound::{Ceiling, is_narrow};
use super::permission::{Enabled, Permission, flags, is_custom};
use crate::input::SetRef;
use crate::knowledge::{Exclusion, Family, ObjectRight, PermissionKind};
use crate::matrix::Matrix;
use crate::model::{LicenseId, ObjectRights, PslId};

/// The family of guest users. Their rights to write are refused with a text of their own.
const GUEST: &str = "guest";
/// Families for which custom objects count: users of other licenses may hold any of them.
const NO_CUSTOM_OBJECTS: [&str; 6] = [
    "chatter-free",
    "chatter-external",
    "identity",
    "guest",
    "integration",
    "agent",
];

/// Why a permission needs a permission set license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// `MaximumPermissions...` of a permission set license of this org has it, and nothing shows that the user license
    /// has it too.
    Maximum {
        /// Whether the org could have shown it: without that the verdict is a doubt.
        told: bool,
    },
    /// A published refusal names the permission set license that opens it, by its key.
    Published(&'static str),
}

/// A permission that a permission set license opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The permission.
    pub permission: Permission,
    /// How that is known.
    pub ground: Ground,
}

/// What is wrong with a set or group under a license, before the permission set licenses of a user are looked at.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Published refusals for the family of the license.
    pub excluded: Vec<(Permission, &'static Exclusion)>,
    /// Permissions that need a permission set license.
    pub gated: Vec<Gate>,
    /// Permissions that were never seen under the license, in this org or elsewhere.
    pub unproven: Vec<Permission>,
}

impl Faults {
    pub(super) fn find(
        m: &Matrix,
        license: LicenseId,
        ceiling: &Ceiling,
        to: SetRef,
    ) -> Option<Self> {
        let enabled = m.enabled(to)?;
        if enabled.is_empty() {
            return None;
        }
        let family = m.family(license);
        let mut faults = Self::default();
        if let Some(family) = family {
            faults.find_excluded(m, family, &enabled);
        }
        faults.find_flags(m, license, ceiling, &enabled);
        faults.find_objects(m, family, ceiling, &enabled);
        faults.excluded.sort_by_key(|(permission, _)| *permission);
        faults.gated.sort_by_key(|gate| gate.permission);
        faults.unproven.sort();
        let sound =
            faults.excluded.is_empty() && faults.gated.is_empty() && faults.unproven.is_empty();
        (!sound).then_some(faults)
    }

    fn find_excluded(&mut self, m: &Matrix, family: Family, enabled: &Enabled) {
        for exclusion in m.knowledge.exclusions(family) {
            match exclusion.kind {
                PermissionKind::System => {
                    let id = m.permission(exclusion.permission);
                    if let Some(id) = id.filter(|id| enabled.system.contains(id.0 as usize)) {
                        self.exclude(Permission::System(id), exclusion);
                    }
                }
                PermissionKind::Object => {
                    let Some((right, scope)) = exclusion.object_right() else {
                        continue;
                    };
                    let right = right_of(right);
                    if family.as_str() == GUEST && is_written(right) {
                        continue;
                    }
                    for grant in &enabled.objects {
                        if !grant.rights().and(right).is_empty()
                            && scope.covers(m.object_name(grant.object()))
                        {
                            self.exclude(Permission::Object(grant.object(), right), exclusion);
                        }
                    }
                }
                PermissionKind::App => {
                    if enabled.apps > 0 && family.as_str() != GUEST {
                        self.exclude(Permission::Apps, exclusion);
                    }
                }
            }
        }
    }

    /// A refusal that a permission set license lifts is a gate.
    fn exclude(&mut self, permission: Permission, exclusion: &'static Exclusion) {
        if self.names(permission) {
            return;
        }
        match exclusion.psl {
            None => self.excluded.push((permission, exclusion)),
            Some(key) => self.gated.push(Gate {
                permission,
                ground: Ground::Published(key),
            }),
        }
    }

    fn names(&self, permission: Permission) -> bool {
        self.excluded.iter().any(|(held, _)| *held == permission)
            || self.gated.iter().any(|gate| gate.permission == permission)
    }

    fn find_flags(&mut self, m: &Matrix, license: LicenseId, ceiling: &Ceiling, enabled: &Enabled) {
        for id in flags(&enabled.system) {
            let permission = Permission::System(id);
            if ceiling.has(permission)
                || self.names(permission)
                || m.observed(license, id).is_some()
            {
                continue;
            }
            let told = ceiling.tells(permission);
            let opened = m
                .org
                .psls
                .iter()
                .any(|(_, psl)| psl.maximum.contains(id.0 as usize));
            if opened {
                self.gated.push(Gate {
                    permission,
                    ground: Ground::Maximum { told },
                });
            } else if told {
                self.unproven.push(permission);
            }
        }
    }

    fn find_objects(
        &mut self,
        m: &Matrix,
        family: Option<Family>,
        ceiling: &Ceiling,
        enabled: &Enabled,
    ) {
        let narrow = is_narrow(family);
        let judges_custom =
            family.is_some_and(|family| NO_CUSTOM_OBJECTS.contains(&family.as_str()));
        let guest = family.is_some_and(|family| family.as_str() == GUEST);
        for grant in &enabled.objects {
            let name = m.object_name(grant.object());
            let told = narrow || ceiling.tells(Permission::Object(grant.object(), grant.rights()));
            if !told || (is_custom(name) && !judges_custom) {
                continue;
            }
            let left = grant.rights().without(ceiling.rights(grant.object()));
            for right in left.each().filter(|right| !(guest && is_written(*right))) {
                let permission = Permission::Object(grant.object(), right);
                if !self.names(permission) && !self.unproven.contains(&permission) {
                    self.unproven.push(permission);
                }
            }
        }
    }
}

fn right_of(right: ObjectRight) -> ObjectRights {
    match right {
        ObjectRight::Read => ObjectRights::READ,
        ObjectRight::Create => ObjectRights::CREATE,
        ObjectRight::Edit => ObjectRights::EDIT,
        ObjectRight::Delete => ObjectRights::DELETE,
        ObjectRight::ViewAllRecords => ObjectRights::VIEW_ALL,
        ObjectRight::ModifyAllRecords => ObjectRights::MODIFY_ALL,
    }
}

/// Whether a right is more than reading and creating, which is all that guest users may have.
fn is_written(right: ObjectRights) -> bool {
    !right
        .without(ObjectRights::READ.with(ObjectRights::CREATE))
        .is_empty()
}

impl Matrix {
    /// Whether a permission set license opens a permission for users of a license, as far as anything tells.
    #[must_use]
    pub fn opens(&self, psl: PslId, license: LicenseId, permission: Permission) -> bool {
        let Some(row) = self.psl(psl) else {
            return false;
        };
        if let Permission::System(id) = permission
            && row.maximum.contains(id.0 as usize)
        {
            return true;
        }
        let Some(family) = self.family(license) else {
            return false;
        };
        let is_called = |key: &str| &*row.key == key || &*row.name == key;
        // The integration license opens rights on objects in general; other published keys open what they are named for.
        let integration = family.as_str() == "integration"
            && self.knowledge.psl_kind(&row.key) == Some(crate::knowledge::PslKind::Integration);
        match permission {
            Permission::Object(..) if integration => true,
            _ => self
                .exclusions_of(family, permission)
                .any(|exclusion| exclusion.psl.is_some_and(is_called)),
        }
    }

    /// The published refusal of a permission for users of a license.
    #[must_use]
    pub fn exclusion(
        &self,
        license: LicenseId,
        permission: Permission,
    ) -> Option<&'static Exclusion> {
        self.exclusions_of(self.family(license)?, permission).next()
    }

    /// The published refusals of a permission for a family.
    fn exclusions_of(
        &self,
        family: Family,
        permission: Permission,
    ) -> impl Iterator<Item = &'static Exclusion> {
        self.knowledge
            .exclusions(family)
            .filter(move |exclusion| match permission {
                Permission::System(id) => {
                    exclusion.kind == PermissionKind::System
                        && self.permission(exclusion.permission) == Some(id)
                }
                Permission::Object(object, right) => {
                    exclusion.object_right().is_some_and(|(own, scope)| {
                        right_of(own) == right && scope.covers(self.object_name(object))
                    })
                }
                Permission::Apps => exclusion.kind == PermissionKind::App,
            })
    }

    /// Permission set licenses of the org that open a permission, in the order of the file.
    pub fn openers(
        &self,
        license: LicenseId,
        permission: Permission,
    ) -> impl Iterator<Item = PslId> + '_ {
        self.org
            .psls
            .iter()
            .map(|(psl, _)| psl)
            .filter(move |&psl| self.opens(psl, license, permission))
    }

    /// Whether users of a license can meet a published refusal of rights on objects: then ObjectPermissions decides.
    #[must_use]
    pub fn refuses_objects(&self, license: LicenseId) -> bool {
        self.family(license).is_some_and(|family| {
            self.knowledge.exclusions(family).any(|exclusion| {
                exclusion.kind == PermissionKind::Object && exclusion.psl.is_none()
            })
        })
    }
}
