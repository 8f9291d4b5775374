//! What is bound of each record: the parts that decide what a push does.

use crate::matrix::Matrix;
use crate::model::{
    Dense, Known, LicenseId, PermissionSetGroupId, PermissionSetId, PortalType, ProfileId, PslId,
    Record, RoleId, SetLicense, SfId, UserId,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A record of the org as it was when a check was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// `profile`, `role`, `permission-set`, `user` ...
    pub kind: String,
    /// Record id, 18 characters.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its parts by name; `null` is a part that the snapshot did not tell.
    pub parts: BTreeMap<String, Option<String>>,
}

/// Digits of a hash that stands for a list.
const DIGITS: usize = 32;

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of texts, each with its length.
pub(super) fn hash<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        let text = text.as_ref();
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    let digest = hash.finalize();
    let mut out = hex(&digest);
    out.truncate(DIGITS);
    out
}

fn flag(fact: Known<bool>) -> Option<String> {
    fact.get().map(|flag| flag.to_string())
}

/// A record of one of the small tables; `None`: the snapshot does not hold it.
pub(super) fn of_record(m: &Matrix, id: SfId) -> Option<Fact> {
    let record = *m.org.by_id.get(&id)?;
    let (kind, name, parts) = match record {
        Record::License(license) => license_parts(m, license)?,
        Record::Profile(profile) => profile_parts(m, profile)?,
        Record::Role(role) => role_parts(m, role)?,
        Record::PermissionSet(set) => set_parts(m, set)?,
        Record::PermissionSetGroup(group) => group_parts(m, group)?,
        Record::Psl(psl) => psl_parts(m, psl)?,
        Record::PublicGroup(group) => {
            let row = m.org.public_groups.get(group)?;
            let parts = vec![("API name", Some(row.developer_name.to_string()))];
            ("public-group", row.name.to_string(), parts)
        }
        Record::Package(package) => {
            let row = m.org.packages.get(package)?;
            ("package", row.namespace.to_string(), Vec::new())
        }
        Record::MutingSet(_) => return None,
    };
    Some(fact(kind, id, name, parts))
}

/// A part of permission sets: who approved a set approved what it opens.
pub(super) const RIGHTS: &str = "rights on objects";

fn object_rights(m: &Matrix, set: PermissionSetId) -> String {
    let access = &m.org.access;
    let mut all: Vec<String> = Vec::new();
    for grant in access.grants(set) {
        let object = access.objects.get(grant.object());
        let object = object.map_or("", |name| &**name);
        let words = grant.rights().each().map(crate::model::ObjectRights::word);
        all.extend(words.map(|word| format!("{object} {word}")));
    }
    all.sort();
    hash(all)
}

