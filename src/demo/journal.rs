//! The account of what was asked: tests prove from it that nothing was written, and how often something was read.

use super::http::Request;
use super::route::Endpoint;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The verb, in upper case.
    pub method: String,
    /// The path, decoded, without a slash at its end.
    pub path: String,
    /// The parameters of the address, decoded.
    pub query: Vec<(String, String)>,
    /// The body, as far as it is text; of a form it holds what the client sent, secrets included.
    pub body: String,
    /// What was asked.
    pub endpoint: Endpoint,
    /// The object that was asked for.
    pub object: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// Names and values of the headers; `authorization` without its token.
    pub headers: Vec<(String, String)>,
}

impl Entry {
    /// A parameter of the address.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The text of the query that was asked, if it was one.
    #[must_use]
    pub fn soql(&self) -> Option<&str> {
        self.parameter("q")
    }

    /// A header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }
}

/// How much was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// All requests.
    pub requests: u64,
    /// Requests that count against the daily limit of the org.
    pub api: u64,
    /// Requests that would have written something. They were refused.
    pub writes: u64,
    /// Tokens that were asked for.
    pub tokens: u64,
}

/// The account.
#[derive(Debug, Default)]
pub(super) struct Journal {
    entries: Vec<Entry>,
    counts: Counts,
    complaints: Vec<String>,
}

/// More entries than this are counted, but not kept.
const KEPT: usize = 100_000;
/// So much of a body is kept.
const KEPT_OF_BODY: usize = 1 << 16;

impl Journal {
    pub(super) fn note(
        &mut self,
        request: &Request,
        endpoint: Endpoint,
        object: Option<String>,
        status: u16,
    ) {
        self.counts.requests += 1;
        self.counts.writes += u64::from(endpoint == Endpoint::Write);
        self.counts.tokens += u64::from(endpoint == Endpoint::Token);
        if self.entries.len() >= KEPT {
            return;
        }
        let body = request.body.get(..KEPT_OF_BODY).unwrap_or(&request.body);
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| {
                let text = value.to_str().unwrap_or_default();
                let text = match (name.as_str(), text.split_once(' ')) {
                    ("authorization", Some((scheme, _))) => scheme,
                    _ => text,
                };
                (name.as_str().to_owned(), text.to_owned())
            })
            .collect();
        self.entries.push(Entry {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            body: String::from_utf8_lossy(body).into_owned(),
            endpoint,
            object,
            status,
            headers,
        });
    }

    /// Counts a call against the daily limit.
    pub(super) fn use_quota(&mut self) {
        self.counts.api += 1;
    }

    /// Keeps what the scenario asked for and could not be done.
    pub(super) fn complain(&mut self, what: String) {
        self.complaints.push(what);
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn complaints(&self) -> &[String] {
        &self.complaints
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.counts = Counts::default();
    }
}
