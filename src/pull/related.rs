//! Contacts and accounts: only those that other files name.

use super::plan::Plan;
use crate::api::{LONGEST, encoded};
use crate::model::SfId;
use csv::ByteRecord;

/// Ids that were named, by the object that they are of.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    contacts: Vec<SfId>,
    accounts: Vec<SfId>,
}

/// Where the ids stand in the records of an object.
pub(super) struct Places {
    contact: Option<usize>,
    account: Option<usize>,
}

impl Places {
    /// For the objects whose records name contacts or accounts.
    pub(super) fn of(object: &str, header: &[String]) -> Self {
        let find = |name: &str| {
            let names = matches!(object, "User" | "Contact");
            header.iter().position(|column| names && column == name)
        };
        Self {
            contact: find("ContactId"),
            account: find("AccountId"),
        }
    }
}

impl Places {
    /// Whether there is anything to look at.
    pub(super) fn is_any(&self) -> bool {
        self.contact.is_some() || self.account.is_some()
    }
}

impl Named {
    /// Ids that somebody gives, sorted by the object that they are of; others are let go.
    pub(super) fn given(ids: &[SfId]) -> Self {
        let of = |prefix: &str| {
            ids.iter()
                .copied()
                .filter(|id| id.prefix() == prefix)
                .collect()
        };
        Self {
            contacts: of("003"),
            accounts: of("001"),
        }
    }

    /// Notes what a record names.
    pub(super) fn note(&mut self, places: &Places, record: &ByteRecord) {
        let id = |at: Option<usize>| {
            let text = std::str::from_utf8(record.get(at?)?).ok()?;
            SfId::parse(text).ok().filter(|id| !id.is_null())
        };
        self.contacts.extend(id(places.contact));
        self.accounts.extend(id(places.account));
    }

    /// Adds others.
    pub(super) fn add(&mut self, other: Self) {
        self.contacts.extend(other.contacts);
        self.accounts.extend(other.accounts);
    }

    /// Ids of an object, each once, in order.
    pub(super) fn of(&self, object: &str) -> Vec<SfId> {
        let mut ids = match object {
            "Contact" => self.contacts.clone(),
            _ => self.accounts.clone(),
        };
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Bytes of the address around the statement.
const AROUND: usize = 300;

/// Conditions that name all ids, each short enough for an address.
pub(super) fn conditions(plan: &Plan, ids: &[SfId]) -> Vec<String> {
    let longest = plan
        .queries
        .iter()
        .map(|query| encoded(&query.text()).len())
        .max()
        .unwrap_or(0);
    let each = encoded("'000000000000000AAA',").len();
    let room = LONGEST.saturating_sub(longest + AROUND) / each;
    ids.chunks(room.max(1))
        .map(|some| {
            let quoted: Vec<String> = some.iter().map(|id| format!("'{id}'")).collect();
            format!("Id IN ({})", quoted.join(","))
        })
        .collect()
}

/// Ids of contacts and accounts in a text of any form: whatever looks like one and is one.
///
/// # Errors
/// The text cannot be read.
pub fn ids_in(text: impl std::io::Read) -> std::io::Result<Vec<SfId>> {
    use std::io::BufRead as _;
    let mut reader = std::io::BufReader::with_capacity(1 << 16, text);
    let mut ids = std::collections::BTreeSet::new();
    let mut word = String::new();
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            ids.extend(named_id(&word));
            return Ok(ids.into_iter().collect());
        }
        for &byte in piece {
            // Every second byte of UTF-16 is a NUL.
            if byte.is_ascii_alphanumeric() {
                if word.len() < 19 {
                    word.push(char::from(byte));
                }
            } else if byte != 0 {
                ids.extend(named_id(&word));
                word.clear();
            }
        }
        let read = piece.len();
        reader.consume(read);
    }
}

fn named_id(word: &str) -> Option<SfId> {
    let about = word.starts_with("003") || word.starts_with("001");
    SfId::parse(word).ok().filter(|_| about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_any_text() {
        let text = "username,contact\nann@acme.example,0037R000000OYPEQA4\n\"bob\";'0017R000000FlF0',0057R000000BQh5QAG,003xx,0037R000000OYPEQZZ";
        let found = |bytes: &[u8]| -> Vec<String> {
            ids_in(bytes)
                .expect("read")
                .into_iter()
                .map(SfId::text)
                .collect()
        };
        let due = ["0017R000000FlF0QAK", "0037R000000OYPEQA4"];
        assert_eq!(found(text.as_bytes()), due);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found(&wide), due);
    }
}
