//! Exports as people hand them in, whole and broken.

use super::{Error, open};
use crate::input::{Input, InputBlocks, ReadOptions};
use crate::model::Org;
use crate::tabular::Records;
use proptest::prelude::*;
use std::io::Write as _;

type Rows = Vec<(u64, u64, Vec<String>)>;

/// The rows of all tables of a text: record, line, cells.
fn rows(name: &str, text: impl AsRef<[u8]>) -> Result<Vec<(Vec<String>, Rows)>, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let mut file = std::fs::File::create(&path).expect("a file");
    file.write_all(text.as_ref()).expect("written");
    let opened = open(
        path.to_str().expect("text"),
        &Org::default(),
        &ReadOptions::default(),
    )?;
    opened.into_iter().map(|one| cells(name, one)).collect()
}

fn cells(
    name: &str,
    (input, mut blocks): (Input, InputBlocks),
) -> Result<(Vec<String>, Rows), Error> {
    let header = input
        .columns
        .headers
        .iter()
        .map(ToString::to_string)
        .collect();
    let mut all = Vec::new();
    let mut row = 0;
    let refused = |error| crate::input::Error::of_block(name, error);
    while let Some(block) = blocks.next(Vec::new()).map_err(refused)? {
        let text = input.text(&block)?;
        let mut records = Records::default();
        records.split(text, input.delimiter);
        for n in 0..records.len() {
            let record = records.get(text, n).expect("a record");
            row += 1;
            let (shown, line) = input
                .places
                .as_ref()
                .and_then(|places| places.of(row))
                .unwrap_or((row, 0));
            let cells = (0..record.len())
                .map(|n| record.get(n).expect("a cell").to_owned())
                .collect();
            all.push((shown, line, cells));
        }
    }
    Ok((header, all))
}

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn app_users_become_rows_with_their_lines() {
    let text = r#"[
 {"externalId": "005000000000001", "status": "PROVISIONED", "credentials": {"userName": "a@x.example"},
  "profile": {"profile": "Sales, East", "salesforceGroups": ["One", "Two"], "role": null}},
 {"externalId": null, "status": "DEPROVISIONED", "credentials": {"userName": "b@x.example"}, "profile": {"alias": "b"}},
 {"externalId": "005000000000003", "status": "SUSPENDED", "credentials": {"userName": "c@x.example"}, "profile": {"alias": "c"}}
]"#;
    let all = rows("users.json", text).expect("users");
    let (header, rows) = &all[0];
    assert_eq!(
        header,
        &[
            "credentials.userName",
            "externalId",
            "active",
            "alias",
            "profile",
            "role",
            "salesforceGroups"
        ]
    );
    assert_eq!(
        rows[0],
        (
            1,
            2,
            owned(&[
                "a@x.example",
                "005000000000001",
                "",
                "",
                "Sales, East",
                "",
                r#"["One","Two"]"#
            ])
        )
    );
    // Who has lost the app and is not linked gets no row; who is linked is made inactive, whatever the profile says.
    assert_eq!(rows.len(), 1);
    let (header, rows) = &all[1];
    assert_eq!(header, &["credentials.userName", "externalId", "active"]);
    assert_eq!(
        rows[..],
        [(3, 5, owned(&["c@x.example", "005000000000003", "false"]))]
    );
}

#[test]
fn groups_have_their_names_and_priorities() {
    let text = r#"[{"id":"00g1","priority":0,"profile":{"profile":"A"},"_embedded":{"group":{"profile":{"name":"Sales"}}}},
{"id":"00g2","profile":{"profile":"B"}}]"#;
    let all = rows("groups.json", text).expect("groups");
    let (header, rows) = &all[0];
    assert_eq!(header, &["okta_group", "priority", "profile"]);
    assert_eq!(rows[0], (1, 1, owned(&["Sales", "0", "A"])));
    assert_eq!(rows[1], (2, 2, owned(&["00g2", "", "B"])));
}

#[test]
fn every_value_of_an_expression_is_a_row_of_its_record() {
    let text = "name,target,property,expression\n\
        user,salesforce,firstName,user.firstName\n\
        user,salesforce,profile,\"user.a == 1 ? \"\"X\"\" : \"\"Y\"\"\"\n\
        salesforce,user,login,\"\"\"never\"\"\"\n";
    let all = rows("mapping.csv", text).expect("a mapping");
    let (header, rows) = &all[0];
    assert_eq!(header, &["property", "expression", "profile"]);
    let places: Vec<(u64, u64)> = rows
        .iter()
        .map(|(record, line, _)| (*record, *line))
        .collect();
    assert_eq!(places, [(1, 2), (2, 3), (2, 3), (3, 4)]);
    assert_eq!(rows[1].2[2], "X");
    assert_eq!(rows[2].2, owned(&["profile", "", "Y"]));
    assert_eq!(rows[3].2, owned(&["", "", ""]));
}

#[test]
fn a_mapping_is_read_in_any_encoding_and_with_any_delimiter() {
    let text = "name,target,property,expression\nuser,salesforce,profile,\"\"\"Añejo\"\"\"\n";
    let usual = rows("mapping.csv", text).expect("a mapping");
    assert_eq!(usual[0].1[0].2[2], "Añejo");
    let utf16: Vec<u8> = std::iter::once(0xfeffu16)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for other in [
        utf16,
        text.replace(',', ";").into_bytes(),
        text.replace(',', "\t").into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
    ] {
        assert_eq!(rows("mapping.csv", other).expect("a mapping"), usual);
    }
}

