//! Attribute mappings with the users whose attributes they read, in one run: what each of them gets.

#![allow(
    clippy::expect_used,
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::{Value, json};
use support::Sandbox;

const MAPPING: &str = "name,target,property,expression\n\
    user,salesforce,lastName,user.lastName\n\
    user,salesforce,profile,\"user.department == \"\"Depot\"\" ? \"\"Depot\"\" : \"\"Sales\"\"\"\n\
    user,salesforce,role,\"String.stringSwitch(user.division, \"\"NO_ROLE\"\", \"\"N\"\", \"\"North\"\", \"\"S\"\", \"\"South\"\")\"\n\
    user,salesforce,salesforceGroups,\"isMemberOfGroupName(\"\"Low\"\") ? {\"\"Reports\"\"} : {\"\"Orders\"\"}\"\n\
    salesforce,user,login,appuser.email\n";
const SCALARS: &str = "name,target,property,expression\n\
    user,salesforce,profile,\"user.department == \"\"Depot\"\" ? \"\"Depot\"\" : \"\"Sales\"\"\"\n\
    user,salesforce,role,\"user.division ?: \"\"South\"\"\"\n";

fn world() -> Sandbox {
    let sandbox = Sandbox::with_small_org();
    sandbox.write("mapping.csv", MAPPING);
    sandbox.write("scalars.csv", SCALARS);
    sandbox.write(
        "groups.csv",
        "okta_group,priority,role\nTop,1,\nLow,2,North\n",
    );
    sandbox.write(
        "users.json",
        json!([
            okta_user(
                "1",
                "ann@acme.example",
                &json!({"department": "Depot", "division": "N"})
            ),
            okta_user(
                "2",
                "bob@acme.example",
                &json!({"department": null, "division": "S"})
            ),
            // Okta leaves out what has no value.
            okta_user("3", "eve@acme.example", &json!({"department": "Sales"})),
        ])
        .to_string(),
    );
    sandbox
}

fn okta_user(id: &str, login: &str, more: &Value) -> Value {
    let mut profile = json!({"login": login, "email": login, "lastName": "Lee"});
    for (key, value) in more.as_object().expect("attributes") {
        profile[key] = value.clone();
    }
    json!({"id": format!("00u{id}"), "status": "ACTIVE", "profile": profile})
}

/// `row attribute before -> after` of everybody, with the group.
fn changes(report: &Value, input: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let all = report["changes"].as_array().expect("changes").iter();
    let access = ["profile", "role", "permissionSets"];
    let is_access = |change: &&Value| access.iter().any(|name| change["attribute"] == *name);
    all.filter(|change| change["input"] == input)
        .filter(is_access)
        .map(|change| {
            let by = text(&change["group"]);
            let by = if by.is_empty() {
                by
            } else {
                format!(" by {by}")
            };
            format!(
                "{} {} {} -> {}{by}",
                change["row"],
                text(&change["attribute"]),
                text(&change["before"]),
                text(&change["after"]),
            )
        })
        .collect()
}

/// The verdicts of the rows of a file, by row.
fn verdicts(report: &Value, input: &str) -> Vec<(u64, String)> {
    let rows = report["rows"].as_array().expect("rows").iter();
    let mut all: Vec<(u64, String)> = rows
        .filter(|row| row["input"] == input)
        .map(|row| {
            let verdict = row["verdict"].as_str().expect("a verdict");
            (row["row"].as_u64().expect("a row"), verdict.to_owned())
        })
        .collect();
    all.sort();
    all
}

fn coverage(report: &Value) -> Vec<String> {
    let lines = report["coverage"].as_array().expect("coverage").iter();
    lines
        .filter(|line| line["rule"] == "mapping-not-checkable")
        .map(|line| line["reason"].as_str().expect("a reason").to_owned())
        .collect()
}

#[test]
fn users_of_okta_get_what_the_mapping_makes_of_them() {
    let sandbox = world();
    for way in [
        &["scalars.csv", "users.json"][..],
        &["users.json", "scalars.csv"],
        &["scalars.csv", "--okta-users", "users.json"],
    ] {
        let report = sandbox.judge(way);
        assert_eq!(
            changes(&report, "users.json"),
            [
                "1 profile Sales -> Depot",
                "1 role North -> N",
                "2 role  -> S",
                "3 role  -> South",
            ],
            "{way:?}"
        );
    }
    // `user.division ?: "South"`: what a user of the file has no value for is no value.
    let report = sandbox.judge(&["scalars.csv", "users.json"]);
    assert_eq!(coverage(&report), [""; 0]);
    let mine = report["findings"].as_array().expect("findings").iter();
    let roles: Vec<&str> = mine
        .filter(|finding| finding["rule"] == "role-not-found")
        .map(|finding| finding["value"].as_str().expect("a value"))
        .collect();
    assert_eq!(roles, ["N", "S"]);
}

