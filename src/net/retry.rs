//! Whether an answer is worth asking for again: a pure function, and the pauses between the attempts.
//!
//! Nothing here sends or sleeps. Quota errors are never retried: every attempt would cost one more request of the
//! quota that is gone.

use std::time::Duration;

/// What came of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The server answered; what is needed of the answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// `errorCode` of the body (Salesforce), empty where it has none.
        code: &'a str,
        /// `message` of the body, empty where it has none.
        message: &'a str,
        /// Seconds of the header `Retry-After`.
        retry_after: Option<u64>,
        /// Whether the body is what was asked for (JSON, CSV); a page of the edge in HTML is not.
        readable: bool,
    },
    /// No connection could be made.
    Unreachable,
    /// The connection was reset, or ended before the end of the body.
    Cut,
    /// No answer in time.
    TimedOut,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// This is the answer.
    Done,
    /// Ask again, at most so many times, not before `after` seconds.
    Retry {
        /// The most further attempts for this kind of failure.
        most: u32,
        /// What the server asked to wait for, in seconds.
        after: Option<u64>,
    },
    /// A new token is needed, once.
    Renew,
    /// Asking again cannot help.
    Stop,
}

/// Attempts after the first where nothing else is said.
const MOST: u32 = 5;
/// `UNKNOWN_EXCEPTION` of Salesforce seldom goes away, and the edge does not learn a new host.
const FEW: u32 = 2;

/// Decides about one outcome of a request that may be repeated.
///
/// The table is section 2.1 of the notes on the API: 408, 420, 429, 5xx, resets and cut bodies are retried, and of
/// `REQUEST_LIMIT_EXCEEDED` only the form that speaks of concurrency.
#[must_use]
pub fn classify(outcome: Outcome<'_>) -> Disposition {
    let retry = |most| Disposition::Retry { most, after: None };
    let (status, code, message, retry_after, readable) = match outcome {
        Outcome::Unreachable | Outcome::Cut | Outcome::TimedOut => return retry(MOST),
        Outcome::Answer {
            status,
            code,
            message,
            retry_after,
            readable,
        } => (status, code, message, retry_after, readable),
    };
    let asked = |most| Disposition::Retry {
        most,
        after: retry_after,
    };
    match status {
        // A good status with a page of HTML, or a body that ends in the middle: something between us and the server.
        200..=299 if !readable => retry(MOST),
        200..=299 | 304 => Disposition::Done,
        401 if is_curable(code, message) => Disposition::Renew,
        403 if code == "REQUEST_LIMIT_EXCEEDED" && message.contains("Concurrent") => asked(MOST),
        // 420: the edge has no route for the host. 500: Salesforce gave up on this one.
        420 | 500 => asked(FEW),
        408 | 429 | 502..=504 => asked(MOST),
        // A query that took too long is asked again smaller, by whoever asked.
        _ => Disposition::Stop,
    }
}

/// Whether a new token can help against a 401.
fn is_curable(code: &str, message: &str) -> bool {
    let about_the_app = [
        "not valid for use with the REST API",
        "not attached to Agent",
    ];
    code == "INVALID_SESSION_ID" && !about_the_app.iter().any(|text| message.contains(text))
}

/// How long and how often a request is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The pause before the second attempt is at most this; each later one at most twice the one before.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
    /// All pauses of one request together are not longer.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            total: Duration::from_mins(3),
        }
    }
}

/// The pauses between the attempts of one request: exponential with full jitter, so that clients that failed together
/// do not come back together.
#[derive(Clone, Debug)]
pub struct Pauses {
    patience: Patience,
    next: Duration,
    spent: Duration,
    random: u64,
}

impl Pauses {
    /// The pauses of one request. `seed` decides the jitter.
    #[must_use]
    pub fn new(patience: Patience, seed: u64) -> Self {
        Self {
            patience,
            next: patience.first,
            spent: Duration::ZERO,
            // xorshift stays at zero for ever.
            random: seed | 1,
        }
    }

    /// A number from 0 up to, but without, 1.
    fn fraction(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        f64::from(u32::try_from(self.random >> 32).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }

    /// The pause that was meant, or the longer one that the server asked for; `None` where the patience ends.
    #[must_use]
    pub fn granted(patience: Patience, meant: Duration, after: Option<u64>) -> Option<Duration> {
        let asked = Duration::from_secs(after.unwrap_or(0));
        (asked <= patience.total).then(|| meant.max(asked))
    }
}

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        if self.spent >= self.patience.total {
            return None;
        }
        let left = self.patience.total.saturating_sub(self.spent);
        let pause = self.next.mul_f64(self.fraction()).min(left);
        // What could have been waited counts, so that the end does not depend on luck.
        self.spent += self.next;
        self.next = (self.next * 2).min(self.patience.longest);
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer<'a>(status: u16, code: &'a str, message: &'a str) -> Outcome<'a> {
        Outcome::Answer {
            status,
            code,
            message,
            retry_after: None,
            readable: true,
        }
    }

