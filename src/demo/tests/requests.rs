//! Bulk jobs, composite requests, and requests that would write.

use super::{Caller, started};
use crate::demo::FakeOrg;
use serde_json::{Value, json};

const BASE: &str = "/services/data/v65.0";

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
    assert_eq!(org.counts().writes, 0);
}

#[test]
fn a_bulk_job_is_refused_ended_and_bound_to_its_version() {
    let org = started(FakeOrg::fictional().bulk_refuses("UserLicense"));
    let caller = Caller::new(&org);
    let made = |soql: &str| {
        let body = json!({ "operation": "query", "query": soql });
        caller.send("POST", &format!("{BASE}/jobs/query"), &body.to_string())
    };
    let job = made("SELECT Id FROM User").json();
    let id = job["id"].as_str().expect("an id");
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
