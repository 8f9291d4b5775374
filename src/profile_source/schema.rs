//! Okta's user schema: what each attribute of a user takes.

use super::Error;
use crate::knowledge::{AttributeFormat, shipped};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

pub use crate::knowledge::AttributeFormat as Format;

/// One attribute of an Okta user.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name, as mappings write it.
    pub name: String,
    /// Whether a value is required.
    pub required: bool,
    /// Fewest characters.
    pub min_length: Option<u32>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// What values look like.
    pub format: Format,
    /// A pattern that takes the place of the format of logins.
    pub pattern: Option<Pattern>,
    /// The only values that it takes; `None`: any.
    pub choices: Option<Vec<String>>,
}

/// A pattern of a schema.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As the schema writes it.
    pub text: String,
    /// Compiled, to hold for whole values; `None`: it is none that can be understood here.
    pub regex: Option<regex::Regex>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        // Schemas are files from outside: what a pattern may cost is limited.
        let regex = regex::RegexBuilder::new(&format!("^(?:{text})$"))
            .size_limit(1 << 20)
            .build()
            .ok();
        Self {
            text: text.to_owned(),
            regex,
        }
    }

    /// Whether it takes anything at all.
    #[must_use]
    pub fn takes_anything(&self) -> bool {
        matches!(self.text.as_str(), ".+" | ".*")
    }
}

/// The user schema of an Okta org.
#[derive(Clone, Debug)]
pub struct Schema {
    /// All attributes, by name.
    pub attributes: BTreeMap<String, Attribute>,
    /// Where it comes from, for reasons: `the user schema okta-schema.json`.
    pub origin: String,
    /// Whether it is the shipped base schema.
    pub shipped: bool,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    definitions: BTreeMap<String, Definition>,
}

#[derive(Default, Deserialize)]
struct Definition {
    #[serde(default)]
    properties: BTreeMap<String, Property>,
    #[serde(default)]
    required: Option<Vec<String>>,
}

/// Okta adds members to properties as it grows: what is not known here is left alone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    required: Option<bool>,
    min_length: Option<u32>,
    max_length: Option<u32>,
    format: Option<String>,
    pattern: Option<String>,
    #[serde(default, rename = "enum")]
    values: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    one_of: Option<Vec<OneOf>>,
}

#[derive(Deserialize)]
struct OneOf {
    #[serde(default, rename = "const")]
    value: serde_json::Value,
}

impl Schema {
    /// The base schema as it is where nobody changed it.
    #[must_use]
    pub fn base() -> Self {
        let attributes = shipped()
            .okta_attributes()
            .iter()
            .map(|known| {
                let attribute = Attribute {
                    name: known.attribute.to_owned(),
                    required: known.required,
                    min_length: known.min_length,
                    max_length: known.max_length,
                    format: known.format,
                    pattern: None,
                    choices: None,
                };
                (known.attribute.to_owned(), attribute)
            })
            .collect();
        Self {
            attributes,
            origin: "Okta's base user schema (no schema file was given)".to_owned(),
            shipped: true,
        }
    }

    /// Reads what `GET /api/v1/meta/schemas/user/default` answers.
    ///
    /// # Errors
    /// The file cannot be read, is no JSON, or is no schema of users.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = crate::input::read_bounded(path).map_err(|source| Error::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        let file: File = serde_json::from_slice(text).map_err(|error| Error::json(path, &error))?;
        let mut attributes = BTreeMap::new();
        let required: Vec<String> = file
            .definitions
            .values()
            .filter_map(|definition| definition.required.clone())
            .flatten()
            .collect();
        let lists = file
            .definitions
            .values()
            .any(|definition| definition.required.is_some());
        for (name, property) in file
            .definitions
            .into_values()
            .flat_map(|definition| definition.properties)
        {
            // The list decides; the member of a property says the same where an export left the list out.
            let needed = if lists {
                required.contains(&name)
            } else {
                property.required.unwrap_or(false)
            };
            attributes.insert(name.clone(), Attribute::of(name, needed, property));
        }
        if !attributes.contains_key("login") {
            let what = if attributes.contains_key("userName") {
                "this is the schema of an app's users: it has no attribute login"
            } else {
                "no attribute login is among its definitions"
            };
            return Err(Error::OtherShape {
                path: path.to_owned(),
                what: what.to_owned(),
                expected: "Okta's user schema, as GET /api/v1/meta/schemas/user/default answers it",
            });
        }
        Ok(Self {
            attributes,
            origin: format!("the user schema {}", path.display()),
            shipped: false,
        })
    }

    /// The schema that a configuration means which names `path`: that file, or, where it is the schema of an app's
    /// users, the `user-schema.json` that a pull from Okta writes beside it, or else the base schema.
    ///
    /// # Errors
    /// As [`Schema::read`].
    pub fn beside(path: &Path) -> Result<Self, Error> {
        match Self::read(path) {
            Err(Error::OtherShape { .. }) => {
                let pulled = path.with_file_name("user-schema.json");
                if pulled.is_file() {
                    Self::read(&pulled)
                } else {
                    Ok(Self::base())
                }
            }
            other => other,
        }
    }

    /// An attribute by its name; Okta tells names apart by case, people who write maps do not always.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name).or_else(|| {
            self.attributes
                .values()
                .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
        })
    }
}

impl Attribute {
    fn of(name: String, required: bool, property: Property) -> Self {
        let base = shipped()
            .okta_attributes()
            .iter()
            .find(|known| known.attribute == name);
        // The formats of base attributes are Okta's own, whether or not an export repeats them.
        let format = match (base.map(|known| known.format), property.format.as_deref()) {
            (Some(format), _) if format != AttributeFormat::Text => format,
            (_, Some("email")) => Format::Email,
            (_, Some("locale")) => Format::Locale,
            (_, Some("timezone")) => Format::Timezone,
            _ => Format::Text,
        };
        let pattern = property.pattern.as_deref().map(Pattern::new);
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        let listed = property.one_of.unwrap_or_default();
        let listed = listed.into_iter().map(|one| text(one.value));
        let mut choices: Vec<String> = property
            .values
            .unwrap_or_default()
            .into_iter()
            .map(text)
            .collect();
        choices.extend(listed);
        choices.sort();
        choices.dedup();
        Self {
            name,
            required,
            min_length: property.min_length,
            max_length: property.max_length,
            format,
            pattern,
            choices: (!choices.is_empty()).then_some(choices),
        }
    }
}
