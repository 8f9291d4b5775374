//! Texts of users as keys of eight bytes, and the users behind them.

use crate::model::{Dense, UserId};
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
    // Without an early end the compiler looks at many bytes at a time.
    let odd = text.bytes().fold(false, |odd, byte| {
        odd | !byte.is_ascii() | byte.is_ascii_uppercase()
    });
    if odd {
        key_of(&text.to_lowercase())
    } else {
        key_of(text)
    }
}

/// Finds users by the key of one of their columns.
///
/// An open-addressing table of four-byte slots; the keys themselves lie in user order, so that a user's own key can be
/// compared without a look-up. The bits of a slot that no user number needs hold bits of the key: nearly every key that
/// is not there is told apart by its slots alone, without a look at the keys of other users, which lie far away.
#[derive(Clone, Debug, Default)]
pub struct KeyIndex {
    keys: Vec<u64>,
    slots: Vec<u32>,
    /// The bits of a slot that are a user number.
    users: u32,
}

/// No user has a number of ones only.
const EMPTY: u32 = u32::MAX;

impl KeyIndex {
    /// Builds the index over one key per user; the first user of a key is found.
    #[must_use]
    pub fn new(keys: Vec<u64>) -> Self {
        let held = keys.iter().filter(|&&key| key != 0).count();
        let users = u32::try_from(keys.len()).map_or(EMPTY, |count| {
            EMPTY.checked_shr(count.leading_zeros()).unwrap_or(0)
        });
        // Three slots in four are taken.
        let mut index = Self {
            slots: vec![EMPTY; held + held / 3 + 1],
            users,
            keys: Vec::new(),
        };
        for (user, &key) in (0..).zip(&keys) {
            if key != 0 {
                index.place(&keys, user, key);
            }
        }
        index.keys = keys;
        index
    }

    fn place(&mut self, keys: &[u64], user: u32, key: u64) {
        let (users, tag) = (self.users, self.tag(key));
        let home = self.home(key);
        let (before, from_home) = self.slots.split_at_mut(home);
        for slot in from_home.iter_mut().chain(before) {
            if *slot == EMPTY {
                *slot = tag | user;
                return;
            }
            if *slot & !users == tag && keys.get((*slot & users) as usize) == Some(&key) {
                return;
            }
        }
    }

    /// The bits of a key that stand beside its user's number.
    fn tag(&self, key: u64) -> u32 {
        // The lower half: the upper bits say where the search starts.
        u32::try_from(key & u64::from(u32::MAX)).unwrap_or(0) & !self.users
    }

    /// Where the search for a key starts.
    fn home(&self, key: u64) -> usize {
        // The multiplication spreads the upper bits over any table size.
        let wide = u128::from(key) * self.slots.len() as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// The users whose slots look like that of a key.
    #[inline]
    fn alike(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let tag = self.tag(key);
        let (before, from_home) = self.slots.split_at(self.home(key));
        let taken = from_home
            .iter()
            .chain(before)
            .take_while(|slot| **slot != EMPTY);
        taken
            .filter(move |slot| **slot & !self.users == tag)
            .map(|slot| slot & self.users)
    }

    /// The first user with this key.
    #[must_use]
    pub fn find(&self, key: u64) -> Option<UserId> {
        if key == 0 {
            return None;
        }
        self.alike(key)
            .find(|&user| self.keys.get(user as usize) == Some(&key))
            .map(UserId)
    }

    /// Touches what looking up these keys will read, and says the likely users.
    ///
    /// A single look-up waits for memory twice. Done for a block of rows at a time, first all slots and then all
    /// keys, the waits overlap; the look-ups that follow find everything in the cache.
    pub(super) fn warm(&self, keys: &[u64], likely: &mut Vec<u32>) {
        likely.clear();
        let slots = keys.iter().fold(0, |sum, &key| {
            sum ^ self.slots.get(self.home(key)).copied().unwrap_or(0)
        });
        std::hint::black_box(slots);
        likely.extend(
            keys.iter()
                .map(|&key| self.alike(key).next().unwrap_or(EMPTY)),
        );
        let touched = likely.iter().fold(0, |sum, &user| {
            sum ^ self.keys.get(user as usize).copied().unwrap_or(0)
        });
        std::hint::black_box(touched);
    }

    /// The key of one user; zero where the user has no such value.
    #[must_use]
    pub fn key(&self, user: UserId) -> u64 {
        self.keys.get(user.index()).copied().unwrap_or(0)
    }
}
