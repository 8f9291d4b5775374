//! A pull from its first request to the manifest.

use super::Error;
use super::object::{Ready, Run};
use super::plan::Plan;
use super::related::Named;
use super::settings;
use super::store::{self, Staging};
use super::wanted::{Api, Part, SETTINGS, WANTED, Wanted, names};
use super::write::sha256;
use crate::api::{self, Client, Described, Identity, Org, Version};
use crate::auth::Connection;
use crate::model::SfId;
use crate::net::Clock;
use crate::snapshot::manifest::{self, Entry, Extent, Manifest, Reader, Via};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is asked for beyond the usual.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only these objects.
    pub objects: Option<Vec<String>>,
    /// Which fields of User.
    pub user_fields: UserFields,
    /// The most API requests; `None`: a fifth of what the org has left today.
    pub max_calls: Option<u64>,
    /// Whether to go on from the snapshot in the target.
    pub since: Since,
    /// Whether to ask the Metadata API for Settings.csv.
    pub with_metadata: bool,
    /// Whether an object whose records are missing is left out, rather than nothing pulled.
    pub allow_partial: bool,
    /// Whether every query goes alone, for an org that takes no composites.
    pub one_by_one: bool,
    /// Contacts and accounts to read besides those that users name.
    pub named: Vec<SfId>,
    /// From how many records on objects are read in another way.
    pub sizes: Sizes,
}

/// From how many records on objects are read in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// In bulk: below, composites of pages cost no more requests.
    pub bulk: u64,
    /// Only what has changed, where the last pull is gone on from: fewer cost one request anyway.
    pub changes: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            bulk: 300_000,
            changes: 2_000,
        }
    }
}

/// Which fields of User are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UserFields {
    /// Those that rules ask for.
    #[default]
    Needed,
    /// All that the reading user sees.
    All,
    /// Those that rules ask for, and these.
    Also(Vec<String>),
}

/// Whether a pull goes on from the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// Everything is read.
    #[default]
    Never,
    /// Of large objects only what has changed since is read.
    Last,
}

/// What happens meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An object is complete.
    Done {
        /// API name.
        object: String,
        /// Records.
        rows: u64,
        /// Pages.
        pages: u64,
        /// How it was read.
        via: Via,
    },
    /// An object is not in the snapshot.
    Absent {
        /// API name.
        object: String,
        /// Why, and what the user would need.
        reason: String,
    },
    /// An object is read again.
    Again {
        /// API name.
        object: String,
        /// Why.
        reason: String,
    },
}

/// A pull that has ended well.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was written.
    pub manifest: Manifest,
}

/// Pulls a snapshot into a folder. The folder changes in one step at the end, or not at all.
///
/// # Errors
/// See [`Error`].
pub async fn pull(
    connection: &Connection,
    clock: &Clock,
    target: &Path,
    options: &Options,
    events: &dyn Fn(Event),
) -> Result<Outcome, Error> {
    let chosen = chosen(options)?;
    let last = match options.since {
        Since::Never => None,
        Since::Last => Some(store::last(target).ok_or_else(|| Error::NoLast {
            dir: target.to_owned(),
            reason: String::from("there is no snapshot that a pull wrote"),
        })?),
    };
    let staging = Staging::new(target)?;
    let pulled_at = clock.now();
    let client = Client::new(connection, clock.clone(), options.max_calls);
    let (version, identity) = greet(&client, last.as_ref()).await?;
    let org = Org::new(client, version);
    let org = if options.one_by_one {
        org.without_composite()
    } else {
        org
    };
    let run = Run {
        org: &org,
        folder: staging.path(),
        target,
        allow_partial: options.allow_partial,
        sizes: options.sizes,
        events,
        last,
        named: Named::given(&options.named).into(),
        asks_named: WANTED
            .iter()
            .any(|wanted| wanted.part == Part::Named && chosen.contains(&wanted.name)),
        now: pulled_at,
    };
    same_org(target, run.last.as_ref(), connection.org_id())?;
    let described = describes(&run, &chosen, &options.user_fields).await?;
    let mut manifest = Manifest {
        schema: Some(manifest::SCHEMA.to_owned()),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        pulled_at: Some(pulled_at),
        org_time: org.client().org_time(),
        instance_url: Some(connection.instance_url().origin().ascii_serialization()),
        api_version: Some(version.to_string()),
        ..Manifest::default()
    };
    let (identity, ()) = tokio::try_join!(
        async {
            match identity {
                Some(known) => Ok(known),
                None => Ok(Identity::ask(org.client()).await?),
            }
        },
        objects(&run, described, &chosen, options, &mut manifest)
    )?;
    let identity = identity.unwrap_or_default();
    let org_id = identity.org_id.or(connection.org_id());
    same_org(target, run.last.as_ref(), org_id)?;
    manifest.user = reader(&identity, connection);
    something(&manifest)?;
    staging.keep_settings()?;
    manifest.org_id = org_id
        .map(SfId::text)
        .or_else(|| organization(staging.path()));
    manifest.api_requests = Some(org.client().calls().sent);
    let file = staging.path().join(manifest::FILE);
    write(&file, manifest.text().as_bytes())?;
    drop(run);
    staging.place()?;
    Ok(Outcome { manifest })
}

