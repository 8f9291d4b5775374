//! The compiled, read-only form of an org: names to ids, licenses to facts, and what active users already hold.

mod allowance;
mod build;
mod ceiling;
mod cells;
#[cfg(test)]
mod cells_tests;
mod evidence;
mod federation;
mod moves;
#[cfg(test)]
mod moves_tests;
mod nearest;
mod owners;
mod roles;
mod set_cells;
mod side;
mod sites;
mod things;
mod traits;
mod view;
mod why;
mod why_sets;

pub use allowance::FeatureAllowance;
pub use ceiling::{Ceiling, Enabled, Faults, Gate, Ground, Hazard, Permission, Standing};
pub use cells::{CellVerdict, Item, MatrixCell};
pub use evidence::Witnesses;
pub(crate) use evidence::weigh;
pub use moves::{Doubt, Move, MoveEnd, Rejection};
pub use side::{KindOrigin, Side};
pub(crate) use sites::Sites;
pub use things::Thing;
pub(crate) use traits::Bond;
pub use view::{By, Entry, ItemKind, Named, View};
pub use why::Chain;

use crate::finding::Witness;
use crate::input::SetRef;
use crate::knowledge::{Family, Knowledge, LicenseFacts, Transition};
use crate::model::{
    Account, AccountId, Contact, Dense, FeatureId, Known, License, LicenseId, Names, Org,
    PackageId, PermissionId, PermissionSet, PermissionSetGroup, PermissionSetId,
    PermissionSetLicense, Profile, ProfileId, PslId, PublicGroupId, Role, RoleId, SetLicense, SfId,
    UserId, UserType, key_of,
};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The matrix. Rules look at nothing else of the org.
#[derive(Debug)]
pub struct Matrix {
    /// The tables it was compiled from.
    pub org: Org,
    /// Shipped facts: fallback and explanation only.
    pub knowledge: &'static Knowledge,
    /// Profile names.
    pub profile_names: Names<ProfileId>,
    /// Role names and developer names.
    pub role_names: Names<RoleId>,
    /// API names (with and without namespace) and labels of assignable sets and of groups.
    pub set_names: Names<SetRef>,
    /// Developer names, keys and labels of permission set licenses, with and without namespace.
    pub psl_names: Names<PslId>,
    /// Names and developer names of public groups.
    pub public_group_names: Names<PublicGroupId>,
    /// Namespaces of managed packages.
    pub package_names: Names<PackageId>,
    /// Field names, feature types and labels of the feature license flags that the org has.
    pub feature_names: Names<FeatureId>,
    license_facts: Vec<Option<&'static LicenseFacts>>,
    /// What sets and groups are, in short.
    traits: traits::AllTraits,
    /// License and user type of each profile.
    profile_traits: Vec<traits::ProfileTraits>,
    contacts_are_full: bool,
    witnesses: Witnesses,
    ceilings: ceiling::Ceilings,
    permissions: FxHashMap<Box<str>, PermissionId>,
    allowances: allowance::Allowances,
    /// Built on first use: only rows that take a role away ask.
    portal_owners: OnceLock<owners::PortalOwners>,
    portal_roles: owners::PortalRoles,
    sites: Option<Sites>,
    mostly_federated: OnceLock<Vec<bool>>,
    /// Built on first use: only rows that send a contact ask.
    contact_holders: OnceLock<owners::ContactHolders>,
}

impl Matrix {
    /// A profile of this org.
    #[must_use]
    pub fn profile(&self, id: ProfileId) -> Option<&Profile> {
        self.org.profiles.get(id)
    }

    /// A user license of this org.
    #[must_use]
    pub fn license(&self, id: LicenseId) -> Option<&License> {
        self.org.licenses.get(id)
    }

    /// A role of this org.
    #[must_use]
    pub fn role(&self, id: RoleId) -> Option<&Role> {
        self.org.roles.get(id)
    }

    /// A permission set of this org.
    #[must_use]
    pub fn set(&self, id: PermissionSetId) -> Option<&PermissionSet> {
        self.org.permission_sets.get(id)
    }

    /// A permission set license of this org.
    #[must_use]
    pub fn psl(&self, id: PslId) -> Option<&PermissionSetLicense> {
        self.org.psls.get(id)
    }

    /// A group, by what a cell led to.
    #[must_use]
    pub fn group(&self, id: crate::model::PermissionSetGroupId) -> Option<&PermissionSetGroup> {
        self.org.permission_set_groups.get(id)
    }

