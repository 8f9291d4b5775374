//! Records to rows: names become typed ids, and the person before and after the push is known.
//!
//! A plain row allocates nothing: texts are borrowed from the block, names cost one look-up each.

mod features;
mod ids;
mod lists;
mod names;
mod recent;
#[cfg(test)]
mod tests;

pub(crate) use features::{feature, truth};

use super::{Attribute, Cell, Columns, FeatureRef, Keys, Person, Resolution, RoleCell, Row};
use crate::matrix::Matrix;
use crate::model::UserId;
use crate::rules::{NullMeaning, Run};
use crate::tabular::Cells;
use lists::FeatureList;
use recent::Recent;
use std::cell::RefCell;

/// A record that cannot be read: `System.Object[]` stands where a list belongs. Ends the run (see [`super::Error::PowerShellObject`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The column.
    pub column: Attribute,
}

/// Resolves the records of one input.
#[derive(Debug)]
pub struct Resolver<'m> {
    m: &'m Matrix,
    columns: &'m Columns,
    run: &'m Run,
    separator: Option<&'m str>,
    /// What each flag column stands for, in the order of [`Columns::flags`].
    flags: Vec<FeatureRef>,
    /// What cells of the feature license column stood for.
    feature_lists: RefCell<Recent<FeatureList>>,
}

impl<'m> Resolver<'m> {
    /// For one input.
    #[must_use]
    pub fn new(m: &'m Matrix, columns: &'m Columns, run: &'m Run) -> Self {
        let flags = columns
            .flags()
            .iter()
            .map(|(_, field)| feature(m, field))
            .collect();
        Self {
            m,
            columns,
            run,
            separator: None,
            flags,
            feature_lists: RefCell::default(),
        }
    }

    /// With the list separator of the configuration: then no other one counts, brackets aside.
    #[must_use]
    pub fn separated_by(mut self, separator: Option<&'m str>) -> Self {
        self.separator = separator;
        self
    }

    /// Resolves one record.
    ///
    /// # Errors
    /// A list column holds `System.Object[]`.
    pub fn row<'a>(&'a self, cells: Cells<'a>) -> Result<Row<'a>, Refusal> {
        let mut row = Row::default();
        let keys = Keys::of(&self.m.org.users, self.columns, cells);
        self.fill(cells, keys, &mut row)?;
        Ok(row)
    }

    /// Resolves one record, whose keys are known, into a row that is used again: a row is large, and filling it in place is what millions of rows need.
    ///
    /// # Errors
    /// A list column holds `System.Object[]`; the row is then not to be used.
    pub fn fill<'a>(
        &'a self,
        cells: Cells<'a>,
        keys: Keys,
        row: &mut Row<'a>,
    ) -> Result<(), Refusal> {
        row.keys = keys;
        row.account.take();
        row.lists = super::ListStyles::default();
        row.username = self.columns.cell(Attribute::Username, cells);
        row.user_id = match self.columns.cell(Attribute::UserId, cells) {
            Cell::Sent(text) => self.user_id(text),
            Cell::Absent | Cell::Blank => Resolution::Nothing,
        };
        let (user, matched_by_id) = self.existing(row);
        row.profile_cell = self.columns.cell(Attribute::Profile, cells);
        row.profile = match row.profile_cell {
            Cell::Sent(text) => names::loosened(
                self.profile(text),
                text,
                self.raw(Attribute::Profile, cells),
            ),
            Cell::Absent | Cell::Blank => Resolution::Nothing,
        };
        row.person = self.person_before(user, matched_by_id);
        self.profile_after(row);
        row.role = self.role_cell(cells, &row.person);
        row.person.role = match row.role {
            RoleCell::Keep => row.person.role_before,
            RoleCell::Remove => None,
            RoleCell::Sent(_, to) => kept(to, row.person.role_before),
        };
        row.person.active = self.active_after(cells, &row.person);
        self.lists(cells, row)?;
        self.features(cells, row)?;
        row.contact = self
            .columns
            .cell(Attribute::Contact, cells)
            .sent()
            .and_then(names::contact_id);
        Ok(())
    }

    /// Bytes of a cell as it was read, white space included.
    fn raw(&self, column: Attribute, cells: Cells<'_>) -> usize {
        self.columns.length(column, cells)
    }

    /// The user that the row is about, and whether the id column found it.
    fn existing(&self, row: &Row<'_>) -> (Option<UserId>, bool) {
        if let Some(user) = row.user_id.one() {
            return (Some(user), true);
        }
        // Okta deactivates whom it is linked to, and looks for nobody else.
        (row.keys.by_login.filter(|_| !self.columns.leavers), false)
    }

    fn person_before(&self, user: Option<UserId>, matched_by_id: bool) -> Person {
        let nobody = Person {
            leaver: self.columns.leavers,
            ..Person::default()
        };
        let Some(id) = user else {
            return nobody;
        };
        let Some(stored) = self.m.org.users.stored(id) else {
            return nobody;
        };
        let profile_before = stored.profile;
        Person {
            user,
            matched_by_id,
            profile_before,
            license_before: profile_before.and_then(|profile| self.m.license_of(profile)),
            kind_before: profile_before
                .and_then(|profile| self.m.kind_of(profile))
                .or(stored.user_type),
            role_before: stored.role,
            active_before: stored.active.unwrap_or(true),
            features_before: stored.features,
            ..nobody
        }
    }

    fn profile_after(&self, row: &mut Row<'_>) {
        let person = &mut row.person;
        person.profile = match row.profile_cell {
            Cell::Sent(_) => kept(row.profile, person.profile_before),
            // A profile cannot be erased: without one in the row the present one stays.
            Cell::Absent | Cell::Blank => person.profile_before,
        };
        if person.profile == person.profile_before && person.user.is_some() {
            let stays = person.profile.is_some() || row.profile_cell.sent().is_none();
            person.license = person.license_before;
            person.kind = if stays { person.kind_before } else { None };
        } else {
            person.license = person
                .profile
                .and_then(|profile| self.m.license_of(profile));
            person.kind = person.profile.and_then(|profile| self.m.kind_of(profile));
        }
    }

    fn role_cell<'a>(&'a self, cells: Cells<'a>, person: &Person) -> RoleCell<'a> {
        match self.columns.cell(Attribute::Role, cells) {
            Cell::Sent(text) if removes_role(text) => RoleCell::Remove,
            Cell::Sent(text) => {
                let to = self.role(text, person.kind);
                RoleCell::Sent(
                    text,
                    names::loosened(to, text, self.raw(Attribute::Role, cells)),
                )
            }
            Cell::Blank if self.nulls_pushed() && person.user.is_some() => RoleCell::Remove,
            Cell::Blank | Cell::Absent => RoleCell::Keep,
        }
    }

    fn nulls_pushed(&self) -> bool {
        self.run.nulls == NullMeaning::Pushed
    }

    fn active_after(&self, cells: Cells<'_>, person: &Person) -> bool {
        let stored = person.user.is_none() || person.active_before;
        self.columns
            .cell(Attribute::Active, cells)
            .sent()
            .and_then(features::activity)
            .unwrap_or(stored)
    }
}

/// The record that a cell leads to. A name that several bear keeps the present one, if that is among them: no change is meant.
fn kept<I: Copy + PartialEq>(to: Resolution<'_, I>, before: Option<I>) -> Option<I> {
    match to {
        Resolution::Ambiguous(several) => before.filter(|held| several.contains(held)),
        other => other.one(),
    }
}

/// `NO_ROLE`, `--None--` and `null`, in any case of letters.
fn removes_role(text: &str) -> bool {
    ["NO_ROLE", "--None--", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}
