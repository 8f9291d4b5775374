//! Who is in which Okta group, and what each person gets by the priorities of the groups.

use super::groups::{Group, Groups, LISTS, SCALARS};
use super::table::{Table, TableWriter};
use super::{Error, record_number};
use crate::input::{Attribute, is_column_name};
use crate::model::key_of_folded;
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::path::Path;

/// One person with the groups that give them something.
#[derive(Clone, Debug)]
struct Person {
    login: Box<str>,
    /// Record of the file, and line, both from 1, on which the person stands first.
    record: u32,
    line: u64,
    /// Places in [`Groups::all`], the one that counts first in front.
    groups: Vec<u32>,
}

impl Person {
    /// The groups, the one that counts first in front.
    fn in_order<'g>(&self, groups: &'g Groups) -> Vec<&'g Group> {
        let all = self.groups.iter();
        all.filter_map(|n| groups.all.get(*n as usize)).collect()
    }
}

/// The members of the groups of a run.
#[derive(Clone, Debug, Default)]
pub struct Members {
    people: Vec<Person>,
    /// Group names that no mapping has, with the line of the first.
    pub strangers: u64,
    /// The first of them.
    pub first_stranger: Option<(Box<str>, u64)>,
}

/// Headers for the login of a person, and for the name of a group.
const LOGINS: [&str; 8] = [
    "login",
    "username",
    "userlogin",
    "oktausername",
    "user",
    "profile.login",
    "user.login",
    "member",
];
const GROUPS: [&str; 6] = [
    "group",
    "groupname",
    "oktagroup",
    "name",
    "groups",
    "group.name",
];

impl Members {
    /// Reads a CSV file with a login and the name of a group on each row.
    ///
    /// # Errors
    /// The file cannot be read, has not these columns, puts a group into a group, or names no group of the mappings.
    pub fn read(path: &Path, groups: &Groups) -> Result<Self, Error> {
        let shown = path.to_string_lossy();
        let shape = |line, reason| Error::Shape {
            path: (&*shown).into(),
            line,
            reason,
        };
        let file = std::fs::File::open(path).map_err(|source| Error::read(&shown, source))?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let broken = |error: csv::Error| Error::read(&shown, std::io::Error::other(error));
        let header = reader.headers().map_err(broken)?.clone();
        let place = |wanted: &[&str]| {
            header.iter().position(|cell| {
                let cell = cell.trim_start_matches('\u{feff}').trim();
                let cell = cell.to_ascii_lowercase().replace([' ', '_', '-'], "");
                wanted.contains(&cell.as_str())
            })
        };
        let (Some(login), Some(group)) = (place(&LOGINS), place(&GROUPS)) else {
            return Err(shape(
                1,
                "a file of members has a column login and a column group, one row for each membership",
            ));
        };
        let named = by_name(groups);
        let (mut members, mut known) = (Self::default(), FxHashMap::default());
        let mut record = csv::StringRecord::new();
        let mut number = 0;
        while reader.read_record(&mut record).map_err(broken)? {
            number += 1;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |n: usize| record.get(n).unwrap_or_default().trim();
            let (who, name) = (cell(login), cell(group));
            if who.is_empty() || name.is_empty() {
                return Err(shape(
                    line,
                    "a membership without a login or without a group",
                ));
            }
            if named.contains_key(who) {
                return Err(shape(
                    line,
                    "a group as a member of a group: Okta has no groups in groups, and such a file can go round in circles; list people only",
                ));
            }
            let person = *known.entry(key_of_folded(who)).or_insert_with(|| {
                members.people.push(Person {
                    login: who.into(),
                    record: record_number(number),
                    line,
                    groups: Vec::new(),
                });
                members.people.len() - 1
            });
            if let Some(places) = named.get(name) {
                if let Some(person) = members.people.get_mut(person) {
                    person.groups.extend(places);
                }
            } else {
                members.strangers += 1;
                members
                    .first_stranger
                    .get_or_insert_with(|| (name.into(), line));
            }
        }
        if members.people.iter().all(|person| person.groups.is_empty()) {
            return Err(shape(
                1,
                "none of its groups is in a mapping of this run: it is of another app or org, or the mapping names groups by id",
            ));
        }
        members.sort(groups);
        Ok(members)
    }

