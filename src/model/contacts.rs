//! Contacts: millions of them, of which only accounts and owners are asked for.

use super::{Contact, Dense, IdColumn, Ids, KeyIndex, Known, SfId, UserId};
use fixedbitset::FixedBitSet;

/// All contacts of the snapshot, found by their record ids.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    index: KeyIndex,
    accounts: IdColumn,
    owners: IdColumn,
    /// Contacts whose account is not known; empty where all are.
    untold: FixedBitSet,
}

/// Collects contacts, then builds the index.
#[derive(Debug, Default)]
pub struct ContactsBuilder {
    ids: Ids,
    contacts: Contacts,
}

impl ContactsBuilder {
    /// Adds a contact with its account; ids are all different.
    pub fn push(&mut self, id: SfId, account: Known<Option<SfId>>) {
        if account == Known::Unknown {
            self.contacts.untold.grow_and_insert(self.ids.len());
        }
        self.contacts.accounts.push(account.get().flatten());
        self.ids.push(id);
    }

    /// Adds the owner of the contact that was added last; for all contacts or for none.
    pub fn owned_by(&mut self, owner: Option<SfId>) {
        self.contacts.owners.push(owner);
    }

    /// Record ids so far, in the order in which they came.
    pub fn ids(&self) -> impl Iterator<Item = SfId> + '_ {
        self.ids.iter()
    }

    /// Builds the index, on so many threads.
    #[must_use]
    pub fn finish_on(mut self, threads: usize) -> Contacts {
        self.contacts.index = self.ids.index(threads);
        self.contacts
    }
}

impl Contacts {
    /// The owner of the contact with this id; `None` where it is not known.
    #[must_use]
    pub fn owner(&self, id: SfId) -> Option<SfId> {
        self.owners.get(UserId::new(self.place(id)?))
    }

    /// Whether there is a contact with this id.
    #[must_use]
    pub fn has(&self, id: SfId) -> bool {
        self.place(id).is_some()
    }

    /// The contact with this id.
    #[must_use]
    pub fn get(&self, id: SfId) -> Option<Contact> {
        let place = self.place(id)?;
        let account = if self.untold.contains(place) {
            Known::Unknown
        } else {
            Known::Yes(self.accounts.get(UserId::new(place)))
        };
        Some(Contact { id, account })
    }

    /// Touches what questions about these contacts will read: their cache misses overlap.
    pub(crate) fn touch<K: Iterator<Item = SfId>>(&self, ids: impl Fn() -> K) {
        self.index.touch(|| ids().map(SfId::key));
    }

    fn place(&self, id: SfId) -> Option<usize> {
        self.index.find(id.key()).map(Dense::index)
    }
}
