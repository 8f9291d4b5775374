//! The schema of the users of the Salesforce app: which attributes Okta can push, and the values that Okta remembers.

use super::AppError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The schema of an app's users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppSchema {
    /// Its attributes, in the order of their names.
    pub attributes: Vec<AppAttribute>,
}

/// One attribute of an app's user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppAttribute {
    /// Name, as mappings write it.
    pub name: String,
    /// Name for people.
    pub title: Option<String>,
    /// Name of the field in Salesforce, where Okta says it.
    pub external_name: Option<String>,
    /// The values that Okta offers, as they are stored and as they are shown; `None`: any text.
    pub choices: Option<Vec<Choice>>,
}

/// A value that Okta offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored and pushed.
    pub value: String,
    /// What people see.
    pub title: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    definitions: BTreeMap<String, Definition>,
}

#[derive(Deserialize)]
struct Definition {
    #[serde(default)]
    properties: BTreeMap<String, Property>,
}

/// Okta adds members as it grows: what is not known here is left alone.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Property {
    title: Option<String>,
    external_name: Option<String>,
    #[serde(rename = "enum")]
    values: Option<Vec<serde_json::Value>>,
    one_of: Option<Vec<OneOf>>,
    /// Of a list, the values are those of its elements.
    items: Option<Box<Property>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OneOf {
    #[serde(rename = "const")]
    value: serde_json::Value,
    title: Option<String>,
}

impl AppSchema {
    /// Reads what `GET /api/v1/meta/schemas/apps/ID/default` answers.
    ///
    /// # Errors
    /// The file cannot be read, is no JSON, or is another schema.
    pub fn read(path: &Path) -> Result<Self, AppError> {
        let bytes = crate::input::read_bounded(path).map_err(|source| AppError::Read {
            path: path.to_owned(),
            source,
        })?;
        // Some editors put a mark before UTF-8; it is no part of the JSON.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let no_schema = |reason: String| AppError::NoSchema {
            path: path.to_owned(),
            reason,
        };
        let file: File = serde_json::from_slice(bytes).map_err(|fault| {
            let text = fault.to_string();
            let reason = text.split(" at line ").next().unwrap_or_default();
            no_schema(format!(
                "line {}, column {}: {reason}",
                fault.line(),
                fault.column()
            ))
        })?;
        let properties: BTreeMap<String, Property> = file
            .definitions
            .into_values()
            .flat_map(|definition| definition.properties)
            .collect();
        if properties.is_empty() {
            return Err(no_schema(String::from("it defines no attribute")));
        }
        if properties.contains_key("login") && !properties.contains_key("userName") {
            return Err(no_schema(String::from(
                "this is the schema of Okta's own users (it has login), which import-check reads",
            )));
        }
        let attributes = properties.into_iter().map(AppAttribute::of).collect();
        Ok(Self { attributes })
    }
}

impl AppAttribute {
    fn of((name, property): (String, Property)) -> Self {
        let choices = property.choices().or_else(|| {
            let items = property.items.as_ref();
            items.and_then(|items| items.choices())
        });
        Self {
            name,
            title: property.title,
            external_name: property.external_name,
            choices,
        }
    }

    /// All names under which the attribute is known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [
            Some(&self.name),
            self.title.as_ref(),
            self.external_name.as_ref(),
        ]
        .into_iter()
        .flatten()
        .map(String::as_str)
    }
}

impl Property {
    /// `oneOf` has titles, `enum` only values; an export may have either.
    fn choices(&self) -> Option<Vec<Choice>> {
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let of_one = |one: &OneOf| {
            let value = text(&one.value);
            Choice {
                title: one.title.clone().unwrap_or_else(|| value.clone()),
                value,
            }
        };
        let listed = self.one_of.as_ref().filter(|all| !all.is_empty());
        let plain = self.values.as_ref().filter(|all| !all.is_empty());
        match (listed, plain) {
            (Some(all), _) => Some(all.iter().map(of_one).collect()),
            (None, Some(all)) => Some(
                all.iter()
                    .map(|value| Choice {
                        value: text(value),
                        title: text(value),
                    })
                    .collect(),
            ),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn of(text: &str) -> Result<AppSchema, String> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(text.as_bytes()).expect("written");
        AppSchema::read(file.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn values_come_from_one_of_enum_and_items() {
        let schema = of(r#"{"definitions":{"base":{"properties":{
            "userName":{"title":"Username"},
            "profile":{"enum":["a"],"oneOf":[{"const":"a","title":"A"}]},
            "role":{"enum":["CEO"]},
            "salesforceGroups":{"type":"array","items":{"enum":["Set_A"]}}}}}}"#)
        .expect("a schema");
        let values = |name: &str| {
            let found = schema.attributes.iter().find(|one| one.name == name);
            let choices = found.expect(name).choices.clone().unwrap_or_default();
            choices
                .iter()
                .map(|choice| format!("{}={}", choice.value, choice.title))
                .collect::<Vec<_>>()
        };
        assert_eq!(values("profile"), ["a=A"]);
        assert_eq!(values("role"), ["CEO=CEO"]);
        assert_eq!(values("salesforceGroups"), ["Set_A=Set_A"]);
        assert!(values("userName").is_empty());
    }

    #[test]
    fn other_files_are_refused_with_what_they_are() {
        let said = |text: &str| of(text).expect_err(text);
        assert!(said("{\"definitions\":").contains("line 1, column"));
        assert!(said("[]").contains("no attribute"));
        assert!(said("{}").contains("no attribute"));
        let user = r#"{"definitions":{"base":{"properties":{"login":{}}}}}"#;
        assert!(said(user).contains("import-check"));
        let deep = format!("{{\"definitions\":{}", "[".repeat(100_000));
        assert!(said(&deep).contains("line 1"));
        let bomb = format!("{{\"x\":{}", "{\"items\":".repeat(100_000));
        assert!(said(&bomb).contains("line 1"));
    }
}
