//! Queries, describe, limits, bulk and composite over the wire.

use super::{Caller, encoded, started};
use crate::demo::FakeOrg;
use serde_json::json;

const BASE: &str = "/services/data/v65.0";

#[test]
fn a_query_comes_in_pages_that_hold_every_record_once() {
    let org = started(FakeOrg::fictional().page_size(100));
    let caller = Caller::new(&org);
    let first = caller.query("SELECT Id, Name FROM User");
    let json = first.json();
    assert_eq!(json["totalSize"], 426);
    assert_eq!(json["done"], false);
    let next = json["nextRecordsUrl"].as_str().expect("a next page");
    assert!(
        next.starts_with("/services/data/v65.0/query/01g") && next.ends_with("-100"),
        "{next}"
    );
    let (records, pages) = caller.all("SELECT Id, Name FROM User");
    let mut ids: Vec<&str> = records
        .iter()
        .filter_map(|record| record["Id"].as_str())
        .collect();
    assert_eq!((ids.len(), pages), (426, 5));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 426);
    let one = &records[0];
    assert_eq!(one["attributes"]["type"], "User");
    let url = format!(
        "{BASE}/sobjects/User/{}",
        one["Id"].as_str().expect("an id")
    );
    assert_eq!(one["attributes"]["url"], url.as_str());
    assert_eq!(org.counts().writes, 0);
}

#[test]
fn the_page_size_is_a_wish_within_limits() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let path = format!("{BASE}/query?q=SELECT+Id+FROM+User");
    let sized = |size: &str| {
        let got = caller.get_with(&path, &[("sforce-query-options", size)]);
        got.json()["records"].as_array().expect("records").len()
    };
    assert_eq!(sized("batchSize=10"), 200);
    assert_eq!(sized("batchSize=300"), 300);
    assert_eq!(sized("batchSize=9000"), 426);
}

#[test]
fn addresses_may_end_with_a_slash_and_hold_no_two_in_a_row() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    for path in [
        "query/?q=SELECT+Id%2C+Name+FROM+Profile",
        "query?q=SELECT%20Id,%20Name%20FROM%20Profile",
        "sobjects/",
        "sobjects/User/describe/",
        "limits/",
        "",
    ] {
        assert_eq!(caller.get(&format!("{BASE}/{path}")).status, 200, "{path}");
    }
    assert_eq!(caller.get("/services/data/").status, 200);
    assert_eq!(caller.get("//services/data/v65.0/limits").status, 200);
    for path in [
        "//limits",
        "/query//?q=SELECT+Id+FROM+User",
        "/nothing",
        "/sobjects//User",
    ] {
        let got = caller.get(&format!("{BASE}{path}"));
        assert_eq!(
            (got.status, got.code().as_str()),
            (404, "NOT_FOUND"),
            "{path}"
        );
    }
    assert_eq!(caller.get("/services/data/v99.0/limits").status, 404);
    assert_eq!(caller.get("/services/data/vX/limits").status, 404);
}

#[test]
fn versions_need_no_session_and_everything_else_does() {
    let org = started(FakeOrg::fictional());
    let stranger = Caller {
        org: &org,
        token: "00D!x".to_owned(),
    };
    let versions = stranger.get("/services/data").json();
    let newest = versions
        .as_array()
        .and_then(|all| all.last())
        .expect("a version");
    assert_eq!(
        newest,
        &json!({ "label": "Winter '27", "url": "/services/data/v68.0", "version": "68.0" })
    );
    let winter = versions
        .as_array()
        .expect("versions")
        .iter()
        .find(|one| one["version"] == "65.0")
        .expect("65.0");
    assert_eq!(winter["label"], "Winter '26");
    let got = stranger.get(&format!("{BASE}/limits"));
    assert_eq!(
        (got.status, got.code().as_str()),
        (401, "INVALID_SESSION_ID")
    );
    assert_eq!(got.message(), "Session expired or invalid");
    let garbled = super::exchange(
        &org,
        (super::head("GET", &format!("{BASE}/limits"), &[("authorization", "x")]) + "\r\n")
            .as_bytes(),
    );
    assert_eq!(
        (garbled.status, garbled.code().as_str()),
        (401, "INVALID_AUTH_HEADER")
    );
}