    /// Whether every contact of the org is in the snapshot, so that an id that is not there is none.
    #[must_use]
    pub fn contacts_are_full(&self) -> bool {
        self.contacts_are_full
    }

    /// A contact of the snapshot.
    #[must_use]
    pub fn contact(&self, id: SfId) -> Option<Contact> {
        self.org.contacts.get(id)
    }

    /// An account of the snapshot.
    #[must_use]
    pub fn account(&self, id: SfId) -> Option<&Account> {
        self.org.accounts.get(*self.org.account_ids.get(&id)?)
    }

    /// The license that a profile belongs to.
    #[must_use]
    pub fn license_of(&self, profile: ProfileId) -> Option<LicenseId> {
        self.profile_traits.get(profile.index())?.license
    }

    /// `UserType` of a profile; where Profile.csv lacks the column, that of its license as shipped.
    #[must_use]
    pub fn kind_of(&self, profile: ProfileId) -> Option<UserType> {
        self.profile_traits.get(profile.index())?.kind
    }

    /// Shipped facts about a license of this org; `None` for a key that is not known.
    #[must_use]
    pub fn facts(&self, license: LicenseId) -> Option<&'static LicenseFacts> {
        self.license_facts
            .get(license.0 as usize)
            .copied()
            .flatten()
    }

    /// `fam(L)`: the license family; `None` when the key is not known.
    #[must_use]
    pub fn family(&self, license: LicenseId) -> Option<Family> {
        self.facts(license).map(|facts| facts.family)
    }

    /// The shipped verdict about a move between two licenses; `None` where a family is not known.
    #[must_use]
    pub fn transition(&self, from: LicenseId, to: LicenseId) -> Option<&'static Transition> {
        self.knowledge
            .transition(self.family(from)?, self.family(to)?)
    }

    /// The number of a permission column, without a search through all of them; `None` where no object has it.
    #[must_use]
    pub fn permission(&self, name: &str) -> Option<PermissionId> {
        self.permissions.get(name).copied()
    }

    /// The permission with this label: by the describe of Profile, else as shipped; `None` where neither knows the
    /// label, or where no object of the snapshot has the column.
    #[must_use]
    pub fn permission_labelled(&self, label: &str) -> Option<PermissionId> {
        let described = self.org.permission_labels.get(label).map(AsRef::as_ref);
        self.permission(described.or_else(|| self.knowledge.permission_by_label(label))?)
    }

    /// Whether a profile has a permission; unknown where Profile.csv lacks the column.
    #[must_use]
    pub fn profile_allows(&self, profile: ProfileId, permission: PermissionId) -> Known<bool> {
        if !self.org.profile_permissions.contains(permission.index()) {
            return Known::Unknown;
        }
        self.profile(profile)
            .map(|found| found.permissions.contains(permission.index()))
            .into()
    }

    /// Whether a permission set has a permission; unknown where PermissionSet.csv lacks the column.
    #[must_use]
    pub fn set_allows(&self, set: PermissionSetId, permission: PermissionId) -> Known<bool> {
        if !self.org.set_permissions.contains(permission.index()) {
            return Known::Unknown;
        }
        self.set(set)
            .map(|found| found.permissions.contains(permission.index()))
            .into()
    }

    /// What shipped knowledge says about a feature license under a user license.
    #[must_use]
    pub fn allowance(&self, license: LicenseId, feature: FeatureId) -> FeatureAllowance {
        self.allowances.get(license, feature)
    }

    /// Whether none of these feature licenses is refused or unproven under a user license: bit n is feature n.
    #[inline]
    pub(crate) fn raises_no_doubt(&self, license: LicenseId, features: u32) -> bool {
        self.allowances.raise_no_doubt(license, features)
    }

    /// An account with active external users that this user owns.
    #[must_use]
    pub fn portal_account_of(&self, owner: UserId) -> Option<AccountId> {
        self.portal_owners
            .get_or_init(|| owners::PortalOwners::of(&self.org))
            .account_of(self.org.users.id(owner))
    }

    /// Whether an account has portal roles.
    #[must_use]
    pub fn has_portal_roles(&self, account: SfId) -> bool {
        self.portal_roles.has(account)
    }

    /// How many portal roles the org has.
    #[must_use]
    pub fn portal_role_count(&self) -> usize {
        self.portal_roles.count()
    }

    /// The user of a contact, active or not. Answered from the reference column, where 15 and 18 characters are one
    /// id; from the key column where only that was read.
    #[must_use]
    pub fn user_of_contact(&self, contact: SfId) -> Option<UserId> {
        let users = &self.org.users;
        if users.has_reference("ContactId") {
            return self
                .contact_holders
                .get_or_init(|| owners::ContactHolders::of(&self.org))
                .holder(contact);
        }
        users.keyed("ContactId")?.find(key_of(&contact.text()))
    }

    /// Touches what questions about these contacts will read: their cache misses overlap.
    pub(crate) fn touch_contacts<K: Iterator<Item = SfId>>(&self, contacts: impl Fn() -> K) {
        self.org.contacts.touch(&contacts);
        if let Some(holders) = self.contact_holders.get() {
            holders.touch(&contacts);
        }
    }

    /// How many active users hold a combination already.
    #[must_use]
    pub fn witnesses(&self, witness: Witness) -> u64 {
        match witness {
            Witness::Permission(license, id) => {
                self.permission_holders(license, Permission::System(id))
            }
            Witness::Object(license, object, right) => {
                self.permission_holders(license, Permission::Object(object, right))
            }
            stored => self.witnesses.count(stored),
        }
    }

    /// The permission sets behind sets and groups; members of a group whose components are unknown are left out.
    pub fn sets_of(&self, held: impl Iterator<Item = SetRef>) -> Vec<PermissionSetId> {
        let mut sets = Vec::new();
        for to in held {
            let members: &[PermissionSetId] = match &to {
                SetRef::Set(set) => std::slice::from_ref(set),
                SetRef::Group(group) => self
                    .group(*group)
                    .and_then(|g| g.members.as_ref())
                    .map_or(&[], Vec::as_slice),
            };
            for &set in members {
                if !sets.contains(&set) {
                    sets.push(set);
                }
            }
        }
        sets
    }

    /// Sets and groups live-assigned to a user, as they were assigned; sets owned by profiles are left out.
    #[must_use]
    pub fn assigned(&self, user: UserId) -> Vec<SetRef> {
        let mut held = Vec::new();
        for assignment in self.org.users.assignments(user).iter().filter(|a| a.live) {
            let to = match (assignment.group, assignment.set) {
                (Some(group), _) => SetRef::Group(group),
                (None, Some(set)) if self.set(set).is_some_and(PermissionSet::is_assignable) => {
                    SetRef::Set(set)
                }
                _ => continue,
            };
            if !held.contains(&to) {
                held.push(to);
            }
        }
        held
    }

    /// Whether a set, or a member of a group, is bound to a permission set license (in the snapshot or not).
    #[must_use]
    pub fn touches_psl(&self, to: SetRef) -> bool {
        self.traits(to).psl
    }

    /// Permission set licenses that a set or group takes by itself when it is assigned.
    #[must_use]
    pub fn psls_taken_by(&self, to: SetRef) -> Vec<PslId> {
        let mut taken = Vec::new();
        for set in self.sets_of(std::iter::once(to)) {
            if let Some(SetLicense::Psl(psl)) = self.set(set).and_then(|s| s.license.get())
                && !taken.contains(&psl)
            {
                taken.push(psl);
            }
        }
        taken
    }

    /// The name of a set or group as people write it.
    #[must_use]
    pub fn shown(&self, to: SetRef) -> String {
        match to {
            SetRef::Set(set) => self.set(set).map(PermissionSet::full_name),
            SetRef::Group(group) => self.group(group).map(|g| {
                if g.namespace.is_empty() {
                    g.name.to_string()
                } else {
                    format!("{}__{}", g.namespace, g.name)
                }
            }),
        }
        .unwrap_or_default()
    }

    /// `Salesforce (SFDC)`: a license by name and key, because names repeat.
    #[must_use]
    pub fn shown_license(&self, license: LicenseId) -> String {
        let Some(license) = self.license(license) else {
            return String::from("(unknown license)");
        };
        match license.key.as_ref() {
            Some(key) => format!("{} ({key})", license.name),
            None => match self.org.shown_id(license.id) {
                Some(id) => format!("{} ({id})", license.name),
                None => license.name.to_string(),
            },
        }
    }

    /// Label of a feature license flag: from describe, else as shipped, else the field name.
    #[must_use]
    pub fn feature_label(&self, feature: FeatureId) -> &str {
        let field = self.org.features.get(feature).map_or("", AsRef::as_ref);
        let described = self
            .org
            .user_describe
            .as_ref()
            .and_then(|describe| describe.field(field))
            .map(|field| field.label.as_str());
        described
            .filter(|label| !label.is_empty())
            .or_else(|| self.knowledge.feature(field).map(|facts| facts.label))
            .unwrap_or(field)
    }
}
