//! What goes wrong at the fake Okta, at which requests, how often.

use crate::demo::faults::Effect;
use crate::demo::http::Answer;
use serde_json::json;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trouble {
    /// Something of which Okta is as capable as Salesforce: a slow, cut, broken, padded or redirected answer.
    Common(Effect),
    /// An error of Okta's: status, `errorCode`, `errorSummary`.
    Refuse(u16, String, String),
    /// An error without JSON, as a proxy sends it.
    Html(u16),
    /// 429 `E0000047`; the limit is reset in so many seconds.
    TooMany(i64),
    /// 429, as Okta answers too many requests at once: limit and remaining are 0.
    TooManyAtOnce,
    /// The answer is the last of its window, which ends in so many seconds.
    LastOfWindow(i64),
    /// The link to the next page is this address.
    NextLink(String),
    /// The next page is the same page.
    Endless,
}

impl Trouble {
    /// The answer that comes instead of the right one.
    pub(super) fn replaces(&self, now: i64) -> Option<Answer> {
        match self {
            Self::Common(effect) => effect.replaces(),
            Self::Refuse(status, code, summary) => Some(refusal(*status, code, summary)),
            Self::Html(status) => Some(Answer::text(
                *status,
                "text/html;charset=UTF-8",
                "<html><body><h1>Sorry</h1></body></html>",
            )),
            Self::TooMany(seconds) => Some(limited(600, now + seconds)),
            Self::TooManyAtOnce => Some(limited(0, now + 3600)),
            _ => None,
        }
    }

    /// Spoils an answer.
    pub(super) fn spoil(&self, answer: &mut Answer, now: i64) {
        match self {
            Self::Common(effect) => effect.spoil(answer),
            Self::LastOfWindow(seconds) => {
                answer
                    .headers
                    .retain(|(name, _)| !name.starts_with("x-rate-limit"));
                answer.headers.extend(limits(600, 0, now + seconds));
            }
            _ => {}
        }
    }
}

/// An error as Okta writes it.
pub(super) fn refusal(status: u16, code: &str, summary: &str) -> Answer {
    let body = json!({
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": "oaeFAKE",
        "errorCauses": [],
    });
    Answer::json(status, &body)
}

fn limited(limit: u64, reset: i64) -> Answer {
    let mut answer = refusal(
        429,
        "E0000047",
        "API call exceeded rate limit due to too many requests.",
    );
    answer.headers.extend(limits(limit, 0, reset));
    answer
}

/// The headers of the rate limit.
pub(super) fn limits(limit: u64, remaining: u64, reset: i64) -> [(&'static str, String); 3] {
    [
        ("x-rate-limit-limit", limit.to_string()),
        ("x-rate-limit-remaining", remaining.to_string()),
        ("x-rate-limit-reset", reset.to_string()),
    ]
}

/// A mishap: what goes wrong, and the requests it hits.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mishap {
    trouble: Trouble,
    /// Only at requests whose path ends like this.
    on: Option<String>,
    #[serde(default)]
    after: u64,
    times: Option<u64>,
}

impl Mishap {
    /// At every request.
    #[must_use]
    pub fn new(trouble: Trouble) -> Self {
        Self {
            trouble,
            on: None,
            after: 0,
            times: None,
        }
    }

    /// Only at requests whose path ends like this: `/users`, `/token`.
    #[must_use]
    pub fn on(mut self, end: &str) -> Self {
        self.on = Some(end.to_owned());
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

    /// What happens at a request, after so many that fitted.
    pub(super) fn due(&self, path: &str, seen: &mut u64) -> Option<Trouble> {
        if self.on.as_deref().is_some_and(|end| !path.ends_with(end)) {
            return None;
        }
        *seen += 1;
        let number = seen.saturating_sub(self.after);
        let due = number >= 1 && self.times.is_none_or(|times| number <= times);
        due.then(|| self.trouble.clone())
    }
}
