//! Users of the app and members of its groups in one run: who is assigned individually keeps their own values, and of
//! the others the groups decide profile, role and lists, while all else comes from the user of the app.

use super::groups::{Groups, LISTS, SCALARS};
use super::members::{Members, Standing};
use crate::input::{Attribute, access_column, is_column_name};
use std::borrow::Cow;

/// Joins the rows of one file with the members.
pub(super) struct Join<'j> {
    groups: &'j Groups,
    members: &'j mut Members,
    /// What any group gives.
    given: Vec<Attribute>,
    /// The person of each row of the table; `None`: no member of any group.
    people: Vec<Option<usize>>,
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
    pub(super) fn new(groups: &'j Groups, members: &'j mut Members) -> Self {
        Self {
            groups,
            members,
            given: given(groups),
            people: Vec::new(),
        }
    }

    /// The column of an attribute of the app profile, where groups give it.
    fn column(&self, key: &str) -> Option<Attribute> {
        access_column(key).filter(|column| self.given.contains(column))
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

    /// Notes the next row: whose it is, by any of these logins, and whether it is an individual assignment.
    pub(super) fn row(&mut self, logins: &[Option<&str>], individual: bool) {
        let mut found = logins.iter().flatten();
        let person = found.find_map(|login| self.members.find(login));
        if let Some(person) = person {
            self.members.hold(
                person,
                if individual {
                    Standing::Individual
                } else {
                    Standing::Joined
                },
            );
        }
        self.people.push(person.filter(|_| !individual));
    }

    /// What the groups of the row noted last give for an attribute; `None`: the user's own value stands.
    pub(super) fn value(&self, key: &str) -> Option<Cow<'j, str>> {
        let person = (*self.people.last()?)?;
        let column = self.column(key)?;
        Some(self.members.gives(person, self.groups, column)).filter(|text| !text.is_empty())
    }

    /// Ends the file.
    pub(super) fn finish(self, path: &str) {
        self.members.note_rows(path, self.people);
    }
}

#[cfg(test)]
#[path = "join_tests.rs"]
mod tests;
