//! Users of an app from whom Okta took it away: what is judged of them, and what is said of those who are left out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::{Value, json};
use support::Sandbox;

fn app_user(name: &str, status: &str, link: Option<&str>, profile: &Value) -> Value {
    json!({
        "id": format!("00u{name}"), "scope": "USER", "status": status, "externalId": link,
        "credentials": { "userName": format!("{name}@acme.example") },
        "profile": profile,
        "_links": { "app": { "href": "https://acme.okta.example/api/v1/apps/0oa1" } }
    })
}

const ANN: Option<&str> = Some("005000000000001");
const BOB: Option<&str> = Some("005000000000002");
const EVE: Option<&str> = Some("005000000000003");
const NOBODY: Option<&str> = Some("005000000000009");

/// A profile that no rule would let pass.
fn broken() -> Value {
    json!({
        "profile": "Nonsense", "role": "Nowhere", "salesforceGroups": ["Nothing"], "email": "no address",
        "locale": "xx", "lastName": null
    })
}

fn sandbox(users: &[Value]) -> Sandbox {
    let sandbox = Sandbox::with_small_org();
    sandbox.write("users.json", json!(users).to_string());
    sandbox
}

/// `row rule severity` of all findings of rows.
fn findings(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().expect("findings").iter();
    all.filter(|finding| finding["row"].is_u64())
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().expect("a text").to_owned();
            format!("{} {} {}", finding["row"], text("rule"), text("severity"))
        })
        .collect()
}

/// `row attribute before -> after`
fn changes(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let all = report["changes"].as_array().expect("changes").iter();
    all.map(|change| {
        let ends = (text(&change["before"]), text(&change["after"]));
        let attribute = text(&change["attribute"]);
        format!("{} {attribute} {} -> {}", change["row"], ends.0, ends.1)
    })
    .collect()
}

fn lacks_columns(report: &Value) -> Vec<String> {
    let all = report["coverage"].as_array().expect("coverage").iter();
    all.filter(|line| {
        let reason = line["reason"].as_str().expect("a reason");
        reason.starts_with("the file has no")
    })
    .map(ToString::to_string)
    .collect()
}

