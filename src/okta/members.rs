//! Who is in which Okta group, and what each person gets by the priorities of the groups.

use super::directory::begun;
use super::groups::{Group, Groups};
use super::priority::{deciding, effective};
use super::username::Template;
use super::{Error, record_number};
use crate::input::{Attribute, column_key};
use crate::model::key_of_folded;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::path::Path;

/// One person with the groups that give them something.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) login: Box<str>,
    /// The username in Salesforce, where it is not the login.
    username: Option<Box<str>>,
    pub(super) standing: Standing,
    /// Record of the file, and line, both from 1, on which the person stands first.
    pub(super) record: u32,
    pub(super) line: u64,
    /// Places in [`Groups::all`], the one that counts first in front.
    pub(super) groups: Vec<u32>,
}

impl Person {
    pub(super) fn username(&self) -> &str {
        self.username.as_deref().unwrap_or(&self.login)
    }

    /// The groups, the one that counts first in front.
    pub(super) fn in_order<'g>(&self, groups: &'g Groups) -> Vec<&'g Group> {
        let all = self.groups.iter();
        all.filter_map(|n| groups.all.get(*n as usize)).collect()
    }
}

/// Where a member of groups gets a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// Of what the groups give, in the table of members.
    #[default]
    Member,
    /// The same, at the row of the user of the app.
    Joined,
    /// Of an assignment of their own, which beats the groups.
    Individual,
    /// Nowhere: the app was taken away from the person, whatever groups say.
    Gone,
}

/// No member of any group.
const NOBODY: u32 = u32::MAX;

/// The members of the groups of a run.
#[derive(Clone, Debug, Default)]
pub struct Members {
    pub(super) people: Vec<Person>,
    /// People by the keys of their logins and usernames.
    known: FxHashMap<u64, u32>,
    /// The person of the membership read last.
    last: Option<(Box<str>, usize)>,
    /// The people of the rows of each part of each file that has rows of members.
    rows: FxHashMap<(Box<str>, usize), Vec<u32>>,
    /// Group names that no mapping has, with the line of the first.
    pub strangers: u64,
    /// The first of them.
    pub first_stranger: Option<(Box<str>, u64)>,
}

