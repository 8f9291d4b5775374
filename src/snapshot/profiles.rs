//! Profiles and roles.

use super::Error;
use super::folder::Folder;
use super::objects;
use super::permissions::PermissionColumns;
use super::reference::{Reference, Unique, columns_of, enter};
use crate::model::{Known, Org, PortalType, Profile, Record, Role, RoleId, SfId, UserType};

/// Users hold the number of their profile in two bytes.
const MOST_PROFILES: usize = 65_534;

pub(super) fn profiles(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PROFILE)? else {
        return Ok(());
    };
    let mut permissions = PermissionColumns::of(&sheet, "Permissions", org);
    let license = Reference::of(&sheet, "UserLicenseId", org);
    let [id, name, kind] = ["Id", "Name", "UserType"].map(|column| sheet.column(column));
    sheet.each(|row| {
        let own = row.own_id(id)?;
        if org.profiles.len() == MOST_PROFILES {
            return Err(row.too_many(MOST_PROFILES));
        }
        let profile = org.profiles.push(Profile {
            id: own,
            name: row.name(name),
            license: license.get(row, &org.by_id)?.here().into(),
            user_type: row.filled(kind).map(UserType::parse).into(),
            permissions: permissions.read(row)?,
            custom: Known::Unknown,
        });
        enter(&mut org.by_id, row, own, Record::Profile(profile))
    })?;
    org.profile_permissions = permissions.known();
    folder.close(sheet);
    Ok(())
}

/// A parent can stand behind its child in the file, so parents are joined at the end.
enum Parent {
    Id(SfId),
    Name(Box<str>),
}

pub(super) fn roles(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::USER_ROLE)? else {
        return Ok(());
    };
    let [id, name, developer_name] =
        ["Id", "Name", "DeveloperName"].map(|column| sheet.column(column));
    let [portal, account] = ["PortalType", "PortalAccountId"].map(|column| sheet.column(column));
    let (parent_id, parent_name) = columns_of(&sheet, "ParentRoleId");
    let mut parents: Vec<(RoleId, Parent)> = Vec::new();
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let role = org.roles.push(Role {
            id: own,
            name: row.name(name),
            developer_name: row.name(developer_name),
            parent: None,
            portal_type: row.filled(portal).and_then(portal_type).into(),
            portal_account: row.known_id(account)?,
        });
        if let Some(parent) = row.id(parent_id)? {
            parents.push((role, Parent::Id(parent)));
        } else if let Some(parent) = row.filled(parent_name) {
            parents.push((role, Parent::Name(parent.into())));
        }
        enter(&mut org.by_id, row, own, Record::Role(role))
    })?;
    join_parents(org, parents);
    folder.close(sheet);
    Ok(())
}

fn join_parents(org: &mut Org, parents: Vec<(RoleId, Parent)>) {
    let named = parents
        .iter()
        .any(|(_, parent)| matches!(parent, Parent::Name(_)));
    let by_name = named.then(|| Unique::of(org.roles.iter().map(|(id, role)| (&*role.name, id))));
    for (role, parent) in parents {
        let found = match parent {
            Parent::Id(id) => match org.by_id.get(&id) {
                Some(Record::Role(found)) => Some(*found),
                _ => None,
            },
            Parent::Name(name) => by_name.as_ref().and_then(|names| names.get(&name)),
        };
        if let Some(role) = org.roles.get_mut(role) {
            role.parent = found;
        }
    }
}

fn portal_type(text: &str) -> Option<PortalType> {
    match text {
        "None" => Some(PortalType::None),
        "CustomerPortal" => Some(PortalType::CustomerPortal),
        "Partner" => Some(PortalType::Partner),
        _ => None,
    }
}
