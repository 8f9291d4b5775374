//! One request to Okta: sent, looked at, repeated where that helps, and not sooner than the rate limit allows.

use super::limit::{Limit, date};
use super::refusal::{Fault, advice, header, reason};
use super::service::{Next, Session, readable};
use super::{Account, Error, link};
use crate::net::retry::{Disposition, Outcome, Patience, Pauses, classify};
use crate::net::{self, Clock, Timeouts};
use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use serde_json::value::RawValue;
use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use url::Url;

/// The most bytes of one page: 500 app users with long profiles are about 2 MB.
const LARGEST: usize = 64 << 20;
/// The most pages of one list: 50 million users.
const MOST_PAGES: usize = 100_000;

/// Sends the requests of one run.
pub(super) struct Client<'a> {
    http: net::Client,
    clock: &'a Clock,
    base: Url,
    session: Session<'a>,
    requests: Cell<u64>,
    limit: Limit<'a>,
}

/// A good answer.
pub(super) struct Answer {
    headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What came of sending once.
enum Came {
    Whole {
        status: u16,
        headers: HeaderMap,
        body: Bytes,
    },
    Broken {
        outcome: Outcome<'static>,
        reason: String,
    },
}

/// The attempts of one request.
struct Attempts {
    count: u32,
    pauses: Pauses,
    renewed: bool,
}

impl<'a> Client<'a> {
    pub(super) fn new(account: &'a Account, clock: &'a Clock, scopes: &[&str]) -> Self {
        Self {
            http: net::Client::new(account.hosts, Timeouts::default()),
            clock,
            base: account.base.clone(),
            session: Session::new(account, scopes),
            requests: Cell::new(0),
            limit: Limit::new(clock),
        }
    }

    /// Requests that were sent.
    pub(super) fn requests(&self) -> u64 {
        self.requests.get()
    }

    /// Scopes of the token.
    pub(super) fn granted(&self) -> Vec<String> {
        self.session.granted()
    }

    /// An address of the API: path segments and parameters are escaped.
    pub(super) fn url(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(["api", "v1"]).extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Every element of a list, page by page. Gives the number of pages.
    pub(super) async fn each(
        &self,
        first: Url,
        mut take: impl FnMut(&RawValue) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let mut seen = HashSet::new();
        let mut url = first;
        loop {
            let unreadable = |reason: String| Error::Unreadable {
                path: url.path().to_owned(),
                reason,
            };
            if !seen.insert(url.as_str().to_owned()) || seen.len() > MOST_PAGES {
                return Err(unreadable(String::from(
                    "its pages have no end: a link leads to a page that was read before",
                )));
            }
            let answer = self.get(&url).await?;
            let elements: Vec<&RawValue> = serde_json::from_slice(&answer.body)
                .map_err(|fault| unreadable(format!("it is no list: {fault}")))?;
            for element in elements {
                take(element)?;
            }
            match link::next(&answer.headers, &url)? {
                Some(next) => url = next,
                None => return Ok(seen.len() as u64),
            }
        }
    }

    /// Gets what an address holds: complete JSON.
    pub(super) async fn get(&self, url: &Url) -> Result<Answer, Error> {
        let mut attempts = Attempts::new();
        loop {
            self.limit.wait().await;
            if self.session.wants_token(self.clock.now()) {
                self.renew().await?;
            }
            let headers = self.session.headers(url, self.clock.now())?;
            let request = self.http.get(url)?.headers(headers);
            match self.once(url, request).await? {
                Came::Whole {
                    status: status @ 200..=299,
                    headers,
                    body,
                } => {
                    self.session.note_nonce(&headers);
                    if serde_json::from_slice::<&RawValue>(&body).is_ok() {
                        return Ok(Answer { headers, body });
                    }
                    let reason = format!("{} bytes that are no complete JSON", body.len());
                    let outcome = answer(status, None, false);
                    attempts
                        .again(self.clock, outcome, |_| Error::Unreadable {
                            path: url.path().to_owned(),
                            reason,
                        })
                        .await?;
                }
                Came::Whole {
                    status,
                    headers,
                    body,
                } => {
                    self.refused(&mut attempts, url, (status, &headers, &body))
                        .await?;
                }
                Came::Broken { outcome, reason } => {
                    self.broken(&mut attempts, outcome, reason).await?;
                }
            }
        }
    }

    /// Decides about an answer that is none: returns where the request is to be sent again.
    async fn refused(
        &self,
        attempts: &mut Attempts,
        url: &Url,
        (status, headers, body): (u16, &HeaderMap, &[u8]),
    ) -> Result<(), Error> {
        let fault: Fault = serde_json::from_slice(body).unwrap_or_default();
        let challenge = header(headers, "www-authenticate").unwrap_or_default();
        if status == 401 && !attempts.renewed {
            let fresh = self.session.note_nonce(headers) && challenge.contains("use_dpop_nonce");
            attempts.renewed = true;
            if fresh || self.session.drop_token() {
                return Ok(());
            }
        }
        let path = url.path().to_owned();
        let after = self.limit.reset(status, headers);
        let outcome = answer(status, after, true);
        let host = net::origin(url);
        let text = reason(&fault, headers);
        attempts
            .again(self.clock, outcome, |attempts| match status {
                429 => Error::RateLimit {
                    path,
                    seconds: after,
                    attempts,
                },
                408 | 420 | 500.. => Error::Unavailable {
                    host,
                    status,
                    reason: text,
                    attempts,
                },
                _ => Error::Refused {
                    path,
                    status,
                    code: readable(&fault.code),
                    summary: text,
                    advice: advice(status, &fault.code, challenge),
                },
            })
            .await
    }

    async fn broken(
        &self,
        attempts: &mut Attempts,
        outcome: Outcome<'_>,
        reason: String,
    ) -> Result<(), Error> {
        let host = net::origin(&self.base);
        attempts
            .again(self.clock, outcome, |attempts| Error::Unreachable {
                host,
                reason,
                attempts,
            })
            .await
    }

    /// Gets a new access token for a service app.
    async fn renew(&self) -> Result<(), Error> {
        let mut url = self.base.clone();
        url.set_path("/oauth2/v1/token");
        let mut attempts = Attempts::new();
        let mut answers = 0;
        loop {
            let (form, headers) = self.session.request(&url, self.clock.now())?;
            let request = self
                .http
                .post(&url)?
                .headers(headers)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.expose().to_owned());
            match self.once(&url, request).await? {
                Came::Broken { outcome, reason } => {
                    self.broken(&mut attempts, outcome, reason).await?;
                }
                Came::Whole {
                    status: status @ (408 | 420 | 429 | 500..),
                    headers,
                    body,
                } => {
                    self.refused(&mut attempts, &url, (status, &headers, &body))
                        .await?;
                }
                Came::Whole {
                    status,
                    headers,
                    body,
                } => {
                    answers += 1;
                    let times = (self.clock.now(), date(&headers));
                    let came = (status, &headers, &body[..]);
                    match self.session.answered(came, times, answers)? {
                        Next::Done => return Ok(()),
                        Next::Again => {}
                    }
                }
            }
        }
    }

