//! Values that only one row of a file may send: usernames, nicknames, federation ids, contacts.

use crate::model::{Dense, UserId};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

/// Who claimed what first. One for a run; filled in row order, so the answer never depends on threads.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    users: FxHashMap<u16, FixedBitSet>,
    texts: FxHashMap<u16, KeySet>,
    /// Folded forms of the texts that are not their own.
    folded: FxHashMap<u16, KeySet>,
}

/// Whether an earlier row has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// No.
    No,
    /// In other letters, upper and lower.
    Loosely,
    /// Letter by letter.
    Exactly,
}

impl Claims {
    /// Claims a user for a rule; true if an earlier row did.
    pub(crate) fn user(&mut self, rule: u16, user: UserId) -> bool {
        let seen = self.users.entry(rule).or_default();
        seen.grow(user.index() + 1);
        seen.put(user.index())
    }

    /// Claims a text for a rule; true if an earlier row did.
    pub(crate) fn text(&mut self, rule: u16, key: u64) -> bool {
        !self.texts.entry(rule).or_default().insert(key)
    }

    /// Claims a text that is compared exactly, then without regard to case. Only texts with upper-case letters
    /// are held twice: the others are their own folded form.
    pub(crate) fn cased(&mut self, rule: u16, exact: u64, folded: u64) -> Taken {
        let before = self.texts.get(&rule).is_some_and(|set| set.has(folded));
        if self.text(rule, exact) {
            return Taken::Exactly;
        }
        let loose = self.folded.entry(rule).or_default();
        let loosely = if exact == folded {
            loose.has(folded)
        } else {
            !loose.insert(folded) || before
        };
        if loosely { Taken::Loosely } else { Taken::No }
    }

    /// Touches the places of the keys that come next, so that their cache misses overlap.
    pub(crate) fn warm(&self, keys: impl Iterator<Item = (u16, u64)>) {
        let touched = keys.fold(0, |sum, (rule, key)| {
            sum ^ self.texts.get(&rule).map_or(0, |set| set.peek(key))
        });
        std::hint::black_box(touched);
    }
}

const PARTS: usize = 256;

/// A set of non-zero 64-bit keys that grows in 256 small steps instead of one large one: ten million keys
/// take 100 to 125 MB at any time, where one table would need twice as much whenever it doubles.
#[derive(Debug)]
struct KeySet {
    parts: Vec<Part>,
}

#[derive(Debug, Default)]
struct Part {
    slots: Vec<u64>,
    held: usize,
}

impl Default for KeySet {
    fn default() -> Self {
        Self {
            parts: std::iter::repeat_with(Part::default).take(PARTS).collect(),
        }
    }
}

fn part_of(key: u64) -> usize {
    usize::try_from(key % PARTS as u64).unwrap_or(0)
}

impl KeySet {
    /// Adds a key; false if it is there already.
    fn insert(&mut self, key: u64) -> bool {
        self.parts
            .get_mut(part_of(key))
            .is_none_or(|part| part.insert(key))
    }

    fn has(&self, key: u64) -> bool {
        self.parts
            .get(part_of(key))
            .is_some_and(|part| part.has(key))
    }

    fn peek(&self, key: u64) -> u64 {
        self.parts.get(part_of(key)).map_or(0, |part| {
            part.slots.get(part.home(key)).copied().unwrap_or(0)
        })
    }
}

impl Part {
    fn home(&self, key: u64) -> usize {
        // The multiplication spreads the upper bits over any table size, so that parts need not be powers of two.
        let wide = u128::from(key.rotate_left(24)) * self.slots.len() as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    fn has(&self, key: u64) -> bool {
        let mut at = self.home(key);
        // At least one slot in five is empty.
        while !self.slots.is_empty() {
            match self.slots.get(at) {
                Some(&slot) if slot == key => return true,
                Some(0) => return false,
                Some(_) => at += 1,
                None => at = 0,
            }
        }
        false
    }

    fn insert(&mut self, key: u64) -> bool {
        if (self.held + 1) * 5 > self.slots.len() * 4 {
            self.grow();
        }
        let mut at = self.home(key);
        loop {
            match self.slots.get_mut(at) {
                Some(slot) if *slot == 0 => {
                    *slot = key;
                    self.held += 1;
                    return true;
                }
                Some(slot) if *slot == key => return false,
                Some(_) => at += 1,
                None => at = 0,
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() + self.slots.len() / 4).max(16);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        self.held = 0;
        for key in old.into_iter().filter(|&key| key != 0) {
            self.insert(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Claims, KeySet, Taken};
    use crate::model::{UserId, key_of, key_of_folded};

    #[test]
    fn the_second_claim_is_told() {
        let mut claims = Claims::default();
        assert!(!claims.user(1, UserId(70)));
        assert!(claims.user(1, UserId(70)));
        assert!(!claims.user(2, UserId(70)));
        assert!(!claims.text(1, key_of("ann@acme.example")));
        assert!(claims.text(1, key_of("ann@acme.example")));
        let mut cased = |text: &str| claims.cased(3, key_of(text), key_of_folded(text));
        let told = ["ab", "AB", "Ab", "Ab", "CD", "cd", "cd", "ef", "ef"].map(&mut cased);
        let (no, loosely, exactly) = (Taken::No, Taken::Loosely, Taken::Exactly);
        assert_eq!(
            told,
            [
                no, loosely, loosely, exactly, no, loosely, exactly, no, exactly
            ]
        );
    }

    #[test]
    fn many_keys_are_held_once_each() {
        let mut set = KeySet::default();
        let keys: Vec<u64> = (0..50_000).map(|n| key_of(&format!("user{n}"))).collect();
        assert!(keys.iter().all(|&key| set.insert(key)));
        assert!(keys.iter().all(|&key| !set.insert(key)));
    }
}
