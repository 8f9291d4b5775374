//! `terraform show -json` of a plan: app users, group assignments and mappings as they would be after it.

use super::app_groups::{self, AppGroup, GroupRow};
use super::attribute_mapping::{self, Mapped};
use super::plan::{Resource, Resources, is_later, resources, text_of};
use super::table::{Part, PartsWriter, cell};
use super::{Error, record_number};
use crate::input::RowKind;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What stands for a value that is known only after the plan is applied; it is neither a priority nor an expression.
const LATER: &str = "(known after apply)";
/// The column that such values are said to be missing of: what follows is undecided.
const PROFILE: &str = "profile";

/// The profile of an app user or group: a JSON text inside JSON.
fn profile(path: &str, address: &str, after: &Value) -> Result<Map<String, Value>, Error> {
    match after.get(PROFILE) {
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

/// Where a text says what is at an address: lines, from 1, by the address as JSON writes it.
struct Lines<'t>(FxHashMap<&'t str, u64>);

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let (mut line, mut counted) = (1, 0);
        let mut lines = FxHashMap::default();
        for (at, key) in text.match_indices("\"address\"") {
            let before = text.get(counted..at).unwrap_or_default();
            line += before.matches('\n').count() as u64;
            counted = at;
            let rest = text.get(at + key.len()..).unwrap_or_default();
            let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
            let Some(value) = value.filter(|value| value.starts_with('"')) else {
                continue;
            };
            // Quotes inside an address (`for_each` has keys) are escaped.
            let mut ends = value.match_indices('"').skip(1).map(|(end, _)| end);
            let end = ends.find(|&end| {
                !value
                    .as_bytes()
                    .get(..end)
                    .is_some_and(|own| own.ends_with(b"\\"))
            });
            if let Some(quoted) = end.and_then(|end| value.get(..=end)) {
                lines.entry(quoted).or_insert(line);
            }
        }
        Self(lines)
    }

    /// Line of a resource; the first of the text where its address is written in some other way.
    fn get(&self, address: &str) -> u64 {
        let quoted = serde_json::to_string(address).unwrap_or_default();
        self.0.get(quoted.as_str()).copied().unwrap_or(1)
    }
}

/// An app user of a plan.
struct UserRow<'t> {
    record: u32,
    line: u64,
    username: Option<&'t str>,
    /// `None`: it is known only after the plan is applied.
    profile: Option<Map<String, Value>>,
}

/// What the resources of a plan say.
#[derive(Default)]
struct Found<'t> {
    users: Vec<UserRow<'t>>,
    groups: Vec<GroupRow>,
    /// Groups of which it is known only later what they give.
    open_groups: Vec<GroupRow>,
    mapped: Vec<Mapped>,
    /// Attributes that mappings to the app fill, with the status of the push.
    filled: Vec<(&'t str, &'t str)>,
    /// Addresses of resources of which something is known only later.
    later: Vec<&'t str>,
}

