//! What a push would change, before and after: as CSV, as JSON, and summed for people.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::Value;
use support::{Run, Sandbox, sample_data};

fn changes(sandbox: &Sandbox, arguments: &[&str]) -> Vec<[String; 7]> {
    let run = sandbox.run(
        &[
            &["check", "--snapshot", "org", "--format", "changes"],
            arguments,
        ]
        .concat(),
    );
    records(&run)
}

fn records(run: &Run) -> Vec<[String; 7]> {
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    assert_eq!(
        reader
            .headers()
            .expect("a header")
            .iter()
            .collect::<Vec<_>>(),
        [
            "user",
            "attribute",
            "before",
            "after",
            "effect",
            "caused_by_row",
            "caused_by_group"
        ],
        "{}",
        run.stderr
    );
    reader
        .records()
        .map(|record| {
            let cells: Vec<String> = record
                .expect("a record")
                .iter()
                .map(str::to_owned)
                .collect();
            cells.try_into().expect("seven cells")
        })
        .collect()
}

/// Everything but the user, the row and the group, each change as one text.
fn told(records: &[[String; 7]], user: &str) -> Vec<String> {
    records
        .iter()
        .filter(|record| record[0] == user)
        .map(|record| {
            format!(
                "{} {}: {} -> {}",
                record[4], record[1], record[2], record[3]
            )
        })
        .collect()
}

#[test]
fn every_attribute_is_told_before_and_after() {
    let sandbox = Sandbox::with_small_org();
    sandbox.write(
        "in.csv",
        "username,profile,role,permissionSets,featureLicenses,publicGroups,active,title,email\n\
         ann@acme.example,Depot,South,Orders,KnowledgeUser,,false,Head,ANN@acme.example\n\
         bob@acme.example,Sales,,,,,true,,bob@acme.example\n\
         eve@acme.example,Sales,North,,,Everyone_North,true,,eve@acme.example\n\
         new@acme.example,Depot,North,All Reports;Orders,,,true,Clerk,new@acme.example\n",
    );
    let all = changes(&sandbox, &["in.csv", "--null-values", "pushed"]);
    assert_eq!(
        told(&all, "ann@acme.example"),
        [
            "replace profile: Sales -> Depot",
            "replace license: Salesforce -> Salesforce Platform",
            "replace role: North -> South",
            "revoke active: true -> false",
            "grant permissionSets:  -> Orders",
            "revoke permissionSets: Reports -> ",
            "grant featureLicenses:  -> KnowledgeUser",
            "revoke featureLicenses: Marketing User -> ",
            "revoke publicGroups: Everyone North -> ",
            "replace Title: Clerk -> Head",
        ]
    );
    assert_eq!(
        told(&all, "bob@acme.example"),
        ["none user: bob@acme.example -> bob@acme.example"]
    );
    assert_eq!(
        told(&all, "eve@acme.example"),
        [
            "grant role:  -> North",
            "grant active: false -> true",
            "grant publicGroups:  -> Everyone North",
        ]
    );
    let new = told(&all, "new@acme.example");
    assert_eq!(new[0], "grant user:  -> new@acme.example");
    assert!(
        new.contains(&"grant permissionSets:  -> Reports".to_owned()),
        "{new:?}"
    );
    let rows: Vec<&str> = all.iter().map(|record| &*record[5]).collect();
    assert!(
        rows.is_sorted() && rows[0] == "1" && rows.last() == Some(&"4"),
        "{rows:?}"
    );

    // A blank cell takes nothing away where nulls are not pushed, and a list that adds takes nothing away at all.
    let kept = changes(&sandbox, &["in.csv", "--permission-sets", "add"]);
    let ann = told(&kept, "ann@acme.example");
    assert!(
        !ann.iter()
            .any(|change| change.starts_with("revoke publicGroups")
                || change.starts_with("revoke permissionSets")),
        "{ann:?}"
    );
}

#[test]
fn what_the_snapshot_does_not_hold_is_unknown_and_never_left_out() {
    let sandbox = Sandbox::with_small_org();
    for file in ["PermissionSetAssignment", "GroupMember"] {
        std::fs::remove_file(sandbox.path(&format!("org/{file}.csv"))).expect("a file");
    }
    sandbox.write(
        "in.csv",
        "username,profile,permissionSets,publicGroups,department\nann@acme.example,Depo,Orders,Everyone_North,Sales\n",
    );
    let all = changes(&sandbox, &["in.csv"]);
    assert_eq!(
        told(&all, "ann@acme.example"),
        [
            // Refused by Salesforce, as a finding says; the change is what the row asks for.
            "replace profile: Sales -> Depo",
            "unknown permissionSets:  -> Orders",
            "unknown publicGroups:  -> Everyone North",
            "unknown Department:  -> Sales",
        ]
    );
}

