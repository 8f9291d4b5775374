//! Who owns accounts that have external users (Salesforce demands that such an owner has a role), and
//! whose contact is whose: both are built on first use. And which accounts have roles of their own.

use crate::model::{AccountId, KeyIndex, Org, SfId, UserId, UserType};
use rustc_hash::{FxHashMap, FxHashSet};

/// Owners of accounts with active external users, each with the first such account in file order.
#[derive(Debug, Default)]
pub(super) struct PortalOwners {
    accounts: FxHashMap<SfId, AccountId>,
}

impl PortalOwners {
    pub(super) fn of(org: &Org) -> Self {
        let mut populated: FxHashSet<SfId> = FxHashSet::default();
        for user in org.users.iter() {
            if org.users.active(user) != Some(true) {
                continue;
            }
            let kind = org
                .users
                .profile(user)
                .and_then(|profile| org.profiles.get(profile)?.user_type.get())
                .or_else(|| org.users.user_type(user));
            if !kind.is_some_and(UserType::is_external) {
                continue;
            }
            // Where User.AccountId was not pulled, the contact leads to the same account.
            let account = org.users.reference("AccountId", user).or_else(|| {
                let contact = org.users.reference("ContactId", user)?;
                org.contacts.get(contact)?.account.get().flatten()
            });
            populated.extend(account);
        }
        let mut accounts = FxHashMap::default();
        for (id, account) in org.accounts.iter() {
            if populated.contains(&account.id)
                && let Some(owner) = account.owner.get().flatten()
            {
                accounts.entry(owner).or_insert(id);
            }
        }
        Self { accounts }
    }

    pub(super) fn account_of(&self, owner: SfId) -> Option<AccountId> {
        self.accounts.get(&owner).copied()
    }
}

/// Which accounts have portal roles.
#[derive(Debug, Default)]
pub(super) struct PortalRoles {
    accounts: FxHashSet<SfId>,
    count: usize,
}

impl PortalRoles {
    pub(super) fn of(org: &Org) -> Self {
        let mut all = Self::default();
        for (_, role) in org.roles.iter() {
            if let Some(account) = role.portal_account.get().flatten() {
                all.accounts.insert(account);
                all.count += 1;
            }
        }
        all
    }

    pub(super) fn has(&self, account: SfId) -> bool {
        self.accounts.contains(&account)
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// The user of each contact: the first in file order, active or not.
#[derive(Debug, Default)]
pub(super) struct ContactHolders(KeyIndex);

impl ContactHolders {
    pub(super) fn of(org: &Org) -> Self {
        let Some(column) = org.users.reference_column("ContactId") else {
            return Self::default();
        };
        Self(column.index())
    }

    pub(super) fn touch<K: Iterator<Item = SfId>>(&self, contacts: impl Fn() -> K) {
        self.0.touch(|| contacts().map(SfId::key));
    }

    pub(super) fn holder(&self, contact: SfId) -> Option<UserId> {
        self.0.find(contact.key())
    }
}
