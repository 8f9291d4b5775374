//! Proofs of possession (DPoP, RFC 9449): a key that lives as long as the run signs every request, so that a token that
//! was stolen is of no use.

use super::Error;
use crate::net::Secret;
use aws_lc_rs::rand;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters,
    EllipticCurveKeyType, Jwk,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use url::Url;

/// The key of a run.
pub(super) struct ProofKey {
    key: EncodingKey,
    jwk: Jwk,
}

/// What a proof says.
#[derive(Serialize)]
struct Claims<'a> {
    htm: &'a str,
    htu: &'a str,
    iat: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
}

impl ProofKey {
    /// A new key on the curve P-256.
    ///
    /// # Errors
    /// The machine gives no random numbers.
    pub(super) fn new() -> Result<Self, Error> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .map_err(|fault| no_key(&fault))?;
        let der = pair.to_pkcs8v1().map_err(|fault| no_key(&fault))?;
        // An uncompressed point: a mark, then both coordinates.
        let point = pair.public_key().as_ref();
        let part = |from: usize, to: usize| {
            URL_SAFE_NO_PAD.encode(point.get(from..to).unwrap_or_default())
        };
        Ok(Self {
            key: EncodingKey::from_ec_der(der.as_ref()),
            jwk: Jwk {
                common: CommonParameters::default(),
                algorithm: AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
                    key_type: EllipticCurveKeyType::EC,
                    curve: EllipticCurve::P256,
                    x: part(1, 33),
                    y: part(33, 65),
                }),
            },
        })
    }

    /// A proof for one request; it is good for that one only.
    ///
    /// # Errors
    /// It cannot be signed.
    pub(super) fn sign(
        &self,
        (method, url): (&str, &Url),
        now: Timestamp,
        nonce: Option<&str>,
        token: Option<&Secret>,
    ) -> Result<Secret, Error> {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(String::from("dpop+jwt"));
        header.jwk = Some(self.jwk.clone());
        let mut bare = url.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        let claims = Claims {
            htm: method,
            htu: bare.as_str(),
            iat: now.as_second(),
            jti: random()?,
            nonce,
            ath: token
                .map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token.expose().as_bytes()))),
        };
        encode(&header, &claims, &self.key)
            .map(Secret::new)
            .map_err(|fault| no_key(&fault))
    }
}

fn no_key(fault: &dyn std::fmt::Display) -> Error {
    Error::usage(format!("no key for proofs of possession: {fault}"))
}

/// A number that nobody can guess, for `jti`.
pub(super) fn random() -> Result<String, Error> {
    let mut bytes = [0; 18];
    rand::fill(&mut bytes).map_err(|fault| no_key(&fault))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};

    #[test]
    fn a_proof_can_be_verified_with_the_key_inside() {
        let key = ProofKey::new().expect("a key");
        let url = Url::parse("https://acme.okta.com/api/v1/apps?limit=1#x").expect("an address");
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().expect("a moment");
        let token = Secret::new(String::from("abc"));
        let sign = || key.sign(("GET", &url), now, Some("n1"), Some(&token));
        let proof = sign().expect("signed");
        let header = decode_header(proof.expose().as_bytes()).expect("a header");
        assert_eq!(header.typ.as_deref(), Some("dpop+jwt"));
        let jwk = header.jwk.expect("the key");
        let mut rules = Validation::new(Algorithm::ES256);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        let claims: serde_json::Value = decode(
            proof.expose().as_bytes(),
            &DecodingKey::from_jwk(&jwk).expect("a key"),
            &rules,
        )
        .expect("a good signature")
        .claims;
        assert_eq!(claims["htu"], "https://acme.okta.com/api/v1/apps");
        assert_eq!(claims["htm"], "GET");
        assert_eq!(claims["nonce"], "n1");
        // The hash of `abc`, as RFC 4634 gives it.
        assert_eq!(claims["ath"], "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
        assert_ne!(sign().expect("signed").expose(), proof.expose());
    }
}
