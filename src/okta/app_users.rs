//! `GET /api/v1/apps/ID/users`: the users of an app with what is pushed of them.

use super::directory::known_of;
use super::elements::{Element, Elements};
use super::join::Join;
use super::leavers::{Leavers, is_gone};
use super::overlay::{Overlay, Whose};
use super::sync_state::Unsynced;
use super::table::{Part, PartsWriter, Table, cell};
use super::{Error, fault, record_number};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{BufRead, Seek};

/// An app user, as far as a row needs it. Okta adds members as it grows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppUser {
    /// That of the user in Okta.
    #[serde(default)]
    pub(super) id: Option<String>,
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
    /// `USER`: assigned individually; `GROUP`: by groups.
    #[serde(default)]
    scope: Option<String>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
    #[serde(default, rename = "_embedded")]
    embedded: Option<Embedded>,
}

#[derive(Deserialize)]
pub(super) struct Links {
    #[serde(default)]
    app: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    href: Option<String>,
}

impl Links {
    /// The id of the app that the element belongs to.
    pub(super) fn app(&self) -> Option<&str> {
        let href = self.app.as_ref()?.href.as_deref()?;
        let (_, id) = href.trim_end_matches('/').rsplit_once('/')?;
        Some(id).filter(|id| !id.is_empty())
    }
}

/// With `expand=user`.
#[derive(Deserialize)]
struct Embedded {
    #[serde(default)]
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    profile: Option<Map<String, Value>>,
}

impl AppUser {
    fn username(&self) -> Option<&str> {
        self.credentials.as_ref()?.user_name.as_deref()
    }

    /// The login in Okta.
    fn login(&self) -> Option<&str> {
        self.embedded_profile()?.get("login")?.as_str()
    }

    /// Okta has taken the app away.
    fn is_gone(&self) -> bool {
        is_gone(self.status.as_deref())
    }

    /// The id of the Salesforce user, where Okta knows it.
    fn link(&self) -> Option<&str> {
        let id = self.external_id.as_deref().map(str::trim);
        id.filter(|id| !id.is_empty())
    }

