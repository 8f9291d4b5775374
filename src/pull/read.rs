//! The records of one statement, page by page, by several at once, or in bulk.

use super::merge::id_of;
use super::part::{Part, PartWriter, Sheaf};
use super::{Error, bulk};
use crate::api::{self, Ask, Bulk, Job, Org, Page, Query, Ranges, Trouble};
use crate::model::SfId;
use crate::snapshot::manifest::Via;
use csv::ByteRecord;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::path::Path;
use tokio::sync::Semaphore;

/// How one statement is read.
pub(super) struct Reading<'a> {
    pub(super) org: &'a Org<'a>,
    /// Where temporary files lie.
    pub(super) folder: &'a Path,
    pub(super) query: &'a Query,
    /// A further condition; empty for none.
    pub(super) condition: &'a str,
    /// Whether it goes to the Tooling API.
    pub(super) tooling: bool,
    /// Columns that hold moments.
    pub(super) moments: &'a [String],
    /// Records from which on it is read in bulk; `None`: never.
    pub(super) bulk_from: Option<u64>,
    /// Gets a permit when the last of several pages are under way.
    pub(super) last_round: &'a Semaphore,
}

/// What came.
#[derive(Default)]
pub(super) struct Came {
    pub(super) parts: Vec<Part>,
    /// How many records the org announced.
    pub(super) announced: u64,
    pub(super) rows: u64,
    pub(super) pages: u64,
    pub(super) via: Option<Via>,
}

/// Why nothing came.
#[derive(Debug)]
pub(super) enum Failed {
    /// The run cannot go on, or the object cannot be had.
    Hard(Error),
    /// The pages do not fit together.
    Trouble(Trouble),
}

impl From<api::Error> for Failed {
    fn from(error: api::Error) -> Self {
        Self::Hard(error.into())
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Hard(error)
    }
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl Reading<'_> {
    /// Reads everything.
    pub(super) async fn read(&self) -> Result<Came, Failed> {
        if self.query.by_id {
            self.ranges().await
        } else {
            self.chain().await
        }
    }

    fn path(&self, ask: &Ask) -> String {
        let soql = match ask {
            Ask::Next(link) => return link.clone(),
            Ask::Query { condition, limit } => {
                let both: Vec<&str> = [self.condition, condition]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect();
                let limit = limit
                    .map(|limit| format!(" LIMIT {limit}"))
                    .unwrap_or_default();
                let condition = match both.as_slice() {
                    [one, two] => format!("({one}) AND {two}"),
                    other => other.concat(),
                };
                format!("{}{limit}", self.query.within(&condition))
            }
        };
        if self.tooling {
            let soql = api::encoded(&soql);
            return self.org.path(&format!("tooling/query?q={soql}"));
        }
        self.org.query(&soql)
    }

    async fn page(&self, n: usize, ask: Ask) -> (usize, Ask, Result<Got, api::Error>) {
        let path = self.path(&ask);
        let came = match self.org.get(path.clone()).await {
            Ok(body) => {
                let query = self.query.clone();
                api::aside(body.len(), move || Got::of(&path, &body, &query)).await
            }
            Err(error) => Err(error),
        };
        (n, ask, came)
    }

    /// Records with ids: ranges of them, side by side.
    async fn ranges(&self) -> Result<Came, Failed> {
        let mut ranges = Ranges::new(self.org.width());
        let mut parts: Vec<PartWriter> = Vec::new();
        let mut came = Came::default();
        let mut under_way = FuturesUnordered::new();
        let mut told = false;
        loop {
            while let Some((n, ask)) = ranges.ask() {
                under_way.push(self.page(n, ask));
            }
            if !told && !under_way.is_empty() && ranges.is_last_round() {
                told = true;
                self.last_round.add_permits(1);
            }
            let Some((n, ask, got)) = under_way.next().await else {
                break;
            };
            let Got { page, ids, sheaf } = match got {
                Ok(got) => got,
                Err(error) => {
                    match error.fault().map(|fault| fault.code.as_str()) {
                        Some("INVALID_QUERY_LOCATOR") => ranges.lost(n)?,
                        Some("QUERY_TIMEOUT") => ranges.too_slow(n)?,
                        _ => return Err(error.into()),
                    }
                    continue;
                }
            };
            came.pages += 1;
            let first = ranges.total().is_none();
            let keep = ranges.took(n, &ask, &page, &ids)?;
            while parts.len() <= n {
                parts.push(PartWriter::new(self.folder));
            }
            if let Some(part) = parts.get_mut(n) {
                part.append(&sheaf, keep)?;
            }
            came.rows += keep as u64;
            if first {
                came.announced = ranges.total().unwrap_or(came.rows);
                if self.bulk_from.is_some_and(|many| came.announced >= many)
                    && let Some(bulk) = self.bulk().await?
                {
                    return Ok(bulk);
                }
                self.org
                    .client()
                    .calls()
                    .afford(ranges.pages_left() / self.org.width().max(1) as u64)?;
            }
        }
        drop(under_way);
        for part in parts {
            came.parts.push(part.finish()?);
        }
        came.via = Some(Via::Rest);
        Ok(came)
    }

