//! What a scenario can make go wrong, one test for each.

use super::paging::ids;
use super::{Caller, Got, started};
use crate::demo::{Change, Effect, Endpoint, FakeOrg, Fault, Problem};

const BASE: &str = "/services/data/v65.0";

fn outcome(got: &Got) -> (u16, String, String) {
    (got.status, got.code(), got.message())
}

/// Errors of the API: status, code, text.
const PROBLEMS: &[(Problem, u16, &str, &str)] = &[
    (
        Problem::SessionExpired,
        401,
        "INVALID_SESSION_ID",
        "Session expired or invalid",
    ),
    (
        Problem::NotForRest,
        401,
        "INVALID_SESSION_ID",
        "This session is not valid for use with the REST API",
    ),
    (
        Problem::NoAgent,
        401,
        "INVALID_SESSION_ID",
        "Connected app is not attached to Agent",
    ),
    (
        Problem::DailyLimit,
        403,
        "REQUEST_LIMIT_EXCEEDED",
        "TotalRequests Limit exceeded.",
    ),
    (
        Problem::ConcurrencyLimit,
        403,
        "REQUEST_LIMIT_EXCEEDED",
        "ConcurrentPerOrgLongTxn Limit exceeded.",
    ),
    (
        Problem::ApiDisabled,
        403,
        "API_DISABLED_FOR_ORG",
        "The REST API is not enabled for this Organization.",
    ),
    (
        Problem::Unavailable,
        503,
        "SERVER_UNAVAILABLE",
        "Server is unavailable",
    ),
    (
        Problem::QueryTimeout,
        400,
        "QUERY_TIMEOUT",
        "Your query request was running for too long.",
    ),
    (
        Problem::LocatorExpired,
        400,
        "INVALID_QUERY_LOCATOR",
        "invalid query locator",
    ),
];

#[test]
fn each_problem_is_answered_as_salesforce_answers_it() {
    for (problem, status, code, message) in PROBLEMS.iter().copied() {
        let org = started(
            FakeOrg::fictional().fault(
                Fault::new(Effect::Refuse(problem))
                    .on(Endpoint::Query)
                    .once(),
            ),
        );
        let caller = Caller::new(&org);
        let got = caller.query("SELECT Id FROM User");
        assert_eq!(outcome(&got), (status, code.to_owned(), message.to_owned()));
        assert_eq!(
            caller.query("SELECT Id FROM User").status,
            200,
            "{problem:?} came twice"
        );
    }
}

#[test]
fn the_edge_answers_in_html() {
    for (problem, status) in [
        (Problem::NoRoute, 420),
        (Problem::BadGateway, 502),
        (Problem::GatewayTimeout, 504),
        (Problem::RequestTimeout, 408),
    ] {
        let org = started(FakeOrg::fictional().fault(Fault::new(Effect::Refuse(problem))));
        let got = Caller::new(&org).query("SELECT Id FROM User");
        assert_eq!(
            (got.status, got.header("content-type")),
            (status, Some("text/html;charset=UTF-8"))
        );
    }
    let org = started(FakeOrg::fictional().fault(Fault::new(Effect::Refuse(Problem::Unknown))));
    assert_eq!(
        Caller::new(&org).query("SELECT Id FROM User").code(),
        "UNKNOWN_EXCEPTION"
    );
}

#[test]
fn throttling_says_how_long_or_does_not() {
    let wait = |problem| {
        let org = started(FakeOrg::fictional().fault(Fault::new(Effect::Refuse(problem))));
        let got = Caller::new(&org).query("SELECT Id FROM User");
        (got.status, got.header("retry-after").map(str::to_owned))
    };
    assert_eq!(wait(Problem::TooManyFor(7)), (429, Some("7".to_owned())));
    assert_eq!(wait(Problem::TooMany), (429, None));
}

#[test]
fn a_mishap_hits_the_requests_it_is_meant_for() {
    let fault = Fault::new(Effect::Html(503))
        .on(Endpoint::Query)
        .object("user")
        .after(1)
        .times(2);
    let org = started(FakeOrg::fictional().fault(fault));
    let caller = Caller::new(&org);
    let users = || caller.query("SELECT Id FROM User").status;
    assert_eq!(caller.query("SELECT Id FROM Profile").status, 200);
    assert_eq!([users(), users(), users(), users()], [200, 503, 503, 200]);
    org.fault(Fault::new(Effect::Html(503)).on(Endpoint::Limits));
    assert_eq!(caller.get(&format!("{BASE}/limits")).status, 503);
}

#[test]
fn sessions_end_after_some_calls_or_at_once() {
    let org = started(FakeOrg::fictional().token_calls(2));
    let caller = Caller::new(&org);
    let limits = |caller: &Caller<'_>| caller.get(&format!("{BASE}/limits")).status;
    assert_eq!(
        [limits(&caller), limits(&caller), limits(&caller)],
        [200, 200, 401]
    );
    let again = Caller::new(&org);
    assert_eq!(limits(&again), 200);
    org.expire_sessions();
    assert_eq!(limits(&again), 401);
    let org = started(
        FakeOrg::fictional()
            .fault(Fault::new(Effect::ExpireSessions).on(Endpoint::Next).once())
            .page_size(100),
    );
    let caller = Caller::new(&org);
    let next = caller.query("SELECT Id FROM User").json()["nextRecordsUrl"]
        .as_str()
        .expect("a page")
        .to_owned();
    assert_eq!(caller.get(&next).code(), "INVALID_SESSION_ID");
    // The cursor outlives the session.
    assert_eq!(Caller::new(&org).get(&next).status, 200);
}