    async fn once(&self, url: &Url, request: reqwest::RequestBuilder) -> Result<Came, Error> {
        self.requests.set(self.requests.get() + 1);
        let sent = match request.header(ACCEPT, "application/json").send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let headers = response.headers().clone();
                whole(url, response)
                    .await?
                    .map(|body| (status, headers, body))
            }
            Err(error) => Err(error),
        };
        Ok(match sent {
            Ok((status, headers, body)) => {
                tracing::debug!(path = url.path(), status, bytes = body.len(), "answered");
                self.limit.note(&headers);
                Came::Whole {
                    status,
                    headers,
                    body,
                }
            }
            Err(error) => {
                let reason = net::causes(&error.without_url());
                tracing::debug!(path = url.path(), reason, "broken");
                let outcome = if reason.contains("timed out") {
                    Outcome::TimedOut
                } else {
                    Outcome::Cut
                };
                Came::Broken { outcome, reason }
            }
        })
    }
}

impl Attempts {
    fn new() -> Self {
        Self {
            count: 0,
            pauses: Pauses::new(Patience::default(), RandomState::new().hash_one(0)),
            renewed: false,
        }
    }

    /// Waits where another attempt is worth it; else this is the end.
    async fn again(
        &mut self,
        clock: &Clock,
        outcome: Outcome<'_>,
        error: impl FnOnce(u32) -> Error,
    ) -> Result<(), Error> {
        self.count += 1;
        if let Disposition::Retry { most, after } = classify(outcome)
            && self.count <= most
            && let Some(pause) = self.pauses.next()
            && let Some(pause) = Pauses::granted(Patience::default(), pause, after)
        {
            tracing::warn!(?outcome, ?pause, "asked again");
            clock.sleep(pause).await;
            return Ok(());
        }
        Err(error(self.count))
    }
}

fn answer(status: u16, retry_after: Option<u64>, readable: bool) -> Outcome<'static> {
    Outcome::Answer {
        status,
        code: "",
        message: "",
        retry_after,
        readable,
    }
}

/// The body up to the limit.
async fn whole(
    url: &Url,
    mut response: reqwest::Response,
) -> Result<reqwest::Result<Bytes>, Error> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Err(error) => return Ok(Err(error)),
            Ok(None) => return Ok(Ok(Bytes::from(body))),
            Ok(Some(piece)) if body.len() + piece.len() > LARGEST => {
                return Err(Error::Unreadable {
                    path: url.path().to_owned(),
                    reason: format!("one page is larger than {} MiB", LARGEST >> 20),
                });
            }
            Ok(Some(piece)) => body.extend_from_slice(&piece),
        }
    }
}
