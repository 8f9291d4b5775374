//! Snapshot and shipped knowledge to matrix.

use super::allowance::Allowances;
use super::owners::PortalRoles;
use super::sites::Sites;
use super::traits::{AllTraits, ProfileTraits};
use super::{Matrix, Witnesses};
use crate::input::SetRef;
use crate::knowledge::shipped;
use crate::model::{Names, Org, PermissionSet};
use std::sync::OnceLock;

impl Matrix {
    /// Compiles an org. Nothing is refused here: what is missing in the org stays unknown.
    #[must_use]
    pub fn build(org: Org) -> Self {
        let knowledge = shipped();
        let license_facts: Vec<_> = org
            .licenses
            .iter()
            .map(|(_, license)| {
                knowledge.license(license.key.as_ref().map(AsRef::as_ref), &license.name)
            })
            .collect();
        let sites = Sites::of(&org);
        let witnesses = Witnesses::of(&org, sites.as_ref());
        let permissions = org
            .permissions
            .iter()
            .map(|(id, name)| (name.clone(), id))
            .collect();
        let mut matrix = Self {
            permissions,
            allowances: Allowances::of(&org, *knowledge),
            portal_owners: OnceLock::new(),
            portal_roles: PortalRoles::of(&org),
            sites,
            contact_holders: OnceLock::new(),
            knowledge,
            profile_names: Names::default(),
            role_names: Names::default(),
            set_names: Names::default(),
            psl_names: Names::default(),
            public_group_names: Names::default(),
            package_names: Names::default(),
            feature_names: Names::default(),
            profile_traits: org
                .profiles
                .iter()
                .map(|(_, profile)| ProfileTraits::of(profile, &org, &license_facts))
                .collect(),
            license_facts,
            traits: AllTraits::of(&org),
            contacts_are_full: org.coverage.is_full("Contact"),
            witnesses,
            ceilings: super::ceiling::Ceilings::of(&org),
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

fn index_set(names: &mut Names<SetRef>, set: &PermissionSet, to: SetRef) {
    names.insert(&set.name, to);
    if !set.namespace.is_empty() {
        names.insert(&set.full_name(), to);
    }
    names.insert(&set.label, to);
}