#[test]
fn only_the_deactivation_of_a_leaver_is_judged() {
    let sandbox = sandbox(&[app_user("ann", "DEPROVISIONED", ANN, &broken())]);
    for arguments in [&[][..], &["--null-values", "pushed"]] {
        let report = sandbox.judge(&[&["users.json"], arguments].concat());
        assert_eq!(findings(&report), Vec::<String>::new());
        assert_eq!(lacks_columns(&report), Vec::<String>::new());
        assert_eq!(changes(&report), ["1 active true -> false"]);
        assert_eq!(report["rows"][0]["verdict"], "compatible");
        let input = &report["inputs"][0];
        assert_eq!(
            (&input["leavers"], &input["rows"]),
            (&json!(true), &json!(1))
        );
        assert!(input["columns"].get("profile").is_none(), "{input}");
        let license = &report["seats"][0];
        assert_eq!(
            (&license["key"], &license["releases"], &license["after"]),
            (&json!("SFDC"), &json!(1), &json!(1))
        );
    }
    let run = sandbox.run(&["check", "users.json", "--snapshot", "org"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let note = "users.json: Okta has taken the app away from 1 of its users who is linked to a Salesforce user (externalId): a push makes that user inactive and sends nothing else";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    let seats = sandbox.run(&["seats", "users.json", "--snapshot", "org", "-f", "json"]);
    let seats: Value = serde_json::from_str(&seats.stdout).expect("JSON");
    assert_eq!(seats["seats"][0]["releases"], 1);
}

#[test]
fn every_state_of_a_leaver_counts_and_no_other_does() {
    for (status, leaves) in [
        ("DEPROVISIONED", true),
        ("INACTIVE", true),
        ("REVOKED", true),
        ("SUSPENDED", true),
        ("UNASSIGNED", true),
        ("PROVISIONED", false),
        ("STAGED", false),
        ("PENDING", false),
    ] {
        let sandbox = sandbox(&[app_user("ann", status, ANN, &json!({"profile": "Sales"}))]);
        let report = sandbox.judge(&["users.json"]);
        let told = changes(&report) == ["1 active true -> false"];
        assert_eq!(told, leaves, "{status}: {:?}", changes(&report));
    }
}

#[test]
fn who_is_not_linked_is_left_out_and_counted() {
    let sandbox = sandbox(&[
        app_user("old", "DEPROVISIONED", None, &broken()),
        // The name alone links nobody.
        app_user("bob", "SUSPENDED", Some(" "), &broken()),
        app_user(
            "ann",
            "PROVISIONED",
            ANN,
            &json!({"profile": "Sales", "title": "Clerk"}),
        ),
    ]);
    let report = sandbox.judge(&["users.json"]);
    assert_eq!(report["summary"]["rows"], 1);
    assert_eq!(report["rows"][0]["row"], 3);
    assert!(
        changes(&report)
            .iter()
            .all(|change| change.starts_with("3 ")),
        "{report}"
    );
    let input = &report["inputs"][0];
    assert_eq!((&input["left_out"], &input["rows"]), (&json!(2), &json!(1)));
    // Nobody is deactivated: the file says nothing about activity.
    assert!(
        lacks_columns(&report)
            .iter()
            .any(|line| line.contains("active column")),
        "{report}"
    );
    let run = sandbox.run(&["check", "users.json", "--snapshot", "org"]);
    let note = "users.json: Okta has taken the app away from 2 of its users who are not linked to a Salesforce user (no externalId; the first is on line 1): nothing is pushed for them, and they are left out";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    assert!(run.stdout.contains("utf-8, 2 left out"), "{}", run.stdout);
    let nobody = sandbox.run(&[
        "check",
        "users.json",
        "--snapshot",
        "org",
        "--explain-user",
        "old@acme.example",
    ]);
    assert_eq!(nobody.code, 2);
    assert!(
        nobody
            .stderr
            .contains("people of users.json without a row: 2"),
        "{}",
        nobody.stderr
    );
}

#[test]
fn a_file_of_nobody_else_is_one_clear_error() {
    let sandbox = sandbox(&[
        app_user("old", "DEPROVISIONED", None, &broken()),
        app_user("bob", "REVOKED", None, &broken()),
    ]);
    for arguments in [
        &["users.json"][..],
        &["--kind", "okta-users-json", "users.json"],
    ] {
        let run = sandbox.run(&[&["check", "--snapshot", "org"], arguments].concat());
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(
            run.stderr
                .contains("none of them is linked to a Salesforce user"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn rows_of_all_others_are_what_they_are_without_leavers() {
    let stay = [
        app_user(
            "bob",
            "PROVISIONED",
            BOB,
            &json!({"profile": "Sales", "role": "Nowhere"}),
        ),
        app_user(
            "new",
            "STAGED",
            None,
            &json!({"profile": "Nonsense", "lastName": "New"}),
        ),
    ];
    let leave = [
        app_user(
            "ann",
            "DEPROVISIONED",
            ANN,
            &json!({"profile": "Nonsense", "role": "Nowhere", "lastName": null}),
        ),
        app_user("old", "DEPROVISIONED", None, &json!({})),
    ];
    let mixed = [&leave[0], &stay[0], &leave[1], &stay[1]].map(Clone::clone);
    let with = sandbox(&mixed).judge(&["users.json"]);
    let without = sandbox(&stay).judge(&["users.json"]);
    let renumbered: Vec<String> = findings(&without)
        .iter()
        .map(|told| match told.split_once(' ').expect("a row") {
            ("1", rest) => format!("2 {rest}"),
            (_, rest) => format!("4 {rest}"),
        })
        .collect();
    assert!(!renumbered.is_empty());
    assert_eq!(findings(&with), renumbered);
    let rows: Vec<u64> = with["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["row"].as_u64().expect("a row"))
        .collect();
    assert_eq!(rows, [2, 4, 1]);
    // One thread and many say the same.
    let run = |threads: &str| {
        let sandbox = sandbox(&mixed);
        let arguments = [
            "check",
            "users.json",
            "--snapshot",
            "org",
            "-f",
            "csv",
            "--threads",
            threads,
        ];
        sandbox.run(&arguments).stdout
    };
    assert_eq!(run("1"), run("4"));
}

#[test]
fn links_of_leavers_are_judged_and_names_are_not() {
    let sandbox = sandbox(&[
        // Nothing changes: the user is inactive already.
        app_user("eve", "DEPROVISIONED", EVE, &broken()),
        // The name is that of a user of the org, the link leads to nobody: nobody is deactivated.
        app_user("bob", "DEPROVISIONED", NOBODY, &broken()),
        // The link leads to somebody of another name, and no name is pushed.
        app_user("No Address", "DEPROVISIONED", ANN, &broken()),
    ]);
    let report = sandbox.judge(&["users.json"]);
    assert_eq!(
        findings(&report),
        [
            "1 okta-link-broken warning",
            "2 id-unknown error",
            "2 okta-link-broken error",
            "3 username-changed notice",
        ]
    );
    assert_eq!(
        changes(&report),
        [
            "1 user eve@acme.example -> eve@acme.example",
            "2 user bob@acme.example -> bob@acme.example",
            "3 active true -> false",
        ]
    );
    assert_eq!(report["seats"][0]["releases"], 1);
    let all = report["findings"].as_array().expect("findings").iter();
    let told: Vec<&str> = all
        .filter_map(|finding| finding["fix"]["text"].as_str())
        .collect();
    for part in [
        "nothing is left to deactivate",
        "deactivate that user there: Okta cannot",
        "before somebody else is deactivated",
    ] {
        assert!(
            told.iter().any(|fix| fix.contains(part)),
            "{part}: {told:?}"
        );
    }
}

/// Ann and an unlinked leaver in the groups of a mapping, with Bob, who stays.
fn company() -> Sandbox {
    let sandbox = sandbox(&[
        app_user("ann", "DEPROVISIONED", ANN, &broken()),
        app_user("old", "DEPROVISIONED", None, &broken()),
        app_user("bob", "PROVISIONED", BOB, &json!({"profile": "Sales"})),
    ]);
    sandbox.write(
        "groups.csv",
        "okta_group,priority,profile,role\nTop,1,Depot,North\n",
    );
    sandbox.write(
        "members.csv",
        "login,group\nann@acme.example,Top\nold@acme.example,Top\nbob@acme.example,Top\n",
    );
    sandbox.write(
        "mapping.csv",
        "name,target,property,expression\nuser,salesforce,profile,user.department\n",
    );
    sandbox.write(
        "okta-users.json",
        json!([{"id": "00uz", "status": "ACTIVE", "profile": {"login": "zoe@acme.example", "department": "Sales"}}])
            .to_string(),
    );
    sandbox
}

const COMPANY: [&str; 7] = [
    "groups.csv",
    "users.json",
    "mapping.csv",
    "--members",
    "members.csv",
    "--okta-users",
    "okta-users.json",
];

#[test]
fn groups_and_mappings_give_a_leaver_nothing() {
    let sandbox = company();
    let report = sandbox.judge(&COMPANY);
    let of_users: Vec<String> = changes(&report)
        .into_iter()
        .filter(|change| change.starts_with("1 "))
        .collect();
    assert_eq!(of_users, ["1 active true -> false"]);
    let rows: Vec<(String, u64, String)> = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().expect("a text").to_owned();
            (
                text("input"),
                row["row"].as_u64().expect("a row"),
                text("verdict"),
            )
        })
        .filter(|(input, ..)| input == "users.json" || input == "members.csv")
        .collect();
    // Bob's department is not at hand; what that leaves open is nothing of Ann's.
    assert_eq!(
        rows,
        [
            (String::from("users.json"), 3, String::from("undecided")),
            (String::from("users.json"), 1, String::from("compatible")),
        ]
    );
}

#[test]
fn the_derivation_of_a_leaver_says_so() {
    let sandbox = company();
    let explain = |login: &str| {
        let asked = ["check", "--snapshot", "org", "--explain-user", login];
        sandbox.run(&[&asked[..], &COMPANY].concat()).stdout
    };
    let ann = explain("ann@acme.example");
    for part in [
        "a push makes the Salesforce user inactive, and sends nothing else",
        "Okta has taken the app away from the person, whatever groups say. These groups give nothing:",
        "1. Top (priority 1): profile Depot, role North",
        "revoke active: true -> false",
    ] {
        assert!(ann.contains(part), "{part}\n---\n{ann}");
    }
    assert!(!ann.contains("What that gives"), "{ann}");
    let old = explain("old@acme.example");
    assert!(old.contains("whatever groups say"), "{old}");
    assert!(
        old.contains("No row of the inputs is about this user."),
        "{old}"
    );
}

#[test]
fn a_leaver_is_known_to_the_rules_about_others() {
    // Bob names Ann as his manager, and Ann leaves by the same file.
    let sandbox = sandbox(&[
        app_user(
            "bob",
            "PROVISIONED",
            BOB,
            &json!({"profile": "Sales", "managerId": "005000000000001"}),
        ),
        app_user("ann", "DEPROVISIONED", ANN, &json!({})),
    ]);
    let users = std::fs::read_to_string(sandbox.path("org/User.csv")).expect("users");
    let with = |line: &str| match line {
        line if line.starts_with("Id,") => format!("{line},ManagerId\n"),
        line => format!("{line},\n"),
    };
    sandbox.write("org/User.csv", users.lines().map(with).collect::<String>());
    let report = sandbox.judge(&["users.json", "--integration-user", "ann@acme.example"]);
    let told = findings(&report);
    for wanted in [
        "1 manager-inactive warning",
        "2 api-user-in-file warning",
        "2 deactivate-self error",
    ] {
        assert!(told.iter().any(|one| one == wanted), "{wanted}: {told:?}");
    }
}

#[test]
fn the_settings_of_the_app_decide_whether_a_leaver_loses_anything() {
    let sandbox = sandbox(&[app_user("ann", "DEPROVISIONED", ANN, &broken())]);
    sandbox.write(
        "app.json",
        json!({
            "id": "0oa1", "name": "salesforce", "label": "SF", "status": "ACTIVE", "signOnMode": "SAML_2_0",
            "features": ["PUSH_PASSWORD_UPDATES"],
            "settings": {"app": {"instanceType": "PRODUCTION", "integrationType": "STANDARD"}},
        })
        .to_string(),
    );
    let report = sandbox.judge(&["users.json", "--okta-app", "app.json"]);
    let told = findings(&report);
    assert_eq!(told, ["1 okta-deactivate-disabled warning"]);
}

#[test]
fn a_plan_an_audit_and_a_page_know_them_too() {
    let mut all: Vec<Value> = (0..48)
        .map(|n| app_user(&format!("old{n}"), "DEPROVISIONED", None, &broken()))
        .collect();
    all.push(app_user("ann", "DEPROVISIONED", ANN, &broken()));
    all.push(app_user("bob", "DEPROVISIONED", NOBODY, &broken()));
    let sandbox = sandbox(&all);
    let run = sandbox.run(&[
        "check",
        "users.json",
        "--snapshot",
        "org",
        "--save-plan",
        "plan.json",
        "--evidence",
        "proof",
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("exactly 50 elements, a full page"),
        "{}",
        run.stderr
    );
    let rows = std::fs::read_to_string(sandbox.path("proof/rows.csv")).expect("rows");
    let rows: Vec<&str> = rows.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row.contains("update")), "{rows:?}");
    let again = sandbox.run(&["reperform", "proof"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    // Somebody of the name who comes later was never to be created.
    let users = std::fs::read_to_string(sandbox.path("org/User.csv")).expect("users");
    sandbox.write(
        "org/User.csv",
        users.replace("bob@acme.example,true", "bobby@acme.example,true"),
    );
    let same = sandbox.run(&["recheck", "plan.json", "--snapshot", "org"]);
    assert_eq!(same.code, 0, "{}{}", same.stdout, same.stderr);
    sandbox.write(
        "org/User.csv",
        users.replace("ann@acme.example,true", "ann@acme.example,false"),
    );
    let other = sandbox.run(&["recheck", "plan.json", "--snapshot", "org"]);
    assert_eq!(other.code, 1, "{}{}", other.stdout, other.stderr);
}

#[test]
fn files_that_cannot_tell_leavers_say_so() {
    let sandbox = sandbox(&[]);
    sandbox.write(
        "export.csv",
        "credentials.userName,scope,status,profile.profile\nann@acme.example,USER,DEPROVISIONED,Sales\n",
    );
    sandbox.write(
        "plan.json",
        json!({"resource_changes": [
            {"address": "okta_app_user.ann", "type": "okta_app_user",
             "change": {"before": {"username": "ann@acme.example", "profile": "{}"}, "after": null}},
            {"address": "okta_app_user.eve", "type": "okta_app_user",
             "change": {"before": {"username": "eve@acme.example", "retain_assignment": true}, "after": null}},
            {"address": "okta_app_user.bob", "type": "okta_app_user",
             "change": {"after": {"username": "bob@acme.example", "profile": "{\"profile\":\"Sales\"}"}}},
        ]})
        .to_string(),
    );
    for (file, part) in [
        ("export.csv", "export.csv: its column status is not read"),
        (
            "plan.json",
            "plan.json: it takes the app away from 1 user and 0 groups: what that does in Salesforce is not judged",
        ),
    ] {
        let run = sandbox.run(&["check", file, "--snapshot", "org"]);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
        assert!(run.stdout.contains("1 row"), "{}", run.stdout);
    }
    // A status alone may be that of a user of Okta, or of anything.
    sandbox.write(
        "list.csv",
        "username,status,profile\nann@acme.example,ok,Sales\n",
    );
    let run = sandbox.run(&["check", "list.csv", "--snapshot", "org"]);
    assert!(!run.stderr.contains("status"), "{}", run.stderr);
}

#[test]
fn logins_that_were_taken_for_usernames_are_told() {
    let sandbox = company();
    let users = ["okta-users.json", "mapping.csv"];
    let check = ["check", "--snapshot", "org"];
    let run = sandbox.run(&[&check[..], &users].concat());
    let note = "okta-users.json: its logins were taken for usernames of Salesforce";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    let app = json!({
        "name": "salesforce", "label": "SF", "status": "ACTIVE", "signOnMode": "SAML_2_0", "features": [],
        "credentials": {"userNameTemplate": {"template": "${source.login}", "type": "BUILT_IN", "userSuffix": ".uat"}},
        "settings": {"app": {}},
    });
    sandbox.write("app.json", app.to_string());
    let run = sandbox.run(&[&check[..], &users, &["--okta-app", "app.json"]].concat());
    let made = "its logins became usernames by the template of the app, ${source.login}.uat";
    assert!(run.stderr.contains(made), "{}", run.stderr);
    assert!(!run.stderr.contains(note), "{}", run.stderr);
}
