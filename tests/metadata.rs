//! `--metadata`: real projects of the Salesforce CLI and of the Metadata API, judged without a login.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::metadata::{Counts, Project};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::{Sandbox, shared};

const EBIKES: &str = "fixtures/metadata/WillieRuemmele__ebikes-lwc";
const MEMBERSHIP: &str = "fixtures/metadata/attain-ssg__MembershipSchemaAndBenefits";

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of our own")
}

#[test]
fn real_projects_are_read_as_a_whole() {
    let Some(ebikes) = shared(EBIKES) else {
        return;
    };
    let counts = |path: &PathBuf| Project::read(path).expect("a project").counts();
    let of_source = Counts {
        profiles: 36,
        permission_sets: 1,
        ..Counts::default()
    };
    assert_eq!(counts(&ebikes), of_source);
    // The same folder without its project file: everything below it.
    assert_eq!(counts(&ebikes.join("force-app")), of_source);
    assert_eq!(
        counts(&ebikes.join("guest-profile-metadata")),
        Counts {
            profiles: 1,
            ..Counts::default()
        }
    );
    let membership = shared(MEMBERSHIP).expect("beside the other");
    let found = counts(&membership);
    assert_eq!(
        (found.profiles, found.permission_sets, found.roles),
        (40, 1, 18)
    );
    assert_eq!(found.settings, 24);
}

