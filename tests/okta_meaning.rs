//! What files of Okta mean together: whose value counts, what is not known, and what must not be guessed from a blank.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use support::Sandbox;

const ANN: &str = "005000000000001";

/// `input:row verdict`, sorted.
fn verdicts(report: &Value) -> Vec<String> {
    let rows = report["rows"].as_array().expect("rows");
    let mut all: Vec<String> = rows
        .iter()
        .map(|row| {
            let word = |key: &str| row[key].as_str().expect("a text").to_owned();
            format!("{}:{} {}", word("input"), row["row"], word("verdict"))
        })
        .collect();
    all.sort();
    all
}

/// `user attribute before -> after [group]`
fn changes(report: &Value, user: &str) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = report["changes"].as_array().expect("changes").iter();
    all.filter(|change| change["user"] == user && change["effect"] != "none")
        .map(|change| {
            format!(
                "{} {} -> {} [{}]",
                word(&change["attribute"]),
                word(&change["before"]),
                word(&change["after"]),
                word(&change["group"])
            )
        })
        .collect()
}

/// `rule:row`
fn findings(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().expect("findings").iter();
    all.filter(|finding| finding["severity"] != "notice")
        .map(|finding| {
            let rule = finding["rule"].as_str().expect("a rule");
            format!("{rule}:{}", finding["row"])
        })
        .collect()
}

fn app_user(username: &str, scope: &str, link: Option<&str>, profile: &Value) -> Value {
    json!({
        "id": "00u1", "scope": scope, "status": "PROVISIONED", "externalId": link,
        "credentials": { "userName": username },
        "profile": profile,
    })
}

#[test]
fn a_column_that_only_groups_fill_is_absent_for_those_whom_no_group_decides() {
    let sandbox = Sandbox::with_small_org();
    sandbox.write(
        "users.csv",
        format!(
            "id,userName,scope,externalId,salesforceGroups,groupName\n\
             00u1,ann@acme.example,USER,{ANN},Reports,\n\
             00u2,new@acme.example,USER,,,\n\
             00u3,bob@acme.example,GROUP,005000000000002,,Low\n\
             00u4,zoe@acme.example,GROUP,,,Elsewhere\n"
        ),
    );
    sandbox.write(
        "groups.csv",
        "okta_group,priority,profile,role,publicGroups\nLow,1,Depot,South,\n",
    );
    let files = ["users.csv", "groups.csv"];
    let report = sandbox.judge(&files);
    assert_eq!(
        verdicts(&report),
        [
            "groups.csv:1 compatible",
            "users.csv:1 compatible",
            "users.csv:2 undecided",
            "users.csv:3 compatible",
            "users.csv:4 undecided",
        ],
        "nobody said that new users have no profile"
    );
    assert_eq!(
        changes(&report, "bob@acme.example"),
        [
            "profile Sales -> Depot [-]",
            "license Salesforce -> Salesforce Platform [-]",
            "role - -> South [-]"
        ]
    );
    // Where blanks are pushed, what the export does not have is no blank.
    let pushed = sandbox.judge(&[&files[..], &["--null-values", "pushed"]].concat());
    assert_eq!(changes(&pushed, "ann@acme.example"), [""; 0]);
}

#[test]
fn what_no_group_gives_is_said_to_come_from_none() {
    let sandbox = Sandbox::with_small_org();
    let stored = json!({"profile": "Sales", "role": "North", "salesforceGroups": ["Reports"]});
    let users = json!([app_user("new@acme.example", "GROUP", None, &stored)]);
    sandbox.write("users.json", users.to_string());
    sandbox.write(
        "groups.csv",
        "okta_group,priority,profile,role,permissionSets\nTop,1,Sales,,\n",
    );
    sandbox.write(
        "members.csv",
        "login,group\nann@acme.example,Top\nnew@acme.example,Top\n",
    );
    let run = ["users.json", "groups.csv", "--members", "members.csv"];
    for meaning in ["ignored", "pushed"] {
        let run = [&run[..], &["--null-values", meaning]].concat();
        let report = sandbox.judge(&run);
        // What the app has stands.
        assert_eq!(
            changes(&report, "new@acme.example"),
            [
                "user - -> new@acme.example [-]",
                "profile - -> Sales [Top]",
                "license - -> Salesforce [Top]",
                "role - -> North [-]",
                "permissionSets - -> Reports [-]",
            ],
            "{meaning}"
        );
        // Of a member whom the run does not have as a user of the app a blank is all that there is.
        let erased = match meaning {
            "pushed" => &["role North -> - [Top]", "permissionSets Reports -> - [Top]"][..],
            _ => &[],
        };
        assert_eq!(changes(&report, "ann@acme.example"), erased, "{meaning}");
        let explain = [
            "check",
            "--snapshot",
            "org",
            "--explain-user",
            "new@acme.example",
        ];
        let told = sandbox.run(&[&explain[..], &run[..]].concat()).stdout;
        for line in [
            "  role: nothing, ",
            "  permissionSets: nothing, Top leaves it blank; what the app has of the user stands\n",
        ] {
            assert!(told.contains(line), "{told}");
        }
    }
}

