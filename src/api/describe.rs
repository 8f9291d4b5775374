//! Which fields an object has, for this user.

use super::{Error, Org};
use bytes::Bytes;
use serde::Deserialize;

/// What a SELECT list is built from.
#[derive(Clone, Debug, Deserialize)]
pub struct Describe {
    /// Fields in the order of the answer.
    pub fields: Vec<Field>,
}

/// One field, as far as a SELECT list asks. What a reduced answer does not say counts as no.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags as describe names them, each independent of the others"
)]
pub struct Field {
    /// API name.
    pub name: String,
    /// Type, as describe writes it.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Objects that a reference may name.
    pub reference_to: Vec<String>,
    /// Custom field.
    pub custom: bool,
    /// Can be set on a create.
    pub createable: bool,
    /// May be empty.
    pub nillable: Option<bool>,
    /// Salesforce fills it on a create.
    pub defaulted_on_create: bool,
    /// Two records cannot have one value.
    pub unique: bool,
    /// External id.
    pub external_id: bool,
}

impl Describe {
    /// Reads an answer.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(object: &str, body: &[u8]) -> Result<Self, Error> {
        let text = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        serde_json::from_slice(text).map_err(|fault| Error::Unreadable {
            path: format!("sobjects/{object}/describe"),
            reason: fault.to_string(),
        })
    }

    /// A field by its name, in any case of letters.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

/// The describe of one object.
#[derive(Clone, Debug)]
pub struct Described {
    /// What it says.
    pub describe: Describe,
    /// The answer as it came.
    pub body: Bytes,
}

impl Described {
    /// Asks for one object. A fault says that the user cannot see it.
    ///
    /// # Errors
    /// The org is not reached, or the answer cannot be read.
    pub async fn ask(org: &Org<'_>, object: &str, whole: bool) -> Result<Self, Error> {
        let path = org.path(&format!("sobjects/{object}/describe"));
        let body = if whole {
            org.get_alone(path).await?
        } else {
            org.get(path).await?
        };
        let describe = Describe::parse(object, &body)?;
        Ok(Self { describe, body })
    }
}