#[test]
fn what_cannot_be_told_of_a_user_is_undecided_and_never_guessed() {
    let sandbox = world();
    let report = sandbox.judge(&["mapping.csv", "users.json"]);
    // Who is in which group is not at hand, and what a switch makes of no value is not documented.
    assert_eq!(
        coverage(&report),
        [
            "what role becomes cannot be told for 1 user, the first on line 1 of users.json: what String.stringSwitch makes of an empty value is not documented (column 1)",
            "what salesforceGroups becomes cannot be told for 3 users, the first on line 1 of users.json: the groups that isMemberOfGroupName asks for are not at hand (column 1)",
        ]
    );
    assert_eq!(
        changes(&report, "users.json"),
        ["1 profile Sales -> Depot", "2 role  -> South"]
    );
    let undecided = verdicts(&report, "users.json");
    assert_eq!(undecided.len(), 3);
    for (row, verdict) in undecided {
        assert!(
            ["undecided", "incompatible"].contains(&verdict.as_str()),
            "{row}: {verdict}"
        );
    }
    // An attribute that no user of the file has is not at hand for anybody.
    sandbox.write(
        "absent.csv",
        "name,target,property,expression\nuser,salesforce,profile,user.sfProfile\n",
    );
    let run = sandbox.run(&[
        "check",
        "absent.csv",
        "users.json",
        "--snapshot",
        "org",
        "-f",
        "json",
        "--rows",
    ]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    let report = run.report();
    assert_eq!(report["summary"]["undecided"], 3);
    assert!(coverage(&report)[0].contains("user.sfProfile is not at hand"));
    let rules: Vec<String> = run.findings();
    assert!(
        !rules.iter().any(|line| line.contains("profile-missing")),
        "{rules:?}"
    );
}

#[test]
fn groups_beat_the_mapping_and_membership_answers_it() {
    let sandbox = world();
    sandbox.write(
        "members.csv",
        "login,group\nann@acme.example,Low\nbob@acme.example,Top\n",
    );
    let run = [
        "mapping.csv",
        "groups.csv",
        "--members",
        "members.csv",
        "--okta-users",
        "users.json",
    ];
    let report = sandbox.judge(&run);
    assert_eq!(
        changes(&report, "members.csv"),
        [
            "1 profile Sales -> Depot",
            "2 role  -> South",
            "2 permissionSets  -> Orders",
        ]
    );
    assert_eq!(coverage(&report), [""; 0]);
    let explained = sandbox.run(
        &[
            &[
                "check",
                "--snapshot",
                "org",
                "--explain-user",
                "Ann@acme.example",
            ],
            &run[..],
        ]
        .concat(),
    );
    for line in [
        "What the attribute mapping makes of the person:",
        "  profile: Depot\n    by user.department == \"Depot\" ? \"Depot\" : \"Sales\"\n    user.department is \"Depot\"",
        "  role: North: a group gives it",
    ] {
        assert!(
            explained.stdout.contains(line),
            "{line}\n---\n{}",
            explained.stdout
        );
    }
    // A file of members may hold the attributes itself.
    sandbox.write(
        "more.csv",
        "login,group,department,division\nann@acme.example,Low,Depot,\neve@acme.example,Top,Depot,North\n",
    );
    let report = sandbox.judge(&["scalars.csv", "groups.csv", "--members", "more.csv"]);
    assert_eq!(
        changes(&report, "more.csv"),
        [
            "1 profile Sales -> Depot",
            "2 profile Sales -> Depot",
            "2 role  -> North"
        ]
    );
}

#[test]
fn app_users_keep_what_is_filled_on_creation_only() {
    let sandbox = world();
    let app_user = |login: &str, id: &str, external: Option<&str>| {
        json!({
            "id": format!("00u{id}"), "externalId": external, "scope": "USER", "status": "PROVISIONED",
            "credentials": {"userName": login},
            "profile": {"profile": "Sales", "role": "South", "lastName": "Lee"}
        })
    };
    sandbox.write(
        "app-users.json",
        json!([
            app_user("ann@acme.example", "1", Some("005000000000001AAA")),
            app_user("zoe@acme.example", "9", None),
        ])
        .to_string(),
    );
    let mapping = |status: &str| {
        json!({
            "target": {"type": "appuser"},
            "properties": {
                "profile": {"expression": "user.department == \"Depot\" ? \"Depot\" : \"Sales\"", "pushStatus": status}
            }
        })
        .to_string()
    };
    let run = [
        "mapping.json",
        "app-users.json",
        "--okta-users",
        "users.json",
    ];
    sandbox.write("mapping.json", mapping("PUSH"));
    let report = sandbox.judge(&run);
    assert!(
        changes(&report, "app-users.json").contains(&"1 profile Sales -> Depot".to_owned()),
        "{report:#}"
    );
    // Zoe is not among the users of Okta: what she gets cannot be told.
    assert!(coverage(&report)[0].contains("1 user, the first on line 1 of app-users.json"));
    assert_eq!(verdicts(&report, "app-users.json")[1].1, "undecided");
    sandbox.write("mapping.json", mapping("DONT_PUSH"));
    let report = sandbox.judge(&run);
    let changed = changes(&report, "app-users.json");
    assert!(
        !changed.iter().any(|change| change.contains("Depot")),
        "{changed:?}"
    );
    // Users of Okta alone do not tell who is in Salesforce already, so what only new users get cannot be told.
    let alone = sandbox.judge(&["mapping.json", "users.json"]);
    assert!(
        coverage(&alone)[0].contains("whether Salesforce has the user this file does not tell"),
        "{alone:#}"
    );
    let verdicts_alone = verdicts(&alone, "users.json");
    assert!(
        verdicts_alone
            .iter()
            .all(|(_, verdict)| verdict == "undecided"),
        "{verdicts_alone:?}"
    );
    // Without any attribute at hand the file is judged as it is.
    let report = sandbox.judge(&["mapping.json", "app-users.json"]);
    assert_eq!(coverage(&report), [""; 0]);
    assert_ne!(verdicts(&report, "app-users.json")[1].1, "undecided");
}

#[test]
fn a_sheet_with_attributes_is_completed_and_what_it_says_itself_stands() {
    let sandbox = world();
    sandbox.write(
        "sheet.csv",
        "username;Department;division;permissionSets\nann@acme.example;Depot;North;Orders\nbob@acme.example;;;\n",
    );
    let report = sandbox.judge(&["scalars.csv", "sheet.csv"]);
    assert_eq!(
        changes(&report, "sheet.csv"),
        [
            "1 profile Sales -> Depot",
            "1 permissionSets  -> Orders",
            "1 permissionSets Reports -> ",
            "2 role  -> South",
        ]
    );
    let input = &report["inputs"][1];
    assert_eq!(
        (&input["kind"], &input["delimiter"]),
        (&json!("assignments"), &json!(";"))
    );
    // The address of a person's page is no profile.
    sandbox.write(
        "people.csv",
        "login,profileUrl,department,division\nann@acme.example,https://a.example/ann,Depot,North\n",
    );
    let report = sandbox.judge(&["scalars.csv", "people.csv"]);
    assert_eq!(changes(&report, "people.csv"), ["1 profile Sales -> Depot"]);
    // A sheet without attributes of the mapping is judged as it is.
    sandbox.write(
        "plain.csv",
        "username,email\nzoe@acme.example,z@acme.example\n",
    );
    let report = sandbox.judge(&["scalars.csv", "plain.csv"]);
    assert_eq!(coverage(&report), [""; 0]);
}

#[test]
fn exports_that_name_a_group_get_what_it_gives() {
    let sandbox = world();
    let header = "id,userName,scope,externalId,firstName,lastName,syncState,salesforceGroups,samlRoles,groupName\n";
    sandbox.write(
        "export.csv",
        format!(
            "{header}\"00u1\",\"ann@acme.example\",\"GROUP\",\"\",\"Ann\",\"Lee\",\"SYNCHRONIZED\",\"Reports\",\"\",\"Top\"\n\
             \"00u2\",\"bob@acme.example\",\"USER\",\"\",\"Bob\",\"Lee\",\"SYNCHRONIZED\",\"\",\"\",\"\"\n"
        ),
    );
    sandbox.write(
        "groups.csv",
        "okta_group,priority,profile,permissionSets\nTop,1,Depot,Orders\nLow,2,Sales,Reports\n",
    );
    let wanted = [
        "1 profile Sales -> Depot",
        "1 permissionSets  -> Orders",
        "1 permissionSets Reports -> ",
    ];
    let report = sandbox.judge(&["groups.csv", "export.csv"]);
    assert_eq!(changes(&report, "export.csv"), wanted);
    // With the members, priorities decide, and nobody is judged twice.
    sandbox.write(
        "members.csv",
        "login,group\nann@acme.example,Low\nann@acme.example,Top\nbob@acme.example,Low\n",
    );
    let report = sandbox.judge(&["groups.csv", "export.csv", "--members", "members.csv"]);
    let by_top: Vec<String> = wanted
        .iter()
        .map(|change| format!("{change} by Top"))
        .collect();
    assert_eq!(changes(&report, "export.csv"), by_top);
    assert_eq!(changes(&report, "members.csv"), [""; 0]);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let sandbox = world();
    let of = |threads: &str| {
        let run = sandbox.run(&[
            "check",
            "mapping.csv",
            "users.json",
            "--snapshot",
            "org",
            "--threads",
            threads,
            "--changes",
        ]);
        run.stdout
    };
    assert_eq!(of("1"), of("4"));
}

#[test]
fn hostile_files_are_one_clear_error_each() {
    let sandbox = world();
    let refused = |arguments: &[&str], part: &str| {
        let run = sandbox.run(&[&["check", "--snapshot", "org"], arguments].concat());
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (3, ""),
            "{arguments:?}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    };
    refused(
        &["users.json"],
        "the attribute mapping of the app (give it in the same run)",
    );
    sandbox.write(
        "cut.json",
        "[{\"id\":\"00u1\",\"profile\":{\"login\":\"a@b.example\"}},",
    );
    refused(
        &["scalars.csv", "--okta-users", "cut.json"],
        "a part of the export is missing",
    );
    sandbox.write("apps.json", "[{\"id\":\"0oa1\",\"name\":\"salesforce\"}]");
    refused(
        &["scalars.csv", "--okta-users", "apps.json"],
        "no profile.login",
    );
    sandbox.write("none.json", "[]");
    refused(
        &["scalars.csv", "--okta-users", "none.json"],
        "no user in it",
    );
    sandbox.write("color.csv", "color,shape\nred,round\n");
    refused(
        &["scalars.csv", "--okta-users", "color.csv"],
        "a column login",
    );
    sandbox.write("blank.csv", "login,department\n,Depot\n");
    refused(
        &["scalars.csv", "--okta-users", "blank.csv"],
        "line 2: a user without a login",
    );
    let deep = format!("[{}{}]", "{\"profile\":".repeat(4000), "}".repeat(4000));
    sandbox.write("deep.json", deep);
    refused(
        &["scalars.csv", "--okta-users", "deep.json"],
        "recursion limit",
    );
    // Two expressions for one attribute: which of them counts is not known.
    sandbox.write("other.csv", SCALARS.replace("South", "North"));
    let report = sandbox.judge(&["scalars.csv", "other.csv", "users.json"]);
    assert!(
        coverage(&report)[0].contains("two expressions for role"),
        "{:?}",
        coverage(&report)
    );
}

#[test]
fn logins_of_a_sheet_become_usernames_by_the_template_of_the_app() {
    let sandbox = world();
    let app = |template: &str, suffix: &str| {
        json!({
            "name": "salesforce", "label": "Salesforce", "signOnMode": "SAML_2_0",
            "credentials": {"userNameTemplate": {"template": template, "userSuffix": suffix}},
            "settings": {"app": {"instanceType": "PRODUCTION", "integrationType": "STANDARD"}}
        })
        .to_string()
    };
    let judged = |sheet: &str| {
        sandbox.write("people.csv", sheet);
        let run = sandbox.run(&[
            "check",
            "people.csv",
            "--okta-app",
            "app.json",
            "--snapshot",
            "org",
            "--changes",
            "-f",
            "json",
        ]);
        (changes(&run.report(), "people.csv"), run.stderr)
    };
    sandbox.write(
        "app.json",
        app(
            "${fn:substringBefore(source.login, \"@\")}@acme.example",
            "",
        ),
    );
    let sheet = "login,email,role\nann@home.example,ann@acme.example,South\n";
    let (changed, said) = judged(sheet);
    assert_eq!(changed, ["1 role North -> South"]);
    assert!(
        said.contains("its logins became usernames by the template of the app"),
        "{said}"
    );
    // Another attribute that the sheet has.
    sandbox.write("app.json", app("${source.email}", ""));
    assert_eq!(judged(sheet).0, ["1 role North -> South"]);
    let (_, said) = judged(
        "login,email,role\nann@home.example,ann@acme.example,South\nzoe@acme.example,,South\n",
    );
    assert!(
        said.contains("for 1 of its users the login was taken as it is"),
        "{said}"
    );
    // Of nobody: all would be new users.
    sandbox.write("people.csv", "login,role\nann@acme.example,South\n");
    let refused = sandbox.run(&[
        "check",
        "people.csv",
        "--okta-app",
        "app.json",
        "--snapshot",
        "org",
    ]);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    assert!(
        refused.reason().contains("${source.email}"),
        "{}",
        refused.stderr
    );
    // A username of Salesforce is what it is.
    let (changed, said) = judged("username,email,role\nann@acme.example,x@acme.example,South\n");
    assert_eq!(changed, ["1 role North -> South"]);
    assert!(!said.contains("template"), "{said}");
}

#[test]
fn links_into_another_org_are_one_finding_for_all_rows() {
    let sandbox = world();
    let rows: String = (10..40)
        .map(|n| format!("u{n}@acme.example,005Zq00000000{n},Sales\n"))
        .collect();
    sandbox.write("users.csv", format!("userName,externalId,profile\n{rows}"));
    let run = sandbox.run(&["check", "users.csv", "--snapshot", "org", "-f", "json"]);
    let report = run.report();
    let findings = report["findings"].as_array().expect("findings").iter();
    let told: Vec<&Value> = findings
        .filter(|finding| finding["rule"] == "okta-link-broken")
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["rows"], 30);
    assert_eq!(report["summary"]["incompatible"], 30);
    assert_eq!(report["summary"]["by_rule"]["id-unknown"], 1);
}

#[test]
fn files_that_belong_elsewhere_say_where() {
    let sandbox = world();
    for (text, part) in [
        (
            "{\"signOnMode\":\"SAML_2_0\",\"settings\":{}}",
            "--okta-app FILE",
        ),
        (
            "{\"definitions\":{\"base\":{\"properties\":{\"profile\":{}}}}}",
            "--okta-schema FILE",
        ),
        (
            "[{\"eventType\":\"x\",\"outcome\":{}}]",
            "sfcompat explain --log FILE",
        ),
        (
            "{\"errorCode\":\"E0000001\",\"errorSummary\":\"no\"}",
            "export again",
        ),
    ] {
        sandbox.write("other.json", text);
        let run = sandbox.run(&["check", "other.json", "--snapshot", "org"]);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    sandbox.write(
        "left.csv",
        "fullName,assigneeAppUsername,unassigned\nAnn,ann@acme.example,2026-10-15\n",
    );
    let run = sandbox.run(&["check", "left.csv", "--snapshot", "org"]);
    assert!(run.stderr.contains("have lost the app"), "{}", run.stderr);
    // A list with commas of which only a part is known.
    sandbox.write(
        "commas.csv",
        "username,permissionSets\nann@acme.example,\"Orders, Ordres\"\n",
    );
    let run = sandbox.run(&["check", "commas.csv", "--snapshot", "org"]);
    assert!(
        run.stdout.contains("fix: correct 'Ordres'"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_full_page_is_told_whatever_parts_its_rows_are_judged_in() {
    let sandbox = world();
    // Ann's attributes are at hand, those of the others are not.
    let app_user = |n: u32| {
        let login = if n == 1 {
            String::from("ann@acme.example")
        } else {
            format!("new{n}@acme.example")
        };
        json!({
            "id": format!("00u{n}"), "scope": "USER", "status": "PROVISIONED",
            "credentials": {"userName": login}, "profile": {"lastName": "Lee"}
        })
    };
    for (users, told) in [(50, true), (49, false)] {
        let all: Vec<Value> = (1..=users).map(app_user).collect();
        sandbox.write("app-users.json", json!(all).to_string());
        let run = sandbox.run(&[
            "check",
            "scalars.csv",
            "app-users.json",
            "--okta-users",
            "users.json",
            "--snapshot",
            "org",
        ]);
        let warning = "app-users.json: exactly 50 elements, a full page of Okta's API";
        let said = run.stdout + &run.stderr;
        assert_eq!(said.contains(warning), told, "{said}");
    }
}