/// Kind, name and parts of a record.
type Told = Option<(&'static str, String, Parts)>;

fn profile_parts(m: &Matrix, profile: ProfileId) -> Told {
    let row = m.profile(profile)?;
    let all = m.org.profiles.iter();
    let same = all.filter(|(_, other)| other.name == row.name).count();
    let license = row.license.get().map(|license| m.shown_license(license));
    let kind = row.user_type.get().map(|kind| kind.name().to_owned());
    let parts = vec![
        ("license", license),
        ("user type", kind),
        ("permissions", Some(permissions(m, &row.permissions))),
        ("profiles of this name", Some(same.to_string())),
    ];
    Some(("profile", row.name.to_string(), parts))
}

fn role_parts(m: &Matrix, role: RoleId) -> Told {
    let row = m.role(role)?;
    let all = m.org.roles.iter();
    let same = all.filter(|(_, other)| other.name == row.name).count();
    let kind = row.portal_type.get().map(|kind| {
        match kind {
            PortalType::None => "internal",
            PortalType::CustomerPortal => "customer portal",
            PortalType::Partner => "partner",
        }
        .to_owned()
    });
    let parts = vec![
        ("API name", Some(row.developer_name.to_string())),
        ("kind", kind),
        ("account", row.portal_account.get().map(id_text)),
        ("roles of this name", Some(same.to_string())),
    ];
    Some(("role", row.name.to_string(), parts))
}

fn set_parts(m: &Matrix, set: PermissionSetId) -> Told {
    let row = m.set(set)?;
    let license = row.license.get().map(|license| match license {
        SetLicense::None => String::from("none"),
        SetLicense::User(license) => m.shown_license(license),
        SetLicense::Psl(psl) => m
            .psl(psl)
            .map_or_else(String::new, |psl| psl.shown().to_owned()),
        SetLicense::UnseenLicense(id) | SetLicense::UnseenPsl(id) => id.text(),
    });
    let parts = vec![
        ("label", Some(row.label.to_string())),
        ("license", license),
        ("session-based", flag(row.session)),
        (
            RIGHTS,
            m.org
                .coverage
                .has("ObjectPermissions")
                .then(|| object_rights(m, set)),
        ),
        ("permissions", Some(permissions(m, &row.permissions))),
    ];
    Some(("permission-set", row.full_name(), parts))
}

fn group_parts(m: &Matrix, group: PermissionSetGroupId) -> Told {
    let row = m.group(group)?;
    let members = row.members.as_ref().map(|members| {
        let sets = members
            .iter()
            .filter_map(|set| Some(m.set(*set)?.id.text()));
        let muting = row.muting.iter().map(|id| id.text());
        let mut ids: Vec<String> = sets.chain(muting).collect();
        ids.sort();
        hash(ids)
    });
    let parts = vec![
        ("label", Some(row.label.to_string())),
        ("status", row.status.as_ref().map(ToString::to_string)),
        ("members", members),
    ];
    Some(("permission-set-group", row.name.to_string(), parts))
}

fn psl_parts(m: &Matrix, psl: PslId) -> Told {
    let row = m.psl(psl)?;
    let ends = row
        .expires
        .get()
        .map(|end| end.map_or_else(|| String::from("never"), |day| day.to_string()));
    let parts = vec![
        ("key", Some(row.key.to_string())),
        ("disabled", flag(row.disabled)),
        ("expires", ends),
    ];
    Some(("permission-set-license", row.shown().to_owned(), parts))
}

type Parts = Vec<(&'static str, Option<String>)>;

fn fact(kind: &str, id: SfId, name: String, parts: Parts) -> Fact {
    Fact {
        kind: kind.to_owned(),
        id: id.text(),
        name,
        parts: parts
            .into_iter()
            .map(|(name, part)| (name.to_owned(), part))
            .collect(),
    }
}

fn license_parts(m: &Matrix, license: LicenseId) -> Told {
    let row = m.license(license)?;
    let parts = vec![
        ("key", row.key.as_ref().map(ToString::to_string)),
        ("disabled", flag(row.disabled)),
    ];
    Some(("license", row.name.to_string(), parts))
}

/// Records that a record hangs on: the license of a profile, that of a set, the members of a group.
pub(super) fn behind(m: &Matrix, id: SfId) -> Vec<SfId> {
    let license = |license: LicenseId| m.license(license).map(|row| row.id);
    match m.org.by_id.get(&id) {
        Some(Record::Profile(profile)) => {
            let license_of = m.license_of(*profile).and_then(license);
            license_of.into_iter().collect()
        }
        Some(Record::PermissionSet(set)) => {
            let bound = m.set(*set).and_then(|row| row.license.get());
            let found = match bound {
                Some(SetLicense::User(user)) => license(user),
                Some(SetLicense::Psl(psl)) => m.psl(psl).map(|row| row.id),
                _ => None,
            };
            found.into_iter().collect()
        }
        Some(Record::PermissionSetGroup(group)) => {
            let members = m.group(*group).and_then(|row| row.members.as_ref());
            let members = members.into_iter().flatten();
            members.filter_map(|set| Some(m.set(*set)?.id)).collect()
        }
        _ => Vec::new(),
    }
}

/// A user as far as it decides what a push does.
pub(super) fn of_user(m: &Matrix, user: UserId) -> Fact {
    let users = &m.org.users;
    let sets = users.assignments(user).iter().filter(|held| held.live);
    let mut sets: Vec<String> = sets
        .filter_map(|held| match (held.group, held.set) {
            (Some(group), _) => Some(m.group(group)?.name.to_string()),
            (None, set) => Some(m.set(set?)?.full_name()),
        })
        .collect();
    sets.sort();
    sets.dedup();
    let psls = users.psls(user).iter();
    let mut psls: Vec<String> = psls
        .filter_map(|psl| Some(m.psl(*psl)?.shown().to_owned()))
        .collect();
    psls.sort();
    let features = m.org.features.iter();
    let features: Vec<&str> = features
        .filter(|(feature, _)| users.has_feature(user, *feature))
        .map(|(_, name)| &**name)
        .collect();
    let role = users.role(user).and_then(|role| m.role(role));
    let profile = users.profile(user).and_then(|profile| m.profile(profile));
    // What is not pulled is not known, and not empty.
    let known = |files: &[&str], part: String| {
        let there = files.iter().all(|file| m.org.coverage.has(file));
        there.then_some(part)
    };
    let role = role.map_or_else(|| String::from("none"), |row| row.id.text());
    let set_files = [
        "PermissionSet",
        "PermissionSetGroup",
        "PermissionSetAssignment",
    ];
    let psl_files = ["PermissionSetLicense", "PermissionSetLicenseAssign"];
    let active = users.active(user).map(|active| active.to_string());
    let frozen = users.frozen(user).to_string();
    let parts = vec![
        ("active", active),
        ("frozen", known(&["UserLogin"], frozen)),
        ("profile", profile.map(|row| row.id.text())),
        ("role", known(&["UserRole"], role)),
        ("permission sets", known(&set_files, sets.join(", "))),
        (
            "permission set licenses",
            known(&psl_files, psls.join(", ")),
        ),
        ("feature licenses", Some(features.join(", "))),
    ];
    let name = users.username(user).unwrap_or_default().to_owned();
    fact("user", users.id(user), name, parts)
}

impl Fact {
    /// All of it as one hash.
    pub(super) fn state(&self) -> String {
        let parts = self.parts.iter().flat_map(|(name, part)| {
            [Some(name.as_str()), part.as_deref()].map(Option::unwrap_or_default)
        });
        hash(
            [self.kind.as_str(), &self.id, &self.name]
                .into_iter()
                .chain(parts),
        )
    }
}

/// The true permissions as one hash of their names.
fn permissions(m: &Matrix, all: &crate::model::Permissions) -> String {
    let columns = m.org.permissions.iter();
    let mut names: Vec<&str> = columns
        .filter(|(id, _)| all.contains(id.index()))
        .map(|(_, name)| &**name)
        .collect();
    names.sort_unstable();
    hash(names)
}

fn id_text(id: Option<SfId>) -> String {
    id.map_or_else(|| String::from("none"), SfId::text)
}
