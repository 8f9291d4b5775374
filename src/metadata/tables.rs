//! A project as the files of a snapshot: the same names and columns, as far as metadata tells them.

use super::access::{Access, RIGHTS};
use super::ids::{Ids, at, id, license_of, owned};
use super::names::namespace;
use super::parts::Parts;
use super::project::too_much;
use super::{Error, Project};
use crate::knowledge::{Knowledge, shipped};
use crate::snapshot::manifest::{self, Entry, Manifest, Via};
use std::collections::BTreeSet;
use std::path::Path;

/// Different permissions of one project; an org has some 500.
const MOST_PERMISSIONS: usize = 4_000;

fn word(flag: bool) -> String {
    flag.to_string()
}

fn told(flag: Option<bool>) -> String {
    flag.map(word).unwrap_or_default()
}

/// Writes all files.
pub(super) fn write(project: &Project, folder: &Path) -> Result<(), Error> {
    let facts = *shipped();
    let parts = &project.parts;
    let ids = Ids::of(parts, facts);
    let permissions: BTreeSet<&str> = parts
        .profiles
        .values()
        .map(|profile| &profile.access)
        .chain(parts.sets.values().map(|set| &set.access))
        .chain(parts.muting.values().map(|set| &set.access))
        .flat_map(|access| access.permissions.keys().map(String::as_str))
        .collect();
    if permissions.len() > MOST_PERMISSIONS {
        return Err(too_much("different permissions", MOST_PERMISSIONS));
    }
    let mut files = Files {
        folder,
        manifest: Manifest {
            schema: Some(manifest::SCHEMA.to_owned()),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            api_version: project.api_version.clone(),
            source: Some(manifest::METADATA.to_owned()),
            ..Manifest::default()
        },
    };
    let tables = Tables {
        parts,
        ids: &ids,
        permissions: &permissions,
        facts,
    };
    tables.licenses(&mut files)?;
    tables.profiles(&mut files)?;
    tables.sets(&mut files)?;
    tables.objects_and_apps(&mut files)?;
    tables.groups(&mut files)?;
    tables.muting(&mut files)?;
    tables.others(&mut files)?;
    std::fs::write(folder.join(manifest::FILE), files.manifest.text()).map_err(Error::Write)
}

/// The folder that is being written.
struct Files<'a> {
    folder: &'a Path,
    manifest: Manifest,
}

impl Files<'_> {
    /// Writes one object. Without records there is no file: metadata never says that an org has none.
    fn table(
        &mut self,
        object: &str,
        header: &[&str],
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Result<(), Error> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(());
        }
        let path = self.folder.join(format!("{object}.csv"));
        let mut file = csv::Writer::from_path(path).map_err(Error::csv)?;
        file.write_record(header).map_err(Error::csv)?;
        let mut count = 0;
        for row in rows {
            file.write_record(&row).map_err(Error::csv)?;
            count += 1;
        }
        file.flush().map_err(Error::Write)?;
        let entry = Entry {
            filtered: Some(true),
            via: Some(Via::Metadata),
            rows: Some(count),
            ..Entry::default()
        };
        self.manifest.objects.insert(object.to_owned(), entry);
        Ok(())
    }
}

struct Tables<'a> {
    parts: &'a Parts,
    ids: &'a Ids<'a>,
    permissions: &'a BTreeSet<&'a str>,
    facts: Knowledge,
}

