//! What the attribute mapping of a run makes of each user whose attributes are at hand.

use super::directory::{Directory, Known, attribute_key};
use super::expression::{Datum, Facts, attributes, evaluate};
use super::groups::Groups;
use super::join::access_of;
use super::mappings::{Mapped, Mappings};
use super::members::Members;
use crate::input::access_column;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// An attribute of a user in Okta, with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReadValue {
    /// `user.department`
    pub attribute: String,
    /// For people; `null`: it is not at hand.
    pub value: Option<String>,
}

/// What a mapping makes of one attribute of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evaluated {
    /// Attribute of the app's user.
    pub attribute: String,
    /// The expression.
    pub expression: String,
    /// What it reads of the person.
    pub reads: Vec<ReadValue>,
    /// What comes out; empty: no value. `null`: it cannot be told.
    pub result: Option<String>,
    /// Why it cannot be told, or why it does not count.
    pub note: Option<String>,
}

/// A mapped attribute that cannot be told of some users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Attribute of the app's user.
    pub property: String,
    /// How many users.
    pub users: u64,
    /// File and line of the first of them.
    pub first: (String, u64),
    /// What is missing.
    pub why: String,
}

/// What the mappings made of the users of a run.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Users whose attributes were at hand.
    pub users: u64,
    /// Attributes that decide access, of which it cannot be told for all users what they become.
    pub gaps: Vec<Gap>,
    /// Attributes that were told of every user.
    pub complete: BTreeSet<String>,
    /// The person that was asked for.
    pub person: Vec<Evaluated>,
}

/// Whose row is filled.
pub(super) struct Whose<'w> {
    /// Id, login and username, as far as they are known.
    pub(super) names: [Option<&'w str>; 3],
    /// File and line.
    pub(super) place: (&'w str, u64),
    /// What the row itself tells of the person.
    pub(super) known: Option<Known>,
    /// Salesforce has the user; `None`: the file does not tell.
    pub(super) linked: Option<bool>,
    /// The person, as the members of groups know them.
    pub(super) member: Option<usize>,
    /// The row has values of the last push, which stand where nothing else is told.
    pub(super) stored: bool,
}

/// The columns of a table that mappings fill.
pub(super) struct MappedColumns {
    /// Place of the mapping, and of the column in the header.
    columns: Vec<(usize, usize)>,
    /// Places of the columns that decide access.
    access: Vec<usize>,
    /// Columns that the file has itself; those behind them are the mapping's alone.
    own: usize,
}

impl MappedColumns {
    pub(super) fn access(&self) -> &[usize] {
        &self.access
    }

    /// Whether a mapping fills the column at this place.
    pub(super) fn fills(&self, place: usize) -> bool {
        self.columns.iter().any(|(_, own)| *own == place)
    }
}

/// The mappings of a run over its users.
pub struct Overlay<'o> {
    mappings: &'o Mappings,
    directory: &'o Directory,
    wanted: Vec<Box<str>>,
    /// The login that is asked for.
    asked: Option<&'o str>,
    told: Told,
}

/// One person, as expressions see them.
struct Person<'p> {
    wanted: &'p [Box<str>],
    known: Known,
    members: Option<(&'p Groups, &'p Members)>,
    member: Option<usize>,
}

impl Facts for Person<'_> {
    fn attribute(&self, name: &str) -> Option<Datum> {
        let place = self.wanted.iter().position(|own| **own == *name)?;
        self.known.get(place)?.clone()
    }

    fn is_member(&self, function: &str, arguments: &[&str]) -> Option<bool> {
        let (groups, members) = self.members?;
        members.is_member(groups, self.member, (function, arguments))
    }
}

impl<'o> Overlay<'o> {
    /// The mappings over these users. Of whom `asked` names, it is kept how they come to their values.
    #[must_use]
    pub fn new(mappings: &'o Mappings, directory: &'o Directory, asked: Option<&'o str>) -> Self {
        Self {
            mappings,
            directory,
            wanted: mappings.wanted(),
            asked,
            told: Told::default(),
        }
    }

    /// What was told.
    #[must_use]
    pub fn finish(self) -> Told {
        let mut told = self.told;
        if told.users > 0 {
            let access = self.mappings.all.iter().filter(|mapped| mapped.access);
            let gaps = &told.gaps;
            let is_told = |property: &str| !gaps.iter().any(|gap| gap.property == property);
            told.complete = access
                .map(|mapped| mapped.property.to_string())
                .filter(|property| is_told(property))
                .collect();
        }
        told
    }

    /// The attributes that expressions read.
    pub(super) fn wanted(&self) -> &[Box<str>] {
        &self.wanted
    }

    /// Whether anything that decides access can be evaluated: the run has users of Okta, or the file has attributes itself.
    pub(super) fn is_at_hand<S: AsRef<str>>(&self, mut own: impl Iterator<Item = S>) -> bool {
        let wanted = self.mappings.wanted_of_access();
        !self.directory.is_empty() || own.any(|name| wanted.contains(name.as_ref()))
    }

    /// The same of a sheet with these headers, as [`attribute_key`] gives them.
    pub(super) fn is_at_hand_of_sheet(&self, mut headers: impl Iterator<Item = String>) -> bool {
        let wanted: Vec<String> = self
            .mappings
            .wanted_of_access()
            .into_iter()
            .map(attribute_key)
            .collect();
        !self.directory.is_empty() || headers.any(|header| wanted.contains(&header))
    }