    /// All that a push sends of somebody who has lost the app. `None`: nothing, as no link leads to a Salesforce user.
    fn deactivation(&self) -> Option<[(&'static str, &str); 3]> {
        let name = self.username().unwrap_or_default();
        Some([
            (USERNAME, name),
            (EXTERNAL_ID, self.link()?),
            (ACTIVE, "false"),
        ])
    }

    fn embedded_profile(&self) -> Option<&Map<String, Value>> {
        let user = self.embedded.as_ref()?.user.as_ref()?;
        user.profile.as_ref()
    }

    /// Whether it is a user of Okta, not one of an app.
    fn is_of_okta(&self) -> bool {
        let no_app = self.username().is_none() && self.external_id.is_none();
        no_app && self.profile.get("login").is_some_and(Value::is_string)
    }

    /// What Okta holds of the person itself.
    pub(super) fn okta_profile(&self) -> Option<&Map<String, Value>> {
        let own = || self.is_of_okta().then_some(&self.profile);
        self.embedded_profile().or_else(own)
    }

    /// Whether the person is deactivated in Okta.
    pub(super) fn is_deactivated(&self) -> bool {
        let user = self
            .embedded
            .as_ref()
            .and_then(|embedded| embedded.user.as_ref());
        let status = match user {
            Some(user) => user.status.as_deref(),
            None => self.status.as_deref(),
        };
        status == Some("DEPROVISIONED")
    }
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

/// What a first reading of the file tells of it.
#[derive(Default)]
struct Survey {
    /// Attributes of the app's users.
    keys: BTreeSet<String>,
    /// Attributes of the users of Okta behind them (`expand=user`).
    okta_keys: BTreeSet<String>,
    users: u64,
    /// Those from whom the app was taken away.
    leavers: Leavers,
    unsynced: Unsynced,
}

impl Survey {
    fn of(path: &str, stream: impl BufRead) -> Result<Self, Error> {
        let mut survey = Self::default();
        let mut apps = OneApp::default();
        each(path, stream, |line, user| {
            survey.users += 1;
            survey
                .unsynced
                .note(line, user.sync_state.as_deref(), user.username());
            apps.note(path, user.links.as_ref())?;
            if user.is_gone() {
                survey.leavers.note(line, user.link().is_some());
            }
            note_keys(&mut survey.keys, &user.profile);
            if let Some(profile) = user.embedded_profile() {
                note_keys(&mut survey.okta_keys, profile);
            }
            Ok(())
        })?;
        if survey.users == 0 {
            return Err(Error::NoRows {
                path: path.into(),
                what: "user",
            });
        }
        if survey.users == survey.leavers.unlinked {
            return Err(Error::AllGone { path: path.into() });
        }
        Ok(survey)
    }

    /// Says with the first table what people should know of the file.
    fn tell(self, table: &mut Table) {
        table.left_out = self.leavers.unlinked;
        table.notes.extend(self.leavers.told());
        table.notes.extend(self.unsynced.told());
    }

    /// The columns: what comes from outside the profile, its attributes, and what groups give beside these.
    fn header(&self, join: Option<&Join<'_>>) -> Vec<String> {
        let mut header = vec![USERNAME.to_owned(), EXTERNAL_ID.to_owned()];
        if self.leavers.linked > 0 {
            header.push(ACTIVE.to_owned());
        }
        // The login of the app decides; a profile may repeat it.
        let repeated = |key: &str| matches!(key, "userName" | "username" | "id" | "active");
        header.extend(self.keys.iter().filter(|key| !repeated(key)).cloned());
        header.extend(
            join.into_iter()
                .flat_map(|join| join.further(self.keys.iter())),
        );
        header
    }
}

fn note_keys(keys: &mut BTreeSet<String>, profile: &Map<String, Value>) {
    for key in profile.keys() {
        if !keys.contains(key.as_str()) {
            keys.insert(key.clone());
        }
    }
}

/// Makes the tables, joined with the members of groups and with what a mapping fills, where these are given. The stream is
/// read twice: first for the names of the attributes.
pub(super) fn tables(
    path: &str,
    mut stream: impl BufRead + Seek,
    mut join: Option<Join<'_>>,
    overlay: Option<&mut Overlay<'_>>,
) -> Result<Vec<Part>, Error> {
    let survey = Survey::of(path, &mut stream)?;
    stream
        .rewind()
        .map_err(|source| Error::read(path, source))?;
    let mut overlay = overlay.filter(|overlay| overlay.is_at_hand(survey.okta_keys.iter()));
    let mut header = survey.header(join.as_ref());
    let mapped = overlay
        .as_ref()
        .map(|overlay| overlay.columns(&mut header, |_| true));
    let mut writer = PartsWriter::new(header.clone(), b',');
    let mut number = 0;
    each(path, &mut stream, |line, user| {
        number += 1;
        let names = [user.login(), user.username()];
        if user.is_gone() {
            if let Some(join) = &mut join {
                join.leaver(&names);
            }
            let Some(cells) = user.deactivation() else {
                return Ok(());
            };
            let added = writer.leaver((record_number(number), line), cells);
            return added.map_err(Error::Table);
        }
        if let Some(join) = &mut join {
            let individual = user.scope.as_deref() == Some("USER");
            join.row(&names, individual, None);
        }
        let mut cells: Vec<Cow<'_, str>> = header
            .iter()
            .map(|column| match column.as_str() {
                USERNAME => user.username().map(Cow::from),
                EXTERNAL_ID => user.external_id.as_deref().map(Cow::from),
                ACTIVE => None,
                key => join
                    .as_ref()
                    .and_then(|join| join.value(key))
                    .or_else(|| user.profile.get(key).map(cell)),
            })
            .map(Option::unwrap_or_default)
            .collect();
        let mut untold = Vec::new();
        if let (Some(overlay), Some(mapped)) = (overlay.as_deref_mut(), &mapped) {
            let profile = user.embedded_profile();
            let whose = Whose {
                names: [user.id.as_deref(), user.login(), user.username()],
                place: (path, line),
                known: profile
                    .map(|profile| known_of(profile, overlay.wanted(), &survey.okta_keys)),
                linked: Some(user.external_id.is_some()),
                member: join.as_ref().and_then(Join::person),
                stored: true,
            };
            let given = |key: &str| join.as_ref().and_then(|join| join.value(key)).is_some();
            let members = join.as_ref().and_then(Join::membership);
            untold = overlay.fill(mapped, whose, members, &given, &mut cells);
        }
        let open = mapped.as_ref().map_or(&[][..], |mapped| mapped.access());
        let part = writer
            .row((&untold, open), (record_number(number), line), &cells)
            .map_err(Error::Table)?;
        if let Some(join) = &mut join {
            join.placed(part);
        }
        Ok(())
    })?;
    if let Some(join) = join {
        join.finish(path);
    }
    let mut parts = writer.finish().map_err(Error::Table)?;
    if let Some(first) = parts.first_mut() {
        survey.tell(&mut first.table);
    }
    Ok(parts)
}

/// Holds a file to one app.
#[derive(Default)]
pub(super) struct OneApp(Option<String>);

impl OneApp {
    /// Notes the app of the next element.
    pub(super) fn note(&mut self, path: &str, links: Option<&Links>) -> Result<(), Error> {
        let Some(app) = links.and_then(Links::app) else {
            return Ok(());
        };
        match &self.0 {
            None => self.0 = Some(app.to_owned()),
            Some(first) if first == app => {}
            Some(first) => {
                return Err(Error::TwoApps {
                    path: path.into(),
                    apps: format!("{first}, {app}"),
                });
            }
        }
        Ok(())
    }
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
        if user.is_of_okta() {
            return Err(Error::OktaUsers { path: path.into() });
        }
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
