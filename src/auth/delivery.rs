//! How a request for a token gets to Salesforce: allowed hosts, time-outs, a second try where that is safe, and what the
//! answer says of itself.

use crate::net::{self, Client, Clock, Hosts, redact};
use jiff::{SignedDuration, Timestamp};
use oauth2::{HttpRequest, HttpResponse};
use std::sync::Mutex;
use std::time::Duration;
use url::Url;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(45);
/// No token answer is longer, in bytes.
const LONGEST: usize = 1024 * 1024;
/// How often a request is sent that could not be delivered, and the waits between.
const WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Undelivered {
    #[error(transparent)]
    Net(#[from] net::Error),
    /// Nothing of the request arrived, so it may be sent again.
    #[error("{0}")]
    NotSent(String),
    #[error("{0}")]
    Broken(String),
}

/// What an answer said of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    status: u16,
    kind: String,
    /// How far the clock of this machine is ahead of the server's.
    pub(super) ahead: Option<SignedDuration>,
}

/// Sends the requests of one endpoint.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    client: &'a Client,
    clock: &'a Clock,
    flow: &'static str,
    seen: Mutex<Seen>,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(client: &'a Client, clock: &'a Clock, flow: &'static str) -> Self {
        Self {
            client,
            clock,
            flow,
            seen: Mutex::new(Seen::default()),
        }
    }

    pub(super) fn hosts(&self) -> Hosts {
        self.client.hosts()
    }

    /// What the last answer said of itself.
    pub(super) fn seen(&self) -> Seen {
        lock(&self.seen).clone()
    }

    /// Posts a form.
    pub(super) async fn post(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        again: Again,
    ) -> Result<HttpResponse, Undelivered> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = http::Request::post(url.as_str())
            .header(http::header::ACCEPT, "application/json")
            .header(
                http::header::CONTENT_TYPE,
                "application/x-www-form-urlencoded",
            )
            .body(body.into_bytes())
            .map_err(|error| Undelivered::Broken(error.to_string()))?;
        self.deliver(request, again).await
    }

    /// Sends a request, again where it did not arrive.
    pub(super) async fn deliver(
        &self,
        request: HttpRequest,
        again: Again,
    ) -> Result<HttpResponse, Undelivered> {
        for wait in WAITS {
            match self.send(&request).await {
                Err(Undelivered::NotSent(reason)) => tracing::debug!(reason, "sent again"),
                Ok(response) if again == Again::IfUnavailable && is_unavailable(&response) => {
                    tracing::debug!(status = response.status().as_u16(), "sent again");
                }
                other => return other,
            }
            self.clock.sleep(wait).await;
        }
        self.send(&request).await
    }

    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, Undelivered> {
        let url = Url::parse(&request.uri().to_string())
            .map_err(|error| Undelivered::Broken(error.to_string()))?;
        tracing::debug!(
            host = net::origin(&url),
            path = url.path(),
            flow = self.flow,
            "asking"
        );
        let response = self
            .client
            .request(request.method().clone(), &url)?
            .headers(request.headers().clone())
            .body(request.body().clone())
            .timeout(PATIENCE)
            .send()
            .await
            .map_err(|error| undelivered(&error))?;
        self.note(&response);
        read(response).await
    }

    /// Keeps what `oauth2` drops: the status, and the server's clock.
    fn note(&self, response: &reqwest::Response) {
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let kind = header(http::header::CONTENT_TYPE).unwrap_or_default();
        let ahead = header(http::header::DATE)
            .and_then(|date| moment(&date))
            .map(|server| self.clock.now().duration_since(server));
        let status = response.status().as_u16();
        tracing::debug!(status, kind, "answered");
        *lock(&self.seen) = Seen {
            status,
            kind,
            ahead,
        };
    }
}

impl Seen {
    /// What to say of an answer that is none of OAuth.
    pub(super) fn unreadable(&self) -> String {
        let kind = if self.kind.is_empty() {
            String::from("no content type")
        } else {
            readable(&self.kind)
        };
        match self.status {
            300..=399 => format!(
                "sends us elsewhere (HTTP {}), which is not followed: give the org's My Domain as --instance-url",
                self.status
            ),
            500.. => format!(
                "is not available (HTTP {}, {kind}): try again later",
                self.status
            ),
            status => format!(
                "does not answer as an OAuth server does (HTTP {status}, {kind}): is this the address of the org?"
            ),
        }
    }
}

/// When a request is sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Only if it surely did not arrive.
    IfNotSent,
    /// As well when the server was not able to look at it.
    IfUnavailable,
}

fn is_unavailable(response: &HttpResponse) -> bool {
    matches!(response.status().as_u16(), 429 | 502..=504)
}

fn undelivered(error: &reqwest::Error) -> Undelivered {
    let reason = net::causes(&error);
    if error.is_connect() {
        Undelivered::NotSent(format!("cannot be reached: {reason}"))
    } else if error.is_timeout() {
        Undelivered::Broken(format!(
            "did not answer within {} seconds",
            PATIENCE.as_secs()
        ))
    } else {
        Undelivered::Broken(reason)
    }
}

async fn read(mut response: reqwest::Response) -> Result<HttpResponse, Undelivered> {
    let mut whole = http::Response::new(Vec::new());
    *whole.status_mut() = response.status();
    *whole.headers_mut() = response.headers().clone();
    while let Some(part) = response
        .chunk()
        .await
        .map_err(|error| undelivered(&error))?
    {
        if whole.body().len() + part.len() > LONGEST {
            return Err(Undelivered::Broken(String::from(
                "the answer is far too long for a token",
            )));
        }
        whole.body_mut().extend_from_slice(&part);
    }
    Ok(whole)
}

/// A text of a server as a message repeats it: one line, cut, and without anything like a secret.
pub(super) fn readable(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(300)
        .collect();
    redact(line.trim()).into_owned()
}

/// A date of HTTP: `Sun, 22 Nov 2026 02:23:43 GMT`.
pub(super) fn moment(date: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(date)
        .ok()
        .map(|zoned| zoned.timestamp())
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_servers_are_read() {
        let at = moment("Sun, 22 Nov 2026 02:23:43 GMT").expect("a date");
        assert_eq!(at.to_string(), "2026-11-22T02:23:43Z");
        assert_eq!(moment("yesterday"), None);
    }

    #[test]
    fn texts_of_servers_are_made_harmless() {
        assert_eq!(readable("a\u{1b}[31m\nb"), "a [31m b");
        assert_eq!(readable("token=abc def"), "token=[redacted] def");
        assert_eq!(readable(&"x".repeat(1000)).len(), 300);
    }
}
