//! `--metadata`: a Salesforce DX project, or a folder of the Metadata API, as the facts about an org.
//!
//! A project tells profiles, permission sets, groups, muting sets, roles, public groups and settings. It tells no
//! users, no seats and no record ids, and it need not hold everything that the org has: so what it does not hold is
//! unknown, and never "not there". What it tells is written as a snapshot folder, so that there is one reader of facts.

mod access;
mod commit;
mod error;
mod ids;
mod names;
mod parts;
mod project;
mod tables;
#[cfg(test)]
mod tests;
mod xml;

pub use commit::commit;
pub use error::Error;

use parts::Parts;
use project::Files;
use std::path::Path;

/// A metadata project that was read.
#[derive(Debug)]
pub struct Project {
    parts: Parts,
    links: Vec<String>,
    api_version: Option<String>,
}

/// How many components of each kind a project has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Profiles.
    pub profiles: usize,
    /// Permission sets.
    pub permission_sets: usize,
    /// Permission set groups.
    pub permission_set_groups: usize,
    /// Muting permission sets.
    pub muting_sets: usize,
    /// Roles.
    pub roles: usize,
    /// Public groups.
    pub public_groups: usize,
    /// Plain texts of settings.
    pub settings: usize,
    /// Validation rules of User.
    pub validation_rules: usize,
}

impl Project {
    /// Reads a project: the package directories that `sfdx-project.json` names, else all of the folder.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and column; see [`Error`].
    pub fn read(dir: &Path) -> Result<Self, Error> {
        let files = Files::of(dir)?;
        Ok(Self {
            parts: Parts::of(&files.all)?,
            links: files.links,
            api_version: files.api_version,
        })
    }

    /// How much there is.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let parts = &self.parts;
        Counts {
            profiles: parts.profiles.len(),
            permission_sets: parts.sets.len(),
            permission_set_groups: parts.groups.len(),
            muting_sets: parts.muting.len(),
            roles: parts.roles.len(),
            public_groups: parts.public_groups.len(),
            settings: parts.settings.len(),
            validation_rules: parts.validation_rules.len(),
        }
    }

    /// Symbolic links that were not followed, by their path inside the project.
    #[must_use]
    pub fn links(&self) -> &[String] {
        &self.links
    }

    /// Writes what the project tells into an empty folder, in the form of a snapshot. Record ids in it are made up: they
    /// join the files, and are never shown. The same project gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Write`], or [`Error::TooMuch`].
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        tables::write(self, folder)
    }
}

/// Whether a folder holds a snapshot rather than metadata, by the files that lie directly in it.
#[must_use]
pub fn is_snapshot(dir: &Path) -> bool {
    let file = |name: String| dir.join(name).is_file();
    file(crate::snapshot::manifest::FILE.to_owned())
        || crate::snapshot::objects::all().any(|object| file(format!("{}.csv", object.name)))
}
