//! One request: sent, looked at, repeated where that helps.

use super::error::Fault;
use super::limits::Calls;
use super::refusal::{content_type, fault, is_whole, refused};
use super::request::{Accept, Answer, Request};
use super::{Error, link};
use crate::auth::{Connection, Token};
use crate::net::retry::{Disposition, Outcome, Patience, Pauses, classify};
use crate::net::{self, Clock};
use backon::Retryable;
use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use std::cell::{Cell, RefCell, RefMut};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

/// The most bytes of an answer: five pages of 2,000 wide records are about 30 MB.
const LARGEST: usize = 128 << 20;
/// Requests under way at once.
pub(super) const AT_ONCE: usize = 4;

/// Sends requests of one run to one org.
#[derive(Debug)]
pub struct Client<'a> {
    connection: &'a Connection,
    clock: Clock,
    patience: Patience,
    calls: RefCell<Calls>,
    gate: Semaphore,
    seed: Cell<u64>,
    /// The clock of the org, by its first answer.
    org_time: Cell<Option<Timestamp>>,
    largest: usize,
}

/// A failed attempt.
struct Failed {
    error: Error,
    /// Further attempts that this failure is worth.
    most: u32,
    /// Seconds that the server asked to wait for.
    after: Option<u64>,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self {
            error,
            most: 0,
            after: None,
        }
    }
}

/// What came of sending once.
enum Came {
    Whole {
        status: u16,
        answer: Answer,
    },
    Broken {
        outcome: Outcome<'static>,
        reason: String,
    },
}

impl<'a> Client<'a> {
    /// A client that may send so many requests; `None`: a fifth of what the org has left.
    #[must_use]
    pub fn new(connection: &'a Connection, clock: Clock, most: Option<u64>) -> Self {
        Self {
            connection,
            clock,
            patience: Patience::default(),
            calls: RefCell::new(Calls::new(most)),
            gate: Semaphore::new(AT_ONCE),
            org_time: Cell::new(None),
            seed: Cell::new(RandomState::new().hash_one(0)),
            largest: LARGEST,
        }
    }

    /// The same with another limit for the size of an answer, in bytes.
    #[must_use]
    pub fn with_largest(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// The account of requests.
    pub fn calls(&self) -> RefMut<'_, Calls> {
        self.calls.borrow_mut()
    }

