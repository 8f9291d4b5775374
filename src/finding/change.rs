//! What a push would do to one attribute of one user: before and after.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a change does to what the user holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The user gets what was not there.
    Grant,
    /// The user loses it.
    Revoke,
    /// One value stands in place of another.
    Replace,
    /// Nothing changes: the row says what Salesforce has already.
    None,
    /// The row sends it; what Salesforce has today is not in the snapshot.
    Unknown,
}

impl Effect {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Grant,
        Self::Revoke,
        Self::Replace,
        Self::None,
        Self::Unknown,
    ];

    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::Replace => "replace",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One change of one user, as reports and evidence show it (`changes` of `sfcompat-report/1`).
///
/// It says what the row asks for. Whether Salesforce takes it is said by the findings of the row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Input file.
    pub input: String,
    /// Data record that causes it, from 1.
    pub row: u64,
    /// Physical line where the record starts, from 1.
    pub line: u64,
    /// Username of the row; the record id where the row has none.
    pub user: String,
    /// `user` (the user as such: created, or left as it is), `profile`, `license`, `role`, `active`, `permissionSets` and
    /// the other lists, `username`, or the API name of another field. Of a list each element is a change of its own.
    pub attribute: String,
    /// The value today; `null`: there is none, or it is not in the snapshot (then the effect is `unknown`).
    pub before: Option<String>,
    /// The value after the push; `null`: none.
    pub after: Option<String>,
    /// What that means.
    pub effect: Effect,
    /// The Okta group that gives the value, where groups decide: the one that counts first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<String>,
}

/// Existing users who come from one profile to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Profile today; `null`: not known.
    pub from_profile: Option<String>,
    /// License of it.
    pub from_license: Option<String>,
    /// Profile after the push; `null`: the row names one that cannot be told.
    pub to_profile: Option<String>,
    /// License of it.
    pub to_license: Option<String>,
    /// Rows that do so.
    pub users: u64,
}

/// The changes of a run, summed: who is touched when Okta pushes everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// Rows that create a user.
    pub created: u64,
    /// Rows of existing users that change something.
    pub changed: u64,
    /// Rows of existing users that change nothing.
    pub unchanged: u64,
    /// Rows of existing users who lose something: a permission set, a license, a public group, a profile, or all by
    /// deactivation.
    pub losing: u64,
    /// Rows that deactivate a user.
    pub deactivated: u64,
    /// Rows that activate one again.
    pub reactivated: u64,
    /// Moves between profiles, the most frequent first.
    pub moves: Vec<Move>,
}