impl<'t> Found<'t> {
    fn take(
        &mut self,
        path: &str,
        (line, app): (u64, Option<&str>),
        one: &'t Resource,
    ) -> Result<(), Error> {
        let address = one.address.as_str();
        match one.kind.as_str() {
            "okta_app_user" => {
                if one.is_later("username") {
                    return Err(refused(path, address, "its username is"));
                }
                let later = one.is_later(PROFILE);
                let profile = (!later).then(|| profile(path, address, &one.after));
                self.users.push(UserRow {
                    record: 0,
                    line,
                    username: one.text("username"),
                    profile: profile.transpose()?,
                });
                self.later.extend(later.then_some(address));
            }
            "okta_app_group_assignment" => {
                let later = |key: &str| one.is_later(key);
                self.group(path, (address, line), ("group_id", &one.after), &later)?;
            }
            "okta_app_group_assignments" => {
                if one.is_later("group") {
                    return Err(refused(path, address, "its groups are"));
                }
                for (after, unknown) in one.list("group") {
                    let later = |key: &str| is_later(unknown, key);
                    self.group(path, (address, line), ("id", after), &later)?;
                }
            }
            _ => {
                if one.is_later("mappings") {
                    return Err(refused(path, address, "its mappings are"));
                }
                let of_app = app.is_some() && one.text("target_id") == app;
                for (after, unknown) in one.list("mappings") {
                    let id = text_of(after, "id").unwrap_or_default();
                    let status = text_of(after, "push_status").unwrap_or_default();
                    self.filled.extend(of_app.then_some((id, status)));
                    let open = is_later(unknown, "expression").then_some(LATER);
                    self.mapped.push(Mapped {
                        record: 0,
                        line,
                        property: id.to_owned(),
                        expression: open
                            .or(text_of(after, "expression"))
                            .unwrap_or_default()
                            .to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Takes the assignment of the app to one group.
    fn group(
        &mut self,
        path: &str,
        (address, line): (&'t str, u64),
        (id, after): (&str, &'t Value),
        later: &dyn Fn(&str) -> bool,
    ) -> Result<(), Error> {
        let row = |profile| GroupRow {
            group: AppGroup::named(
                // An id that is known only after the plan is applied: the resource stands for the group.
                text_of(after, id).unwrap_or(address),
                after.get("priority").and_then(Value::as_i64),
                profile,
            ),
            later: later("priority").then_some(LATER),
            record: 0,
            line,
        };
        if later(PROFILE) {
            self.open_groups.push(row(Map::new()));
            self.later.push(address);
        } else {
            self.groups.push(row(profile(path, address, after)?));
        }
        Ok(())
    }

    /// Rows are counted over the whole plan: users, groups, mappings.
    fn count(&mut self) {
        let users = self.users.iter_mut().map(|user| &mut user.record);
        let groups = self.groups.iter_mut().chain(&mut self.open_groups);
        let mapped = self.mapped.iter_mut().map(|one| &mut one.record);
        let all = users.chain(groups.map(|group| &mut group.record));
        for (n, record) in all.chain(mapped).enumerate() {
            *record = record_number(n + 1);
        }
    }

    /// What people should know of the plan beside its rows.
    fn notes(&self, (users, groups): (usize, usize)) -> Vec<String> {
        let mut notes = Vec::new();
        if let [first, ..] = self.later.as_slice() {
            notes.push(format!(
                "of {} of its resources it is known only after the plan is applied what they give, the first is {first}: they are undecided",
                self.later.len()
            ));
        }
        if users + groups > 0 {
            notes.push(format!(
                "it takes the app away from {users} {} and {groups} {}: what that does in Salesforce is not judged",
                if users == 1 { "user" } else { "users" },
                if groups == 1 { "group" } else { "groups" },
            ));
        }
        notes
    }
}

/// A plan of which nobody knows yet whom it concerns.
fn refused(path: &str, address: &str, what: &str) -> Error {
    Error::Resource {
        path: path.into(),
        address: address.to_owned(),
        reason: format!(
            "{what} known only after the plan is applied: judge the users and groups of the app then (sfcompat okta pull), or apply what it waits for first"
        ),
    }
}

/// Makes the tables of a plan: users, groups and mappings of the Salesforce app, as far as there is something for them.
pub(super) fn tables(
    path: &str,
    text: &str,
    app: Option<&str>,
) -> Result<Vec<(RowKind, Part)>, Error> {
    let Resources { all, app, gone } = resources(path, text, app)?;
    let mut found = Found::default();
    let lines = Lines::of(text);
    for one in &all {
        let line = lines.get(&one.address);
        found.take(path, (line, app.as_deref()), one)?;
    }
    found.count();
    let whole = |table| Part::of(table, Vec::new());
    let mut parts = Vec::new();
    if !found.users.is_empty() {
        let users = users_table(&found.users).map_err(Error::Table)?;
        parts.extend(users.into_iter().map(|part| (RowKind::User, part)));
    }
    if !found.groups.is_empty() {
        let table = app_groups::of_rows(path, &found.groups)?;
        parts.push((RowKind::Group, whole(table)));
    }
    if !found.open_groups.is_empty() {
        let table = app_groups::of_rows(path, &found.open_groups)?;
        let untold = vec![PROFILE.into()];
        parts.push((RowKind::Group, Part::of(table, untold)));
    }
    if !found.mapped.is_empty() {
        let mut table = attribute_mapping::of_rows(path, &found.mapped)?;
        let with = |wanted: &str| {
            let filled = found.filled.iter();
            let filled = filled.filter(|(_, status)| *status == wanted);
            filled.map(|(id, _)| Box::from(*id)).collect()
        };
        (table.pushes, table.creates) = (with("PUSH"), with("DONT_PUSH"));
        parts.push((RowKind::Expression, whole(table)));
    }
    let Some((_, first)) = parts.first_mut() else {
        return Err(if gone == (0, 0) {
            Error::NoRows {
                path: path.into(),
                what: "okta_app_user, okta_app_group_assignment(s) or okta_profile_mapping",
            }
        } else {
            Error::Shape {
                path: path.into(),
                line: 1,
                reason: "the plan only takes the app away from users or groups: it sets nothing that could be judged",
            }
        });
    };
    first.table.notes = found.notes(gone);
    Ok(parts)
}

fn users_table(users: &[UserRow<'_>]) -> std::io::Result<Vec<Part>> {
    let profiles = users.iter().filter_map(|user| user.profile.as_ref());
    let mut keys: BTreeSet<&str> = profiles.flat_map(Map::keys).map(String::as_str).collect();
    keys.remove("username");
    if users.iter().any(|user| user.profile.is_none()) {
        keys.insert(PROFILE);
    }
    let mut header = vec!["username".to_owned()];
    header.extend(keys.into_iter().map(str::to_owned));
    let all: Vec<usize> = (1..header.len()).collect();
    let mut writer = PartsWriter::new(header.clone(), b',');
    for user in users {
        let cells: Vec<Cow<'_, str>> = header
            .iter()
            .enumerate()
            .map(|(n, key)| match n {
                0 => user.username.map(Cow::from),
                _ => user.profile.as_ref()?.get(key).map(cell),
            })
            .map(Option::unwrap_or_default)
            .collect();
        let untold = if user.profile.is_none() {
            &all
        } else {
            &[][..]
        };
        writer.row((untold, &all), (user.record, user.line), &cells)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_resource_stands_where_its_address_first_does() {
        let text = "{\"a\": [\n {\"address\": \"u.x[\\\"k\\\"]\"},\n {\"address\":\n  \"u.y\"}],\n \"address\": 7, \"b\": {\"address\":\"u.y\"}, \"address\": \"open";
        let lines = Lines::of(text);
        assert_eq!(lines.get("u.x[\"k\"]"), 2);
        assert_eq!(lines.get("u.y"), 3);
        assert_eq!(lines.get("u.z"), 1);
        assert_eq!(lines.0.len(), 2);
    }
}
