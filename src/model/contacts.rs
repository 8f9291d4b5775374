//! Contacts: millions of them, of which only accounts and owners are asked for.

use super::{Contact, Dense, IdColumn, KeyIndex, Known, SfId, UserId};
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

impl Contacts {
    /// Contacts with these ids, all different, and the account of each in the same order.
    #[must_use]
    pub fn new(ids: &[SfId], accounts: &[Known<Option<SfId>>]) -> Self {
        let untold = |account: &Known<_>| matches!(account, Known::Unknown);
        Self {
            index: KeyIndex::new(ids.iter().map(|id| id.key()).collect()),
            accounts: accounts
                .iter()
                .map(|account| account.get().flatten())
                .collect(),
            owners: IdColumn::default(),
            untold: (0..)
                .zip(accounts)
                .filter(|(_, account)| untold(account))
                .map(|(n, _)| n)
                .collect(),
        }
    }

    /// Adds who owns the contacts, in the order of their ids.
    #[must_use]
    pub fn owned_by(self, owners: IdColumn) -> Self {
        Self { owners, ..self }
    }

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

    fn place(&self, id: SfId) -> Option<usize> {
        self.index.find(id.key()).map(Dense::index)
    }
}
