//! What cells of a column led to before: most columns of a long file hold few different texts.

use crate::model::key_of;

/// What texts stand for, as far as they came lately. Bounded: a text that comes takes the place of another one.
#[derive(Debug)]
pub(super) struct Recent<T> {
    held: Vec<Option<Held<T>>>,
}

#[derive(Debug)]
struct Held<T> {
    text: Box<str>,
    meaning: T,
}

/// Texts that are held: more than most columns have, and small enough for the cache.
const MOST: usize = 1 << 12;
/// Longer texts hardly come twice.
const LONGEST: usize = 128;

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { held: Vec::new() }
    }
}

impl<T> Recent<T> {
    fn place(text: &str) -> usize {
        usize::try_from(key_of(text) % MOST as u64).unwrap_or(0)
    }

    /// What a text stands for, if it came before.
    pub(super) fn get(&self, text: &str) -> Option<&T> {
        if text.len() > LONGEST {
            return None;
        }
        let held = self.held.get(Self::place(text))?.as_ref()?;
        (*held.text == *text).then_some(&held.meaning)
    }

    /// Holds what a text stands for.
    pub(super) fn put(&mut self, text: &str, meaning: T) {
        if text.len() > LONGEST {
            return;
        }
        if self.held.is_empty() {
            self.held.resize_with(MOST, || None);
        }
        if let Some(place) = self.held.get_mut(Self::place(text)) {
            *place = Some(Held {
                text: text.into(),
                meaning,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, MOST, Recent};

    #[test]
    fn a_text_never_gets_the_meaning_of_another() {
        let mut recent = Recent::default();
        let texts: Vec<String> = (0..3 * MOST).map(|n| format!("text {n}")).collect();
        for (n, text) in texts.iter().enumerate() {
            recent.put(text, n);
            assert_eq!(recent.get(text), Some(&n));
        }
        for (n, text) in texts.iter().enumerate() {
            assert!(recent.get(text).is_none_or(|held| *held == n));
        }
        let long = "x".repeat(LONGEST + 1);
        recent.put(&long, 0);
        assert_eq!(recent.get(&long), None);
    }
}
