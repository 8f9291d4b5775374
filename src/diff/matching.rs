//! Which record of the one is which of the other.

use super::By;
use crate::model::{
    Dense, FeatureId, LicenseId, MutingSetId, Org, PackageId, PermissionSetGroupId,
    PermissionSetId, ProfileId, PslId, PublicGroupId, RoleId, SfId, Table,
};
use rustc_hash::FxHashMap;
use std::marker::PhantomData;

/// The records of one table that belong together.
#[derive(Debug)]
pub(super) struct Match<I> {
    to_new: Vec<Option<u32>>,
    to_old: Vec<Option<u32>>,
    of: PhantomData<I>,
}

impl<I: Dense> Match<I> {
    /// Matches records by key; of several with one key, the first with the first, and so on. `None`: left out.
    pub(super) fn of(old: &[Option<String>], new: &[Option<String>]) -> Self {
        let mut waiting: FxHashMap<&str, std::collections::VecDeque<usize>> = FxHashMap::default();
        for (place, key) in old.iter().enumerate() {
            if let Some(key) = key {
                waiting.entry(key).or_default().push_back(place);
            }
        }
        let mut found = Self {
            to_new: vec![None; old.len()],
            to_old: vec![None; new.len()],
            of: PhantomData,
        };
        for (place, key) in new.iter().enumerate() {
            let partner = key
                .as_deref()
                .and_then(|key| waiting.get_mut(key)?.pop_front());
            if let Some(partner) = partner {
                let number = |place: usize| u32::try_from(place).ok();
                if let Some(slot) = found.to_old.get_mut(place) {
                    *slot = number(partner);
                }
                if let Some(slot) = found.to_new.get_mut(partner) {
                    *slot = number(place);
                }
            }
        }
        found
    }

    /// The older one of a newer record.
    pub(super) fn older(&self, new: I) -> Option<I> {
        let place = (*self.to_old.get(new.index())?)?;
        Some(I::new(place as usize))
    }

    /// The newer one of an older record.
    pub(super) fn newer(&self, old: I) -> Option<I> {
        let place = (*self.to_new.get(old.index())?)?;
        Some(I::new(place as usize))
    }

    /// Whether both mean the same record, or both none.
    pub(super) fn same(&self, old: Option<I>, new: Option<I>) -> bool {
        match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) => self.older(new).map(I::index) == Some(old.index()),
            _ => false,
        }
    }
}

/// All tables.
#[derive(Debug)]
pub(super) struct Matches {
    pub(super) licenses: Match<LicenseId>,
    pub(super) psls: Match<PslId>,
    pub(super) packages: Match<PackageId>,
    pub(super) profiles: Match<ProfileId>,
    pub(super) roles: Match<RoleId>,
    pub(super) sets: Match<PermissionSetId>,
    pub(super) groups: Match<PermissionSetGroupId>,
    pub(super) muting: Match<MutingSetId>,
    pub(super) public_groups: Match<PublicGroupId>,
    pub(super) features: Match<FeatureId>,
    pub(super) by: By,
}

impl Matches {
    pub(super) fn of(old: &Org, new: &Org, by: By) -> Self {
        fn keys<I: Dense, T>(
            table: &Table<I, T>,
            by: By,
            id: impl Fn(&T) -> SfId,
            name: impl Fn(&T) -> String,
        ) -> Vec<Option<String>> {
            table
                .iter()
                .map(|(_, row)| {
                    Some(match by {
                        By::Id => id(row).text(),
                        By::NameOfMetadata | By::NameOfTwoOrgs => name(row),
                    })
                })
                .collect()
        }
        macro_rules! of {
            ($table:ident, $name:expr) => {
                Match::of(
                    &keys(&old.$table, by, |row| row.id, $name),
                    &keys(&new.$table, by, |row| row.id, $name),
                )
            };
        }
        Self {
            // The key of a license is as good as its id, and names repeat.
            licenses: of!(licenses, |row| row.name.to_string()),
            psls: of!(psls, |row| row.shown().to_owned()),
            packages: of!(packages, |row| row.namespace.to_string()),
            profiles: of!(profiles, |row| row.name.to_string()),
            roles: of!(roles, |row| if row.developer_name.is_empty() {
                row.name.to_string()
            } else {
                row.developer_name.to_string()
            }),
            sets: Match::of(&sets(old, by), &sets(new, by)),
            groups: of!(permission_set_groups, |row| format!(
                "{}__{}",
                row.namespace, row.name
            )),
            muting: of!(muting_sets, |row| row.name.to_string()),
            public_groups: of!(public_groups, |row| if row.developer_name.is_empty() {
                row.name.to_string()
            } else {
                row.developer_name.to_string()
            }),
            features: Match::of(&features(old), &features(new)),
            by,
        }
    }
}

/// Sets that profiles and groups own are compared as parts of these.
fn sets(org: &Org, by: By) -> Vec<Option<String>> {
    org.permission_sets
        .iter()
        .map(|(_, set)| {
            set.is_assignable().then(|| match by {
                By::Id => set.id.text(),
                By::NameOfMetadata | By::NameOfTwoOrgs => set.full_name(),
            })
        })
        .collect()
}

fn features(org: &Org) -> Vec<Option<String>> {
    org.features
        .iter()
        .map(|(_, field)| Some(field.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Match;
    use crate::model::ProfileId;

    #[test]
    fn equal_keys_are_matched_in_order() {
        let keys = |names: &[&str]| -> Vec<Option<String>> {
            names.iter().map(|name| Some((*name).to_owned())).collect()
        };
        let found: Match<ProfileId> = Match::of(
            &keys(&["a", "b", "b", "c"]),
            &keys(&["b", "x", "a", "b", "b"]),
        );
        let older: Vec<_> = (0..5)
            .map(|n| found.older(ProfileId(n)).map(|id| id.0))
            .collect();
        assert_eq!(older, [Some(1), None, Some(0), Some(2), None]);
        let newer: Vec<_> = (0..4)
            .map(|n| found.newer(ProfileId(n)).map(|id| id.0))
            .collect();
        assert_eq!(newer, [Some(2), Some(0), Some(3), None]);
        assert!(found.same(Some(ProfileId(2)), Some(ProfileId(3))));
        assert!(found.same(None, None));
        assert!(!found.same(Some(ProfileId(0)), None));
        let left_out: Match<ProfileId> = Match::of(&[None], &[None]);
        assert!(left_out.older(ProfileId(0)).is_none());
    }
}
