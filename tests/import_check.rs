//! `sfcompat import-check`: Salesforce as profile source, as an administrator meets it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use support::{Run, Sandbox};

const USERS: &str = "Id,Username,LastName,FirstName,Email,LocaleSidKey,TimeZoneSidKey\n\
    0051x0000000001,ann@acme.example,Lind,Ann,ann@acme.example,en_US,Europe/Berlin\n\
    0051x0000000002,ben@acme.example,Oye,,ben@acme.example,de_DE_EURO,Europe/Berlin\n\
    0051x0000000003,cy@acme.example,Rau,Cy,cy rau@acme.example,en_US,Moon/Base\n";

fn world() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("org/User.csv", USERS);
    sandbox
}

fn check(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["import-check", "--snapshot", "org"], arguments].concat())
}

#[test]
fn every_bad_value_of_every_user_is_told_at_once() {
    let run = check(&world(), &["--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(
        run.findings(),
        [
            "2:firstName import-required-missing",
            "2:locale import-locale-format",
            "3:email import-email-format",
            "3:timezone import-timezone-format",
        ]
    );
    let report = run.report();
    assert_eq!(report["schema"], "sfcompat-report/1");
    assert_eq!(report["inputs"][0]["kind"], "profile-source");
    assert_eq!(report["summary"]["rows"], 3);
    assert_eq!(report["summary"]["compatible"], 1);
    assert_eq!(report["findings"][1]["user"], "ben@acme.example");
    assert_eq!(
        report["findings"][1]["predicted"]["code"],
        "platform.cvd.profile.property.constraint.violation.localeFormat"
    );
    // What could not be compared is said, and is no failure.
    let coverage = report["coverage"].as_array().expect("a list");
    assert!(
        coverage
            .iter()
            .any(|line| line["rule"] == "import-login-taken")
    );
}

#[test]
fn the_table_speaks_of_okta_and_rules_of_pushes_keep_silent() {
    let run = check(&world(), &[]);
    assert!(
        run.stdout.contains("Okta will say: platform.cvd"),
        "{}",
        run.stdout
    );
    assert!(
        !run.stdout.contains("Salesforce will say"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("profile-missing"), "{}", run.stdout);
}

#[test]
fn a_check_of_assignments_never_speaks_of_imports() {
    let sandbox = Sandbox::with_org();
    sandbox.write(
        "a.csv",
        "username,profile\nann@new.example,Brackenford Sales\n",
    );
    let run = sandbox.run(&["check", "a.csv", "--snapshot", "org", "--format", "json"]);
    assert!(!run.stdout.contains("import-"), "{}", run.stdout);
}

#[test]
fn the_same_bytes_come_from_any_number_of_threads() {
    let sandbox = Sandbox::with_org();
    let bodies = ["1", "2", "5"].map(|threads| {
        let run = check(&sandbox, &["--format", "jsonl", "--threads", threads]);
        run.stdout
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[0], bodies[2]);
}

#[test]
fn what_cannot_be_used_is_one_clear_error() {
    let sandbox = world();
    sandbox.write("broken.json", "{\"definitions\": {");
    sandbox.write(
        "app.json",
        r#"{"definitions":{"base":{"properties":{"userName":{}}}}}"#,
    );
    sandbox.write("names.csv", "name\nAnn\n");
    for (arguments, code, part) in [
        (
            ["--okta-schema", "missing.json"],
            3,
            "missing.json: cannot be read",
        ),
        (["--okta-schema", "broken.json"], 3, "broken.json: line 1"),
        (["--okta-schema", "app.json"], 3, "schema of an app's users"),
        (["--okta-users", "names.csv"], 3, "no column login"),
        (
            ["--select", "import-no-such"],
            2,
            "no rule 'import-no-such'",
        ),
    ] {
        let run = check(&sandbox, &arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
        assert!(run.stdout.is_empty(), "{arguments:?}");
    }
    sandbox.write("sfcompat.toml", "[okta.import_map]\nAlias = \"shoeSize\"\n");
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.reason().contains("no attribute shoeSize"),
        "{}",
        run.stderr
    );
    let empty = Sandbox::new();
    empty.write("org/Profile.csv", "Id,Name\n");
    assert_eq!(check(&empty, &[]).code, 3);
}

#[test]
fn a_list_of_logins_alone_accuses_nobody() {
    let sandbox = world();
    sandbox.write("logins.csv", "login\nann@acme.example\n");
    sandbox.write(
        "users.csv",
        "login,email\nann@acme.example,other@acme.example\n",
    );
    let told = |file: &str| {
        let arguments = [
            "--okta-users",
            file,
            "--select",
            "import-login-taken",
            "--format",
            "json",
        ];
        let report = check(&sandbox, &arguments).report();
        let finding = report["findings"][0].clone();
        (
            finding["severity"].as_str().unwrap_or_default().to_owned(),
            finding["predicted"]["okta"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    // An import is no push to Salesforce.
    let text = "login: An object with this field already exists in the current organization";
    assert_eq!(told("logins.csv"), ("warning".into(), text.into()));
    assert_eq!(told("users.csv"), ("error".into(), text.into()));
}
