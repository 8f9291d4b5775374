//! Files to components: what each kind of file says.

use super::Error;
use super::access::Access;
use super::error::shown;
use super::names::Kind;
use super::project::{File, read};
use super::xml::{Entry, Source, entries};
use std::collections::BTreeMap;
use std::collections::btree_map;

/// A profile.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Path of its first file.
    pub(super) file: String,
    /// `userLicense`
    pub(super) license: Option<String>,
    /// `custom`
    pub(super) custom: Option<bool>,
    pub(super) access: Access,
}

/// A permission set or a muting set.
#[derive(Debug, Default)]
pub(super) struct Set {
    pub(super) file: String,
    pub(super) label: String,
    /// `license`: name of a user license, or key or label of a permission set license; empty: none.
    pub(super) license: String,
    /// `hasActivationRequired`
    pub(super) session: Option<bool>,
    pub(super) access: Access,
}

/// A permission set group.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) file: String,
    pub(super) label: String,
    /// Full names of its permission sets.
    pub(super) sets: Vec<String>,
    /// Full names of its muting sets.
    pub(super) muting: Vec<String>,
}

/// A role.
#[derive(Debug, Default)]
pub(super) struct Role {
    pub(super) file: String,
    /// `name`
    pub(super) name: String,
    /// Developer name of the parent; empty: none.
    pub(super) parent: String,
}

/// Everything that the files of a project say, by full name.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) sets: BTreeMap<String, Set>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) muting: BTreeMap<String, Set>,
    pub(super) roles: BTreeMap<String, Role>,
    /// Developer name, and path with name.
    pub(super) public_groups: BTreeMap<String, (String, String)>,
    /// Key (`Communities.enableNetworksEnabled`) to text.
    pub(super) settings: BTreeMap<String, String>,
    /// Validation rules of User, and whether each is active.
    pub(super) validation_rules: BTreeMap<String, bool>,
}

impl Parts {
    /// Reads all files of a project.
    pub(super) fn of(files: &[File]) -> Result<Self, Error> {
        let mut parts = Self::default();
        for file in files {
            let text = read(&file.path, &file.shown)?;
            let source = Source {
                file: &file.shown,
                text: &text,
            };
            match file.kind {
                Kind::Profile => parts.profile(source, file)?,
                Kind::PermissionSet => {
                    let set = set(source, "PermissionSet")?;
                    once(&mut parts.sets, file, set, |set| &set.file)?;
                }
                Kind::MutingPermissionSet => {
                    let set = set(source, "MutingPermissionSet")?;
                    once(&mut parts.muting, file, set, |set| &set.file)?;
                }
                Kind::PermissionSetGroup => {
                    once(&mut parts.groups, file, group(source)?, |group| &group.file)?;
                }
                Kind::Role => once(&mut parts.roles, file, role(source)?, |role| &role.file)?,
                Kind::PublicGroup => {
                    let mut name = String::new();
                    entries(source, "Group", &mut |entry| {
                        keep(entry, "name", &mut name);
                        Ok(())
                    })?;
                    let group = (file.shown.clone(), name);
                    once(&mut parts.public_groups, file, group, |(path, _)| path)?;
                }
                Kind::Settings => parts.settings(source, &file.name)?,
                Kind::ValidationRule => {
                    let mut active = false;
                    entries(source, "ValidationRule", &mut |entry| {
                        if entry.name == "active" {
                            active = source.flag(entry, "active", &entry.text)?;
                        }
                        Ok(())
                    })?;
                    parts.validation_rules.insert(file.name.clone(), active);
                }
                Kind::User => parts.user(source)?,
            }
        }
        Ok(parts)
    }

