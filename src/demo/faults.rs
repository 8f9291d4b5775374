//! Mishaps: what goes wrong, at which requests, how often.

use super::Change;
use super::http::{Answer, Body};
use super::refusal::Refusal;
use super::route::Endpoint;
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// The answer comes late; milliseconds in a scenario file.
    #[serde(rename = "latency-ms", deserialize_with = "milliseconds")]
    Latency(Duration),
    /// The connection breaks after so many bytes of the body.
    CutBody(usize),
    /// The body ends after so many bytes, and says that it is whole.
    Truncate(usize),
    /// The body is no JSON.
    InvalidJson,
    /// A page in HTML with this status, as the edge sends it under maintenance.
    Html(u16),
    /// An error that Salesforce would answer.
    Refuse(Problem),
    /// A redirect to this address.
    Redirect(String),
    /// `nextRecordsUrl` is this text.
    NextUrl(String),
    /// A page has at most so many records, however many were asked for.
    ShorterPage(usize),
    /// The last record of the page before comes once more.
    RepeatRow,
    /// The first record of the page is left out.
    SkipRow,
    /// The page is never the last: its next link leads to itself.
    Endless,
    /// The body goes on for so many bytes.
    Giant(u64),
    /// Somebody changes the org before the request is answered.
    Change(Change),
    /// All sessions end before the request is answered; refresh tokens stay.
    ExpireSessions,
}

/// An error that Salesforce would answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Problem {
    /// 401: a new token helps.
    SessionExpired,
    /// 401: a new token does not help.
    NotForRest,
    /// 401: a new token does not help.
    NoAgent,
    /// 403: the calls of the day are used up.
    DailyLimit,
    /// 403: too many long requests at once.
    ConcurrencyLimit,
    /// 403: the REST API is switched off.
    ApiDisabled,
    /// 420: the edge knows no way to the host.
    NoRoute,
    /// 429, without saying how long to wait.
    TooMany,
    /// 429, with seconds to wait.
    TooManyFor(u32),
    /// 500: something unexpected.
    Unknown,
    /// 502: the edge has no answer, in HTML.
    BadGateway,
    /// 503, in JSON.
    Unavailable,
    /// 504: the edge has no answer in time, in HTML.
    GatewayTimeout,
    /// 400: the query takes too long.
    QueryTimeout,
    /// 400: the cursor is gone.
    LocatorExpired,
    /// 400: a field is refused though describe has it.
    InvalidField,
    /// 408
    RequestTimeout,
}

impl Problem {
    fn answer(self) -> Answer {
        let (status, code, message) = match self {
            Self::SessionExpired => (401, "INVALID_SESSION_ID", "Session expired or invalid"),
            Self::NotForRest => (
                401,
                "INVALID_SESSION_ID",
                "This session is not valid for use with the REST API",
            ),
            Self::NoAgent => (
                401,
                "INVALID_SESSION_ID",
                "Connected app is not attached to Agent",
            ),
            Self::DailyLimit => (
                403,
                "REQUEST_LIMIT_EXCEEDED",
                "TotalRequests Limit exceeded.",
            ),
            Self::ConcurrencyLimit => (
                403,
                "REQUEST_LIMIT_EXCEEDED",
                "ConcurrentPerOrgLongTxn Limit exceeded.",
            ),
            Self::ApiDisabled => (
                403,
                "API_DISABLED_FOR_ORG",
                "The REST API is not enabled for this Organization.",
            ),
            Self::NoRoute => return html(420),
            Self::TooMany => return throttled(),
            Self::TooManyFor(seconds) => {
                return throttled().with("retry-after", seconds.to_string());
            }
            Self::Unknown => (
                500,
                "UNKNOWN_EXCEPTION",
                "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-123456789)",
            ),
            Self::BadGateway => return html(502),
            Self::Unavailable => (503, "SERVER_UNAVAILABLE", "Server is unavailable"),
            Self::GatewayTimeout => return html(504),
            Self::QueryTimeout => (
                400,
                "QUERY_TIMEOUT",
                "Your query request was running for too long.",
            ),
            Self::LocatorExpired => (400, "INVALID_QUERY_LOCATOR", "invalid query locator"),
            Self::InvalidField => (400, "INVALID_FIELD", "No such column on entity"),
            Self::RequestTimeout => return html(408),
        };
        Refusal::new(status, code, message).into()
    }
}

