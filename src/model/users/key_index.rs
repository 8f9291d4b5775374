//! Texts of users as keys of eight bytes, and the users behind them.

mod build;

use crate::model::UserId;
use build::build;
use xxhash_rust::xxh3::xxh3_64;

/// The 64-bit key under which a text is found again. Zero is kept for "no text".
///
/// With ten million keys the chance that any two of them collide is below one in 100,000.
#[must_use]
pub fn key_of(text: &str) -> u64 {
    if text.is_empty() {
        0
    } else {
        xxh3_64(text.as_bytes()).max(1)
    }
}

/// The key of a text that is compared without regard to case: usernames, nicknames, email addresses.
#[must_use]
pub fn key_of_folded(text: &str) -> u64 {
    if is_folded(text) {
        key_of(text)
    } else {
        key_of(&text.to_lowercase())
    }
}

/// Both keys of a text: compared exactly, and without regard to case.
#[must_use]
pub fn keys_of(text: &str) -> (u64, u64) {
    let exact = key_of(text);
    if is_folded(text) {
        (exact, exact)
    } else {
        (exact, key_of(&text.to_lowercase()))
    }
}

/// Whether a text is surely its own lower-case form.
fn is_folded(text: &str) -> bool {
    // Without an early end the compiler looks at many bytes at a time.
    !text.bytes().fold(false, |odd, byte| {
        odd | !byte.is_ascii() | byte.is_ascii_uppercase()
    })
}

/// Finds users by the key of one of their columns.
///
/// The users of each bucket lie side by side, without a gap, and the upper bits of a key say which bucket is its own.
/// So an entry holds the lower bits of the key and the number of the user in nine bytes, both in full, and a look-up
/// reads two places in memory: where the bucket starts, and its handful of entries.
#[derive(Clone, Debug, Default)]
pub struct KeyIndex {
    /// Where each bucket starts among the entries; one more for the end of the last.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    /// The bits of a key below those that number its bucket.
    below: u32,
    /// The bits of an entry that number its user.
    user_bits: u32,
}

/// The user's number in the lowest bits of 72, above it those bits of the key that the bucket does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Entry {
    low: [u8; 8],
    high: u8,
}

impl Entry {
    const BITS: u32 = 72;

    #[inline]
    fn low(self) -> u64 {
        u64::from_le_bytes(self.low)
    }
}

/// Who has a value that only one user may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// No user.
    Nobody,
    /// The user who is asked about.
    Own,
    /// Another user.
    Other(UserId),
}

impl KeyIndex {
    /// Builds the index over one key per user, zero where a user has none; the first user of a key is found.
    #[must_use]
    pub fn new(keys: &[u64]) -> Self {
        Self::on(1, keys)
    }

    /// The same on several threads.
    #[must_use]
    pub fn on(threads: usize, keys: &[u64]) -> Self {
        let number = |place| u32::try_from(place).unwrap_or(u32::MAX);
        build(threads, keys, number)
    }

    /// Whether nobody has a key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Builds the index over the keys of some users, who come in order.
    #[must_use]
    pub fn of_users(users: &[UserId], keys: &[u64]) -> Self {
        build(1, keys, |place| users.get(place).map_or(0, |user| user.0))
    }

    /// The bucket of a key.
    #[inline]
    fn bucket(&self, key: u64) -> usize {
        usize::try_from(key >> self.below).unwrap_or(0)
    }

    fn entry(&self, key: u64, user: u32) -> Entry {
        let kept = key & !(u64::MAX << self.below);
        let wide = u128::from(kept) << self.user_bits | u128::from(user);
        let [low @ .., _, _, _, _, _, _, _] = wide.to_le_bytes();
        let [low @ .., high] = low;
        Entry { low, high }
    }

    #[inline]
    fn of_bucket(&self, bucket: usize) -> &[Entry] {
        let ends = self
            .starts
            .get(bucket..)
            .and_then(|starts| starts.first_chunk());
        let Some(&[from, to]) = ends else {
            return &[];
        };
        self.entries
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// The users with this key, in user order.
    #[inline]
    fn bearers(&self, key: u64) -> impl Iterator<Item = UserId> + '_ {
        let of_user = !(u64::MAX << self.user_bits);
        let sought = self.entry(key, 0);
        let (low, high) = (sought.low(), sought.high);
        let of_bucket = self.of_bucket(self.bucket(key)).iter();
        of_bucket
            .filter(move |entry| entry.low() & !of_user == low && entry.high == high && key != 0)
            .map(move |entry| UserId(u32::try_from(entry.low() & of_user).unwrap_or(u32::MAX)))
    }

