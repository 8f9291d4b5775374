//! The pull itself: part by part into a folder of its own, which takes the place of the old one at the end.

use super::client::Client;
use super::manifest::{self, Manifest, Written};
use super::parts::Part;
use super::wire::{App, AppUser, Group, MappingId, Member, read};
use super::write::{Sheet, check};
use super::{Account, Error};
use crate::net::{self, Clock};
use crate::pull::Staging;
use rustc_hash::FxHashMap;
use std::path::Path;

/// What is pulled.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Id or label of the app; `None`: the one Salesforce app that there is.
    pub app: Option<String>,
    /// Which parts; empty: [`Part::usual`].
    pub parts: Vec<Part>,
}

/// What happens during a pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A file is complete.
    Done {
        /// Its name.
        file: String,
        /// What is in it.
        elements: u64,
        /// Pages of the API that it took.
        pages: u64,
    },
}

/// Pulls an Okta org into a folder.
///
/// # Errors
/// See [`Error`]. The folder is then as it was before.
pub async fn pull(
    account: &Account,
    clock: &Clock,
    target: &Path,
    options: &Options,
    events: &dyn Fn(Event),
) -> Result<Manifest, Error> {
    let parts = if options.parts.is_empty() {
        Part::usual()
    } else {
        options.parts.clone()
    };
    if parts.contains(&Part::Members) && !parts.contains(&Part::Groups) {
        return Err(Error::usage(
            "--parts: members are those of the groups; pull groups as well",
        ));
    }
    let staging = Staging::beside(target, check)?;
    let mut run = Run {
        client: Client::new(account, clock, &Part::scopes(&parts)),
        dir: staging.path(),
        events,
        manifest: Manifest {
            schema: manifest::SCHEMA.to_owned(),
            host: net::origin(&account.base),
            pulled_at: clock.now().to_string(),
            login: account.login.name().to_owned(),
            ..Manifest::default()
        },
    };
    let app = run.app(options.app.as_deref()).await?;
    run.parts(&app, &parts).await?;
    run.manifest.requests = run.client.requests();
    run.manifest.scopes = run.client.granted();
    let manifest = run.manifest;
    let text =
        serde_json::to_vec_pretty(&manifest).map_err(|fault| Error::write(target, fault.into()))?;
    Sheet::whole(staging.path(), manifest::FILE, &text)?;
    staging.place()?;
    Ok(manifest)
}

struct Run<'a> {
    client: Client<'a>,
    dir: &'a Path,
    events: &'a dyn Fn(Event),
    manifest: Manifest,
}