#[test]
fn errors_are_written_as_salesforce_writes_them() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let refused = |soql: &str| {
        let got = caller.query(soql);
        (got.status, got.code(), got.message())
    };
    let (status, code, message) = refused("SELECT BadField FROM Profile");
    assert_eq!((status, code.as_str()), (400, "INVALID_FIELD"));
    assert!(
        message.starts_with("\nSELECT BadField FROM Profile\n       ^\nERROR at Row:1:Column:8\nNo such column 'BadField' on entity 'Profile'. If you are attempting"),
        "{message}"
    );
    let (_, code, message) = refused("SELECT Id FROM XYZZY");
    assert_eq!(code, "INVALID_TYPE");
    assert!(
        message.contains("ERROR at Row:1:Column:16\nsObject type 'XYZZY' is not supported."),
        "{message}"
    );
    let (_, code, message) = refused("SELECT Id FRM User");
    assert_eq!(code, "MALFORMED_QUERY");
    assert!(message.ends_with("unexpected token: 'FRM'"), "{message}");
    let (_, code, message) = refused("SELECT Profile.Nope FROM User");
    assert_eq!(code, "INVALID_FIELD");
    assert!(
        message.contains("No such column 'Nope' on entity 'Profile'"),
        "{message}"
    );
    let (_, code, message) = refused("SELECT Nope.Name FROM User");
    assert_eq!(code, "INVALID_FIELD");
    assert!(
        message.contains("Didn't understand relationship 'Nope' in field path"),
        "{message}"
    );
    assert_eq!(
        refused("SELECT Id, Name, ID FROM User").2,
        "duplicate field selected: Id"
    );
    let (_, code, message) = refused("SELECT FIELDS(ALL) FROM User");
    assert_eq!(code, "MALFORMED_QUERY");
    assert!(
        message.ends_with("The SOQL FIELDS function must have a LIMIT of at most 200"),
        "{message}"
    );
    assert!(
        refused("SELECT Id FROM User WHERE IsActive = 'true'")
            .2
            .contains("must be of type boolean and should not be enclosed in quotes")
    );
    assert_eq!(
        refused("SELECT Id FROM User WHERE Id = 'x'").1,
        "INVALID_QUERY_FILTER_OPERATOR"
    );
    assert_eq!(
        refused("SELECT Id FROM User LIMIT 10 OFFSET 2001").1,
        "NUMBER_OUTSIDE_VALID_RANGE"
    );
    assert_eq!(
        caller.get(&format!("{BASE}/query")).code(),
        "MALFORMED_QUERY"
    );
    assert_eq!(
        caller
            .get(&format!("{BASE}/query/01g000000000000-2000"))
            .code(),
        "INVALID_QUERY_LOCATOR"
    );
}

