//! Snapshot and shipped knowledge to matrix.

use super::allowance::Allowances;
use super::{Matrix, Witnesses};
use crate::input::SetRef;
use crate::knowledge::shipped;
use crate::model::{Dense, Names, Org, PermissionSet, SetLicense};
use fixedbitset::FixedBitSet;
use std::sync::OnceLock;

impl Matrix {
    /// Compiles an org. Nothing is refused here: what is missing in the org stays unknown.
    #[must_use]
    pub fn build(org: Org) -> Self {
        let knowledge = shipped();
        let license_facts = org
            .licenses
            .iter()
            .map(|(_, license)| {
                knowledge.license(license.key.as_ref().map(AsRef::as_ref), &license.name)
            })
            .collect();
        let witnesses = Witnesses::of(&org);
        let (psl_sets, psl_groups) = bound_to_psls(&org);
        let permissions = org
            .permissions
            .iter()
            .map(|(id, name)| (name.clone(), id))
            .collect();
        let mut matrix = Self {
            permissions,
            allowances: Allowances::of(&org, *knowledge),
            portal_owners: OnceLock::new(),
            contact_holders: OnceLock::new(),
            knowledge,
            profile_names: Names::default(),
            role_names: Names::default(),
            set_names: Names::default(),
            psl_names: Names::default(),
            public_group_names: Names::default(),
            package_names: Names::default(),
            feature_names: Names::default(),
            license_facts,
            psl_sets,
            psl_groups,
            contacts_are_full: org.coverage.is_full("Contact"),
            witnesses,
            mostly_federated: OnceLock::new(),
            org,
        };
        matrix.index_names();
        matrix
    }

    fn index_names(&mut self) {
        for (id, profile) in self.org.profiles.iter() {
            self.profile_names.insert(&profile.name, id);
        }
        for (id, role) in self.org.roles.iter() {
            self.role_names.insert(&role.name, id);
            self.role_names.insert(&role.developer_name, id);
        }
        for (id, set) in self
            .org
            .permission_sets
            .iter()
            .filter(|(_, set)| set.is_assignable())
        {
            index_set(&mut self.set_names, set, SetRef::Set(id));
        }
        for (id, group) in self.org.permission_set_groups.iter() {
            let to = SetRef::Group(id);
            self.set_names.insert(&group.name, to);
            if !group.namespace.is_empty() {
                self.set_names
                    .insert(&format!("{}__{}", group.namespace, group.name), to);
            }
            self.set_names.insert(&group.label, to);
        }
        for (id, psl) in self.org.psls.iter() {
            for name in [&psl.name, &psl.key, &psl.label] {
                self.psl_names.insert(name, id);
            }
            // `ns.Key` and `ns_DeveloperName` are one license; the bare name finds it too.
            if let Some((_, bare)) = psl.key.split_once('.') {
                self.psl_names.insert(bare, id);
            }
        }
        for (id, group) in self.org.public_groups.iter() {
            self.public_group_names.insert(&group.name, id);
            self.public_group_names.insert(&group.developer_name, id);
        }
        for (id, package) in self.org.packages.iter() {
            self.package_names.insert(&package.namespace, id);
        }
        let mut names = Names::default();
        for (id, field) in self.org.features.iter() {
            names.insert(field, id);
            names.insert(field.strip_prefix("UserPermissions").unwrap_or(field), id);
            names.insert(self.feature_label(id), id);
            if let Some(facts) = self.knowledge.feature(field) {
                names.insert(facts.label, id);
                facts
                    .old_labels
                    .iter()
                    .for_each(|label| names.insert(label, id));
            }
        }
        self.feature_names = names;
    }
}

/// Sets that are bound to a permission set license (in the snapshot or not), and groups with such a member.
fn bound_to_psls(org: &Org) -> (FixedBitSet, FixedBitSet) {
    let bound = |set: &PermissionSet| matches!(set.license.get(), Some(SetLicense::Psl(_) | SetLicense::UnseenPsl(_)));
    let sets: FixedBitSet =
        org.permission_sets.iter().filter(|(_, set)| bound(set)).map(|(id, _)| id.index()).collect();
    let groups = org
        .permission_set_groups
        .iter()
        .filter(|(_, group)| group.members.as_ref().is_some_and(|members| members.iter().any(|member| sets.contains(member.index()))))
        .map(|(id, _)| id.index())
        .collect();
    (sets, groups)
}

fn index_set(names: &mut Names<SetRef>, set: &PermissionSet, to: SetRef) {
    names.insert(&set.name, to);
    if !set.namespace.is_empty() {
        names.insert(&set.full_name(), to);
    }
    names.insert(&set.label, to);
}
