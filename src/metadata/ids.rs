//! Record ids that join the tables of a project. They are made up, and never shown.

use super::parts::{Parts, Profile, Set};
use crate::knowledge::{Confidence, Knowledge};
use std::collections::{BTreeMap, BTreeSet};

/// A made-up record id, of a place that Salesforce gives to no org.
pub(super) fn id(prefix: &str, number: usize) -> String {
    format!("{prefix}zzz{number:09}")
}

/// The numbers of names, in their order.
fn numbered<'a>(names: impl Iterator<Item = &'a str>, prefix: &str) -> BTreeMap<&'a str, String> {
    let names: BTreeSet<&str> = names.collect();
    (1..)
        .zip(names)
        .map(|(n, name)| (name, id(prefix, n)))
        .collect()
}

/// What the text of `license` in a permission set means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound<'a> {
    None,
    UserLicense(&'a str),
    Psl(&'a str),
    /// It could be either.
    Unknown,
}

/// User licenses are known by name, permission set licenses by the pattern of their keys.
fn bound<'a>(license: &'a str, of_profiles: &BTreeSet<&str>, facts: Knowledge) -> Bound<'a> {
    let is_license = || {
        of_profiles.contains(license)
            || facts.known_licenses().iter().any(|one| one.name == license)
    };
    let is_psl = || {
        let ending = license.get(license.len().saturating_sub(3)..);
        ending.is_some_and(|end| end.eq_ignore_ascii_case("psl"))
            || facts.psl_kind(license).is_some()
    };
    if license.is_empty() {
        Bound::None
    } else if is_license() {
        Bound::UserLicense(license)
    } else if is_psl() {
        Bound::Psl(license)
    } else {
        Bound::Unknown
    }
}

/// The ids of everything that others refer to.
pub(super) struct Ids<'a> {
    bounds: BTreeMap<&'a str, Bound<'a>>,
    pub(super) licenses: BTreeMap<&'a str, String>,
    pub(super) psls: BTreeMap<&'a str, String>,
    pub(super) profiles: BTreeMap<&'a str, String>,
    pub(super) sets: BTreeMap<&'a str, String>,
    pub(super) groups: BTreeMap<&'a str, String>,
    pub(super) muting: BTreeMap<&'a str, String>,
    pub(super) roles: BTreeMap<&'a str, String>,
}

/// The user license of a profile. Files that only say what a project changes leave it out; a standard profile has the
/// one that is published.
pub(super) fn license_of<'a>(
    file: &str,
    profile: &'a Profile,
    facts: Knowledge,
) -> Option<&'a str> {
    let published = || {
        let shipped = facts.profile_by_metadata_name(file)?;
        let sure = shipped.confidence == Confidence::Documented && !shipped.license.is_empty();
        (sure && profile.custom != Some(true)).then_some(shipped.license)
    };
    profile.license.as_deref().or_else(published)
}

impl<'a> Ids<'a> {
    pub(super) fn of(parts: &'a Parts, facts: Knowledge) -> Self {
        let of_profiles: BTreeSet<&str> = parts
            .profiles
            .iter()
            .filter_map(|(file, profile)| license_of(file, profile, facts))
            .collect();
        let texts = parts.sets.values().map(|set| set.license.as_str());
        let bounds: BTreeMap<&str, Bound<'_>> = texts
            .map(|text| (text, bound(text, &of_profiles, facts)))
            .collect();
        let of_sets = bounds.values().filter_map(|bound| match bound {
            Bound::UserLicense(name) => Some(*name),
            _ => None,
        });
        let psls = bounds.values().filter_map(|bound| match bound {
            Bound::Psl(name) => Some(*name),
            _ => None,
        });
        let groups = parts.groups.values();
        // What a group names and the project lacks has an id as well: one that leads nowhere.
        let members = groups.clone().flat_map(|group| &group.sets);
        let muted = groups.flat_map(|group| &group.muting);
        let parents = parts.roles.values().map(|role| role.parent.as_str());
        Self {
            licenses: numbered(of_profiles.iter().copied().chain(of_sets), "100"),
            psls: numbered(psls, "0PL"),
            profiles: numbered(parts.profiles.keys().map(String::as_str), "00e"),
            sets: numbered(parts.sets.keys().chain(members).map(String::as_str), "0PS"),
            groups: numbered(parts.groups.keys().map(String::as_str), "0PG"),
            muting: numbered(parts.muting.keys().chain(muted).map(String::as_str), "0QM"),
            roles: numbered(
                parts
                    .roles
                    .keys()
                    .map(String::as_str)
                    .chain(parents)
                    .filter(|name| !name.is_empty()),
                "00E",
            ),
            bounds,
        }
    }

    /// `LicenseId` of a set; an id of no object where the text could mean either kind.
    pub(super) fn license_of(&self, set: &Set) -> String {
        let found = match self.bounds.get(set.license.as_str()) {
            None | Some(Bound::None) => None,
            Some(Bound::UserLicense(name)) => self.licenses.get(name).cloned(),
            Some(Bound::Psl(name)) => self.psls.get(name).cloned(),
            Some(Bound::Unknown) => Some(id("zzz", 0)),
        };
        found.unwrap_or_default()
    }
}

/// The id of the set that the profile owns.
pub(super) fn owned(profile: &str) -> String {
    profile.replacen("00ezzz", "0PSzzy", 1)
}

pub(super) fn at(ids: &BTreeMap<&str, String>, name: &str) -> String {
    ids.get(name).cloned().unwrap_or_default()
}