/// Headers for the username of a person in Salesforce, for the login in Okta, and for the name of a group, the plainest
/// first: where a report has `User` beside `Login`, and `name` beside `group`, they are the name that people are called by.
const USERNAMES: [&str; 5] = [
    "username",
    "credentials.username",
    "salesforceusername",
    "applicationusername",
    "applicationlogin",
];
const LOGINS: [&str; 7] = [
    "login",
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
    /// The file cannot be read, has not these columns, puts a group into a group, or names no group of the mappings; or
    /// the template of the app makes usernames of more than logins.
    pub fn read(path: &Path, groups: &Groups, template: Option<&Template>) -> Result<Self, Error> {
        let shown = path.to_string_lossy();
        let shape = |line, reason| Error::Shape {
            path: (&*shown).into(),
            line,
            reason,
        };
        let file = std::fs::File::open(path).map_err(|source| Error::read(&shown, source))?;
        let (text, start) = begun(&shown, file)?;
        let is_known = |name: &str| {
            let key = column_key(name);
            [&USERNAMES[..], &LOGINS, &GROUPS]
                .iter()
                .any(|names| names.contains(&key.as_str()))
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(crate::input::delimiter(&start, is_known))
            .flexible(true)
            .from_reader(text);
        let broken = |error: csv::Error| Error::read(&shown, std::io::Error::other(error));
        let keys: Vec<String> = reader
            .headers()
            .map_err(broken)?
            .iter()
            .map(column_key)
            .collect();
        let place = |wanted: &[&str]| {
            wanted
                .iter()
                .find_map(|name| keys.iter().position(|key| key == name))
        };
        // A username in Salesforce is what it is; a login is what the app makes one of.
        let username = place(&USERNAMES);
        let is_username = username.is_some();
        let (Some(login), Some(group)) = (username.or_else(|| place(&LOGINS)), place(&GROUPS))
        else {
            return Err(shape(
                1,
                "a file of members has a column login and a column group, one row for each membership",
            ));
        };
        let named = by_name(groups);
        let mut members = Self::default();
        let mut record = csv::StringRecord::new();
        let mut number = 0;
        while reader.read_record(&mut record).map_err(broken)? {
            number += 1;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |n: usize| record.get(n).unwrap_or_default().trim();
            let membership = (cell(login), cell(group));
            members
                .note(membership, (record_number(number), line), &named)
                .map_err(|reason| shape(line, reason))?;
        }
        members.last = None;
        if members.people.iter().all(|person| person.groups.is_empty()) {
            return Err(shape(
                1,
                "none of its groups is in a mapping of this run: it is of another app or org, or the mapping names groups by id",
            ));
        }
        members.sort(groups);
        if let Some(template) = template.filter(|_| !is_username) {
            members.rename(template).map_err(|who| Error::Template {
                path: (&*shown).into(),
                template: template.text.clone(),
                login: who,
            })?;
        }
        Ok(members)
    }

    /// Notes one membership: login and group, on this record and line.
    fn note(
        &mut self,
        (who, name): (&str, &str),
        (record, line): (u32, u64),
        named: &FxHashMap<&str, Vec<u32>>,
    ) -> Result<(), &'static str> {
        if who.is_empty() || name.is_empty() {
            return Err("a membership without a login or without a group");
        }
        if named.contains_key(who) {
            return Err(
                "a group as a member of a group: Okta has no groups in groups, and such a file can go round in circles; list people only",
            );
        }
        // Most files list the groups of a person one after the other.
        let same = self.last.as_ref().filter(|(last, _)| **last == *who);
        let person = if let Some((_, person)) = same {
            *person
        } else {
            let person = self.find(who);
            let person = person.unwrap_or_else(|| self.add(who, record, line));
            self.last = Some((who.into(), person));
            person
        };
        if let Some(places) = named.get(name) {
            if let Some(person) = self.people.get_mut(person) {
                person.groups.extend(places);
            }
        } else {
            self.strangers += 1;
            self.first_stranger
                .get_or_insert_with(|| (name.into(), line));
        }
        Ok(())
    }

    fn add(&mut self, login: &str, record: u32, line: u64) -> usize {
        let place = self.people.len();
        self.known
            .insert(key_of_folded(login), record_number(place));
        self.people.push(Person {
            login: login.into(),
            username: None,
            standing: Standing::Member,
            record,
            line,
            groups: Vec::new(),
        });
        place
    }

    /// The person with a login or username, in any case of letters.
    pub(super) fn find(&self, login: &str) -> Option<usize> {
        let place = *self.known.get(&key_of_folded(login.trim()))?;
        usize::try_from(place).ok()
    }

    /// The n-th person.
    pub(super) fn person(&self, n: usize) -> Option<&Person> {
        self.people.get(n)
    }

    /// Gives everybody the username that the app makes of the login. `Err`: a login of which it makes none that is known.
    fn rename(&mut self, template: &Template) -> Result<(), String> {
        for (n, person) in self.people.iter_mut().enumerate() {
            let name = template.apply(&person.login);
            let name = name.ok_or_else(|| person.login.to_string())?;
            if *name != *person.login {
                self.known
                    .entry(key_of_folded(&name))
                    .or_insert(record_number(n));
                person.username = Some(name.into());
            }
        }
        Ok(())
    }

    /// Says where a person gets a row.
    pub(super) fn hold(&mut self, person: usize, standing: Standing) {
        // Who has lost the app in one element of a file can have it by another.
        if let Some(person) = self.people.get_mut(person)
            && (standing != Standing::Gone || person.standing == Standing::Member)
        {
            person.standing = standing;
        }
    }

    /// Notes that users with these keys (see [`key_of_folded`]) have rows of their own: assigned individually.
    pub fn hold_individuals(&mut self, logins: impl Iterator<Item = u64>) {
        for key in logins {
            if let Some(&person) = self.known.get(&key)
                && let Some(person) = self.people.get_mut(person as usize)
            {
                person.standing = Standing::Individual;
            }
        }
    }

    /// Notes whose the rows of a part of a file are.
    pub(super) fn note_rows(&mut self, path: &str, part: usize, people: Vec<Option<usize>>) {
        let places = people
            .into_iter()
            .map(|person| person.map_or(NOBODY, record_number));
        self.rows.insert((path.into(), part), places.collect());
    }

    /// The person whose values the groups decide in a row (from 1) of a part (from 0) of a file.
    #[must_use]
    pub fn person_of(&self, path: &str, part: usize, row: u64) -> Option<usize> {
        let rows = self.rows.get(&(path.into(), part))?;
        let place = *rows.get(usize::try_from(row).ok()?.checked_sub(1)?)?;
        (place != NOBODY).then_some(place as usize)
    }

    /// What the groups of a person give for an attribute.
    pub(super) fn gives<'g>(
        &self,
        person: usize,
        groups: &'g Groups,
        column: Attribute,
    ) -> Cow<'g, str> {
        let person = self.people.get(person);
        let of = person.map_or_else(Vec::new, |person| person.in_order(groups));
        effective(&of, column, groups)
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
        let people = self.people.iter().enumerate();
        self.known = people
            .map(|(n, person)| (key_of_folded(&person.login), record_number(n)))
            .collect();
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

    /// Each person by username in Salesforce, with the places of their groups in [`Groups::all`], the one that counts first
    /// in front.
    pub fn each(&self) -> impl Iterator<Item = (&str, &[u32])> {
        let people = self.people.iter();
        people.map(|person| (person.username(), person.groups.as_slice()))
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
        let whose = self.people.get(person)?;
        let of = whose.in_order(groups);
        if groups.combined.contains(&column) {
            let holds = |group: &&&Group| {
                element.is_none_or(|element| group.list(column).iter().any(|one| **one == *element))
            };
            let found = of.iter().find(holds).copied();
            return found.or(of.first().copied());
        }
        // What groups leave blank is what the app has of the user, if it has the user.
        let erases = groups.blanks_count && whose.standing == Standing::Member;
        let gives =
            |group: &&Group| erases || group.text(column).is_some_and(|text| !text.is_empty());
        deciding(&of, column, groups).filter(gives)
    }
}

fn by_name(groups: &Groups) -> FxHashMap<&str, Vec<u32>> {
    let mut named: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (n, group) in (0u32..).zip(&groups.all) {
        named.entry(&group.name).or_default().push(n);
    }
    named
}

#[cfg(test)]
#[path = "members_tests.rs"]
pub(super) mod tests;
