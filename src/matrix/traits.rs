//! What most rows need to know of a permission set or group, in a few bytes: the sets themselves lie far apart.

use super::Matrix;
use crate::input::SetRef;
use crate::knowledge::LicenseFacts;
use crate::model::{
    Dense, LicenseId, Org, PermissionSet, PortalType, Profile, RoleId, SetLicense, UserType,
};
use fixedbitset::FixedBitSet;

/// Whose users may have a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Bond {
    /// Everybody's, or it cannot be told.
    #[default]
    Open,
    /// Those of one user license.
    To(LicenseId),
    /// Those of a user license that the snapshot lacks.
    Unseen,
}

/// What a set or group is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traits {
    /// Bound to a permission set license, by itself or through a member.
    pub(crate) psl: bool,
    /// A group, or a set that is not assignable or waits for a session.
    pub(crate) special: bool,
    /// Enables something that must come from the user license.
    pub(crate) enables: bool,
    /// Bound to a user license, by itself.
    pub(crate) bond: Bond,
}

impl Traits {
    fn of(set: &PermissionSet, opens: bool) -> Self {
        let license = set.license.get();
        Self {
            enables: license == Some(SetLicense::None)
                && set.is_assignable()
                && (opens || !set.permissions.is_clear()),
            psl: matches!(license, Some(SetLicense::Psl(_) | SetLicense::UnseenPsl(_))),
            special: !set.is_assignable() || set.session.is(&true),
            bond: match license {
                Some(SetLicense::User(license)) => Bond::To(license),
                Some(SetLicense::UnseenLicense(_)) => Bond::Unseen,
                _ => Bond::Open,
            },
        }
    }
}

/// The traits of all sets and groups of an org.
#[derive(Debug, Default)]
pub(super) struct AllTraits {
    sets: Vec<Traits>,
    groups: Vec<Traits>,
    /// Roles of which the snapshot says that they are no portal roles.
    internal_roles: FixedBitSet,
}

impl AllTraits {
    pub(super) fn of(org: &Org) -> Self {
        let sets: Vec<Traits> = org
            .permission_sets
            .iter()
            .map(|(id, set)| {
                let opens = !org.access.grants(id).is_empty() || org.access.apps(id) > 0;
                Traits::of(set, opens)
            })
            .collect();
        let takes_psl = |member: usize| sets.get(member).is_some_and(|set| set.psl);
        let groups = org.permission_set_groups.iter().map(|(_, group)| Traits {
            psl: group
                .members
                .as_ref()
                .is_some_and(|members| members.iter().any(|member| takes_psl(member.index()))),
            special: true,
            enables: true,
            bond: Bond::Open,
        });
        Self {
            groups: groups.collect(),
            sets,
            internal_roles: org
                .roles
                .iter()
                .filter(|(_, role)| role.portal_type.is(&PortalType::None))
                .map(|(id, _)| id.index())
                .collect(),
        }
    }
}

/// What rows need to know of a profile.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ProfileTraits {
    pub(super) license: Option<LicenseId>,
    pub(super) kind: Option<UserType>,
}

impl ProfileTraits {
    pub(super) fn of(profile: &Profile, facts: &[Option<&'static LicenseFacts>]) -> Self {
        let license = profile.license.get();
        let shipped = || {
            facts
                .get(license?.index())
                .copied()
                .flatten()?
                .user_type
                .map(UserType::parse)
        };
        Self {
            license,
            kind: profile.user_type.get().or_else(shipped),
        }
    }
}

impl Matrix {
    /// Whether the snapshot says that a role is no portal role.
    #[inline]
    pub(crate) fn is_internal_role(&self, role: RoleId) -> bool {
        self.traits.internal_roles.contains(role.index())
    }

    /// What a set or group is.
    #[inline]
    pub(crate) fn traits(&self, to: SetRef) -> Traits {
        let held = match to {
            SetRef::Set(set) => self.traits.sets.get(set.index()),
            SetRef::Group(group) => self.traits.groups.get(group.index()),
        };
        held.copied().unwrap_or_default()
    }
}