#[test]
fn an_attribute_that_a_mapping_fills_and_nobody_can_tell_is_not_blank() {
    let sandbox = Sandbox::with_small_org();
    let users = json!([
        app_user(
            "ann@acme.example",
            "USER",
            Some(ANN),
            &json!({"profile": "Sales"})
        ),
        app_user(
            "new@acme.example",
            "USER",
            None,
            &json!({"profile": "Sales"})
        ),
    ]);
    sandbox.write("users.json", users.to_string());
    sandbox.write(
        "mapping.csv",
        "name,target,property,expression\n\
         user,salesforce,profile,\"user.division == \"\"N\"\" ? \"\"Sales\"\" : \"\"Depot\"\"\"\n\
         user,salesforce,email,user.email\n",
    );
    sandbox.write(
        "okta.csv",
        "login,division\nann@acme.example,N\nnew@acme.example,S\n",
    );
    let report = sandbox.judge(&["users.json", "mapping.csv", "--okta-users", "okta.csv"]);
    assert_eq!(findings(&report), [""; 0], "a mail address is mapped");
    assert_eq!(
        changes(&report, "new@acme.example"),
        [
            "user - -> new@acme.example [-]",
            "profile - -> Depot [-]",
            "license - -> Salesforce Platform [-]",
        ]
    );
}

#[test]
fn usernames_that_nothing_tells_make_nobody_a_new_user() {
    let sandbox = Sandbox::with_small_org();
    let app = |template: &str| {
        json!({"id": "0oa1", "features": ["PUSH_NEW_USERS"], "settings": {},
            "credentials": {"userNameTemplate": {"template": template}}})
        .to_string()
    };
    sandbox.write(
        "sheet.csv",
        "login,profile\nANN@corp.example,Sales\nBOB@corp.example,Sales\n",
    );
    let run = ["sheet.csv", "--okta-app", "app.json"];
    sandbox.write(
        "app.json",
        app("${fn:toLowerCase(fn:substringBefore(source.login, \"@\"))}@acme.example"),
    );
    let report = sandbox.judge(&run);
    assert_eq!(
        verdicts(&report),
        ["sheet.csv:1 compatible", "sheet.csv:2 compatible"]
    );
    assert_eq!(changes(&report, "ann@acme.example"), [""; 0]);
    sandbox.write("app.json", app("${source.employeeNumber}@acme.example"));
    let refused = sandbox.run(&[&["check", "--snapshot", "org"], &run[..]].concat());
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    assert!(
        refused.reason().contains("ANN@corp.example"),
        "{}",
        refused.stderr
    );
}

fn resource(address: &str, kind: &str, after: &Value, unknown: &Value) -> Value {
    json!({"address": address, "mode": "managed", "type": kind,
        "change": {"actions": ["create"], "after": after, "after_unknown": unknown}})
}

fn plan(resources: &[Value]) -> String {
    json!({"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": resources})
        .to_string()
}

fn planned(app: &str, username: &str, profile: &str) -> Value {
    json!({"app_id": app, "username": username, "profile": profile})
}

