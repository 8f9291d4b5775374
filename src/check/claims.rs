//! Values that only one row of a file may send: usernames, nicknames, federation ids, contacts.

use crate::model::{Dense, UserId};
use fixedbitset::FixedBitSet;

/// Who claimed what first. One for a run; filled in row order, so the answer never depends on threads.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    users: ByRule<FixedBitSet>,
    texts: ByRule<KeySet>,
    /// Folded forms of the texts that are not their own.
    folded: ByRule<KeySet>,
}

/// What is held for each rule that claims anything: so few that they are found sooner in a row than by a hash.
#[derive(Debug, Default)]
struct ByRule<T>(Vec<(u16, T)>);

impl<T: Default> ByRule<T> {
    fn get(&self, rule: u16) -> Option<&T> {
        let mut all = self.0.iter();
        all.find_map(|(held, value)| (*held == rule).then_some(value))
    }

    fn of(&mut self, rule: u16) -> Option<&mut T> {
        let place = self.0.iter().position(|(held, _)| *held == rule);
        let place = place.unwrap_or_else(|| {
            self.0.push((rule, T::default()));
            self.0.len() - 1
        });
        self.0.get_mut(place).map(|(_, value)| value)
    }
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
        self.users.of(rule).is_some_and(|seen| {
            seen.grow(user.index() + 1);
            seen.put(user.index())
        })
    }

    /// Claims a text for a rule; true if an earlier row did.
    pub(crate) fn text(&mut self, rule: u16, key: u64) -> bool {
        self.texts.of(rule).is_some_and(|set| !set.insert(key))
    }

    /// Claims a text that is compared exactly, then without regard to case. Only texts with upper-case letters
    /// are held twice: the others are their own folded form.
    pub(crate) fn cased(&mut self, rule: u16, exact: u64, folded: u64) -> Taken {
        let before = exact != folded && self.texts.get(rule).is_some_and(|set| set.has(folded));
        if self.text(rule, exact) {
            return Taken::Exactly;
        }
        let loosely = if exact == folded {
            self.folded.get(rule).is_some_and(|loose| loose.has(folded))
        } else {
            self.folded
                .of(rule)
                .is_some_and(|loose| !loose.insert(folded))
                || before
        };
        if loosely { Taken::Loosely } else { Taken::No }
    }

    /// Touches the places of the keys that come next, so that their cache misses overlap.
    pub(crate) fn warm(&self, keys: impl Iterator<Item = (u16, u64)>) {
        let touched = keys.fold(0, |sum, (rule, key)| {
            sum ^ self.texts.get(rule).map_or(0, |set| set.peek(key))
        });
        std::hint::black_box(touched);
    }
}

/// A set of 64-bit keys that grows in 4,096 small steps instead of one large one.
///
/// Which part a key belongs to tells twelve of its bits, so that a slot holds the rest of it in seven bytes: ten million
/// keys take 80 to 100 MB at any time. One table of whole keys would need twice as much whenever it grows.
#[derive(Debug)]
struct KeySet {
    /// By the upper bits of the key.
    parts: Vec<Part>,
}

#[derive(Clone, Debug, Default)]
struct Part {
    slots: Vec<Rest>,
    held: usize,
}

/// The lower 52 bits of a key, above a bit that marks a slot as taken.
type Rest = [u8; 7];

const EMPTY: Rest = [0; 7];
/// Slots of a part that need not be saved.
const SMALL: usize = 1 << 10;
/// The bits of a key that tell its part.
const PART: u32 = 12;

/// Where a key belongs, and what is left of it.
#[inline]
fn split(key: u64) -> (usize, Rest) {
    let [rest @ .., _] = (key << PART | 1 << (PART - 1)).to_be_bytes();
    let part = key >> (u64::BITS - PART);
    (usize::try_from(part).unwrap_or(0), rest)
}

impl Default for KeySet {
    fn default() -> Self {
        Self {
            parts: vec![Part::default(); 1 << PART],
        }
    }
}

impl KeySet {
    /// Adds a key; false if it is there already.
    fn insert(&mut self, key: u64) -> bool {
        let (part, rest) = split(key);
        self.parts
            .get_mut(part)
            .is_none_or(|part| part.insert(rest))
    }

    fn has(&self, key: u64) -> bool {
        let (part, rest) = split(key);
        self.parts.get(part).is_some_and(|part| part.has(rest))
    }

    fn peek(&self, key: u64) -> u8 {
        let (part, rest) = split(key);
        let part = self.parts.get(part);
        part.and_then(|part| part.slots.get(part.home(rest)))
            .map_or(0, |[byte, ..]| *byte)
    }
}

impl Part {
    #[inline]
    fn home(&self, [a, b, c, d, ..]: Rest) -> usize {
        // The multiplication spreads the upper bits over any table size, so that parts need not be powers of two.
        let upper = u64::from(u32::from_be_bytes([a, b, c, d]));
        usize::try_from((upper * self.slots.len() as u64) >> u32::BITS).unwrap_or(0)
    }

    fn has(&self, rest: Rest) -> bool {
        let mut at = self.home(rest);
        // At least one slot in eight is empty.
        while !self.slots.is_empty() {
            match self.slots.get(at) {
                Some(slot) if *slot == rest => return true,
                Some(&EMPTY) => return false,
                Some(_) => at += 1,
                None => at = 0,
            }
        }
        false
    }

    fn insert(&mut self, rest: Rest) -> bool {
        if (self.held + 1) * 8 > self.slots.len() * 7 {
            self.grow();
        }
        let mut at = self.home(rest);
        loop {
            match self.slots.get_mut(at) {
                Some(slot) if *slot == EMPTY => {
                    *slot = rest;
                    self.held += 1;
                    return true;
                }
                Some(slot) if *slot == rest => return false,
                Some(_) => at += 1,
                None => at = 0,
            }
        }
    }

    fn grow(&mut self) {
        // Small parts double, as that moves their keys least often; large ones grow in steps that waste little.
        let held = self.slots.len();
        let more = if held < SMALL { held } else { held / 4 };
        let size = (held + more).max(8);
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; size]);
        self.held = 0;
        for rest in old.into_iter().filter(|rest| *rest != EMPTY) {
            self.insert(rest);
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
        let spread = (0..50_000).map(|n| key_of(&format!("user{n}")));
        // These share one part, and differ in one bit only.
        let alike = (0..64).map(|bit| 0x5555_5555_5555_5555 ^ 1 << bit);
        let ends = [1, u64::MAX, 1 << 63];
        let keys: Vec<u64> = spread.chain(alike).chain(ends).collect();
        assert!(keys.iter().all(|&key| !set.has(key) && set.insert(key)));
        assert!(keys.iter().all(|&key| set.has(key) && !set.insert(key)));
    }
}
