//! Many small GETs in few requests: whoever waits for one is served together with the others that wait.
//!
//! `POST /composite` carries up to 25 GETs, five of them queries, and counts as one request of the org's quota. It never
//! carries anything but GETs. Where an org does not take it, every GET goes alone.

use super::aside::aside;
use super::refusal::fault;
use super::{Accept, Client, Error, Request, Version};
use crate::net::retry::{Disposition, Outcome, classify};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use tokio::sync::oneshot;

/// Queries that one composite may carry.
const QUERIES: usize = 5;
/// GETs of any kind that one composite may carry.
const PARTS: usize = 25;

/// One org, spoken to in one version.
#[derive(Debug)]
pub struct Org<'a> {
    client: Client<'a>,
    version: Version,
    waiting: RefCell<VecDeque<Waiting>>,
    composite: Cell<bool>,
}

#[derive(Debug)]
struct Waiting {
    path: String,
    /// Whether it was in a composite before and had better go alone.
    alone: bool,
    answer: oneshot::Sender<Result<Bytes, Error>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Composite<'a> {
    all_or_none: bool,
    composite_request: Vec<Part<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    method: &'static str,
    url: &'a str,
    reference_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parts<'a> {
    #[serde(borrow)]
    composite_response: Vec<PartAnswer<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartAnswer<'a> {
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    http_status_code: u16,
    reference_id: String,
}

impl<'a> Org<'a> {
    /// An org that is spoken to in a version.
    #[must_use]
    pub fn new(client: Client<'a>, version: Version) -> Self {
        Self {
            client,
            version,
            waiting: RefCell::default(),
            composite: Cell::new(true),
        }
    }

    /// The same without composites.
    #[must_use]
    pub fn without_composite(self) -> Self {
        self.composite.set(false);
        self
    }

