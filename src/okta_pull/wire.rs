//! Elements of the API, as far as a pull has to understand them; everything else goes to the files as it came.

use super::Error;
use serde::Deserialize;

/// An app in a list.
#[derive(Deserialize)]
pub(super) struct App {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) label: String,
    #[serde(default)]
    pub(super) status: String,
}

/// An app user, as far as members need it.
#[derive(Deserialize)]
pub(super) struct AppUser {
    pub(super) id: String,
    #[serde(default)]
    pub(super) credentials: Option<Credentials>,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    #[serde(default, rename = "userName")]
    pub(super) user_name: Option<String>,
}

/// A member of a group.
#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) id: String,
    #[serde(default)]
    pub(super) profile: Option<Profile>,
}

#[derive(Deserialize)]
pub(super) struct Profile {
    #[serde(default)]
    pub(super) login: Option<String>,
}

/// The assignment of the app to a group, as far as members need it.
#[derive(Deserialize)]
pub(super) struct Group {
    pub(super) id: String,
    #[serde(default, rename = "_embedded")]
    embedded: Option<Embedded>,
}

#[derive(Deserialize)]
pub(super) struct Embedded {
    #[serde(default)]
    group: Option<GroupObject>,
}

#[derive(Deserialize)]
pub(super) struct GroupObject {
    #[serde(default)]
    profile: Option<GroupProfile>,
}

#[derive(Deserialize)]
pub(super) struct GroupProfile {
    #[serde(default)]
    name: Option<String>,
}

/// An element of the list of mappings.
#[derive(Deserialize)]
pub(super) struct MappingId {
    pub(super) id: String,
}

impl Group {
    /// Id and name; a group whose name the answer lacks is known by its id.
    pub(super) fn known(self) -> (String, String) {
        let inner = self.embedded.and_then(|embedded| embedded.group);
        let name = inner.and_then(|inner| inner.profile?.name);
        (self.id.clone(), name.unwrap_or(self.id))
    }
}

/// Understands an element.
///
/// # Errors
/// It has another shape.
pub(super) fn read<'j, T: Deserialize<'j>>(path: &str, json: &'j [u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|fault| Error::Unreadable {
        path: path.to_owned(),
        reason: fault.to_string(),
    })
}
