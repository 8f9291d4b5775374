//! Positive evidence: what active users of the org already hold is possible.
//!
//! This is the one place where org data contradicts shipped knowledge. Rules name the witness that
//! would contradict them ([`crate::finding::Cause::unless`]); [`weigh`] decides what is left.

use crate::finding::{Severity, Witness};
use crate::model::{FeatureId, LicenseId, Org, PermissionSetId, PortalType, PslId};
use rustc_hash::FxHashMap;

/// How many active users hold each combination.
#[derive(Debug, Default)]
pub struct Witnesses {
    counts: FxHashMap<Witness, u64>,
}

impl Witnesses {
    /// Counts over all active users that have a profile with a license.
    #[must_use]
    pub fn of(org: &Org) -> Self {
        let mut roles: FxHashMap<(LicenseId, PortalType), u64> = FxHashMap::default();
        let mut any_role: FxHashMap<LicenseId, u64> = FxHashMap::default();
        let mut sets: FxHashMap<(LicenseId, PermissionSetId), u64> = FxHashMap::default();
        let mut psls: FxHashMap<(LicenseId, PslId), u64> = FxHashMap::default();
        let mut features: FxHashMap<(LicenseId, u32), u64> = FxHashMap::default();
        let mut standard_external = 0;
        for user in org.users.iter() {
            if org.users.active(user) != Some(true) {
                continue;
            }
            let Some(profile) = org.users.profile(user).and_then(|id| org.profiles.get(id)) else {
                continue;
            };
            if profile
                .user_type
                .get()
                .is_some_and(crate::model::UserType::is_external)
                && profile.custom.get() == Some(false)
            {
                standard_external += 1;
            }
            let Some(license) = profile.license.get() else {
                continue;
            };
            if let Some(role) = org.users.role(user).and_then(|id| org.roles.get(id)) {
                *any_role.entry(license).or_default() += 1;
                if let Some(kind) = role.portal_type.get() {
                    *roles.entry((license, kind)).or_default() += 1;
                }
            }
            for held in org.users.assignments(user).iter().filter(|held| held.live) {
                if let Some(set) = held.set {
                    *sets.entry((license, set)).or_default() += 1;
                }
                let members = held
                    .group
                    .and_then(|group| org.permission_set_groups.get(group))
                    .and_then(|group| group.members.as_ref());
                for &set in members.into_iter().flatten() {
                    *sets.entry((license, set)).or_default() += 1;
                }
            }
            for &psl in org.users.psls(user) {
                *psls.entry((license, psl)).or_default() += 1;
            }
            let flags = org.users.features(user);
            if flags != 0 {
                *features.entry((license, flags)).or_default() += 1;
            }
        }
        let mut counts: FxHashMap<Witness, u64> = FxHashMap::default();
        let mut add = |witness, count: u64| *counts.entry(witness).or_default() += count;
        roles
            .into_iter()
            .for_each(|((license, kind), count)| add(Witness::Role(license, kind), count));
        any_role
            .into_iter()
            .for_each(|(license, count)| add(Witness::AnyRole(license), count));
        sets.into_iter()
            .for_each(|((license, set), count)| add(Witness::PermissionSet(license, set), count));
        psls.into_iter()
            .for_each(|((license, psl), count)| add(Witness::Psl(license, psl), count));
        for ((license, flags), count) in features {
            (0..28u32)
                .filter(|bit| flags & (1 << bit) != 0)
                .for_each(|bit| add(Witness::Feature(license, FeatureId(bit)), count));
        }
        add(Witness::StandardExternalProfile, standard_external);
        Self { counts }
    }

    /// How many active users hold the combination.
    #[must_use]
    pub fn count(&self, witness: Witness) -> u64 {
        self.counts.get(&witness).copied().unwrap_or(0)
    }
}

/// What is left of a verdict that `count` active users contradict: an error becomes a warning that
/// names the count, because old assignments can be grandfathered; a warning is not given.
#[must_use]
pub(crate) fn weigh(severity: Severity, count: u64) -> Option<Severity> {
    match (severity, count) {
        (severity, 0) => Some(severity),
        (Severity::Error, _) => Some(Severity::Warning),
        _ => None,
    }
}