    /// Several package directories may each hold a part of a profile.
    fn profile(&mut self, source: Source<'_>, file: &File) -> Result<(), Error> {
        let profile = self
            .profiles
            .entry(file.name.clone())
            .or_insert_with(|| Profile {
                file: file.shown.clone(),
                ..Profile::default()
            });
        let mut access = Access::default();
        entries(source, "Profile", &mut |entry| {
            if access.take(source, entry)? {
                return Ok(());
            }
            match entry.name.as_str() {
                "custom" => profile.custom = Some(source.flag(entry, "custom", &entry.text)?),
                "userLicense" => {
                    let license = entry.text.clone();
                    if let Some(other) = &profile.license
                        && *other != license
                    {
                        let reason = format!(
                            "the user license is '{}', and '{}' in {}",
                            shown(&license),
                            shown(other),
                            profile.file
                        );
                        return Err(source.fault(entry.offset, reason));
                    }
                    profile.license = Some(license).filter(|license| !license.is_empty());
                }
                _ => {}
            }
            Ok(())
        })?;
        profile.access.join(access);
        Ok(())
    }

    /// The plain texts of a file of settings; what is grouped in it is left out.
    fn settings(&mut self, source: Source<'_>, name: &str) -> Result<(), Error> {
        entries(source, &format!("{name}Settings"), &mut |entry| {
            if entry.fields.is_empty() {
                let key = format!("{name}.{}", entry.name);
                self.settings.insert(key, entry.text.clone());
            }
            Ok(())
        })
    }

    /// The validation rules of User in the old form: in the file of the object.
    fn user(&mut self, source: Source<'_>) -> Result<(), Error> {
        entries(source, "CustomObject", &mut |entry| {
            if entry.name == "validationRules" {
                let active = source.flag(entry, "active", entry.field("active"))?;
                let name = entry.field("fullName").to_owned();
                self.validation_rules.insert(name, active);
            }
            Ok(())
        })
    }
}

/// Enters a component, of which there is one file.
fn once<T>(
    all: &mut BTreeMap<String, T>,
    file: &File,
    part: T,
    path: impl Fn(&T) -> &String,
) -> Result<(), Error> {
    match all.entry(file.name.clone()) {
        btree_map::Entry::Vacant(place) => {
            place.insert(part);
            Ok(())
        }
        btree_map::Entry::Occupied(held) => Err(Error::Duplicate {
            file: file.shown.clone(),
            other: path(held.get()).clone(),
            what: format!("{} '{}'", file.kind.word(), shown(&file.name)),
        }),
    }
}

fn keep(entry: &Entry, name: &str, text: &mut String) {
    if entry.name == name {
        text.clone_from(&entry.text);
    }
}

fn set(source: Source<'_>, root: &str) -> Result<Set, Error> {
    let mut set = Set {
        file: source.file.to_owned(),
        ..Set::default()
    };
    entries(source, root, &mut |entry| {
        if set.access.take(source, entry)? {
            return Ok(());
        }
        keep(entry, "label", &mut set.label);
        keep(entry, "license", &mut set.license);
        if entry.name == "hasActivationRequired" {
            set.session = Some(source.flag(entry, "hasActivationRequired", &entry.text)?);
        }
        Ok(())
    })?;
    Ok(set)
}

fn group(source: Source<'_>) -> Result<Group, Error> {
    let mut group = Group {
        file: source.file.to_owned(),
        ..Group::default()
    };
    entries(source, "PermissionSetGroup", &mut |entry| {
        keep(entry, "label", &mut group.label);
        let list = match entry.name.as_str() {
            "permissionSets" => &mut group.sets,
            "mutingPermissionSets" => &mut group.muting,
            _ => return Ok(()),
        };
        if entry.text.is_empty() {
            return Err(source.fault(entry.offset, format!("<{}> names nothing", entry.name)));
        }
        list.push(entry.text.clone());
        Ok(())
    })?;
    Ok(group)
}

fn role(source: Source<'_>) -> Result<Role, Error> {
    let mut role = Role {
        file: source.file.to_owned(),
        ..Role::default()
    };
    entries(source, "Role", &mut |entry| {
        keep(entry, "name", &mut role.name);
        keep(entry, "parentRole", &mut role.parent);
        Ok(())
    })?;
    Ok(role)
}
