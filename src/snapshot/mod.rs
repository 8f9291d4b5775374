//! The folder of CSV files that holds one org, read into [`crate::model::Org`].
//!
//! Files are streamed, so that millions of users are read in bounded memory. A file that is absent
//! was not pulled, a file with only a header was pulled and is empty, a column that is absent is an
//! unknown fact. What a record refers to and the snapshot does not hold is unknown, never an error;
//! text that cannot be read as what its column holds ends the reading with one error that says where.

mod access;
mod assignments;
mod describe;
mod error;
mod external;
mod folder;
mod licenses;
pub mod manifest;
pub mod objects;
mod permission_sets;
mod permissions;
mod profiles;
mod pulled;
pub mod raw;
mod reference;
mod row;
mod seen;
mod setup;
mod sheet;
#[cfg(test)]
mod tests;
mod users;
mod value;

pub use error::Error;
pub use manifest::Manifest;

use crate::model::{Org, SfId};
use folder::Folder;
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::Path;

/// An org as a folder tells it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The org.
    pub org: Org,
    /// When and how the folder was made.
    pub capture: Capture,
    /// SHA-256 over the files that were read, 64 lower-case hexadecimal digits; empty where the run
    /// did not ask for it. Each file gives one line `HASH  NAME`, as `sha256sum` prints it, sorted by
    /// name (`User.csv`, `describe/User.json`, `manifest.json` too); the hash of these lines is the result.
    pub sha256: String,
}

/// When and how a snapshot was made. A folder that was made by hand tells nothing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// Whether there is a `manifest.json`.
    pub has_manifest: bool,
    /// When the org was read.
    pub pulled_at: Option<Timestamp>,
    /// The org: from the manifest, else from Organization.csv.
    pub org_id: Option<SfId>,
    /// Version of the API that was used, for example `65.0`.
    pub api_version: Option<String>,
}

/// What users hold and few runs ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Seats of managed packages (UserPackageLicense).
    Packages,
    /// Membership in public groups (GroupMember).
    PublicGroups,
}

/// What a run needs of a snapshot beyond what is always read.
#[derive(Clone, Debug)]
pub struct Wants {
    /// Fields of User that are compared by key, and whether case is ignored (`CommunityNickname`).
    pub keyed: Vec<(String, bool)>,
    /// Reference fields of User that are followed (`ContactId`, `ManagerId`).
    pub references: Vec<String>,
    /// Text fields of User that are read (`Country`).
    pub texts: Vec<String>,
    /// Fields of User of which only is asked whether a value is the same. Not read in very large orgs.
    pub digests: Vec<String>,
    /// Whether users are looked up by record id. They are anyway where the snapshot holds assignments.
    pub by_id: bool,
    /// What of the users' seats and memberships is kept.
    pub holdings: Vec<Holding>,
    /// Whether to hash what is read; it costs about as much time as the reading.
    pub hash: bool,
    /// The day of the run, by which assignments have expired or not.
    pub today: Date,
    /// Threads that read the longest files; what is read does not depend on it.
    pub threads: usize,
}

impl Wants {
    /// Nothing but what is always read.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            keyed: Vec::new(),
            references: Vec::new(),
            texts: Vec::new(),
            digests: Vec::new(),
            by_id: true,
            holdings: Vec::new(),
            hash: false,
            today,
            threads: 1,
        }
    }

    /// All that the rules can ask for of an org with standard fields only, and the hash.
    #[must_use]
    pub fn everything(today: Date) -> Self {
        let owned = |fields: &[&str]| fields.iter().map(|&field| field.to_owned()).collect();
        Self {
            keyed: vec![
                ("FederationIdentifier".to_owned(), false),
                ("CommunityNickname".to_owned(), true),
            ],
            references: owned(&["ContactId", "AccountId", "ManagerId"]),
            texts: owned(&["Country", "State"]),
            holdings: vec![Holding::Packages, Holding::PublicGroups],
            hash: true,
            ..Self::new(today)
        }
    }
}

