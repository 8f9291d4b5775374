//! How many records the org counts: what came must be as many.

use super::Error;
use super::object::{Failed, Run};
use super::plan::Plan;
use super::read::Came;
use super::wanted::{Api, Part};
use crate::api::{self, count_of};
use std::pin::pin;
use tokio::sync::Semaphore;

impl Run<'_> {
    /// The records of each statement of a plan, and how many the org counts; `None` where it does not say.
    ///
    /// The count is asked for together with the last pages. What changes in between shows as a difference, and the
    /// object is read again.
    pub(super) async fn counted(&self, plan: &Plan) -> Result<(Vec<Came>, Option<u64>), Failed> {
        let last_round = Semaphore::new(0);
        let readings = u32::try_from(plan.queries.len()).unwrap_or(1);
        let mut read = pin!(self.chunks(plan, &last_round));
        let mut counting = pin!(async {
            // The semaphore is never closed.
            let _ = last_round.acquire_many(readings).await;
            self.count(plan, false).await
        });
        let mut count = None;
        let came = loop {
            tokio::select! {
                biased;
                came = &mut read => break came?,
                done = &mut counting, if count.is_none() => count = Some(done?),
            }
        };
        let one_page = came
            .iter()
            .all(|one| one.pages <= 1 && one.announced == one.rows);
        let first = came.first();
        if plan.wanted.part == Part::Named || one_page {
            let count = first.map(|first| first.announced);
            return Ok((came, count));
        }
        // Whatever way it was read: it is at its end.
        last_round.add_permits(plan.queries.len());
        let count = match count {
            Some(count) => count,
            None => counting.await?,
        };
        Ok((came, count))
    }

    /// `COUNT()`; `None` where the org does not count this.
    pub(super) async fn count(&self, plan: &Plan, everything: bool) -> Result<Option<u64>, Failed> {
        let Some(query) = plan.queries.first() else {
            return Ok(None);
        };
        let query = api::Query {
            filter: if everything {
                None
            } else {
                query.filter.clone()
            },
            ..query.clone()
        };
        let path = match plan.wanted.api {
            Api::Rest => self.org.query(&query.count()),
            Api::Tooling => self
                .org
                .path(&format!("tooling/query?q={}", api::encoded(&query.count()))),
        };
        match self.org.get(path).await {
            Ok(body) => Ok(Some(count_of(&body).map_err(Error::from)?)),
            Err(api::Error::Fault(_)) => Ok(None),
            Err(error) => Err(Error::from(error).into()),
        }
    }

    pub(super) async fn count_all(&self, plan: &Plan) -> Result<Option<u64>, Failed> {
        if plan.wanted.part == Part::All || plan.wanted.api == Api::Tooling {
            return Ok(None);
        }
        self.count(plan, true).await
    }
}
