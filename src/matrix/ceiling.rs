//! Permission ceilings: what a user license permits, as far as anything tells.
//!
//! Salesforce does not publish the ceiling of a license. What is seen enabled under it, in this org or in public org
//! exports, is a lower bound; there is no upper bound, so absence alone is never an error. Beside the bound stand the
//! published refusals (known exclusions) and the gates: permissions that a permission set license opens.

mod bound;
mod faults;
mod permission;
mod revalidation;
#[cfg(test)]
mod tests;

pub use bound::Ceiling;
pub use faults::{Faults, Gate, Ground};
pub(super) use permission::is_custom;
pub use permission::{Enabled, Permission};
pub use revalidation::Hazard;

use super::Matrix;
use crate::finding::Witness;
use crate::input::SetRef;
use crate::knowledge::Observed;
use crate::model::{Dense, LicenseId, Org, PermissionSetId, SetLicense, SetOwner};
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// How a permission stands under a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Enabled under the license in this org.
    Seen,
    /// Not enabled in this org; enabled in public org exports, this often.
    Elsewhere(Observed),
    /// Neither. That proves nothing.
    Never,
}

/// What is known of one license, and the faults of the sets that were asked about.
#[derive(Debug)]
struct OfLicense {
    ceiling: Ceiling,
    sets: Asked,
    groups: Asked,
}

/// The faults of the sets, or groups, that were asked about.
#[derive(Debug)]
struct Asked {
    /// One bit each: asked about, and nothing was wrong. Nearly all questions end here, in a few bytes.
    flawless: Vec<AtomicU64>,
    faults: Vec<OnceLock<Option<Box<Faults>>>>,
}

impl Asked {
    fn nothing(count: usize) -> Self {
        let words = count.div_ceil(u64::BITS as usize);
        Self {
            flawless: (0..words).map(|_| AtomicU64::new(0)).collect(),
            faults: (0..count).map(|_| OnceLock::new()).collect(),
        }
    }

    #[inline]
    fn get(&self, n: usize, find: impl FnOnce() -> Option<Faults>) -> Option<&Faults> {
        let bit = 1 << (n % u64::BITS as usize);
        let word = self.flawless.get(n / u64::BITS as usize)?;
        if word.load(Relaxed) & bit != 0 {
            return None;
        }
        let found = self.faults.get(n)?.get_or_init(|| find().map(Box::new));
        if found.is_none() {
            word.fetch_or(bit, Relaxed);
        }
        found.as_deref()
    }
}

/// The ceilings of all licenses, each worked out when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Ceilings {
    licenses: Vec<OnceLock<OfLicense>>,
    /// Built on first use: only sets whose holders all hold permission set licenses ask.
    explained: OnceLock<bound::Explained>,
    hazards: OnceLock<revalidation::Hazards>,
}

impl Ceilings {
    pub(super) fn of(org: &Org) -> Self {
        Self {
            licenses: (0..org.licenses.len()).map(|_| OnceLock::new()).collect(),
            explained: OnceLock::new(),
            hazards: OnceLock::new(),
        }
    }
}

impl Matrix {
    fn of_license(&self, license: LicenseId) -> Option<&OfLicense> {
        let place = self.ceilings.licenses.get(license.index())?;
        Some(place.get_or_init(|| OfLicense {
            ceiling: Ceiling::of(self, license),
            sets: Asked::nothing(self.org.permission_sets.len()),
            groups: Asked::nothing(self.org.permission_set_groups.len()),
        }))
    }

    /// See [`bound::Explained`].
    fn explained(&self) -> &bound::Explained {
        self.ceilings
            .explained
            .get_or_init(|| bound::explained(self))
    }

    /// The lower bound of what a license permits; `None` for a license of another org.
    #[must_use]
    pub fn ceiling(&self, license: LicenseId) -> Option<&Ceiling> {
        self.of_license(license).map(|held| &held.ceiling)
    }

    /// What of a set without license, or of a group, a license does not permit or is not known to permit; `None` where
    /// nothing is wrong with it as far as the snapshot tells.
    #[inline]
    #[must_use]
    pub fn faults(&self, license: LicenseId, to: SetRef) -> Option<&Faults> {
        let held = self.of_license(license)?;
        let find = || Faults::find(self, license, &held.ceiling, to);
        match to {
            SetRef::Set(set) => held.sets.get(set.index(), find),
            SetRef::Group(group) => held.groups.get(group.index(), find),
        }
    }

