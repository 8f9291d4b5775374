//! An access token for a service app: a signed assertion, and proofs of possession where Okta asks for them.

use super::account::{Login, Service};
use super::proof::{ProofKey, random};
use super::{Account, Error};
use crate::net::Secret;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Header, encode};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use url::Url;

/// How long an assertion is good, in seconds. Okta takes up to an hour.
const GOOD_FOR: i64 = 300;
/// A token is renewed so long before its end.
const EARLY: SignedDuration = SignedDuration::from_secs(60);
/// The header of a proof, and that of the number that goes into the next.
const DPOP: HeaderName = HeaderName::from_static("dpop");
const NONCE: &str = "dpop-nonce";

/// What opens the org, for the whole run.
pub(super) struct Session<'a> {
    account: &'a Account,
    scopes: String,
    token: RefCell<Option<Token>>,
    proofs: RefCell<Option<ProofKey>>,
    nonce: RefCell<Option<String>>,
    granted: RefCell<Vec<String>>,
    /// Tokens of the service app that were asked for.
    pub(super) asked: Cell<u32>,
}

struct Token {
    text: Secret,
    /// Whether each request needs a proof.
    bound: bool,
    good_until: Timestamp,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

/// A good answer of the token endpoint.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    #[serde(default)]
    expires_in: i64,
    #[serde(default)]
    scope: String,
}

/// A refusal of the token endpoint; Okta's own form stands there at times, too.
#[derive(Default, Deserialize)]
struct Denied {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default, rename = "errorCode")]
    code: String,
    #[serde(default, rename = "errorSummary")]
    summary: String,
}

/// What is to be done after an answer of the token endpoint.
pub(super) enum Next {
    /// There is a token now.
    Done,
    /// Ask again at once, with a proof.
    Again,
}

impl<'a> Session<'a> {
    pub(super) fn new(account: &'a Account, scopes: &[&str]) -> Self {
        Self {
            account,
            scopes: scopes.join(" "),
            token: RefCell::default(),
            proofs: RefCell::default(),
            nonce: RefCell::default(),
            granted: RefCell::default(),
            asked: Cell::new(0),
        }
    }

    /// Scopes of the token, where Okta named them.
    pub(super) fn granted(&self) -> Vec<String> {
        self.granted.borrow().clone()
    }

    /// Whether a token has to be asked for before the next request.
    pub(super) fn wants_token(&self, now: Timestamp) -> bool {
        matches!(self.account.login, Login::Service(_))
            && self
                .token
                .borrow()
                .as_ref()
                .is_none_or(|token| now >= token.good_until)
    }

    /// Forgets a token that Okta does not take any more. Whether a new one can be got.
    pub(super) fn drop_token(&self) -> bool {
        self.token.take();
        matches!(self.account.login, Login::Service(_))
    }

    /// Keeps the number that the next proof must hold. Whether the answer had one.
    pub(super) fn note_nonce(&self, headers: &HeaderMap) -> bool {
        let nonce = headers.get(NONCE).and_then(|value| value.to_str().ok());
        let given = nonce.is_some();
        if let Some(nonce) = nonce {
            self.nonce.replace(Some(nonce.to_owned()));
        }
        given
    }

