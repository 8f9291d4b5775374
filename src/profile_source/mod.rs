//! Salesforce as profile source: what Okta's user schema asks of the values that come from Salesforce.
//!
//! A schema file of Okta's API (or the shipped base schema) says what each attribute takes, a map says which field of
//! User fills it, and a list of Okta users says which logins are taken. Nothing here looks at a Salesforce user: the
//! rules of the family `import` do.

mod logins;
mod map;
mod schema;

pub use logins::{Logins, OktaUser};
pub use map::{Gap, Import, Pair, fields};
pub use schema::{Attribute, Format, Pattern, Schema};

use std::io;
use std::path::PathBuf;

/// Why a file of Okta cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is no JSON.
    #[error("{}: line {line}, column {column}: this is no JSON that can be read: {reason}; export it again from Okta's API", path.display())]
    NoJson {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// It is JSON of another shape.
    #[error("{}: {what}; expected is {expected}", path.display())]
    OtherShape {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: String,
        /// What is wanted.
        expected: &'static str,
    },
    /// It is a CSV file without a column of logins, or one that cannot be cut.
    #[error("{}: line {line}: {reason}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The map names something that is neither a field of User nor an attribute of Okta.
    #[error(
        "[okta.import_map] {field} = \"{attribute}\": {reason}; write Salesforce field = Okta attribute"
    )]
    Map {
        /// The key.
        field: String,
        /// The value.
        attribute: String,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    fn json(path: &std::path::Path, error: &serde_json::Error) -> Self {
        let reason = error.to_string();
        // The place is told once, in front.
        let reason = reason
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        Self::NoJson {
            path: path.to_owned(),
            line: error.line(),
            column: error.column(),
            reason,
        }
    }
}

#[cfg(test)]
mod tests;