#[test]
fn a_plan_of_several_apps_is_read_for_one() {
    let sandbox = Sandbox::with_small_org();
    let text = plan(&[
        resource(
            "okta_app_user.ann",
            "okta_app_user",
            &planned("0oaSF", "ann@acme.example", "{\"profile\":\"Depot\"}"),
            &json!({}),
        ),
        resource(
            "okta_app_user.chat",
            "okta_app_user",
            &planned("0oaCHAT", "bob@acme.example", "{\"role\":\"owner\"}"),
            &json!({}),
        ),
        resource(
            "okta_profile_mapping.back",
            "okta_profile_mapping",
            &json!({"source_id": "0oaSF", "target_id": "otyUSER",
                "mappings": [{"id": "role", "expression": "\"Nowhere\"", "push_status": "PUSH"}]}),
            &json!({}),
        ),
        json!({"address": "data.okta_app_user.read", "mode": "data", "type": "okta_app_user",
            "change": {"actions": ["read"], "after": planned("0oaSF", "x", "{}")}}),
    ]);
    sandbox.write("plan.json", text.as_str());
    let refused = sandbox.run(&["check", "plan.json", "--snapshot", "org"]);
    assert_eq!(refused.code, 3);
    assert!(
        refused.reason().contains("0oaCHAT, 0oaSF"),
        "{}",
        refused.stderr
    );
    sandbox.write(
        "app.json",
        json!({"id": "0oaSF", "features": [], "settings": {}}).to_string(),
    );
    let report = sandbox.judge(&["plan.json", "--okta-app", "app.json"]);
    assert_eq!(report["summary"]["rows"], 1);
    assert_eq!(changes(&report, "ann@acme.example").len(), 2);
    assert_eq!(report["changes"].as_array().map(Vec::len), Some(2));
    // The app of the catalogue in the same plan says it as well.
    let named = resource(
        "okta_app_saml.sf",
        "okta_app_saml",
        &json!({"id": "0oaSF", "preconfigured_app": "salesforce"}),
        &json!({}),
    );
    let mut whole: Value = serde_json::from_str(&text).expect("JSON");
    let all = whole["resource_changes"].as_array_mut().expect("a list");
    all.push(named);
    sandbox.write("plan.json", whole.to_string());
    assert_eq!(sandbox.judge(&["plan.json"])["summary"]["rows"], 1);
    sandbox.write(
        "app.json",
        json!({"id": "0oaNONE", "features": [], "settings": {}}).to_string(),
    );
    let none = sandbox.run(&[
        "check",
        "plan.json",
        "--okta-app",
        "app.json",
        "--snapshot",
        "org",
    ]);
    assert_eq!(none.code, 3, "{}", none.stderr);
}

