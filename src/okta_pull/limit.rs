//! The rate limit: when a request may be sent, by what the answers before it said.

use super::refusal::header;
use crate::net::Clock;
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::cell::Cell;

/// A limit that is reset later than this is not waited for before a request, in seconds; Okta's windows have 60.
const LONGEST_WAIT: i64 = 120;

/// The rate limit of a run.
pub(super) struct Limit<'a> {
    clock: &'a Clock,
    /// The limit is used up until then.
    not_before: Cell<Option<Timestamp>>,
}

impl<'a> Limit<'a> {
    pub(super) fn new(clock: &'a Clock) -> Self {
        Self {
            clock,
            not_before: Cell::new(None),
        }
    }

    /// Notes that this answer was the last of its window, so that the next request waits instead of being refused.
    pub(super) fn note(&self, headers: &HeaderMap) {
        let number = |name| header(headers, name)?.trim().parse::<i64>().ok();
        let limit = number("x-rate-limit-limit").unwrap_or(0);
        let (Some(0), Some(reset)) = (
            number("x-rate-limit-remaining"),
            number("x-rate-limit-reset"),
        ) else {
            return;
        };
        let now = date(headers).unwrap_or_else(|| self.clock.now());
        let left = reset - now.as_second();
        // A limit of 0 speaks of requests at once, and its reset is no more than a suggestion.
        if limit > 0 && (1..=LONGEST_WAIT).contains(&left) {
            let wait = jiff::SignedDuration::from_secs(left);
            self.not_before.set(self.clock.now().checked_add(wait).ok());
        }
    }

    /// Waits until the window of the next request begins.
    pub(super) async fn wait(&self) {
        let Some(moment) = self.not_before.take() else {
            return;
        };
        if let Ok(wait) = moment.duration_since(self.clock.now()).try_into() {
            tracing::info!(?wait, "waiting for the rate limit");
            self.clock.sleep(wait).await;
        }
    }

    /// Seconds that the server asks to wait for.
    pub(super) fn reset(&self, status: u16, headers: &HeaderMap) -> Option<u64> {
        let number = |name: &str| header(headers, name)?.trim().parse::<i64>().ok();
        let asked = number(RETRY_AFTER.as_str());
        let reset = || {
            let reset = number("x-rate-limit-reset").filter(|_| status == 429)?;
            if number("x-rate-limit-limit") == Some(0) {
                return None;
            }
            let now = date(headers).unwrap_or_else(|| self.clock.now());
            // A second more, as both clocks are cut to seconds.
            Some((reset - now.as_second()).max(0) + 1)
        };
        // What comes after a wait must not wait once more.
        self.not_before.set(None);
        asked.or_else(reset).and_then(|time| time.try_into().ok())
    }
}

/// What time it was for the server.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let date = jiff::fmt::rfc2822::parse(header(headers, DATE.as_str())?);
    date.ok().map(|moment| moment.timestamp())
}
