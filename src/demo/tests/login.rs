//! The login over the wire.

use super::{Caller, Got, exchange, head, post, started};
use crate::demo::{Authorize, FakeOrg};
use oauth2::PkceCodeChallenge;
use std::collections::BTreeMap;
use url::Url;

pub(super) const TOKEN: &str = "/services/oauth2/token";
const CALLBACK: &str = "http://localhost:1717/OauthRedirect";

/// Where authorize sends the browser, as the parameters of that address.
fn authorized(org: &FakeOrg, parameters: &[(&str, &str)]) -> Result<BTreeMap<String, String>, Got> {
    let mut url = Url::parse("http://x/services/oauth2/authorize").expect("an address");
    url.query_pairs_mut().extend_pairs(parameters);
    let path = format!("{}?{}", url.path(), url.query().expect("a query"));
    let got = exchange(org, (head("GET", &path, &[]) + "\r\n").as_bytes());
    if got.status != 302 {
        return Err(got);
    }
    let to = Url::parse(got.header("location").expect("a location")).expect("an address");
    assert!(to.as_str().starts_with(CALLBACK), "{to}");
    Ok(to.query_pairs().into_owned().collect())
}

fn asked(challenge: &str) -> Vec<(&str, &str)> {
    vec![
        ("response_type", "code"),
        ("client_id", "ck"),
        ("redirect_uri", CALLBACK),
        ("scope", "api refresh_token"),
        ("state", "s t&a"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ]
}

fn redeem(org: &FakeOrg, code: &str, verifier: Option<&str>) -> Got {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", "ck"),
        ("redirect_uri", CALLBACK),
    ];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    post(org, TOKEN, &form)
}

pub(super) fn error(got: &Got) -> (u16, String, String) {
    let json = got.json();
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    (got.status, text("error"), text("error_description"))
}

pub(super) fn denied(error: &str, description: &str) -> (u16, String, String) {
    (400, error.to_owned(), description.to_owned())
}

#[test]
fn a_code_with_pkce_gives_a_token_and_a_refresh_token() {
    let org = started(FakeOrg::fictional());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let back =
        authorized(&org, &asked(challenge.as_str())).unwrap_or_else(|got| panic!("{}", got.text()));
    assert_eq!(back["state"], "s t&a");
    let got = redeem(&org, &back["code"], Some(verifier.secret()));
    let token = got.json();
    assert_eq!(token["instance_url"], org.base_url());
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["expires_in"], serde_json::Value::Null);
    assert!(token["issued_at"].is_string());
    let access = token["access_token"].as_str().expect("a token").to_owned();
    assert!(access.starts_with(&org.org_id()[..15]) && access.as_bytes()[15] == b'!');
    let id = token["id"].as_str().expect("an id");
    assert!(id.contains(&org.org_id()), "{id}");
    let caller = Caller {
        org: &org,
        token: access,
    };
    assert_eq!(
        caller.query("SELECT COUNT() FROM User").json()["totalSize"],
        426
    );
    assert_eq!(
        error(&redeem(&org, &back["code"], Some(verifier.secret()))),
        denied("invalid_grant", "expired authorization code")
    );

    let refresh = token["refresh_token"].as_str().expect("a refresh token");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_id", "ck"),
        ("code_verifier", "ignored"),
    ];
    let again = post(&org, TOKEN, &form).json();
    assert_ne!(again["access_token"], token["access_token"]);
    assert_eq!(again["refresh_token"], serde_json::Value::Null);
    assert_eq!(
        post(&org, "/services/oauth2/revoke", &[("token", refresh)]).status,
        200
    );
    assert_eq!(
        error(&post(&org, TOKEN, &form)),
        denied("invalid_grant", "expired access/refresh token")
    );
    // The sessions that came from it are over, too.
    assert_eq!(
        caller.get("/services/data/v65.0/limits").code(),
        "INVALID_SESSION_ID"
    );
}

