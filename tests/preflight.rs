//! `sfcompat preflight` as an administrator meets it: a checklist, findings, exit codes, bad input.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::Value;
use support::{Run, Sandbox};

const OKTA: &str = "okta.provisioning@brackenford.example";

fn preflight(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let command = ["preflight", "--snapshot", "org", "--format", "json"];
    sandbox.run(&[&command, arguments].concat())
}

/// `RESULT RULE CHECK` of every line of the checklist.
fn checks(run: &Run) -> Vec<String> {
    let report = run.report();
    let lines = report["checklist"].as_array().expect("a checklist");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    lines
        .iter()
        .map(|line| {
            let [result, rule, check] = ["result", "rule", "check"].map(|key| text(&line[key]));
            format!("{result} {rule} {check}")
        })
        .collect()
}

/// Results of the lines of a rule.
fn results(run: &Run, rule: &str) -> Vec<String> {
    let all = checks(run);
    let own = all
        .iter()
        .filter(|line| line.split(' ').nth(1) == Some(rule));
    own.map(|line| line.split(' ').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_sound_integration_user_passes_every_check() {
    let sandbox = Sandbox::with_org();
    let run = preflight(&sandbox, &["--integration-user", OKTA]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let all = checks(&run);
    let own: Vec<&String> = all
        .iter()
        .filter(|line| line.contains(" api-user-"))
        .collect();
    assert!(own.len() > 20, "{own:?}");
    assert!(own.iter().all(|line| line.starts_with("pass ")), "{own:?}");
    // The file has no row and the app no file: what concerns them cannot be told, and changes no code.
    assert_eq!(results(&run, "okta-instance-type"), ["cannot-tell"]);
    assert!(
        all.contains(&String::from("pass - State and country picklists")),
        "{all:?}"
    );
}

#[test]
fn implied_permissions_are_told_one_by_one() {
    let sandbox = Sandbox::with_org();
    let path = sandbox.path("org/Profile.csv");
    let text = std::fs::read_to_string(&path).expect("profiles");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|one| one == name).expect("there");
    let mut writer = csv::Writer::from_path(&path).expect("writable");
    writer.write_record(&header).expect("written");
    for record in reader.records() {
        let mut cells: Vec<String> = record.expect("read").iter().map(str::to_owned).collect();
        if cells[column("Name")] == "Okta Provisioning" {
            cells[column("PermissionsManageRoles")] = String::from("false");
        }
        writer.write_record(&cells).expect("written");
    }
    writer.flush().expect("written");
    drop(writer);
    let run = preflight(&sandbox, &["--integration-user", OKTA]);
    let lines = checks(&run);
    let held = |line: &str| lines.contains(&String::from(line));
    assert!(
        held("fail api-user-implied-perms Manage Roles"),
        "{lines:?}"
    );
    assert!(
        held("pass api-user-implied-perms View All Users"),
        "{lines:?}"
    );
    assert_eq!(run.code, 0, "a warning: {}", run.stderr);
}

#[test]
fn what_a_missing_file_would_tell_is_incomplete_evidence() {
    let sandbox = Sandbox::with_org();
    std::fs::remove_file(sandbox.path("org/PermissionSetAssignment.csv")).expect("removed");
    // By its profile alone the user lacks Manage Users: a permission set may give it.
    let run = preflight(
        &sandbox,
        &["--integration-user", "tess.ingleby@brackenford.example"],
    );
    assert_eq!(results(&run, "api-user-manage-users"), ["cannot-tell"]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    // An optional file changes no code.
    let sandbox = Sandbox::with_org();
    std::fs::remove_file(sandbox.path("org/UserLogin.csv")).expect("removed");
    let run = preflight(&sandbox, &["--integration-user", OKTA]);
    assert_eq!(results(&run, "api-user-frozen"), ["cannot-tell"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let coverage = run.report()["coverage"].to_string();
    assert!(coverage.contains("UserLogin.IsFrozen"), "{coverage}");
}

#[test]
fn the_option_comes_before_the_configuration_and_that_before_who_pulled() {
    let sandbox = Sandbox::with_org();
    let found = |run: &Run| {
        let report = run.report();
        let lines = report["checklist"].as_array().expect("a checklist").clone();
        let line = lines
            .into_iter()
            .find(|line| line["rule"] == "api-user-not-found");
        line.expect("the check")["detail"]
            .as_str()
            .expect("text")
            .to_owned()
    };
    assert_eq!(
        found(&preflight(&sandbox, &[])),
        "no integration user is named"
    );
    sandbox.write(
        "org/manifest.json",
        r#"{"user":{"username":"dwh.loader@brackenford.example"}}"#,
    );
    assert!(found(&preflight(&sandbox, &[])).starts_with("dwh.loader@"));
    let tess = "[integration_user]\nusername = \"tess.ingleby@brackenford.example\"\n";
    sandbox.write("sfcompat.toml", tess);
    assert!(found(&preflight(&sandbox, &[])).starts_with("tess.ingleby@"));
    let run = preflight(&sandbox, &["--integration-user", OKTA]);
    assert!(found(&run).starts_with(OKTA));
}

#[test]
fn every_format_shows_the_checklist() {
    let sandbox = Sandbox::with_org();
    for (format, part) in [
        (
            "table",
            "  pass         It is active: User.IsActive is true",
        ),
        (
            "markdown",
            "| pass | It is active | User.IsActive is true |",
        ),
        ("csv", "\"api-user-inactive\",\"\",\"pass\","),
        ("jsonl", "\"result\":\"pass\""),
    ] {
        let run = sandbox.run(&[
            "preflight",
            "--snapshot",
            "org",
            "--integration-user",
            OKTA,
            "--format",
            format,
        ]);
        assert!(run.stdout.contains(part), "{format}: {}", run.stdout);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
}

#[test]
fn the_reader_is_told_what_each_missing_right_costs() {
    let sandbox = Sandbox::with_org();
    sandbox.write(
        "org/manifest.json",
        r#"{"user":"dwh.loader@brackenford.example"}"#,
    );
    let run = preflight(&sandbox, &["--reader", "--integration-user", OKTA]);
    let all = checks(&run);
    let held = |line: &str| all.contains(&String::from(line));
    assert!(held("pass - The reader has API Enabled"), "{all:?}");
    assert!(
        held("fail - The reader has View Setup and Configuration"),
        "{all:?}"
    );
    let report = run.report().to_string();
    assert!(
        report.contains("role-type-mismatch cannot decide")
            || report.contains("rules cannot decide")
    );
    // What the reader lacks is no fault of the push.
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn a_file_that_is_no_app_ends_with_3_and_says_why() {
    let sandbox = Sandbox::with_org();
    for (text, part) in [
        ("{", "no JSON"),
        ("[]", "a list of"),
        (
            r#"{"errorSummary":"Not found: Resource not found"}"#,
            "Not found",
        ),
    ] {
        sandbox.write("app.json", text);
        let run = preflight(&sandbox, &["--okta-app", "app.json"]);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.reason().contains(part), "{}", run.reason());
    }
    let run = preflight(&sandbox, &["--okta-app", "absent.json"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
}

#[test]
fn a_user_who_is_not_there_is_a_finding_and_no_usage_error() {
    let sandbox = Sandbox::with_org();
    let run = preflight(
        &sandbox,
        &["--integration-user", "nobody@brackenford.example"],
    );
    assert!(
        run.findings()
            .contains(&String::from("-: api-user-not-found"))
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(results(&run, "api-user-inactive"), ["cannot-tell"]);
}

#[test]
fn a_check_that_passes_is_no_line_of_coverage() {
    let sandbox = Sandbox::with_org();
    sandbox.write(
        "app.json",
        r#"{"name":"salesforce","label":"Salesforce","status":"ACTIVE","features":["OAUTH_INTEGRATION"]}"#,
    );
    let uncovered = |run: &Run| {
        let report = run.report();
        let lines = report["coverage"].as_array().expect("coverage").clone();
        lines
            .iter()
            .any(|line| line["rule"] == "api-user-password-expiry")
    };
    let named = ["--integration-user", OKTA];
    // How Okta logs in is not known, and neither is the password.
    let unknown = sandbox.path("org/User.csv");
    let users = std::fs::read_to_string(&unknown).expect("users");
    std::fs::write(
        &unknown,
        users
            .replacen("PasswordExpirationDate", "Gone_1", 1)
            .replacen("LastPasswordChangeDate", "Gone_2", 1),
    )
    .expect("written");
    for file in ["org/Profile.csv", "org/PermissionSet.csv"] {
        let path = sandbox.path(file);
        let text = std::fs::read_to_string(&path).expect("a table");
        std::fs::write(
            &path,
            text.replacen("PermissionsPasswordNeverExpires", "Gone_3", 1),
        )
        .expect("written");
    }
    let run = preflight(&sandbox, &named);
    assert_eq!(results(&run, "api-user-password-expiry"), ["cannot-tell"]);
    assert!(uncovered(&run));
    // With OAuth it does not matter.
    let run = preflight(
        &sandbox,
        &[&named[..], &["--okta-app", "app.json"]].concat(),
    );
    assert_eq!(results(&run, "api-user-password-expiry"), ["pass"]);
    assert!(!uncovered(&run), "{}", run.stdout);
}