impl Run<'_> {
    fn done(&mut self, file: &str, written: Written, pages: u64) {
        (self.events)(Event::Done {
            file: file.to_owned(),
            elements: written.elements,
            pages,
        });
        self.manifest.files.insert(file.to_owned(), written);
    }

    /// The app that is meant; its file is always written.
    async fn app(&mut self, wanted: Option<&str>) -> Result<String, Error> {
        let id = match wanted {
            // Ids of apps begin like this; a label that does so, too, is given by its id.
            Some(id) if id.starts_with("0oa") => id.to_owned(),
            label => self.named(label).await?,
        };
        let url = self.client.url(&["apps", &id], &[]);
        let answer = self.client.get(&url).await?;
        let app: App = read(url.path(), &answer.body)?;
        if !app.name.to_ascii_lowercase().contains("salesforce") {
            return Err(Error::usage(format!(
                "--app: {} '{}' is an app of the kind '{}', and none of Salesforce",
                app.id, app.label, app.name
            )));
        }
        let written = Sheet::whole(self.dir, Part::App.file(), &answer.body)?;
        self.done(Part::App.file(), written, 1);
        self.manifest.app.clone_from(&app.id);
        self.manifest.label = app.label;
        Ok(app.id)
    }

    /// The id of the Salesforce app that has a label, or of the only one.
    async fn named(&self, label: Option<&str>) -> Result<String, Error> {
        let query = [("filter", "name eq \"salesforce\""), ("limit", "200")];
        let mut apps: Vec<App> = Vec::new();
        let url = self.client.url(&["apps"], &query);
        let path = url.path().to_owned();
        self.client
            .each(url, |json| {
                apps.push(read(&path, json.get().as_bytes())?);
                Ok(())
            })
            .await?;
        let list = || {
            apps.iter()
                .map(|app| format!("{} '{}' ({})", app.id, app.label, app.status))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let fits = |app: &&App| label.is_none_or(|label| app.label == label);
        let fitting: Vec<&App> = apps.iter().filter(fits).collect();
        match (fitting.as_slice(), label) {
            ([one], _) => Ok(one.id.clone()),
            ([], _) if apps.is_empty() => Err(Error::usage(
                "this login sees no Salesforce app in the Okta org: is it the right org, and may the login read apps?",
            )),
            ([], Some(label)) => Err(Error::usage(format!(
                "--app: no Salesforce app has the label '{label}'; there are {}",
                list()
            ))),
            _ => Err(Error::usage(format!(
                "there are several Salesforce apps, one of them is to be named with --app ID: {}",
                list()
            ))),
        }
    }

    async fn parts(&mut self, app: &str, parts: &[Part]) -> Result<(), Error> {
        let wants = |part| parts.contains(&part);
        // Usernames of the app by the ids of Okta's users: members are named as the app names them.
        let mut usernames = FxHashMap::default();
        if wants(Part::AppUsers) {
            let keep = wants(Part::Members);
            let url = self
                .client
                .url(&["apps", app, "users"], &[("limit", "500")]);
            self.list(Part::AppUsers, vec![url], |path, json| {
                if keep {
                    let user: AppUser = read(path, json)?;
                    if let Some(name) = user.credentials.and_then(|own| own.user_name) {
                        usernames.insert(user.id, name.into_boxed_str());
                    }
                }
                Ok(())
            })
            .await?;
        }
        let mut groups = Vec::new();
        if wants(Part::Groups) {
            let query = [("limit", "200"), ("expand", "group")];
            let url = self.client.url(&["apps", app, "groups"], &query);
            self.list(Part::Groups, vec![url], |path, json| {
                groups.push(read::<Group>(path, json)?.known());
                Ok(())
            })
            .await?;
        }
        if wants(Part::Members) {
            self.members(&groups, &usernames).await?;
        }
        if wants(Part::Mapping) {
            self.mappings(app).await?;
        }
        for (part, segments) in [
            (
                Part::Schema,
                ["meta", "schemas", "apps", app, "default"].as_slice(),
            ),
            (
                Part::UserSchema,
                ["meta", "schemas", "user", "default"].as_slice(),
            ),
        ] {
            if wants(part) {
                self.one(part.file(), segments).await?;
            }
        }
        if wants(Part::Users) {
            // The list leaves out deactivated users, whose logins are taken all the same.
            let all = self.client.url(&["users"], &[("limit", "200")]);
            let query = [("limit", "200"), ("filter", "status eq \"DEPROVISIONED\"")];
            let gone = self.client.url(&["users"], &query);
            self.list(Part::Users, vec![all, gone], |_, _| Ok(()))
                .await?;
        }
        Ok(())
    }

    /// Writes a list from one address or several, and shows each element to `look`.
    async fn list(
        &mut self,
        part: Part,
        urls: Vec<url::Url>,
        mut look: impl FnMut(&str, &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut sheet = Sheet::list(self.dir, part.file())?;
        let mut pages = 0;
        for url in urls {
            let path = url.path().to_owned();
            pages += self
                .client
                .each(url, |json| {
                    look(&path, json.get().as_bytes())?;
                    sheet.element(json)
                })
                .await?;
        }
        let written = sheet.finish()?;
        self.done(part.file(), written, pages);
        Ok(())
    }

    /// Writes one object.
    async fn one(&mut self, file: &str, segments: &[&str]) -> Result<(), Error> {
        let url = self.client.url(segments, &[]);
        let answer = self.client.get(&url).await?;
        let written = Sheet::whole(self.dir, file, &answer.body)?;
        self.done(file, written, 1);
        Ok(())
    }

    /// One row for each membership, as `--members` reads it. Nothing else of a person is kept.
    async fn members(
        &mut self,
        groups: &[(String, String)],
        usernames: &FxHashMap<String, Box<str>>,
    ) -> Result<(), Error> {
        // Whoever reads the file knows groups by their names.
        let mut names = FxHashMap::default();
        for (id, name) in groups {
            if let Some(other) = names.insert(name, id) {
                return Err(Error::Unreadable {
                    path: Part::Members.file().to_owned(),
                    reason: format!(
                        "two groups of the app are named '{name}' ({other} and {id}), and who is in which could not be told: rename one, or leave the members out with --parts"
                    ),
                });
            }
        }
        let header = ["username", "group", "group_id"];
        let mut sheet = Sheet::rows(self.dir, Part::Members.file(), &header)?;
        let mut pages = 0;
        for (id, name) in groups {
            let url = self
                .client
                .url(&["groups", id, "users"], &[("limit", "1000")]);
            let path = url.path().to_owned();
            pages += self
                .client
                .each(url, |json| {
                    let member: Member = read(&path, json.get().as_bytes())?;
                    let login = member.profile.and_then(|profile| profile.login);
                    let username = usernames.get(&member.id).map(|name| &**name);
                    match username.or(login.as_deref()) {
                        Some(username) => sheet.row(&[username, name, id]),
                        None => Err(Error::Unreadable {
                            path: path.clone(),
                            reason: format!("the member {} has no login", member.id),
                        }),
                    }
                })
                .await?;
        }
        let written = sheet.finish()?;
        self.done(Part::Members.file(), written, pages);
        Ok(())
    }

    /// The mappings to the app and from it; an org with several types of users has one for each of them.
    async fn mappings(&mut self, app: &str) -> Result<(), Error> {
        self.mappings_of("targetId", app, "mapping").await?;
        self.mappings_of("sourceId", app, "mapping-to-okta").await
    }

    async fn mappings_of(
        &mut self,
        side: &'static str,
        app: &str,
        name: &str,
    ) -> Result<(), Error> {
        let query = [(side, app), ("limit", "200")];
        let url = self.client.url(&["mappings"], &query);
        let path = url.path().to_owned();
        let mut ids = Vec::new();
        self.client
            .each(url, |json| {
                ids.push(read::<MappingId>(&path, json.get().as_bytes())?.id);
                Ok(())
            })
            .await?;
        ids.sort();
        for (n, id) in (1..).zip(&ids) {
            let file = match n {
                1 => format!("{name}.json"),
                n => format!("{name}-{n}.json"),
            };
            self.one(&file, &["mappings", id]).await?;
        }
        Ok(())
    }
}
