//! Groups, their members and users with an assignment of their own in one run, and the derivation of one person.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::{Value, json};
use support::Sandbox;

const GROUPS: &str = "okta_group,priority,profile,role,permissionSets\n\
    Top,1,Depot,,Orders\n\
    Low,2,Sales,North,Reports\n";
const MEMBERS: &str = "login,group\n\
    ann@acme.example,Top\n\
    ann@acme.example,Low\n\
    bob@acme.example,Top\n\
    bob@acme.example,Low\n\
    eve@acme.example,Low\n";

fn world() -> Sandbox {
    let sandbox = Sandbox::with_small_org();
    sandbox.write("groups.csv", GROUPS);
    sandbox.write("members.csv", MEMBERS);
    sandbox
}

fn app_user(username: &str, scope: &str, profile: &Value) -> Value {
    json!({
        "id": "00u1", "scope": scope, "status": "PROVISIONED",
        "credentials": { "userName": username },
        "profile": profile,
        "_links": { "app": { "href": "https://acme.okta.example/api/v1/apps/0oa1" } }
    })
}

fn judge(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let all = [
        &["check", "--snapshot", "org", "--changes", "-f", "json"],
        arguments,
    ]
    .concat();
    sandbox.run(&all).report()
}

/// `input:row attribute before -> after`, with the group.
fn told(report: &Value, user: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    report["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["user"] == user)
        .map(|change| {
            let by = text(&change["group"]);
            format!(
                "{}:{} {} {} -> {} [{by}]",
                text(&change["input"]),
                change["row"],
                text(&change["attribute"]),
                text(&change["before"]),
                text(&change["after"])
            )
        })
        .collect()
}

#[test]
fn an_individual_assignment_beats_the_groups_and_the_rest_comes_from_the_app() {
    let sandbox = world();
    let users = json!([
        app_user(
            "ann@acme.example",
            "GROUP",
            &json!({"profile": "Sales", "role": "South", "title": "Head", "salesforceGroups": ["Reports"]})
        ),
        app_user(
            "BOB@acme.example",
            "USER",
            &json!({"profile": "Sales", "role": "South", "title": null, "salesforceGroups": null})
        ),
    ]);
    sandbox.write("users.json", users.to_string());
    let report = judge(
        &sandbox,
        &["groups.csv", "users.json", "--members", "members.csv"],
    );
    assert_eq!(
        told(&report, "ann@acme.example"),
        [
            "users.json:1 profile Sales -> Depot [Top]",
            "users.json:1 license Salesforce -> Salesforce Platform [Top]",
            "users.json:1 role North -> North [Low]",
            "users.json:1 permissionSets  -> Orders [Top]",
            "users.json:1 permissionSets Reports ->  [Top]",
            "users.json:1 Title Clerk -> Head []",
        ]
        .into_iter()
        .filter(|change| !change.contains("North -> North"))
        .collect::<Vec<_>>()
    );
    assert_eq!(
        told(&report, "BOB@acme.example"),
        ["users.json:2 role  -> South []"]
    );
    // Nobody is judged twice: only Eve has her row in the file of members.
    assert_eq!(
        told(&report, "eve@acme.example"),
        [
            "members.csv:5 role  -> North [Low]",
            "members.csv:5 permissionSets  -> Reports [Low]",
        ]
    );
    let inputs = report["inputs"].as_array().expect("inputs");
    let rows: Vec<(&str, u64)> = inputs
        .iter()
        .map(|input| {
            (
                input["path"].as_str().expect("a path"),
                input["rows"].as_u64().expect("rows"),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [("groups.csv", 2), ("users.json", 2), ("members.csv", 1)]
    );
    let again = report["findings"].as_array().expect("findings").iter();
    assert_eq!(
        again
            .filter(|finding| finding["rule"] == "duplicate-row")
            .count(),
        0
    );
}

#[test]
fn a_group_whose_members_are_assigned_individually_gives_nothing() {
    let sandbox = world();
    sandbox.write(
        "direct.csv",
        "username,profile\nann@acme.example,Sales\nbob@acme.example,Sales\n",
    );
    let report = judge(
        &sandbox,
        &[
            "groups.csv",
            "direct.csv",
            "--members",
            "members.csv",
            "--select",
            "group-shadowed,duplicate-row",
        ],
    );
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (&findings[0]["rule"], &findings[0]["row"]),
        (&json!("group-shadowed"), &json!(1))
    );
    assert!(
        findings[0]["reason"][0]
            .as_str()
            .expect("a reason")
            .contains("all 2 of its members are assigned individually")
    );
    // An export that says that groups assigned them leaves the groups their say.
    sandbox.write(
        "direct.csv",
        "username,scope\nann@acme.example,GROUP\nbob@acme.example,USER\n",
    );
    let report = judge(
        &sandbox,
        &["groups.csv", "direct.csv", "--members", "members.csv"],
    );
    assert!(
        told(&report, "ann@acme.example")
            .iter()
            .any(|change| change.contains("[Top]"))
    );
    assert!(
        !told(&report, "bob@acme.example")
            .iter()
            .any(|change| change.contains("[Top]"))
    );
}

#[test]
fn blanks_of_a_group_matter_only_where_somebody_meets_them() {
    let sandbox = world();
    let null = |sandbox: &Sandbox| {
        let report = judge(
            sandbox,
            &[
                "groups.csv",
                "--members",
                "members.csv",
                "--select",
                "group-null-value",
            ],
        );
        report["findings"].as_array().expect("findings").len()
    };
    assert_eq!(null(&sandbox), 1);
    sandbox.write(
        "members.csv",
        "login,group\nann@acme.example,Top\neve@acme.example,Low\n",
    );
    assert_eq!(null(&sandbox), 0);
}

#[test]
fn the_app_makes_usernames_of_logins() {
    let sandbox = world();
    let app = |template: &str, suffix: &str| {
        json!({
            "name": "salesforce", "label": "SF", "status": "ACTIVE", "features": [],
            "settings": { "app": {} },
            "credentials": { "userNameTemplate": { "template": template, "type": "CUSTOM", "userSuffix": suffix } }
        })
        .to_string()
    };
    sandbox.write("members.csv", "login,group\nann@corp.example,Low\n");
    sandbox.write(
        "app.json",
        app(
            "${fn:substringBefore(source.login, \"@\")}@acme.example",
            "",
        ),
    );
    let run = [
        "groups.csv",
        "--members",
        "members.csv",
        "--okta-app",
        "app.json",
    ];
    assert!(!told(&judge(&sandbox, &run), "ann@acme.example").is_empty());
    // What the login does not decide is not guessed.
    sandbox.write("app.json", app("${source.email}", ""));
    let refused = sandbox.run(&[&["check", "--snapshot", "org"], &run[..]].concat());
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("${source.email}") && refused.stderr.contains("column username"),
        "{}",
        refused.stderr
    );
    // Usernames are what they are.
    sandbox.write("members.csv", "username,group\nann@acme.example,Low\n");
    assert!(!told(&judge(&sandbox, &run), "ann@acme.example").is_empty());
}

#[test]
fn one_person_is_explained() {
    let sandbox = world();
    let explain = |arguments: &[&str]| {
        sandbox.run(
            &[
                &[
                    "check",
                    "groups.csv",
                    "--members",
                    "members.csv",
                    "--snapshot",
                    "org",
                ],
                arguments,
            ]
            .concat(),
        )
    };
    let run = explain(&["--explain-user", "ANN@acme.example"]);
    let text = &run.stdout;
    for line in [
        "Assigned by groups, in the order in which they count:",
        "  1. Top (priority 1): permissionSets Orders, profile Depot, role left blank",
        "  profile: Depot, from Top",
        "  role: North, from Low; Top counts before and leaves it blank",
        "  replace profile: Sales -> Depot, by Top",
        "warning[permission-sets-removed]",
    ] {
        assert!(text.contains(line), "{line}\n---\n{text}");
    }
    assert!(!text.contains("bob@acme.example"), "{text}");
    let run = explain(&[
        "--explain-user",
        "ann@acme.example",
        "--format",
        "json",
        "--null-values",
        "pushed",
    ]);
    let person: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(person["schema"], "sfcompat-person/1");
    let role = &person["derivation"]["derived"][1];
    assert_eq!(
        (&role["attribute"], &role["values"], &role["from"]),
        (&json!("role"), &json!([]), &json!(["Top"]))
    );
    let nobody = explain(&["--explain-user", "zoe@acme.example"]);
    assert_eq!(
        (nobody.code, nobody.stdout.as_str()),
        (2, ""),
        "{}",
        nobody.stderr
    );
    let format = explain(&["--explain-user", "ann@acme.example", "--format", "csv"]);
    assert_eq!(format.code, 2, "{}", format.stderr);
}

#[test]
fn hostile_inputs_are_one_clear_error_each() {
    let sandbox = world();
    let refused = |arguments: &[&str], part: &str| {
        let run = sandbox.run(&[&["check", "--snapshot", "org"], arguments].concat());
        assert_eq!(run.code, 3, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    };
    sandbox.write("circle.csv", "login,group\nTop,Low\nLow,Top\n");
    refused(&["groups.csv", "--members", "circle.csv"], "circles");
    sandbox.write("other.csv", "login,group\nann@acme.example,Elsewhere\n");
    refused(
        &["groups.csv", "--members", "other.csv"],
        "another app or org",
    );
    let mut users = vec![app_user(
        "ann@acme.example",
        "USER",
        &json!({"profile": "Sales"}),
    )];
    users.push(json!({
        "credentials": { "userName": "bob@acme.example" }, "profile": {},
        "_links": { "app": { "href": "https://acme.okta.example/api/v1/apps/0oa2" } }
    }));
    sandbox.write("two.json", Value::from(users).to_string());
    refused(&["two.json"], "several apps (0oa1, 0oa2)");
    sandbox.write(
        "cut.json",
        "[{\"credentials\":{\"userName\":\"ann@acme.example\"},\"profile\":{}},",
    );
    refused(&["cut.json"], "a part of the export is missing");
    let run = sandbox.run_with(
        &[
            "check",
            "-",
            "groups.csv",
            "--members",
            "members.csv",
            "--snapshot",
            "org",
        ],
        b"username,profile\nann@acme.example,Sales\n",
    );
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("by its name"), "{}", run.stderr);
}
