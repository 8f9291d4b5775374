//! `POST /services/oauth2/token`

use super::Denied;
use crate::demo::http::{Answer, Form, Request};
use crate::demo::org::Org;
use crate::demo::rights;
use crate::demo::tokens::{Code, Grant};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Who the client says it is.
struct Client {
    id: String,
    secret: Option<String>,
}

/// Answers a token request of any grant.
pub(super) fn answer(org: &Org, request: &Request) -> Result<Answer, Denied> {
    let form = request.form();
    let kind = form
        .get("grant_type")
        .ok_or_else(|| Denied::new("unsupported_grant_type", "grant type not supported"))?;
    if let Some((error, description)) = &org.settings.login.error {
        return Err(Denied::new(error, description));
    }
    let (grant, refresh) = match kind {
        "authorization_code" => {
            let client = client(org, request, &form)?;
            let grant = code(org, &form, &client)?;
            let keeps = ["refresh_token", "offline_access", "full"]
                .iter()
                .any(|scope| grant.scope.split(' ').any(|own| own == *scope));
            let refresh = keeps.then(|| org.tokens().keep(grant.clone()));
            (
                grant,
                Refresh {
                    own: refresh.clone(),
                    told: refresh,
                },
            )
        }
        "refresh_token" => refresh(org, request, &form)?,
        "client_credentials" => {
            let client = client(org, request, &form)?;
            (credentials(org, &client)?, Refresh::default())
        }
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
            (assertion(org, &form)?, Refresh::default())
        }
        "password" => return Err(Denied::new("invalid_grant", "authentication failure")),
        _ => {
            return Err(Denied::new(
                "unsupported_grant_type",
                "grant type not supported",
            ));
        }
    };
    let token = org.tokens().open(org.id, &grant, refresh.own.as_deref());
    let issued = jiff::Timestamp::now().as_millisecond().to_string();
    let mut body = json!({
        "access_token": token,
        "signature": STANDARD.encode(format!("{:032}", issued.len())),
        "scope": grant.scope,
        "instance_url": org.settings.instance_url.as_deref().unwrap_or(org.base()),
        "id": format!("{}/id/{}/{}", org.base(), org.id.text(), grant.user.text()),
        "token_type": "Bearer",
        "issued_at": issued,
    });
    if let (Some(told), Some(body)) = (refresh.told, body.as_object_mut()) {
        body.insert("refresh_token".to_owned(), json!(told));
    }
    Ok(Answer::json(200, &body).with("cache-control", "no-store"))
}

/// The refresh token that a session hangs on, and the one that the client is told.
#[derive(Default)]
struct Refresh {
    own: Option<String>,
    told: Option<String>,
}

