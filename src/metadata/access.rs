//! What profiles, permission sets and muting sets open: permissions, rights on objects, apps.

use super::Error;
use super::error::shown;
use super::xml::{Entry, Source};
use std::collections::{BTreeMap, BTreeSet};

/// What one file opens. What it does not name is not in here.
#[derive(Debug, Default)]
pub(super) struct Access {
    /// `userPermissions`: name without `Permissions`, and whether it is enabled.
    pub(super) permissions: BTreeMap<String, bool>,
    /// `objectPermissions` by object, in the order of [`RIGHTS`].
    pub(super) objects: BTreeMap<String, [bool; 6]>,
    /// Apps of `applicationVisibilities` that are visible.
    pub(super) apps: BTreeSet<String>,
}

/// The rights of `objectPermissions`, each with its column of ObjectPermissions.
pub(super) const RIGHTS: [(&str, &str); 6] = [
    ("allowRead", "PermissionsRead"),
    ("allowCreate", "PermissionsCreate"),
    ("allowEdit", "PermissionsEdit"),
    ("allowDelete", "PermissionsDelete"),
    ("viewAllRecords", "PermissionsViewAllRecords"),
    ("modifyAllRecords", "PermissionsModifyAllRecords"),
];

impl Access {
    /// Takes what an entry says; whether it was one of these.
    pub(super) fn take(&mut self, source: Source<'_>, entry: &Entry) -> Result<bool, Error> {
        match entry.name.as_str() {
            "userPermissions" => {
                let name = api_name(source, entry, "name")?;
                let enabled = source.flag(entry, "enabled", entry.field("enabled"))?;
                self.permissions.insert(name, enabled);
            }
            "objectPermissions" => {
                let object = api_name(source, entry, "object")?;
                let held = self.objects.entry(object).or_default();
                for ((right, _), own) in RIGHTS.iter().zip(held) {
                    let text = entry.field(right);
                    // A right that is not named is not given.
                    *own |= !text.is_empty() && source.flag(entry, right, text)?;
                }
            }
            "applicationVisibilities" => {
                let visible = entry.field("visible");
                if !visible.is_empty() && source.flag(entry, "visible", visible)? {
                    self.apps.insert(entry.field("application").to_owned());
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Adds what another file of the same component says.
    pub(super) fn join(&mut self, other: Self) {
        self.permissions.extend(other.permissions);
        for (object, rights) in other.objects {
            let held = self.objects.entry(object).or_default();
            for (own, more) in held.iter_mut().zip(rights) {
                *own |= more;
            }
        }
        self.apps.extend(other.apps);
    }
}

/// The API name in a field.
fn api_name(source: Source<'_>, entry: &Entry, field: &str) -> Result<String, Error> {
    let name = entry.field(field);
    let fits = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= 255
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits {
        return Ok(name.to_owned());
    }
    let reason = if name.is_empty() {
        format!("<{}> without <{field}>", entry.name)
    } else {
        format!("<{field}> says '{}', which is no API name", shown(name))
    };
    Err(source.fault(entry.offset, reason))
}
