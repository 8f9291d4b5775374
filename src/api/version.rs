//! Which version of the API is spoken.

use super::{Accept, Client, Error, Request};
use serde::Deserialize;
use std::fmt;

/// The newest version that the program was tested with.
pub const TESTED: Version = Version(68);
/// The oldest version that gives what is needed.
pub const FLOOR: Version = Version(60);

/// A version of the API, as in `v65.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.0", self.0)
    }
}

impl Version {
    /// Reads `65.0`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_suffix(".0")?.parse().ok().map(Self)
    }
}

#[derive(Deserialize)]
struct Offered {
    version: String,
}

/// The versions that the org offers; needs no login.
const PATH: &str = "/services/data/";

impl Version {
    /// The newest version that the org offers and the program was tested with.
    ///
    /// # Errors
    /// The host does not answer, is no org, or offers only versions that are too old.
    pub async fn discover(client: &Client<'_>) -> Result<Self, Error> {
        let answer = client
            .send(&Request::get(PATH, Accept::Json).without_token())
            .await?;
        choose(&answer.body)
    }
}

fn choose(body: &[u8]) -> Result<Version, Error> {
    let offered: Vec<Offered> = serde_json::from_slice(body).map_err(|_| Error::Unreadable {
        path: PATH.to_owned(),
        reason: String::from("no list of API versions; is this the address of a Salesforce org?"),
    })?;
    let known = || {
        offered
            .iter()
            .filter_map(|one| Version::parse(&one.version))
    };
    known()
        .filter(|version| (FLOOR..=TESTED).contains(version))
        .max()
        .ok_or_else(|| Error::Unreadable {
            path: PATH.to_owned(),
            reason: match known().max() {
                Some(newest) => format!(
                    "the org offers API versions up to {newest}; {FLOOR} or later is needed"
                ),
                None => String::from("the org offers no API version"),
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(versions: &[&str]) -> Result<Version, String> {
        let list: Vec<String> = versions
            .iter()
            .map(|version| {
                format!(
                    r#"{{"label":"x","url":"/services/data/v{version}","version":"{version}"}}"#
                )
            })
            .collect();
        choose(format!("[{}]", list.join(",")).as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_newest_tested_version_is_chosen() {
        assert_eq!(chosen(&["31.0", "60.0", "65.0"]), Ok(Version(65)));
        assert_eq!(chosen(&["67.0", "68.0", "69.0", "99.0"]), Ok(TESTED));
        assert!(chosen(&["31.0", "59.0"]).is_err_and(|text| text.contains("59.0")));
        assert!(chosen(&[]).is_err());
        assert!(choose(b"{}").is_err());
    }
}