    /// Puts the groups of each person in the order in which they count: by priority, those without one last, and as
    /// the mappings list them where two are equal.
    fn sort(&mut self, groups: &Groups) {
        let rank = |place: &u32| {
            let group = groups.all.get(*place as usize);
            let priority = group.and_then(|group| group.priority);
            (priority.is_none(), priority, *place)
        };
        for person in &mut self.people {
            person.groups.sort_unstable_by_key(rank);
            person.groups.dedup();
        }
        self.people.retain(|person| !person.groups.is_empty());
    }

    /// People with at least one group of the mappings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Each person by login, with the places of their groups in [`Groups::all`], the one that counts first in front.
    pub fn each(&self) -> impl Iterator<Item = (&str, &[u32])> {
        let people = self.people.iter();
        people.map(|person| (&*person.login, person.groups.as_slice()))
    }

    /// The members of each group, by the places of the people.
    #[must_use]
    pub fn sets(&self, groups: usize) -> Vec<FixedBitSet> {
        let mut sets = vec![FixedBitSet::with_capacity(self.people.len()); groups];
        for (n, person) in self.people.iter().enumerate() {
            for group in &person.groups {
                if let Some(set) = sets.get_mut(*group as usize) {
                    set.insert(n);
                }
            }
        }
        sets
    }

    /// The group that gives a person (by place, from 0) a value: of a combined list the first with this element.
    #[must_use]
    pub fn giver<'g>(
        &self,
        person: usize,
        groups: &'g Groups,
        column: Attribute,
        element: Option<&str>,
    ) -> Option<&'g Group> {
        let of = self.people.get(person)?.in_order(groups);
        if groups.combined.contains(&column) {
            let holds = |group: &&&Group| {
                element.is_none_or(|element| group.list(column).iter().any(|one| **one == *element))
            };
            let found = of.iter().find(holds).copied();
            return found.or(of.first().copied());
        }
        deciding(&of, column, groups)
    }

    /// What each person gets, as a table of users.
    pub(super) fn table(&self, groups: &Groups) -> Result<Table, Error> {
        let given: Vec<Attribute> = SCALARS
            .into_iter()
            .chain(LISTS)
            .filter(|&column| groups.all.iter().any(|group| group.text(column).is_some()))
            .filter(|column| is_column_name(column.name()))
            .collect();
        let mut header = vec![Attribute::Username.name().to_owned()];
        header.extend(given.iter().map(|column| column.name().to_owned()));
        let mut writer = TableWriter::new(header).map_err(Error::Table)?;
        for person in &self.people {
            let of = person.in_order(groups);
            writer
                .row(person.record, person.line, |name| {
                    if name == Attribute::Username.name() {
                        return Some(Cow::Borrowed(&*person.login));
                    }
                    let column = *given.iter().find(|column| column.name() == name)?;
                    Some(effective(&of, column, groups))
                })
                .map_err(Error::Table)?;
        }
        writer.finish().map_err(Error::Table)
    }
}

fn by_name(groups: &Groups) -> FxHashMap<&str, Vec<u32>> {
    let mut named: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (n, group) in (0u32..).zip(&groups.all) {
        named.entry(&group.name).or_default().push(n);
    }
    named
}

/// The group whose value counts, of groups in the order in which they count: the first one, unless it leaves a profile
/// or role blank and blanks let the next group fill in.
fn deciding<'g>(groups: &[&'g Group], column: Attribute, all: &Groups) -> Option<&'g Group> {
    let mut given = groups
        .iter()
        .copied()
        .filter(|group| group.text(column).is_some());
    if all.blanks_count || !SCALARS.contains(&column) {
        return given.next();
    }
    given.find(|group| group.text(column).is_some_and(|text| !text.is_empty()))
}

/// What a person in these groups gets; the groups are in the order in which they count.
pub(super) fn effective<'g>(groups: &[&'g Group], column: Attribute, all: &Groups) -> Cow<'g, str> {
    if !all.combined.contains(&column) {
        let chosen = deciding(groups, column, all).and_then(|group| group.text(column));
        return Cow::Borrowed(chosen.unwrap_or_default());
    }
    let mut elements: Vec<&str> = Vec::new();
    for element in groups.iter().flat_map(|group| group.list(column)) {
        if !elements.contains(&&**element) {
            elements.push(element);
        }
    }
    if elements.is_empty() {
        return Cow::Borrowed("");
    }
    serde_json::to_string(&elements).unwrap_or_default().into()
}

#[cfg(test)]
#[path = "members_tests.rs"]
mod tests;
