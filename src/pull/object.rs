//! One object from its statements to its file: read, counted, and read again where the records do not fit together.

use super::Error;
use super::entry::{entry, invisible, is_absence, refused_field};
use super::merge::Fault;
use super::plan::Plan;
use super::read::{self, Came, Reading};
use super::related::{Named, Places, conditions};
use super::run::{Event, Sizes};
use super::wanted::{Api, Part, Wanted};
use super::write::{Chunk, Failed as NotWritten, Sheet, Written};
use crate::api::{self, Org};
use crate::snapshot::manifest::{Entry, Extent, Manifest, Via};
use csv::ByteRecord;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use std::cell::RefCell;
use std::path::Path;
use tokio::sync::Semaphore;

/// What all objects of a pull share.
pub(super) struct Run<'a> {
    pub(super) org: &'a Org<'a>,
    /// Where files are written.
    pub(super) folder: &'a Path,
    /// The folder of the last snapshot.
    pub(super) target: &'a Path,
    pub(super) allow_partial: bool,
    pub(super) sizes: Sizes,
    pub(super) events: &'a dyn Fn(Event),
    /// The last snapshot, where this pull goes on from it.
    pub(super) last: Option<Manifest>,
    pub(super) named: RefCell<Named>,
    /// Whether contacts or accounts are read, which other objects name.
    pub(super) asks_named: bool,
    pub(super) now: Timestamp,
}

/// An object that can be read, or cannot.
pub(super) enum Ready {
    Plan(Plan),
    Absent(&'static Wanted, api::Fault),
}

impl Ready {
    pub(super) fn wanted(&self) -> &'static Wanted {
        match self {
            Self::Plan(plan) => plan.wanted,
            Self::Absent(wanted, _) => wanted,
        }
    }
}

/// Why an attempt gave no file.
pub(super) enum Failed {
    Hard(Error),
    /// The records do not fit together; worth another attempt.
    Records(String),
    /// They are not as many as the org counts; worth another attempt.
    Counts {
        rows: u64,
        count: u64,
    },
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Hard(error)
    }
}

impl From<read::Failed> for Failed {
    fn from(failed: read::Failed) -> Self {
        match failed {
            read::Failed::Hard(error) => Self::Hard(error),
            read::Failed::Trouble(trouble) => Self::Records(trouble.to_string()),
        }
    }
}

impl From<NotWritten> for Failed {
    fn from(failed: NotWritten) -> Self {
        match failed {
            NotWritten::Disk(error) => Self::Hard(error),
            NotWritten::Records(fault) => Self::Records(fault.to_string()),
        }
    }
}

