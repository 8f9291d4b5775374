//! Positive evidence: what active users of the org already hold is possible.
//!
//! This is the one place where org data contradicts shipped knowledge. Rules name the witness that
//! would contradict them ([`crate::finding::Cause::unless`]); [`weigh`] decides what is left.

use super::sites::Sites;
use crate::finding::{Severity, Witness};
use crate::model::{FeatureId, LicenseId, Org, ProfileId, UserId, UserType};
use rustc_hash::FxHashMap;

/// How many active users hold each combination.
#[derive(Debug, Default)]
pub struct Witnesses {
    counts: FxHashMap<Witness, u64>,
}

impl Witnesses {
    /// Counts over all active users that have a profile with a license.
    #[must_use]
    pub(super) fn of(org: &Org, sites: Option<&Sites>) -> Self {
        let mut counts = Counts::default();
        // Flags are counted as they come and taken apart at the end: millions of users share a few combinations.
        let mut flags: FxHashMap<(LicenseId, u32), u64> = FxHashMap::default();
        for user in org.users.iter() {
            if org.users.active(user) != Some(true) {
                continue;
            }
            let Some(id) = org.users.profile(user) else {
                continue;
            };
            let Some(profile) = org.profiles.get(id) else {
                continue;
            };
            if profile.user_type.get().is_some_and(UserType::is_external) {
                if profile.custom.get() == Some(false) {
                    counts.add(Witness::StandardExternalProfile, 1);
                }
                if sites.is_some_and(|sites| is_outside(org, user, id, sites)) {
                    counts.add(Witness::OutsideSites(id), 1);
                }
            }
            if let Some(license) = profile.license.get() {
                count_held(org, user, license, &mut counts);
                let held = org.users.features(user);
                if held != 0 {
                    *flags.entry((license, held)).or_default() += 1;
                }
            }
        }
        let mut flags: Vec<_> = flags.into_iter().collect();
        flags.sort_unstable();
        for ((license, held), count) in flags {
            for bit in (0..28u32).filter(|bit| held & (1 << bit) != 0) {
                counts.add(Witness::Feature(license, FeatureId(bit)), count);
            }
        }
        Self { counts: counts.0 }
    }

    /// How many active users hold the combination.
    #[must_use]
    pub fn count(&self, witness: Witness) -> u64 {
        self.counts.get(&witness).copied().unwrap_or(0)
    }
}

#[derive(Debug, Default)]
struct Counts(FxHashMap<Witness, u64>);

impl Counts {
    fn add(&mut self, witness: Witness, count: u64) {
        *self.0.entry(witness).or_default() += count;
    }
}

/// Whether neither the profile of a user nor a permission set of it is a member of a live site.
fn is_outside(org: &Org, user: UserId, profile: ProfileId, sites: &Sites) -> bool {
    let by_profile = org.profiles.get(profile);
    if by_profile.is_some_and(|profile| sites.is_live(profile.id)) {
        return false;
    }
    let held = org.users.assignments(user).iter().filter(|held| held.live);
    let mut sets = held.flat_map(|held| {
        let group = held.group.and_then(|id| org.permission_set_groups.get(id));
        let members = group.and_then(|group| group.members.as_ref());
        held.set.iter().chain(members.into_iter().flatten())
    });
    !sets.any(|&set| {
        let set = org.permission_sets.get(set);
        set.is_some_and(|set| sites.is_live(set.id))
    })
}

/// Counts what one active user of a license holds: a role, permission sets (also through groups), permission set licenses.
fn count_held(org: &Org, user: UserId, license: LicenseId, counts: &mut Counts) {
    if let Some(role) = org.users.role(user).and_then(|id| org.roles.get(id)) {
        counts.add(Witness::AnyRole(license), 1);
        if let Some(kind) = role.portal_type.get() {
            counts.add(Witness::Role(license, kind), 1);
        }
    }
    for held in org.users.assignments(user).iter().filter(|held| held.live) {
        let members = held
            .group
            .and_then(|group| org.permission_set_groups.get(group))
            .and_then(|group| group.members.as_ref());
        for &set in held.set.iter().chain(members.into_iter().flatten()) {
            counts.add(Witness::PermissionSet(license, set), 1);
        }
    }
    for &psl in org.users.psls(user) {
        counts.add(Witness::Psl(license, psl), 1);
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