/// The client, by Basic authentication or by the form, if it is a registered one.
fn client(org: &Org, request: &Request, form: &Form) -> Result<Client, Denied> {
    let basic = request
        .header("authorization")
        .and_then(|header| header.strip_prefix("Basic "))
        .and_then(|text| STANDARD.decode(text.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let client = match basic.as_deref().and_then(|text| text.split_once(':')) {
        Some((id, secret)) => Client {
            id: id.to_owned(),
            secret: Some(secret.to_owned()).filter(|secret| !secret.is_empty()),
        },
        None => Client {
            id: form.get("client_id").unwrap_or_default().to_owned(),
            secret: form.get("client_secret").map(str::to_owned),
        },
    };
    if client.id.is_empty() {
        return Err(Denied::new(
            "invalid_client_id",
            "client identifier invalid",
        ));
    }
    let registered = &org.settings.login.clients;
    if registered.is_empty() {
        return Ok(client);
    }
    match registered.iter().find(|(id, _)| *id == client.id) {
        None => Err(Denied::new(
            "invalid_client_id",
            "client identifier invalid",
        )),
        Some((_, Some(_))) if client.secret.is_none() => {
            Err(Denied::new("invalid_client", "client secret required"))
        }
        Some((_, secret)) if client.secret.is_some() && *secret != client.secret => {
            Err(Denied::new("invalid_client", "invalid client credentials"))
        }
        Some(_) => Ok(client),
    }
}

fn code(org: &Org, form: &Form, client: &Client) -> Result<Grant, Denied> {
    let given = form
        .get("code")
        .ok_or_else(|| Denied::new("invalid_request", "missing code"))?;
    let Code {
        grant,
        redirect_uri,
        challenge,
        plain,
    } = org
        .tokens()
        .redeem(given)
        .ok_or_else(|| Denied::new("invalid_grant", "expired authorization code"))?;
    if grant.client != client.id {
        return Err(Denied::new("invalid_grant", "invalid authorization code"));
    }
    if form.get("redirect_uri") != Some(&redirect_uri) {
        return Err(Denied::new(
            "redirect_uri_mismatch",
            "redirect_uri must match configuration",
        ));
    }
    let verifier = form.get("code_verifier");
    match (challenge, verifier) {
        (None, _) => {}
        (Some(_), None) => {
            return Err(Denied::new(
                "invalid_grant",
                "missing required code verifier",
            ));
        }
        (Some(challenge), Some(verifier)) => {
            let fits = if plain {
                verifier == challenge
            } else {
                // Longer than RFC 7636 allows is accepted: jsforce sends 171 characters.
                URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
            };
            if !fits {
                return Err(Denied::new("invalid_request", "invalid code verifier"));
            }
        }
    }
    Ok(grant)
}

fn refresh(org: &Org, request: &Request, form: &Form) -> Result<(Grant, Refresh), Denied> {
    let client = client(org, request, form)?;
    let expired = || Denied::new("invalid_grant", "expired access/refresh token");
    let given = form.get("refresh_token").ok_or_else(expired)?;
    let mut tokens = org.tokens();
    let grant = tokens.granted(given).cloned().ok_or_else(expired)?;
    if grant.client != client.id {
        return Err(Denied::new("invalid_grant", "invalid client credentials"));
    }
    if !org.settings.rotates {
        let own = Some(given.to_owned());
        return Ok((grant, Refresh { own, told: None }));
    }
    tokens.forget(given);
    let new = tokens.keep(grant.clone());
    let own = Some(new.clone());
    Ok((
        grant,
        Refresh {
            own,
            told: Some(new),
        },
    ))
}

fn credentials(org: &Org, client: &Client) -> Result<Grant, Denied> {
    if org.settings.login.no_credentials {
        return Err(Denied::new(
            "invalid_grant",
            "request not supported on this domain",
        ));
    }
    if client.secret.is_none() {
        return Err(Denied::new("invalid_client", "invalid client credentials"));
    }
    let mut grant = org.grant(&client.id);
    // The scope that is asked for is ignored; there is nothing to refresh.
    "api".clone_into(&mut grant.scope);
    Ok(grant)
}

/// What the fake org reads of an assertion.
#[derive(serde::Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    /// Seconds, as a number or as text: simple-salesforce writes text.
    exp: Value,
}

impl Claims {
    fn ends(&self) -> Option<f64> {
        match &self.exp {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

fn assertion(org: &Org, form: &Form) -> Result<Grant, Denied> {
    let invalid = || Denied::new("invalid_grant", "invalid assertion");
    let login = &org.settings.login;
    let text = form.get("assertion").ok_or_else(invalid)?;
    let read = match &login.jwt_key {
        None => jsonwebtoken::dangerous::insecure_decode::<Claims>(text),
        Some(key) => DecodingKey::from_rsa_pem(key.as_bytes()).and_then(|key| {
            let mut validation = Validation::new(Algorithm::RS256);
            validation.validate_exp = false;
            validation.validate_aud = false;
            validation.required_spec_claims.clear();
            jsonwebtoken::decode::<Claims>(text, &key, &validation)
        }),
    }
    .map_err(|_| invalid())?;
    if read.header.alg != Algorithm::RS256 {
        return Err(invalid());
    }
    let claims = read.claims;
    if !login.clients.is_empty() && !login.clients.iter().any(|(id, _)| *id == claims.iss) {
        return Err(Denied::new(
            "invalid_client_id",
            "client identifier invalid",
        ));
    }
    let own = org.base();
    let audiences = [
        "https://login.salesforce.com",
        "https://test.salesforce.com",
        own,
    ];
    if !audiences.contains(&claims.aud.trim_end_matches('/')) {
        return Err(Denied::new("invalid_grant", "audience is invalid"));
    }
    // One client sends milliseconds, and is accepted: only what lies in the past is refused.
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century fit")]
    let now = jiff::Timestamp::now()
        .as_second()
        .saturating_add(login.clock_skew) as f64;
    if claims.ends().is_none_or(|end| end < now) {
        return Err(invalid());
    }
    let user = rights::by_name(&org.store(), &claims.sub)
        .ok_or_else(|| Denied::new("invalid_grant", "user hasn't approved this consumer"))?;
    Ok(Grant {
        user,
        client: claims.iss,
        scope: "api".to_owned(),
    })
}
