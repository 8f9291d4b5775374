//! The REST API behind `/services/data`.

use super::faults::Effect;
use super::http::{Answer, Request};
use super::org::{Caller, Org};
use super::refusal::Refusal;
use super::route::Endpoint;
use super::{bulk, composite, describe, limits, record, retrieve, soap};
use serde_json::{Map, Value, json};

/// A REST request whose caller and version are known.
pub(super) struct Call<'a> {
    pub(super) org: &'a Org,
    pub(super) request: &'a Request,
    pub(super) caller: &'a Caller,
    /// `v65.0`
    pub(super) version: &'a str,
    /// Mishaps that are due and concern the paging.
    pub(super) due: &'a [Effect],
}

impl Call<'_> {
    /// `/services/data/v65.0`
    pub(super) fn base(&self) -> String {
        format!("/services/data/{}", self.version)
    }

    /// The parts of the path behind the version.
    pub(super) fn rest(&self) -> Vec<&str> {
        self.request.parts().into_iter().skip(3).collect()
    }
}

/// Answers anything that is not part of the login.
pub(super) fn answer(org: &Org, request: &Request, endpoint: Endpoint, due: &[Effect]) -> Answer {
    match endpoint {
        Endpoint::Versions if request.method == "GET" => return versions(org),
        Endpoint::Versions => return Refusal::method(&request.method).into(),
        Endpoint::Soap => return soap::answer(org, request),
        _ => {}
    }
    if request.path.contains("//") {
        return Refusal::not_found().into();
    }
    match admitted(org, request) {
        Ok(caller) => {
            let parts = request.parts();
            let version = parts.get(2).copied().unwrap_or_default();
            if !offers(org, version) {
                return Refusal::not_found().into();
            }
            let call = Call {
                org,
                request,
                caller: &caller,
                version,
                due,
            };
            dispatch(&call, endpoint).unwrap_or_else(Answer::from)
        }
        Err(refusal) => refusal.into(),
    }
}

/// Answers a request whose caller was let in. Composite requests come here, too.
pub(super) fn dispatch(call: &Call<'_>, endpoint: Endpoint) -> Result<Answer, Refusal> {
    let get = call.request.method == "GET";
    let verb = || Refusal::method(&call.request.method);
    match endpoint {
        Endpoint::Write => Err(Refusal::new(
            403,
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "this test org refuses to change records, and has counted the attempt",
        )),
        Endpoint::Composite if !get => composite::composite(call),
        Endpoint::Batch if !get => composite::batch(call),
        Endpoint::BulkCreate => bulk::create(call),
        Endpoint::BulkJob => bulk::job(call),
        Endpoint::BulkResults if get => bulk::results(call),
        Endpoint::Resources if get => Ok(resources(call)),
        Endpoint::Limits if get => Ok(limits::answer(call)),
        Endpoint::Query if get => retrieve::first(call, false),
        Endpoint::Next if get => retrieve::next(call),
        Endpoint::Tooling if get => retrieve::tooling(call),
        Endpoint::Global if get => Ok(describe::global(call)),
        Endpoint::Describe if get => describe::one(call),
        Endpoint::Record if get => record::answer(call),
        Endpoint::Other => Err(Refusal::not_found()),
        _ => Err(verb()),
    }
}

/// Lets a caller in, or says why not.
fn admitted(org: &Org, request: &Request) -> Result<Caller, Refusal> {
    let expired = || Refusal::new(401, "INVALID_SESSION_ID", "Session expired or invalid");
    let header = request.header("authorization").ok_or_else(expired)?;
    let Some((scheme, token)) = header.split_once(' ') else {
        return Err(Refusal::new(
            401,
            "INVALID_AUTH_HEADER",
            "INVALID_HEADER_TYPE",
        ));
    };
    if !["bearer", "oauth"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Err(Refusal::new(
            401,
            "INVALID_AUTH_HEADER",
            "INVALID_HEADER_TYPE",
        ));
    }
    let user = org
        .tokens()
        .call(token.trim(), org.settings.token_calls)
        .map(|session| session.user)
        .ok_or_else(expired)?;
    let mut journal = org.journal();
    if journal.counts().api + org.settings.quota_used >= org.settings.quota {
        return Err(Refusal::new(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        ));
    }
    journal.use_quota();
    drop(journal);
    let caller = org.caller(user);
    if org.settings.api_disabled || caller.lacks.contains("ApiEnabled") {
        let message = "The REST API is not enabled for this Organization.";
        return Err(Refusal::new(403, "API_DISABLED_FOR_ORG", message));
    }
    Ok(caller)
}

fn offers(org: &Org, version: &str) -> bool {
    let number = version
        .strip_prefix('v')
        .and_then(|version| version.strip_suffix(".0"))
        .and_then(|version| version.parse::<u32>().ok());
    number.is_some_and(|number| (org.settings.oldest..=org.settings.newest).contains(&number))
}

/// `GET /services/data`: no session is needed.
fn versions(org: &Org) -> Answer {
    let all: Vec<Value> = (org.settings.oldest..=org.settings.newest)
        .map(|number| {
            json!({
                "label": release(number),
                "url": format!("/services/data/v{number}.0"),
                "version": format!("{number}.0"),
            })
        })
        .collect();
    Answer::json(200, &Value::Array(all))
}

/// Three releases a year: 65.0 is Winter '26, 66.0 Spring '26, 67.0 Summer '26, 68.0 Winter '27.
fn release(number: u32) -> String {
    let past = number.saturating_sub(2);
    let season = ["Winter", "Spring", "Summer"];
    let season = usize::try_from(past % 3)
        .ok()
        .and_then(|place| season.get(place))
        .unwrap_or(&"");
    format!("{season} '{:02}", past / 3 + 5)
}

/// `GET /services/data/v65.0`: what there is.
fn resources(call: &Call<'_>) -> Answer {
    let base = call.base();
    let mut map: Map<String, Value> = [
        "tooling",
        "composite",
        "jobs",
        "limits",
        "query",
        "queryAll",
        "sobjects",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), json!(format!("{base}/{name}"))))
    .collect();
    let identity = format!(
        "{}/id/{}/{}",
        call.org.base(),
        call.org.id.text(),
        call.caller.user.text()
    );
    map.insert("identity".to_owned(), json!(identity));
    Answer::json(200, &Value::Object(map))
}
