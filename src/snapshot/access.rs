//! What permission sets open and mute: ObjectPermissions, SetupEntityAccess, MutingPermissionSet, PermissionDependency.

use super::Error;
use super::folder::Folder;
use super::objects;
use super::permissions::PermissionColumns;
use super::reference::{Reference, enter};
use super::row::Row;
use super::sheet::Column;
use crate::model::{
    MutingSet, ObjectGrant, ObjectId, ObjectRights, Org, PermissionDependency, PermissionSetId,
    Record, SfId,
};
use rustc_hash::FxHashMap;

/// Muting sets. They come before the components of groups, which refer to them.
pub(super) fn muting_sets(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::MUTING_PERMISSION_SET)? else {
        return Ok(());
    };
    let mut permissions = PermissionColumns::of(&sheet, "Permissions", org);
    let [id, name, label] = ["Id", "DeveloperName", "MasterLabel"].map(|name| sheet.column(name));
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let set = org.muting_sets.push(MutingSet {
            id: own,
            name: row.name(name),
            label: row.name(label),
            permissions: permissions.read(row)?,
        });
        enter(&mut org.by_id, row, own, Record::MutingSet(set))
    })?;
    org.muting_permissions = permissions.known();
    folder.close(sheet);
    Ok(())
}

/// Rights on objects. Large orgs have millions of rows, so a row that grants nothing is not kept.
pub(super) fn object_permissions(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::OBJECT_PERMISSIONS)? else {
        return Ok(());
    };
    let mut parent = Reference::<PermissionSetId>::of(&sheet, "ParentId", org);
    let name = sheet.column("SobjectType");
    let rights = ObjectRights::EACH.map(|(right, column, _)| (right, sheet.column(column)));
    let told = rights
        .iter()
        .filter(|(_, column)| column.is_there())
        .fold(ObjectRights::NONE, |all, (right, _)| all.with(*right));
    let mut numbers: FxHashMap<Box<str>, ObjectId> = FxHashMap::default();
    let mut rows = Vec::new();
    sheet.each(|row| {
        let granted = read_rights(row, &rights)?;
        let parent = parent.get_again(row, &org.by_id)?.here();
        let (Some(set), false) = (parent, granted.is_empty()) else {
            return Ok(());
        };
        let Some(object) = row.filled(name) else {
            return Ok(());
        };
        let object = match numbers.get(object) {
            Some(object) => *object,
            None if numbers.len() == ObjectGrant::MOST_OBJECTS => {
                return Err(row.too_many(ObjectGrant::MOST_OBJECTS));
            }
            None => {
                let number = org.access.objects.push(object.into());
                numbers.insert(object.into(), number);
                number
            }
        };
        rows.push((set, ObjectGrant::new(object, granted)));
        Ok(())
    })?;
    org.access.told = told;
    org.access.set_grants(org.permission_sets.len(), rows);
    folder.close(sheet);
    Ok(())
}

fn read_rights(
    row: &Row<'_>,
    columns: &[(ObjectRights, Column); 6],
) -> Result<ObjectRights, Error> {
    let mut granted = ObjectRights::NONE;
    for &(right, column) in columns {
        if row.flag(column)? == Some(true) {
            granted = granted.with(right);
        }
    }
    Ok(granted)
}

/// Key prefixes of the records that count as apps: TabSet, ConnectedApplication.
const APP_PREFIXES: [&str; 2] = ["02u", "0H4"];
const APP_TYPES: [&str; 2] = ["TabSet", "ConnectedApplication"];

/// Apps that permission sets assign. Apex classes, pages and the like are entities too, and no apps.
pub(super) fn assigned_apps(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::SETUP_ENTITY_ACCESS)? else {
        return Ok(());
    };
    let parent = Reference::<PermissionSetId>::of(&sheet, "ParentId", org);
    let [kind, entity] = ["SetupEntityType", "SetupEntityId"].map(|name| sheet.column(name));
    sheet.each(|row| {
        let entity = row.id(entity)?;
        let is_app = match row.filled(kind) {
            Some(kind) => APP_TYPES.contains(&kind),
            None => entity.is_some_and(|id| APP_PREFIXES.contains(&id.prefix().as_str())),
        };
        if let (true, Some(set)) = (is_app, parent.get(row, &org.by_id)?.here()) {
            org.access.add_app(set);
        }
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}

pub(super) fn dependencies(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PERMISSION_DEPENDENCY)? else {
        return Ok(());
    };
    let [permission, kind, required, required_kind] = [
        "Permission",
        "PermissionType",
        "RequiredPermission",
        "RequiredPermissionType",
    ]
    .map(|name| sheet.column(name));
    sheet.each(|row| {
        org.permission_dependencies.push(PermissionDependency {
            permission: row.name(permission),
            kind: row.name(kind),
            required: row.name(required),
            required_kind: row.name(required_kind),
        });
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}

/// Whether an id is that of a muting set, in the snapshot or not.
pub(super) fn is_muting_set(id: SfId) -> bool {
    id.prefix() == "0QM"
}
