//! Finds people in running text: addresses, record ids, full names, and what the finding itself says is personal.

use super::people::Kind;
use super::{Own, Redactor};
use crate::model::SfId;

/// Shorter values of a finding are replaced in quotes only: a letter is in every sentence.
const SHORT: usize = 3;
/// Prefixes of records that are persons: users and contacts.
const PERSONS: [&str; 2] = ["005", "003"];

/// Whether a character belongs to a word.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a character can stand in an address. The apostrophe can (o'neil@...), and is the quote of our texts as well.
fn is_address(c: char) -> bool {
    is_word(c) || ".!#$%&'*+/=?^`{|}~@-".contains(c)
}

impl Redactor {
    /// The text with a pseudonym for everybody who is named in it; `own` is what the finding says of its person.
    pub(super) fn in_text(&self, text: &str, own: &[Own]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = None;
        while let Some(first) = rest.chars().next() {
            let begins = !before.is_some_and(is_word) || !is_word(first);
            let found = begins
                .then(|| {
                    own_value(rest, before, own)
                        .or_else(|| self.address(rest))
                        .or_else(|| self.id(rest))
                        .or_else(|| self.name(rest))
                })
                .flatten();
            let taken = if let Some((length, pseudonym)) = found {
                out.push_str(&pseudonym);
                length
            } else {
                // The rest of the word cannot begin anything.
                let length = rest
                    .char_indices()
                    .skip(1)
                    .find(|(_, c)| !is_word(first) || !is_word(*c))
                    .map_or(rest.len(), |(at, _)| at);
                out.push_str(rest.get(..length).unwrap_or_default());
                length
            };
            let (done, left) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            before = done.chars().next_back();
            rest = left;
        }
        out
    }

    /// An address: a username or an email address of anybody.
    fn address(&self, rest: &str) -> Option<(usize, String)> {
        let end = rest.find(|c| !is_address(c)).unwrap_or(rest.len());
        let run = rest.get(..end)?;
        if run.starts_with(['\'', '.', '@']) {
            return None;
        }
        let address = run.trim_end_matches(['\'', '.', '!', '?', '/', '=', '|']);
        let (local, domain) = address.split_once('@')?;
        if local.is_empty() || domain.is_empty() {
            return None;
        }
        Some((address.len(), self.of_address(address)))
    }

    /// The id of a user or contact.
    fn id(&self, rest: &str) -> Option<(usize, String)> {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..end)?;
        if !PERSONS.iter().any(|prefix| word.starts_with(prefix)) {
            return None;
        }
        let id = SfId::parse(word).ok()?;
        Some((word.len(), self.of_id(id)))
    }

    /// A full name of two words or more; a single word may be anything.
    fn name(&self, rest: &str) -> Option<(usize, String)> {
        let most = self.people.longest_name;
        if most < 2 || !rest.starts_with(is_word) {
            return None;
        }
        let mut ends = Vec::with_capacity(most);
        let mut inside = false;
        for (at, c) in rest.char_indices() {
            let part = is_word(c) || c == '-' || c == '\'' || c == '.';
            if inside && !part {
                ends.push(at);
                if ends.len() == most {
                    break;
                }
            }
            if !part && c != ' ' {
                break;
            }
            inside = part;
        }
        if inside && ends.len() < most {
            ends.push(rest.len());
        }
        ends.into_iter().skip(1).rev().find_map(|end| {
            let span = rest.get(..end)?;
            // A full stop or quote behind the name belongs to the sentence.
            [span, span.trim_end_matches(['\'', '.'])]
                .into_iter()
                .find(|name| self.people.knows(Kind::Name, name))
                .map(|name| (name.len(), self.of_name(name)))
        })
    }
}

/// A value of the finding, as a whole word; of the longest that fits.
fn own_value(rest: &str, before: Option<char>, own: &[Own]) -> Option<(usize, String)> {
    own.iter()
        .filter(|own| {
            let Some(after) = rest.get(..own.text.len()).and_then(|start| {
                let same = start == own.text || start.eq_ignore_ascii_case(&own.text);
                same.then(|| rest.get(own.text.len()..)).flatten()
            }) else {
                return false;
            };
            let next = after.chars().next();
            let ends = !next.is_some_and(is_word) || !own.text.ends_with(is_word);
            let quoted = before == Some('\'') && next == Some('\'');
            !own.text.is_empty() && ends && (own.text.len() >= SHORT || quoted)
        })
        .max_by_key(|own| own.text.len())
        .map(|own| (own.text.len(), own.pseudonym.clone()))
        .or_else(|| variant(rest, before, own))
}

/// What is quoted and made of a value of the finding, such as the beginning that would fit into the field.
fn variant(rest: &str, before: Option<char>, own: &[Own]) -> Option<(usize, String)> {
    if before != Some('\'') {
        return None;
    }
    let quoted = rest.get(..rest.find('\'')?)?;
    if quoted.trim().is_empty() {
        return None;
    }
    let folded = quoted.to_lowercase();
    own.iter()
        .filter(|own| own.is_value)
        .find(|own| {
            let value = own.text.to_lowercase();
            let common = value
                .chars()
                .zip(folded.chars())
                .take_while(|(a, b)| a == b)
                .count();
            value.contains(&folded) || folded.contains(&value) || common > SHORT
        })
        .map(|own| (quoted.len(), own.pseudonym.clone()))
}
