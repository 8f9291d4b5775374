//! Header to columns: which column means what, and a refusal that names both where two mean the same.

use super::aliases::{
    WEAK_USERNAMES, attribute_named, attribute_of, is_not_ours, is_people_profile_url, normalize,
    unprefixed,
};
use super::fields::{Fields, Hit};
use super::{Attribute, Columns, Error, FieldColumn};
use crate::knowledge::shipped;
use crate::model::Org;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// More columns than this are no list of users.
pub(super) const MOST_COLUMNS: usize = 65_000;
/// So much of a header is repeated in a message.
const SHOWN_HEADERS: usize = 200;

/// `[columns]` of the configuration: our column (or a field of User) and its header in the file.
pub type Overrides<'o> = [(String, String)];

/// Whether `[columns]` may have this key: one of our columns (by its name or any alias), a field of User that
/// every org may have, or what is written like the API name of a field: only the org's describe knows those.
#[must_use]
pub fn is_column_name(key: &str) -> bool {
    attribute_named(key).is_some()
        || key.starts_with(|first: char| first.is_ascii_uppercase())
        || is_custom(key)
        || matches!(
            Fields::new(&Org::default(), *shipped()).find(key),
            Hit::One(_)
        )
}

/// A header record, to be understood.
#[derive(Debug)]
pub(super) struct Header<'h> {
    /// The input as it is shown.
    pub(super) path: &'h str,
    /// Line of the header.
    pub(super) line: u64,
    /// The cells.
    pub(super) cells: Vec<Box<str>>,
    /// Fields of User.
    pub(super) fields: &'h Fields,
}

/// What one header means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    Fixed(Attribute),
    /// `login`, `Okta Username`: the username where nothing better is there.
    WeakUsername,
    /// `id`: the user id, if its cells look so.
    Id,
    /// A field of User, by API name.
    Field(Box<str>),
    Nothing,
}

/// Whether a header is worth something when delimiters are compared.
pub(super) fn is_known(header: &str, fields: &Fields) -> bool {
    let name = normalize(header);
    attribute_of(&name).is_some()
        || WEAK_USERNAMES.contains(&name.as_str())
        || is_not_ours(&name)
        || [
            "id",
            "oktagroup",
            "priority",
            "expression",
            "property",
            "target",
        ]
        .contains(&name.as_str())
        || matches!(fields.find(header), Hit::One(_))
}

