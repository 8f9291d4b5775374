//! What the fake Okta knows: the files of a pulled folder.

use crate::demo::Error;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

macro_rules! files {
    ($($name:literal)*) => {
        /// The fictional org that the program carries: name within the folder, and content.
        static FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../../sample-data/okta/", $name)))),*
        ];
    };
}

files! {
    "app.json"
    "app-users.json"
    "groups.json"
    "mapping.json"
    "mapping-to-okta.json"
    "members.csv"
    "schema.json"
    "user-schema.json"
    "users.json"
}

/// What the org knows.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) apps: Vec<Value>,
    pub(super) app_users: Vec<Value>,
    pub(super) groups: Vec<Value>,
    pub(super) mappings: Vec<Value>,
    pub(super) schema: Value,
    pub(super) user_schema: Value,
    pub(super) users: Vec<Value>,
    /// Users by the id of their group.
    pub(super) members: BTreeMap<String, Vec<Value>>,
}

impl Records {
    /// Reads a folder, or the fictional one. A file that is not there is an empty list.
    pub(super) fn read(folder: Option<&Path>) -> Result<Self, Error> {
        let text = |name: &str| match folder {
            None => {
                let own = FILES.iter().find(|(own, _)| *own == name);
                Ok(own.map(|(_, text)| (*text).to_owned()))
            }
            Some(folder) => match std::fs::read_to_string(folder.join(name)) {
                Ok(text) => Ok(Some(text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Error::seed(name, 0, error.to_string())),
            },
        };
        let value = |name: &str| match text(name)? {
            None => Ok(Value::Null),
            Some(text) => serde_json::from_str(&text)
                .map_err(|fault| Error::seed(name, fault.line() as u64, fault.to_string())),
        };
        let list = |name: &str| {
            value(name).map(|value| match value {
                Value::Array(list) => list,
                Value::Null => Vec::new(),
                one => vec![one],
            })
        };
        let mut mappings = list("mapping.json")?;
        mappings.extend(list("mapping-to-okta.json")?);
        let mut records = Self {
            apps: list("app.json")?,
            app_users: list("app-users.json")?,
            groups: list("groups.json")?,
            mappings,
            schema: value("schema.json")?,
            user_schema: value("user-schema.json")?,
            users: list("users.json")?,
            members: BTreeMap::new(),
        };
        if records.apps.is_empty() {
            return Err(Error::seed(
                "app.json",
                0,
                String::from("there is no app in the folder; make one with `sfcompat okta pull`"),
            ));
        }
        records.join(text("members.csv")?.unwrap_or_default().as_bytes())?;
        Ok(records)
    }

    /// Puts people into groups.
    fn join(&mut self, csv: &[u8]) -> Result<(), Error> {
        let fault = |fault: csv::Error| Error::seed("members.csv", 0, fault.to_string());
        let mut reader = csv::Reader::from_reader(csv);
        for record in reader.deserialize() {
            let row: BTreeMap<String, String> = record.map_err(fault)?;
            let cell = |name: &str| row.get(name).cloned().unwrap_or_default();
            let username = cell("username");
            let known = self.users.iter().find(|user| {
                user.pointer("/profile/login").and_then(Value::as_str) == Some(&username)
            });
            let user = known.cloned().unwrap_or_else(|| {
                json!({ "id": format!("00u{username}"), "status": "ACTIVE", "profile": { "login": username } })
            });
            self.members.entry(cell("group_id")).or_default().push(user);
        }
        Ok(())
    }

    /// The groups, without what is inside unless it was asked for.
    pub(super) fn groups(&self, expanded: bool) -> Vec<Value> {
        let mut groups = self.groups.clone();
        if !expanded {
            let objects = groups.iter_mut().filter_map(Value::as_object_mut);
            objects.for_each(|group: &mut Map<String, Value>| {
                group.remove("_embedded");
            });
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fictional_org_is_whole() {
        let records = Records::read(None).expect("the carried files");
        assert_eq!(records.apps.len(), 1);
        assert!(records.app_users.len() >= 10 && records.users.len() > records.app_users.len());
        let members: usize = records.members.values().map(Vec::len).sum();
        assert_eq!(members, records.app_users.len());
        assert_eq!(records.members.len(), records.groups.len());
    }
}
