//! Whose token it is: the org and the user, as Salesforce says it.

use super::Error;
use super::delivery::readable;
use crate::model::SfId;
use crate::net::{self, Client, Secret};
use serde::Deserialize;
use std::time::Duration;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(45);

/// The org and the user of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) org_id: Option<SfId>,
    pub(super) username: Option<String>,
}

#[derive(Deserialize)]
struct Userinfo {
    organization_id: Option<String>,
    preferred_username: Option<String>,
}

/// What an org answers to a request with a token.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// The header `Date`.
    pub(super) date: Option<String>,
    pub(super) body: Vec<u8>,
}

/// One request to an org, with a token or without.
pub(super) async fn get(
    client: &Client,
    instance_url: &Url,
    path: &str,
    token: Option<&Secret>,
) -> Result<Reply, Error> {
    let mut url = instance_url.clone();
    url.set_path(path);
    let host = net::origin(instance_url);
    let broken = |error: reqwest::Error| Error::NoAnswer {
        host: host.clone(),
        reason: if error.is_connect() {
            format!("cannot be reached: {}", net::causes(&error))
        } else {
            net::causes(&error)
        },
    };
    let mut request = client.get(&url)?.timeout(PATIENCE);
    if let Some(token) = token {
        request = request.header(http::header::AUTHORIZATION, bearer(token)?);
    }
    let response = request.send().await.map_err(broken)?;
    let status = response.status().as_u16();
    let date = response.headers().get(http::header::DATE);
    let date = date.and_then(|date| date.to_str().ok()).map(str::to_owned);
    let body = response.bytes().await.map_err(broken)?.to_vec();
    Ok(Reply { status, date, body })
}

/// The header of a token, marked so that nothing that traces headers shows it.
fn bearer(token: &Secret) -> Result<http::HeaderValue, Error> {
    let mut value = http::HeaderValue::from_str(&format!("Bearer {}", token.expose()))
        .map_err(|_| Error::usage("the access token holds characters that no token has"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Asks who the token speaks for. `None` where the org does not say: not every app may ask.
pub(super) async fn identify(
    client: &Client,
    instance_url: &Url,
    token: &Secret,
) -> Result<Option<Identity>, Error> {
    let reply = get(
        client,
        instance_url,
        "/services/oauth2/userinfo",
        Some(token),
    )
    .await?;
    if reply.status != 200 {
        return Ok(None);
    }
    let info: Option<Userinfo> = serde_json::from_slice(&reply.body).ok();
    Ok(info.map(|info| Identity {
        org_id: info.organization_id.and_then(|id| SfId::parse(&id).ok()),
        username: info.preferred_username.map(|name| readable(&name)),
    }))
}
