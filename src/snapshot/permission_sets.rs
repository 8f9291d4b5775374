//! Permission sets, groups of them, and who owns the sets that nobody can assign.

use super::Error;
use super::access::is_muting_set;
use super::folder::Folder;
use super::objects;
use super::permissions::PermissionColumns;
use super::reference::{Found, Reference, Unique, columns_of, enter};
use super::row::Row;
use super::sheet::{Column, Sheet};
use crate::model::{
    Known, Org, PermissionSet, PermissionSetGroup, PermissionSetGroupId, PermissionSetId,
    ProfileId, Record, SetLicense, SetOwner, SfId,
};

pub(super) fn groups(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PERMISSION_SET_GROUP)? else {
        return Ok(());
    };
    let [id, name, label, namespace, status] = [
        "Id",
        "DeveloperName",
        "MasterLabel",
        "NamespacePrefix",
        "Status",
    ]
    .map(|column| sheet.column(column));
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let group = org.permission_set_groups.push(PermissionSetGroup {
            id: own,
            name: row.name(name),
            label: row.name(label),
            namespace: row.name(namespace),
            status: row.word(status),
            members: Known::Unknown,
            muting: Vec::new(),
            aggregate: None,
        });
        enter(&mut org.by_id, row, own, Record::PermissionSetGroup(group))
    })?;
    folder.close(sheet);
    Ok(())
}

pub(super) fn sets(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PERMISSION_SET)? else {
        return Ok(());
    };
    let mut permissions = PermissionColumns::of(&sheet, "Permissions", org);
    let [id, name, label, namespace, custom, session] = [
        "Id",
        "Name",
        "Label",
        "NamespacePrefix",
        "IsCustom",
        "HasActivationRequired",
    ]
    .map(|column| sheet.column(column));
    let owner = OwnerColumns::of(&sheet, org);
    let license = LicenseColumns::of(&sheet, org);
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let owner = owner.read(row, org)?;
        let custom = row.flag(custom)?;
        let set = org.permission_sets.push(PermissionSet {
            id: own,
            name: row.name(name),
            label: row.name(label),
            namespace: row.name(namespace),
            license: license.read(row, org)?,
            owner,
            session: row.flag(session)?.into(),
            custom: custom.into(),
            permissions: permissions.read(row)?,
        });
        match owner {
            SetOwner::Profile(Some(profile)) => {
                if let Some(profile) = org.profiles.get_mut(profile) {
                    profile.custom = custom.into();
                }
            }
            SetOwner::Group(Some(group)) => {
                if let Some(group) = org.permission_set_groups.get_mut(group) {
                    group.aggregate = Some(set);
                }
            }
            _ => {}
        }
        enter(&mut org.by_id, row, own, Record::PermissionSet(set))
    })?;
    org.set_permissions = permissions.known();
    folder.close(sheet);
    Ok(())
}

/// The columns that tell who owns a set.
struct OwnerColumns {
    owned: Column,
    kind: Column,
    name: Column,
    profile: Reference<ProfileId>,
    group: Reference<PermissionSetGroupId>,
}

impl OwnerColumns {
    fn of(sheet: &Sheet, org: &Org) -> Self {
        Self {
            owned: sheet.column("IsOwnedByProfile"),
            kind: sheet.column("Type"),
            name: sheet.column("Name"),
            profile: Reference::of(sheet, "ProfileId", org),
            group: Reference::of(sheet, "PermissionSetGroupId", org),
        }
    }

    fn read(&self, row: &Row<'_>, org: &Org) -> Result<SetOwner, Error> {
        let owned = row.flag(self.owned)?;
        let profile = self.profile.get(row, &org.by_id)?;
        let group = self.group.get(row, &org.by_id)?;
        let kind = row.filled(self.kind);
        if owned == Some(true) || kind == Some("Profile") || profile.is_filled() {
            return Ok(SetOwner::Profile(profile.here()));
        }
        if kind == Some("Group") || group.is_filled() {
            return Ok(SetOwner::Group(group.here()));
        }
        let told = owned.is_some() || kind.is_some() || profile != Found::Untold;
        // Where no column tells, the generated name of a profile's own set still does.
        if !told && row.text(self.name).is_some_and(is_generated) {
            return Ok(SetOwner::Profile(None));
        }
        Ok(SetOwner::Nobody)
    }
}

/// `X`, then the id of the profile: the name that Salesforce gives to the set that a profile owns.
fn is_generated(name: &str) -> bool {
    name.strip_prefix('X')
        .and_then(|rest| rest.get(..15))
        .is_some_and(|id| id.starts_with("00e") && SfId::parse(id).is_ok())
}

/// `LicenseId`, which refers to a user license or to a permission set license.
struct LicenseColumns {
    id: Column,
    name: Column,
    by_name: Unique<SetLicense>,
}

impl LicenseColumns {
    fn of(sheet: &Sheet, org: &Org) -> Self {
        let (id, name) = columns_of(sheet, "LicenseId");
        let users = org
            .licenses
            .iter()
            .map(|(id, license)| (&*license.name, SetLicense::User(id)));
        let psls = org
            .psls
            .iter()
            .map(|(id, psl)| (&*psl.label, SetLicense::Psl(id)));
        Self {
            id,
            name,
            by_name: Unique::of(users.chain(psls)),
        }
    }

    fn read(&self, row: &Row<'_>, org: &Org) -> Result<Known<SetLicense>, Error> {
        if !self.id.is_there() {
            return Ok(match row.text(self.name) {
                None => Known::Unknown,
                Some("") => Known::Yes(SetLicense::None),
                Some(name) => self.by_name.get(name).into(),
            });
        }
        let Some(id) = row.id(self.id)? else {
            return Ok(Known::Yes(SetLicense::None));
        };
        Ok(match org.by_id.get(&id) {
            Some(Record::License(license)) => Known::Yes(SetLicense::User(*license)),
            Some(Record::Psl(psl)) => Known::Yes(SetLicense::Psl(*psl)),
            _ => match id.prefix().as_str() {
                "100" => Known::Yes(SetLicense::UnseenLicense(id)),
                "0PL" => Known::Yes(SetLicense::UnseenPsl(id)),
                _ => Known::Unknown,
            },
        })
    }
}

/// Members of the groups. Without the file they stay unknown.
pub(super) fn components(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PERMISSION_SET_GROUP_COMPONENT)? else {
        return Ok(());
    };
    let group = Reference::<PermissionSetGroupId>::of(&sheet, "PermissionSetGroupId", org);
    let set = Reference::<PermissionSetId>::of(&sheet, "PermissionSetId", org);
    let all: Vec<_> = org.permission_set_groups.iter().map(|(id, _)| id).collect();
    for group in all {
        if let Some(group) = org.permission_set_groups.get_mut(group) {
            group.members = Known::Yes(Vec::new());
        }
    }
    sheet.each(|row| {
        let (group, set) = (group.get(row, &org.by_id)?, set.get(row, &org.by_id)?);
        let group = group
            .here()
            .and_then(|group| org.permission_set_groups.get_mut(group));
        let Some(group) = group else {
            return Ok(());
        };
        match (&mut group.members, set) {
            (Known::Yes(members), Found::Here(set)) if !members.contains(&set) => {
                members.push(set);
            }
            (_, Found::Unseen(Some(id))) if is_muting_set(id) => group.muting.push(id),
            // A member that the snapshot does not hold: what the group holds is not known then.
            (_, Found::Unseen(_)) => group.members = Known::Unknown,
            _ => {}
        }
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}
