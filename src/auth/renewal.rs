//! Another token for a stored login, each way in its own words.

use super::endpoint::{Endpoint, Granted};
use super::entry::{Entry, Grant};
use super::sf_cli::{self, SalesforceCli};
use super::{Error, Surroundings, jwt};
use crate::net::Client;

/// A token, and whether it is ours to keep.
pub(super) struct Obtained {
    pub(super) granted: Granted,
    /// The Salesforce CLI keeps its own.
    pub(super) keep: bool,
}

/// Asks for a token of a stored login.
pub(super) async fn obtain(
    entry: &Entry,
    alias: &str,
    client: &Client,
    around: &Surroundings,
) -> Result<Obtained, Error> {
    let endpoint = |flow| Endpoint::new(client, &around.clock, &entry.login_url, flow);
    let granted = match &entry.grant {
        Grant::Web {
            client_id,
            client_secret,
            refresh_token,
        }
        | Grant::SfdxUrl {
            client_id,
            client_secret,
            refresh_token,
        } => {
            let Some(refresh_token) = refresh_token else {
                return Err(Error::Expired {
                    advice: format!(
                        "the app gives no refresh token (its scope 'Perform requests at any time' is missing): sfcompat login --org {alias}"
                    ),
                });
            };
            endpoint("refresh")
                .refresh(client_id, client_secret.as_ref(), refresh_token)
                .await?
        }
        Grant::ClientCredentials {
            client_id,
            client_secret,
        } => {
            let client_secret = client_secret.as_ref().ok_or_else(|| Error::Expired {
                advice: format!("its client secret is gone: sfcompat login --org {alias}"),
            })?;
            endpoint("client-credentials")
                .client_credentials(client_id, client_secret)
                .await?
        }
        Grant::Jwt {
            client_id,
            username,
            key_file,
            audience,
        } => {
            let audience = audience
                .as_deref()
                .unwrap_or_else(|| jwt::audience(&entry.login_url));
            let assertion = jwt::sign(key_file, client_id, username, audience, around.clock.now())?;
            endpoint("jwt")
                .jwt_bearer(&assertion.text, assertion.sent)
                .await?
        }
        Grant::Sf { org } => {
            let login = of_sf(org, around).await?;
            return Ok(Obtained {
                granted: Granted {
                    access_token: login.access_token,
                    refresh_token: None,
                    instance_url: login.instance_url,
                    org_id: login.org_id,
                    scopes: Vec::new(),
                },
                keep: false,
            });
        }
        Grant::Token {} => {
            return Err(Error::Expired {
                advice: format!("give a fresh token: sfcompat login --org {alias} --flow token"),
            });
        }
    };
    Ok(Obtained {
        granted,
        keep: true,
    })
}

/// The token of the Salesforce CLI, which renews its own when it is asked.
pub(super) async fn of_sf(org: &str, around: &Surroundings) -> Result<sf_cli::Login, Error> {
    SalesforceCli::find(&around.search_path)?
        .login(org, around.hosts)
        .await
}

/// Puts a new token in the place of the old one. A refresh token stays good where no new one comes.
pub(super) fn apply(entry: &mut Entry, granted: Granted) {
    entry.access_token = Some(granted.access_token);
    entry.instance_url = granted.instance_url;
    entry.org_id = granted.org_id.or(entry.org_id);
    if let (Some(new), Grant::Web { refresh_token, .. } | Grant::SfdxUrl { refresh_token, .. }) =
        (granted.refresh_token, &mut entry.grant)
    {
        *refresh_token = Some(new);
    }
}
