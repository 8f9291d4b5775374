//! Which of the permissions that reviewers ask for an entitlement gives.

use crate::matrix::Matrix;
use crate::model::{Dense, Known, PermissionId, PermissionSetGroupId, PermissionSetId, ProfileId};

/// What counts where `[audit] sensitive_permissions` is not given.
pub(crate) const DEFAULT: [&str; 4] = ["ModifyAllData", "ViewAllData", "AuthorApex", "ManageUsers"];

/// The sensitive permissions of every profile, set and group, in words.
#[derive(Debug)]
pub(in crate::evidence) struct Sensitive {
    /// As they are configured.
    pub(in crate::evidence) names: Vec<String>,
    profiles: Vec<String>,
    sets: Vec<String>,
    groups: Vec<String>,
    /// Muted permissions of each group, by place in `names`.
    muted: Vec<Vec<bool>>,
    /// What each set gives, by place in `names`.
    given: Vec<Vec<Known<bool>>>,
}

/// `ModifyAllData; not known: ManageUsers`
fn words(names: &[String], given: &[Known<bool>]) -> String {
    let of = |wanted: Option<bool>| -> Vec<&str> {
        names
            .iter()
            .zip(given)
            .filter(|(_, known)| known.get() == wanted)
            .map(|(name, _)| name.as_str())
            .collect()
    };
    let (yes, unknown) = (of(Some(true)), of(None));
    let unknown = (!unknown.is_empty()).then(|| format!("not known: {}", unknown.join(", ")));
    let parts: Vec<String> = yes.into_iter().map(str::to_owned).chain(unknown).collect();
    parts.join("; ")
}

impl Sensitive {
    pub(in crate::evidence) fn new(m: &Matrix, configured: &[String]) -> Self {
        let names: Vec<String> = if configured.is_empty() {
            DEFAULT.map(str::to_owned).to_vec()
        } else {
            configured.to_vec()
        };
        let ids: Vec<Option<PermissionId>> = names
            .iter()
            .map(|name| {
                let bare = name.strip_prefix("Permissions").unwrap_or(name);
                m.permission(bare).or_else(|| m.permission_labelled(name))
            })
            .collect();
        let given_by = |allows: &dyn Fn(PermissionId) -> Known<bool>| -> Vec<Known<bool>> {
            ids.iter()
                .map(|id| id.map_or(Known::Unknown, allows))
                .collect()
        };
        let org = &m.org;
        let profiles = org
            .profiles
            .iter()
            .map(|(profile, _)| words(&names, &given_by(&|id| m.profile_allows(profile, id))))
            .collect();
        let given: Vec<Vec<Known<bool>>> = org
            .permission_sets
            .iter()
            .map(|(set, _)| given_by(&|id| m.set_allows(set, id)))
            .collect();
        let sets = given.iter().map(|given| words(&names, given)).collect();
        let muted: Vec<Vec<bool>> = org
            .permission_set_groups
            .iter()
            .map(|(_, group)| {
                let muting: Vec<_> = org
                    .muting_sets
                    .iter()
                    .filter(|(_, set)| group.muting.contains(&set.id))
                    .collect();
                ids.iter()
                    .map(|id| {
                        id.is_some_and(|id| {
                            muting
                                .iter()
                                .any(|(_, set)| set.permissions.contains(id.index()))
                        })
                    })
                    .collect()
            })
            .collect();
        let mut sensitive = Self {
            names,
            profiles,
            sets,
            groups: Vec::new(),
            muted,
            given,
        };
        sensitive.groups = org
            .permission_set_groups
            .iter()
            .map(|(id, group)| {
                let members = group.members.as_ref().map(Vec::as_slice);
                sensitive.union(id, members)
            })
            .collect();
        sensitive
    }

    /// What the members of a group give together, without what the group mutes.
    fn union(&self, group: PermissionSetGroupId, members: Option<&[PermissionSetId]>) -> String {
        let all: Vec<Known<bool>> = (0..self.names.len())
            .map(|n| {
                if self.is_muted(group, n) {
                    return Known::Yes(false);
                }
                let Some(members) = members else {
                    return Known::Unknown;
                };
                let mut known = Known::Yes(false);
                for set in members {
                    match self.gives(*set, n) {
                        Known::Yes(true) => return Known::Yes(true),
                        Known::Yes(false) => {}
                        Known::Unknown => known = Known::Unknown,
                    }
                }
                known
            })
            .collect();
        words(&self.names, &all)
    }

    fn is_muted(&self, group: PermissionSetGroupId, n: usize) -> bool {
        let muted = self.muted.get(group.index()).and_then(|muted| muted.get(n));
        muted == Some(&true)
    }

    fn gives(&self, set: PermissionSetId, n: usize) -> Known<bool> {
        let given = self.given.get(set.index()).and_then(|given| given.get(n));
        given.copied().unwrap_or(Known::Unknown)
    }

    pub(super) fn of_profile(&self, profile: Option<ProfileId>) -> &str {
        let words = profile.and_then(|profile| self.profiles.get(profile.index()));
        words.map_or("", String::as_str)
    }

    pub(super) fn of_set(&self, set: PermissionSetId) -> &str {
        self.sets.get(set.index()).map_or("", String::as_str)
    }

    pub(super) fn of_group(&self, group: PermissionSetGroupId) -> &str {
        self.groups.get(group.index()).map_or("", String::as_str)
    }

    /// What a set gives as a member of a group.
    pub(super) fn of_member(&self, group: PermissionSetGroupId, set: PermissionSetId) -> &str {
        let muted = (0..self.names.len()).any(|n| self.is_muted(group, n));
        if muted {
            // What is left of it is a part of what the group says; the set's own line would say too much.
            "see the group: some of it is muted"
        } else {
            self.of_set(set)
        }
    }
}
