//! Text columns of users: usernames, all different, and words that millions of users share.

use crate::model::{Dense, UserId};
use rustc_hash::FxHashMap;

/// One text per user, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Names {
    pub(super) fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// Adds the texts of another list, which is empty afterwards.
    pub(super) fn append(&mut self, other: &mut Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends
            .extend(other.ends.drain(..).map(|end| before + end));
        other.text.clear();
    }

    pub(super) fn get(&self, user: UserId) -> Option<&str> {
        let end = *self.ends.get(user.index())?;
        let start = match user.index().checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }
}

/// A column of few different words (`Country`): each is kept once.
#[derive(Clone, Debug, Default)]
pub struct WordColumn {
    words: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
    of_users: Vec<u32>,
}

impl WordColumn {
    /// Adds the next user's word.
    pub fn push(&mut self, word: &str) {
        let number = self.number(word);
        self.of_users.push(number);
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.into());
        self.numbers.insert(word.into(), number);
        number
    }

    /// Adds the users of another column, which is left without users.
    pub fn append(&mut self, other: &mut Self) {
        let numbers: Vec<u32> = other.words.iter().map(|word| self.number(word)).collect();
        let of_users = other.of_users.drain(..);
        self.of_users
            .extend(of_users.filter_map(|number| numbers.get(number as usize).copied()));
    }

    /// The word of a user.
    #[must_use]
    pub fn get(&self, user: UserId) -> Option<&str> {
        let number = *self.of_users.get(user.index())?;
        self.words.get(number as usize).map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, WordColumn};
    use crate::model::UserId;

    #[test]
    fn texts_come_back() {
        let (mut names, mut words) = (Names::default(), WordColumn::default());
        let (mut more_names, mut more_words) = (Names::default(), WordColumn::default());
        for text in ["France", "", "Chile"] {
            names.push(text);
            words.push(text);
        }
        for text in ["Chile", "Peru"] {
            more_names.push(text);
            more_words.push(text);
        }
        names.append(&mut more_names);
        words.append(&mut more_words);
        for (n, text) in (0..).zip(["France", "", "Chile", "Chile", "Peru"]) {
            assert_eq!(
                (names.get(UserId(n)), words.get(UserId(n))),
                (Some(text), Some(text))
            );
        }
        assert_eq!((names.get(UserId(5)), words.get(UserId(5))), (None, None));
        more_words.push("Chile");
        assert_eq!(more_words.get(UserId(0)), Some("Chile"));
    }
}
