//! The vocabulary of the program: ids, names, and the tables of one Salesforce org.
//!
//! Nothing here reads files, judges or prints. Past the readers there are no names to compare:
//! everything is a dense, typed index into one of these tables.

mod access;
mod alike;
mod contacts;
mod describe;
mod entities;
mod grouped;
mod id;
mod ids;
mod lookup;
mod names;
mod org;
mod picklist;
mod sets;
mod users;

pub use access::{Access, ObjectGrant, ObjectRights};
pub(crate) use alike::nearest;
pub use contacts::{Contacts, ContactsBuilder};
pub use describe::{Describe, Field, FieldType, PicklistValue};
pub use entities::{
    Account, Contact, FeatureTotal, License, Network, Organization, Package, Permissions,
    PortalType, Profile, PublicGroup, Role, UserType,
};
pub(crate) use grouped::Grouped;
pub use id::{
    AccountId, FeatureId, IdFault, LicenseId, MutingSetId, ObjectId, PackageId, PermissionId,
    PermissionSetGroupId, PermissionSetId, ProfileId, PslId, PublicGroupId, RoleId, SfId, UserId,
};
pub use ids::Ids;
pub(crate) use names::trimmed;
pub use names::{NameHit, Names, fold};
pub use org::{Coverage, ObjectCoverage, Org, Pulled, Record};
pub use picklist::{Choices, Places};
pub use sets::{
    MutingSet, PermissionDependency, PermissionSet, PermissionSetGroup, PermissionSetLicense,
    SetLicense, SetOwner,
};
pub use users::{
    Assignment, Bearer, DigestColumn, FEDERATION_ID_FOLDED, IdColumn, KeyIndex, OddKeys,
    UserRecord, Users, UsersBuilder, UsersPart, WordColumn, digest_of, key_of, key_of_folded,
    keys_of,
};

use std::marker::PhantomData;

/// An index into one kind of table.
pub trait Dense: Copy {
    /// The id of the row at `index`.
    fn new(index: usize) -> Self;
    /// The row that this id stands for.
    fn index(self) -> usize;
}

/// A vector that only its own kind of id can index.
#[derive(Clone, Debug)]
pub struct Table<I, T> {
    rows: Vec<T>,
    of: PhantomData<I>,
}

impl<I: Dense, T> Table<I, T> {
    /// Appends a row and says its id.
    pub fn push(&mut self, row: T) -> I {
        self.rows.push(row);
        I::new(self.rows.len() - 1)
    }

    /// The row of an id; `None` for an id of another org.
    #[must_use]
    pub fn get(&self, id: I) -> Option<&T> {
        self.rows.get(id.index())
    }

    /// The row of an id, to be changed.
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.rows.get_mut(id.index())
    }

    /// Rows with their ids, in file order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> {
        self.rows
            .iter()
            .enumerate()
            .map(|(n, row)| (I::new(n), row))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            of: PhantomData,
        }
    }
}

impl<I: Dense, T> FromIterator<T> for Table<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(rows: S) -> Self {
        Self {
            rows: rows.into_iter().collect(),
            of: PhantomData,
        }
    }
}

/// A fact that the snapshot tells, or does not tell because a column or a file is missing.
///
/// `Unknown` is never treated as false, zero or empty: rules that need the fact are in coverage,
/// or the row is undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// The snapshot says so.
    Yes(T),
    /// The column or file is not there, or refers to a record that is not there.
    Unknown,
}

impl<T> Known<T> {
    /// The fact by reference, if it is known.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Yes(fact) => Some(fact),
            Self::Unknown => None,
        }
    }

    /// Whether the fact is known and equal to `other`.
    pub fn is<U: ?Sized>(&self, other: &U) -> bool
    where
        T: PartialEq<U>,
    {
        matches!(self, Self::Yes(fact) if fact == other)
    }
}

impl<T: Copy> Known<T> {
    /// The fact, if it is known.
    pub fn get(self) -> Option<T> {
        match self {
            Self::Yes(fact) => Some(fact),
            Self::Unknown => None,
        }
    }
}

impl<T> From<Option<T>> for Known<T> {
    fn from(fact: Option<T>) -> Self {
        fact.map_or(Self::Unknown, Self::Yes)
    }
}
