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
    let odd = text.bytes().fold(false, |odd, byte| odd | !byte.is_ascii() | byte.is_ascii_uppercase());
    if odd { key_of(&text.to_lowercase()) } else { key_of(text) }
}

/// Finds users by the key of one of their columns.
///
/// An open-addressing table of four-byte user numbers; the keys themselves lie in user order, so
/// that a user's own key can be compared without a look-up.
#[derive(Clone, Debug, Default)]
pub struct KeyIndex {
    keys: Vec<u64>,
    slots: Vec<u32>,
}

impl KeyIndex {
    /// Builds the index over one key per user; the first user of a key is found.
    #[must_use]
    pub fn new(keys: Vec<u64>) -> Self {
        let held = keys.iter().filter(|&&key| key != 0).count();
        let size = (held + held / 2 + 8).next_power_of_two();
        let mut index = Self {
            keys,
            slots: vec![u32::MAX; size],
        };
        for user in 0..index.keys.len() {
            index.place(user);
        }
        index
    }

    fn place(&mut self, user: usize) {
        let key = self.keys.get(user).copied().unwrap_or(0);
        if key == 0 {
            return;
        }
        let mask = self.slots.len() - 1;
        let mut at = home(key, mask);
        loop {
            let Some(&held) = self.slots.get(at) else {
                return;
            };
            if held == u32::MAX {
                if let (Some(slot), Ok(number)) = (self.slots.get_mut(at), u32::try_from(user)) {
                    *slot = number;
                }
                return;
            }
            if self.keys.get(held as usize) == Some(&key) {
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// The first user with this key.
    #[must_use]
    pub fn find(&self, key: u64) -> Option<UserId> {
        if key == 0 || self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = home(key, mask);
        loop {
            let held = *self.slots.get(at)?;
            if held == u32::MAX {
                return None;
            }
            if self.keys.get(held as usize) == Some(&key) {
                return Some(UserId(held));
            }
            at = (at + 1) & mask;
        }
    }

    /// Touches what looking up these keys will read, and says the likely users.
    ///
    /// A single look-up waits for memory twice. Done for a block of rows at a time, first all slots and then all
    /// keys, the waits overlap; the look-ups that follow find everything in the cache.
    pub(super) fn warm(&self, keys: &[u64], likely: &mut Vec<u32>) {
        likely.clear();
        if self.slots.is_empty() {
            return;
        }
        let mask = self.slots.len() - 1;
        likely.extend(keys.iter().map(|&key| self.slots.get(home(key, mask)).copied().unwrap_or(u32::MAX)));
        let touched = likely.iter().fold(0, |sum, &user| sum ^ self.keys.get(user as usize).copied().unwrap_or(0));
        std::hint::black_box(touched);
    }

    /// The key of one user; zero where the user has no such value.
    #[must_use]
    pub fn key(&self, user: UserId) -> u64 {
        self.keys.get(user.index()).copied().unwrap_or(0)
    }
}

/// Where the search for a key starts: its upper bits, because they are independent of partitions made by the lower ones.
fn home(key: u64, mask: usize) -> usize {
    usize::try_from(key >> 20).unwrap_or(0) & mask
}
