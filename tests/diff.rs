//! `sfcompat diff`: every kind of change, what flips with it, and what cannot be compared.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use support::{Run, Sandbox, copy_folder, sample_data};

/// A table of a snapshot that is being edited.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn column(&self, name: &str) -> usize {
        let found = self.header.iter().position(|own| own == name);
        found.unwrap_or_else(|| panic!("no column {name}"))
    }

    fn row(&mut self, key: &str, value: &str) -> &mut Vec<String> {
        let column = self.column(key);
        let found = self.rows.iter_mut().find(|row| row[column] == value);
        found.unwrap_or_else(|| panic!("no {key} {value}"))
    }

    fn set(&mut self, key: &str, value: &str, column: &str, text: &str) {
        let place = self.column(column);
        text.clone_into(&mut self.row(key, value)[place]);
    }

    fn drop(&mut self, key: &str, value: &str) {
        let column = self.column(key);
        let before = self.rows.len();
        self.rows.retain(|row| row[column] != value);
        assert!(self.rows.len() < before, "no {key} {value}");
    }

    fn copy(&mut self, key: &str, value: &str, changes: &[(&str, &str)]) {
        let mut row = self.row(key, value).clone();
        for (column, text) in changes {
            (*text).clone_into(&mut row[self.column(column)]);
        }
        self.rows.push(row);
    }
}

/// The sample org in `old/`, and a copy in `new/`.
fn two() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["old", "new"] {
        copy_folder(&sample_data().join("org"), &sandbox.path(name));
    }
    sandbox
}

fn edit(sandbox: &Sandbox, object: &str, change: impl FnOnce(&mut Table)) {
    let path = sandbox.path(&format!("new/{object}.csv"));
    let mut reader = csv::Reader::from_path(&path).expect("a table");
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let mut table = Table {
        header: texts(reader.headers().expect("a header")),
        rows: reader
            .records()
            .map(|record| texts(&record.expect("a record")))
            .collect(),
    };
    change(&mut table);
    let mut writer = csv::Writer::from_path(&path).expect("a file");
    writer.write_record(&table.header).expect("written");
    for row in &table.rows {
        writer.write_record(row).expect("written");
    }
    writer.flush().expect("written");
}

/// Every change as `object what name attribute before -> after`.
fn changes(run: &Run) -> Vec<String> {
    let report = run.report();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    report["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| {
            format!(
                "{} {} {} {}: {} -> {}",
                text(&change["object"]),
                text(&change["change"]),
                text(&change["name"]),
                text(&change["attribute"]),
                text(&change["before"]),
                text(&change["after"])
            )
        })
        .collect()
}

fn diff(sandbox: &Sandbox, more: &[&str]) -> Run {
    let mut arguments = vec!["diff", "old", "new"];
    arguments.extend(more);
    sandbox.run(&arguments)
}