/// Who reads, as far as it is known.
fn reader(identity: &Identity, connection: &Connection) -> Option<Reader> {
    (identity.user_id.is_some() || identity.username.is_some()).then(|| Reader {
        id: identity.user_id.map(SfId::text),
        username: identity
            .username
            .clone()
            .or_else(|| connection.username().map(str::to_owned)),
    })
}

/// The objects that are asked for, in the order of the table.
fn chosen(options: &Options) -> Result<Vec<&'static str>, Error> {
    let Some(objects) = &options.objects else {
        return Ok(names().collect());
    };
    for name in objects {
        if !names().any(|known| known.eq_ignore_ascii_case(name)) {
            let near = names()
                .map(|known| {
                    (
                        rapidfuzz::distance::levenshtein::distance(
                            name.to_lowercase().chars(),
                            known.to_lowercase().chars(),
                        ),
                        known,
                    )
                })
                .min()
                .filter(|(distance, _)| *distance <= 3);
            return Err(Error::NoSuchObject {
                name: name.clone(),
                near: near.map(|(_, known)| known),
            });
        }
    }
    let wanted = |known: &&'static str| objects.iter().any(|name| known.eq_ignore_ascii_case(name));
    Ok(names().filter(wanted).collect())
}

/// Which version is spoken, and who speaks: two questions at once. A refresh speaks the version of the last pull, and asks
/// who speaks together with its next questions.
async fn greet(
    client: &Client<'_>,
    last: Option<&Manifest>,
) -> Result<(Version, Option<Option<Identity>>), Error> {
    let known = last.and_then(|last| Version::parse(last.api_version.as_deref()?));
    if let Some(version) = known {
        return Ok((version, None));
    }
    let (version, identity) = tokio::join!(Version::discover(client), Identity::ask(client));
    Ok((version?, Some(identity?)))
}

fn same_org(target: &Path, last: Option<&Manifest>, now: Option<SfId>) -> Result<(), Error> {
    let old = last.and_then(|last| SfId::parse(last.org_id.as_deref()?).ok());
    match (old, now) {
        (Some(old), Some(new)) if old != new => Err(Error::OtherOrg {
            dir: target.to_owned(),
            old: old.text(),
            new: new.text(),
        }),
        _ => Ok(()),
    }
}

