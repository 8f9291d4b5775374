//! `GET /api/v1/apps/ID/groups`: what the members of each group get.

use super::app_users::{Links, OneApp};
use super::elements::{Element, Elements};
use super::table::{Table, TableWriter, cell};
use super::{Error, fault, record_number};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::BufRead;

/// The assignment of an app to a group. Okta adds members as it grows.
#[derive(Deserialize)]
pub(super) struct AppGroup {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) priority: Option<i64>,
    #[serde(default)]
    pub(super) profile: Map<String, Value>,
    #[serde(default, rename = "_embedded")]
    embedded: Option<Embedded>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Embedded {
    #[serde(default)]
    group: Option<Group>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    profile: Option<GroupProfile>,
}

#[derive(Deserialize)]
struct GroupProfile {
    #[serde(default)]
    name: Option<String>,
}

impl AppGroup {
    /// A group that is known by one name only.
    pub(super) fn named(name: &str, priority: Option<i64>, profile: Map<String, Value>) -> Self {
        Self {
            id: Some(name.to_owned()),
            priority,
            profile,
            embedded: None,
            links: None,
        }
    }

    /// The name of the group where the export has it (`expand=group`), else its id.
    pub(super) fn name(&self) -> Option<&str> {
        let embedded = self
            .embedded
            .as_ref()
            .and_then(|embedded| embedded.group.as_ref());
        embedded
            .and_then(|group| group.profile.as_ref()?.name.as_deref())
            .or(self.id.as_deref())
    }
}

/// A row for a group, and where it came from.
pub(super) struct GroupRow {
    pub(super) group: AppGroup,
    /// What stands for a priority that is not known yet.
    pub(super) later: Option<&'static str>,
    pub(super) record: u32,
    pub(super) line: u64,
}

/// Column of the group's name, as a mapping sheet has it.
const GROUP: &str = "okta_group";
const PRIORITY: &str = "priority";

/// Makes the table of an export.
pub(super) fn table(path: &str, stream: impl BufRead) -> Result<Table, Error> {
    let mut elements = Elements::new(stream);
    let mut element = Element::default();
    let mut rows = Vec::new();
    let mut apps = OneApp::default();
    while elements
        .next(&mut element)
        .map_err(|error| fault(path, error))?
    {
        let group: AppGroup = serde_json::from_slice(&element.json)
            .map_err(|error| Error::json(path, element.line, &error))?;
        apps.note(path, group.links.as_ref())?;
        if group.name().is_none() {
            return Err(Error::Shape {
                path: path.into(),
                line: element.line,
                reason: "this element has no id: it is no group of an app; export GET /api/v1/apps/ID/groups",
            });
        }
        rows.push(GroupRow {
            group,
            later: None,
            record: record_number(rows.len() + 1),
            line: element.line,
        });
    }
    of_rows(path, &rows)
}

/// Makes the table of groups.
pub(super) fn of_rows(path: &str, rows: &[GroupRow]) -> Result<Table, Error> {
    if rows.is_empty() {
        return Err(Error::NoRows {
            path: path.into(),
            what: "group",
        });
    }
    let keys: BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| row.group.profile.keys())
        .map(String::as_str)
        .filter(|key| !matches!(*key, GROUP | PRIORITY))
        .collect();
    let mut header = vec![GROUP.to_owned(), PRIORITY.to_owned()];
    header.extend(keys.into_iter().map(str::to_owned));
    let mut writer = TableWriter::new(header).map_err(Error::Table)?;
    for row in rows {
        writer
            .row(row.record, row.line, |column| match column {
                GROUP => row.group.name().map(Cow::from),
                PRIORITY => {
                    let number = row.group.priority.map(|n| n.to_string().into());
                    number.or(row.later.map(Cow::from))
                }
                key => row.group.profile.get(key).map(cell),
            })
            .map_err(Error::Table)?;
    }
    writer.finish().map_err(Error::Table)
}
