//! A long list of record ids: neighbors are alike, and cost a byte or two where one alone costs twelve.

use super::{KeyIndex, SfId};

/// Record ids in the order in which they came.
///
/// Salesforce counts ids up, and exports come nearly in that order. So every `GROUP` ids are kept as their distances
/// from the lowest of them, in as many bytes as the largest distance needs. Ids in no order at all cost seven or eight
/// bytes each.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    groups: Vec<Group>,
    /// The distances of all groups, lowest byte first.
    distances: Vec<u8>,
    /// Ids behind the last whole group.
    rest: Vec<SfId>,
}

/// Ids that share one base.
const GROUP: usize = 128;

#[derive(Clone, Copy, Debug)]
struct Group {
    lowest: SfId,
    /// Bytes of a distance; 0 where all ids are one.
    width: u8,
    start: u64,
}

/// The number that starts with the lowest byte of `bytes`, as far as they go. What is read behind it is the caller's to
/// cut off.
#[inline]
pub(super) fn number_at(bytes: &[u8]) -> u128 {
    match bytes.first_chunk() {
        Some(whole) => u128::from_le_bytes(*whole),
        None => bytes
            .iter()
            .rev()
            .fold(0, |sum, &byte| sum << 8 | u128::from(byte)),
    }
}

impl Ids {
    /// Adds an id.
    pub fn push(&mut self, id: SfId) {
        self.rest.push(id);
        if self.rest.len() == GROUP {
            self.close_group();
        }
    }

    fn close_group(&mut self) {
        let packed = || self.rest.iter().map(|id| id.packed());
        let (lowest, highest) = packed().fold((u128::MAX, 0), |(lowest, highest), id| {
            (id.min(lowest), id.max(highest))
        });
        let bits = u128::BITS - (highest - lowest).leading_zeros();
        let width = bits.div_ceil(8) as usize;
        self.groups.push(Group {
            lowest: SfId::of_packed(lowest),
            width: u8::try_from(width).unwrap_or(u8::MAX),
            start: self.distances.len() as u64,
        });
        for id in packed() {
            let distance = (id - lowest).to_le_bytes();
            let kept = distance.get(..width).unwrap_or_default();
            self.distances.extend_from_slice(kept);
        }
        self.rest.clear();
    }

    /// How many ids there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len() * GROUP + self.rest.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id that came as number `place`, counted from 0.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<SfId> {
        let Some(group) = self.groups.get(place / GROUP) else {
            return self.rest.get(place - self.groups.len() * GROUP).copied();
        };
        let width = usize::from(group.width);
        let start = usize::try_from(group.start).ok()? + place % GROUP * width;
        let kept = u128::MAX
            .checked_shr(u128::BITS - 8 * u32::from(group.width))
            .unwrap_or(0);
        let distance = number_at(self.distances.get(start..)?) & kept;
        Some(SfId::of_packed(group.lowest.packed() + distance))
    }

    /// Finds the places of ids by their keys; a place is told as if it were a user's.
    pub(super) fn index(&self, threads: usize) -> KeyIndex {
        let keys: Vec<u64> = self.iter().map(SfId::key).collect();
        KeyIndex::on(threads, &keys)
    }

    /// All ids, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = SfId> + '_ {
        (0..self.len()).filter_map(|place| self.get(place))
    }
}

impl Extend<SfId> for Ids {
    fn extend<I: IntoIterator<Item = SfId>>(&mut self, ids: I) {
        ids.into_iter().for_each(|id| self.push(id));
    }
}

impl FromIterator<SfId> for Ids {
    fn from_iter<I: IntoIterator<Item = SfId>>(ids: I) -> Self {
        let mut all = Self::default();
        all.extend(ids);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;
    use crate::model::SfId;

    #[test]
    fn every_id_comes_back() {
        let id = |text: String| SfId::parse(&text).expect("an id");
        let in_order = (0..1000).map(|n| id(format!("005Ab{n:010}")));
        let equal = (0..300).map(|_| id("003000000000001".to_owned()));
        let far_apart = (0..1000u64).map(|n| {
            id(format!(
                "{:015}",
                n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 10u64.pow(15)
            ))
        });
        let ends = ["000000000000000", "zzzzzzzzzzzzzzz"].map(|text| id(text.to_owned()));
        let ids: Vec<SfId> = in_order.chain(equal).chain(ends).chain(far_apart).collect();
        let packed: Ids = ids.iter().copied().collect();
        assert_eq!(packed.len(), ids.len());
        assert!(packed.iter().eq(ids.iter().copied()));
        assert_eq!((packed.get(ids.len()), Ids::default().get(0)), (None, None));
        assert!(
            packed.distances.len() < 9 * 1000 + 300 * 12 + 2 * 1300,
            "{}",
            packed.distances.len()
        );
    }
}
