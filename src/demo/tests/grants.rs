//! Client credentials, assertions, and the ways in that are closed.

use super::login::{TOKEN, denied, error};
use super::{Got, exchange, head, post, started};
use crate::demo::FakeOrg;

#[test]
fn clients_are_known_by_basic_authentication_or_by_the_form() {
    let org = started(FakeOrg::fictional().client("ck", Some("cs")));
    let by_form = |secret: &str| {
        post(
            &org,
            TOKEN,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", "ck"),
                ("client_secret", secret),
            ],
        )
    };
    let token = by_form("cs").json();
    assert!(token["access_token"].is_string());
    assert_eq!(token["refresh_token"], serde_json::Value::Null);
    assert_eq!(
        error(&by_form("wrong")),
        denied("invalid_client", "invalid client credentials")
    );
    let other = post(
        &org,
        TOKEN,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", "xx"),
            ("client_secret", "cs"),
        ],
    );
    assert_eq!(error(&other).1, "invalid_client_id");
    // Y2s6Y3M= is ck:cs; the body is sent in chunks, as Node's clients do it.
    let request = head(
        "POST",
        TOKEN,
        &[
            ("authorization", "Basic Y2s6Y3M="),
            ("content-type", "application/x-www-form-urlencoded"),
            ("transfer-encoding", "chunked"),
        ],
    ) + "\r\nb\r\ngrant_type=\r\n12\r\nclient_credentials\r\n0\r\n\r\n";
    assert_eq!(exchange(&org, request.as_bytes()).status, 200);
    let host = started(FakeOrg::fictional().login_host());
    let got = post(
        &host,
        TOKEN,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", "ck"),
            ("client_secret", "cs"),
        ],
    );
    assert_eq!(
        error(&got),
        denied("invalid_grant", "request not supported on this domain")
    );
}

/// An assertion whose signature nobody checks.
fn assertion(header: &str, claims: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    format!(
        "{}.{}.c2ln",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    )
}

fn bearer(org: &FakeOrg, header: &str, claims: &str) -> Got {
    let assertion = assertion(header, claims);
    post(
        org,
        TOKEN,
        &[
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", &assertion),
        ],
    )
}

const RS256: &str = r#"{"alg":"RS256"}"#;

fn claims(sub: &str, aud: &str, exp: i64) -> String {
    format!(r#"{{"iss":"ck","sub":"{sub}","aud":"{aud}","exp":{exp}}}"#)
}

#[test]
fn an_assertion_is_taken_or_refused_as_salesforce_would() {
    let org = started(FakeOrg::fictional());
    let user = org.username();
    let now = jiff::Timestamp::now().as_second();
    let login = "https://login.salesforce.com";
    assert_eq!(
        bearer(&org, RS256, &claims(&user, login, now + 180)).status,
        200
    );
    // One client sends milliseconds.
    assert_eq!(
        bearer(&org, RS256, &claims(&user, login, now * 1000)).status,
        200
    );
    assert_eq!(
        error(&bearer(&org, RS256, &claims(&user, login, now - 10))),
        denied("invalid_grant", "invalid assertion")
    );
    assert_eq!(
        error(&bearer(
            &org,
            RS256,
            &claims(&user, "https://evil.example", now + 180)
        )),
        denied("invalid_grant", "audience is invalid")
    );
    assert_eq!(
        error(&bearer(
            &org,
            RS256,
            &claims("nobody@x.example", login, now + 180)
        )),
        denied("invalid_grant", "user hasn't approved this consumer")
    );
    assert_eq!(
        error(&bearer(
            &org,
            r#"{"alg":"HS256"}"#,
            &claims(&user, login, now + 180)
        ))
        .2,
        "invalid assertion"
    );
    assert_eq!(error(&bearer(&org, "x", "y")).2, "invalid assertion");
    let ahead = started(FakeOrg::fictional().clock_skew(600));
    assert_eq!(
        error(&bearer(&ahead, RS256, &claims(&user, login, now + 180))).2,
        "invalid assertion"
    );
}

#[test]
fn other_ways_in_are_closed() {
    let org = started(FakeOrg::fictional());
    let got = post(
        &org,
        TOKEN,
        &[
            ("grant_type", "password"),
            ("username", "u"),
            ("password", "p"),
        ],
    );
    assert_eq!(
        error(&got),
        denied("invalid_grant", "authentication failure")
    );
    assert_eq!(
        error(&post(&org, TOKEN, &[("grant_type", "device")])).1,
        "unsupported_grant_type"
    );
    let soap = "<soapenv:Envelope><soapenv:Body><login><username>u</username></login></soapenv:Body></soapenv:Envelope>";
    let got = post(&org, "/services/Soap/u/65.0", &[("x", soap)]);
    assert_eq!(got.status, 500);
    assert!(
        got.text()
            .contains("<sf:exceptionCode>INVALID_OPERATION</sf:exceptionCode>")
    );
    let error_org = started(FakeOrg::fictional().token_error(
        "invalid_app_access",
        "user is not admin approved to access this app",
    ));
    let got = post(
        &error_org,
        TOKEN,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", "ck"),
            ("client_secret", "cs"),
        ],
    );
    assert_eq!(
        error(&got),
        denied(
            "invalid_app_access",
            "user is not admin approved to access this app"
        )
    );
}

#[test]
fn a_hostile_instance_url_is_told_as_it_is() {
    let org = started(FakeOrg::fictional().instance_url("https://a@evil.example"));
    let got = post(
        &org,
        TOKEN,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", "ck"),
            ("client_secret", "cs"),
        ],
    );
    assert_eq!(got.json()["instance_url"], "https://a@evil.example");
}
