//! Columns of User.csv that are read only where the run asks for them.

use crate::model::{
    DigestColumn, FEDERATION_ID_FOLDED, IdColumn, OddKeys, SfId, UserId, UsersBuilder, WordColumn,
    key_of, key_of_folded, keys_of, trimmed,
};
use crate::snapshot::row::Row;
use crate::snapshot::sheet::{Column, Sheet};
use crate::snapshot::{Error, Wants};
use std::borrow::Cow;

/// What Salesforce puts together to `Name`, for a file that has the parts only.
fn name_parts(there: impl Fn(&str) -> Option<Column>) -> Option<Vec<Column>> {
    let (first, last) = (there("FirstName")?, there("LastName")?);
    let parts = [
        Some(first),
        there("MiddleName"),
        Some(last),
        there("Suffix"),
    ];
    Some(parts.into_iter().flatten().collect())
}

/// The text of a column, or of several with spaces between them.
fn text_of<'a>(row: &Row<'a>, columns: &[Column]) -> Cow<'a, str> {
    let text = |column: &Column| trimmed(row.text(*column).unwrap_or_default());
    match columns {
        [one] => Cow::Borrowed(text(one)),
        several => {
            let parts: Vec<&str> = several
                .iter()
                .map(text)
                .filter(|part| !part.is_empty())
                .collect();
            Cow::Owned(parts.join(" "))
        }
    }
}

/// The columns that this run asks for.
pub(super) struct Further {
    keyed: Vec<Keyed>,
    references: Vec<(String, Column, IdColumn)>,
    texts: Vec<(String, Column, WordColumn)>,
    digests: Vec<(String, Column, DigestColumn)>,
}

/// Users beyond which no digests are kept: they would take more memory than all else.
const DIGESTED_USERS: usize = 500_000;

/// A column that is compared by key.
struct Keyed {
    field: String,
    columns: Vec<Column>,
    case: Case,
    keys: Vec<u64>,
    odd: OddKeys,
}

/// How upper and lower case compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Exact,
    Aside,
    /// Exactly, and case aside.
    Both,
}

impl Keyed {
    fn of(sheet: &Sheet, wants: &Wants, (field, fold): &(String, bool)) -> Option<Self> {
        let there = |field: &str| Some(sheet.column(field)).filter(|column| column.is_there());
        let columns = match there(field) {
            None if field == "Name" => name_parts(there)?,
            found => vec![found?],
        };
        let both = field == "FederationIdentifier"
            && wants
                .keyed
                .iter()
                .any(|(field, _)| field == FEDERATION_ID_FOLDED);
        let case = match fold {
            _ if both => Case::Both,
            true => Case::Aside,
            false => Case::Exact,
        };
        Some(Self {
            field: field.clone(),
            columns,
            case,
            keys: Vec::new(),
            odd: OddKeys::default(),
        })
    }
}

impl Further {
    pub(super) fn of(sheet: &Sheet, wants: &Wants, room: usize) -> Self {
        let there = |field: &str| Some(sheet.column(field)).filter(|column| column.is_there());
        let compared = wants
            .keyed
            .iter()
            .filter(|(field, _)| field != FEDERATION_ID_FOLDED);
        Self {
            keyed: compared
                .filter_map(|want| Keyed::of(sheet, wants, want))
                .collect(),
            references: wants
                .references
                .iter()
                .filter_map(|field| Some((field.clone(), there(field)?, IdColumn::default())))
                .collect(),
            texts: wants
                .texts
                .iter()
                .filter_map(|field| Some((field.clone(), there(field)?, WordColumn::default())))
                .collect(),
            digests: wants
                .digests
                .iter()
                .filter(|_| room <= DIGESTED_USERS)
                .filter_map(|field| Some((field.clone(), there(field)?, DigestColumn::default())))
                .collect(),
        }
    }

    /// The same columns, for a worker.
    pub(super) fn part(&self) -> FurtherPart {
        let keyed = self.keyed.iter().map(|keyed| KeyedPart {
            columns: keyed.columns.clone(),
            case: keyed.case,
            keys: Vec::new(),
            odd: OddKeys::default(),
        });
        let references = self.references.iter();
        let texts = self.texts.iter();
        let digests = self.digests.iter();
        FurtherPart {
            keyed: keyed.collect(),
            references: references
                .map(|&(_, column, _)| (column, Vec::new()))
                .collect(),
            texts: texts
                .map(|&(_, column, _)| (column, WordColumn::default()))
                .collect(),
            digests: digests
                .map(|&(_, column, _)| (column, DigestColumn::default()))
                .collect(),
        }
    }

    /// Makes room for about so many users.
    pub(super) fn reserve(&mut self, room: usize) {
        self.keyed
            .iter_mut()
            .for_each(|keyed| keyed.keys.reserve(room));
    }

    /// Adds what a worker read of the users from number `first` on.
    pub(super) fn append(&mut self, more: &mut FurtherPart, first: usize) {
        for (all, more) in self.keyed.iter_mut().zip(&mut more.keyed) {
            all.keys.append(&mut more.keys);
            all.odd.append(&mut more.odd, first);
        }
        for ((_, _, all), (_, more)) in self.references.iter_mut().zip(&mut more.references) {
            more.drain(..).for_each(|id| all.push(id));
        }
        for ((_, _, all), (_, more)) in self.texts.iter_mut().zip(&mut more.texts) {
            all.append(more);
        }
        for ((_, _, all), (_, more)) in self.digests.iter_mut().zip(&mut more.digests) {
            all.append(more);
        }
    }

    pub(super) fn hand_over(self, builder: &mut UsersBuilder) {
        for Keyed {
            field,
            case,
            keys,
            odd,
            ..
        } in self.keyed
        {
            if case == Case::Both {
                builder.folded(&field, &odd);
            }
            builder.keyed(&field, keys);
        }
        for (field, _, ids) in self.references {
            builder.references(&field, ids);
        }
        for (field, _, texts) in self.texts {
            builder.texts(&field, texts);
        }
        for (field, _, digests) in self.digests {
            builder.digests(&field, digests);
        }
    }
}

/// What a worker reads of these columns.
#[derive(Clone)]
pub(super) struct FurtherPart {
    keyed: Vec<KeyedPart>,
    references: Vec<(Column, Vec<Option<SfId>>)>,
    texts: Vec<(Column, WordColumn)>,
    digests: Vec<(Column, DigestColumn)>,
}

#[derive(Clone)]
struct KeyedPart {
    columns: Vec<Column>,
    case: Case,
    keys: Vec<u64>,
    odd: OddKeys,
}

impl FurtherPart {
    pub(super) fn read(&mut self, row: &Row<'_>, user: UserId) -> Result<(), Error> {
        self.keyed
            .iter_mut()
            .for_each(|keyed| keyed.read(row, user));
        for (column, ids) in &mut self.references {
            ids.push(row.id(*column)?);
        }
        for (column, texts) in &mut self.texts {
            texts.push(row.text(*column).unwrap_or_default());
        }
        for (column, digests) in &mut self.digests {
            digests.push(row.text(*column).unwrap_or_default());
        }
        Ok(())
    }
}

impl KeyedPart {
    fn read(&mut self, row: &Row<'_>, user: UserId) {
        let text = text_of(row, &self.columns);
        let key = match self.case {
            Case::Exact => key_of(&text),
            Case::Aside => key_of_folded(&text),
            Case::Both => {
                let (key, folded) = keys_of(&text);
                if folded != key {
                    self.odd.push(user, folded);
                }
                key
            }
        };
        self.keys.push(key);
    }
}