#[test]
fn a_plan_gives_users_groups_and_mappings() {
    let text = r#"{"terraform_version": "1.9.0", "resource_changes": [
 {"address": "okta_app_group_assignment.g", "type": "okta_app_group_assignment",
  "change": {"after": {"group_id": "00g1", "priority": 2, "profile": "{\"profile\":\"A\"}"}}},
 {"address": "okta_app_user.u", "type": "okta_app_user",
  "change": {"after": {"username": "u@x.example", "profile": "{\"role\":\"CEO\"}"}}},
 {"address": "okta_app_user.gone", "type": "okta_app_user", "change": {"after": null}},
 {"address": "okta_profile_mapping.m", "type": "okta_profile_mapping",
  "change": {"after": {"mappings": [{"id": "profile", "expression": "\"P\""}]}}},
 {"address": "random_id.x", "type": "random_id", "change": {"after": {}}}
]}"#;
    let all = rows("plan.json", text).expect("a plan");
    assert_eq!(all[0].1, [(1, 4, owned(&["u@x.example", "CEO"]))]);
    assert_eq!(all[1].1, [(2, 2, owned(&["00g1", "2", "A"]))]);
    assert_eq!(all[2].1[0].0, 3);
}

#[test]
fn half_files_and_other_files_are_refused_with_their_place() {
    for (name, text, part) in [
        (
            "a.json",
            "[{\"id\":\"1\",\"credentials\":{\"userName\":\"a\"},\"profile\":{}}",
            "a part of the export is missing",
        ),
        (
            "a.json",
            "[\n{\"credentials\": 5, \"profile\": {}}]",
            "line 2, column",
        ),
        (
            "a.json",
            "[{\"profile\":{},\"id\":\"x\",\"credentials\":null}]",
            "it is no app user",
        ),
        (
            "a.json",
            "[{\"priority\":1,\"profile\":{}}]",
            "it is no group of an app",
        ),
        ("a.json", "{\"resource_changes\":[]}", "no okta_app_user"),
        (
            "a.json",
            "{\"resource_changes\":[{\"address\":\"a.b\",\"type\":\"okta_app_user\",\"change\":{\"after\":{\"profile\":\"{\"}}}]}",
            "resource a.b: its profile is no JSON",
        ),
        (
            "a.json",
            "[{\"status\":\"REVOKED\",\"credentials\":{\"userName\":\"a\"},\"externalId\":\" \",\"profile\":{}}]",
            "nothing is left to judge",
        ),
        (
            "a.json",
            "{\"resource_changes\":[{\"address\":\"a.b\",\"type\":\"okta_app_user\",\"change\":{\"before\":{\"username\":\"a\"},\"after\":null}}]}",
            "only takes the app away from users or groups",
        ),
        (
            "a.json",
            "{\"resource_changes\":[{\"address\":\"a.b\",\"type\":\"okta_app_user\",\"change\":{\"before\":{\"username\":\"a\",\"retain_assignment\":true},\"after\":null}}]}",
            "no okta_app_user",
        ),
        (
            "a.json",
            "{\"resource_changes\":[{\"address\":\"a.b\",\"type\":\"okta_profile_mapping\",\"change\":{\"after\":{\"source_id\":\"0oa1\",\"target_id\":\"oty1\",\"mappings\":[{\"id\":\"profile\",\"expression\":\"\\\"P\\\"\"}]}}}]}",
            "no okta_app_user",
        ),
        ("a.json", "{\"what\": 1}", "JSON text of unknown shape"),
    ] {
        refused(name, text, part);
    }
}

#[test]
fn mappings_that_fill_nothing_of_one_app_are_refused() {
    for (name, text, part) in [
        (
            "a.json",
            "{\"source\":{\"type\":\"appuser\"},\"target\":{\"name\":\"user\"},\"properties\":{\"profile\":{\"expression\":\"\\\"P\\\"\"}}}",
            "this mapping goes from the app to Okta (okta pull writes it as mapping-to-okta.json)",
        ),
        (
            "a.csv",
            "name,target,property,expression\nsalesforce,user,profile,appuser.profile\n",
            "this mapping goes from the app to Okta",
        ),
        (
            "a.json",
            "[{\"target\":{\"type\":\"appuser\"},\"properties\":{\"profile\":{\"expression\":\"user.x\"}}}]",
            "this is a list of mappings",
        ),
        (
            "a.csv",
            "name,target,property,expression\nuser,google,a,b\nuser,slack,c,d\n",
            "several apps (google, slack)",
        ),
        (
            "a.csv",
            "id,sourceName,targetName\n1,user,salesforce\n",
            "no columns property and expression",
        ),
    ] {
        refused(name, text, part);
    }
}

fn refused(name: &str, text: &str, part: &str) {
    let error = rows(name, text)
        .map(|all| all.len())
        .expect_err(text)
        .to_string();
    assert!(error.contains(part), "{text}: {error}");
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(words in proptest::collection::vec(proptest::sample::select(vec![
        "[", "]", "{", "}", ",", ":", "\"profile\"", "\"credentials\"", "\"priority\"", "\"id\"", "\"userName\"",
        "\"resource_changes\"", "null", "1", "\"\\\"\"", "\n", "\"expression\"", "\"properties\""]), 0..40)) {
        let _ = rows("a.json", words.concat()).map(|all| all.len());
    }
}
