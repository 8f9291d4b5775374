//! Which names are written much like another one: what somebody meant who mistyped a name.

use super::fold;
use rapidfuzz::distance::osa;
use std::borrow::Cow;

/// How alike two folded names must be to be taken for a slip of the pen: 1 is equal.
const ALIKE: f64 = 0.6;

/// Kinds of letters that are counted: 26 letters, pairs of digits, and the rest.
const KINDS: usize = 32;

/// What is enough to tell that two names cannot be alike: how long they are, and how often which letters occur.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) length: u32,
    counts: [u8; KINDS],
}

impl Shape {
    pub(super) fn of(folded: &str) -> Self {
        let mut shape = Self {
            length: 0,
            counts: [0; KINDS],
        };
        for letter in folded.chars() {
            shape.length = shape.length.saturating_add(1);
            let kind = match letter {
                'a'..='z' => letter as usize - 'a' as usize,
                '0'..='9' => 26 + (letter as usize - '0' as usize) / 2,
                _ => KINDS - 1,
            };
            if let Some(count) = shape.counts.get_mut(kind) {
                *count = count.saturating_add(1);
            }
        }
        shape
    }

    /// Letters that this name has and the other one has not, at least.
    #[inline]
    fn beyond(&self, other: &Self) -> u32 {
        let pairs = self.counts.iter().zip(&other.counts);
        // Without an early end the compiler looks at many kinds at a time.
        pairs.fold(0, |sum, (own, other)| {
            sum + u32::from(own.saturating_sub(*other))
        })
    }

    /// Whether the name behind this shape can hold the other one, if that is long enough to tell something.
    pub(super) fn may_hold(&self, other: &Self) -> bool {
        const TELLING: u32 = 4;
        other.length >= TELLING && other.length < self.length && other.beyond(self) == 0
    }

    /// How alike the names behind two shapes are at the most: one edit adds a letter, takes one, or does both; to swap
    /// two changes no count.
    fn at_most(&self, other: &Self) -> f64 {
        let edits = self.beyond(other).max(other.beyond(self));
        match self.length.max(other.length) {
            0 => 1.0,
            longest => 1.0 - f64::from(edits) / f64::from(longest),
        }
    }
}

/// A name, its folded form, and the shape of that.
pub(super) type Candidate<'a, 'c> = (&'a str, &'c str, Cow<'c, Shape>);

/// Up to `most` of the candidates: similar enough to be a slip of the pen, nearest first, then by name.
///
/// An org has tens of thousands of names, and a long file many slips: candidates are compared in the order of what
/// they can reach at best, until the next one cannot reach what is found.
pub(super) fn most_alike<'a, 'c>(
    (folded, shape): (&str, &Shape),
    candidates: impl Iterator<Item = Candidate<'a, 'c>>,
    most: usize,
) -> Vec<&'a str> {
    let mut hopeful: Vec<(f64, &str, &str)> = candidates
        .map(|(name, folded, other)| (shape.at_most(&other), name, folded))
        .filter(|(best, ..)| *best >= ALIKE)
        .collect();
    hopeful.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let comparator = osa::BatchComparator::new(folded.chars());
    let mut near: Vec<(f64, &str)> = Vec::with_capacity(most + 1);
    for (best, name, folded) in hopeful {
        let full = near.len() >= most;
        let limit = near.last().filter(|_| full).map_or(ALIKE, |last| last.0);
        if best < limit {
            break;
        }
        let limits = osa::Args::default().score_cutoff(limit);
        let likeness = comparator.normalized_similarity_with_args(folded.chars(), &limits);
        let Some(likeness) = likeness else { continue };
        let nearer = |held: &(f64, &str)| {
            let order = likeness.total_cmp(&held.0);
            order.then_with(|| held.1.cmp(name)).is_lt()
        };
        let place = near.partition_point(nearer);
        near.insert(place, (likeness, name));
        near.truncate(most);
    }
    near.into_iter().map(|(_, name)| name).collect()
}

/// The candidates most like `name`: similar enough to be a slip of the pen, nearest first.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let candidates: Vec<(&str, Cow<'a, str>)> = candidates
        .map(|candidate| (candidate, fold(candidate)))
        .collect();
    let folded = fold(name);
    let all = candidates.iter();
    most_alike(
        (&folded, &Shape::of(&folded)),
        all.map(|(candidate, folded)| (*candidate, &**folded, Cow::Owned(Shape::of(folded)))),
        most,
    )
}

#[cfg(test)]
mod tests {
    use super::{ALIKE, Shape, nearest};
    use crate::model::fold;
    use proptest::prelude::*;
    use rapidfuzz::distance::osa;

    /// Every candidate compared with the name.
    fn reference<'a>(name: &str, candidates: &[&'a str], most: usize) -> Vec<&'a str> {
        let likeness =
            |other: &str| osa::normalized_similarity(fold(name).chars(), fold(other).chars());
        let mut all: Vec<(f64, &str)> = candidates.iter().map(|c| (likeness(c), *c)).collect();
        all.retain(|(likeness, _)| *likeness >= ALIKE);
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        all.into_iter().take(most).map(|(_, name)| name).collect()
    }

    #[test]
    fn a_slip_leads_to_what_was_meant() {
        let names = ["Sales User", "Sales Users EMEA", "Service User", "Standard"];
        let told = nearest("Slaes Usr", names.into_iter(), 2);
        assert_eq!(told, ["Sales User"]);
        assert!(nearest("Chatter", names.into_iter(), 2).is_empty());
        assert!(nearest("Sales User", names.into_iter(), 0).is_empty());
        let shapes = ["Sales User", "user"].map(|name| Shape::of(&fold(name)));
        assert!(shapes[0].may_hold(&shapes[1]) && !shapes[1].may_hold(&shapes[0]));
    }

    proptest! {
        #[test]
        fn as_if_every_name_were_compared(
            name in "[abcAB 01\u{e9}]{0,9}",
            names in proptest::collection::btree_set("[abcAB 01\u{e9}]{0,9}", 0..60),
            most in 0..5usize,
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            prop_assert_eq!(nearest(&name, names.iter().copied(), most), reference(&name, &names, most));
        }
    }
}