    /// The columns that mappings fill, those whose property `is_ours`; what the header does not have is added to it.
    pub(super) fn columns(
        &self,
        header: &mut Vec<String>,
        is_ours: impl Fn(&str) -> bool,
    ) -> MappedColumns {
        let mut columns = Vec::new();
        let mut access = Vec::new();
        let own = header.len();
        for (n, mapped) in self.mappings.all.iter().enumerate() {
            if !is_ours(&mapped.property) {
                continue;
            }
            // What decides access has one column, however it is written.
            let column = access_column(&mapped.property);
            let is_same = |name: &str| match column {
                Some(column) => access_of(name) == Some(column),
                None => *name == *mapped.property,
            };
            let known = header.iter().position(|name| is_same(name));
            let place = known.unwrap_or_else(|| {
                header.push(mapped.property.to_string());
                header.len() - 1
            });
            columns.push((n, place));
            if mapped.access {
                access.push(place);
            }
        }
        MappedColumns {
            columns,
            access,
            own,
        }
    }

    /// Fills a row with what mappings make of its person, except for what groups give. Says which columns cannot be told.
    pub(super) fn fill<'c>(
        &mut self,
        columns: &MappedColumns,
        whose: Whose<'_>,
        members: Option<(&Groups, &Members)>,
        given: &dyn Fn(&str) -> bool,
        cells: &mut [Cow<'c, str>],
    ) -> Vec<usize> {
        let listed = self.directory.find(&whose.names);
        let own = whose.known.unwrap_or_else(|| vec![None; self.wanted.len()]);
        let place_of = |n: usize| listed.and_then(|known| known.get(n)?.clone());
        let known = own.into_iter().enumerate();
        let known: Known = known.map(|(n, own)| own.or_else(|| place_of(n))).collect();
        let person = Person {
            wanted: &self.wanted,
            known,
            members,
            member: whose.member,
        };
        let is_asked = self.asked.is_some_and(|asked| {
            let mut names = whose.names.iter().flatten();
            names.any(|name| name.trim().to_lowercase() == asked.trim().to_lowercase())
        });
        self.told.users += 1;
        let mut untold = Vec::new();
        for &(n, place) in &columns.columns {
            let Some(mapped) = self.mappings.all.get(n) else {
                continue;
            };
            let beaten = if given(&mapped.property) {
                Some("a group gives it")
            } else if mapped.creates && whose.linked == Some(true) {
                Some("the mapping fills it when the user is created, and never again")
            } else {
                None
            };
            let result = if mapped.creates && mapped.access && whose.linked.is_none() {
                Err(String::from(
                    "the mapping fills it only when the user is created, and whether Salesforce has the user this file does not tell; give the users of the app",
                ))
            } else {
                mapped.of(&person)
            };
            if is_asked {
                let told = mapped.explained(&person, &result, beaten);
                self.told.person.push(told);
            }
            if beaten.is_some() {
                continue;
            }
            match result {
                Ok(text) => {
                    if let Some(cell) = cells.get_mut(place) {
                        *cell = Cow::Owned(text);
                    }
                }
                // A value of the last push stands; a column that no user of the file has holds none.
                Err(_) if !mapped.access && whose.stored && place < columns.own => {}
                Err(why) => {
                    untold.push(place);
                    if mapped.access {
                        note(&mut self.told.gaps, mapped, whose.place, why);
                    }
                }
            }
        }
        untold
    }
}

fn note(gaps: &mut Vec<Gap>, mapped: &Mapped, (path, line): (&str, u64), why: String) {
    match gaps
        .iter_mut()
        .find(|gap| *gap.property == *mapped.property)
    {
        Some(gap) => gap.users += 1,
        None => gaps.push(Gap {
            property: mapped.property.to_string(),
            users: 1,
            first: (path.to_owned(), line),
            why,
        }),
    }
}

impl Mapped {
    /// The value for a person as a cell; `Err`: why it cannot be told.
    fn of(&self, person: &Person<'_>) -> Result<String, String> {
        let expr = self.expr.as_ref().map_err(Clone::clone)?;
        let value = evaluate(expr, person).map_err(|untold| {
            let before = self.text.get(..untold.at).unwrap_or_default();
            format!("{} (column {})", untold.why, before.chars().count() + 1)
        })?;
        value
            .cell(self.list)
            .ok_or_else(|| format!("{} is not what {} holds", value.shown(), self.property))
    }

    fn explained(
        &self,
        person: &Person<'_>,
        result: &Result<String, String>,
        beaten: Option<&str>,
    ) -> Evaluated {
        let expr = self.expr.as_ref().ok();
        let names = expr.map(attributes).unwrap_or_default();
        Evaluated {
            attribute: self.property.to_string(),
            expression: self.text.to_string(),
            reads: names
                .into_iter()
                .map(|name| ReadValue {
                    attribute: format!("user.{name}"),
                    value: person.attribute(name).map(|value| value.shown()),
                })
                .collect(),
            result: result.as_ref().ok().cloned(),
            note: beaten
                .map(str::to_owned)
                .or_else(|| result.as_ref().err().cloned()),
        }
    }
}