    /// The headers that open one request. None of them is shown by a log.
    pub(super) fn headers(&self, url: &Url, now: Timestamp) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        let authorization = match &self.account.login {
            Login::ApiToken(token) => secret_value("SSWS ", token)?,
            Login::AccessToken(token) => secret_value("Bearer ", token)?,
            Login::Service(_) => {
                let token = self.token.borrow();
                let token = token
                    .as_ref()
                    .ok_or_else(|| Error::usage("no token was asked for"))?;
                if token.bound {
                    headers.insert(DPOP, self.proof("GET", url, now, Some(&token.text))?);
                    secret_value("DPoP ", &token.text)?
                } else {
                    secret_value("Bearer ", &token.text)?
                }
            }
        };
        headers.insert(AUTHORIZATION, authorization);
        Ok(headers)
    }

    fn proof(
        &self,
        method: &str,
        url: &Url,
        now: Timestamp,
        token: Option<&Secret>,
    ) -> Result<HeaderValue, Error> {
        let mut proofs = self.proofs.borrow_mut();
        let key = match &mut *proofs {
            Some(key) => key,
            none => none.insert(ProofKey::new()?),
        };
        let nonce = self.nonce.borrow();
        let proof = key.sign((method, url), now, nonce.as_deref(), token)?;
        secret_value("", &proof)
    }

    /// The form and the headers of a request for a token. Each assertion is used once.
    pub(super) fn request(&self, url: &Url, now: Timestamp) -> Result<(Secret, HeaderMap), Error> {
        let Login::Service(service) = &self.account.login else {
            return Err(Error::usage("no service app"));
        };
        self.asked.set(self.asked.get() + 1);
        let assertion = assertion(service, url, now)?;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", &self.scopes)
            .append_pair(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            )
            .append_pair("client_assertion", assertion.expose())
            .finish();
        let mut headers = HeaderMap::new();
        if self.proofs.borrow().is_some() {
            headers.insert(DPOP, self.proof("POST", url, now, None)?);
        }
        Ok((Secret::new(form), headers))
    }

    /// Takes an answer of the token endpoint, `attempt` being the number of answers so far.
    pub(super) fn answered(
        &self,
        (status, headers, body): (u16, &HeaderMap, &[u8]),
        (now, server): (Timestamp, Option<Timestamp>),
        attempt: u32,
    ) -> Result<Next, Error> {
        let fresh = self.note_nonce(headers);
        if status == 200
            && let Ok(granted) = serde_json::from_slice::<Granted>(body)
        {
            let lifetime = SignedDuration::from_secs(granted.expires_in.max(0));
            let good_until = now
                .checked_add(lifetime)
                .and_then(|end| end.checked_sub(EARLY))
                .unwrap_or(now);
            self.granted.replace(
                granted
                    .scope
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect(),
            );
            self.token.replace(Some(Token {
                text: Secret::new(granted.access_token),
                bound: granted.token_type.eq_ignore_ascii_case("dpop"),
                good_until,
            }));
            return Ok(Next::Done);
        }
        let denied: Denied = serde_json::from_slice(body).unwrap_or_default();
        let wants_proof = matches!(
            denied.error.as_str(),
            "use_dpop_nonce" | "invalid_dpop_proof"
        );
        // The first refusal asks for a proof, the second for the number in it.
        if wants_proof && attempt <= 3 && (fresh || self.proofs.borrow().is_none()) {
            if self.proofs.borrow().is_none() {
                self.proofs.replace(Some(ProofKey::new()?));
            }
            return Ok(Next::Again);
        }
        Err(self.refused(status, denied, (now, server)))
    }

    fn refused(
        &self,
        status: u16,
        denied: Denied,
        (now, server): (Timestamp, Option<Timestamp>),
    ) -> Error {
        let ahead = server.map_or(0, |server| now.duration_since(server).as_secs());
        let (error, description) = if denied.error.is_empty() {
            (denied.code, denied.summary)
        } else {
            (denied.error, denied.error_description)
        };
        let mut advice = match error.as_str() {
            "invalid_scope" => format!(
                "; grant the service app these scopes (Okta API Scopes): {}; or leave parts out with --parts",
                self.scopes.replace(' ', ", ")
            ),
            "invalid_client" => String::from(
                "; the client id, or the key: is its public half registered in the app and active, and is --key-id the one shown there?",
            ),
            "access_denied" => {
                String::from("; give the service app the role Read-Only Administrator")
            }
            "use_dpop_nonce" | "invalid_dpop_proof" => {
                String::from("; or turn off Require DPoP in the app")
            }
            _ => String::new(),
        };
        if ahead.abs() > 60 {
            let side = if ahead > 0 { "ahead of" } else { "behind" };
            let seconds = ahead.abs();
            let _ = write!(
                advice,
                "; the clock of this machine is {seconds} seconds {side} Okta's: set it right"
            );
        }
        Error::NoToken {
            error: if error.is_empty() {
                format!("HTTP {status}")
            } else {
                readable(&error)
            },
            description: if description.is_empty() {
                String::from("the answer says no more")
            } else {
                readable(&description)
            },
            advice,
        }
    }
}

fn assertion(service: &Service, url: &Url, now: Timestamp) -> Result<Secret, Error> {
    let mut header = Header::new(Algorithm::RS256);
    header.kid.clone_from(&service.key_id);
    let claims = Claims {
        iss: &service.client_id,
        sub: &service.client_id,
        aud: url.as_str(),
        iat: now.as_second(),
        exp: now.as_second() + GOOD_FOR,
        jti: random()?,
    };
    encode(&header, &claims, &service.key)
        .map(Secret::new)
        .map_err(|fault| Error::usage(format!("the key cannot sign: {fault}")))
}

/// A header that logs do not show.
fn secret_value(scheme: &str, secret: &Secret) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(&format!("{scheme}{}", secret.expose()))
        .map_err(|_| Error::usage("the token holds characters that no token has"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// A text of the server as a message repeats it: one line, cut, and without anything like a secret.
pub(super) fn readable(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(300)
        .collect();
    crate::net::redact(line.trim()).into_owned()
}
