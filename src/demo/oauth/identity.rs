//! Who a token belongs to: userinfo, the identity URL, introspection; and its end, revocation.

use super::Denied;
use crate::demo::http::{Answer, Request};
use crate::demo::org::Org;
use crate::model::SfId;
use serde_json::{Value, json};

/// The session of a request: by its header, or by `oauth_token=`, as older clients send it.
fn user(org: &Org, request: &Request) -> Option<SfId> {
    let header = request
        .header("authorization")
        .and_then(|header| header.split_once(' '));
    let form = request.form();
    let token = header
        .map(|(_, token)| token.trim())
        .or_else(|| request.parameter("oauth_token"))
        .or_else(|| request.parameter("access_token"))
        .or_else(|| form.get("access_token"))?;
    org.tokens().session(token).map(|session| session.user)
}

fn refused() -> Answer {
    Answer::text(403, "text/html;charset=UTF-8", "Bad_OAuth_Token")
}

/// `GET /services/oauth2/userinfo`
pub(super) fn userinfo(org: &Org, request: &Request) -> Answer {
    user(org, request).map_or_else(refused, |user| Answer::json(200, &told(org, user, true)))
}

/// `GET /id/ORG/USER`
pub(super) fn identity(org: &Org, request: &Request) -> Answer {
    let Some(user) = user(org, request) else {
        return refused();
    };
    let parts = request.parts();
    let asked = |place: usize| parts.get(place).and_then(|id| SfId::parse(id).ok());
    if asked(1) != Some(org.id) || asked(2) != Some(user) {
        return Answer::text(404, "text/html;charset=UTF-8", "Not_Found");
    }
    Answer::json(200, &told(org, user, false))
}

fn told(org: &Org, user: SfId, open_id: bool) -> Value {
    let store = org.store();
    let of = |field: &str| store.value("User", user, field);
    let base = org.settings.instance_url.as_deref().unwrap_or(org.base());
    let rest = format!("{base}/services/data/v{{version}}");
    let id = format!("{}/id/{}/{}", org.base(), org.id.text(), user.text());
    let mut told = json!({
        "user_id": user.text(),
        "organization_id": org.id.text(),
        "email": of("Email"),
        "email_verified": true,
        "zoneinfo": of("TimeZoneSidKey"),
        "active": of("IsActive") == "true",
        "user_type": of("UserType").to_uppercase(),
        "language": of("LanguageLocaleKey"),
        "locale": of("LocaleSidKey"),
        "utcOffset": 0,
        "is_app_installed": true,
        "urls": {
            "enterprise": format!("{base}/services/Soap/c/{{version}}/{}", org.id.text()),
            "metadata": format!("{base}/services/Soap/m/{{version}}/{}", org.id.text()),
            "partner": format!("{base}/services/Soap/u/{{version}}/{}", org.id.text()),
            "rest": format!("{rest}/"),
            "sobjects": format!("{rest}/sobjects/"),
            "search": format!("{rest}/search/"),
            "query": format!("{rest}/query/"),
            "recent": format!("{rest}/recent/"),
            "tooling_rest": format!("{rest}/tooling/"),
            "profile": format!("{base}/{}", user.text()),
            "custom_domain": base,
        },
    });
    let names: &[(&str, String)] = if open_id {
        &[
            ("sub", id),
            ("preferred_username", of("Username")),
            ("nickname", of("CommunityNickname")),
            ("name", of("Name")),
            ("given_name", of("FirstName")),
            ("family_name", of("LastName")),
        ]
    } else {
        &[
            ("id", id),
            ("username", of("Username")),
            ("nick_name", of("CommunityNickname")),
            ("display_name", of("Name")),
            ("first_name", of("FirstName")),
            ("last_name", of("LastName")),
            ("timezone", of("TimeZoneSidKey")),
        ]
    };
    if let Some(told) = told.as_object_mut() {
        for (name, value) in names {
            told.insert((*name).to_owned(), json!(value));
        }
    }
    told
}

/// `POST /services/oauth2/introspect`
pub(super) fn introspect(org: &Org, request: &Request) -> Answer {
    let form = request.form();
    let Some(token) = form.get("token") else {
        return Denied::new("invalid_request", "token parameter is missing").into();
    };
    let tokens = org.tokens();
    let Some(session) = tokens.session(token) else {
        return Answer::json(200, &json!({ "active": false }));
    };
    let now = jiff::Timestamp::now().as_second();
    let user = session.user;
    Answer::json(
        200,
        &json!({
            "active": true,
            "scope": session.scope,
            "client_id": session.client,
            "username": org.store().value("User", user, "Username"),
            "sub": format!("{}/id/{}/{}", org.base(), org.id.text(), user.text()),
            "token_type": "access_token",
            "exp": now + 7200,
            "iat": now,
            "nbf": now,
        }),
    )
}

/// `POST /services/oauth2/revoke`
pub(super) fn revoke(org: &Org, request: &Request) -> Answer {
    let form = request.form();
    match form.get("token").or_else(|| request.parameter("token")) {
        Some(token) if org.tokens().revoke(token) => Answer::empty(200),
        _ => Denied::new("invalid_token", "invalid token").into(),
    }
}
