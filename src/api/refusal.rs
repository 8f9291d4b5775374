//! What an answer says that is not what was asked for.

use super::error::Fault;
use super::request::{Accept, Answer, Request};
use super::{Error, link};
use crate::net;
use reqwest::header::LOCATION;
use serde::Deserialize;
use serde_json::value::RawValue;

pub(super) fn content_type(answer: &Answer) -> String {
    let kind = answer.header("content-type").unwrap_or("no content type");
    kind.chars()
        .filter(|character| !character.is_control())
        .take(60)
        .collect()
}

/// Whether a body is complete: JSON to its last bracket, composites by their ends, CSV and XML by their type.
pub(super) fn is_whole(accept: Accept, answer: &Answer) -> bool {
    let kind = answer.header("content-type").unwrap_or_default();
    match accept {
        Accept::Json => {
            let body = answer
                .body
                .strip_prefix("\u{feff}".as_bytes())
                .unwrap_or(&answer.body);
            serde_json::from_slice::<&RawValue>(body).is_ok()
        }
        // Megabytes, read once more soon after: what cannot be read then is asked for again, part by part.
        Accept::Composite => {
            let body = answer.body.trim_ascii();
            let inside = body
                .strip_prefix(b"{")
                .and_then(|rest| rest.strip_suffix(b"}"));
            inside.is_some_and(|inside| inside.trim_ascii_end().ends_with(b"]"))
        }
        Accept::Csv => kind.contains("csv"),
        Accept::Xml => kind.contains("xml"),
    }
}

#[derive(Deserialize)]
struct RawFault {
    #[serde(default, alias = "error")]
    #[serde(rename = "errorCode")]
    code: String,
    #[serde(default, alias = "error_description")]
    message: String,
}

/// What an error body says: an array of faults, or one object at the login endpoints. HTML says nothing.
pub(super) fn fault(path: &str, status: u16, body: &[u8]) -> Fault {
    let raw = serde_json::from_slice::<Vec<RawFault>>(body)
        .ok()
        .and_then(|faults| faults.into_iter().next())
        .or_else(|| serde_json::from_slice::<RawFault>(body).ok());
    let one_line = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        net::redact(&words.join(" ")).into_owned()
    };
    let (code, message) = raw.map_or_else(Default::default, |raw| {
        (one_line(&raw.code), one_line(&raw.message))
    });
    Fault {
        status,
        code,
        message: message.chars().take(400).collect(),
        path: path.to_owned(),
    }
}

/// What a refusal means that asking again cannot cure.
pub(super) fn refused(request: &Request<'_>, answer: &Answer, mut fault: Fault) -> Error {
    if (300..400).contains(&fault.status) {
        let target = answer
            .headers
            .get(LOCATION)
            .and_then(|target| target.to_str().ok())
            .unwrap_or("another place");
        return Error::Elsewhere {
            path: request.shown().to_owned(),
            target: link::shown(target),
            reason: "redirects could carry the token to another host; use the My Domain address of the org",
        };
    }
    match (fault.status, fault.code.as_str()) {
        (401, _) => Error::Session {
            message: if fault.message.is_empty() {
                String::from("HTTP 401")
            } else {
                fault.message
            },
        },
        (403, "REQUEST_LIMIT_EXCEEDED") => Error::Quota {
            used: fault.message,
        },
        (403, "API_DISABLED_FOR_ORG" | "API_CURRENTLY_DISABLED") => Error::ApiDisabled {
            code: fault.code,
            message: fault.message,
        },
        _ => {
            if fault.code.is_empty() {
                fault.code = content_type(answer);
            }
            Error::Fault(fault)
        }
    }
}