    #[test]
    #[expect(
        clippy::too_many_lines,
        reason = "one table, one line for each outcome"
    )]
    fn every_outcome_has_its_disposition() {
        let retry = |most| Disposition::Retry { most, after: None };
        let html = |status| Outcome::Answer {
            status,
            code: "",
            message: "",
            retry_after: None,
            readable: false,
        };
        let limit = "REQUEST_LIMIT_EXCEEDED";
        let table = [
            (answer(200, "", ""), Disposition::Done),
            (answer(201, "", ""), Disposition::Done),
            (answer(304, "", ""), Disposition::Done),
            (html(200), retry(5)),
            (html(503), retry(5)),
            (html(404), Disposition::Stop),
            (
                answer(400, "MALFORMED_QUERY", "unexpected token: x"),
                Disposition::Stop,
            ),
            (
                answer(400, "QUERY_TIMEOUT", "too complicated"),
                Disposition::Stop,
            ),
            (
                answer(401, "INVALID_SESSION_ID", "Session expired or invalid"),
                Disposition::Renew,
            ),
            (
                answer(
                    401,
                    "INVALID_SESSION_ID",
                    "This session is not valid for use with the REST API",
                ),
                Disposition::Stop,
            ),
            (
                answer(
                    401,
                    "INVALID_SESSION_ID",
                    "Connected app is not attached to Agent",
                ),
                Disposition::Stop,
            ),
            (
                answer(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"),
                Disposition::Stop,
            ),
            (
                answer(403, limit, "TotalRequests Limit exceeded."),
                Disposition::Stop,
            ),
            (
                answer(403, limit, "ConcurrentPerOrgLongTxn Limit exceeded."),
                retry(5),
            ),
            (
                answer(403, "API_DISABLED_FOR_ORG", "The REST API is not enabled"),
                Disposition::Stop,
            ),
            (
                answer(404, "NOT_FOUND", "The requested resource does not exist"),
                Disposition::Stop,
            ),
            (answer(408, "", ""), retry(5)),
            (answer(409, "", ""), Disposition::Stop),
            (answer(414, "", ""), Disposition::Stop),
            (answer(420, "", ""), retry(2)),
            (answer(429, "", ""), retry(5)),
            (answer(431, "", ""), Disposition::Stop),
            (
                answer(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred."),
                retry(2),
            ),
            (answer(502, "", ""), retry(5)),
            (answer(503, "SERVER_UNAVAILABLE", ""), retry(5)),
            (answer(504, "", ""), retry(5)),
            (answer(302, "", ""), Disposition::Stop),
            (Outcome::Unreachable, retry(5)),
            (Outcome::Cut, retry(5)),
            (Outcome::TimedOut, retry(5)),
        ];
        for (outcome, due) in table {
            assert_eq!(classify(outcome), due, "{outcome:?}");
        }
    }

    #[test]
    fn the_server_may_ask_for_a_longer_pause() {
        let outcome = Outcome::Answer {
            status: 429,
            code: "",
            message: "",
            retry_after: Some(7),
            readable: true,
        };
        assert_eq!(
            classify(outcome),
            Disposition::Retry {
                most: 5,
                after: Some(7)
            }
        );
        let patience = Patience::default();
        let second = Duration::from_secs(1);
        let granted = |after| Pauses::granted(patience, second, after);
        assert_eq!(granted(None), Some(second));
        assert_eq!(granted(Some(7)), Some(Duration::from_secs(7)));
        assert_eq!(granted(Some(0)), Some(second));
        assert_eq!(granted(Some(3600)), None, "longer than anybody waits");
    }

    #[test]
    fn pauses_grow_stay_below_their_caps_and_end() {
        for seed in 0..200 {
            let patience = Patience::default();
            let pauses: Vec<Duration> = Pauses::new(patience, seed).collect();
            assert!(pauses.iter().sum::<Duration>() <= patience.total);
            let mut most = patience.first;
            for pause in &pauses {
                assert!(*pause <= most, "seed {seed}: {pause:?} of {most:?}");
                most = (most * 2).min(patience.longest);
            }
            assert!((8..=14).contains(&pauses.len()), "{}", pauses.len());
        }
        let [one, two] = [1, 2].map(|seed| Pauses::new(Patience::default(), seed << 40).nth(3));
        assert_ne!(one, two, "jitter");
    }
}