impl Tables<'_> {
    /// User licenses by name, with the key where only one license has that name; and permission set licenses.
    fn licenses(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let rows = self.ids.licenses.iter().map(|(name, id)| {
            let key = self.facts.license(None, name).map_or("", |facts| facts.key);
            vec![id.clone(), (*name).to_owned(), key.to_owned()]
        });
        files.table("UserLicense", &["Id", "Name", "LicenseDefinitionKey"], rows)?;
        let rows = self
            .ids
            .psls
            .iter()
            .map(|(name, id)| vec![id.clone(), (*name).to_owned(), (*name).to_owned()]);
        files.table(
            "PermissionSetLicense",
            &["Id", "DeveloperName", "MasterLabel"],
            rows,
        )
    }

    fn with_permissions(&self, fixed: &[&'static str]) -> Vec<String> {
        let columns = self
            .permissions
            .iter()
            .map(|name| format!("Permissions{name}"));
        fixed
            .iter()
            .map(|name| (*name).to_owned())
            .chain(columns)
            .collect()
    }

    /// A cell for each permission; `silent` where the file does not name it.
    fn flags<'s>(
        &'s self,
        access: &'s Access,
        silent: &'s str,
    ) -> impl Iterator<Item = String> + 's {
        self.permissions.iter().map(move |name| {
            access
                .permissions
                .get(*name)
                .map_or_else(|| silent.to_owned(), |enabled| word(*enabled))
        })
    }

    /// The name of a standard profile is not that of its file, and is the English one here.
    fn profile_name(&self, file: &str, custom: Option<bool>) -> String {
        self.facts
            .profile_by_metadata_name(file)
            .filter(|shipped| custom != Some(true) && !shipped.label.is_empty())
            .map_or(file, |shipped| shipped.label)
            .to_owned()
    }

    fn profiles(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let header = self.with_permissions(&["Id", "Name", "UserLicenseId"]);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows = self.parts.profiles.iter().map(|(name, profile)| {
            let license = license_of(name, profile, self.facts).unwrap_or_default();
            let mut row = vec![
                at(&self.ids.profiles, name),
                self.profile_name(name, profile.custom),
                at(&self.ids.licenses, license),
            ];
            row.extend(self.flags(&profile.access, ""));
            row
        });
        files.table("Profile", &header, rows)
    }

    /// Permission sets, and the sets that profiles own: these carry the rights on objects.
    fn sets(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let header = self.with_permissions(&[
            "Id",
            "Name",
            "Label",
            "NamespacePrefix",
            "LicenseId",
            "IsOwnedByProfile",
            "ProfileId",
            "Type",
            "IsCustom",
            "HasActivationRequired",
        ]);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let empty = String::new;
        let sets = self.parts.sets.iter().map(|(full, set)| {
            let (namespace, name) = namespace(full);
            let mut row = vec![
                at(&self.ids.sets, full),
                name.to_owned(),
                set.label.clone(),
                namespace.to_owned(),
                self.ids.license_of(set),
                word(false),
                empty(),
                "Regular".to_owned(),
                empty(),
                told(set.session),
            ];
            row.extend(self.flags(&set.access, "false"));
            row
        });
        let of_profiles = self.parts.profiles.iter().map(|(name, profile)| {
            let profile_id = at(&self.ids.profiles, name);
            let set_id = owned(&profile_id);
            let license = license_of(name, profile, self.facts).unwrap_or_default();
            let mut row = vec![
                set_id,
                format!("X{profile_id}"),
                empty(),
                empty(),
                at(&self.ids.licenses, license),
                word(true),
                profile_id,
                "Profile".to_owned(),
                told(profile.custom),
                word(false),
            ];
            row.extend(self.flags(&profile.access, "false"));
            row
        });
        files.table("PermissionSet", &header, sets.chain(of_profiles))
    }

    fn objects_and_apps(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let sets = self.parts.sets.iter();
        let of_sets = sets.map(|(name, set)| (at(&self.ids.sets, name), &set.access));
        let profiles = self.parts.profiles.iter();
        let of_profiles =
            profiles.map(|(name, profile)| (owned(&at(&self.ids.profiles, name)), &profile.access));
        let all = of_sets.chain(of_profiles);
        let mut header = vec!["ParentId", "SobjectType"];
        header.extend(RIGHTS.iter().map(|(_, column)| *column));
        let rows = all.clone().flat_map(|(parent, access)| {
            access.objects.iter().map(move |(object, rights)| {
                let mut row = vec![parent.clone(), object.clone()];
                row.extend(rights.iter().map(|right| word(*right)));
                row
            })
        });
        files.table("ObjectPermissions", &header, rows)?;
        let header = ["ParentId", "SetupEntityId", "SetupEntityType"];
        let rows = all.flat_map(|(parent, access)| {
            let row = move |_: &String| vec![parent.clone(), String::new(), "TabSet".to_owned()];
            access.apps.iter().map(row)
        });
        files.table("SetupEntityAccess", &header, rows)
    }

    fn groups(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let groups = &self.parts.groups;
        let header = ["Id", "DeveloperName", "MasterLabel", "NamespacePrefix"];
        let rows = groups.iter().map(|(full, group)| {
            let (namespace, name) = namespace(full);
            vec![
                at(&self.ids.groups, full),
                name.to_owned(),
                group.label.clone(),
                namespace.to_owned(),
            ]
        });
        files.table("PermissionSetGroup", &header, rows)?;
        let rows = groups.iter().flat_map(|(full, group)| {
            let own = at(&self.ids.groups, full);
            let sets = group.sets.iter().map(|set| at(&self.ids.sets, set));
            let muting = group.muting.iter().map(|set| at(&self.ids.muting, set));
            sets.chain(muting)
                .map(move |member| vec![own.clone(), member])
        });
        let header = ["PermissionSetGroupId", "PermissionSetId"];
        files.table("PermissionSetGroupComponent", &header, rows)
    }

    fn muting(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let header = self.with_permissions(&["Id", "DeveloperName", "MasterLabel"]);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows = self.parts.muting.iter().map(|(full, set)| {
            let (_, name) = namespace(full);
            let mut row = vec![
                at(&self.ids.muting, full),
                name.to_owned(),
                set.label.clone(),
            ];
            row.extend(self.flags(&set.access, "false"));
            row
        });
        files.table("MutingPermissionSet", &header, rows)
    }

    fn others(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let rows = self.parts.roles.iter().map(|(name, role)| {
            vec![
                at(&self.ids.roles, name),
                role.name.clone(),
                name.clone(),
                at(&self.ids.roles, &role.parent),
            ]
        });
        let header = ["Id", "Name", "DeveloperName", "ParentRoleId"];
        files.table("UserRole", &header, rows)?;
        let groups = (1..).zip(&self.parts.public_groups);
        let rows = groups.map(|(n, (developer_name, (_, name)))| {
            vec![
                id("00G", n),
                name.clone(),
                developer_name.clone(),
                "Regular".to_owned(),
            ]
        });
        files.table("Group", &["Id", "Name", "DeveloperName", "Type"], rows)?;
        let settings = self.parts.settings.iter();
        let rows = settings.map(|(key, value)| vec![key.clone(), value.clone()]);
        files.table("Settings", &["key", "value"], rows)?;
        let rules = self.parts.validation_rules.iter();
        let rows = rules.map(|(name, active)| vec![name.clone(), word(*active), "User".to_owned()]);
        let header = ["ValidationName", "Active", "EntityDefinitionId"];
        files.table("ValidationRule", &header, rows)
    }
}