/// Whether a field is a feature license flag, by its API name.
fn is_flag(field: &str) -> bool {
    let prefix = "UserPermissions";
    field
        .get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

impl Header<'_> {
    /// The headers as a message repeats them.
    pub(super) fn shown(&self) -> Box<str> {
        let all = self.cells.join(", ");
        match all.char_indices().nth(SHOWN_HEADERS) {
            Some((end, _)) => format!("{} ...", all.get(..end).unwrap_or_default()).into(),
            None => all.into(),
        }
    }

    /// Understands the header. `is_user_id` looks at the first cells of a column.
    ///
    /// # Errors
    /// Two headers for one column, a header that fits two columns, an override that leads nowhere.
    pub(super) fn columns(
        &self,
        overrides: &Overrides<'_>,
        is_user_id: impl Fn(usize) -> bool,
    ) -> Result<Columns, Error> {
        if self.cells.len() > MOST_COLUMNS {
            return Err(Error::TooManyColumns {
                path: self.path.into(),
                line: self.line,
                columns: self.cells.len(),
            });
        }
        let meanings = self.meanings(overrides, is_user_id)?;
        let mut places: FxHashMap<Meaning, usize> = FxHashMap::default();
        for (place, meaning) in meanings.into_iter().enumerate() {
            if meaning == Meaning::Nothing {
                continue;
            }
            let mut earlier = match places.entry(meaning) {
                Entry::Vacant(free) => {
                    free.insert(place);
                    continue;
                }
                Entry::Occupied(held) => held,
            };
            let first = *earlier.get();
            let manager = *earlier.key() == Meaning::Fixed(Attribute::Manager);
            match (
                manager,
                self.is_manager_id(first),
                self.is_manager_id(place),
            ) {
                (true, true, false) => {}
                (true, false, true) => {
                    earlier.insert(place);
                }
                _ => return Err(self.two_headers(earlier.key(), first, place)),
            }
        }
        let mut taken: Vec<(usize, Meaning)> = places
            .into_iter()
            .map(|(meaning, place)| (place, meaning))
            .collect();
        taken.sort_by_key(|(place, _)| *place);
        Ok(self.assign(taken))
    }

    fn meanings(
        &self,
        overrides: &Overrides<'_>,
        is_user_id: impl Fn(usize) -> bool,
    ) -> Result<Vec<Meaning>, Error> {
        let chosen = self.chosen(overrides)?;
        let mut meanings = Vec::with_capacity(self.cells.len());
        for (place, header) in self.cells.iter().enumerate() {
            let meaning = match chosen.iter().find(|(at, _)| *at == place) {
                Some((_, meaning)) => meaning.clone(),
                None => match self.meaning(place, header)? {
                    Meaning::Id if is_user_id(place) => Meaning::Fixed(Attribute::UserId),
                    Meaning::Id => Meaning::Nothing,
                    other => other,
                },
            };
            let overridden = chosen
                .iter()
                .any(|(at, other)| *at != place && *other == meaning);
            // What the configuration names counts alone; two overrides for one column still clash.
            let by_name = !chosen.iter().any(|(at, _)| *at == place);
            meanings.push(if overridden && by_name {
                Meaning::Nothing
            } else {
                meaning
            });
        }
        let username = Meaning::Fixed(Attribute::Username);
        let weak = if meanings.contains(&username) {
            Meaning::Nothing
        } else {
            username
        };
        for meaning in &mut meanings {
            if *meaning == Meaning::WeakUsername {
                meaning.clone_from(&weak);
            }
        }
        Ok(meanings)
    }

    /// What the configuration says: places and their meanings.
    fn chosen(&self, overrides: &Overrides<'_>) -> Result<Vec<(usize, Meaning)>, Error> {
        let mut chosen = Vec::new();
        for (column, header) in overrides {
            let meaning = match (attribute_named(column), self.fields.find(column)) {
                (Some(attribute), _) => Meaning::Fixed(attribute),
                (None, Hit::One(field)) => Meaning::Field(field.name.clone()),
                (None, _) if is_custom(column) => Meaning::Field(column.as_str().into()),
                _ => {
                    return Err(Error::UnknownColumn {
                        path: self.path.into(),
                        column: column.as_str().into(),
                    });
                }
            };
            let wanted = normalize(header);
            let place = self
                .cells
                .iter()
                .position(|cell| **cell == *header.trim())
                .or_else(|| self.cells.iter().position(|cell| normalize(cell) == wanted))
                .ok_or_else(|| Error::NoSuchHeader {
                    path: self.path.into(),
                    line: self.line,
                    column: column.as_str().into(),
                    header: header.as_str().into(),
                    headers: self.shown(),
                })?;
            chosen.push((place, meaning));
        }
        Ok(chosen)
    }

    fn meaning(&self, place: usize, header: &str) -> Result<Meaning, Error> {
        let name = normalize(header);
        if name.is_empty() || is_not_ours(&name) || is_people_profile_url(header) {
            return Ok(Meaning::Nothing);
        }
        if name == "id" {
            return Ok(Meaning::Id);
        }
        if WEAK_USERNAMES.contains(&name.as_str()) {
            return Ok(Meaning::WeakUsername);
        }
        if let Some(attribute) = attribute_of(&name) {
            return Ok(Meaning::Fixed(attribute));
        }
        let plain = unprefixed(header.trim());
        Ok(match self.fields.find(header) {
            Hit::One(field) => Meaning::Field(field.name.clone()),
            Hit::Two(first, second) => {
                return Err(Error::TwoMeanings {
                    path: self.path.into(),
                    line: self.line,
                    header: header.into(),
                    place,
                    first: first.name.clone(),
                    second: second.name.clone(),
                });
            }
            Hit::None if is_custom(plain) || is_flag(plain) => Meaning::Field(plain.into()),
            Hit::None => Meaning::Nothing,
        })
    }

    fn is_manager_id(&self, place: usize) -> bool {
        self.cells
            .get(place)
            .is_some_and(|header| normalize(header).ends_with("id"))
    }

    pub(super) fn two_headers(&self, meaning: &Meaning, first: usize, second: usize) -> Error {
        let header = |place: usize| self.cells.get(place).cloned().unwrap_or_default();
        Error::TwoHeaders {
            path: self.path.into(),
            line: self.line,
            column: match meaning {
                Meaning::Fixed(attribute) => attribute.name().into(),
                Meaning::Field(name) => name.clone(),
                Meaning::WeakUsername => Attribute::Username.name().into(),
                Meaning::Id => Attribute::UserId.name().into(),
                Meaning::Nothing => Box::default(),
            },
            first: header(first),
            first_place: first,
            second: header(second),
            second_place: second,
        }
    }

    pub(super) fn assign(&self, taken: Vec<(usize, Meaning)>) -> Columns {
        let mut columns = Columns::default();
        columns.headers.clone_from(&self.cells);
        let (mut flags, mut others) = (0u16, 0u16);
        let mut meant = vec![false; self.cells.len()];
        for (place, meaning) in taken {
            // At most MOST_COLUMNS, which fits.
            let Ok(at) = u16::try_from(place) else {
                continue;
            };
            let (attribute, field) = match meaning {
                Meaning::Fixed(attribute) => (attribute, attribute.user_field().map(Box::from)),
                Meaning::Field(name) => match attribute_of_field(&name) {
                    Some(attribute) => (attribute, Some(name)),
                    None if is_flag(&name) => {
                        flags += 1;
                        (Attribute::FeatureFlag(flags - 1), Some(name))
                    }
                    None => {
                        others += 1;
                        (Attribute::Field(others - 1), Some(name))
                    }
                },
                _ => continue,
            };
            if let Some(meant) = meant.get_mut(place) {
                *meant = true;
            }
            let field = field.map(|name| FieldColumn {
                attribute,
                described: self
                    .fields
                    .named(&name)
                    .and_then(|known| known.described.clone()),
                field: name,
            });
            columns.assign(at, attribute, field);
        }
        columns.ignored = self
            .cells
            .iter()
            .zip(meant)
            .filter(|(header, meant)| !meant && !header.is_empty())
            .map(|(header, _)| header.clone())
            .collect();
        columns
    }
}

/// A field that has a column of its own is known under that, whatever way its header led there.
fn attribute_of_field(field: &str) -> Option<Attribute> {
    Attribute::FIXED
        .into_iter()
        .find(|attribute| attribute.user_field() == Some(field))
}

/// Custom fields end with `__c`.
fn is_custom(name: &str) -> bool {
    name.len() > 3
        && name.to_ascii_lowercase().ends_with("__c")
        && !name.contains(char::is_whitespace)
}
