//! Files of Okta as administrators have them: named in the configuration, cut, nested without end, far too large.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use support::{Sandbox, sample_data};

fn world() -> Sandbox {
    let sandbox = Sandbox::with_org();
    for entry in std::fs::read_dir(sample_data().join("okta")).expect("sample data") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        sandbox.write(
            &format!("okta/{name}"),
            std::fs::read(&path).expect("a file"),
        );
    }
    sandbox
}

/// Every way in which a command takes a file of Okta.
const WAYS: [(&str, &[&str]); 9] = [
    ("app-users.json", &["check", "FILE"]),
    ("groups.json", &["check", "FILE"]),
    ("mapping.json", &["check", "FILE"]),
    (
        "app.json",
        &["check", "okta/app-users.json", "--okta-app", "FILE"],
    ),
    (
        "schema.json",
        &["check", "okta/app-users.json", "--okta-schema", "FILE"],
    ),
    ("app.json", &["preflight", "--okta-app", "FILE"]),
    ("schema.json", &["preflight", "--okta-schema", "FILE"]),
    (
        "user-schema.json",
        &["import-check", "--okta-schema", "FILE"],
    ),
    ("users.json", &["import-check", "--okta-users", "FILE"]),
];

fn refused(sandbox: &Sandbox, way: &[&str], file: &str) -> String {
    let mut typed: Vec<&str> = way
        .iter()
        .map(|word| if *word == "FILE" { file } else { word })
        .collect();
    typed.extend(["--snapshot", "org"]);
    let run = sandbox.run(&typed);
    assert_eq!(run.code, 3, "{typed:?}: {}", run.stderr);
    assert_eq!(run.stdout, "", "{typed:?}");
    assert!(run.reason().contains(file), "{typed:?}: {}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1, "{typed:?}: {}", run.stderr);
    run.stderr
}

#[test]
fn half_an_export_is_one_clear_error() {
    let sandbox = world();
    for (name, way) in WAYS {
        let whole = std::fs::read(sandbox.path(&format!("okta/{name}"))).expect("a file");
        let half = format!("half-{name}");
        sandbox.write(&half, &whole[..whole.len() / 2]);
        let said = refused(&sandbox, way, &half);
        // Half a mapping does not say yet that it is one.
        let told = said.contains("line ") || said.contains("unknown shape");
        assert!(told, "{name}: {said}");
    }
}

#[test]
fn json_that_is_nested_without_end_is_one_clear_error() {
    let sandbox = world();
    let deep = |start: &str, open: &str| format!("{start}{}", open.repeat(200_000));
    for (name, way) in WAYS {
        let start = match name {
            "app-users.json" => {
                r#"[{"credentials":{"userName":"a@b.example"},"profile":{"profile":"#
            }
            "groups.json" => r#"[{"id":"00g1","priority":0,"profile":{"profile":"#,
            "mapping.json" => r#"{"properties":{"profile":{"expression":"#,
            "users.json" => r#"[{"profile":{"login":"a@b.example"},"x":"#,
            _ => {
                r#"{"label":"x","status":"ACTIVE","features":[],"definitions":{"base":{"properties":{"a":{"items":"#
            }
        };
        for open in ["[", "{\"a\":", "{\"items\":"] {
            let file = format!("deep-{name}");
            sandbox.write(&file, deep(start, open));
            refused(&sandbox, way, &file);
        }
    }
}

#[test]
fn a_file_that_cannot_be_an_app_or_a_schema_is_not_read_to_its_end() {
    let sandbox = world();
    // A file with a hole: large, and no bytes on the disk.
    sandbox.write("huge.json", "{");
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(sandbox.path("huge.json"))
        .expect("a file");
    file.set_len(3 << 30).expect("a size");
    for (name, way) in WAYS {
        if ["app.json", "schema.json", "user-schema.json"].contains(&name) {
            let said = refused(&sandbox, way, "huge.json");
            assert!(said.contains("larger than 64 MiB"), "{said}");
        }
    }
}

#[test]
fn the_configuration_names_the_files_of_okta() {
    let sandbox = world();
    sandbox.write(
        "sfcompat.toml",
        "[okta]\napp = \"okta/app.json\"\ngroups = \"okta/groups.json\"\nschema = \"okta/schema.json\"\n",
    );
    sandbox.write(
        "a.csv",
        "username,profile,public_groups\nnew@brackenford.example,Brackenford Production,x\n",
    );
    let check = |more: &[&str]| {
        let typed = [
            &["check", "a.csv", "--snapshot", "org", "--format", "json"],
            more,
        ]
        .concat();
        sandbox.run(&typed).findings()
    };
    let found = check(&[]);
    assert!(
        found.contains(&String::from("1:profile okta-schema-drift")),
        "{found:?}"
    );
    assert!(
        found.contains(&String::from("1:publicGroups okta-attribute-absent")),
        "{found:?}"
    );
    assert!(
        !check(&["--no-config"])
            .iter()
            .any(|line| line.contains("okta-"))
    );
    // Members are held against the groups of the configuration.
    let run = sandbox.run(&[
        "check",
        "a.csv",
        "--members",
        "okta/members.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ]);
    let report = run.report();
    let kinds: Vec<&str> = report["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| input["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["assignments", "okta-groups-json", "members"]);
    let preflight = sandbox.run(&["preflight", "--snapshot", "org", "--format", "json"]);
    assert!(
        preflight.stdout.contains("okta-schema-drift"),
        "{}",
        preflight.stderr
    );
    assert!(
        preflight.stdout.contains("Brackenford Production"),
        "{}",
        preflight.stdout
    );
    // The schema of an app is not the one of an import check: that lies beside it.
    let import = sandbox.run(&["import-check", "--snapshot", "org", "--format", "json"]);
    assert!(
        import.stdout.contains("user-schema.json"),
        "{}",
        import.stderr
    );
    std::fs::remove_file(sandbox.path("okta/user-schema.json")).expect("removed");
    let import = sandbox.run(&["import-check", "--snapshot", "org", "--format", "json"]);
    assert!(
        import.stdout.contains("base user schema"),
        "{}",
        import.stderr
    );
}

#[test]
fn pushes_that_failed_are_told_with_the_file() {
    let sandbox = world();
    let text = std::fs::read_to_string(sandbox.path("okta/app-users.json")).expect("a file");
    sandbox.write("users.json", text.replacen("SYNCHRONIZED", "ERROR", 2));
    let run = sandbox.run(&["check", "users.json", "--snapshot", "org"]);
    assert!(
        run.stderr.contains("users.json: the last push of 2 of its users failed (syncState ERROR; the first is 'ines.kuijper@brackenford.example'"),
        "{}",
        run.stderr
    );
    let quiet = sandbox.run(&["check", "okta/app-users.json", "--snapshot", "org"]);
    assert!(
        !quiet.stderr.contains("sfcompat: warning"),
        "{}",
        quiet.stderr
    );
}

#[test]
fn users_that_salesforce_made_for_itself_are_warnings_of_an_import() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "org/User.csv",
        "Id,Username,LastName,FirstName,Email,UserType\n\
         0051x0000000001,guest@acme.example,Site Guest,,web@acme.example,Guest\n\
         0051x0000000002,auto@acme.example,Automated Process,,auto@acme.example,AutomatedProcess\n\
         0051x0000000003,ann@acme.example,Lind,,ann@acme.example,Standard\n",
    );
    let run = sandbox.run(&["import-check", "--snapshot", "org", "--format", "json"]);
    let report = run.report();
    let severities: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| finding["severity"].as_str().expect("a severity"))
        .collect();
    assert_eq!(
        severities,
        ["warning", "warning", "error"],
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("whether Okta imports such users is not documented")
    );
}
