//! Positive evidence: what active users of the org already hold is possible.
//!
//! This is the one place where org data contradicts shipped knowledge. Rules name the witness that
//! would contradict them ([`crate::finding::Cause::unless`]); [`weigh`] decides what is left.

use super::sites::Sites;
use crate::finding::{Severity, Witness};
use crate::model::{Dense, FeatureId, LicenseId, Org, ProfileId, UserId, UserType};
use rustc_hash::FxHashMap;

/// How many active users hold each combination.
#[derive(Debug, Default)]
pub struct Witnesses {
    counts: FxHashMap<Witness, Held>,
    /// Active users of each profile.
    of_profiles: Vec<u64>,
}

/// How many hold a combination.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    count: u64,
    /// Of a permission set: somebody without any permission set license has all of it, so the user license allows it.
    plain: bool,
}

impl Witnesses {
    /// Counts over all active users that have a profile with a license.
    #[must_use]
    pub(super) fn of(org: &Org, sites: Option<&Sites>) -> Self {
        let mut counts = Counts::default();
        let mut of_profiles = vec![0; org.profiles.len()];
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
            if let Some(count) = of_profiles.get_mut(id.index()) {
                *count += 1;
            }
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
        Self {
            counts: counts.0,
            of_profiles,
        }
    }

    /// How many active users hold the combination.
    #[must_use]
    pub fn count(&self, witness: Witness) -> u64 {
        self.counts.get(&witness).map_or(0, |held| held.count)
    }

    /// Whether somebody without any permission set license holds the whole of a permission set.
    pub(super) fn is_plain(&self, witness: Witness) -> bool {
        self.counts.get(&witness).is_some_and(|held| held.plain)
    }

    /// How many active users have a profile.
    pub(super) fn of_profile(&self, profile: ProfileId) -> u64 {
        self.of_profiles.get(profile.index()).copied().unwrap_or(0)
    }
}

#[derive(Debug, Default)]
struct Counts(FxHashMap<Witness, Held>);

impl Counts {
    fn add(&mut self, witness: Witness, count: u64) {
        self.0.entry(witness).or_default().count += count;
    }

    fn add_set(&mut self, witness: Witness, plain: bool) {
        let held = self.0.entry(witness).or_default();
        held.count += 1;
        held.plain |= plain;
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
    let without_psl = org.users.psls(user).is_empty();
    for held in org.users.assignments(user).iter().filter(|held| held.live) {
        if let Some(group) = held.group {
            counts.add(Witness::Group(license, group), 1);
        }
        let group = held
            .group
            .and_then(|group| org.permission_set_groups.get(group));
        let members = group.and_then(|group| group.members.as_ref());
        let plain = without_psl && group.is_none_or(|group| group.muting.is_empty());
        for &set in held.set.iter().chain(members.into_iter().flatten()) {
            counts.add_set(Witness::PermissionSet(license, set), plain);
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
