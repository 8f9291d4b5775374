//! What a scenario can make go wrong, one test for each.

use super::{Caller, Got, started};
use crate::demo::{Change, Effect, Endpoint, FakeOrg, Fault, Problem};
use std::collections::BTreeSet;

const BASE: &str = "/services/data/v65.0";

fn outcome(got: &Got) -> (u16, String, String) {
    (got.status, got.code(), got.message())
}

#[test]
fn each_problem_is_answered_as_salesforce_answers_it() {
    let all = [
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
    for (problem, status, code, message) in all {
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
    let wait = |seconds| {
        let org = started(
            FakeOrg::fictional().fault(Fault::new(Effect::Refuse(Problem::TooMany(seconds)))),
        );
        let got = Caller::new(&org).query("SELECT Id FROM User");
        (got.status, got.header("retry-after").map(str::to_owned))
    };
    assert_eq!(wait(Some(7)), (429, Some("7".to_owned())));
    assert_eq!(wait(None), (429, None));
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

fn ids(org: &FakeOrg, soql: &str) -> Vec<String> {
    let (records, _) = Caller::new(org).all(soql);
    records
        .iter()
        .filter_map(|record| record["Id"].as_str())
        .map(str::to_owned)
        .collect()
}

fn distinct(ids: &[String]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

#[test]
fn rows_repeat_or_are_left_out_between_pages() {
    let org = |effect| {
        started(
            FakeOrg::fictional()
                .page_size(100)
                .fault(Fault::new(effect).on(Endpoint::Next).once()),
        )
    };
    let repeated = ids(&org(Effect::RepeatRow), "SELECT Id FROM User");
    assert_eq!((repeated.len(), distinct(&repeated)), (427, 426));
    let skipped = ids(&org(Effect::SkipRow), "SELECT Id FROM User");
    assert_eq!((skipped.len(), distinct(&skipped)), (425, 425));
    let shorter = org(Effect::ShorterPage(7));
    let whole = ids(&shorter, "SELECT Id FROM User");
    assert_eq!((whole.len(), distinct(&whole)), (426, 426));
    let pages = shorter
        .journal()
        .iter()
        .filter(|entry| entry.endpoint == Endpoint::Next)
        .count();
    assert_eq!(pages, 5);
}

#[test]
fn the_org_changes_between_pages() {
    let seed = started(FakeOrg::fictional());
    let all = ids(&seed, "SELECT Id FROM GroupMember");
    let group = Caller::new(&seed)
        .query("SELECT GroupId, UserOrGroupId FROM GroupMember LIMIT 1")
        .json();
    let values = [
        ("Id", "0117R00000ZZZZZ"),
        (
            "GroupId",
            group["records"][0]["GroupId"].as_str().expect("an id"),
        ),
        (
            "UserOrGroupId",
            group["records"][0]["UserOrGroupId"]
                .as_str()
                .expect("an id"),
        ),
    ];
    let last = all.last().expect("a member");
    let when = |change| Fault::new(Effect::Change(change)).on(Endpoint::Next).once();
    let org = started(
        FakeOrg::fictional()
            .page_size(20)
            .fault(when(Change::insert("GroupMember", &values)))
            .fault(when(Change::delete("GroupMember", last)))
            .fault(when(Change::delete("GroupMember", &all[0]))),
    );
    let seen = ids(&org, "SELECT Id FROM GroupMember");
    // The first page was out before its record went; the new one is not in this answer.
    assert_eq!(seen.len(), all.len() - 1);
    assert!(seen.contains(&all[0]) && !seen.contains(last));
    assert_eq!(ids(&org, "SELECT Id FROM GroupMember").len(), all.len() - 1);
    let count = Caller::new(&org)
        .query("SELECT COUNT() FROM GroupMember")
        .json();
    assert_eq!(count["totalSize"], all.len() - 1);
    assert_eq!(org.complaints(), Vec::<String>::new());
}

#[test]
fn changed_records_are_newer_and_deleted_ones_are_in_the_bin() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let start = jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let all = ids(&org, "SELECT Id FROM PermissionSetLicenseAssign");
    let role = ids(&org, "SELECT Id FROM UserRole LIMIT 1").remove(0);
    org.change(&Change::update("UserRole", &role, &[("Name", "New Name")]))
        .expect("a change");
    org.change(&Change::delete("PermissionSetLicenseAssign", &all[3]))
        .expect("a change");
    let newer = caller
        .query(&format!(
            "SELECT Id, Name FROM UserRole WHERE SystemModstamp >= {start}"
        ))
        .json();
    assert_eq!(newer["totalSize"], 1);
    assert_eq!(newer["records"][0]["Name"], "New Name");
    let user = ids(&org, "SELECT Id FROM User LIMIT 1").remove(0);
    org.change(&Change::update("User", &user, &[("Title", "Boss")]))
        .expect("a change");
    assert_eq!(
        ids(
            &org,
            &format!("SELECT Id FROM User WHERE SystemModstamp >= {start}")
        ),
        [user]
    );
    assert_eq!(
        ids(&org, "SELECT Id FROM PermissionSetLicenseAssign").len(),
        all.len() - 1
    );
    let soql = super::encoded(
        "SELECT Id, IsDeleted FROM PermissionSetLicenseAssign WHERE IsDeleted = true",
    );
    let binned = caller.get(&format!("{BASE}/queryAll?q={soql}")).json();
    assert_eq!(
        (
            binned["totalSize"].as_u64(),
            binned["records"][0]["Id"].as_str()
        ),
        (Some(1), Some(all[3].as_str()))
    );
    let fault = org
        .change(&Change::delete("UserRole", "00E000000000001"))
        .expect_err("no such role");
    assert!(
        fault.to_string().contains("UserRole has no record"),
        "{fault}"
    );
}

#[test]
fn a_page_can_lead_elsewhere_or_to_itself() {
    let org = |effect, endpoint| {
        started(
            FakeOrg::fictional()
                .page_size(100)
                .fault(Fault::new(effect).on(endpoint)),
        )
    };
    let evil = "https://evil.example/services/data/v65.0/query/01g-100".to_owned();
    let away = org(Effect::NextUrl(evil.clone()), Endpoint::Query);
    assert_eq!(
        Caller::new(&away).query("SELECT Id FROM User").json()["nextRecordsUrl"],
        evil.as_str()
    );
    let turning = org(Effect::Endless, Endpoint::Next);
    let caller = Caller::new(&turning);
    let next = caller.query("SELECT Id FROM User").json()["nextRecordsUrl"]
        .as_str()
        .expect("a page")
        .to_owned();
    let page = caller.get(&next).json();
    assert_eq!(
        (page["done"].as_bool(), page["nextRecordsUrl"].as_str()),
        (Some(false), Some(next.as_str()))
    );
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