    /// Records without ids: one page after the other.
    async fn chain(&self) -> Result<Came, Failed> {
        let mut came = Came::default();
        let mut part = PartWriter::new(self.folder);
        let mut ask = Ask::Query {
            condition: String::new(),
            limit: None,
        };
        let mut again = 0;
        loop {
            let (_, asked, got) = self.page(0, ask).await;
            let Got { page, sheaf, .. } = match got {
                Ok(got) => got,
                // The cursor is gone, and there is no id to go on from: all of it once more.
                Err(error)
                    if error
                        .fault()
                        .is_some_and(|fault| fault.code == "INVALID_QUERY_LOCATOR")
                        && again < 3 =>
                {
                    again += 1;
                    came = Came::default();
                    part = PartWriter::new(self.folder);
                    ask = Ask::Query {
                        condition: String::new(),
                        limit: None,
                    };
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            came.pages += 1;
            if came.pages == 1 {
                came.announced = page.total;
            }
            part.append(&sheaf, usize::MAX)?;
            came.rows += sheaf.records() as u64;
            let Some(next) = page.next else {
                break;
            };
            if sheaf.records() == 0
                || asked == Ask::Next(next.clone())
                || came.rows > 2 * came.announced + 10_000
            {
                return Err(Trouble::Endless.into());
            }
            ask = Ask::Next(next);
        }
        came.parts.push(part.finish()?);
        came.via = Some(if self.tooling {
            Via::Tooling
        } else {
            Via::Rest
        });
        Ok(came)
    }

    /// All records in bulk; `None` where the org does not do that for this object.
    async fn bulk(&self) -> Result<Option<Came>, Failed> {
        let query = Query {
            by_id: false,
            ..self.query.clone()
        };
        let job = match Job::create(self.org, &query.within(self.condition)).await? {
            Bulk::Came(job) => job,
            Bulk::Not(reason) => {
                tracing::info!(object = self.query.object, reason, "not in bulk");
                return Ok(None);
            }
        };
        if let Bulk::Not(reason) = job.wait(self.org).await? {
            tracing::info!(object = self.query.object, reason, "not in bulk");
            return Ok(None);
        }
        let mut came = Came {
            via: Some(Via::Bulk),
            ..Came::default()
        };
        let mut locator: Option<String> = None;
        loop {
            let (body, next) = job.results(self.org, locator.as_deref()).await?;
            let (query, moments) = (self.query.clone(), self.moments.to_vec());
            let sheaf =
                api::aside(body.len(), move || bulk::sheaf(&body, &query, &moments)).await?;
            came.pages += 1;
            came.rows += sheaf.records() as u64;
            let mut part = PartWriter::new(self.folder);
            part.append(&sheaf, usize::MAX)?;
            came.parts.push(part.finish()?);
            if next.is_some() && next == locator {
                return Err(Trouble::Endless.into());
            }
            match next {
                Some(next) => locator = Some(next),
                None => break,
            }
        }
        came.announced = came.rows;
        Ok(Some(came))
    }
}

/// A page, and what its records are written as.
struct Got {
    /// Without its records.
    page: Page,
    /// Ids of the records, where they have some.
    ids: Vec<SfId>,
    sheaf: Sheaf,
}

impl Got {
    fn of(path: &str, body: &[u8], query: &Query) -> Result<Self, api::Error> {
        let mut page = Page::parse(path, body, &query.columns)?;
        let records = std::mem::take(&mut page.records);
        let at = place_of_id(query);
        let id = |record: &ByteRecord| id_of(record, at).map_err(|fault| unreadable(query, &fault));
        Ok(Self {
            page,
            ids: if query.by_id {
                records.iter().map(id).collect::<Result<_, _>>()?
            } else {
                Vec::new()
            },
            sheaf: Sheaf::of(&records).map_err(|fault| unreadable(query, &fault))?,
        })
    }
}

pub(super) fn place_of_id(query: &Query) -> usize {
    let mut columns = query.columns.iter();
    columns.position(|column| column == "Id").unwrap_or(0)
}

pub(super) fn unreadable(query: &Query, reason: &dyn std::fmt::Display) -> api::Error {
    api::Error::Unreadable {
        path: format!("the records of {}", query.object),
        reason: reason.to_string(),
    }
}
