//! `terraform show -json` of a plan: app users, group assignments and mappings as they would be after it.

use super::app_groups::{self, AppGroup, GroupRow};
use super::attribute_mapping::{self, Mapped};
use super::table::{Table, TableWriter, cell};
use super::{Error, record_number};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The plan, as far as it concerns an app of Okta. Terraform adds members as it grows.
#[derive(Deserialize)]
struct Plan {
    #[serde(default)]
    resource_changes: Vec<Resource>,
    #[serde(default)]
    planned_values: Option<Values>,
}

#[derive(Deserialize)]
struct Values {
    #[serde(default)]
    root_module: Module,
}

#[derive(Default, Deserialize)]
struct Module {
    #[serde(default)]
    resources: Vec<Planned>,
    #[serde(default)]
    child_modules: Vec<Module>,
}

#[derive(Deserialize)]
struct Planned {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    values: Value,
}

#[derive(Deserialize)]
struct Resource {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    change: Change,
}

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    after: Value,
}

/// What a plan holds: three tables, as far as there is something for them.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) users: Option<Table>,
    pub(super) groups: Option<Table>,
    pub(super) mappings: Option<Table>,
}

/// The profile of an app user or group: a JSON text inside JSON.
fn profile(path: &str, address: &str, after: &Value) -> Result<Map<String, Value>, Error> {
    match after.get("profile") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map.clone()),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|error| Error::Resource {
            path: path.into(),
            address: address.to_owned(),
            reason: format!("its profile is no JSON object: {error}"),
        }),
        Some(_) => Err(Error::Resource {
            path: path.into(),
            address: address.to_owned(),
            reason: "its profile is neither a text nor an object".to_owned(),
        }),
    }
}

/// Line of the first place where the text names a resource.
fn line_of(text: &str, address: &str) -> u64 {
    let wanted = serde_json::to_string(address).unwrap_or_default();
    let at = text.find(&wanted).unwrap_or(0);
    let before = text.get(..at).unwrap_or_default();
    1 + before.bytes().filter(|byte| *byte == b'\n').count() as u64
}

fn text_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// What the resources of a plan say.
#[derive(Default)]
struct Found<'t> {
    users: Vec<UserRow<'t>>,
    groups: Vec<GroupRow>,
    mapped: Vec<Mapped>,
    /// Apps whose users are set.
    apps: BTreeSet<&'t str>,
    /// Attributes that mappings push, with the app.
    pushes: Vec<(&'t str, &'t str)>,
}

impl<'t> Found<'t> {
    fn take(
        &mut self,
        path: &str,
        (address, line): (&str, u64),
        kind: &str,
        after: &'t Value,
    ) -> Result<(), Error> {
        let all = |key| {
            after
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        match kind {
            "okta_app_user" => {
                let profile = profile(path, address, after)?;
                self.apps.extend(text_of(after, "app_id"));
                self.users
                    .push((0, line, text_of(after, "username"), profile));
            }
            "okta_app_group_assignment" => self.groups.push(GroupRow {
                group: group(path, address, after, "group_id")?,
                record: 0,
                line,
            }),
            "okta_app_group_assignments" => {
                for one in all("group") {
                    self.groups.push(GroupRow {
                        group: group(path, address, one, "id")?,
                        record: 0,
                        line,
                    });
                }
            }
            "okta_profile_mapping" => {
                let target = text_of(after, "target_id").unwrap_or_default();
                let pushed =
                    all("mappings").filter(|one| text_of(one, "push_status") == Some("PUSH"));
                let pushed = pushed.filter_map(|one| text_of(one, "id"));
                self.pushes.extend(pushed.map(|id| (target, id)));
                self.mapped.extend(all("mappings").map(|one| Mapped {
                    record: 0,
                    line,
                    property: text_of(one, "id").unwrap_or_default().to_owned(),
                    expression: text_of(one, "expression").unwrap_or_default().to_owned(),
                }));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Makes the tables of a plan.
pub(super) fn tables(path: &str, text: &str) -> Result<Tables, Error> {
    let plan: Plan = serde_json::from_str(text).map_err(|error| Error::json(path, 1, &error))?;
    let mut resources: Vec<(String, String, Value)> = plan
        .resource_changes
        .into_iter()
        .filter(|resource| !resource.change.after.is_null())
        .map(|resource| (resource.address, resource.kind, resource.change.after))
        .collect();
    if resources.is_empty()
        && let Some(values) = plan.planned_values
    {
        collect(values.root_module, &mut resources);
    }
    let mut found = Found::default();
    for (address, kind, after) in &resources {
        found.take(path, (address, line_of(text, address)), kind, after)?;
    }
    let Found {
        mut users,
        mut groups,
        mut mapped,
        apps,
        pushes,
    } = found;
    // Rows are counted over the whole plan: users, groups, mappings.
    let records = users
        .iter_mut()
        .map(|(record, ..)| record)
        .chain(
            groups
                .iter_mut()
                .map(|group: &mut GroupRow| &mut group.record),
        )
        .chain(mapped.iter_mut().map(|one: &mut Mapped| &mut one.record));
    for (n, record) in records.enumerate() {
        *record = record_number(n + 1);
    }
    let mut tables = Tables::default();
    if !users.is_empty() {
        tables.users = Some(users_table(&users).map_err(Error::Table)?);
    }
    if !groups.is_empty() {
        tables.groups = Some(app_groups::of_rows(path, &groups)?);
    }
    if !mapped.is_empty() {
        let mut table = attribute_mapping::of_rows(path, &mapped)?;
        // A mapping to another app, or from an app to Okta, is not about these users.
        let own = pushes.into_iter().filter(|(app, _)| apps.contains(app));
        table.pushes = own.map(|(_, id)| id.into()).collect();
        tables.mappings = Some(table);
    }
    if tables.users.is_none() && tables.groups.is_none() && tables.mappings.is_none() {
        return Err(Error::NoRows {
            path: path.into(),
            what: "okta_app_user, okta_app_group_assignment(s) or okta_profile_mapping",
        });
    }
    Ok(tables)
}

fn collect(module: Module, into: &mut Vec<(String, String, Value)>) {
    let own = module.resources.into_iter();
    into.extend(own.map(|resource| (resource.address, resource.kind, resource.values)));
    for child in module.child_modules {
        collect(child, into);
    }
}

fn group(path: &str, address: &str, after: &Value, id: &str) -> Result<AppGroup, Error> {
    Ok(AppGroup::named(
        // An id that is known only after the plan is applied: the resource stands for the group.
        text_of(after, id).unwrap_or(address),
        after.get("priority").and_then(Value::as_i64),
        profile(path, address, after)?,
    ))
}

type UserRow<'t> = (u32, u64, Option<&'t str>, Map<String, Value>);

fn users_table(users: &[UserRow<'_>]) -> std::io::Result<Table> {
    let keys: BTreeSet<&str> = users
        .iter()
        .flat_map(|(.., profile)| profile.keys())
        .map(String::as_str)
        .filter(|key| *key != "username")
        .collect();
    let mut header = vec!["username".to_owned()];
    header.extend(keys.into_iter().map(str::to_owned));
    let mut writer = TableWriter::new(header)?;
    for (record, line, username, profile) in users {
        writer.row(*record, *line, |column| match column {
            "username" => username.map(Cow::from),
            key => profile.get(key).map(cell),
        })?;
    }
    writer.finish()
}