/// Reads a snapshot folder.
///
/// # Errors
/// The first thing that is wrong, with file, line and column; see [`Error`].
pub fn load(dir: &Path, wants: &Wants) -> Result<Snapshot, Error> {
    Reading::start(dir, wants.today, wants.hash)?.finish(wants)
}

/// A snapshot of which all but contacts and users has been read.
///
/// What a run needs of the users depends on the columns of its inputs, and what those mean depends
/// on the org: so the inputs are opened between the two halves.
pub struct Reading<'a> {
    folder: Folder<'a>,
    org: Org,
    capture: Capture,
}

impl<'a> Reading<'a> {
    /// Reads everything but the longest files: contacts, users and what refers to them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn start(dir: &'a Path, today: Date, hash: bool) -> Result<Self, Error> {
        let mut folder = Folder::new(dir, today, hash)?;
        let mut org = Org::default();
        licenses::organization(&mut folder, &mut org)?;
        let capture = capture(&folder, &org)?;
        org.pulled_on = capture
            .pulled_at
            .map(|moment| moment.to_zoned(jiff::tz::TimeZone::UTC).date());
        org.pulled = std::mem::take(&mut folder.pulled);
        // Each file comes after those that its records refer to.
        licenses::user_licenses(&mut folder, &mut org)?;
        licenses::permission_set_licenses(&mut folder, &mut org)?;
        licenses::packages(&mut folder, &mut org)?;
        profiles::profiles(&mut folder, &mut org)?;
        profiles::roles(&mut folder, &mut org)?;
        permission_sets::groups(&mut folder, &mut org)?;
        permission_sets::sets(&mut folder, &mut org)?;
        access::muting_sets(&mut folder, &mut org)?;
        permission_sets::components(&mut folder, &mut org)?;
        access::object_permissions(&mut folder, &mut org)?;
        access::assigned_apps(&mut folder, &mut org)?;
        access::dependencies(&mut folder, &mut org)?;
        external::public_groups(&mut folder, &mut org)?;
        external::accounts(&mut folder, &mut org)?;
        external::networks(&mut folder, &mut org)?;
        setup::user_describe(&mut folder, &mut org)?;
        setup::permission_labels(&mut folder, &mut org)?;
        setup::settings(&mut folder, &mut org)?;
        setup::automation(&mut folder, &mut org)?;
        Ok(Self {
            folder,
            org,
            capture,
        })
    }

    /// The org without its contacts and users.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// Reads contacts, users as far as `wants` says, and what refers to them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn finish(self, wants: &Wants) -> Result<Snapshot, Error> {
        let Self {
            mut folder,
            mut org,
            capture,
        } = self;
        external::contacts(&mut folder, &mut org, wants.threads)?;
        users::users(&mut folder, &mut org, wants)?;
        licenses::feature_totals(&mut folder, &mut org)?;
        assignments::permission_sets(&mut folder, &mut org)?;
        assignments::permission_set_licenses(&mut folder, &mut org)?;
        assignments::logins(&mut folder, &mut org)?;
        assignments::packages(&mut folder, &mut org, wants)?;
        assignments::public_groups(&mut folder, &mut org, wants)?;
        let sha256 = folder.sha256();
        org.coverage = folder.coverage;
        Ok(Snapshot {
            org,
            capture,
            sha256,
        })
    }
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("capture", &self.capture)
            .finish_non_exhaustive()
    }
}

fn capture(folder: &Folder<'_>, org: &Org) -> Result<Capture, Error> {
    let found = org
        .organization
        .as_ref()
        .map(|organization| organization.id);
    let Some(manifest) = &folder.manifest else {
        return Ok(Capture {
            org_id: found,
            ..Capture::default()
        });
    };
    let said = manifest.org()?;
    if let (Some(manifest), Some(organization)) = (said, found)
        && manifest != organization
    {
        return Err(Error::OtherOrg {
            manifest,
            organization,
        });
    }
    Ok(Capture {
        has_manifest: true,
        pulled_at: manifest.pulled_at,
        org_id: said.or(found),
        api_version: manifest.api_version.clone(),
    })
}
