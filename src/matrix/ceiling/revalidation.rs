//! Sets that present holders may not have: Salesforce looks at every holder again whenever a set is saved.

use super::permission::Permission;
use crate::finding::Witness;
use crate::input::SetRef;
use crate::matrix::Matrix;
use crate::model::{LicenseId, ObjectRights, PermissionSetId, SetLicense, UserId, UserType};
use rustc_hash::FxHashMap;

/// Active users of one license who hold a set or group that does not fit the license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// Their license.
    pub license: LicenseId,
    /// How many they are.
    pub users: u64,
    /// A permission that the license does not allow; `None` where the set is bound to another license.
    pub permission: Option<Permission>,
}

/// All hazards, by set and group.
#[derive(Debug, Default)]
pub(super) struct Hazards(FxHashMap<SetRef, Vec<Hazard>>);

/// Pairs that only the permission set licenses of each holder decide.
type Pending = FxHashMap<(LicenseId, SetRef), (u64, Option<Permission>)>;

impl Hazards {
    fn find(m: &Matrix) -> Self {
        let mut hazards = Self::default();
        let mut pending = Pending::default();
        for (license, _) in m.org.licenses.iter() {
            let guests = m.side_of_license(license).kind == Some(UserType::Guest);
            let sets = m
                .org
                .permission_sets
                .iter()
                .map(|(set, _)| (SetRef::Set(set), Witness::PermissionSet(license, set)));
            let groups = m
                .org
                .permission_set_groups
                .iter()
                .map(|(group, _)| (SetRef::Group(group), Witness::Group(license, group)));
            for (to, witness) in sets.chain(groups) {
                let users = m.witnesses(witness);
                if users == 0 {
                    continue;
                }
                let found = if is_bound_elsewhere(m, to, license) {
                    Some(None)
                } else {
                    certain_fault(m, license, to)
                        .or_else(|| guest_right(m, to).filter(|_| guests))
                        .map(Some)
                };
                match found {
                    Some(permission) => hazards.note(to, license, users, permission),
                    None if m.faults(license, to).is_some_and(|faults| {
                        !(faults.gated.is_empty() && faults.excluded.is_empty())
                    }) =>
                    {
                        pending.insert((license, to), (0, None));
                    }
                    None => {}
                }
            }
        }
        if !pending.is_empty() {
            for user in m.org.users.iter() {
                look_at(m, user, &mut pending);
            }
        }
        let mut pending: Vec<_> = pending.into_iter().collect();
        pending.sort_by_key(|(pair, _)| *pair);
        for ((license, to), (users, permission)) in pending {
            if users > 0 {
                hazards.note(to, license, users, permission);
            }
        }
        hazards
    }

    fn note(&mut self, to: SetRef, license: LicenseId, users: u64, permission: Option<Permission>) {
        self.0.entry(to).or_default().push(Hazard {
            license,
            users,
            permission,
        });
    }
}

fn is_bound_elsewhere(m: &Matrix, to: SetRef, license: LicenseId) -> bool {
    let bound = |set: PermissionSetId| match m.set(set).and_then(|set| set.license.get()) {
        Some(SetLicense::User(own)) => own != license,
        Some(SetLicense::UnseenLicense(_)) => true,
        _ => false,
    };
    match to {
        SetRef::Set(set) => bound(set),
        SetRef::Group(group) => m
            .group(group)
            .and_then(|group| group.members.as_ref())
            .is_some_and(|members| members.iter().copied().any(bound)),
    }
}

/// A published refusal that no permission set license of the org lifts.
fn certain_fault(m: &Matrix, license: LicenseId, to: SetRef) -> Option<Permission> {
    let excluded = &m.faults(license, to)?.excluded;
    excluded
        .iter()
        .map(|(permission, _)| *permission)
        .find(|permission| m.openers(license, *permission).next().is_none())
}

/// A right that no guest user may have.
fn guest_right(m: &Matrix, to: SetRef) -> Option<Permission> {
    m.guest_writes(to).into_iter().next()
}

fn look_at(m: &Matrix, user: UserId, pending: &mut Pending) {
    let users = &m.org.users;
    let license = users
        .profile(user)
        .and_then(|profile| m.license_of(profile));
    let (Some(license), Some(true)) = (license, users.active(user)) else {
        return;
    };
    for held in users.assignments(user).iter().filter(|held| held.live) {
        let members = held
            .group
            .and_then(|group| m.group(group))
            .and_then(|group| group.members.as_ref());
        let sets = held.set.iter().chain(members.into_iter().flatten());
        let all = held
            .group
            .map(SetRef::Group)
            .into_iter()
            .chain(sets.map(|set| SetRef::Set(*set)));
        for to in all {
            let Some((count, first)) = pending.get_mut(&(license, to)) else {
                continue;
            };
            let Some(faults) = m.faults(license, to) else {
                continue;
            };
            let excluded = faults.excluded.iter().map(|(permission, _)| *permission);
            let gated = faults.gated.iter().map(|gate| gate.permission);
            let missing = excluded.chain(gated).find(|permission| {
                !users
                    .psls(user)
                    .iter()
                    .any(|psl| m.opens(*psl, license, *permission))
            });
            if let Some(permission) = missing {
                *count += 1;
                first.get_or_insert(permission);
            }
        }
    }
}

impl Matrix {
    /// Present holders whom the next save of a set or group would meet and whose license does not fit it.
    #[must_use]
    pub fn hazards(&self, to: SetRef) -> &[Hazard] {
        let all = self.ceilings.hazards.get_or_init(|| Hazards::find(self));
        all.0.get(&to).map_or(&[], Vec::as_slice)
    }

    /// Whether any set or group has such holders.
    #[must_use]
    pub fn has_hazards(&self) -> bool {
        let all = self.ceilings.hazards.get_or_init(|| Hazards::find(self));
        !all.0.is_empty()
    }

    /// What a set or group enables that no guest user may have: rights on objects beyond reading and creating, and apps.
    #[must_use]
    pub fn guest_writes(&self, to: SetRef) -> Vec<Permission> {
        let allowed = ObjectRights::READ.with(ObjectRights::CREATE);
        let Some(enabled) = self.enabled_at_all(to) else {
            return Vec::new();
        };
        let mut refused: Vec<Permission> = enabled
            .objects
            .iter()
            .flat_map(|grant| {
                grant
                    .rights()
                    .without(allowed)
                    .each()
                    .map(|right| Permission::Object(grant.object(), right))
            })
            .collect();
        refused.sort();
        refused.dedup();
        if enabled.apps > 0 {
            refused.push(Permission::Apps);
        }
        refused
    }
}
