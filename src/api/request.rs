//! What is sent, and what comes back.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;

/// What an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// JSON, complete.
    Json,
    /// JSON of a composite, of which the parts are looked at when they are dealt out.
    Composite,
    /// CSV of a bulk job.
    Csv,
    /// XML of the Metadata API.
    Xml,
}

/// One request that reads, and so may be repeated.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) body: Option<(&'static str, Bytes)>,
    pub(super) accept: Accept,
    pub(super) with_token: bool,
    pub(super) soap_action: bool,
}

impl<'a> Request<'a> {
    /// A GET of a path with its query.
    #[must_use]
    pub fn get(path: &'a str, accept: Accept) -> Self {
        Self {
            method: Method::GET,
            path,
            body: None,
            accept,
            with_token: true,
            soap_action: false,
        }
    }

    /// A composite of GETs.
    #[must_use]
    pub fn composite(path: &'a str, body: Vec<u8>) -> Self {
        Self {
            accept: Accept::Composite,
            ..Self::post(path, body)
        }
    }

    /// A POST of JSON: a bulk query job.
    #[must_use]
    pub fn post(path: &'a str, body: Vec<u8>) -> Self {
        Self {
            method: Method::POST,
            body: Some(("application/json", Bytes::from(body))),
            ..Self::get(path, Accept::Json)
        }
    }

    /// A read-only call of the Metadata API. The session id is in the body.
    #[must_use]
    pub fn soap(path: &'a str, body: Vec<u8>) -> Self {
        Self {
            method: Method::POST,
            body: Some(("text/xml; charset=UTF-8", Bytes::from(body))),
            with_token: false,
            soap_action: true,
            ..Self::get(path, Accept::Xml)
        }
    }

    /// The same without token: for what everybody may ask.
    #[must_use]
    pub fn without_token(mut self) -> Self {
        self.with_token = false;
        self
    }

    /// The path without its query, for people.
    pub(super) fn shown(&self) -> &'a str {
        self.path.split('?').next().unwrap_or_default()
    }
}

/// A good answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Headers.
    pub headers: HeaderMap,
    /// The body, decoded.
    pub body: Bytes,
}

impl Answer {
    /// A header that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