fn milliseconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    serde::Deserialize::deserialize(from).map(Duration::from_millis)
}

fn throttled() -> Answer {
    Refusal::new(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests.").into()
}

fn html(status: u16) -> Answer {
    let page = format!(
        "<!DOCTYPE html><html><head><title>We are down for maintenance.</title></head><body><h1>{status}</h1><p>We are down for maintenance. Sorry for the inconvenience.</p></body></html>"
    );
    Answer::text(status, "text/html;charset=UTF-8", page)
}

impl Effect {
    /// The change of the org that it is.
    pub(super) fn change(&self) -> Option<&Change> {
        match self {
            Self::Change(change) => Some(change),
            _ => None,
        }
    }

    /// The answer that comes instead of the right one.
    pub(super) fn replaces(&self) -> Option<Answer> {
        match self {
            Self::Html(status) => Some(html(*status)),
            Self::Refuse(problem) => Some(problem.answer()),
            Self::Redirect(to) => Some(Answer::empty(302).with("location", to.clone())),
            _ => None,
        }
    }

    /// Spoils an answer.
    pub(super) fn spoil(&self, answer: &mut Answer) {
        match self {
            Self::Latency(time) => answer.delay += *time,
            Self::CutBody(after) => answer.sent = Body::Cut(*after),
            Self::Truncate(after) => answer.body.truncate(*after),
            Self::InvalidJson => answer.body = b"{\"totalSize\": nonsense".to_vec(),
            Self::Giant(more) => answer.sent = Body::Padded(*more),
            _ => {}
        }
    }
}

/// A mishap: an effect, and the requests it hits.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    effect: Effect,
    on: Option<Endpoint>,
    object: Option<String>,
    #[serde(default)]
    after: u64,
    times: Option<u64>,
}

impl Fault {
    /// At every request.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            on: None,
            object: None,
            after: 0,
            times: None,
        }
    }

    /// Only at requests of this kind.
    #[must_use]
    pub fn on(mut self, endpoint: Endpoint) -> Self {
        self.on = Some(endpoint);
        self
    }

    /// Only at requests about this object.
    #[must_use]
    pub fn object(mut self, object: &str) -> Self {
        self.object = Some(object.to_owned());
        self
    }

    /// Not at the first so many of them.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// So many times, then never again.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Once.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    fn hits(&self, endpoint: Endpoint, object: Option<&str>) -> bool {
        let object_fits = self
            .object
            .as_deref()
            .is_none_or(|own| object.is_some_and(|object| own.eq_ignore_ascii_case(object)));
        self.on.is_none_or(|on| on == endpoint) && object_fits
    }
}

/// All mishaps of a run, and how far they are.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// With the number of requests that fitted so far.
    all: Vec<(Fault, u64)>,
}

impl Faults {
    pub(super) fn new(all: Vec<Fault>) -> Self {
        Self {
            all: all.into_iter().map(|fault| (fault, 0)).collect(),
        }
    }

    /// Adds a mishap to a running org.
    pub(super) fn add(&mut self, fault: Fault) {
        self.all.push((fault, 0));
    }

    /// What happens at this request.
    pub(super) fn due(&mut self, endpoint: Endpoint, object: Option<&str>) -> Vec<Effect> {
        let mut due = Vec::new();
        for (fault, seen) in &mut self.all {
            if !fault.hits(endpoint, object) {
                continue;
            }
            *seen += 1;
            let number = seen.saturating_sub(fault.after);
            if number >= 1 && fault.times.is_none_or(|times| number <= times) {
                due.push(fault.effect.clone());
            }
        }
        due
    }
}
