//! `POST /oauth2/v1/token`, and what opens the API: assertions, proofs and tokens, verified as Okta verifies them.

use super::mishap::refusal;
use super::org::{Okta, Proofs};
use crate::demo::http::{Answer, Request};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Tokens that were given out, and numbers that were used.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    open: BTreeMap<String, Open>,
    used: BTreeSet<String>,
    made: u64,
}

#[derive(Clone, Debug)]
struct Open {
    scopes: Vec<String>,
    /// The key that its proofs are signed with.
    key: Option<String>,
    until: i64,
    calls: u64,
}

/// A refusal of the token endpoint.
pub(super) struct Denied {
    error: &'static str,
    description: String,
    nonce: Option<String>,
}

impl Denied {
    fn new(error: &'static str, description: &str) -> Self {
        Self {
            error,
            description: description.to_owned(),
            nonce: None,
        }
    }

    pub(super) fn answer(self) -> Answer {
        let status = if self.error == "invalid_client" {
            401
        } else {
            400
        };
        let body = json!({ "error": self.error, "error_description": self.description });
        let answer = Answer::json(status, &body);
        match self.nonce {
            Some(nonce) => answer.with("dpop-nonce", nonce),
            None => answer,
        }
    }
}

#[derive(Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    jti: String,
}

#[derive(Deserialize)]
struct Proof {
    htm: String,
    htu: String,
    iat: i64,
    jti: String,
    nonce: Option<String>,
    ath: Option<String>,
}

const SCOPES: [&str; 6] = [
    "okta.apps.read",
    "okta.groups.read",
    "okta.logs.read",
    "okta.profileMappings.read",
    "okta.schemas.read",
    "okta.users.read",
];

/// The number that proofs at the token endpoint must hold.
const NONCE: &str = "nonce-of-the-token-endpoint";

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn lenient(algorithm: Algorithm) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    rules
}

impl Okta {
    /// The number that the proof of the n-th request after this one must hold.
    fn nonce(&self, n: u64) -> String {
        format!("nonce-{}", self.journal().counts().requests + n)
    }

    /// A number is used once.
    fn use_up(&self, jti: &str) -> bool {
        self.tokens().used.insert(jti.to_owned())
    }
}

/// Answers a request for a token.
pub(super) fn answer(org: &Okta, request: &Request) -> Result<Answer, Denied> {
    let form = request.form();
    if form.get("grant_type") != Some("client_credentials") {
        return Err(Denied::new(
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server.",
        ));
    }
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if form.get("client_assertion_type") != Some(kind) {
        return Err(Denied::new(
            "invalid_client",
            "Client authentication failed. The client_assertion_type is missing.",
        ));
    }
    assertion(org, form.get("client_assertion").unwrap_or_default())?;
    let key = if org.settings.proofs == Proofs::Unasked {
        None
    } else {
        Some(possession(org, request)?)
    };
    let asked = form.get("scope").unwrap_or_default();
    let scopes: Vec<String> = asked.split_whitespace().map(str::to_owned).collect();
    let known =
        |scope: &String| SCOPES.contains(&scope.as_str()) && !org.settings.lacks.contains(scope);
    if scopes.is_empty() || !scopes.iter().all(known) {
        return Err(Denied::new(
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ));
    }
    let mut tokens = org.tokens();
    tokens.made += 1;
    let text = format!(
        "eyJmYWtlIjoidG9rZW4ifQ.{}.c2lnbmF0dXJl",
        URL_SAFE_NO_PAD.encode(format!("access token {}", tokens.made))
    );
    let body = json!({
        "token_type": if key.is_some() { "DPoP" } else { "Bearer" },
        "expires_in": org.settings.token_seconds,
        "access_token": text,
        "scope": asked,
    });
    let open = Open {
        scopes,
        key,
        until: now() + org.settings.token_seconds,
        calls: 0,
    };
    tokens.open.insert(text, open);
    Ok(Answer::json(200, &body).with("cache-control", "no-store"))
}

