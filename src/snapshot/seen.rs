//! Finds ids that a very long file gives twice, without a hash table of all of them.

use crate::model::SfId;
use rustc_hash::FxHashMap;

/// A bit for each id that came. Ids are given out in order and exported nearly in order, so the bit
/// is the low end of the number that the id is: neighbors share a cache line, where a hash would
/// miss the cache for every user. An id whose bit is set already is doubtful: it came before, or
/// shares the bit with another. Only the doubtful ones are compared at the end.
pub(super) struct Seen {
    bits: Vec<u64>,
    mask: u64,
    doubtful: Vec<(SfId, u64)>,
}

impl Seen {
    /// Room for about `rows` ids; more only make more of them doubtful.
    pub(super) fn new(rows: u64) -> Self {
        let bits = (rows * 16).clamp(1 << 16, 1 << 27).next_power_of_two();
        Self {
            bits: vec![0; usize::try_from(bits / 64).unwrap_or(1 << 10)],
            mask: bits - 1,
            doubtful: Vec::new(),
        }
    }

    /// Notes an id and the line that it stands on.
    pub(super) fn note(&mut self, id: SfId, line: u64) {
        let place = id.ordinal() & self.mask;
        let bit = 1 << (place % 64);
        let word = usize::try_from(place / 64).unwrap_or(0);
        if let Some(word) = self.bits.get_mut(word) {
            if *word & bit == 0 {
                *word |= bit;
            } else {
                self.doubtful.push((id, line));
            }
        }
    }

    /// The first line that repeats an id; `ids` gives all that were noted.
    pub(super) fn repeated<I>(self, ids: impl FnOnce() -> I) -> Option<(SfId, u64)>
    where
        I: Iterator<Item = SfId>,
    {
        if self.doubtful.is_empty() {
            return None;
        }
        let mut times: FxHashMap<SfId, u32> =
            self.doubtful.iter().map(|(id, _)| (*id, 0)).collect();
        for id in ids() {
            if let Some(times) = times.get_mut(&id) {
                *times += 1;
            }
        }
        self.doubtful
            .into_iter()
            .find(|(id, _)| times.get(id).is_some_and(|&times| times > 1))
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::model::SfId;

    #[test]
    fn only_a_repeated_id_is_found() {
        let ids: Vec<SfId> = (0..200_000)
            .map(|n| SfId::parse(&format!("005Ab{n:010}")).expect("an id"))
            .collect();
        let mut seen = Seen::new(1);
        for (line, id) in (2..).zip(&ids) {
            seen.note(*id, line);
        }
        assert!(
            !seen.doubtful.is_empty(),
            "65,536 bits are too few for 200,000 ids"
        );
        assert_eq!(seen.repeated(|| ids.iter().copied()), None);

        let mut ids = ids;
        ids[150_000] = ids[3];
        let mut seen = Seen::new(1);
        for (line, id) in (2..).zip(&ids) {
            seen.note(*id, line);
        }
        assert_eq!(
            seen.repeated(|| ids.iter().copied()),
            Some((ids[3], 150_002))
        );
    }
}
