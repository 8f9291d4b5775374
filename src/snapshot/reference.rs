//! References between records: by id, or by a relationship column where the id column is absent.

use super::Error;
use super::row::Row;
use super::sheet::{Column, Sheet};
use crate::model::{
    LicenseId, Org, PackageId, PermissionSetGroupId, PermissionSetId, ProfileId, PslId,
    PublicGroupId, Record, RoleId, SfId,
};
use rustc_hash::FxHashMap;

/// A kind of record that others refer to by id.
pub(super) trait Target: Copy + PartialEq {
    fn of(record: Record) -> Option<Self>;
    /// Every record with the name that relationship columns show.
    fn names(org: &Org) -> Vec<(&str, Self)>;
}

macro_rules! targets {
    ($($kind:ident: $variant:ident, $table:ident, $name:ident;)+) => {$(
        impl Target for $kind {
            fn of(record: Record) -> Option<Self> {
                match record {
                    Record::$variant(id) => Some(id),
                    _ => None,
                }
            }
            fn names(org: &Org) -> Vec<(&str, Self)> {
                org.$table.iter().map(|(id, row)| (&*row.$name, id)).collect()
            }
        }
    )+};
}

targets! {
    LicenseId: License, licenses, name;
    ProfileId: Profile, profiles, name;
    RoleId: Role, roles, name;
    PermissionSetId: PermissionSet, permission_sets, name;
    PermissionSetGroupId: PermissionSetGroup, permission_set_groups, name;
    PslId: Psl, psls, name;
    PackageId: Package, packages, namespace;
    PublicGroupId: PublicGroup, public_groups, name;
}

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<I> {
    /// The file has no column for it.
    Untold,
    /// Empty.
    Nothing,
    /// A record that the snapshot does not hold, or a name that not exactly one record bears.
    Unseen(Option<SfId>),
    /// A record.
    Here(I),
}

impl<I> Found<I> {
    /// Whether the reference is filled, whatever it leads to.
    pub(super) fn is_filled(&self) -> bool {
        matches!(self, Self::Unseen(_) | Self::Here(_))
    }

    pub(super) fn here(self) -> Option<I> {
        match self {
            Self::Here(id) => Some(id),
            _ => None,
        }
    }
}

/// Names that one record alone bears. Salesforce names are not unique.
#[derive(Clone)]
pub(super) struct Unique<I>(FxHashMap<Box<str>, Option<I>>);

impl<I: Copy + PartialEq> Unique<I> {
    pub(super) fn of<'a>(names: impl IntoIterator<Item = (&'a str, I)>) -> Self {
        let mut unique: FxHashMap<Box<str>, Option<I>> = FxHashMap::default();
        for (name, id) in names {
            unique
                .entry(name.into())
                .and_modify(|held| *held = None)
                .or_insert(Some(id));
        }
        Self(unique)
    }

    pub(super) fn get(&self, name: &str) -> Option<I> {
        self.0.get(name).copied().flatten()
    }
}

/// The columns of one reference.
#[derive(Clone)]
pub(super) struct Reference<I> {
    id: Column,
    name: Column,
    by_name: Unique<I>,
    /// What the last cells led to, by a few of their bits: millions of users have few profiles and roles.
    recent: Vec<([u8; ID_LENGTH], Found<I>)>,
}

const ID_LENGTH: usize = 18;
const RECENT: usize = 1 << 12;

impl<I: Target> Reference<I> {
    /// The reference in `column`, or in the relationship column that stands in for it.
    pub(super) fn of(sheet: &Sheet, column: &str, org: &Org) -> Self {
        let (id, name) = columns_of(sheet, column);
        let names = if name.is_there() {
            I::names(org)
        } else {
            Vec::new()
        };
        Self {
            id,
            name,
            by_name: Unique::of(names),
            recent: Vec::new(),
        }
    }

    /// The same as [`Reference::get`], made for the longest files.
    #[inline]
    pub(super) fn get_again(
        &mut self,
        row: &Row<'_>,
        by_id: &FxHashMap<SfId, Record>,
    ) -> Result<Found<I>, Error> {
        let cell = row.bytes(self.id);
        let Ok(text) = <[u8; ID_LENGTH]>::try_from(cell) else {
            return if cell.is_empty() && self.id.is_there() {
                Ok(Found::Nothing)
            } else {
                self.get(row, by_id)
            };
        };
        if self.recent.is_empty() {
            self.recent.resize(RECENT, ([0; ID_LENGTH], Found::Nothing));
        }
        let place = place_of(&text);
        if let Some((held, found)) = self.recent.get(place)
            && *held == text
        {
            return Ok(*found);
        }
        let found = self.get(row, by_id)?;
        if let Some(slot) = self.recent.get_mut(place) {
            *slot = (text, found);
        }
        Ok(found)
    }

    pub(super) fn get(
        &self,
        row: &Row<'_>,
        by_id: &FxHashMap<SfId, Record>,
    ) -> Result<Found<I>, Error> {
        if self.id.is_there() {
            let Some(id) = row.id(self.id)? else {
                return Ok(Found::Nothing);
            };
            let found = by_id.get(&id).copied().and_then(I::of);
            return Ok(found.map_or(Found::Unseen(Some(id)), Found::Here));
        }
        Ok(match row.text(self.name) {
            None => Found::Untold,
            Some("") => Found::Nothing,
            Some(name) => self
                .by_name
                .get(name)
                .map_or(Found::Unseen(None), Found::Here),
        })
    }
}

/// Ids of one object differ in the last of their fifteen characters.
fn place_of(text: &[u8; ID_LENGTH]) -> usize {
    let tail = text.get(7..15).and_then(|tail| tail.try_into().ok());
    let number = u64::from_le_bytes(tail.unwrap_or_default());
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52;
    usize::try_from(mixed).unwrap_or(0)
}

/// The id column; and the one that stands in for it, if the id column is absent.
pub(super) fn columns_of(sheet: &Sheet, column: &str) -> (Column, Column) {
    let id = sheet.column(column);
    let name = match sheet.object().stand_in(column) {
        Some(name) if !id.is_there() => sheet.column(name),
        _ => Column::NOWHERE,
    };
    (id, name)
}

/// Enters a record under its id, which no other record may have.
pub(super) fn enter(
    by_id: &mut FxHashMap<SfId, Record>,
    row: &Row<'_>,
    id: SfId,
    record: Record,
) -> Result<(), Error> {
    match by_id.insert(id, record) {
        None => Ok(()),
        Some(_) => Err(row.duplicate(&id)),
    }
}
