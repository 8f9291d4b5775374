//! The keys by which rows are looked up among the users of the org. All of one kind are looked up together: so the
//! memory that many rows will read is asked for at once.

use super::{Attribute, Columns};
use crate::model::{UserId, Users, key_of, key_of_folded, keys_of};
use crate::rules::{Glance, glance};
use crate::tabular::Cells;

/// The keys of one record, and whom they lead to; 0 and nobody where nothing was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of the username, case aside.
    pub login: u64,
    /// Of the federation id, exactly and case aside.
    pub federation_id: (u64, u64),
    /// Of the nickname, case aside.
    pub nickname: u64,
    /// The first user with the username.
    pub by_login: Option<UserId>,
    /// The first user with exactly the federation id; nobody where the run does not compare them.
    pub by_federation_id: Option<UserId>,
    /// What a quick look at the username tells.
    pub(crate) address: Glance,
}

impl Keys {
    /// The keys of one record, and whom they lead to.
    #[must_use]
    pub fn of(users: &Users, columns: &Columns, cells: Cells<'_>) -> Self {
        let mut keys = [Self::of_cells(columns, cells)];
        Self::look_up(users, &mut keys);
        let [keys] = keys;
        keys
    }

    /// The keys of several records, in place of those of others, and whom they lead to.
    pub(crate) fn fill<'a>(
        all: &mut Vec<Self>,
        users: &Users,
        columns: &Columns,
        records: impl Iterator<Item = Cells<'a>>,
    ) {
        all.clear();
        all.extend(records.map(|cells| Self::of_cells(columns, cells)));
        Self::look_up(users, all);
    }

    /// The keys of one record, for [`Keys::look_up`].
    pub(crate) fn of_cells(columns: &Columns, cells: Cells<'_>) -> Self {
        let sent = |column| columns.cell(column, cells).sent();
        let mut keys = Self::default();
        if let Some(username) = sent(Attribute::Username) {
            keys.address = glance(username);
            keys.login = if keys.address.is_lower() {
                key_of(username)
            } else {
                key_of_folded(username)
            };
        }
        keys.federation_id = sent(Attribute::FederationId).map_or((0, 0), keys_of);
        keys.nickname = sent(Attribute::Nickname).map_or(0, key_of_folded);
        keys
    }

    /// Finds out whom the keys of several records lead to.
    fn look_up(users: &Users, records: &mut [Self]) {
        let logins = users.logins();
        logins.touch(|| records.iter().map(|keys| keys.login));
        for keys in &mut *records {
            keys.by_login = logins.find(keys.login);
        }
        users.touch(records.iter().filter_map(|keys| keys.by_login));
        if let Some(index) = users.keyed("FederationIdentifier") {
            index.touch(|| records.iter().map(|keys| keys.federation_id.0));
            for keys in &mut *records {
                keys.by_federation_id = index.find(keys.federation_id.0);
            }
        }
        if let Some(index) = users.keyed("CommunityNickname") {
            index.touch(|| records.iter().map(|keys| keys.nickname));
        }
    }
}