/// Times that an object is read as a whole.
const ATTEMPTS: u32 = 3;
/// Fields that an org may refuse, one after the other, before the object is given up.
const REFUSALS: usize = 40;
impl Run<'_> {
    /// The object's file, and its entry in the manifest.
    pub(super) async fn object(&self, ready: Ready) -> Result<(String, Entry), Error> {
        let wanted = ready.wanted();
        let entry = match ready {
            Ready::Absent(_, fault) => invisible(wanted, &fault),
            Ready::Plan(plan) => match self.read(plan).await {
                Ok(entry) => entry,
                Err(error @ (Error::Object { .. } | Error::Counts { .. }))
                    if self.allow_partial =>
                {
                    let file = self.folder.join(format!("{}.csv", wanted.name));
                    // There may be none.
                    let _ = std::fs::remove_file(file);
                    super::settings::absent(error.to_string())
                }
                Err(error) => return Err(error),
            },
        };
        self.tell(wanted.name, &entry);
        Ok((wanted.name.to_owned(), entry))
    }

    pub(super) fn tell(&self, object: &str, entry: &Entry) {
        let object = object.to_owned();
        (self.events)(match (entry.gaps.first(), entry.coverage) {
            (Some(reason), Some(Extent::Absent)) => Event::Absent {
                object,
                reason: reason.clone(),
            },
            _ => Event::Done {
                object,
                rows: entry.rows.unwrap_or(0),
                pages: entry.pages.unwrap_or(0),
                via: entry.via.unwrap_or(Via::Rest),
            },
        });
    }

    async fn read(&self, mut plan: Plan) -> Result<Entry, Error> {
        let object = plan.wanted.name;
        let (mut attempt, mut refusals, mut refresh) = (1, 0, true);
        loop {
            let refreshed = match self.old(&plan).filter(|_| refresh) {
                Some(old) => self.refresh(&plan, old).await,
                None => self.attempt(&plan).await.map(Some),
            };
            let reason = match refreshed {
                Ok(Some(entry)) => return Ok(entry),
                Ok(None) => {
                    // What has changed does not explain what is there: everything, then.
                    refresh = false;
                    continue;
                }
                Err(Failed::Hard(Error::Api(error))) => {
                    let Some(fault) = error.fault() else {
                        return Err(unread(object, error));
                    };
                    let less = refused_field(fault).and_then(|field| plan.without(&field));
                    match less {
                        Some(less) if refusals < REFUSALS => {
                            refusals += 1;
                            plan = less;
                            continue;
                        }
                        _ if is_absence(fault) => return Ok(invisible(plan.wanted, fault)),
                        _ => return Err(unread(object, error)),
                    }
                }
                Err(Failed::Hard(error)) => return Err(error),
                Err(Failed::Counts { rows, count }) if attempt >= ATTEMPTS => {
                    return Err(Error::Counts {
                        object: object.to_owned(),
                        rows,
                        count,
                    });
                }
                Err(Failed::Records(reason)) if attempt >= ATTEMPTS => {
                    return Err(Error::Object {
                        object: object.to_owned(),
                        reason: format!("{reason}, {ATTEMPTS} times"),
                    });
                }
                Err(Failed::Counts { rows, count }) => {
                    format!("{rows} records came, the org counts {count}")
                }
                Err(Failed::Records(reason)) => reason,
            };
            attempt += 1;
            (self.events)(Event::Again {
                object: object.to_owned(),
                reason,
            });
        }
    }

    /// Reads everything of an object.
    async fn attempt(&self, plan: &Plan) -> Result<Entry, Failed> {
        let (came, all) = tokio::join!(self.counted(plan), self.count_all(plan));
        let ((came, count), all) = (came?, all?);
        let Some(first) = came.first() else {
            return Err(Failed::Records(String::from("there is nothing to ask for")));
        };
        let (rows, via) = (first.rows, first.via);
        let pages = came.iter().map(|one| one.pages).sum();
        if came.iter().any(|one| one.rows != rows) {
            return Err(Failed::Records(Fault::Differ.to_string()));
        }
        let count = count.unwrap_or(rows);
        if count != rows {
            return Err(Failed::Counts { rows, count });
        }
        let chunks: Vec<Chunk> = plan
            .queries
            .iter()
            .zip(came)
            .map(|(query, came)| Chunk {
                columns: query.columns.clone(),
                parts: came.parts,
            })
            .collect();
        let written = self.write(plan, |sheet, look| {
            if plan.by_id() {
                return sheet.by_id(chunks, look);
            }
            match chunks.into_iter().next() {
                Some(chunk) => sheet.sorted(chunk, look),
                None => Ok(Written::default()),
            }
        })?;
        debug_assert_eq!(written.came, rows, "{:?}", plan.header);
        Ok(Entry {
            rows: Some(written.rows),
            count: Some(count),
            count_all: all,
            pages: Some(pages),
            via,
            newest: written.newest,
            sha256: Some(written.sha256),
            ..entry(plan)
        })
    }

    /// The records of each statement of a plan.
    pub(super) async fn chunks(
        &self,
        plan: &Plan,
        last_round: &Semaphore,
    ) -> Result<Vec<Came>, Failed> {
        if plan.wanted.part != Part::Named {
            return Ok(try_join_all(
                plan.queries
                    .iter()
                    .map(|query| self.reading(plan, query, "", last_round).read_boxed()),
            )
            .await?);
        }
        let ids = self.named.borrow().of(plan.wanted.name);
        let conditions = conditions(plan, &ids);
        let mut all = Vec::new();
        for query in &plan.queries {
            let mut whole = Came {
                via: Some(Via::Rest),
                ..Came::default()
            };
            // So many at once that all places are used, and no more answers wait than that.
            for some in conditions.chunks(self.org.width()) {
                for came in try_join_all(some.iter().map(|condition| {
                    self.reading(plan, query, condition, last_round)
                        .read_boxed()
                }))
                .await?
                {
                    whole.parts.extend(came.parts);
                    whole.announced += came.announced;
                    whole.rows += came.rows;
                    whole.pages += came.pages;
                }
            }
            all.push(whole);
        }
        Ok(all)
    }

    pub(super) fn reading<'r>(
        &'r self,
        plan: &'r Plan,
        query: &'r api::Query,
        condition: &'r str,
        last_round: &'r Semaphore,
    ) -> Reading<'r> {
        Reading {
            org: self.org,
            folder: self.folder,
            query,
            condition,
            tooling: plan.wanted.api == Api::Tooling,
            moments: &plan.moments,
            last_round,
            bulk_from: (plan.by_id() && condition.is_empty()).then_some(self.sizes.bulk),
        }
    }

    /// Whether somebody asks whom the records of an object name.
    pub(super) fn is_looked_at(&self, plan: &Plan) -> bool {
        self.asks_named && Places::of(plan.wanted.name, &plan.header).is_any()
    }

    pub(super) fn write(
        &self,
        plan: &Plan,
        write: impl FnOnce(&Sheet<'_>, &mut dyn FnMut(&ByteRecord)) -> Result<Written, NotWritten>,
    ) -> Result<Written, Failed> {
        let sheet = Sheet {
            path: self.folder.join(format!("{}.csv", plan.wanted.name)),
            header: &plan.header,
            keep: match plan.wanted.part {
                Part::Kept { column, value, .. } => Some((column, value)),
                _ => None,
            },
        };
        let places = Places::of(plan.wanted.name, &plan.header);
        let mut named = Named::default();
        let written = write(&sheet, &mut |record| named.note(&places, record))?;
        self.named.borrow_mut().add(named);
        Ok(written)
    }
}

impl Reading<'_> {
    pub(super) async fn read_boxed(self) -> Result<Came, read::Failed> {
        self.read().await
    }
}

/// An answer that cannot be used is a matter of the object; a connection that ends is one of the run.
fn unread(object: &str, error: api::Error) -> Error {
    if error.is_connection() || matches!(error, api::Error::Calls { .. }) {
        return error.into();
    }
    Error::Object {
        object: object.to_owned(),
        reason: error.to_string(),
    }
}
