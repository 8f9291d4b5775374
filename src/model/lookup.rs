//! A read-only map from names to numbers, laid out for millions of look-ups: nearly all of them read one cache line.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// What names stand for; a name may stand for several things.
#[derive(Clone, Debug)]
pub(crate) struct Lookup<I> {
    slots: Vec<Slot<I>>,
    /// Names that are too long for a slot.
    text: String,
    /// All answers of names that stand for several things, those of one name side by side.
    answers: Vec<I>,
}

/// Bytes of a name that lie in its slot.
const HEAD: usize = 40;

/// One name.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Slot<I> {
    /// The name, as much of it as fits.
    head: [u8; HEAD],
    /// Upper half of the hash; the lower half says where the search starts.
    hash: u32,
    length: u32,
    /// Where a name that is too long for the slot starts.
    start: u32,
    answer: Answer<I>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
enum Answer<I> {
    /// There is no name in this slot.
    Empty,
    One(I),
    /// Several things: where they start, and how many they are.
    Several(u32, u32),
}

/// Names are short: mixing sixteen bytes at a time is all that they need.
#[inline]
fn hash_of(name: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name);
    hasher.finish()
}

/// Whether two texts of one length are the same. Names are short, and mostly the same: steps of a fixed size, the last
/// of which may overlap the one before, take the same way for nearly all of them.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    same_by::<16>(a, b)
        .or_else(|| same_by::<4>(a, b))
        .unwrap_or_else(|| a == b)
}

/// `None` for texts that are shorter than a step.
#[inline]
fn same_by<const STEP: usize>(a: &[u8], b: &[u8]) -> Option<bool> {
    let end = a.last_chunk::<STEP>()? == b.last_chunk::<STEP>()?;
    let mut steps = a.as_chunks::<STEP>().0.iter().zip(b.as_chunks::<STEP>().0);
    Some(end && steps.all(|(a, b)| a == b))
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
        let empty = Slot {
            head: [0; HEAD],
            hash: 0,
            length: 0,
            start: 0,
            answer: Answer::Empty,
        };
        let mut map = Self {
            slots: vec![empty; size],
            text: String::new(),
            answers: Vec::new(),
        };
        for (name, answers) in names {
            let hash = hash_of(name.as_bytes());
            let slot = map.slot(name, hash, answers);
            let mut at = map.home(hash);
            let taken = |held: &Slot<I>| !matches!(held.answer, Answer::Empty);
            while map.slots.get(at).is_some_and(taken) {
                at = (at + 1) & (size - 1);
            }
            if let Some(place) = map.slots.get_mut(at) {
                *place = slot;
            }
        }
        map
    }

    fn slot(&mut self, name: &str, hash: u64, answers: &[I]) -> Slot<I> {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut slot = Slot {
            head: [0; HEAD],
            hash: half(hash),
            length: number(name.len()),
            start: number(self.text.len()),
            answer: match answers {
                [] => Answer::Empty,
                [one] => Answer::One(*one),
                several => Answer::Several(number(self.answers.len()), number(several.len())),
            },
        };
        for (place, byte) in slot.head.iter_mut().zip(name.bytes()) {
            *place = byte;
        }
        if name.len() > HEAD {
            self.text.push_str(name);
        }
        if answers.len() > 1 {
            self.answers.extend_from_slice(answers);
        }
        slot
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        usize::try_from(hash & 0xffff_ffff).unwrap_or(0) & (self.slots.len() - 1)
    }

    /// What a name stands for; empty where it is not known.
    #[inline]
    pub(crate) fn get(&self, name: &str) -> &[I] {
        self.of_bytes(name.as_bytes())
    }

    /// What the name with these bytes stands for.
    #[inline]
    pub(crate) fn of_bytes(&self, name: &[u8]) -> &[I] {
        let hash = hash_of(name);
        let mut at = self.home(hash);
        while let Some(slot) = self.slots.get(at) {
            if matches!(slot.answer, Answer::Empty) {
                break;
            }
            if slot.hash == half(hash) && self.is_called(slot, name) {
                return match &slot.answer {
                    Answer::Empty => &[],
                    Answer::One(one) => std::slice::from_ref(one),
                    Answer::Several(first, count) => {
                        let first = *first as usize;
                        let several = self.answers.get(first..first + *count as usize);
                        several.unwrap_or(&[])
                    }
                };
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        &[]
    }

    #[inline]
    fn is_called(&self, slot: &Slot<I>, name: &[u8]) -> bool {
        let length = slot.length as usize;
        if length != name.len() {
            return false;
        }
        if let Some(head) = slot.head.get(..length) {
            return same(head, name);
        }
        let start = slot.start as usize;
        self.text.as_bytes().get(start..start + length) == Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::Lookup;

    #[test]
    fn every_name_is_found_and_no_other() {
        let names: Vec<(String, Vec<u32>)> = (0..5000u32)
            .map(|n| {
                let long = "x".repeat(n as usize % 60);
                (format!("{n}{long}"), vec![n; 1 + n as usize % 3])
            })
            .collect();
        let map = Lookup::of(
            names
                .iter()
                .map(|(name, ids)| (name.as_str(), ids.as_slice())),
        );
        for (name, ids) in &names {
            assert_eq!(map.get(name), ids);
            assert!(map.get(&format!("{name}y")).is_empty());
        }
        assert!(map.get("5000").is_empty());
        assert!(map.get("").is_empty());
        assert!(Lookup::<u32>::of([].into_iter()).get("x").is_empty());
        assert_eq!(size_of::<super::Slot<crate::input::SetRef>>(), 64);
    }
}