#[test]
fn json_holds_the_same_changes_and_their_sum() {
    let sandbox = Sandbox::with_small_org();
    sandbox.write(
        "in.csv",
        "username,profile,active\nann@acme.example,Depot,true\nbob@acme.example,Depot,true\neve@acme.example,Sales,false\nnew@acme.example,Sales,true\n",
    );
    let run = sandbox.run(&[
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--changes",
        "--format",
        "json",
        "--output",
        "changes=changes.csv",
        "--output",
        "jsonl=report.jsonl",
        "--output",
        "markdown=report.md",
    ]);
    let report = run.report();
    let changes = report["changes"].as_array().expect("changes");
    let csv = std::fs::read_to_string(sandbox.path("changes.csv")).expect("a file");
    assert_eq!(csv.lines().count(), changes.len() + 1);
    let lines = std::fs::read_to_string(sandbox.path("report.jsonl")).expect("a file");
    let again = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|line| line.get("effect").is_some())
        .collect::<Vec<_>>();
    assert_eq!(&again, changes);
    let impact = &report["impact"];
    assert_eq!(
        [
            &impact["created"],
            &impact["changed"],
            &impact["unchanged"],
            &impact["losing"]
        ],
        [1, 2, 1, 2]
    );
    assert_eq!(
        impact["moves"],
        serde_json::json!([{
            "from_profile": "Sales", "from_license": "Salesforce",
            "to_profile": "Depot", "to_license": "Salesforce Platform", "users": 2
        }])
    );
    let markdown = std::fs::read_to_string(sandbox.path("report.md")).expect("a file");
    assert!(
        markdown.contains(
            "- 2 users from Sales (Salesforce) to Depot (Salesforce Platform): the license changes"
        ),
        "{markdown}"
    );
    // Nobody asks: nothing is told.
    let run = sandbox.run(&["check", "in.csv", "--snapshot", "org", "--format", "json"]);
    let report = run.report();
    assert_eq!((report.get("changes"), report.get("impact")), (None, None));
}

#[test]
fn a_group_that_gives_a_value_is_named() {
    let sandbox = Sandbox::with_small_org();
    sandbox.write(
        "groups.csv",
        "okta_group,priority,profile,permissionSets\nTop,1,,Orders\nLow,2,Depot,Reports\n",
    );
    sandbox.write(
        "members.csv",
        "login,group\nann@acme.example,Low\nann@acme.example,Top\n",
    );
    sandbox.write(
        "schema.json",
        r#"{"definitions":{"base":{"properties":{"permissionSets":{"type":"array","union":"ENABLE"}}}}}"#,
    );
    let by_group = |arguments: &[&str]| -> Vec<String> {
        changes(
            &sandbox,
            &[&["groups.csv", "--members", "members.csv"], arguments].concat(),
        )
        .iter()
        .map(|record| format!("{} {} by {}", record[1], record[3], record[6]))
        .collect()
    };
    // Lists are not combined: that of the first group replaces what is there.
    assert_eq!(
        by_group(&[]),
        [
            "profile Depot by Low",
            "license Salesforce Platform by Low",
            "permissionSets Orders by Top",
            "permissionSets  by Top",
        ]
    );
    assert_eq!(
        by_group(&["--okta-schema", "schema.json"]),
        [
            "profile Depot by Low",
            "license Salesforce Platform by Low",
            "permissionSets Orders by Top",
        ]
    );
}

#[test]
fn many_changes_come_in_order_for_any_number_of_threads() {
    let sandbox = Sandbox::with_org();
    let rollout = std::fs::read_to_string(sample_data().join("rollout.csv")).expect("a file");
    let (header, rows) = rollout.split_once('\n').expect("a header");
    let many = format!("{header}\n{}", rows.repeat(100));
    sandbox.write("many.csv", many);
    let of = |threads: &str| {
        sandbox
            .run(&[
                "check",
                "many.csv",
                "--snapshot",
                "org",
                "--format",
                "changes",
                "--threads",
                threads,
            ])
            .stdout
    };
    let one = of("1");
    // More than is held in memory.
    assert!(one.len() > 16 << 20, "{} bytes", one.len());
    assert!(one == of("4"), "the bytes depend on the threads");
}

#[test]
fn cells_of_hostile_files_stay_text() {
    let sandbox = Sandbox::with_small_org();
    sandbox.write(
        "in.csv",
        "username,profile,title\n\"=cmd|'/c calc'!A1@acme.example\",\"a\"\"b\n,c\",@SUM(1)\n",
    );
    let run = sandbox.run(&[
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--format",
        "changes",
    ]);
    let all = records(&run);
    assert!(
        all.iter().all(|record| record[0].starts_with("'=cmd")),
        "{all:?}"
    );
    assert!(all.iter().any(|record| record[3] == "'@SUM(1)"), "{all:?}");
    assert!(all.iter().any(|record| record[3] == "a\"b\n,c"), "{all:?}");
}
