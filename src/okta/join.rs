//! Users of the app and members of its groups in one run: who is assigned individually keeps their own values, and of
//! the others the groups decide profile, role and lists, while all else comes from the user of the app.

use super::directory::attribute_key;
use super::groups::{Groups, LISTS, SCALARS};
use super::members::{Members, Standing};
use super::priority::effective;
use crate::input::{Attribute, access_column, is_column_name};
use std::borrow::Cow;

/// Joins the rows of one file with the groups.
pub(super) struct Join<'j> {
    groups: &'j Groups,
    /// Who is in them, where that was said.
    members: Option<&'j mut Members>,
    /// What any group gives.
    given: Vec<Attribute>,
    /// Whose the row noted last is.
    current: Current,
    /// The person of each row of each part; `None`: no member of any group.
    people: Vec<Vec<Option<usize>>>,
}

/// Who or what decides a row.
#[derive(Clone, Copy, Default)]
struct Current {
    /// The person, decided by groups or not.
    person: Option<usize>,
    individual: bool,
    /// The group that the row itself names.
    group: Option<usize>,
}

/// The column that a header or an attribute of a user names, if it decides access. `profileUrl` of a person is the address of
/// a page, not a profile.
pub(super) fn access_of(name: &str) -> Option<Attribute> {
    access_column(name).filter(|_| attribute_key(name) != "profileurl")
}

/// What the groups of a run give, as far as the files have columns for it.
pub(super) fn given(groups: &Groups) -> Vec<Attribute> {
    SCALARS
        .into_iter()
        .chain(LISTS)
        .filter(|&column| groups.all.iter().any(|group| group.text(column).is_some()))
        .filter(|column| is_column_name(column.name()))
        .collect()
}

impl<'j> Join<'j> {
    pub(super) fn new(groups: &'j Groups, members: Option<&'j mut Members>) -> Self {
        Self {
            groups,
            members,
            given: given(groups),
            current: Current::default(),
            people: Vec::new(),
        }
    }

    /// The column of an attribute of the app profile, where groups give it.
    fn column(&self, key: &str) -> Option<Attribute> {
        access_of(key).filter(|column| self.given.contains(column))
    }

    /// Names of the columns that groups give and that no attribute of the app profile has.
    pub(super) fn further<'k>(&self, keys: impl Iterator<Item = &'k String>) -> Vec<String> {
        let there: Vec<Attribute> = keys.filter_map(|key| self.column(key)).collect();
        self.given
            .iter()
            .filter(|column| !there.contains(column))
            .map(|column| column.name().to_owned())
            .collect()
    }

    /// Notes the next row: whose it is, by any of these logins, whether it is an individual assignment, and the group that
    /// the row itself names.
    pub(super) fn row(&mut self, logins: &[Option<&str>], individual: bool, group: Option<&str>) {
        let mut found = logins.iter().flatten();
        let members = self.members.as_deref_mut();
        let person = members.and_then(|members| {
            let person = found.find_map(|login| members.find(login))?;
            members.hold(
                person,
                if individual {
                    Standing::Individual
                } else {
                    Standing::Joined
                },
            );
            Some(person)
        });
        let by_name = |name: &str| {
            let mut groups = self.groups.all.iter();
            groups.position(|own| *own.name == *name.trim())
        };
        self.current = Current {
            person,
            individual,
            group: group.and_then(by_name),
        };
    }

    /// Notes a person from whom the app was taken away, by any of these logins: no group gives them anything, and their row
    /// stands in no part that groups fill.
    pub(super) fn leaver(&mut self, logins: &[Option<&str>]) {
        let mut logins = logins.iter().flatten();
        if let Some(members) = self.members.as_deref_mut()
            && let Some(person) = logins.find_map(|login| members.find(login))
        {
            members.hold(person, Standing::Gone);
        }
    }

    /// Says in which part of the file the row noted last stands.
    pub(super) fn placed(&mut self, part: usize) {
        if self.people.len() <= part {
            self.people.resize_with(part + 1, Vec::new);
        }
        let person = self.current.person.filter(|_| !self.current.individual);
        if let Some(people) = self.people.get_mut(part) {
            people.push(person);
        }
    }

    /// The person of the row noted last, as the members know them.
    pub(super) fn person(&self) -> Option<usize> {
        self.current.person
    }

    /// The groups with their members.
    pub(super) fn membership(&self) -> Option<(&Groups, &Members)> {
        Some((self.groups, self.members.as_deref()?))
    }

    /// Whether groups of the run decide the row noted last.
    pub(super) fn decides(&self) -> bool {
        let known = self.current.person.is_some() || self.current.group.is_some();
        known && !self.current.individual
    }

    /// What the groups of the row noted last give for an attribute; `None`: the user's own value stands.
    pub(super) fn value(&self, key: &str) -> Option<Cow<'j, str>> {
        if self.current.individual {
            return None;
        }
        let column = self.column(key)?;
        let members = self.members.as_deref();
        let given = if let Some((person, members)) = self.current.person.zip(members) {
            members.gives(person, self.groups, column)
        } else {
            let group = self.groups.all.get(self.current.group?)?;
            effective(&[group], column, self.groups)
        };
        Some(given).filter(|text| !text.is_empty())
    }

    /// Ends the file.
    pub(super) fn finish(self, path: &str) {
        if let Some(members) = self.members {
            for (part, people) in self.people.into_iter().enumerate() {
                members.note_rows(path, part, people);
            }
        }
    }
}

#[cfg(test)]
#[path = "join_tests.rs"]
mod tests;
