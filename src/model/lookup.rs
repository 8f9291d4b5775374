//! A read-only map from names to numbers, laid out for millions of look-ups: nearly all of them read one place of
//! sixteen bytes, and the maps of a large org fit into the cache together.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What names stand for; a name may stand for several things.
///
/// Names are told apart by 64 bits of hash, as users are by their keys ([`super::key_of`]): with a hundred thousand names the
/// chance that a text is taken for one of them is below one in 10^14. The seed is drawn anew for each map, so that
/// nobody can write a text that is.
#[derive(Clone, Debug)]
pub(crate) struct Lookup<I> {
    seed: u64,
    places: Vec<Place<I>>,
    /// Where the answers start of names that stand for several things, and how many they are.
    several: Vec<(u32, u32)>,
    answers: Vec<I>,
}

/// One name.
#[derive(Clone, Copy, Debug)]
struct Place<I> {
    key: u64,
    answer: Answer<I>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
enum Answer<I> {
    /// There is no name in this place.
    Empty,
    One(I),
    /// Several things: the number of their list.
    Several(u32),
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl<I: Copy> Lookup<I> {
    /// Builds the map; each name comes once.
    pub(crate) fn of<'a>(names: impl ExactSizeIterator<Item = (&'a str, &'a [I])>) -> Self
    where
        I: 'a,
    {
        let empty = Place {
            key: 0,
            answer: Answer::Empty,
        };
        // A third of the places stays empty, so that a search always ends.
        let size = (names.len() + names.len() / 2 + 1).next_power_of_two();
        let mut map = Self {
            seed: RandomState::new().build_hasher().finish(),
            places: vec![empty; size],
            several: Vec::new(),
            answers: Vec::new(),
        };
        for (name, answers) in names {
            let answer = map.answer(answers);
            let key = map.key(name.as_bytes());
            let mut at = map.home(key);
            let taken = |held: &Place<I>| !matches!(held.answer, Answer::Empty);
            while map.places.get(at).is_some_and(taken) {
                at = (at + 1) & (size - 1);
            }
            if let Some(place) = map.places.get_mut(at) {
                *place = Place { key, answer };
            }
        }
        map
    }

    fn answer(&mut self, answers: &[I]) -> Answer<I> {
        match answers {
            [] => Answer::Empty,
            [one] => Answer::One(*one),
            several => {
                let list = (number(self.answers.len()), number(several.len()));
                self.answers.extend_from_slice(several);
                self.several.push(list);
                Answer::Several(number(self.several.len() - 1))
            }
        }
    }

    #[inline]
    fn key(&self, name: &[u8]) -> u64 {
        xxh3_64_with_seed(name, self.seed)
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        usize::try_from(key & 0xffff_ffff).unwrap_or(0) & (self.places.len() - 1)
    }

    /// What a name stands for; empty where it is not known.
    #[inline]
    pub(crate) fn get(&self, name: &str) -> &[I] {
        self.of_bytes(name.as_bytes())
    }

    /// What the name with these bytes stands for.
    #[inline]
    pub(crate) fn of_bytes(&self, name: &[u8]) -> &[I] {
        let key = self.key(name);
        let mut at = self.home(key);
        while let Some(place) = self.places.get(at) {
            match &place.answer {
                Answer::Empty => break,
                Answer::One(one) if place.key == key => return std::slice::from_ref(one),
                Answer::Several(list) if place.key == key => return self.list(*list),
                Answer::One(_) | Answer::Several(_) => at = (at + 1) & (self.places.len() - 1),
            }
        }
        &[]
    }

    #[cold]
    fn list(&self, number: u32) -> &[I] {
        let list = self.several.get(number as usize).copied();
        let range = list.map(|(first, count)| first as usize..first as usize + count as usize);
        range
            .and_then(|range| self.answers.get(range))
            .unwrap_or(&[])
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
        assert_eq!(size_of::<super::Place<crate::input::SetRef>>(), 16);
    }
}
