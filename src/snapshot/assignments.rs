//! What users hold: permission sets, groups, permission set licenses, and whether they can log in.

use super::folder::Folder;
use super::objects;
use super::reference::{Reference, columns_of};
use super::row::Row;
use super::sheet::{Column, Sheet};
use super::{Error, Holding, Wants};
use crate::model::{
    Assignment, Org, PackageId, PermissionSetGroupId, PermissionSetId, PslId, PublicGroupId,
    SetOwner, UserId, Users, key_of_folded,
};

/// The user that a row is about.
struct Assignee {
    id: Column,
    username: Column,
}

impl Assignee {
    fn of(sheet: &Sheet, column: &str) -> Self {
        let (id, username) = columns_of(sheet, column);
        Self { id, username }
    }

    /// `None` for a user whom the snapshot does not hold.
    fn get(&self, row: &Row<'_>, users: &Users) -> Result<Option<UserId>, Error> {
        if let Some(id) = row.id(self.id)? {
            return Ok(users.by_id(id));
        }
        Ok(row
            .filled(self.username)
            .and_then(|name| users.by_login(key_of_folded(name))))
    }
}

/// Whether a row of PermissionSetAssignment counts, and why not.
struct Life {
    active: Column,
    revoked: Column,
    expires: Column,
    today: jiff::civil::Date,
}

impl Life {
    /// Live and lapsed. An assignment that ends in the course of today is still live.
    fn read(&self, row: &Row<'_>) -> Result<(bool, bool), Error> {
        let active = row.flag(self.active)? != Some(false);
        let revoked = row.flag(self.revoked)? == Some(true);
        let over = row
            .date(self.expires)?
            .is_some_and(|date| date < self.today);
        let lapsed = revoked || over;
        Ok((active && !lapsed, lapsed))
    }
}

pub(super) fn permission_sets(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PERMISSION_SET_ASSIGNMENT)? else {
        return Ok(());
    };
    let assignee = Assignee::of(&sheet, "AssigneeId");
    let set = Reference::<PermissionSetId>::of(&sheet, "PermissionSetId", org);
    let group = Reference::<PermissionSetGroupId>::of(&sheet, "PermissionSetGroupId", org);
    let state = Life {
        active: sheet.column("IsActive"),
        revoked: sheet.column("IsRevoked"),
        expires: sheet.column("ExpirationDate"),
        today: folder.today,
    };
    let mut rows: Vec<(UserId, Assignment)> = Vec::new();
    sheet.each(|row| {
        let user = assignee.get(row, &org.users)?;
        let set = set.get(row, &org.by_id)?.here();
        let mut group = group.get(row, &org.by_id)?.here();
        let (live, lapsed) = state.read(row)?;
        // The set that a profile owns is no assignment, and the one of a group stands for the group.
        let set = match set
            .and_then(|set| org.permission_sets.get(set))
            .map(|set| set.owner)
        {
            Some(SetOwner::Nobody) => set,
            Some(SetOwner::Group(owner)) => {
                group = group.or(owner);
                None
            }
            Some(SetOwner::Profile(_)) | None => None,
        };
        if let (Some(user), true) = (user, set.is_some() || group.is_some()) {
            let assignment = Assignment {
                set,
                group,
                live,
                lapsed,
            };
            rows.push((user, assignment));
        }
        Ok(())
    })?;
    org.users.set_assignments(rows);
    folder.close(sheet);
    Ok(())
}

pub(super) fn permission_set_licenses(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PERMISSION_SET_LICENSE_ASSIGN)? else {
        return Ok(());
    };
    let assignee = Assignee::of(&sheet, "AssigneeId");
    let psl = Reference::<PslId>::of(&sheet, "PermissionSetLicenseId", org);
    let mut rows: Vec<(UserId, PslId)> = Vec::new();
    sheet.each(|row| {
        let user = assignee.get(row, &org.users)?;
        let psl = psl.get(row, &org.by_id)?.here();
        rows.extend(user.zip(psl));
        Ok(())
    })?;
    org.users.set_psls(rows);
    folder.close(sheet);
    Ok(())
}

pub(super) fn logins(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::USER_LOGIN)? else {
        return Ok(());
    };
    let user = Assignee::of(&sheet, "UserId");
    let [frozen, locked] = ["IsFrozen", "IsPasswordLocked"].map(|column| sheet.column(column));
    sheet.each(|row| {
        let (frozen, locked) = (row.flag(frozen)?, row.flag(locked)?);
        if let Some(user) = user.get(row, &org.users)? {
            org.users
                .set_login_state(user, frozen == Some(true), locked == Some(true));
        }
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}

pub(super) fn packages(folder: &mut Folder<'_>, org: &mut Org, wants: &Wants) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::USER_PACKAGE_LICENSE)? else {
        return Ok(());
    };
    let user = Assignee::of(&sheet, "UserId");
    let package = Reference::<PackageId>::of(&sheet, "PackageLicenseId", org);
    let wanted = wants.holdings.contains(&Holding::Packages);
    let mut rows: Vec<(UserId, PackageId)> = Vec::new();
    sheet.each(|row| {
        let package = package.get(row, &org.by_id)?.here();
        let user = user.get(row, &org.users)?;
        rows.extend(user.zip(package).filter(|_| wanted));
        Ok(())
    })?;
    org.users.set_packages(rows);
    folder.close(sheet);
    Ok(())
}

/// Direct members of public groups. Groups and roles are members too, and no users.
pub(super) fn public_groups(
    folder: &mut Folder<'_>,
    org: &mut Org,
    wants: &Wants,
) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::GROUP_MEMBER)? else {
        return Ok(());
    };
    let mut group = Reference::<PublicGroupId>::of(&sheet, "GroupId", org);
    let member = sheet.column("UserOrGroupId");
    let wanted = wants.holdings.contains(&Holding::PublicGroups);
    let mut rows: Vec<(UserId, PublicGroupId)> = Vec::new();
    sheet.each(|row| {
        let group = group.get_again(row, &org.by_id)?.here();
        let user = row.id(member)?.and_then(|id| org.users.by_id(id));
        rows.extend(user.zip(group).filter(|_| wanted));
        Ok(())
    })?;
    org.users.set_public_groups(rows);
    folder.close(sheet);
    Ok(())
}
