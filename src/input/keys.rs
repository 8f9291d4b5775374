//! The keys by which rows are looked up among the users of the org. A block computes them first, all of one kind
//! together: so memory that the rows will read can be asked for ahead of them.

use super::{Attribute, Columns};
use crate::model::{key_of, key_of_folded};
use crate::tabular::{Cells, Records};

/// The keys of one record; 0 where nothing was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of the username, case aside.
    pub login: u64,
    /// Of the federation id.
    pub federation_id: u64,
    /// Of the nickname, case aside.
    pub nickname: u64,
}

impl Keys {
    /// The keys of one record.
    #[must_use]
    pub fn of(columns: &Columns, cells: Cells<'_>) -> Self {
        let key = |column, key: fn(&str) -> u64| columns.cell(column, cells).sent().map_or(0, key);
        Self {
            login: key(Attribute::Username, key_of_folded),
            federation_id: key(Attribute::FederationId, key_of),
            nickname: key(Attribute::Nickname, key_of_folded),
        }
    }
}

/// The keys of all records of a block, by kind; a kind without a column has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockKeys {
    pub(crate) logins: Vec<u64>,
    pub(crate) federation_ids: Vec<u64>,
    pub(crate) nicknames: Vec<u64>,
}

impl BlockKeys {
    /// Computes the keys of a block, in place of those of another one.
    pub(crate) fn fill(&mut self, columns: &Columns, records: &Records, text: &str) {
        let fill = |keys: &mut Vec<u64>, column: Attribute, key: fn(&str) -> u64| {
            keys.clear();
            if columns.has(column) {
                let sent = |n| columns.cell(column, records.get(text, n)?).sent();
                keys.extend((0..records.len()).map(|n| sent(n).map_or(0, key)));
            }
        };
        fill(&mut self.logins, Attribute::Username, key_of_folded);
        fill(&mut self.federation_ids, Attribute::FederationId, key_of);
        fill(&mut self.nicknames, Attribute::Nickname, key_of_folded);
    }

    /// Those of the n-th record.
    #[inline]
    pub(crate) fn get(&self, n: usize) -> Keys {
        let of = |keys: &[u64]| keys.get(n).copied().unwrap_or(0);
        Keys {
            login: of(&self.logins),
            federation_id: of(&self.federation_ids),
            nickname: of(&self.nicknames),
        }
    }
}
