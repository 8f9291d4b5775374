//! The login: what `/services/oauth2` and `/id` answer.

mod authorize;
mod identity;
mod token;

use super::http::{Answer, Request};
use super::org::Org;
use super::route::Endpoint;
use serde_json::json;

/// An error as OAuth writes it: an object, not Salesforce's array.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Denied {
    status: u16,
    error: String,
    description: String,
}

impl Denied {
    fn new(error: &str, description: &str) -> Self {
        Self {
            status: 400,
            error: error.to_owned(),
            description: description.to_owned(),
        }
    }
}

impl From<Denied> for Answer {
    fn from(denied: Denied) -> Self {
        let body = json!({ "error": denied.error, "error_description": denied.description });
        Self::json(denied.status, &body)
    }
}

/// Answers a request of the login.
pub(super) fn answer(org: &Org, request: &Request, endpoint: Endpoint) -> Answer {
    let post = request.method == "POST";
    match endpoint {
        Endpoint::Authorize => authorize::answer(org, request),
        Endpoint::Token if post => token::answer(org, request).unwrap_or_else(Answer::from),
        Endpoint::Revoke => identity::revoke(org, request),
        Endpoint::Introspect if post => identity::introspect(org, request),
        Endpoint::Userinfo => identity::userinfo(org, request),
        Endpoint::Identity => identity::identity(org, request),
        _ => Answer::empty(405),
    }
}
