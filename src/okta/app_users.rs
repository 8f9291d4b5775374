//! `GET /api/v1/apps/ID/users`: the users of an app with what is pushed of them.

use super::elements::{Element, Elements};
use super::table::{Table, TableWriter, cell};
use super::{Error, fault, record_number};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{BufRead, Seek};

/// An app user, as far as a row needs it. Okta adds members as it grows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppUser {
    #[serde(default)]
    external_id: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    sync_state: Option<String>,
    #[serde(default)]
    credentials: Option<Credentials>,
    #[serde(default)]
    profile: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    #[serde(default)]
    user_name: Option<String>,
}

/// Columns that come from outside the profile.
const USERNAME: &str = "credentials.userName";
const EXTERNAL_ID: &str = "externalId";
const ACTIVE: &str = "active";

/// States of an app user in which Okta has taken the app away: a push makes the Salesforce user inactive.
const GONE: [&str; 5] = [
    "DEPROVISIONED",
    "INACTIVE",
    "REVOKED",
    "SUSPENDED",
    "UNASSIGNED",
];

/// Makes the table. The stream is read twice: first for the names of the attributes.
pub(super) fn table(path: &str, mut stream: impl BufRead + Seek) -> Result<Table, Error> {
    let mut keys = BTreeSet::new();
    let mut gone = false;
    let mut users = 0u64;
    let mut unsynced = Unsynced::default();
    each(path, &mut stream, |line, user| {
        users += 1;
        unsynced.note(line, &user);
        gone |= is_gone(&user);
        for key in user.profile.keys() {
            if !keys.contains(key.as_str()) {
                keys.insert(key.clone());
            }
        }
        Ok(())
    })?;
    if users == 0 {
        return Err(Error::NoRows {
            path: path.into(),
            what: "user",
        });
    }
    stream
        .rewind()
        .map_err(|source| Error::read(path, source))?;
    let mut header = vec![USERNAME.to_owned(), EXTERNAL_ID.to_owned()];
    if gone {
        header.push(ACTIVE.to_owned());
    }
    // The login of the app decides; a profile may repeat it.
    header.extend(
        keys.into_iter()
            .filter(|key| !matches!(key.as_str(), "userName" | "username" | "id" | "active")),
    );
    let mut writer = TableWriter::new(header).map_err(Error::Table)?;
    let mut number = 0;
    each(path, &mut stream, |line, user| {
        number += 1;
        writer
            .row(record_number(number), line, |column| match column {
                USERNAME => user
                    .credentials
                    .as_ref()?
                    .user_name
                    .as_deref()
                    .map(Cow::from),
                EXTERNAL_ID => user.external_id.as_deref().map(Cow::from),
                ACTIVE => is_gone(&user).then_some("false".into()),
                key => user.profile.get(key).map(cell),
            })
            .map_err(Error::Table)
    })?;
    let mut table = writer.finish().map_err(Error::Table)?;
    table.notes.extend(unsynced.told());
    Ok(table)
}

/// App users whose last push failed, or whose changes wait for one.
#[derive(Default)]
struct Unsynced {
    failed: u64,
    /// Line and name of the first that failed.
    first: Option<(u64, String)>,
    waiting: u64,
}

impl Unsynced {
    fn note(&mut self, line: u64, user: &AppUser) {
        match user.sync_state.as_deref() {
            Some("ERROR") => {
                self.failed += 1;
                let name = || user.credentials.as_ref()?.user_name.clone();
                self.first
                    .get_or_insert_with(|| (line, name().unwrap_or_default()));
            }
            Some("OUT_OF_SYNC") => self.waiting += 1,
            _ => {}
        }
    }

    fn told(self) -> Option<String> {
        let (line, name) = self.first?;
        let Self {
            failed, waiting, ..
        } = self;
        Some(format!(
            "the last push of {failed} of its users failed (syncState ERROR; the first is '{name}', line {line}), and changes of {waiting} wait (OUT_OF_SYNC): their errors stand on Okta's Tasks page, and sfcompat explain says what they mean"
        ))
    }
}

fn is_gone(user: &AppUser) -> bool {
    user.status
        .as_deref()
        .is_some_and(|status| GONE.contains(&status))
}

fn each(
    path: &str,
    stream: impl BufRead,
    mut take: impl FnMut(u64, AppUser) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut elements = Elements::new(stream);
    let mut element = Element::default();
    while elements
        .next(&mut element)
        .map_err(|error| fault(path, error))?
    {
        let user: AppUser = serde_json::from_slice(&element.json)
            .map_err(|error| Error::json(path, element.line, &error))?;
        if user.credentials.is_none() && user.external_id.is_none() {
            return Err(Error::Shape {
                path: path.into(),
                line: element.line,
                reason: "this element has neither credentials.userName nor externalId: it is no app user; export GET /api/v1/apps/ID/users",
            });
        }
        take(element.line, user)?;
    }
    Ok(())
}
