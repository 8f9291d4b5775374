//! What the rows of a run lead to: records of the org, existing users, and users that are to be created.
//!
//! Kept only where a plan is to be saved; bounded by the org, and for creates by a number.

use super::Options;
use crate::input::{FeatureRef, Resolution, RoleCell, SetRef};
use crate::model::{Dense, Field, SfId, UserId, key_of_folded};
use crate::rules::{About, RowCx};
use fixedbitset::FixedBitSet;
use std::collections::{BTreeMap, BTreeSet};

/// Creates that are told apart; a file with more is bound to all users of the org.
const MOST_CREATES: usize = 10_000;
/// Contacts that are told apart.
const MOST_CONTACTS: usize = 100_000;
/// Values of a picklist that are told apart; a field with more is bound to the whole list.
const MOST_VALUES: usize = 200;

/// What the rows of a run send to a field of User.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldUse {
    /// Characters of the longest text.
    pub longest: usize,
    /// The values, where the field is a picklist.
    pub values: BTreeSet<Box<str>>,
    /// There are more values than are kept.
    pub more_values: bool,
}

/// What rows lead to.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Ids of profiles, roles, permission sets, groups, permission set licenses, public groups and packages.
    pub records: BTreeSet<SfId>,
    /// Feature license flags that are sent as true.
    pub features: BTreeSet<usize>,
    /// Existing users, by their number.
    pub users: FixedBitSet,
    /// Keys of the usernames of creates ([`key_of_folded`]).
    pub creates: BTreeSet<u64>,
    /// There are more creates than are kept.
    pub more_creates: bool,
    /// Contacts that are sent, or that external users of the file have.
    pub contacts: BTreeSet<SfId>,
    /// There are more contacts than are kept.
    pub more_contacts: bool,
    /// What is sent to the fields that describe tells, by API name.
    pub fields: BTreeMap<Box<str>, FieldUse>,
}

impl Touched {
    /// Notes what a row leads to, where the run asks for it.
    pub(crate) fn note(&mut self, cx: &RowCx<'_>, options: &Options) {
        if !options.touch {
            return;
        }
        let (m, row) = (cx.m, cx.row);
        let person = &row.person;
        for profile in [person.profile, person.profile_before]
            .into_iter()
            .flatten()
        {
            self.records
                .extend(m.profile(profile).map(|profile| profile.id));
        }
        if let RoleCell::Sent(_, to) = row.role {
            self.records.extend(ids(to, |role| Some(m.role(role)?.id)));
        }
        for item in &row.sets.items {
            self.records.extend(ids(item.to, |to| match to {
                SetRef::Set(set) => Some(m.set(set)?.id),
                SetRef::Group(group) => Some(m.group(group)?.id),
            }));
        }
        for item in &row.psls.items {
            self.records
                .extend(ids(item.to, |psl| Some(m.psl(psl)?.id)));
        }
        for item in &row.public_groups.items {
            let groups = &m.org.public_groups;
            self.records
                .extend(ids(item.to, |group| Some(groups.get(group)?.id)));
        }
        for item in &row.packages.items {
            let packages = &m.org.packages;
            self.records
                .extend(ids(item.to, |package| Some(packages.get(package)?.id)));
        }
        for item in row.features.iter().filter(|item| item.on) {
            if let FeatureRef::Feature(feature) = item.to {
                self.features.insert(feature.index());
            }
        }
        if About::Contact.concerns(cx) {
            let stored = || m.org.users.reference("ContactId", person.user?);
            row.contact
                .or_else(stored)
                .into_iter()
                .for_each(|id| self.contact(id));
        }
        for (column, cell) in cx.fields() {
            if let (Some(field), Some(text)) = (&column.described, cell.sent()) {
                self.field(field, text);
            }
        }
        match (person.user, row.username.sent()) {
            (Some(user), _) => self.user(user),
            (None, Some(name)) if person.is_create() => self.create(key_of_folded(name.trim())),
            (None, _) => {}
        }
    }

    fn user(&mut self, user: UserId) {
        self.users.grow_and_insert(user.index());
    }

    fn create(&mut self, key: u64) {
        if self.creates.len() < MOST_CREATES {
            self.creates.insert(key);
        } else {
            self.more_creates |= !self.creates.contains(&key);
        }
    }

    fn contact(&mut self, id: SfId) {
        if self.contacts.len() < MOST_CONTACTS {
            self.contacts.insert(id);
        } else {
            self.more_contacts |= !self.contacts.contains(&id);
        }
    }

    fn field(&mut self, field: &Field, text: &str) {
        if !self.fields.contains_key(field.name.as_str()) {
            self.fields
                .insert(field.name.as_str().into(), FieldUse::default());
        }
        let Some(known) = self.fields.get_mut(field.name.as_str()) else {
            return;
        };
        if text.len() > known.longest {
            known.longest = known.longest.max(text.chars().count());
        }
        // The lists of countries and states stand at the fields of their codes.
        if field.picklist.is_empty() && !["Country", "State"].contains(&field.name.as_str()) {
            return;
        }
        for value in text.split(';').map(str::trim) {
            known.value(value);
        }
    }

    /// Takes over what another part of the run led to.
    pub(crate) fn add(&mut self, other: Self) {
        self.records.extend(other.records);
        self.features.extend(other.features);
        self.users.grow(other.users.len());
        self.users.union_with(&other.users);
        self.more_creates |= other.more_creates;
        for key in other.creates {
            self.create(key);
        }
        self.more_contacts |= other.more_contacts;
        for id in other.contacts {
            self.contact(id);
        }
        for (name, more) in other.fields {
            let known = self.fields.entry(name).or_default();
            known.longest = known.longest.max(more.longest);
            known.more_values |= more.more_values;
            for value in more.values {
                known.value(&value);
            }
        }
    }
}

impl FieldUse {
    fn value(&mut self, value: &str) {
        if self.values.contains(value) {
            return;
        }
        if self.values.len() < MOST_VALUES {
            self.values.insert(value.into());
        } else {
            self.more_values = true;
        }
    }
}

/// The records that a cell leads to: all of them, where several bear the name.
fn ids<'a, I: Copy + 'a>(
    to: Resolution<'a, I>,
    id: impl Fn(I) -> Option<SfId> + 'a,
) -> impl Iterator<Item = SfId> + 'a {
    let several = match to {
        Resolution::Ambiguous(all) => all,
        _ => &[],
    };
    to.one()
        .into_iter()
        .chain(several.iter().copied())
        .filter_map(id)
}