#[test]
fn nothing_changed() {
    let sandbox = two();
    let run = diff(&sandbox, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "Changes from old (Brackenford Instruments) to new (Brackenford Instruments)\n\n0 added, 0 removed, 0 renamed, 0 relicensed, 0 changed; cells of the matrix: 0 worse, 0 better\n"
    );
    for format in ["json", "csv", "markdown"] {
        let run = diff(&sandbox, &["--format", format, "--fail-on", "any"]);
        assert_eq!(run.code, 0, "{format}: {}", run.stderr);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line for each kind of change")]
fn every_kind_of_change_of_the_org() {
    let sandbox = two();
    edit(&sandbox, "UserLicense", |table| {
        table.set("LicenseDefinitionKey", "SFDC", "TotalLicenses", "150");
        table.set("LicenseDefinitionKey", "CSN_User", "Status", "Disabled");
    });
    edit(&sandbox, "PermissionSetLicense", |table| {
        table.set(
            "DeveloperName",
            "FieldServiceMobilePsl",
            "ExpirationDate",
            "2026-12-31",
        );
        table.set(
            "DeveloperName",
            "FieldServiceDispatcherPsl",
            "TotalLicenses",
            "5",
        );
    });
    edit(&sandbox, "Profile", |table| {
        table.set("Name", "Standard User", "Name", "Standard Person");
        table.set(
            "Name",
            "Brackenford Sales",
            "UserLicenseId",
            "1007R000000GIJuQAO",
        );
    });
    edit(&sandbox, "UserRole", |table| {
        table.set(
            "Name",
            "Commercial Director",
            "ParentRoleId",
            "00E7R000000K0BvUAK",
        );
        table.set("Name", "Operations Director", "PortalType", "Partner");
    });
    edit(&sandbox, "PermissionSet", |table| {
        table.set("Name", "Account_Merge", "LicenseId", "1007R000000GIJuQAO");
        table.set(
            "Name",
            "Bulk_Record_Update",
            "PermissionsManageUsers",
            "true",
        );
        table.set(
            "Name",
            "Bulk_Record_Update",
            "PermissionsApiEnabled",
            "false",
        );
        table.copy(
            "Name",
            "Account_Merge",
            &[("Id", "0PS7R000000ZZZ1"), ("Name", "Brand_New")],
        );
    });
    edit(&sandbox, "PermissionSetGroup", |table| {
        table.set("DeveloperName", "Sales_Core", "Status", "Updating");
    });
    edit(&sandbox, "PermissionSetGroupComponent", |table| {
        table.drop("Id", "0PH7R000000PrCFWA0");
    });
    edit(&sandbox, "Settings", |table| {
        let key = table.rows[0][0].clone();
        table.set("key", &key, "value", "something else");
    });
    let run = diff(&sandbox, &["--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let found = changes(&run);
    for expected in [
        "UserLicense changed Salesforce TotalLicenses: 220 -> 150",
        "UserLicense changed Chatter Free Status: Active -> Disabled",
        "PermissionSetLicense changed FieldServiceMobilePsl ExpirationDate: 2028-03-31 -> 2026-12-31",
        "PermissionSetLicense changed FieldServiceDispatcherPsl TotalLicenses: 6 -> 5",
        "Profile renamed Standard Person Name: Standard User -> Standard Person",
        "Profile relicensed Brackenford Sales UserLicense: Salesforce (SFDC) -> Salesforce Platform (AUL)",
        "UserRole changed Commercial Director ParentRole: Managing Director -> Operations Director",
        "UserRole changed Operations Director PortalType: None -> Partner",
        "PermissionSet added Brand_New -: - -> -",
        "PermissionSet relicensed Account_Merge License: (none) -> Salesforce Platform (AUL)",
        "PermissionSet changed Bulk_Record_Update Permissions: ApiEnabled -> -",
        "PermissionSet changed Bulk_Record_Update Permissions: - -> ManageUsers",
        "PermissionSetGroup changed Sales_Core Status: Updated -> Updating",
        "PermissionSetGroup changed Sales_Core Members: Price_Book_Reader -> -",
    ] {
        assert!(
            found.iter().any(|one| one == expected),
            "{expected} is not in {found:#?}"
        );
    }
    assert!(
        found
            .iter()
            .any(|one| one.starts_with("Settings changed ") && one.ends_with("-> something else"))
    );
    assert_eq!(found.len(), 15, "{found:#?}");
    let report = run.report();
    assert_eq!(report["schema"], "sfcompat-diff/1");
    assert_eq!(report["matched_by"], "id");
    assert_eq!(report["not_compared"].as_array().map(Vec::len), Some(0));
    assert_eq!(
        report["summary"]["changes"]["PermissionSet"]["relicensed"],
        1
    );
    assert_eq!(report["summary"]["changes"]["PermissionSet"]["changed"], 1);
    // The other way round, what was added is removed.
    let back = sandbox.run(&["diff", "new", "old", "--format", "json"]);
    assert!(
        changes(&back)
            .iter()
            .any(|one| one == "PermissionSet removed Brand_New -: - -> -")
    );
    assert_eq!(
        back.report()["summary"]["cells"]["better"],
        report["summary"]["cells"]["worse"]
    );
}

#[test]
fn every_kind_of_change_of_a_user() {
    let sandbox = two();
    edit(&sandbox, "User", |table| {
        let user = |name: &str| format!("{name}@brackenford.example");
        table.set("Username", &user("tess.ingleby"), "IsActive", "false");
        table.set(
            "Username",
            &user("cormac.shaftoe"),
            "ProfileId",
            "00e7R000000SDjXQAW",
        );
        table.set("Username", &user("petra.pallister"), "UserRoleId", "");
        table.set(
            "Username",
            &user("petra.pallister"),
            "Username",
            &user("petra.hale"),
        );
        table.copy(
            "Username",
            &user("tess.ingleby"),
            &[
                ("Id", "0057R000000ZZZ9QAO"),
                ("Username", "new@brackenford.example"),
            ],
        );
        table.rows.swap(1, 5);
    });
    edit(&sandbox, "PermissionSetAssignment", |table| {
        table.drop("Id", "0Pa7R000000RMwgSAG");
    });
    edit(&sandbox, "PermissionSetLicenseAssign", |table| {
        let assignee = table.column("AssigneeId");
        let place = table.rows.len() - 1;
        table.rows[place][assignee] = "0057R000000BQAnQAO".to_owned();
    });
    let run = diff(&sandbox, &["--format", "json"]);
    let found: Vec<String> = changes(&run)
        .into_iter()
        .filter(|change| change.starts_with("User "))
        .collect();
    for expected in [
        "User changed tess.ingleby@brackenford.example IsActive: true -> false",
        "User changed tess.ingleby@brackenford.example PermissionSets: Report_Subscriber -> -",
        "User changed cormac.shaftoe@brackenford.example Profile: Brackenford Sales Manager -> Standard User",
        "User renamed petra.hale@brackenford.example Username: petra.pallister@brackenford.example -> petra.hale@brackenford.example",
        "User changed petra.hale@brackenford.example UserRole: Operations Director -> -",
        "User added new@brackenford.example -: - -> profile Standard User",
    ] {
        assert!(
            found.iter().any(|one| one == expected),
            "{expected} is not in {found:#?}"
        );
    }
    let psls: Vec<&String> = found
        .iter()
        .filter(|one| one.contains("PermissionSetLicenses"))
        .collect();
    assert_eq!(psls.len(), 2, "{found:#?}");
    assert_eq!(found.len(), 8, "{found:#?}");
    // Who is gone comes last.
    let back = sandbox.run(&["diff", "new", "old", "--format", "json"]);
    let last = changes(&back).pop().expect("a change");
    assert_eq!(
        last,
        "User removed new@brackenford.example -: profile Standard User -> -"
    );
}

#[test]
fn verdicts_flip_in_the_matrix_and_in_rows() {
    let sandbox = two();
    sandbox.write(
        "assign.csv",
        "username,email,lastName,alias,profile,permissionSets\nann@x.example,ann@x.example,Ann,ann,Standard User,Account_Merge\nbob@x.example,bob@x.example,Bob,bob,Brackenford Sales,\n",
    );
    edit(&sandbox, "PermissionSet", |table| {
        table.set("Name", "Account_Merge", "LicenseId", "1007R000000GIJuQAO");
    });
    let run = diff(&sandbox, &["--inputs", "assign.csv", "--fail-on", "worse"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(
        run.reason(),
        "sfcompat: exit 1: 1 difference, 16 verdicts got worse, 1 error appeared"
    );
    for line in [
        "  relicensed Account_Merge (0PS7R0000009IxzWAE): License (none) -> Salesforce Platform (AUL)",
        "  worse: permission-set Account_Merge with Salesforce (SFDC): allowed -> denied: bound to the license Salesforce Platform (AUL) (PermissionSet.LicenseId)",
        "Verdicts of 2 rows: 1 worse, 0 better",
        "  worse: assign.csv row 1: compatible -> incompatible",
    ] {
        assert!(
            run.stdout.lines().any(|own| own == line),
            "{line}\nis not in\n{}",
            run.stdout
        );
    }
    assert!(
        run.stdout
            .contains("  appeared: assign.csv row 1: error[permission-set-license-mismatch] "),
        "{}",
        run.stdout
    );
    let json = diff(&sandbox, &["--inputs", "assign.csv", "-f", "json"]);
    assert_eq!(json.code, 0, "{}", json.stderr);
    let report = json.report();
    assert_eq!(report["rows"][0]["row"], 1);
    assert_eq!(report["rows"][0]["after"], "incompatible");
    assert_eq!(report["findings"][0]["appeared"], true);
    assert_eq!(
        report["findings"][0]["finding"]["rule"],
        "permission-set-license-mismatch"
    );
    assert_eq!(report["summary"]["rows"]["judged"], 2);
    // Backwards everything gets better, and that fails only for `any`.
    let back = |fail_on| {
        sandbox.run(&[
            "diff",
            "new",
            "old",
            "--inputs",
            "assign.csv",
            "--fail-on",
            fail_on,
        ])
    };
    assert_eq!(
        back("worse").code,
        1,
        "cells of other licenses get worse the other way"
    );
    assert_eq!(back("any").code, 1);
    assert_eq!(back("never").code, 0);
}

/// A seat shortage is told once: which row is the first that fails is no part of it.
#[test]
fn findings_that_are_given_once_per_cause_do_not_move() {
    let sandbox = two();
    edit(&sandbox, "UserLicense", |table| {
        table.set("LicenseDefinitionKey", "SFDC", "TotalLicenses", "158");
    });
    let mut rows = String::from("username,email,lastName,alias,profile\n");
    for n in 0..70 {
        let line = format!("u{n}@x.example,u{n}@x.example,U{n},u{n},Standard User\n");
        rows.push_str(&line);
    }
    sandbox.write("many.csv", rows);
    let first = diff(&sandbox, &["--inputs", "many.csv", "-f", "json"]).report();
    // Both are short: only the rows differ.
    let rules: Vec<&str> = first["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|change| change["finding"]["rule"].as_str())
        .collect();
    assert!(!rules.contains(&"license-seats"), "{rules:?}");
}

#[test]
fn what_only_one_tells_is_named_and_fails_a_gate() {
    let sandbox = two();
    std::fs::remove_file(sandbox.path("new/UserRole.csv")).expect("removed");
    edit(&sandbox, "Profile", |table| {
        let column = table.column("UserType");
        table.header[column] = "SomethingElse".to_owned();
    });
    let run = diff(&sandbox, &["-f", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.report();
    let notes = report["not_compared"].to_string();
    assert!(
        notes.contains(r#"{"reason":"only OLD tells it","what":"UserRole"}"#),
        "{notes}"
    );
    assert!(notes.contains(r#""what":"Profile.UserType""#), "{notes}");
    assert!(
        report["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .all(|change| change["object"] != "UserRole")
    );
    let gate = diff(&sandbox, &["--fail-on", "any"]);
    assert!(gate.code == 5 || gate.code == 1, "{}", gate.stderr);
    edit(&sandbox, "Profile", |table| {
        let column = table.column("SomethingElse");
        table.header[column] = "UserType".to_owned();
    });
    let gate = diff(&sandbox, &["--fail-on", "worse"]);
    assert_eq!(gate.code, 5, "{}", gate.stderr);
    assert!(
        gate.reason().contains("could not be compared"),
        "{}",
        gate.stderr
    );
}

#[test]
fn two_orgs_are_compared_by_name() {
    let sandbox = two();
    edit(&sandbox, "Organization", |table| {
        let id = table.rows[0][table.column("Id")].clone();
        table.set("Id", &id, "Id", "00D7R000000ZZZ1");
    });
    edit(&sandbox, "Profile", |table| {
        table.set("Name", "Standard User", "Name", "Standard Person");
    });
    let run = diff(&sandbox, &["-f", "json"]);
    assert_eq!(run.report()["matched_by"], "name-of-two-orgs");
    let found = changes(&run);
    assert!(
        found.contains(&"Profile added Standard Person -: - -> -".to_owned()),
        "{found:#?}"
    );
    assert!(
        found.contains(&"Profile removed Standard User -: - -> -".to_owned()),
        "{found:#?}"
    );
}

const PROJECT: &str = r#"{"packageDirectories":[{"path":"force-app"}]}"#;

fn set(label: &str, license: &str, permission: &str) -> String {
    format!(
        "<PermissionSet><label>{label}</label><license>{license}</license><userPermissions><enabled>true</enabled><name>{permission}</name></userPermissions></PermissionSet>"
    )
}

#[test]
fn two_states_of_a_project() {
    let sandbox = Sandbox::new();
    let file = "force-app/main/default/permissionsets/Sales.permissionset-meta.xml";
    for (state, license, permission) in [
        ("before", "Salesforce", "ApiEnabled"),
        ("after", "Salesforce Platform", "ViewSetup"),
    ] {
        sandbox.write(&format!("{state}/sfdx-project.json"), PROJECT);
        sandbox.write(
            &format!("{state}/{file}"),
            set("Sales", license, permission),
        );
        for profile in ["Admin", "StandardAul"] {
            sandbox.write(
                &format!("{state}/force-app/main/default/profiles/{profile}.profile-meta.xml"),
                "<Profile><custom>false</custom></Profile>",
            );
        }
    }
    sandbox.write(
        "after/force-app/main/default/roles/Rep.role-meta.xml",
        "<Role><name>Rep</name></Role>",
    );
    let run = sandbox.run(&["diff", "before", "after", "-f", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        changes(&run),
        [
            "PermissionSet relicensed Sales License: Salesforce (SFDC) -> Salesforce Platform (AUL)",
            "PermissionSet changed Sales Permissions: ApiEnabled -> -",
            "PermissionSet changed Sales Permissions: - -> ViewSetup",
        ]
    );
    let report = run.report();
    assert_eq!(report["matched_by"], "name-of-metadata");
    assert_eq!(report["cells"].as_array().map(Vec::len), Some(2));
    assert!(!run.stdout.contains("zzz0"), "a made-up id is shown");
    // A project against the org: what the project lacks is no removal.
    copy_folder(&sample_data().join("org"), &sandbox.path("org"));
    let against = sandbox.run(&["diff", "org", "after", "-f", "json"]);
    assert_eq!(against.code, 0, "{}", against.stderr);
    let found = changes(&against);
    assert!(
        !found.iter().any(|change| change.contains(" removed ")),
        "{found:#?}"
    );
    assert!(
        found.contains(&"PermissionSet added Sales -: - -> -".to_owned()),
        "{found:#?}"
    );
    let notes = against.report()["not_compared"].to_string();
    assert!(
        notes.contains("not in the metadata project of NEW"),
        "{notes}"
    );
    assert!(notes.contains(r#""what":"User""#), "{notes}");
}

#[test]
fn hostile_and_wrong_input() {
    let sandbox = two();
    sandbox.write(
        "assign.csv",
        "username,profile\na@x.example,Standard User\n",
    );
    let stdin = diff(&sandbox, &["--inputs", "-"]);
    assert_eq!(stdin.code, 2);
    assert!(stdin.reason().contains("stdin"), "{}", stdin.stderr);
    let gone = sandbox.run(&["diff", "old", "gone"]);
    assert_eq!(
        (gone.code, gone.reason()),
        (3, "sfcompat: exit 3: snapshot gone: gone is not a folder")
    );
    assert_eq!(diff(&sandbox, &["--inputs", "gone.csv"]).code, 3);
    sandbox.write("empty/readme.txt", "nothing");
    let empty = sandbox.run(&["diff", "old", "empty"]);
    assert_eq!(empty.code, 3);
    assert!(
        empty.reason().contains("holds no metadata"),
        "{}",
        empty.stderr
    );
    // Names can hold anything: they stay text.
    let hostile = "=cmd|' /C calc'!A0\u{1b}[31m <b>|x|";
    edit(&sandbox, "Profile", |table| {
        table.set("Name", "Standard User", "Name", hostile);
    });
    let csv = diff(&sandbox, &["-f", "csv"]);
    assert!(csv.stdout.contains("\"'=cmd|"), "{}", csv.stdout);
    for format in ["table", "markdown"] {
        let run = diff(&sandbox, &["-f", format]);
        assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
    }
    assert!(!diff(&sandbox, &["-f", "markdown"]).stdout.contains("<b>"));
    let closed = sandbox.run_closed(&["diff", "old", "new", "-f", "json"]);
    assert_eq!(closed.code, 141);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let sandbox = two();
    edit(&sandbox, "UserLicense", |table| {
        table.set("LicenseDefinitionKey", "SFDC", "TotalLicenses", "150");
    });
    let input = sample_data().join("assignments.csv");
    let run = |threads: &str| {
        let input = input.to_str().expect("a path of our own");
        diff(
            &sandbox,
            &["--inputs", input, "-f", "csv", "--threads", threads],
        )
        .stdout
    };
    let one = run("1");
    assert!(one.lines().count() > 5, "{one}");
    assert_eq!(run("2"), one);
    assert_eq!(run("5"), one);
}
