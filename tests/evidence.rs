//! What the run says of its own evidence: counts that do not reconcile, and gaps of the pull.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use support::Sandbox;

const INPUT: &str = "username,profile\nnew.seller@brackenford.example,Brackenford Sales\n";

/// A run over one new user of the license Salesforce, with a manifest like this.
fn check(sandbox: &Sandbox, manifest: &str) -> support::Run {
    sandbox.write("input.csv", INPUT);
    if !manifest.is_empty() {
        sandbox.write("org/manifest.json", manifest);
    }
    sandbox.run(&[
        "check",
        "input.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ])
}

/// Changes what the org says of the license Salesforce, of which 157 active users are in the snapshot.
fn seats(sandbox: &Sandbox, total: u32, used: u32) {
    let path = sandbox.path("org/UserLicense.csv");
    let text = std::fs::read_to_string(&path).expect("the licenses");
    let changed = text.replace(",Active,220,157,", &format!(",Active,{total},{used},"));
    assert_ne!(
        (total, used) == (220, 157),
        changed != text,
        "the line is there"
    );
    std::fs::write(path, changed).expect("written");
}

fn severity(run: &support::Run, rule: &str) -> Option<String> {
    let report = run.report();
    let findings = report["findings"].as_array().expect("findings");
    let found = findings.iter().find(|finding| finding["rule"] == rule)?;
    Some(found["severity"].as_str().expect("a severity").to_owned())
}

#[test]
fn a_count_of_the_pull_that_differs_is_incomplete_evidence() {
    let sandbox = Sandbox::with_org();
    let run = check(
        &sandbox,
        r#"{"objects":{"UserRole":{"count":62},"Profile":{"count":51}}}"#,
    );
    assert_eq!(severity(&run, "counts-differ").as_deref(), Some("warning"));
    assert_eq!(run.code, 5, "{}", run.stderr);

    let run = check(
        &sandbox,
        r#"{"objects":{"UserRole":{"count":61},"Profile":{"count":51}}}"#,
    );
    assert_eq!(severity(&run, "counts-differ"), None);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn used_licenses_that_lag_matter_only_where_a_verdict_hangs_on_them() {
    let sandbox = Sandbox::with_org();
    seats(&sandbox, 220, 160);
    let run = check(&sandbox, "");
    assert_eq!(severity(&run, "counts-differ").as_deref(), Some("notice"));
    assert_eq!(run.code, 0, "{}", run.stderr);

    let sandbox = Sandbox::with_org();
    seats(&sandbox, 158, 158);
    let run = check(&sandbox, "");
    assert_eq!(severity(&run, "counts-differ").as_deref(), Some("warning"));
    assert_eq!(run.code, 5, "{}", run.stderr);
}

#[test]
fn gaps_of_the_pull_are_told_with_the_rules_that_they_concern() {
    let sandbox = Sandbox::with_org();
    let manifest = r#"{"objects":{"Settings":{"coverage":"absent"},"UserRole":{"coverage":"absent","reason":"the reader lacks View Roles"}}}"#;
    let run = check(&sandbox, manifest);
    let report = run.report();
    let findings = report["findings"].as_array().expect("findings");
    let found = findings
        .iter()
        .find(|finding| finding["rule"] == "snapshot-incomplete")
        .expect("the finding");
    let reason = found["reason"][0].as_str().expect("a reason");
    assert!(reason.contains("the reader lacks View Roles"), "{reason}");
    assert!(reason.contains("role-type-mismatch"), "{reason}");
    // What is optional is no gap.
    assert_eq!(found["reason"].as_array().expect("reasons").len(), 1);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn a_missing_fact_that_no_row_is_about_is_not_spoken_of() {
    let sandbox = Sandbox::with_org();
    std::fs::remove_file(sandbox.path("org/PermissionSetLicense.csv")).expect("removed");
    let run = check(&sandbox, "");
    assert_eq!(severity(&run, "snapshot-incomplete"), None);
    assert_eq!(run.code, 0, "{}", run.stderr);
}