    /// The login that is used.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        self.connection
    }

    /// The clock of the run.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What time it was for the org when it first answered; `None` where it did not say.
    #[must_use]
    pub fn org_time(&self) -> Option<Timestamp> {
        self.org_time.get()
    }

    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        // The gate is never closed.
        self.gate.acquire().await.ok()
    }

    /// How many more requests could be under way.
    pub(super) fn free(&self) -> usize {
        self.gate.available_permits()
    }

    /// Sends a request, waiting for a place, and repeats it where that can help.
    ///
    /// # Errors
    /// See [`Error`]; a refusal by Salesforce is [`Error::Fault`].
    pub async fn send(&self, request: &Request<'_>) -> Result<Answer, Error> {
        let _place = self.permit().await;
        self.send_now(request).await
    }

    /// The same for whoever has a place already.
    pub(super) async fn send_now(&self, request: &Request<'_>) -> Result<Answer, Error> {
        let renewed = Cell::new(false);
        let attempts = Cell::new(0);
        let seed = self.seed.get();
        self.seed
            .set(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        let clock = self.clock.clone();
        (|| {
            attempts.set(attempts.get() + 1);
            self.attempt(request, &renewed, attempts.get())
        })
        .retry(Pauses::new(self.patience, seed))
        .sleep(move |time: Duration| {
            let clock = clock.clone();
            async move { clock.sleep(time).await }
        })
        .when(|failed: &Failed| attempts.get() <= failed.most)
        .adjust(|failed, pause| {
            pause.and_then(|pause| Pauses::granted(self.patience, pause, failed.after))
        })
        .notify(|failed, pause| {
            tracing::warn!(path = request.shown(), error = %failed.error, ?pause, "asked again");
        })
        .await
        .map_err(|failed| failed.error)
    }

    async fn attempt(
        &self,
        request: &Request<'_>,
        renewed: &Cell<bool>,
        attempts: u32,
    ) -> Result<Answer, Failed> {
        loop {
            self.calls.borrow_mut().take()?;
            let token = if request.with_token {
                Some(self.token().await?)
            } else {
                None
            };
            let (status, answer) = match self.once(request, token.as_ref()).await? {
                Came::Whole { status, answer } => (status, answer),
                Came::Broken { outcome, reason } => {
                    return Err(self.broken(outcome, reason, attempts));
                }
            };
            if let (None, Some(date)) = (self.org_time.get(), answer.header("date")) {
                let parsed = jiff::fmt::rfc2822::parse(date);
                self.org_time
                    .set(parsed.ok().map(|moment| moment.timestamp()));
            }
            if let Some(usage) = answer.header("sforce-limit-info") {
                self.calls.borrow_mut().note(usage);
            }
            let good = (200..300).contains(&status);
            let readable = if good {
                is_whole(request.accept, &answer)
            } else {
                true
            };
            let fault = if good {
                Fault::default()
            } else {
                fault(request.shown(), status, &answer.body)
            };
            let outcome = Outcome::Answer {
                status,
                code: &fault.code,
                message: &fault.message,
                retry_after: answer
                    .headers
                    .get(RETRY_AFTER)
                    .and_then(|value| value.to_str().ok()?.trim().parse().ok()),
                readable,
            };
            match (classify(outcome), token) {
                (Disposition::Done, _) => return Ok(answer),
                (Disposition::Renew, Some(token)) if !renewed.replace(true) => {
                    self.connection
                        .renew(&token)
                        .await
                        .map_err(|error| Error::Login(Arc::new(error)))?;
                }
                (Disposition::Retry { most, after }, _) => {
                    let error = if good {
                        unreadable(request, &answer)
                    } else {
                        self.unavailable(&fault, &answer, attempts)
                    };
                    return Err(Failed { error, most, after });
                }
                (Disposition::Renew | Disposition::Stop, _) => {
                    return Err(refused(request, &answer, fault).into());
                }
            }
        }
    }

    async fn token(&self) -> Result<Token, Error> {
        self.connection
            .token()
            .await
            .map_err(|error| Error::Login(Arc::new(error)))
    }

    async fn once(&self, request: &Request<'_>, token: Option<&Token>) -> Result<Came, Error> {
        let url = self.address(request.path)?;
        let mut builder = self
            .connection
            .client()
            .request(request.method.clone(), &url)
            .map_err(|error| Error::Net(Arc::new(error)))?
            .header("Sforce-Call-Options", "client=sfcompat")
            .header(
                ACCEPT,
                match request.accept {
                    Accept::Json | Accept::Composite => "application/json",
                    Accept::Csv => "text/csv",
                    Accept::Xml => "text/xml",
                },
            );
        if let Some(token) = token {
            builder = builder.bearer_auth(token.secret().expose());
        }
        if request.accept == Accept::Json && request.path.contains("/query") {
            builder = builder.header("Sforce-Query-Options", "batchSize=2000");
        }
        if request.soap_action {
            builder = builder.header("SOAPAction", HeaderValue::from_static("\"\""));
        }
        if let Some((kind, body)) = &request.body {
            builder = builder.header(CONTENT_TYPE, *kind).body(body.clone());
        }
        let sent = match builder.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let headers = response.headers().clone();
                self.read(request, response)
                    .await?
                    .map(|body| (status, Answer { headers, body }))
            }
            Err(error) => Err(error),
        };
        Ok(match sent {
            Ok((status, answer)) => {
                tracing::debug!(method = %request.method, path = request.shown(), status, bytes = answer.body.len(), "answered");
                Came::Whole { status, answer }
            }
            Err(error) => {
                let reason = net::causes(&error.without_url());
                tracing::debug!(method = %request.method, path = request.shown(), reason, "broken");
                let outcome = match reason.as_str() {
                    _ if reason.contains("timed out") => Outcome::TimedOut,
                    _ => Outcome::Cut,
                };
                Came::Broken { outcome, reason }
            }
        })
    }

    /// The body up to the limit.
    async fn read(
        &self,
        request: &Request<'_>,
        mut response: Response,
    ) -> Result<reqwest::Result<Bytes>, Error> {
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Err(error) => return Ok(Err(error)),
                Ok(None) => return Ok(Ok(Bytes::from(body))),
                Ok(Some(piece)) if body.len() + piece.len() > self.largest => {
                    return Err(Error::TooLarge {
                        path: request.shown().to_owned(),
                        most: self.largest >> 20,
                    });
                }
                Ok(Some(piece)) => body.extend_from_slice(&piece),
            }
        }
    }

    /// The address of a path. A path that names a host would send the token there.
    fn address(&self, path: &str) -> Result<Url, Error> {
        let base = self.connection.instance_url();
        let refused = |target: &str| Error::Elsewhere {
            path: link::shown(path),
            target: link::shown(target),
            reason: "it is no path of the org",
        };
        if !path.starts_with("/services/") {
            return Err(refused(path));
        }
        let url = base.join(path).map_err(|_| refused(path))?;
        if url.origin() == base.origin() {
            Ok(url)
        } else {
            Err(refused(url.as_str()))
        }
    }

    fn host(&self) -> String {
        self.connection
            .instance_url()
            .host_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn broken(&self, outcome: Outcome<'_>, reason: String, attempts: u32) -> Failed {
        let most = match classify(outcome) {
            Disposition::Retry { most, .. } => most,
            _ => 0,
        };
        Failed {
            error: Error::Unreachable {
                host: self.host(),
                reason,
                attempts,
            },
            most,
            after: None,
        }
    }

    fn unavailable(&self, fault: &Fault, answer: &Answer, attempts: u32) -> Error {
        let reason = if fault.code.is_empty() {
            content_type(answer)
        } else {
            fault.code.clone()
        };
        Error::Unavailable {
            host: self.host(),
            status: fault.status,
            reason: if fault.status == 420 {
                format!("{reason}, no route for this host: a wrong address, or the org moved")
            } else {
                reason
            },
            attempts,
        }
    }
}

fn unreadable(request: &Request<'_>, answer: &Answer) -> Error {
    Error::Unreadable {
        path: request.shown().to_owned(),
        reason: format!(
            "{} bytes of {} that are no complete {:?}",
            answer.body.len(),
            content_type(answer),
            request.accept
        )
        .to_lowercase(),
    }
}