#[test]
fn objects_and_fields_can_be_out_of_sight() {
    let org = started(
        FakeOrg::fictional()
            .hide_object("Network")
            .hide_field("User.FederationIdentifier")
            .refuse_field("User.Title"),
    );
    let caller = Caller::new(&org);
    assert_eq!(
        caller.query("SELECT Id FROM Network").code(),
        "INVALID_TYPE"
    );
    assert_eq!(
        caller
            .get(&format!("{BASE}/sobjects/Network/describe"))
            .status,
        404
    );
    let global = caller.get(&format!("{BASE}/sobjects")).text();
    assert!(!global.contains("\"name\":\"Network\"") && global.contains("\"name\":\"User\""));
    let told = caller.get(&format!("{BASE}/sobjects/User/describe")).text();
    assert!(!told.contains("FederationIdentifier") && told.contains("\"Title\""));
    assert_eq!(
        caller.query("SELECT FederationIdentifier FROM User").code(),
        "INVALID_FIELD"
    );
    assert_eq!(
        caller.query("SELECT Title FROM User").code(),
        "INVALID_FIELD"
    );
    assert_eq!(
        caller
            .query("SELECT Profile.Name, UserRole.Name FROM User")
            .status,
        200
    );
}

#[test]
fn a_field_can_be_there_that_the_seed_lacks() {
    let org = started(FakeOrg::fictional().null_field("UserRole.PortalAccountOwnerId"));
    let caller = Caller::new(&org);
    let got = caller.query("SELECT PortalAccountOwnerId FROM UserRole LIMIT 1");
    assert!(got.json()["records"][0]["PortalAccountOwnerId"].is_null());
    let fault = FakeOrg::fictional().null_field("Nope.Field").start();
    let fault = fault.expect_err("no such object").to_string();
    assert!(fault.contains("Nope.Field"), "{fault}");
}

#[test]
fn a_caller_sees_what_the_permissions_allow() {
    let org = started(
        FakeOrg::fictional()
            .without_permission("ViewSetup")
            .without_permission("PermissionsManageUsers"),
    );
    let caller = Caller::new(&org);
    assert_eq!(
        caller.query("SELECT Id FROM UserLogin").code(),
        "INVALID_TYPE"
    );
    assert_eq!(
        caller.query("SELECT Id FROM ObjectPermissions").code(),
        "INVALID_TYPE"
    );
    // Assign Permission Sets is enough for these.
    assert_eq!(
        caller
            .query("SELECT Id FROM PermissionSetAssignment")
            .status,
        200
    );
    assert_eq!(caller.query("SELECT Id FROM UserLicense").status, 200);
    let plain = started(FakeOrg::fictional().user("ysolde.yewdale@brackenford.example"));
    let caller = Caller::new(&plain);
    assert_eq!(
        caller.query("SELECT Id FROM UserLogin").code(),
        "INVALID_TYPE"
    );
    assert_eq!(caller.query("SELECT Id FROM User").status, 200);
    let fault = FakeOrg::fictional()
        .user("nobody@x.example")
        .start()
        .expect_err("no such user");
    assert!(fault.to_string().contains("nobody@x.example"));
}

#[test]
fn the_api_can_be_off_and_offer_few_versions() {
    let off = started(FakeOrg::fictional().api_disabled());
    assert_eq!(
        Caller::new(&off).query("SELECT Id FROM User").code(),
        "API_DISABLED_FOR_ORG"
    );
    let old = started(FakeOrg::fictional().versions(40, 51));
    let caller = Caller::new(&old);
    let versions = caller.get("/services/data").json();
    assert_eq!(versions.as_array().map(Vec::len), Some(12));
    assert_eq!(caller.get(&format!("{BASE}/limits")).status, 404);
}

#[test]
fn seats_and_groups_start_as_told() {
    let seed = started(FakeOrg::fictional());
    let license = ids(&seed, "SELECT Id FROM UserLicense LIMIT 1").remove(0);
    let group = ids(&seed, "SELECT Id FROM PermissionSetGroup LIMIT 1").remove(0);
    let org = started(
        FakeOrg::fictional()
            .change(Change::update(
                "UserLicense",
                &license,
                &[("TotalLicenses", "-1"), ("Status", "Disabled")],
            ))
            .change(Change::update(
                "PermissionSetGroup",
                &group,
                &[("Status", "Outdated")],
            )),
    );
    let caller = Caller::new(&org);
    let got = caller
        .query(&format!(
            "SELECT TotalLicenses, Status FROM UserLicense WHERE Id = '{license}'"
        ))
        .json();
    assert_eq!(
        (
            got["records"][0]["TotalLicenses"].as_i64(),
            got["records"][0]["Status"].as_str()
        ),
        (Some(-1), Some("Disabled"))
    );
    let outdated = ids(
        &org,
        "SELECT Id FROM PermissionSetGroup WHERE Status = 'Outdated'",
    );
    assert!(outdated.contains(&group), "{outdated:?}");
}
