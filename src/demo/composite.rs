//! Several requests in one: `composite` and `composite/batch`, reading ones only.

use super::http::{Answer, JSON, Request};
use super::refusal::Refusal;
use super::rest::{Call, dispatch};
use super::route::Endpoint;
use serde_json::Value;

/// The most parts of one request.
const MOST: usize = 25;

fn parts(call: &Call<'_>, name: &str) -> Result<Vec<Value>, Refusal> {
    let broken = |message: String| Refusal::new(400, "JSON_PARSER_ERROR", message);
    let body: Value =
        serde_json::from_slice(&call.request.body).map_err(|fault| broken(fault.to_string()))?;
    let parts = body
        .get(name)
        .and_then(Value::as_array)
        .ok_or_else(|| broken(format!("Required field `{name}` is missing")))?;
    if parts.len() > MOST {
        let message = format!("Cannot have more than {MOST} operations in one request");
        return Err(Refusal::new(400, "INVALID_ARGUMENT", message));
    }
    Ok(parts.clone())
}

/// Answers one part as if it had come by itself. Only JSON can be a part of JSON; everything else is null there.
fn one(call: &Call<'_>, method: &str, url: &str) -> (u16, Vec<u8>) {
    let request = Request::new(method, url);
    let endpoint = Endpoint::of(&request);
    if endpoint == Endpoint::Write {
        // A part is no request of its own, but what it would write is counted all the same.
        call.org.journal().note(&request, endpoint, None, 403);
    }
    let nested = matches!(endpoint, Endpoint::Composite | Endpoint::Batch);
    let inner = Call {
        org: call.org,
        request: &request,
        caller: call.caller,
        version: call.version,
        due: call.due,
    };
    let answer = if nested || !endpoint.is_api() {
        Refusal::not_found().into()
    } else {
        dispatch(&inner, endpoint).unwrap_or_else(Answer::from)
    };
    if answer.content_type == JSON && !answer.body.is_empty() {
        (answer.status, answer.body)
    } else {
        (answer.status, b"null".to_vec())
    }
}

fn text<'v>(part: &'v Value, name: &str) -> &'v str {
    part.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// `POST /composite`
pub(super) fn composite(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parts = parts(call, "compositeRequest")?;
    let mut out = b"{\"compositeResponse\":[".to_vec();
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        let (status, body) = one(call, text(part, "method"), text(part, "url"));
        let reference = Value::from(text(part, "referenceId"));
        out.extend_from_slice(b"{\"body\":");
        // Pages are megabytes: they are JSON already, and go on as they are.
        out.extend_from_slice(&body);
        out.extend_from_slice(
            format!(
                ",\"httpHeaders\":{{}},\"httpStatusCode\":{status},\"referenceId\":{reference}}}"
            )
            .as_bytes(),
        );
    }
    out.extend_from_slice(b"]}");
    Ok(Answer::bytes(out))
}

/// `POST /composite/batch`; addresses there begin with the version.
pub(super) fn batch(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parts = parts(call, "batchRequests")?;
    let mut wrong = false;
    let mut results = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            results.push(b',');
        }
        let url = text(part, "url");
        let url = url.strip_prefix("/services/data/").unwrap_or(url);
        let url = format!("/services/data/{}", url.trim_start_matches('/'));
        let (status, body) = one(call, text(part, "method"), &url);
        wrong |= status >= 400;
        results.extend_from_slice(b"{\"result\":");
        results.extend_from_slice(&body);
        results.extend_from_slice(format!(",\"statusCode\":{status}}}").as_bytes());
    }
    let mut out = format!("{{\"hasErrors\":{wrong},\"results\":[").into_bytes();
    out.extend_from_slice(&results);
    out.extend_from_slice(b"]}");
    Ok(Answer::bytes(out))
}