fn assertion(org: &Okta, text: &str) -> Result<(), Denied> {
    let invalid = |why: &str| Denied::new("invalid_client", why);
    let settings = &org.settings;
    let signature = || invalid("The client_assertion signature is invalid.");
    if settings.key_expired {
        return Err(signature());
    }
    let pem = settings.public_pem.as_deref().ok_or_else(signature)?;
    let key = DecodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| signature())?;
    let read = jsonwebtoken::decode::<Assertion>(text, &key, &lenient(Algorithm::RS256))
        .map_err(|_| signature())?;
    if settings.key_id.is_some() && read.header.kid != settings.key_id {
        return Err(invalid("The client_assertion kid is invalid."));
    }
    let claims = read.claims;
    if claims.iss != settings.client_id || claims.sub != settings.client_id {
        return Err(invalid("Invalid value for 'client_id' parameter."));
    }
    if claims.aud != format!("{}/oauth2/v1/token", org.base()) {
        return Err(invalid(
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
        ));
    }
    if claims.exp <= now() {
        return Err(invalid("The client_assertion token is expired."));
    }
    if claims.exp > now() + 3600 {
        return Err(invalid(
            "The client_assertion token has an expiration too far into the future.",
        ));
    }
    if !org.use_up(&claims.jti) {
        return Err(invalid("The client_assertion token has already been used."));
    }
    Ok(())
}

/// The key behind a proof at the token endpoint.
fn possession(org: &Okta, request: &Request) -> Result<String, Denied> {
    let invalid = |why: &str| Denied::new("invalid_dpop_proof", why);
    let text = request
        .header("dpop")
        .ok_or_else(|| invalid("The DPoP proof JWT header is missing."))?;
    let (proof, key) = proof(org, request, text).map_err(invalid)?;
    if proof.nonce.as_deref() != Some(NONCE) {
        return Err(Denied {
            nonce: Some(NONCE.to_owned()),
            ..Denied::new(
                "use_dpop_nonce",
                "Authorization server requires nonce in DPoP proof.",
            )
        });
    }
    Ok(key)
}

fn proof(org: &Okta, request: &Request, text: &str) -> Result<(Proof, String), &'static str> {
    let header = jsonwebtoken::decode_header(text.as_bytes()).map_err(|_| "it is no JWT")?;
    if header.typ.as_deref() != Some("dpop+jwt") {
        return Err("typ is not dpop+jwt");
    }
    let jwk: Jwk = header.jwk.ok_or("the key is missing")?;
    let key = DecodingKey::from_jwk(&jwk).map_err(|_| "the key is none")?;
    let read = jsonwebtoken::decode::<Proof>(text, &key, &lenient(header.alg))
        .map_err(|_| "the signature is invalid")?;
    let proof = read.claims;
    if proof.htm != request.method || proof.htu != format!("{}{}", org.base(), request.path) {
        return Err("htm or htu is of another request");
    }
    if (proof.iat - now()).abs() > 300 {
        return Err("iat is too far from now");
    }
    if !org.use_up(&proof.jti) {
        return Err("jti was used before");
    }
    let AlgorithmParameters::EllipticCurve(point) = jwk.algorithm else {
        return Err("the key is of another kind");
    };
    Ok((proof, point.x))
}

/// Whether a request may read what needs this scope.
pub(super) fn opens(org: &Okta, request: &Request, scope: &str) -> Result<(), Answer> {
    let invalid = || refusal(401, "E0000011", "Invalid token provided");
    let header = request.header("authorization").unwrap_or_default();
    let (scheme, token) = header.split_once(' ').ok_or_else(invalid)?;
    let lacks = org.settings.lacks.iter().any(|own| own == scope);
    if scheme == "SSWS" {
        return match (token == org.settings.api_token, lacks) {
            (false, _) => Err(invalid()),
            (true, true) => Err(forbidden()),
            (true, false) => Ok(()),
        };
    }
    let open = {
        let mut tokens = org.tokens();
        let open = tokens.open.get_mut(token).ok_or_else(invalid)?;
        open.calls += 1;
        open.clone()
    };
    let used_up = org
        .settings
        .token_calls
        .is_some_and(|most| open.calls > most);
    if open.until <= now() || used_up {
        return Err(invalid());
    }
    match (&open.key, scheme) {
        (None, "Bearer") => {}
        (Some(key), "DPoP") => {
            let text = request.header("dpop").ok_or_else(invalid)?;
            let (proof, own) = proof(org, request, text).map_err(|_| invalid())?;
            let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()));
            if own != *key || proof.ath.as_deref() != Some(&hash) {
                return Err(invalid());
            }
            if org.settings.proofs == Proofs::Changing
                && proof.nonce.as_deref() != Some(&org.nonce(0))
            {
                let next = org.nonce(1);
                return Err(invalid()
                    .with("www-authenticate", "DPoP error=\"use_dpop_nonce\"")
                    .with("dpop-nonce", next));
            }
        }
        _ => return Err(invalid()),
    }
    if lacks || !open.scopes.iter().any(|own| own == scope) {
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
        return Err(forbidden().with("www-authenticate", challenge));
    }
    Ok(())
}

fn forbidden() -> Answer {
    refusal(
        403,
        "E0000006",
        "You do not have permission to perform the requested action",
    )
}
