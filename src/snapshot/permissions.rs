//! Permission columns: one boolean for each permission of the org's edition and features.

use super::Error;
use super::row::Row;
use super::sheet::{Column, Sheet};
use crate::model::{Dense, Org, PermissionId, Permissions};

/// The permission columns of one file.
pub(super) struct PermissionColumns {
    columns: Vec<(Column, PermissionId)>,
    size: usize,
    /// Columns of which a cell was empty: what they say of that record is unknown, so they are not counted on.
    gaps: Permissions,
}

impl PermissionColumns {
    /// The columns that start with `prefix`. Its case counts: `PermissionSetGroupId` is no permission.
    pub(super) fn of(sheet: &Sheet, prefix: &str, org: &mut Org) -> Self {
        let mut columns = Vec::new();
        for (column, header) in sheet.columns() {
            let Some(name) = header.strip_prefix(prefix).filter(|name| !name.is_empty()) else {
                continue;
            };
            let known = org.permission(name);
            columns.push((
                column,
                known.unwrap_or_else(|| org.permissions.push(name.into())),
            ));
        }
        let size = org.permissions.len();
        Self {
            columns,
            size,
            gaps: Permissions::with_capacity(size),
        }
    }

    /// The permissions that are true in a record.
    pub(super) fn read(&mut self, row: &Row<'_>) -> Result<Permissions, Error> {
        let mut held = Permissions::with_capacity(self.size);
        for &(column, permission) in &self.columns {
            match row.flag(column)? {
                Some(true) => held.insert(permission.index()),
                Some(false) => {}
                None => self.gaps.insert(permission.index()),
            }
        }
        Ok(held)
    }

    /// The permissions that the file tells of every record.
    pub(super) fn known(&self) -> Permissions {
        let mut known = Permissions::with_capacity(self.size);
        for (_, permission) in &self.columns {
            known.insert(permission.index());
        }
        known.difference_with(&self.gaps);
        known
    }
}
