//! A read-only map from names to numbers, laid out for millions of look-ups: two places in memory, no pointer.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// What names stand for; a name may stand for several things.
#[derive(Clone, Debug)]
pub(crate) struct Lookup<I> {
    slots: Vec<Slot>,
    /// All names, one after the other.
    text: String,
    /// All answers, those of one name side by side.
    answers: Vec<I>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Upper half of the hash; the lower half says where the search starts.
    hash: u32,
    start: u32,
    length: u32,
    first: u32,
    count: u32,
}

const EMPTY: Slot = Slot {
    hash: 0,
    start: 0,
    length: 0,
    first: 0,
    count: 0,
};

/// Names are short: mixing sixteen bytes at a time is all that they need.
#[inline]
fn hash_of(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[inline]
fn half(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0)
}

impl<I: Copy> Lookup<I> {
    /// Builds the map; each name comes once.
    pub(crate) fn of<'a>(names: impl ExactSizeIterator<Item = (&'a str, &'a [I])>) -> Self
    where
        I: 'a,
    {
        let size = (names.len() * 2 + 1).next_power_of_two();
        let mut map = Self {
            slots: vec![EMPTY; size],
            text: String::new(),
            answers: Vec::new(),
        };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        for (name, answers) in names {
            let hash = hash_of(name);
            let slot = Slot {
                hash: half(hash),
                start: number(map.text.len()),
                length: number(name.len()),
                first: number(map.answers.len()),
                count: number(answers.len()),
            };
            map.text.push_str(name);
            map.answers.extend_from_slice(answers);
            let mut at = map.home(hash);
            while map.slots.get(at).is_some_and(|held| held.count > 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(place) = map.slots.get_mut(at) {
                *place = slot;
            }
        }
        map
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        usize::try_from(hash & 0xffff_ffff).unwrap_or(0) & (self.slots.len() - 1)
    }

    /// What a name stands for; empty where it is not known.
    #[inline]
    pub(crate) fn get(&self, name: &str) -> &[I] {
        let hash = hash_of(name);
        let mut at = self.home(hash);
        loop {
            let Some(slot) = self.slots.get(at) else {
                return &[];
            };
            if slot.count == 0 {
                return &[];
            }
            if slot.hash == half(hash) && slot.length as usize == name.len() {
                let start = slot.start as usize;
                if self.text.as_bytes().get(start..start + name.len()) == Some(name.as_bytes()) {
                    let first = slot.first as usize;
                    return self
                        .answers
                        .get(first..first + slot.count as usize)
                        .unwrap_or(&[]);
                }
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lookup;

    #[test]
    fn every_name_is_found_and_no_other() {
        let names: Vec<(String, Vec<u32>)> = (0..5000u32)
            .map(|n| (format!("Name {n}"), vec![n; 1 + n as usize % 3]))
            .collect();
        let map = Lookup::of(
            names
                .iter()
                .map(|(name, ids)| (name.as_str(), ids.as_slice())),
        );
        for (name, ids) in &names {
            assert_eq!(map.get(name), ids);
        }
        assert!(map.get("Name 5000").is_empty());
        assert!(map.get("").is_empty());
        assert!(Lookup::<u32>::of([].into_iter()).get("x").is_empty());
    }
}
