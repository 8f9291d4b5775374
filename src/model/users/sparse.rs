//! Columns that few users fill: what is empty takes next to no memory.

use super::KeyIndex;
use crate::model::{Dense, Ids, SfId, UserId};

/// A reference column: a bit for each user, and the ids of those who have one.
#[derive(Clone, Debug, Default)]
pub struct IdColumn {
    users: usize,
    words: Vec<Word>,
    ids: Ids,
}

/// Sixty-four users.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    /// Bit n is set where user n of them has an id.
    filled: u64,
    /// Ids of all users before them.
    before: u32,
}

impl IdColumn {
    /// Adds the next user.
    pub fn push(&mut self, id: Option<SfId>) {
        let place = self.users % 64;
        if place == 0 {
            self.words.push(Word {
                filled: 0,
                before: u32::try_from(self.ids.len()).unwrap_or(u32::MAX),
            });
        }
        self.users += 1;
        if let (Some(id), Some(word)) = (id, self.words.last_mut()) {
            word.filled |= 1 << place;
            self.ids.push(id);
        }
    }

    /// Adds the users of another column, which is empty afterwards.
    pub fn append(&mut self, other: &mut Self) {
        (0..other.users).for_each(|user| self.push(other.get(UserId::new(user))));
        other.users = 0;
        other.words.clear();
        other.ids = Ids::default();
    }

    /// The id of a user.
    #[must_use]
    pub fn get(&self, user: UserId) -> Option<SfId> {
        let word = self.words.get(user.index() / 64)?;
        let bit = 1 << (user.index() % 64);
        if word.filled & bit == 0 {
            return None;
        }
        let earlier = (word.filled & (bit - 1)).count_ones();
        self.ids.get((word.before + earlier) as usize)
    }

    /// How many users have an id.
    #[must_use]
    pub fn filled(&self) -> usize {
        self.ids.len()
    }

    /// Finds the users by the keys of their ids (see [`SfId`]).
    pub(crate) fn index(&self) -> KeyIndex {
        let (users, keys): (Vec<_>, Vec<_>) =
            self.iter().map(|(user, id)| (user, id.key())).unzip();
        KeyIndex::of_users(&users, &keys)
    }

    /// The users who have an id, in user order.
    pub fn iter(&self) -> impl Iterator<Item = (UserId, SfId)> + '_ {
        let users = (0..).zip(&self.words).flat_map(|(n, word)| {
            (0..64)
                .filter(move |bit| word.filled & (1 << bit) != 0)
                .map(move |bit| UserId(n * 64 + bit))
        });
        users.zip(self.ids.iter())
    }
}

impl FromIterator<Option<SfId>> for IdColumn {
    fn from_iter<I: IntoIterator<Item = Option<SfId>>>(ids: I) -> Self {
        let mut column = Self::default();
        ids.into_iter().for_each(|id| column.push(id));
        column
    }
}

/// Keys of texts in lower case, of those users whose text is not its own lower-case form.
#[derive(Clone, Debug, Default)]
pub struct OddKeys {
    users: Vec<UserId>,
    keys: Vec<u64>,
}

impl OddKeys {
    /// Adds a user; users come in order.
    pub fn push(&mut self, user: UserId, key: u64) {
        self.users.push(user);
        self.keys.push(key);
    }

    /// Adds the users of another column, which number from `first` on; it is empty afterwards.
    pub fn append(&mut self, other: &mut Self, first: usize) {
        let more = other.users.drain(..);
        self.users
            .extend(more.map(|user| UserId::new(first + user.index())));
        self.keys.append(&mut other.keys);
    }

    pub(super) fn index(&self) -> KeyIndex {
        KeyIndex::of_users(&self.users, &self.keys)
    }
}

#[cfg(test)]
mod tests {
    use super::{IdColumn, OddKeys};
    use crate::model::{Dense, SfId, UserId};

    #[test]
    fn ids_are_found_where_they_were_put() {
        let id = |n: usize| SfId::parse(&format!("003Ab{n:010}")).expect("an id");
        let told = |n: usize| (n % 7 == 3 || n.is_multiple_of(64)).then(|| id(n));
        let mut column: IdColumn = (0..100).map(told).collect();
        let mut more: IdColumn = (100..1000).map(told).collect();
        column.append(&mut more);
        assert!((0..1000).all(|n| column.get(UserId::new(n)) == told(n)));
        assert_eq!(column.get(UserId(1000)), None);
        assert!(
            column
                .iter()
                .eq((0..1000).filter_map(|n| Some((UserId::new(n), told(n)?))))
        );
        assert_eq!((more.filled(), more.iter().count()), (0, 0));
    }

    #[test]
    fn odd_texts_lead_to_their_users() {
        let mut odd = OddKeys::default();
        odd.push(UserId(3), 70);
        let mut more = OddKeys::default();
        more.push(UserId(1), 71);
        odd.append(&mut more, 10);
        let index = odd.index();
        assert_eq!(
            (index.find(70), index.find(71), index.find(72)),
            (Some(UserId(3)), Some(UserId(11)), None)
        );
    }
}