    /// What sends.
    #[must_use]
    pub fn client(&self) -> &Client<'a> {
        &self.client
    }

    /// The version of the API.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// How many queries can be under way at once.
    #[must_use]
    pub fn width(&self) -> usize {
        super::client::AT_ONCE * if self.composite.get() { QUERIES } else { 1 }
    }

    /// The path of a resource of this version.
    #[must_use]
    pub fn path(&self, resource: &str) -> String {
        format!("/services/data/v{}/{resource}", self.version)
    }

    /// The path of a query.
    #[must_use]
    pub fn query(&self, soql: &str) -> String {
        self.path(&format!("query?q={}", super::encoded(soql)))
    }

    /// A GET that is not put together with others.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn get_alone(&self, path: String) -> Result<Bytes, Error> {
        Ok(self
            .client
            .send(&Request::get(&path, Accept::Json))
            .await?
            .body)
    }

    /// A GET, in company where others wait as well. The answer is complete JSON.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn get(&self, path: String) -> Result<Bytes, Error> {
        loop {
            // Whoever asked for all of a company may have been dropped meanwhile, and the answer with it.
            if let Some(came) = self.get_in_company(path.clone()).await {
                return came;
            }
        }
    }

    async fn get_in_company(&self, path: String) -> Option<Result<Bytes, Error>> {
        let (answer, mut mine) = oneshot::channel();
        let alone = path.contains("/tooling/");
        self.waiting.borrow_mut().push_back(Waiting {
            path,
            alone,
            answer,
        });
        loop {
            tokio::select! {
                biased;
                came = &mut mine => return came.ok(),
                place = self.client.permit() => {
                    // Whoever is about to ask as well gets the turn to say so.
                    tokio::task::yield_now().await;
                    // What is put back has no owner who looks at the queue any more: whoever put it there serves it.
                    let mut due = 1;
                    while due > 0 {
                        let batch = self.take();
                        if batch.is_empty() {
                            break;
                        }
                        due = due - 1 + self.serve(batch).await;
                    }
                    drop(place);
                }
            }
            if self.waiting.borrow().is_empty() {
                return mine.await.ok();
            }
        }
    }

    /// Those that go together: the queries that wait are spread over the free places, to keep answers quick.
    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.borrow_mut();
        // Who was dropped needs no answer.
        waiting.retain(|one| !one.answer.is_closed());
        let Some(first) = waiting.pop_front() else {
            return Vec::new();
        };
        if first.alone || !self.composite.get() {
            return vec![first];
        }
        let all = waiting.iter().filter(|one| is_query(&one.path)).count() + 1;
        let most = all.div_ceil(self.client.free() + 1).min(QUERIES);
        let mut queries = usize::from(is_query(&first.path));
        let mut batch = vec![first];
        let mut rest = VecDeque::new();
        while let Some(one) = waiting.pop_front() {
            let query = is_query(&one.path);
            if one.alone || batch.len() >= PARTS || (query && queries >= most) {
                rest.push_back(one);
            } else {
                queries += usize::from(query);
                batch.push(one);
            }
        }
        *waiting = rest;
        batch
    }

    /// Asks for all of a batch. Returns how many were put back into the queue, to go alone.
    async fn serve(&self, mut batch: Vec<Waiting>) -> usize {
        if batch.len() == 1 {
            for one in batch {
                let came = self
                    .client
                    .send_now(&Request::get(&one.path, Accept::Json))
                    .await;
                // Nobody waits any more where the run has ended.
                let _ = one.answer.send(came.map(|answer| answer.body));
            }
            return 0;
        }
        let body = composite(&batch);
        let path = self.path("composite");
        match self.client.send_now(&Request::composite(&path, body)).await {
            Ok(answer) => self.deal(batch, answer.body).await,
            Err(Error::Fault(_)) => {
                tracing::info!("the org takes no composites: every query goes alone");
                self.composite.set(false);
                self.again(batch)
            }
            Err(error) => {
                for one in batch.drain(..) {
                    let _ = one.answer.send(Err(error.clone()));
                }
                0
            }
        }
    }

    /// Gives everybody the own part of the answer; what is worth another attempt goes alone.
    async fn deal(&self, batch: Vec<Waiting>, body: Bytes) -> usize {
        let Some(parts) = aside(body.len(), move || taken_apart(&body)).await else {
            self.composite.set(false);
            return self.again(batch);
        };
        let mut again = Vec::new();
        for (n, one) in batch.into_iter().enumerate() {
            let own = parts.iter().find(|(own, ..)| *own == reference(n));
            let Some((_, status, text)) = own else {
                again.push(one);
                continue;
            };
            let status = *status;
            if (200..300).contains(&status) {
                let _ = one.answer.send(Ok(text.clone()));
                continue;
            }
            let shown = one.path.split('?').next().unwrap_or_default();
            let fault = fault(shown, status, text);
            let outcome = Outcome::Answer {
                status,
                code: &fault.code,
                message: &fault.message,
                retry_after: None,
                readable: true,
            };
            let clear = classify(outcome) == Disposition::Stop
                && !matches!(status, 401 | 403)
                && fault.code != "PROCESSING_HALTED";
            if clear {
                let _ = one.answer.send(Err(Error::Fault(fault)));
            } else {
                again.push(one);
            }
        }
        self.again(again)
    }

    fn again(&self, batch: Vec<Waiting>) -> usize {
        let many = batch.len();
        let mut waiting = self.waiting.borrow_mut();
        for mut one in batch.into_iter().rev() {
            one.alone = true;
            waiting.push_front(one);
        }
        many
    }
}

/// The parts of an answer: reference, status and body of each that has one.
fn taken_apart(body: &Bytes) -> Option<Vec<(String, u16, Bytes)>> {
    let parts: Parts<'_> = serde_json::from_slice(body).ok()?;
    let parts = parts.composite_response.into_iter();
    Some(
        parts
            .filter_map(|part| {
                let text = part.body?.get().as_bytes();
                Some((
                    part.reference_id,
                    part.http_status_code,
                    body.slice_ref(text),
                ))
            })
            .collect(),
    )
}

fn is_query(path: &str) -> bool {
    path.contains("/query")
}

fn reference(n: usize) -> String {
    format!("r{n}")
}

fn composite(batch: &[Waiting]) -> Vec<u8> {
    let parts = batch.iter().enumerate().map(|(n, one)| Part {
        method: "GET",
        url: &one.path,
        reference_id: reference(n),
    });
    let composite = Composite {
        all_or_none: false,
        composite_request: parts.collect(),
    };
    // Texts and a flag: there is nothing in it that JSON cannot say.
    serde_json::to_vec(&composite).unwrap_or_default()
}