/// Reads all objects: first those that can be read at once, then contacts, which users name, then accounts, which
/// contacts name.
async fn objects(
    run: &Run<'_>,
    (ready, describes): (Vec<Ready>, BTreeMap<String, String>),
    chosen: &[&str],
    options: &Options,
    manifest: &mut Manifest,
) -> Result<(), Error> {
    manifest.describes = describes;
    let mut tasks = FuturesUnordered::new();
    let mut later = Vec::new();
    for one in ready {
        if one.wanted().part == Part::Named {
            later.push(one);
        } else {
            tasks.push(run.object(one));
        }
    }
    while let Some(done) = tasks.next().await {
        let (name, entry) = done?;
        manifest.objects.insert(name, entry);
    }
    drop(tasks);
    for one in later {
        let (name, entry) = run.object(one).await?;
        manifest.objects.insert(name, entry);
    }
    if chosen.contains(&SETTINGS) {
        let entry = if options.with_metadata {
            settings::read(run.org, run.folder).await?
        } else {
            settings::absent(String::from("--with-metadata was not given"))
        };
        if options.with_metadata {
            run.tell(SETTINGS, &entry);
        }
        manifest.objects.insert(SETTINGS.to_owned(), entry);
    }
    Ok(())
}

/// Asks for the fields of all objects at once, and plans what to ask for. Also the hashes of the answers that are kept.
async fn describes(
    run: &Run<'_>,
    chosen: &[&str],
    fields: &UserFields,
) -> Result<(Vec<Ready>, BTreeMap<String, String>), Error> {
    let wanted = WANTED.iter().filter(|wanted| chosen.contains(&wanted.name));
    let ask = |wanted: &'static Wanted| async move {
        if wanted.api == Api::Tooling {
            return Ok((
                wanted,
                Some(Ready::Plan(Plan::new(wanted, None, fields))),
                None,
            ));
        }
        match Described::ask(run.org, wanted.name, wanted.described).await {
            Ok(described) => {
                let plan = Plan::new(wanted, Some(&described.describe), fields);
                Ok((
                    wanted,
                    Some(Ready::Plan(plan)),
                    wanted.described.then_some(described.body),
                ))
            }
            Err(api::Error::Fault(fault)) => Ok((wanted, Some(Ready::Absent(wanted, fault)), None)),
            Err(error) => Err(error),
        }
    };
    let mut asked: FuturesUnordered<_> = wanted.map(ask).collect();
    let mut ready = Vec::new();
    let mut hashes = BTreeMap::new();
    while let Some(answer) = asked.next().await {
        let (wanted, plan, body) = answer?;
        if let Some(body) = body {
            let folder = run.folder.join("describe");
            std::fs::create_dir_all(&folder).map_err(|error| Error::write(&folder, error))?;
            write(&folder.join(format!("{}.json", wanted.name)), &body)?;
            hashes.insert(wanted.name.to_owned(), sha256(&body));
        }
        ready.extend(plan);
    }
    // The order of the table, whatever was answered first.
    ready.sort_by_key(|one: &Ready| {
        WANTED
            .iter()
            .position(|wanted| wanted.name == one.wanted().name)
    });
    Ok((ready, hashes))
}

/// A snapshot of nothing is none.
fn something(manifest: &Manifest) -> Result<(), Error> {
    let absent = |entry: &&Entry| entry.coverage == Some(Extent::Absent);
    if manifest.objects.values().all(|entry| absent(&entry)) {
        let reason = manifest
            .objects
            .values()
            .find_map(|entry| entry.gaps.first().cloned());
        return Err(Error::Nothing {
            reason: reason.unwrap_or_else(|| String::from("nothing was asked for")),
        });
    }
    Ok(())
}

/// The org by its own record, where nobody else said it.
fn organization(folder: &Path) -> Option<String> {
    let mut reader = csv::Reader::from_path(folder.join("Organization.csv")).ok()?;
    let at = reader
        .headers()
        .ok()?
        .iter()
        .position(|name| name == "Id")?;
    reader.records().next()?.ok()?.get(at).map(str::to_owned)
}

fn write(path: &PathBuf, bytes: &[u8]) -> Result<(), Error> {
    use std::io::Write as _;
    let write = || {
        let mut file = std::fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|error| Error::write(path, error))
}