    /// The first user with this key.
    #[must_use]
    pub fn find(&self, key: u64) -> Option<UserId> {
        self.bearers(key).next()
    }

    /// Whether a user has this key.
    #[must_use]
    pub fn bears(&self, user: UserId, key: u64) -> bool {
        self.bearers(key).any(|bearer| bearer == user)
    }

    /// Who has this key: `own`, if that is one of them, else the first.
    #[must_use]
    pub fn bearer(&self, key: u64, own: Option<UserId>) -> Bearer {
        let mut bearers = self.bearers(key);
        match bearers.next() {
            None => Bearer::Nobody,
            Some(first) if Some(first) == own || bearers.any(|next| Some(next) == own) => {
                Bearer::Own
            }
            Some(first) => Bearer::Other(first),
        }
    }

    /// The users who have a key, in no order; one who was given several comes several times.
    pub fn users(&self) -> impl Iterator<Item = UserId> + '_ {
        let of_user = !(u64::MAX << self.user_bits);
        let number = move |entry: &Entry| u32::try_from(entry.low() & of_user).unwrap_or(u32::MAX);
        self.entries.iter().map(move |entry| UserId(number(entry)))
    }

    /// Touches what look-ups of these keys will read, all that one of them waits for at a time: their cache misses overlap.
    pub(crate) fn touch<K: Iterator<Item = u64>>(&self, keys: impl Fn() -> K) {
        let starts = keys().fold(0, |sum, key| {
            sum ^ self.starts.get(self.bucket(key)).copied().unwrap_or(0)
        });
        let entries = keys().fold(0, |sum, key| {
            let start = self.starts.get(self.bucket(key)).copied().unwrap_or(0);
            let entry = self.entries.get(start as usize);
            sum ^ entry.map_or(0, |entry| entry.high)
        });
        std::hint::black_box((starts, entries));
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyIndex, key_of};
    use crate::model::UserId;

    #[test]
    fn the_first_bearer_of_a_key_is_found() {
        let index = KeyIndex::new(&[key_of("a"), key_of("b"), key_of("a"), 0]);
        assert_eq!(index.find(key_of("a")), Some(UserId(0)));
        assert_eq!((index.find(0), index.find(key_of("c"))), (None, None));
        assert!(index.bears(UserId(0), key_of("a")) && index.bears(UserId(2), key_of("a")));
        assert!(!index.bears(UserId(1), key_of("a")) && !index.bears(UserId(3), 0));
        assert_eq!(index.users().count(), 3);
    }

    #[test]
    fn every_user_is_found_among_many_and_nobody_else() {
        let key = |n: u32| key_of(&format!("user{n}"));
        for users in [1, 255, 256, 257, 5000, 100_000] {
            let keys: Vec<u64> = (0..users).map(key).collect();
            let index = KeyIndex::on(3, &keys);
            assert!((0..users).all(|n| index.find(key(n)) == Some(UserId(n))));
            assert!((users..2 * users).all(|n| index.find(key(n)).is_none()));
        }
    }

    #[test]
    fn keys_of_few_among_very_many_users_are_told_in_full() {
        let mut users = vec![UserId(1 << 24); 64];
        // These differ in one bit only, wherever it is.
        let keys: Vec<u64> = (0..64)
            .map(|bit| 0x5555_5555_5555_5555 ^ 1 << bit)
            .collect();
        users[0] = UserId(3);
        let index = KeyIndex::of_users(&users, &keys);
        assert_eq!(index.find(keys[0]), Some(UserId(3)));
        assert!(
            keys.iter()
                .skip(1)
                .all(|&key| index.find(key) == Some(users[1]))
        );
        assert!((0..64).all(|bit| index.find(keys[0] ^ keys[1] ^ 1 << bit).is_none()));
    }

    #[test]
    fn an_index_of_nobody_finds_nobody() {
        assert_eq!(KeyIndex::new(&[]).find(1), None);
        assert_eq!(KeyIndex::default().find(1), None);
    }
}
