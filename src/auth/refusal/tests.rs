use super::*;

/// Flow, error and description as Salesforce sends them, and words of the cause and the remedy.
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "jwt",
        "invalid_grant",
        "user hasn't approved this consumer",
        "has not approved",
        "pre-authorized",
    ),
    (
        "jwt",
        "invalid_app_access",
        "user is not admin approved to access this app",
        "not among them",
        "App Policies",
    ),
    (
        "jwt",
        "invalid_grant",
        "audience is invalid",
        "another kind of org",
        "--audience",
    ),
    (
        "jwt",
        "invalid_grant",
        "Audience validation failed",
        "another kind of org",
        "--audience",
    ),
    (
        "jwt",
        "invalid_grant",
        "invalid assertion",
        "certificate",
        "upload",
    ),
    (
        "client-credentials",
        "invalid_grant",
        "request not supported on this domain",
        "My Domain",
        "Setup > My Domain",
    ),
    (
        "client-credentials",
        "invalid_grant",
        "no client credentials user enabled",
        "run as",
        "Run As",
    ),
    (
        "client-credentials",
        "invalid_client",
        "invalid client credentials",
        "secret is wrong",
        "--secret-file",
    ),
    (
        "web",
        "invalid_client_id",
        "client identifier invalid",
        "consumer key",
        "ten minutes",
    ),
    (
        "web",
        "invalid_client",
        "app must be installed into org",
        "not installed",
        "Install",
    ),
    (
        "refresh",
        "app_not_found",
        "External client app is not installed in this org",
        "not installed",
        "install its package",
    ),
    (
        "web",
        "OAUTH_EC_APP_NOT_FOUND",
        "",
        "not installed",
        "install its package",
    ),
    (
        "web",
        "OAUTH_APP_BLOCKED",
        "this app is blocked by admin",
        "blocked",
        "Unblock",
    ),
    (
        "web",
        "access_denied",
        "end-user denied authorization",
        "refused access",
        "Allow",
    ),
    ("web", "access-denied", "", "refused access", "Allow"),
    (
        "web",
        "invalid_grant",
        "ip restricted or invalid login hours",
        "address",
        "Login IP Ranges",
    ),
    (
        "web",
        "invalid_grant",
        "expired authorization code",
        "too old",
        "log in again",
    ),
    (
        "web",
        "redirect_uri_mismatch",
        "redirect_uri must match configuration",
        "not registered",
        "Callback URL",
    ),
    (
        "refresh",
        "invalid_grant",
        "expired access/refresh token",
        "has ended",
        "Refresh Token Policy",
    ),
    (
        "web",
        "invalid_request",
        "missing required code challenge",
        "PKCE",
        "log in again",
    ),
    (
        "web",
        "unsupported_grant_type",
        "grant type not supported",
        "does not allow",
        "Flow Enablement",
    ),
    ("web", "rate_limit_exceeded", "", "too many logins", "wait"),
];

fn refusal(flow: &'static str, error: &str, description: &str) -> Refusal {
    Refusal {
        host: String::from("https://login.salesforce.com"),
        flow,
        error: error.to_owned(),
        description: description.to_owned(),
        sent: Vec::new(),
        ahead: None,
    }
}

#[test]
fn each_error_has_one_cause() {
    for (flow, error, description, cause, action) in CASES {
        let refusal = refusal(flow, error, description);
        let remedy = refusal
            .remedy()
            .unwrap_or_else(|| panic!("{error}: {description}"));
        assert!(
            remedy.cause.contains(cause),
            "{description}: {}",
            remedy.cause
        );
        assert!(
            remedy.action.contains(action),
            "{description}: {}",
            remedy.action
        );
    }
}

#[test]
fn what_nobody_wrote_down_is_not_guessed() {
    let unknown = refusal("web", "invalid_grant", "the moon is full");
    assert_eq!(unknown.remedy(), None);
    assert_eq!(
        unknown.to_string(),
        "https://login.salesforce.com refuses the login: invalid_grant (the moon is full)"
    );
}

#[test]
fn a_wrong_clock_is_the_cause_where_it_can_be() {
    let mut wrong = refusal("jwt", "invalid_grant", "invalid assertion");
    wrong.ahead = Some(SignedDuration::from_mins(-12));
    assert!(
        wrong
            .remedy()
            .is_some_and(|remedy| remedy.cause.contains("clock"))
    );
    assert!(wrong.hints().contains(&String::from(
        "the clock of this machine is 12 minutes behind Salesforce's"
    )));
    wrong.ahead = Some(SignedDuration::from_secs(-5));
    assert!(
        wrong
            .remedy()
            .is_some_and(|remedy| remedy.cause.contains("certificate"))
    );
    let mut approved = refusal("jwt", "invalid_grant", "user hasn't approved this consumer");
    approved.ahead = Some(SignedDuration::from_mins(12));
    assert!(
        approved
            .remedy()
            .is_some_and(|remedy| remedy.cause.contains("approved"))
    );
}

#[test]
fn words_are_compared_in_small_letters() {
    for line in TABLE {
        for word in line.words {
            assert_eq!(*word, word.to_lowercase());
        }
    }
}
