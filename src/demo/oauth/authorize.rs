//! The page that asks the user in the browser; here nobody is asked.

use super::super::org::Org;
use super::super::rights;
use super::super::settings::Authorize;
use super::super::tokens::Code;
use crate::demo::http::{Answer, Request};
use url::Url;

/// Sends the browser back to the client, with a code or with an error.
pub(super) fn answer(org: &Org, request: &Request) -> Answer {
    let parameter = |name: &str| request.parameter(name).filter(|value| !value.is_empty());
    let login = &org.settings.login;
    let page = |text: &str| {
        // Nothing of the request is repeated in the page.
        let html = format!(
            "<!DOCTYPE html><html><head><title>OAuth Error</title></head><body><p>{text}</p></body></html>"
        );
        Answer::text(400, "text/html;charset=UTF-8", html)
    };
    let Some(client) = parameter("client_id") else {
        return page("error=invalid_client_id&amp;error_description=client%20identifier%20invalid");
    };
    if !login.clients.is_empty() && !login.clients.iter().any(|(own, _)| own == client) {
        return page("error=invalid_client_id&amp;error_description=client%20identifier%20invalid");
    }
    let Some(callback) = parameter("redirect_uri").and_then(|uri| callback(&login.callbacks, uri))
    else {
        return page(
            "error=redirect_uri_mismatch&amp;error_description=redirect_uri%20must%20match%20configuration",
        );
    };
    let state = parameter("state");
    let back = |pairs: &[(&str, &str)]| {
        let mut url = callback.clone();
        url.query_pairs_mut().extend_pairs(pairs);
        if let Some(state) = state {
            let state = if login.authorize == Authorize::WrongState {
                "not-the-state-that-was-sent"
            } else {
                state
            };
            url.query_pairs_mut().append_pair("state", state);
        }
        Answer::empty(302).with("location", String::from(url))
    };
    let refuse = |error: &str, description: &str| {
        back(&[("error", error), ("error_description", description)])
    };
    if parameter("response_type") != Some("code") {
        return refuse("unsupported_response_type", "response type not supported");
    }
    let challenge = parameter("code_challenge");
    if login.requires_pkce && challenge.is_none() {
        return refuse("invalid_request", "missing required code challenge");
    }
    if login.authorize == Authorize::Deny {
        return refuse("access_denied", "end-user denied authorization");
    }
    let mut grant = org.grant(client);
    if let Some(scope) = parameter("scope") {
        scope.clone_into(&mut grant.scope);
    }
    if let Some(user) = parameter("login_hint").and_then(|hint| rights::by_name(&org.store(), hint))
    {
        grant.user = user;
    }
    let code = Code {
        grant,
        redirect_uri: parameter("redirect_uri").unwrap_or_default().to_owned(),
        challenge: challenge.map(str::to_owned),
        // Clients that send no method mean S256 here: jsforce does so, and Salesforce accepts it.
        plain: parameter("code_challenge_method") == Some("plain"),
    };
    let mut tokens = org.tokens();
    let code = tokens.promise(code);
    if login.authorize == Authorize::ExpiredCode {
        tokens.redeem(&code);
    }
    back(&[("code", &code)])
}

/// The callback, if it is registered; without registration, if it leads to this machine.
fn callback(registered: &[String], uri: &str) -> Option<Url> {
    let url = Url::parse(uri).ok()?;
    let loopback = url.scheme() == "http"
        && matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let fits = if registered.is_empty() {
        loopback
    } else {
        registered.iter().any(|own| own == uri)
    };
    fits.then_some(url)
}
