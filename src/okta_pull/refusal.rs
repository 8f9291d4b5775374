//! What Okta says when it says no, and what to do about it.

use super::service::readable;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::Deserialize;

/// An error of Okta's API.
#[derive(Default, Deserialize)]
pub(super) struct Fault {
    #[serde(default, rename = "errorCode")]
    pub(super) code: String,
    #[serde(default, rename = "errorSummary")]
    summary: String,
    #[serde(default, rename = "errorCauses")]
    causes: Vec<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    #[serde(default, rename = "errorSummary")]
    summary: String,
}

/// A header that is text.
pub(super) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Okta's words, or what came instead.
pub(super) fn reason(fault: &Fault, headers: &HeaderMap) -> String {
    if fault.summary.is_empty() {
        let kind = header(headers, CONTENT_TYPE.as_str()).unwrap_or("no content type");
        return format!("an answer of {}", readable(kind));
    }
    let mut text = fault.summary.clone();
    for cause in &fault.causes {
        text.push_str(": ");
        text.push_str(&cause.summary);
    }
    readable(&text)
}

/// What to do, with a separator in front.
pub(super) fn advice(status: u16, code: &str, challenge: &str) -> String {
    let scope = challenge
        .split("scope=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    match (status, code) {
        (401, _) => String::from(
            "; the token is not good any more, or of another org: make a new one (Security > API > Tokens)",
        ),
        (403, _) => match scope {
            Some(scope) => format!(
                "; grant the service app the scope {}, or leave the part out with --parts",
                readable(scope)
            ),
            None => String::from(
                "; the scope or the role is missing: Read-Only Administrator reads it all; or leave the part out with --parts",
            ),
        },
        (404, _) => String::from("; is it the id of an app of this org?"),
        _ => String::new(),
    }
}