#[test]
fn no_cell_denies_what_a_real_project_holds() {
    let Some(ebikes) = shared(EBIKES) else {
        return;
    };
    let sandbox = Sandbox::new();
    for path in [ebikes, shared(MEMBERSHIP).expect("beside the other")] {
        let run = sandbox.run(&[
            "matrix",
            "--metadata",
            text(&path),
            "--by",
            "profile",
            "-f",
            "json",
        ]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let document = run.report();
        let profiles = document["profiles"].as_array().expect("profiles");
        assert!(profiles.len() >= 36);
        for profile in profiles {
            // Metadata has no record ids, so none is shown.
            assert!(
                profile["id"].is_null() && profile["license_id"].is_null(),
                "{profile}"
            );
        }
        let licenses: BTreeMap<&str, &serde_json::Value> = document["licenses"]
            .as_array()
            .expect("licenses")
            .iter()
            .map(|license| (license["name"].as_str().expect("a name"), &license["key"]))
            .collect();
        assert_eq!(licenses["Salesforce"], "SFDC");
        // Two licenses share this name, so it tells no key.
        assert!(licenses["High Volume Customer Portal"].is_null());
        // No profile of any license is told that a permission which its own file enables is denied.
        let run = sandbox.run(&[
            "matrix",
            "--metadata",
            text(&path),
            "--only",
            "permissions",
            "-f",
            "json",
        ]);
        let document = run.report();
        let cells = document["cells"].as_array().expect("cells");
        let allowed: usize = cells
            .iter()
            .filter(|cell| cell["verdict"] == "allowed")
            .count();
        assert!(allowed > 700, "{allowed}");
        assert!(!run.stdout.contains("zzz0"), "a made-up id is shown");
    }
}

/// What each profile file enables, by license.
#[test]
fn what_a_profile_enables_is_allowed_by_its_license() {
    let Some(path) = shared(MEMBERSHIP) else {
        return;
    };
    let sandbox = Sandbox::new();
    let run = sandbox.run(&[
        "matrix",
        "--metadata",
        text(&path),
        "--only",
        "permissions",
        "-f",
        "json",
    ]);
    let document = run.report();
    let mut verdicts: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for cell in document["cells"].as_array().expect("cells") {
        verdicts.insert(
            (
                cell["license"].as_str().expect("a license"),
                cell["item"].as_str().expect("an item"),
            ),
            cell["verdict"].as_str().expect("a verdict"),
        );
    }
    let profiles = path.join("force-app/main/default/profiles");
    let mut looked_at = 0;
    for entry in std::fs::read_dir(profiles).expect("profiles") {
        let file = std::fs::read_to_string(entry.expect("an entry").path()).expect("text");
        let between = |text: &str, from: &str, to: &str| {
            let start = text.find(from)? + from.len();
            let end = text[start..].find(to)? + start;
            Some(text[start..end].to_owned())
        };
        let license = between(&file, "<userLicense>", "<").expect("a license");
        for part in file.split("<userPermissions>").skip(1) {
            let enabled = between(part, "<enabled>", "<").expect("enabled");
            let name = between(part, "<name>", "<").expect("a name");
            if enabled == "true" {
                looked_at += 1;
                let verdict = verdicts.get(&(license.as_str(), name.as_str())).copied();
                assert_ne!(verdict, Some("denied"), "{name} of {license}");
                assert!(verdict.is_some(), "{name} of {license}");
            }
        }
    }
    assert!(looked_at > 500, "{looked_at}");
}

#[test]
fn a_mapping_is_judged_and_what_cannot_be_told_is_never_passed() {
    let Some(path) = shared(MEMBERSHIP) else {
        return;
    };
    let sandbox = Sandbox::new();
    sandbox.write(
        "map.csv",
        "group,priority,profile,role\nFine,1,Identity User,NO_ROLE\nFile,2,Admin,CEO\nNo role,3,Chatter Free User,CEO\nGone,4,Not In The Project,NO_ROLE\nId,5,00e7R000000SDu3,NO_ROLE\n",
    );
    let run = sandbox.run(&[
        "check",
        "map.csv",
        "--metadata",
        text(&path),
        "-f",
        "json",
        "--rows",
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.report();
    let verdicts: Vec<&str> = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["verdict"].as_str().expect("a verdict"))
        .collect();
    assert_eq!(
        verdicts[1..],
        ["incompatible", "incompatible", "undecided", "undecided"]
    );
    let found = run.findings();
    assert!(
        found.contains(&"2:profile profile-api-name".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"3:role role-not-allowed".to_owned()),
        "{found:?}"
    );
    assert!(
        !found
            .iter()
            .any(|finding| finding.ends_with("not-found") || finding.ends_with("id-unknown")),
        "{found:?}"
    );
    let coverage = report["coverage"].to_string();
    assert!(
        coverage.contains("the metadata project does not tell User"),
        "{coverage}"
    );
    assert!(
        coverage.contains("a profile that the metadata project does not hold"),
        "{coverage}"
    );
}

#[test]
fn users_and_seats_are_unknown_and_not_empty() {
    let Some(path) = shared(MEMBERSHIP) else {
        return;
    };
    let sandbox = Sandbox::new();
    sandbox.write(
        "one.csv",
        "username,email,lastName,alias,profile\na@x.example,a@x.example,A,a,Standard User\n",
    );
    let run = sandbox.run(&["check", "one.csv", "--metadata", text(&path), "-f", "json"]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert_eq!(run.report()["summary"]["undecided"], 1);
    let seats = sandbox.run(&["seats", "--metadata", text(&path), "-f", "json"]);
    assert_eq!(seats.code, 0, "{}", seats.stderr);
    for line in seats.report()["seats"].as_array().expect("seats") {
        assert!(line["total"].is_null() && line["used"].is_null(), "{line}");
    }
    let preflight = sandbox.run(&["preflight", "--metadata", text(&path), "-f", "json"]);
    let checks = preflight.report()["checklist"].to_string();
    assert!(
        checks.contains("external users have no site to log in to"),
        "{checks}"
    );
    let import = sandbox.run(&["import-check", "--metadata", text(&path)]);
    assert_eq!(import.code, 2);
    assert!(
        import.reason().contains("import-check is about users"),
        "{}",
        import.stderr
    );
}

#[test]
fn hostile_projects_end_with_one_clear_error() {
    let sandbox = Sandbox::new();
    let run = |name: &str| sandbox.run(&["matrix", "--metadata", name]);
    for (name, file, content, message) in [
        (
            "bomb",
            "profiles/A.profile",
            "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><Profile><custom>&lol2;</custom></Profile>",
            "metadata bomb: profiles/A.profile, line 1, column 1: a document type declaration, which no metadata file has",
        ),
        (
            "cut",
            "roles/A.role",
            "<Role>\n  <name>A</na",
            "metadata cut: roles/A.role, line 2, column 10: ",
        ),
        (
            "other",
            "roles/A.role",
            "<html/>",
            "metadata other: roles/A.role, line 1, column 1: <html> where <Role> is expected",
        ),
        (
            "none",
            "readme.txt",
            "nothing",
            "metadata none: none holds no metadata of profiles",
        ),
        (
            "dx",
            "sfdx-project.json",
            "{",
            "metadata dx: sfdx-project.json, line 1, column 1: EOF while parsing",
        ),
    ] {
        sandbox.write(&format!("{name}/{file}"), content);
        let run = run(name);
        assert_eq!(run.code, 3, "{name}: {}", run.stderr);
        assert!(
            run.reason()
                .starts_with(&format!("sfcompat: exit 3: {message}")),
            "{name}: {}",
            run.stderr
        );
        assert_eq!(run.stderr.lines().count(), 1, "{name}: {}", run.stderr);
    }
}

/// Metadata has no record ids: those that join its tables are made up, and nobody can send them.
#[test]
fn no_made_up_id_is_shown_where_a_name_fits_two() {
    let sandbox = Sandbox::new();
    for name in ["A", "B"] {
        for (file, kind, content) in [
            (format!("roles/{name}.role"), "Role", "<name>Twin</name>"),
            (
                format!("permissionsets/{name}.permissionset"),
                "PermissionSet",
                "<label>Twin</label>",
            ),
        ] {
            let content = format!("<{kind}>{content}</{kind}>");
            sandbox.write(&format!("project/{file}"), &content);
        }
    }
    for name in ["Admin", "System Administrator"] {
        sandbox.write(
            &format!("project/profiles/{name}.profile"),
            "<Profile><userLicense>Salesforce</userLicense></Profile>",
        );
    }
    sandbox.write(
        "in.csv",
        "username,profile,role,permissionSets\na@a.example,System Administrator,Twin,Twin\n",
    );
    let run = sandbox.run(&["check", "in.csv", "--metadata", "project", "-f", "json"]);
    let found = run.findings().join(", ");
    for rule in ["profile", "role", "permission-set"] {
        assert!(found.contains(&format!("{rule}-ambiguous")), "{found}");
    }
    assert!(run.stdout.contains("one has the API name 'A'"));
    assert!(!run.stdout.contains("zzz0"), "{}", run.stdout);
}