#[test]
fn describe_tells_the_fields_that_queries_take() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let global = caller.get(&format!("{BASE}/sobjects")).json();
    for object in global["sobjects"].as_array().expect("objects") {
        let name = object["name"].as_str().expect("a name");
        let told = caller
            .get(&format!("{BASE}/sobjects/{name}/describe"))
            .json();
        let fields: Vec<&str> = told["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .filter_map(|field| field["name"].as_str())
            .collect();
        let got = caller.query(&format!("SELECT {} FROM {name}", fields.join(",")));
        assert_eq!(got.status, 200, "{name}: {}", got.text());
    }
    let field = |object: &str, name: &str| {
        let told = caller
            .get(&format!("{BASE}/sobjects/{object}/describe"))
            .json();
        let fields = told["fields"].as_array().expect("fields").clone();
        fields
            .into_iter()
            .find(|field| field["name"] == name)
            .expect("a field")
    };
    assert_eq!(field("User", "ProfileId")["relationshipName"], "Profile");
    assert_eq!(field("User", "Username")["length"], 80);
    assert_eq!(field("Profile", "PermissionsApiEnabled")["type"], "boolean");
    assert_eq!(field("UserLicense", "TotalLicenses")["type"], "int");
    assert_eq!(
        field("PermissionSet", "LicenseId")["referenceTo"],
        json!(["PermissionSetLicense", "UserLicense"])
    );
    assert_eq!(
        caller.get(&format!("{BASE}/sobjects/Nope/describe")).status,
        404
    );
    let got = caller.get_with(
        &format!("{BASE}/sobjects/User/describe"),
        &[("if-modified-since", "Sat, 21 Nov 2026 10:00:00 GMT")],
    );
    assert_eq!((got.status, got.body.len()), (304, 0));
}

#[test]
fn the_tooling_api_has_objects_of_its_own() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let soql = "SELECT Permission, PermissionType, RequiredPermission, RequiredPermissionType FROM PermissionDependency";
    let got = caller
        .get(&format!("{BASE}/tooling/query/?q={}", encoded(soql)))
        .json();
    assert_eq!(got["totalSize"], 18);
    assert_eq!(caller.query(soql).code(), "INVALID_TYPE");
    let soql = "SELECT Id, ValidationName, EntityDefinitionId FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = 'User'";
    let got = caller
        .get(&format!("{BASE}/tooling/query?q={}", encoded(soql)))
        .json();
    assert_eq!(got["totalSize"], 2);
    let soql = "SELECT Id, Name FROM ApexTrigger WHERE TableEnumOrId = 'User'";
    assert_eq!(
        caller
            .get(&format!("{BASE}/tooling/query?q={}", encoded(soql)))
            .json()["totalSize"],
        2
    );
}

#[test]
fn one_record_and_the_columns_of_a_query() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let info = caller.get("/services/oauth2/userinfo").json();
    let id = info["user_id"].as_str().expect("an id");
    let record = caller.get(&format!("{BASE}/sobjects/User/{id}")).json();
    assert_eq!(record["Username"], org.username());
    let some = caller
        .get(&format!(
            "{BASE}/sobjects/User/{}?fields=Id,Username",
            &id[..15]
        ))
        .json();
    assert_eq!(some.as_object().map(serde_json::Map::len), Some(3));
    assert_eq!(
        caller
            .get(&format!("{BASE}/sobjects/User/005000000000001"))
            .code(),
        "NOT_FOUND"
    );
    let path = format!(
        "{BASE}/query?columns=true&q={}",
        encoded("SELECT Id, Profile.UserLicense.Name FROM User")
    );
    let columns = caller.get(&path).json();
    assert_eq!(columns["entityName"], "User");
    assert_eq!(columns["columnMetadata"][1]["columnName"], "Profile");
    assert_eq!(
        columns["columnMetadata"][1]["joinColumns"][0]["joinColumns"][0]["columnName"],
        "Name"
    );
}

#[test]
fn the_limits_count_down() {
    let org = started(FakeOrg::fictional().quota(5, 2));
    let caller = Caller::new(&org);
    let got = caller.get(&format!("{BASE}/limits"));
    assert_eq!(got.header("sforce-limit-info"), Some("api-usage=3/5"));
    assert_eq!(
        got.json()["DailyApiRequests"],
        json!({ "Max": 5, "Remaining": 2 })
    );
    assert_eq!(caller.query("SELECT Id FROM Organization").status, 200);
    assert_eq!(caller.query("SELECT Id FROM Organization").status, 200);
    let got = caller.query("SELECT Id FROM Organization");
    assert_eq!(
        (got.status, got.code().as_str(), got.message().as_str()),
        (
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded."
        )
    );
}
