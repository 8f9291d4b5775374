//! Who is meant: the people of a snapshot, found by anything that names one of them.

use super::key::Key;
use crate::model::{fold, key_of};
use crate::snapshot::Error;
use crate::snapshot::raw::{Place, RawRecord, RawSheet};
use std::path::Path;

/// Marks of persons by the hashes of what names them. 16 bytes for each name, whatever the names are.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Sorted by hash. A name that several persons bear leads to none of them.
    known: Vec<(u64, Option<u64>)>,
    /// The most words that a full name has.
    pub(super) longest_name: usize,
}

/// What a text is that names somebody. The same text can be one person's alias and another's nickname.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A username or an email address.
    Address,
    /// A record id with 18 characters.
    Id,
    /// The name as a whole.
    Name,
    /// What the org's own systems call the person.
    FederationId,
    /// Likewise.
    EmployeeNumber,
    /// Short name.
    Alias,
    /// Name in communities.
    Nickname,
}

impl Kind {
    fn of(self, text: &str) -> u64 {
        let text = fold(text);
        // One hash for all kinds: the kind is a part of the text.
        key_of(&format!("{}\0{text}", self.word()))
    }

    fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Id => "id",
            Self::Name => "name",
            Self::FederationId => "federation id",
            Self::EmployeeNumber => "employee number",
            Self::Alias => "alias",
            Self::Nickname => "nickname",
        }
    }
}

/// The mark of the person with a username.
pub(super) fn mark(key: &Key, username: &str) -> u64 {
    key.mark("person", &fold(username.trim()))
}

impl People {
    /// The people of a snapshot folder; nobody where User was not pulled.
    pub(super) fn of(key: &Key, snapshot: &Path) -> Result<Self, Error> {
        let mut people = Self::default();
        let Some(sheet) = RawSheet::open(snapshot, "User")? else {
            return Ok(people);
        };
        let columns = Columns::of(&sheet);
        let mut known: Vec<(u64, u64)> = Vec::new();
        sheet.each::<Error>(|record| {
            let Some((mark, names)) = columns.names(key, record) else {
                return Ok(());
            };
            for (kind, text) in names {
                if kind == Kind::Name {
                    let words = text.split_whitespace().count();
                    people.longest_name = people.longest_name.max(words);
                }
                known.push((kind.of(&text), mark));
            }
            Ok(())
        })?;
        known.sort_unstable();
        known.dedup();
        people.known.reserve_exact(known.len());
        for (hash, mark) in known {
            match people.known.last_mut() {
                Some((last, held)) if *last == hash => *held = None,
                _ => people.known.push((hash, Some(mark))),
            }
        }
        Ok(people)
    }

    /// The person whom a text names; `None`: nobody of the snapshot, or several.
    pub(super) fn find(&self, kind: Kind, text: &str) -> Option<u64> {
        self.place(kind, text)
            .and_then(|place| self.known.get(place)?.1)
    }

    /// Whether somebody of the snapshot bears the name.
    pub(super) fn knows(&self, kind: Kind, text: &str) -> bool {
        self.place(kind, text).is_some()
    }

    fn place(&self, kind: Kind, text: &str) -> Option<usize> {
        let hash = kind.of(text);
        self.known
            .binary_search_by_key(&hash, |(known, _)| *known)
            .ok()
    }
}

/// The columns of User that name a person.
struct Columns {
    id: Place,
    username: Place,
    email: Place,
    name: Place,
    first: Place,
    last: Place,
    others: [(Kind, Place); 4],
}

impl Columns {
    fn of(sheet: &RawSheet) -> Self {
        Self {
            id: sheet.column("Id"),
            username: sheet.column("Username"),
            email: sheet.column("Email"),
            name: sheet.column("Name"),
            first: sheet.column("FirstName"),
            last: sheet.column("LastName"),
            others: [
                (Kind::FederationId, sheet.column("FederationIdentifier")),
                (Kind::EmployeeNumber, sheet.column("EmployeeNumber")),
                (Kind::Alias, sheet.column("Alias")),
                (Kind::Nickname, sheet.column("CommunityNickname")),
            ],
        }
    }

    /// The mark of the record's person, and everything that names the person. Who has no username goes by the id.
    fn names(&self, key: &Key, record: RawRecord<'_>) -> Option<(u64, Vec<(Kind, String)>)> {
        let username = record.text(self.username);
        let id = record.id(self.id).map(crate::model::SfId::text);
        let mark = match (username, &id) {
            ("", None) => return None,
            ("", Some(id)) => key.mark("id", id),
            _ => mark(key, username),
        };
        let mut names: Vec<(Kind, String)> = Vec::with_capacity(8);
        names.extend(id.map(|id| (Kind::Id, id)));
        let email = record.text(self.email);
        for address in [username, email] {
            if !address.is_empty() {
                names.push((Kind::Address, address.to_owned()));
            }
        }
        let (first, last) = (record.text(self.first), record.text(self.last));
        let both = [first, last].join(" ");
        for name in [record.text(self.name), both.trim()] {
            if !name.is_empty() {
                names.push((Kind::Name, name.to_owned()));
            }
        }
        if !first.is_empty() && !last.is_empty() {
            names.push((Kind::Name, format!("{last} {first}")));
        }
        for (kind, place) in self.others {
            let text = record.text(place);
            if !text.is_empty() {
                names.push((kind, text.to_owned()));
            }
        }
        Some((mark, names))
    }
}