#[test]
fn a_challenge_must_be_answered() {
    let org = started(FakeOrg::fictional());
    let code = || {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let back = authorized(&org, &asked(challenge.as_str()))
            .unwrap_or_else(|got| panic!("{}", got.text()));
        (back["code"].clone(), verifier)
    };
    let (one, _) = code();
    assert_eq!(error(&redeem(&org, &one, None)).1, "invalid_grant");
    let (two, _) = code();
    assert_eq!(
        error(&redeem(&org, &two, Some("short"))).1,
        "invalid_request"
    );
    let (three, _) = code();
    assert_eq!(
        error(&redeem(&org, &three, Some(&"x".repeat(64)))).1,
        "invalid_request"
    );
    let without: Vec<_> = asked("")
        .into_iter()
        .filter(|(name, _)| !name.starts_with("code_"))
        .collect();
    let back = authorized(&org, &without).unwrap_or_else(|got| panic!("{}", got.text()));
    assert_eq!(
        (back["error"].as_str(), back["error_description"].as_str()),
        ("invalid_request", "missing required code challenge")
    );
    let open = started(FakeOrg::fictional().without_pkce());
    let back = authorized(&open, &without).unwrap_or_else(|got| panic!("{}", got.text()));
    assert_eq!(redeem(&open, &back["code"], None).status, 200);
}

#[test]
fn the_authorize_page_misbehaves_as_told() {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let back = |what| {
        let org = started(FakeOrg::fictional().authorize(what));
        let back = authorized(&org, &asked(challenge.as_str()))
            .unwrap_or_else(|got| panic!("{}", got.text()));
        (org, back)
    };
    let (_, denied_back) = back(Authorize::Deny);
    assert_eq!(denied_back["error"], "access_denied");
    let (_, wrong) = back(Authorize::WrongState);
    assert_ne!(wrong["state"], "s t&a");
    let (org, expired) = back(Authorize::ExpiredCode);
    assert_eq!(
        error(&redeem(&org, &expired["code"], Some(verifier.secret()))),
        denied("invalid_grant", "expired authorization code")
    );
}

#[test]
fn browsers_are_sent_to_registered_callbacks_only() {
    let org = started(FakeOrg::fictional().callback("http://localhost:1718/callback"));
    let Err(got) = authorized(&org, &asked("x")) else {
        panic!("went to a callback that nobody registered");
    };
    assert_eq!(got.status, 400);
    assert!(got.text().contains("redirect_uri_mismatch"));
    let any = started(FakeOrg::fictional());
    let foreign: Vec<_> = asked("x")
        .into_iter()
        .map(|(name, value)| {
            (
                name,
                if name == "redirect_uri" {
                    "https://evil.example/"
                } else {
                    value
                },
            )
        })
        .collect();
    assert!(authorized(&any, &foreign).is_err());
}

#[test]
fn a_refresh_token_can_rotate() {
    let org = started(FakeOrg::fictional().rotating_refresh());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let back =
        authorized(&org, &asked(challenge.as_str())).unwrap_or_else(|got| panic!("{}", got.text()));
    let token = redeem(&org, &back["code"], Some(verifier.secret())).json();
    let refreshed = |with: &str| {
        post(
            &org,
            TOKEN,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", with),
                ("client_id", "ck"),
            ],
        )
    };
    let old = token["refresh_token"].as_str().expect("a refresh token");
    let new = refreshed(old).json()["refresh_token"]
        .as_str()
        .expect("a new one")
        .to_owned();
    assert_ne!(old, new);
    assert_eq!(refreshed(old).status, 400);
    assert_eq!(refreshed(&new).status, 200);
}

#[test]
fn who_a_token_belongs_to() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let info = caller.get("/services/oauth2/userinfo").json();
    assert_eq!(info["organization_id"], org.org_id());
    assert_eq!(info["preferred_username"], org.username());
    let path = format!(
        "/id/{}/{}",
        org.org_id(),
        info["user_id"].as_str().expect("an id")
    );
    assert_eq!(caller.get(&path).json()["username"], org.username());
    let by_parameter = format!("{path}?format=json&oauth_token={}", encoded_token(&caller));
    assert_eq!(
        exchange(&org, (head("GET", &by_parameter, &[]) + "\r\n").as_bytes()).status,
        200
    );
    let stranger = Caller {
        org: &org,
        token: "00D!nothing".to_owned(),
    };
    let got = stranger.get("/services/oauth2/userinfo");
    assert_eq!((got.status, got.text().as_str()), (403, "Bad_OAuth_Token"));
    let told = |token: &str| {
        post(
            &org,
            "/services/oauth2/introspect",
            &[("token", token), ("client_id", "ck")],
        )
        .json()
    };
    assert_eq!(told(&caller.token)["username"], org.username());
    assert_eq!(told("00D!nothing"), serde_json::json!({ "active": false }));
    let got = post(&org, "/services/oauth2/revoke", &[("token", "00D!nothing")]);
    assert_eq!(error(&got).1, "invalid_token");
}

fn encoded_token(caller: &Caller<'_>) -> String {
    super::encoded(&caller.token)
}
