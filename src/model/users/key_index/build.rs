//! Puts the entries of a key index into their buckets.
//!
//! To drop millions of entries at random places of one large table would wait for memory at each. So the table is filled
//! stretch by stretch: the keys are read once for each, from first to last, and what belongs there is written within
//! the cache. Nothing is held but the keys and the table.

use super::{Entry, KeyIndex};
use std::ops::Range;

/// Buckets hold about so many entries at least, and twice as many at most.
const BUCKET: usize = 4;
/// Entries that are written at a time, about: they and their buckets fit the cache.
const STRETCH: usize = 1 << 19;

/// A stretch of the table, to be filled.
struct Stretch<'a> {
    buckets: Range<usize>,
    /// The place in `entries` for the next entry of each bucket, counted as in the whole table.
    places: &'a mut [u32],
    entries: &'a mut [Entry],
    /// Entries of the table before these.
    before: usize,
}

/// Builds the index over `keys`, where `user_of` says whose key stands at a place; users come in order.
pub(super) fn build(
    threads: usize,
    keys: &[u64],
    user_of: impl Fn(usize) -> u32 + Sync,
) -> KeyIndex {
    let held = keys.iter().filter(|&&key| key != 0).count();
    let last_user = keys.len().checked_sub(1).map_or(0, &user_of);
    let user_bits = u32::BITS - last_user.leading_zeros();
    // What an entry cannot hold of a key beside the user's number, the bucket has to tell.
    let needed = (u64::BITS + user_bits).saturating_sub(Entry::BITS);
    let bits = (held / BUCKET)
        .checked_ilog2()
        .unwrap_or(0)
        .max(needed)
        .max(1);
    let mut index = KeyIndex {
        starts: vec![0; (1 << bits) + 1],
        entries: Vec::new(),
        below: u64::BITS - bits,
        user_bits,
    };
    index.count(keys);
    let mut entries = vec![Entry::default(); held];
    let mut starts = std::mem::take(&mut index.starts);
    // From here on `starts[n + 1]` is the place for the next entry of bucket n; in the end it is where the next one starts.
    let stretches = stretches(
        starts
            .split_first_mut()
            .map_or(&mut [], |(_, places)| places),
        &mut entries,
    );
    let fill = |stretch: Stretch<'_>| index.fill(stretch, keys, &user_of);
    on_threads(threads, stretches, fill);
    index.starts = starts;
    index.entries = entries;
    index
}

impl KeyIndex {
    /// Counts the entries of each bucket; then `starts[n + 1]` is where bucket n starts.
    fn count(&mut self, keys: &[u64]) {
        for &key in keys.iter().filter(|&&key| key != 0) {
            let bucket = self.bucket(key);
            if let Some(count) = self.starts.get_mut(bucket + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in self.starts.iter_mut().skip(1) {
            sum += std::mem::replace(count, sum);
        }
    }

    fn fill(&self, stretch: Stretch<'_>, keys: &[u64], user_of: &impl Fn(usize) -> u32) {
        let Stretch {
            buckets,
            places,
            entries,
            before,
        } = stretch;
        for (number, &key) in keys.iter().enumerate() {
            let bucket = self.bucket(key);
            if !buckets.contains(&bucket) || key == 0 {
                continue;
            }
            let Some(place) = places.get_mut(bucket - buckets.start) else {
                continue;
            };
            if let Some(entry) = entries.get_mut(*place as usize - before) {
                *entry = self.entry(key, user_of(number));
            }
            *place += 1;
        }
    }
}

/// Cuts the table between buckets; `places` are where the buckets start.
fn stretches<'a>(mut places: &'a mut [u32], mut entries: &'a mut [Entry]) -> Vec<Stretch<'a>> {
    let count = entries.len() / STRETCH + 1;
    let buckets = places.len().div_ceil(count);
    let (mut stretches, mut first, mut before) = (Vec::new(), 0, 0);
    while !places.is_empty() {
        let (these, rest) = places.split_at_mut(buckets.min(places.len()));
        let end = rest
            .first()
            .map_or(before + entries.len(), |start| *start as usize);
        let (filled, behind) = entries.split_at_mut(end - before);
        stretches.push(Stretch {
            buckets: first..first + these.len(),
            places: these,
            entries: filled,
            before,
        });
        first += buckets;
        before = end;
        (places, entries) = (rest, behind);
    }
    stretches
}

/// Gives each thread its share of the stretches.
fn on_threads<'a>(
    threads: usize,
    mut stretches: Vec<Stretch<'a>>,
    fill: impl Fn(Stretch<'a>) + Sync,
) {
    let share = stretches.len().div_ceil(threads.max(1));
    std::thread::scope(|scope| {
        while stretches.len() > share {
            let part = stretches.split_off(stretches.len() - share);
            scope.spawn(|| part.into_iter().for_each(&fill));
        }
        stretches.into_iter().for_each(&fill);
    });
}
