//! The org and what it has bought: user licenses, permission set licenses, packages, feature license totals.

use super::Error;
use super::folder::Folder;
use super::objects;
use super::permissions::PermissionColumns;
use super::reference::enter;
use super::row::Row;
use super::sheet::Column;
use crate::model::{
    FeatureTotal, Known, License, Org, Organization, Package, PermissionSetLicense, Record,
};

/// `Status` is `Disabled`; unknown where it is empty.
fn disabled(row: &Row<'_>, status: Column) -> Known<bool> {
    row.filled(status)
        .map(|status| status.eq_ignore_ascii_case("Disabled"))
        .into()
}

pub(super) fn organization(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::ORGANIZATION)? else {
        return Ok(());
    };
    let [id, name, sandbox, language] =
        ["Id", "Name", "IsSandbox", "LanguageLocaleKey"].map(|column| sheet.column(column));
    sheet.each(|row| {
        let organization = Organization {
            id: row.own_id(id)?,
            name: row.name(name),
            is_sandbox: row.flag(sandbox)?.into(),
            language: row.filled(language).map(Box::from),
        };
        org.organization.get_or_insert(organization);
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}

pub(super) fn user_licenses(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::USER_LICENSE)? else {
        return Ok(());
    };
    let [id, name, label, key, status] = [
        "Id",
        "Name",
        "MasterLabel",
        "LicenseDefinitionKey",
        "Status",
    ]
    .map(|column| sheet.column(column));
    let [total, used, logins, logins_used] = [
        "TotalLicenses",
        "UsedLicenses",
        "MonthlyLoginsEntitlement",
        "MonthlyLoginsUsed",
    ]
    .map(|column| sheet.column(column));
    // `Name` and `MasterLabel` of a user license are the same text.
    let name = if name.is_there() { name } else { label };
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let license = org.licenses.push(License {
            id: own,
            name: row.name(name),
            key: row.word(key),
            disabled: disabled(row, status),
            total: row.number(total)?.into(),
            used: row.number(used)?.into(),
            monthly_logins: row.known_number(logins)?,
            monthly_logins_used: row.known_number(logins_used)?,
        });
        enter(&mut org.by_id, row, own, Record::License(license))
    })?;
    folder.close(sheet);
    Ok(())
}

pub(super) fn permission_set_licenses(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PERMISSION_SET_LICENSE)? else {
        return Ok(());
    };
    let mut maximum = PermissionColumns::of(&sheet, "MaximumPermissions", org);
    let [id, name, key, label] = [
        "Id",
        "DeveloperName",
        "PermissionSetLicenseKey",
        "MasterLabel",
    ]
    .map(|column| sheet.column(column));
    let [status, total, used, expires] =
        ["Status", "TotalLicenses", "UsedLicenses", "ExpirationDate"]
            .map(|column| sheet.column(column));
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let date = row.date(expires)?;
        let psl = org.psls.push(PermissionSetLicense {
            id: own,
            name: row.name(name),
            key: row.name(key),
            label: row.name(label),
            disabled: disabled(row, status),
            total: row.number(total)?.into(),
            used: row.number(used)?.into(),
            expires: expires.is_there().then_some(date).into(),
            maximum: maximum.read(row)?,
        });
        enter(&mut org.by_id, row, own, Record::Psl(psl))
    })?;
    org.psl_permissions = maximum.known();
    folder.close(sheet);
    Ok(())
}

pub(super) fn packages(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::PACKAGE_LICENSE)? else {
        return Ok(());
    };
    let [id, namespace, allowed, used] =
        ["Id", "NamespacePrefix", "AllowedLicenses", "UsedLicenses"]
            .map(|column| sheet.column(column));
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let package = org.packages.push(Package {
            id: own,
            namespace: row.name(namespace),
            allowed: row.number(allowed)?.into(),
            used: row.number(used)?.into(),
        });
        enter(&mut org.by_id, row, own, Record::Package(package))
    })?;
    folder.close(sheet);
    Ok(())
}

/// The latest daily figure of each feature license. A figure for a flag that User lacks has no use.
pub(super) fn feature_totals(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::FEATURE_METRIC)? else {
        return Ok(());
    };
    let [kind, total, assigned, date] = [
        "FeatureType",
        "TotalLicenseCount",
        "AssignedUserCount",
        "MetricsDate",
    ]
    .map(|column| sheet.column(column));
    sheet.each(|row| {
        let (total, assigned, date) = (row.number(total)?, row.number(assigned)?, row.date(date)?);
        let feature = row
            .filled(kind)
            .and_then(|kind| org.feature(&format!("UserPermissions{kind}")));
        let Some(feature) = feature else {
            return Ok(());
        };
        let latest = FeatureTotal {
            feature,
            total: total.into(),
            assigned: assigned.into(),
            date,
        };
        match org
            .feature_totals
            .iter_mut()
            .find(|held| held.feature == feature)
        {
            Some(held) if held.date < date => *held = latest,
            Some(_) => {}
            None => org.feature_totals.push(latest),
        }
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}
