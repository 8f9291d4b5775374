//! Names that lead to records: one, several, or none. Salesforce names are not unique.

use super::alike::{Shape, most_alike};
use super::lookup::Lookup;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::OnceLock;
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
    /// The same as `exact`, built at the first look-up.
    index: OnceLock<Lookup<I>>,
    folded: FxHashMap<Box<str>, SmallVec<[I; 1]>>,
    /// Names in the order they came, for suggestions: never the order of a hash.
    listed: Vec<Listed>,
}

impl<I> Default for Names<I> {
    fn default() -> Self {
        Self {
            exact: FxHashMap::default(),
            index: OnceLock::new(),
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
        self.index.take();
        let held = self.exact.entry(name.into()).or_default();
        if held.contains(&id) {
            return;
        }
        if held.is_empty() {
            self.listed.push(Listed::new(name));
        }
        held.push(id);
        let folded = self.folded.entry(fold(name).into()).or_default();
        if !folded.contains(&id) {
            folded.push(id);
        }
    }

    /// The records with exactly this name.
    #[must_use]
    #[inline]
    pub fn exact(&self, name: &str) -> NameHit<'_, I> {
        let index = self.index.get_or_init(|| {
            let spelled = self.listed.iter().map(|listed| {
                (
                    &*listed.name,
                    self.exact
                        .get(&listed.name)
                        .map_or(&[][..], SmallVec::as_slice),
                )
            });
            Lookup::of(spelled)
        });
        index.get(name)
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

    /// Up to `most` names that are written much like `name`, nearest first; where there is none, names that hold
    /// it or that it holds, as words go missing or are added.
    #[must_use]
    pub fn nearest(&self, name: &str, most: usize) -> Vec<&str> {
        let folded = fold(name);
        let shape = Shape::of(&folded);
        let candidates = self.listed.iter().map(|listed| {
            let shape = Cow::Borrowed(&listed.shape);
            (&*listed.name, &*listed.folded, shape)
        });
        let alike = most_alike((&folded, &shape), candidates, most);
        if !alike.is_empty() {
            return alike;
        }
        let holds = |listed: &&Listed| {
            shape.may_hold(&listed.shape) && folded.contains(&*listed.folded)
                || listed.shape.may_hold(&shape) && listed.folded.contains(&*folded)
        };
        let mut holding: Vec<&Listed> = self.listed.iter().filter(holds).collect();
        holding.sort_by(|a, b| {
            let apart = |listed: &Listed| listed.shape.length.abs_diff(shape.length);
            apart(a).cmp(&apart(b)).then_with(|| a.name.cmp(&b.name))
        });
        holding
            .iter()
            .take(most)
            .map(|listed| &*listed.name)
            .collect()
    }

    /// All names, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.listed.iter().map(|listed| &*listed.name)
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

/// A name as it is compared with others.
#[derive(Clone, Debug)]
struct Listed {
    name: Box<str>,
    folded: Box<str>,
    shape: Shape,
}

impl Listed {
    fn new(name: &str) -> Self {
        let folded = fold(name);
        Self {
            name: name.into(),
            shape: Shape::of(&folded),
            folded: folded.into(),
        }
    }
}

/// Without outer white space. Nearly all texts have none: their first and last bytes tell.
#[inline]
#[must_use]
pub(crate) fn trimmed(text: &str) -> &str {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        (None, None) => text,
        _ => text.trim(),
    }
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
        assert_eq!(names.nearest("Website", 1), ["Authenticated Website"]);
        assert_eq!(names.nearest("EMEA Sales User Profile", 1), ["Sales User"]);
        assert!(names.nearest("Web", 1).is_empty());
    }

    #[test]
    fn composed_and_decomposed_letters_are_one() {
        assert_eq!(fold("Caf\u{65}\u{301} "), "caf\u{e9}");
    }
}
