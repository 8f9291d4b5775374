//! Queries, describe, limits, bulk and composite over the wire.

use super::{Caller, encoded, started};
use crate::demo::FakeOrg;
use serde_json::{Value, json};

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
fn a_bulk_query_is_polled_and_read_in_parts() {
    let org = started(
        FakeOrg::fictional()
            .bulk_refuses("UserLicense")
            .bulk_polls(2),
    );
    let caller = Caller::new(&org);
    let made = |soql: &str| {
        let body = json!({ "operation": "query", "query": soql, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF" });
        caller.send("POST", &format!("{BASE}/jobs/query"), &body.to_string())
    };
    let job = made("SELECT Id, Username, Profile.Name FROM User ORDER BY Id").json();
    assert_eq!(job["state"], "UploadComplete");
    let id = job["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("750"));
    let state = || caller.get(&format!("{BASE}/jobs/query/{id}")).json();
    let early = caller.get(&format!("{BASE}/jobs/query/{id}/results"));
    assert_eq!(early.code(), "INVALIDJOBSTATE");
    assert_eq!(state()["state"], "InProgress");
    assert_eq!(state()["state"], "InProgress");
    let done = state();
    assert_eq!(
        (
            done["state"].as_str(),
            done["numberRecordsProcessed"].as_u64()
        ),
        (Some("JobComplete"), Some(426))
    );
    let mut locator = String::new();
    let mut lines = Vec::new();
    while locator != "null" {
        let at = if locator.is_empty() {
            String::new()
        } else {
            format!("&locator={locator}")
        };
        let part = caller.get(&format!(
            "{BASE}/jobs/query/{id}/results?maxRecords=200{at}"
        ));
        let text = part.text();
        let mut part_lines = text.lines();
        assert_eq!(part_lines.next(), Some(r#""Id","Username","Profile.Name""#));
        let before = lines.len();
        lines.extend(part_lines.map(str::to_owned));
        assert_eq!(
            part.header("sforce-numberofrecords"),
            Some((lines.len() - before).to_string().as_str())
        );
        part.header("sforce-locator")
            .expect("a locator")
            .clone_into(&mut locator);
    }
    assert_eq!(lines.len(), 426);
    assert!(lines.is_sorted(), "ordered by id");
    let other = caller.get(&format!("/services/data/v66.0/jobs/query/{id}/results"));
    assert_eq!(other.status, 409);
    let refused = made("SELECT Id FROM UserLicense");
    assert_eq!(
        (refused.code().as_str(), refused.message().as_str()),
        (
            "INVALIDENTITY",
            "Entity 'UserLicense' is not supported by the Bulk API."
        )
    );
    assert_eq!(made("SELECT COUNT() FROM User").status, 400);
    assert_eq!(
        caller
            .send(
                "PATCH",
                &format!("{BASE}/jobs/query/{id}"),
                r#"{"state":"Aborted"}"#
            )
            .json()["state"],
        "Aborted"
    );
    assert_eq!(
        caller
            .send("DELETE", &format!("{BASE}/jobs/query/{id}"), "")
            .status,
        204
    );
    assert_eq!(org.counts().writes, 0);
}

#[test]
fn several_requests_go_in_one() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let part = |name: &str, method: &str, url: &str| json!({ "referenceId": name, "method": method, "url": url });
    let body = json!({ "compositeRequest": [
        part("count", "GET", &format!("{BASE}/query/?q=select count() from Profile")),
        part("nope", "GET", &format!("{BASE}/query/?q=select count() from XYZZY")),
        part("foo", "GET", &format!("{BASE}/sobjects/Foo/describe")),
        part("write", "PATCH", &format!("{BASE}/sobjects/User/005000000000001")),
    ] });
    let got = caller
        .send("POST", &format!("{BASE}/composite"), &body.to_string())
        .json();
    let parts = got["compositeResponse"].as_array().expect("parts");
    let status: Vec<u64> = parts
        .iter()
        .filter_map(|part| part["httpStatusCode"].as_u64())
        .collect();
    assert_eq!(status, [200, 400, 404, 403]);
    assert_eq!(
        parts[0]["body"],
        json!({ "totalSize": 51, "done": true, "records": [] })
    );
    assert_eq!(parts[1]["body"][0]["errorCode"], "INVALID_TYPE");
    assert_eq!(parts[1]["referenceId"], "nope");
    assert_eq!(org.counts().writes, 1);
    let body = json!({ "batchRequests": [{ "method": "GET", "url": "v65.0/limits" }, { "method": "GET", "url": "v65.0/query?q=SELECT+Id+FROM+Nope" }] });
    let got = caller
        .send(
            "POST",
            &format!("{BASE}/composite/batch"),
            &body.to_string(),
        )
        .json();
    assert_eq!(got["hasErrors"], true);
    assert_eq!(got["results"][0]["statusCode"], 200);
    let many: Vec<Value> = (0..26).map(|_| part("x", "GET", "/")).collect();
    assert_eq!(
        caller
            .send(
                "POST",
                &format!("{BASE}/composite"),
                &json!({ "compositeRequest": many }).to_string()
            )
            .status,
        400
    );
}

#[test]
fn writes_are_refused_and_counted() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let mut expected = 0;
    for (method, path) in [
        ("POST", "sobjects/User"),
        ("PATCH", "sobjects/User/005000000000001"),
        ("DELETE", "sobjects/PermissionSetAssignment/0Pa000000000001"),
        ("POST", "composite/sobjects"),
        ("POST", "composite/tree/User"),
        ("POST", "jobs/ingest"),
        ("POST", "tooling/executeAnonymous"),
    ] {
        let got = caller.send(method, &format!("{BASE}/{path}"), "{}");
        expected += 1;
        assert_eq!(got.status, 403, "{method} {path}");
        assert_eq!(org.counts().writes, expected, "{method} {path}");
    }
    assert_eq!(
        caller.send("POST", &format!("{BASE}/limits"), "{}").status,
        405
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
