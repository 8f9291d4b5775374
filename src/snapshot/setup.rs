//! How the org is set up around User: settings, describe, and automation that can refuse a push.

use super::Error;
use super::describe;
use super::folder::{Folder, USER_DESCRIBE};
use super::objects::{self, Object};
use super::row::Row;
use super::sheet::Sheet;
use crate::model::Org;
use std::collections::BTreeMap;

/// `describe/User.json`; in the coverage its fields stand for columns, and what it says of fields for columns with a
/// point before their name (`.length`): reduced and old answers say less.
pub(super) fn user_describe(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(text) = folder.whole(USER_DESCRIBE)? else {
        return Ok(());
    };
    let described = describe::parse(USER_DESCRIBE, &text)?;
    let fields: std::collections::BTreeSet<String> = described
        .fields
        .iter()
        .map(|field| field.name.clone())
        .chain(described.properties().map(|name| format!(".{name}")))
        .collect();
    let count = described.fields.len() as u64;
    org.user_describe = Some(described);
    folder.cover("describe/User", fields, count, false);
    Ok(())
}

/// The labels of permissions, from the describe of Profile and of `PermissionSet`. In the coverage the labels stand
/// for columns, because rules name a permission by its label only where nothing else of it is published.
pub(super) fn permission_labels(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    for object in ["Profile", "PermissionSet"] {
        let file = format!("describe/{object}.json");
        let Some(text) = folder.whole(&file)? else {
            continue;
        };
        let described = describe::parse(&file, &text)?;
        let count = described.fields.len() as u64;
        let mut labels = std::collections::BTreeSet::new();
        for field in described.fields {
            if let Some(permission) = field.name.strip_prefix("Permissions") {
                org.permission_labels
                    .insert(field.label.as_str().into(), permission.into());
                labels.insert(field.label);
            }
        }
        folder.cover(&format!("describe/{object}"), labels, count, false);
    }
    Ok(())
}

/// Settings.csv; in the coverage its keys stand for columns.
pub(super) fn settings(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::SETTINGS)? else {
        return Ok(());
    };
    let [key, value] = ["key", "value"].map(|column| sheet.column(column));
    let mut settings: BTreeMap<String, String> = BTreeMap::new();
    sheet.each(|row| {
        let Some(key) = row.filled(key) else {
            return Ok(());
        };
        let value = row.filled(value).unwrap_or_default().to_owned();
        match settings.insert(key.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(row.duplicate(&key)),
        }
    })?;
    let keys = settings.keys().cloned().collect();
    folder.cover(objects::SETTINGS.name, keys, sheet.rows(), false);
    org.settings = Some(settings);
    Ok(())
}

/// Active validation rules, triggers and flows on User: they name a risk, never an outcome.
pub(super) fn automation(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    active(
        folder,
        org,
        &objects::VALIDATION_RULE,
        "validation rule",
        |sheet| {
            let [name, active, entity] = ["ValidationName", "Active", "EntityDefinitionId"]
                .map(|column| sheet.column(column));
            move |row| {
                let on = row.flag(active)? == Some(true) && is_user(row.filled(entity));
                Ok(row.filled(name).filter(|_| on).map(str::to_owned))
            }
        },
    )?;
    active(folder, org, &objects::APEX_TRIGGER, "trigger", |sheet| {
        let [name, status, table] =
            ["Name", "Status", "TableEnumOrId"].map(|column| sheet.column(column));
        move |row| {
            let on = row.filled(status) == Some("Active") && is_user(row.filled(table));
            Ok(row.filled(name).filter(|_| on).map(str::to_owned))
        }
    })?;
    active(folder, org, &objects::FLOW, "flow", |sheet| {
        let [name, active, object, label] = [
            "ApiName",
            "IsActive",
            "TriggerObjectOrEventId",
            "TriggerObjectOrEventLabel",
        ]
        .map(|column| sheet.column(column));
        move |row| {
            // The label is translated in other languages, so the id decides where it is there.
            let object = row.filled(object).or_else(|| row.filled(label));
            let on = row.flag(active)? == Some(true) && is_user(object);
            Ok(row.filled(name).filter(|_| on).map(str::to_owned))
        }
    })
}

/// A file that does not say the object was asked for User only.
fn is_user(object: Option<&str>) -> bool {
    object.is_none_or(|object| object == "User")
}

fn active<R>(
    folder: &mut Folder<'_>,
    org: &mut Org,
    object: &'static Object,
    kind: &str,
    reader: impl FnOnce(&Sheet) -> R,
) -> Result<(), Error>
where
    R: Fn(&Row<'_>) -> Result<Option<String>, Error>,
{
    let Some(mut sheet) = folder.open(object)? else {
        return Ok(());
    };
    let read = reader(&sheet);
    sheet.each(|row| {
        org.automation
            .extend(read(row)?.map(|name| format!("{kind} {name}")));
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}
