//! Permissions: their English labels, and under which licenses they were seen enabled.

use rustc_hash::FxHashMap;

use super::Error;
use super::sheet::Sheet;

/// Prefix of the field of a permission in `Profile` and `PermissionSet`.
const PREFIX: &str = "Permissions";

/// From the describe of one org; other orgs have more permissions.
pub(super) const LABELS: Sheet<3> = Sheet {
    name: "permission_labels",
    header: ["permission", "label", "source"],
    text: include_str!("permission_labels.csv"),
};

/// A lower bound: absence proves nothing, and `exports` = 1 may be a hand edit.
pub(super) const OBSERVED: Sheet<5> = Sheet {
    name: "license_permissions",
    header: ["license", "permission", "profiles", "exports", "source"],
    text: include_str!("license_permissions.csv"),
};

/// How often a permission was seen enabled under a license.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Observed {
    /// In how many profiles.
    pub profiles: u32,
    /// In how many public org exports.
    pub exports: u32,
}

/// Labels of permissions, both ways.
#[derive(Debug, Default)]
pub(super) struct Labels {
    by_permission: FxHashMap<&'static str, &'static str>,
    /// Trimmed, for some labels end in a space. `None`: several permissions share the label.
    by_label: FxHashMap<&'static str, Option<&'static str>>,
}

impl Labels {
    pub(super) fn label(&self, permission: &str) -> Option<&'static str> {
        with_or_without_prefix(permission, |name| self.by_permission.get(name).copied())
    }

    pub(super) fn permission(&self, label: &str) -> Option<&'static str> {
        self.by_label.get(label.trim()).copied().flatten()
    }
}

/// Observed permissions, found by license name and permission.
#[derive(Debug, Default)]
pub(super) struct Observations(FxHashMap<(&'static str, &'static str), Observed>);

impl Observations {
    pub(super) fn get(&self, license: &str, permission: &str) -> Option<Observed> {
        with_or_without_prefix(permission, |name| self.0.get(&(license, name)).copied())
    }

    #[cfg(test)]
    pub(super) fn licenses(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().map(|(license, _)| *license)
    }
}

pub(super) fn parse_labels(sheet: Sheet<3>) -> Result<Labels, Error> {
    let mut labels = Labels::default();
    for record in sheet.records()? {
        let (place, [permission, label, _]) = record?;
        if labels.by_permission.insert(permission, label).is_some() {
            return Err(place.duplicate(permission));
        }
        labels
            .by_label
            .entry(label.trim())
            .and_modify(|shared| *shared = None)
            .or_insert(Some(permission));
    }
    Ok(labels)
}

pub(super) fn parse_observations(sheet: Sheet<5>) -> Result<Observations, Error> {
    let mut observations = Observations::default();
    for record in sheet.records()? {
        let (place, [license, permission, profiles, exports, _]) = record?;
        let observed = Observed {
            profiles: place.number("profiles", profiles)?,
            exports: place.number("exports", exports)?,
        };
        if observations
            .0
            .insert((license, permission), observed)
            .is_some()
        {
            return Err(place.duplicate(format!("{license}: {permission}")));
        }
    }
    Ok(observations)
}

/// Tries the name as written first: a permission may itself begin with the word.
fn with_or_without_prefix<T>(name: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    find(name).or_else(|| name.strip_prefix(PREFIX).and_then(find))
}
