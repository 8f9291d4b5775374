//! What most rows need to know of a permission set or group, in a few bytes: the sets themselves lie far apart.

use super::Matrix;
use crate::input::SetRef;
use crate::knowledge::LicenseFacts;
use crate::model::{
    Dense, LicenseId, Org, PermissionSet, PortalType, Profile, ProfileId, RoleId, SetLicense,
    UserType,
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
    /// Of a license that is not known to be disabled, and not made for the system itself.
    ordinary: bool,
}

/// Families of licenses that are made for the system itself.
const OF_THE_SYSTEM: [&str; 3] = ["integration-system", "agent", "internal-support"];

impl ProfileTraits {
    pub(super) fn of(
        profile: &Profile,
        org: &Org,
        facts: &[Option<&'static LicenseFacts>],
    ) -> Self {
        let license = profile.license.get();
        let facts = license.and_then(|license| facts.get(license.index()).copied().flatten());
        let shipped = || facts?.user_type.map(UserType::parse);
        let disabled = |license| {
            let license = org.licenses.get(license);
            license.is_none_or(|license| license.disabled.is(&true))
        };
        let of_system = |facts: &LicenseFacts| OF_THE_SYSTEM.contains(&facts.family.as_str());
        Self {
            license,
            kind: profile.user_type.get().or_else(shipped),
            ordinary: !license.is_none_or(disabled) && !facts.is_some_and(of_system),
        }
    }
}

impl Matrix {
    /// Whether the snapshot says that a role is no portal role.
    #[inline]
    pub(crate) fn is_internal_role(&self, role: RoleId) -> bool {
        self.traits.internal_roles.contains(role.index())
    }

    /// Whether users of a profile, who are of this type, are surely people on a license that is not disabled.
    #[inline]
    pub(crate) fn is_ordinary(&self, profile: ProfileId, kind: Option<UserType>) -> bool {
        let of_system = matches!(
            kind,
            Some(
                UserType::AutomatedProcess | UserType::CloudIntegrationUser | UserType::SelfService
            )
        );
        let traits = self.profile_traits.get(profile.index());
        !of_system && traits.is_some_and(|traits| traits.ordinary)
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