#[test]
fn what_a_plan_does_not_know_yet_is_undecided_and_what_it_takes_away_is_told() {
    let sandbox = Sandbox::with_small_org();
    sandbox.write(
        "plan.json",
        plan(&[
            resource(
                "okta_app_user.ann",
                "okta_app_user",
                &planned("0oaSF", "ann@acme.example", "{\"profile\":\"Sales\"}"),
                &json!({}),
            ),
            resource(
                "okta_app_user.bob",
                "okta_app_user",
                &json!({"app_id": "0oaSF", "username": "bob@acme.example"}),
                &json!({"profile": true}),
            ),
            resource(
                "okta_app_group_assignment.a",
                "okta_app_group_assignment",
                &json!({"app_id": "0oaSF", "group_id": "00gA", "profile": "{\"profile\":\"Depot\"}"}),
                &json!({"priority": true}),
            ),
            resource(
                "okta_app_group_assignments.b",
                "okta_app_group_assignments",
                &json!({"app_id": "0oaSF", "group": [{"id": "00gB", "priority": 2}]}),
                &json!({"group": [{"profile": true}]}),
            ),
            resource(
                "okta_profile_mapping.m",
                "okta_profile_mapping",
                &json!({"target_id": "0oaSF", "mappings": [{"id": "role"}]}),
                &json!({"mappings": [{"expression": true}]}),
            ),
            json!({"address": "okta_app_user.eve", "mode": "managed", "type": "okta_app_user",
                "change": {"actions": ["delete"], "after": null, "before": {"app_id": "0oaSF"}}}),
        ]),
    );
    let run = sandbox.run(&[
        "check",
        "plan.json",
        "--snapshot",
        "org",
        "--rows",
        "-f",
        "json",
    ]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(
        run.stderr.contains("away from 1 user and 0 groups"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("okta_app_user.bob"), "{}", run.stderr);
    let report = run.report();
    assert_eq!(
        verdicts(&report),
        [
            "plan.json:1 compatible",
            "plan.json:2 undecided",
            "plan.json:3 warned",
            "plan.json:4 undecided",
            "plan.json:5 warned",
        ]
    );
    assert_eq!(
        findings(&report),
        ["group-priority-tie:3", "mapping-not-checkable:5"]
    );
    let reasons = report["coverage"].to_string();
    assert!(reasons.contains("known only after the plan is applied"));
}

#[test]
fn a_plan_that_does_not_know_yet_whom_it_concerns_is_refused() {
    let sandbox = Sandbox::with_small_org();
    for unknown in [
        resource(
            "okta_app_user.x",
            "okta_app_user",
            &json!({"app_id": "0oaSF"}),
            &json!({"username": true}),
        ),
        resource(
            "okta_app_group_assignments.x",
            "okta_app_group_assignments",
            &json!({"app_id": "0oaSF"}),
            &json!({"group": true}),
        ),
    ] {
        sandbox.write("plan.json", plan(&[unknown]));
        let refused = sandbox.run(&["check", "plan.json", "--snapshot", "org"]);
        assert_eq!(refused.code, 3, "{}", refused.stderr);
        assert!(
            refused.reason().contains("known only after"),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn what_else_groups_give_together_is_said_not_to_be_judged_without_their_members() {
    let sandbox = Sandbox::with_small_org();
    sandbox.write(
        "groups.csv",
        "okta_group,priority,profile,permissionSets\nTop,1,Sales,Orders\nLow,2,Depot,Reports\n",
    );
    sandbox.write("members.csv", "login,group\nann@acme.example,Top\n");
    sandbox.write(
        "schema.json",
        json!({"definitions": {"base": {"properties": {
            "userName": {}, "profile": {}, "salesforceGroups": {"union": "ENABLE"}}}}})
        .to_string(),
    );
    let run = ["groups.csv", "--okta-schema", "schema.json"];
    let said = |report: &Value| {
        let coverage = report["coverage"].to_string();
        coverage.contains("Okta combines permissionSets over the groups of a person")
    };
    assert!(said(&sandbox.judge(&run)));
    assert!(!said(&sandbox.judge(&["groups.csv"])));
    let members = [&run[..], &["--members", "members.csv"]].concat();
    assert!(!said(&sandbox.judge(&members)));
}

/// What the license of somebody refuses: `rule element`, in order, each once.
fn refusals(report: &Value) -> BTreeSet<String> {
    let all = report["findings"].as_array().expect("findings").iter();
    all.filter(|finding| {
        finding["rule"] == "permission-set-license-mismatch"
            || finding["rule"] == "feature-license-not-allowed"
    })
    .map(|finding| format!("{} {}", finding["rule"], finding["value"]))
    .collect()
}

#[test]
fn two_groups_are_judged_as_a_person_in_both_would_be() {
    let sandbox = Sandbox::with_org();
    let groups = [
        "Pickers,1,Brackenford Warehouse,Warehouse_Scanner,Offline User",
        "Coaches,2,Brackenford Sales,Sales_Coaching;Finance_Ledger_View,Marketing User",
        "Dealers,3,Dealer User,Dealer_Orders,",
        "Readers,4,Chatter Free User,,",
        "Events,5,,Service_Macros,Knowledge User",
    ];
    let header = "okta_group,priority,profile,permission_sets,feature_licenses";
    sandbox.write("groups.csv", format!("{header}\n{}\n", groups.join("\n")));
    let names = groups.map(|line| line.split(',').next().expect("a name"));
    let mut members = String::from("login,group\n");
    for (n, one) in names.iter().enumerate() {
        for other in &names[n..] {
            let login = format!("{one}.{other}@brackenford.example");
            writeln!(members, "{login},{one}\n{login},{other}").expect("written");
        }
    }
    sandbox.write("members.csv", members);
    sandbox.write(
        "schema.json",
        json!({"definitions": {"base": {"properties": {"profile": {},
            "salesforceGroups": {"union": "ENABLE"}, "featureLicenses": {"union": "ENABLE"}}}}})
        .to_string(),
    );
    let alone = sandbox.judge(&["groups.csv"]);
    let run = ["groups.csv", "--okta-schema", "schema.json"];
    let pairs = sandbox.judge(&run);
    let people = sandbox.judge(&[&run[..], &["--members", "members.csv"]].concat());
    assert_eq!(refusals(&pairs), refusals(&people));
    assert_eq!(refusals(&alone).len(), 1, "{:?}", refusals(&alone));
    assert!(refusals(&pairs).len() > 4, "{:?}", refusals(&pairs));
    // Nobody need be in both: what only a pair makes wrong is no error.
    let incompatible = |report: &Value| report["summary"]["incompatible"].clone();
    assert_eq!(incompatible(&pairs), incompatible(&alone));
}
