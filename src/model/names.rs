//! Names that lead to records: one, several, or none. Salesforce names are not unique.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

/// The records that a name stands for: empty, one, or several.
pub type NameHit<'a, I> = &'a [I];

/// A map from names to records of one kind.
///
/// Names are looked up exactly first; [`Names::folded`] finds what differs only in case, outer
/// white space or Unicode composition, which callers report as a finding.
#[derive(Clone, Debug)]
pub struct Names<I> {
    exact: FxHashMap<Box<str>, SmallVec<[I; 1]>>,
    folded: FxHashMap<Box<str>, SmallVec<[I; 1]>>,
    /// Names in the order they came, for suggestions: never the order of a hash.
    listed: Vec<Box<str>>,
}

impl<I> Default for Names<I> {
    fn default() -> Self {
        Self {
            exact: FxHashMap::default(),
            folded: FxHashMap::default(),
            listed: Vec::new(),
        }
    }
}

impl<I: Copy + PartialEq> Names<I> {
    /// Adds a name of a record; empty names and a name that the record already has are left out.
    pub fn insert(&mut self, name: &str, id: I) {
        if name.is_empty() {
            return;
        }
        let held = self.exact.entry(name.into()).or_default();
        if held.contains(&id) {
            return;
        }
        if held.is_empty() {
            self.listed.push(name.into());
        }
        held.push(id);
        let folded = self.folded.entry(fold(name).into()).or_default();
        if !folded.contains(&id) {
            folded.push(id);
        }
    }

    /// The records with exactly this name.
    #[must_use]
    pub fn exact(&self, name: &str) -> NameHit<'_, I> {
        self.exact.get(name).map_or(&[], SmallVec::as_slice)
    }

    /// The records whose name differs at most in case, outer white space or composition.
    #[must_use]
    pub fn folded(&self, name: &str) -> NameHit<'_, I> {
        self.folded
            .get(fold(name).as_ref())
            .map_or(&[], SmallVec::as_slice)
    }

    /// The name as the org writes it, for a text that differs at most in case, outer white space or composition.
    #[must_use]
    pub fn spelled(&self, name: &str) -> Option<&str> {
        let folded = fold(name);
        self.iter().find(|listed| fold(listed) == folded)
    }

    /// Up to `most` names that are written much like `name`, nearest first.
    #[must_use]
    pub fn nearest(&self, name: &str, most: usize) -> Vec<&str> {
        nearest(name, self.listed.iter().map(AsRef::as_ref), most)
    }

    /// All names, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.listed.iter().map(AsRef::as_ref)
    }

    /// How many different names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }
}

/// The candidates most like `name`: similar enough to be a slip of the pen, nearest first.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let wanted = fold(name);
    let mut near: Vec<(f64, &str)> = candidates
        .map(|candidate| {
            (
                strsim::normalized_damerau_levenshtein(&wanted, &fold(candidate)),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter()
        .take(most)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// Lower case, composed (NFC), without outer white space; borrowed where nothing changes.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if trimmed.is_ascii() {
        return if trimmed.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(trimmed.to_ascii_lowercase())
        } else {
            Cow::Borrowed(trimmed)
        };
    }
    let lower = trimmed.to_lowercase();
    if is_nfc_quick(lower.chars()) == unicode_normalization::IsNormalized::Yes {
        Cow::Owned(lower)
    } else {
        Cow::Owned(lower.nfc().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, fold};

    #[test]
    fn a_name_may_stand_for_several_records() {
        let mut names = Names::default();
        for (id, name) in [
            "Authenticated Website",
            "Sales User",
            "Authenticated Website",
            "sales user",
        ]
        .into_iter()
        .enumerate()
        {
            names.insert(name, id);
        }
        assert_eq!(names.exact("Authenticated Website"), [0, 2]);
        assert_eq!(names.exact("Sales User"), [1]);
        assert_eq!(names.folded(" SALES user"), [1, 3]);
        assert!(names.exact("sales User").is_empty());
        assert_eq!(names.nearest("Sales Usr", 1), ["Sales User"]);
    }

    #[test]
    fn composed_and_decomposed_letters_are_one() {
        assert_eq!(fold("Caf\u{65}\u{301} "), "caf\u{e9}");
    }
}
