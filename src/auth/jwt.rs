//! The assertion of the JWT bearer flow: a key of the user's signs for a user of the org.

use super::Error;
use super::private::{NotPrivate, read_secret};
use crate::net::Secret;
use aws_lc_rs::signature::RsaKeyPair;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;
use std::path::Path;
use url::Url;

/// How long an assertion is good. Sources name three and five minutes as the most that Salesforce takes.
const GOOD_FOR: i64 = 180;
/// The shortest RSA key that Salesforce takes, in bits.
const LEAST_BITS: usize = 2048;

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
}

/// A signed assertion, and what is in it for messages.
pub(super) struct Assertion {
    pub(super) text: Secret,
    pub(super) sent: Vec<String>,
}

/// Signs for `username` with the key in a file.
///
/// # Errors
/// The file is open to others, or holds no RSA key of 2048 bits or more in PEM form.
pub(super) fn sign(
    key_file: &Path,
    client_id: &str,
    username: &str,
    audience: &str,
    now: Timestamp,
) -> Result<Assertion, Error> {
    let pem = read_secret(key_file, &mut std::io::empty()).map_err(Error::SecretFile)?;
    let key = rsa_key(key_file, &pem, "Salesforce").map_err(Error::SecretFile)?;
    let claims = Claims {
        iss: client_id,
        sub: username,
        aud: audience,
        exp: now.as_second() + GOOD_FOR,
    };
    let text = encode(&Header::new(Algorithm::RS256), &claims, &key).map_err(|error| {
        Error::SecretFile(NotPrivate::new(
            key_file,
            format!("it cannot sign: {error}"),
        ))
    })?;
    let expires = Timestamp::from_second(claims.exp)
        .map_or_else(|_| claims.exp.to_string(), |at| at.to_string());
    Ok(Assertion {
        text: Secret::new(text),
        sent: vec![
            format!("aud={audience}"),
            format!("sub={username}"),
            format!("exp={expires}"),
        ],
    })
}

/// Whom the assertion is for: Salesforce knows production and sandboxes by two names, whatever the host is.
pub(super) fn audience(login_url: &Url) -> &'static str {
    let host = login_url.host_str().unwrap_or_default();
    if host == "test.salesforce.com" || host.contains(".sandbox.") || host.contains(".scratch.") {
        "https://test.salesforce.com"
    } else {
        "https://login.salesforce.com"
    }
}

/// The RSA key of a PEM text that `whose` is to take. What libraries say of a wrong one is hard to read, so the form is
/// looked at first. `place` is the file for messages.
///
/// # Errors
/// It holds no RSA key of 2048 bits or more in PEM form.
pub(crate) fn rsa_key(place: &Path, pem: &Secret, whose: &str) -> Result<EncodingKey, NotPrivate> {
    let wrong = |reason: String| NotPrivate::new(place, reason);
    let text = pem.expose();
    let instead = "openssl genrsa -out KEY 2048";
    let forms = [
        (
            "BEGIN ENCRYPTED PRIVATE KEY",
            "the key is encrypted; decrypt it first: openssl pkcs8 -in KEY -out NEW".to_owned(),
        ),
        (
            "Proc-Type: 4,ENCRYPTED",
            "the key is encrypted; decrypt it first: openssl rsa -in KEY -out NEW".to_owned(),
        ),
        (
            "BEGIN EC PRIVATE KEY",
            format!("this is an EC key; {whose} wants RSA: {instead}"),
        ),
        (
            "BEGIN OPENSSH PRIVATE KEY",
            format!("this is a key of OpenSSH; {whose} wants RSA in PEM form: {instead}"),
        ),
        (
            "BEGIN PUBLIC KEY",
            "this is a public key; the private one is wanted".to_owned(),
        ),
    ];
    if let Some((_, reason)) = forms.into_iter().find(|(label, _)| text.contains(label)) {
        return Err(wrong(reason));
    }
    if text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE KEY") {
        return Err(wrong(
            "this is a certificate, which goes into the app; the private key is wanted here"
                .to_owned(),
        ));
    }
    let der = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| {
        wrong("it holds no private key in PEM form (-----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----)".to_owned())
    })?;
    let pair = match &der {
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        _ => {
            return Err(wrong(format!(
                "this is no RSA key; {whose} wants RSA: {instead}"
            )));
        }
    };
    match pair {
        Ok(pair) if pair.public_modulus_len() * 8 >= LEAST_BITS => {}
        Ok(pair) => {
            let bits = pair.public_modulus_len() * 8;
            return Err(wrong(format!(
                "the key has {bits} bits, {whose} wants {LEAST_BITS}: {instead}"
            )));
        }
        Err(rejected) => {
            return Err(wrong(format!(
                "no RSA key of {LEAST_BITS} bits or more ({rejected}): {instead}"
            )));
        }
    }
    EncodingKey::from_rsa_pem(text.as_bytes())
        .map_err(|error| wrong(format!("the key cannot be used: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audience_is_the_kind_of_org() {
        for (url, wanted) in [
            (
                "https://login.salesforce.com",
                "https://login.salesforce.com",
            ),
            (
                "https://acme.my.salesforce.com",
                "https://login.salesforce.com",
            ),
            (
                "https://acme.my.salesforce.mil",
                "https://login.salesforce.com",
            ),
            ("https://test.salesforce.com", "https://test.salesforce.com"),
            (
                "https://acme--uat.sandbox.my.salesforce.com",
                "https://test.salesforce.com",
            ),
            ("http://127.0.0.1:8080", "https://login.salesforce.com"),
        ] {
            assert_eq!(
                audience(&Url::parse(url).expect("an address")),
                wanted,
                "{url}"
            );
        }
    }
}