    /// How a permission stands under a license; `None` where the snapshot has nothing that could show it.
    #[must_use]
    pub fn standing(&self, license: LicenseId, permission: Permission) -> Option<Standing> {
        let ceiling = self.ceiling(license)?;
        if ceiling.has(permission) {
            return Some(Standing::Seen);
        }
        if let Permission::System(id) = permission
            && let Some(observed) = self.observed(license, id)
        {
            return Some(Standing::Elsewhere(observed));
        }
        ceiling.tells(permission).then_some(Standing::Never)
    }

    /// How often public org exports enable a permission under a license, by the name that the org or the shipped
    /// facts give it.
    pub(crate) fn observed(
        &self,
        license: LicenseId,
        permission: crate::model::PermissionId,
    ) -> Option<Observed> {
        let name = self.org.permissions.get(permission)?;
        let own = self.license(license).map(|row| &*row.name);
        let shipped = self.facts(license).map(|facts| facts.name);
        own.into_iter()
            .chain(shipped)
            .find_map(|license| self.knowledge.observed(license, name))
    }

    /// How many active users of a license have a permission, by their profiles or by one set without license: at least
    /// so many, because nobody is counted twice.
    pub(crate) fn permission_holders(&self, license: LicenseId, permission: Permission) -> u64 {
        let org = &self.org;
        let has =
            |set: PermissionSetId| match permission {
                Permission::System(id) => self
                    .set(set)
                    .is_some_and(|set| set.permissions.contains(id.index())),
                Permission::Object(object, right) => org.access.grants(set).iter().any(|grant| {
                    grant.object() == object && right.without(grant.rights()).is_empty()
                }),
                Permission::Apps => org.access.apps(set) > 0,
            };
        let mut by_profile = vec![false; org.profiles.len()];
        let mut by_set = 0;
        for (set, row) in org.permission_sets.iter() {
            match row.owner {
                SetOwner::Profile(Some(profile)) if has(set) => {
                    if let Some(found) = by_profile.get_mut(profile.index()) {
                        *found = true;
                    }
                }
                SetOwner::Nobody if row.license.is(&SetLicense::None) => {
                    let witness = Witness::PermissionSet(license, set);
                    if self.witnesses.is_plain(witness) && has(set) {
                        by_set = by_set.max(self.witnesses.count(witness));
                    }
                }
                _ => {}
            }
        }
        let by_profiles: u64 = org
            .profiles
            .iter()
            .filter(|(profile, _)| self.license_of(*profile) == Some(license))
            .filter(|(profile, row)| {
                by_profile.get(profile.index()) == Some(&true)
                    || matches!(permission, Permission::System(id) if row.permissions.contains(id.index()))
            })
            .map(|(profile, _)| self.witnesses.of_profile(profile))
            .sum();
        by_profiles.max(by_set)
    }

    /// What shows that users of a license can hold a set or group: those who do.
    #[must_use]
    pub fn holders(license: LicenseId, to: SetRef) -> Witness {
        match to {
            SetRef::Set(set) => Witness::PermissionSet(license, set),
            SetRef::Group(group) => Witness::Group(license, group),
        }
    }

    /// The org data that contradicts a refusal of these permissions: holders of the whole set or group, else those of
    /// the permission that the fewest have; `None` where one of them nobody has.
    #[must_use]
    pub fn contradiction(
        &self,
        license: LicenseId,
        to: SetRef,
        refused: impl Iterator<Item = Permission>,
    ) -> Option<Witness> {
        let holders = Self::holders(license, to);
        if self.witnesses(holders) > 0 {
            return Some(holders);
        }
        refused
            .map(|permission| match permission {
                Permission::System(id) => Some(Witness::Permission(license, id)),
                Permission::Object(object, right) => Some(Witness::Object(license, object, right)),
                Permission::Apps => None,
            })
            .map(|witness| {
                (
                    witness.map_or(0, |witness| self.witnesses(witness)),
                    witness,
                )
            })
            .min_by_key(|(count, _)| *count)
            .filter(|(count, _)| *count > 0)
            .and_then(|(_, witness)| witness)
    }

    /// Whether anything is known of a license beyond this org: its family, or permissions observed elsewhere.
    #[must_use]
    pub fn is_known(&self, license: LicenseId) -> bool {
        self.facts(license).is_some()
    }
}
