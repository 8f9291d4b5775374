//! What changed between two snapshots (or metadata projects) of an org, and which verdicts flip with it.
//!
//! Records are matched by id; by name where ids mean nothing: in metadata, and between two orgs. A fact that only one
//! of both tells is no change: it is named as not compared. What can be long (users, cells, rows) is not kept but found
//! again for each report.

mod access;
mod facts;
mod flips;
mod kept;
mod logins;
mod matching;
mod objects;
mod person;
mod rows;
mod sets;
mod setup;
mod users;

pub use flips::{Flip, Turn, Turns};
pub use rows::{FindingChange, RowFlip, Rows};

use crate::matrix::Matrix;
use kept::Notes;
use matching::Matches;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use users::UserPair;

/// One of the two that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The compiled org.
    pub m: &'a Matrix,
    /// Its snapshot folder: usernames of very large orgs are read from there again.
    pub folder: &'a Path,
}

/// How records of both were matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// By record id.
    Id,
    /// By name, because one of them is metadata, which has no ids.
    NameOfMetadata,
    /// By name, because they are of two orgs.
    NameOfTwoOrgs,
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It is only in the newer one.
    Added,
    /// It is only in the older one.
    Removed,
    /// The same record has another name.
    Renamed,
    /// It belongs to another license.
    Relicensed,
    /// Something else of it is different.
    Changed,
}

impl What {
    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Relicensed => "relicensed",
            Self::Changed => "changed",
        }
    }
}

/// One difference of one record. Of a list (members, permissions) there is one for each item that came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// API name of the object: `Profile`, `User` ...
    pub object: String,
    /// What happened.
    pub change: What,
    /// Record id with 18 characters; `null` where ids are not known.
    pub id: Option<String>,
    /// Name of the record, as the newer one has it.
    pub name: String,
    /// What of it is different; `null` for records that came or went.
    pub attribute: Option<String>,
    /// Before; `null`: nothing.
    pub before: Option<String>,
    /// After; `null`: nothing.
    pub after: Option<String>,
}

/// What only one of both tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NotCompared {
    /// Object, or object and attribute: `User`, `Profile.UserType`.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// How many records of an object changed in which way. A record counts once for each way.
pub type Counts = BTreeMap<String, BTreeMap<What, u64>>;

/// The differences.
#[derive(Debug)]
pub struct Diff<'a> {
    old: Side<'a>,
    new: Side<'a>,
    /// How records were matched.
    pub by: By,
    matches: Matches,
    changes: Vec<Change>,
    users: Vec<UserPair>,
    /// What could not be compared. Sorted.
    pub not_compared: Vec<NotCompared>,
    /// A whole file that only one snapshot has is in [`Diff::not_compared`].
    pub file_missing: bool,
    /// Records by object and way.
    pub counts: Counts,
    /// Cells of the matrix that got better and worse.
    pub turns: Turns,
}

impl<'a> Diff<'a> {
    /// Compares.
    #[must_use]
    pub fn between(old: Side<'a>, new: Side<'a>) -> Self {
        let by = how(&old, &new);
        let matches = Matches::of(&old.m.org, &new.m.org, by);
        let mut notes = Notes::new(&old.m.org, &new.m.org);
        let changes = objects::changes(&old, &new, &matches, &mut notes);
        let pairs = users::pairs(&old, &new, &matches, &mut notes);
        let mut diff = Self {
            old,
            new,
            by,
            matches,
            changes,
            users: pairs,
            not_compared: Vec::new(),
            file_missing: notes.file_missing,
            counts: Counts::new(),
            turns: Turns::default(),
        };
        diff.not_compared = notes.finish();
        diff.count();
        diff
    }

    fn count(&mut self) {
        let mut counts = Counts::new();
        let mut last: Option<(String, Option<String>, String, What)> = None;
        // Nothing can fail here: the closure counts.
        let counted: Result<(), std::convert::Infallible> = self.each_change(&mut |change| {
            let one = (
                change.object.clone(),
                change.id.clone(),
                change.name.clone(),
                change.change,
            );
            if last.as_ref() != Some(&one) {
                let of_object = counts.entry(change.object.clone()).or_default();
                *of_object.entry(change.change).or_insert(0) += 1;
                last = Some(one);
            }
            Ok(())
        });
        match counted {
            Ok(()) => {}
            Err(never) => match never {},
        }
        self.counts = counts;
        let mut turns = Turns::default();
        let counted: Result<(), std::convert::Infallible> = self.each_flip(&mut |flip| {
            turns.count(flip.turn);
            Ok(())
        });
        match counted {
            Ok(()) => {}
            Err(never) => match never {},
        }
        self.turns = turns;
    }

    /// Hands over every change: objects in a fixed order, records in the order of the newer one, removed ones last;
    /// users at the end.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn each_change<E>(&self, take: &mut dyn FnMut(&Change) -> Result<(), E>) -> Result<(), E> {
        self.changes.iter().try_for_each(&mut *take)?;
        users::each(&self.old, &self.new, &self.matches, &self.users, take)
    }

    /// Hands over every cell of the matrix whose verdict is another one, license by license.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn each_flip<E>(&self, take: &mut dyn FnMut(&Flip) -> Result<(), E>) -> Result<(), E> {
        flips::each(self.old.m, self.new.m, &self.matches, take)
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.turns.all() == 0
    }
}

/// By id, unless ids mean nothing.
fn how(old: &Side<'_>, new: &Side<'_>) -> By {
    let (old, new) = (&old.m.org, &new.m.org);
    if old.coverage.from_metadata || new.coverage.from_metadata {
        return By::NameOfMetadata;
    }
    match (&old.organization, &new.organization) {
        (Some(old), Some(new)) if old.id != new.id => By::NameOfTwoOrgs,
        _ => By::Id,
    }
}
