//! Approval as a pipeline sees it: a plan is saved, the org changes, and `recheck` says what of it mattered.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    clippy::format_push_string,
    clippy::needless_for_each,
    clippy::semicolon_if_nothing_returned,
    clippy::type_complexity,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::Value;
use support::{Run, Sandbox};

const INPUT: &str = "username,email,lastName,alias,profile,permissionSets
new.seller@brackenford.example,new.seller@brackenford.example,Seller,nsell,Brackenford Sales,Campaign_Reader
ilse.maddox@brackenford.example,,,,Brackenford Sales,
";

fn world() -> Sandbox {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", INPUT);
    sandbox
}

fn save(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let common = [
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--save-plan",
        "plan.json",
    ];
    sandbox.run(&[&common, arguments].concat())
}

fn recheck(sandbox: &Sandbox, arguments: &[&str]) -> (Run, Value) {
    let common = [
        "recheck",
        "plan.json",
        "--snapshot",
        "org",
        "--format",
        "json",
    ];
    let run = sandbox.run(&[&common, arguments].concat());
    let answer = serde_json::from_str(&run.stdout).unwrap_or(Value::Null);
    (run, answer)
}

/// Messages of what has changed.
fn changes(answer: &Value) -> Vec<String> {
    let all = answer["changes"].as_array().expect("changes");
    all.iter()
        .map(|change| change["message"].as_str().expect("a text").to_owned())
        .collect()
}

/// Changes a text in a file of the org; it must be there.
fn change(sandbox: &Sandbox, file: &str, from: &str, to: &str) {
    let path = sandbox.path(&format!("org/{file}"));
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains(from), "{file} has no {from}");
    std::fs::write(&path, text.replace(from, to)).expect("written");
}

#[test]
fn nothing_is_said_where_nothing_that_mattered_has_changed() {
    let sandbox = world();
    let run = save(&sandbox, &[]);
    assert!([0, 1].contains(&run.code), "{}", run.stderr);
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!(
        (run.code, answer["verdict"].as_str()),
        (0, Some("unchanged")),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert_eq!(answer["schema"], "sfcompat-recheck/1");
    // What the file has nothing to do with may change.
    change(
        &sandbox,
        "Profile.csv",
        ",Contract Manager,",
        ",Contract Managers,",
    );
    change(
        &sandbox,
        "User.csv",
        "teodor.strickland@brackenford.example",
        "teo.strickland@brackenford.example",
    );
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!(
        (run.code, changes(&answer)),
        (0, Vec::new()),
        "{}",
        run.stdout
    );
    let table = sandbox.run(&["recheck", "plan.json", "--snapshot", "org"]);
    assert!(
        table.stdout.contains("nothing that mattered has changed"),
        "{}",
        table.stdout
    );
}

#[test]
fn what_mattered_is_named() {
    let cases: [(&str, &dyn Fn(&Sandbox), &str); 5] = [
        (
            "renamed profile",
            &|s| {
                change(
                    s,
                    "Profile.csv",
                    ",Brackenford Sales,",
                    ",Brackenford Selling,",
                )
            },
            "profile 'Brackenford Sales' is now called 'Brackenford Selling'",
        ),
        (
            "user",
            &|s| {
                change(
                    s,
                    "User.csv",
                    "ilse.maddox@brackenford.example",
                    "ilse.m@brackenford.example",
                )
            },
            "user 'ilse.maddox@brackenford.example' is now called 'ilse.m@brackenford.example'",
        ),
        (
            "created",
            &|s| {
                change(
                    s,
                    "User.csv",
                    "teodor.strickland@brackenford.example",
                    "NEW.seller@brackenford.example",
                )
            },
            "exists now, and was to be created",
        ),
        (
            "seats",
            &|s| change(s, "UserLicense.csv", ",Active,220,157,", ",Active,157,157,"),
            "0 of 157 free",
        ),
        (
            "input",
            &|s| s.write("in.csv", INPUT.replace("Seller", "Sailor")),
            "input in.csv is another file than the one that was approved",
        ),
    ];
    for (name, change, message) in cases {
        let sandbox = world();
        save(&sandbox, &[]);
        change(&sandbox);
        let (run, answer) = recheck(&sandbox, &[]);
        let all = changes(&answer);
        assert_eq!(
            (run.code, answer["verdict"].as_str()),
            (1, Some("changed")),
            "{name}: {all:?} {}",
            run.stderr
        );
        assert!(
            all.iter().any(|told| told.contains(message)),
            "{name}: {all:?}"
        );
        assert_eq!(all.len(), 1, "{name}: {all:?}");
    }
}

#[test]
fn sets_groups_and_their_licenses_are_bound() {
    let sandbox = Sandbox::with_org();
    let groups =
        std::fs::read_to_string(sandbox.path("org/PermissionSetGroup.csv")).expect("groups");
    let mut reader = csv::Reader::from_reader(groups.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|own| own == name).expect("a column");
    let group = reader
        .records()
        .map(|r| r.expect("a record"))
        .find(|r| &r[place("Status")] == "Updated")
        .expect("a group");
    let name = group[place("DeveloperName")].to_owned();
    sandbox.write(
        "in.csv",
        format!("username,permissionSetGroups\nilse.maddox@brackenford.example,{name}\n"),
    );
    save(&sandbox, &[]);
    assert_eq!(recheck(&sandbox, &[]).0.code, 0);
    change(
        &sandbox,
        "PermissionSetGroup.csv",
        &group.iter().collect::<Vec<_>>().join(","),
        &group
            .iter()
            .map(|cell| if cell == "Updated" { "Updating" } else { cell })
            .collect::<Vec<_>>()
            .join(","),
    );
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert_eq!(
        changes(&answer),
        [format!(
            "permission-set-group '{name}': status was 'Updated' and is 'Updating'"
        )]
    );
}

#[test]
fn a_license_that_ends_before_the_change() {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", "username,permissionSetLicenses\nilse.maddox@brackenford.example,EinsteinAnalyticsPlusPsl\n");
    save(&sandbox, &[]);
    assert_eq!(recheck(&sandbox, &[]).0.code, 0);
    assert_eq!(
        recheck(&sandbox, &["--change-window", "2026-12-12"]).0.code,
        0,
        "its last day counts"
    );
    let (run, answer) = recheck(&sandbox, &["--change-window", "2026-12-13"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(
        changes(&answer)[0].contains("ends on 2026-12-12, before the change on 2026-12-13"),
        "{:?}",
        changes(&answer)
    );
    assert_eq!(
        recheck(&sandbox, &["--change-window", "2026-11-20"]).0.code,
        2,
        "in the past"
    );
    // The check itself judges by the day of the change.
    let found = |arguments: &[&str]| {
        let common = [
            "check",
            "in.csv",
            "--snapshot",
            "org",
            "--format",
            "json",
            "--select",
            "psl-expired",
        ];
        sandbox.run(&[&common, arguments].concat()).findings().len()
    };
    assert_eq!(
        (found(&[]), found(&["--change-window", "2026-12-13"])),
        (0, 1)
    );
}

#[test]
fn waivers_end_too() {
    let sandbox = world();
    sandbox.write(
        "in.csv",
        "username,profile\nilse.maddox@brackenford.example,Nobody\n",
    );
    sandbox.write("sfcompat.waivers.toml", "[[waiver]]\nrule='profile-not-found'\nmatch={value='Nobody'}\nreason='r'\nowner='o'\nexpires=2026-11-30\n");
    assert_eq!(save(&sandbox, &[]).code, 0);
    let on = |day| {
        sandbox.run_in(
            ".",
            &[("SFCOMPAT_TODAY", day)],
            &["recheck", "plan.json", "--snapshot", "org"],
        )
    };
    assert_eq!(on("2026-11-30").code, 0);
    let run = on("2026-12-01");
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("ended on 2026-11-30"), "{}", run.stdout);
}

#[test]
fn what_cannot_be_told_is_never_passed() {
    let sandbox = world();
    save(&sandbox, &[]);
    std::fs::remove_file(sandbox.path("org/PermissionSet.csv")).expect("removed");
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!(
        (run.code, answer["verdict"].as_str()),
        (5, Some("undecided")),
        "{}",
        run.stdout
    );
    let sandbox = world();
    save(&sandbox, &[]);
    assert_eq!(recheck(&sandbox, &["--max-age", "24h"]).0.code, 5, "no age");
    sandbox.write(
        "org/manifest.json",
        r#"{"objects":{"UserRole":{"count":62}}}"#,
    );
    assert_eq!(recheck(&sandbox, &[]).0.code, 5, "counts");
    let sandbox = world();
    sandbox.write(
        "in.csv",
        "Username,Last Name\nnew.one@brackenford.example,One\n",
    );
    assert_eq!(save(&sandbox, &[]).code, 5);
    assert_eq!(
        recheck(&sandbox, &[]).0.code,
        5,
        "the approved run could not tell"
    );
}

#[test]
fn a_plan_is_whole_private_and_of_one_org() {
    let sandbox = world();
    save(&sandbox, &[]);
    let path = sandbox.path("plan.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path)
            .expect("a plan")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let text = std::fs::read_to_string(&path).expect("a plan");
    std::fs::write(
        &path,
        text.replace("Brackenford Sales", "Brackenford Selling"),
    )
    .expect("written");
    let (run, _) = recheck(&sandbox, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.reason().contains("it was changed after it was written"),
        "{}",
        run.reason()
    );
    std::fs::write(&path, "{}").expect("written");
    assert_eq!(recheck(&sandbox, &[]).0.code, 2);
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(recheck(&sandbox, &[]).0.code, 2);
    std::fs::write(&path, &text).expect("written");
    change(
        &sandbox,
        "Organization.csv",
        "00D7R000000FqP2UAK",
        "00D7R000000FqP3UAK",
    );
    let (run, _) = recheck(&sandbox, &[]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.reason()
            .contains("the plan is of the org 00D7R000000FqP2UAK"),
        "{}",
        run.reason()
    );
    std::fs::remove_dir_all(sandbox.path("org")).expect("removed");
    assert_eq!(recheck(&sandbox, &[]).0.code, 3);
    let run = sandbox.run(&[
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--save-plan",
        "no/such/plan.json",
    ]);
    assert_eq!(run.code, 6, "{}", run.stderr);
}

#[test]
fn many_people_are_hashes() {
    let sandbox = Sandbox::with_org();
    let mut reader = csv::Reader::from_path(sandbox.path("org/User.csv")).expect("users");
    let header = reader.headers().expect("a header").clone();
    let place = header
        .iter()
        .position(|own| own == "Username")
        .expect("a column");
    let names: Vec<String> = reader
        .records()
        .map(|r| r.expect("a record")[place].to_owned())
        .collect();
    assert!(names.len() > 150);
    let mut input = String::from("username,title\n");
    names
        .iter()
        .for_each(|name| input.push_str(&format!("{name},Seller\n")));
    sandbox.write("in.csv", input);
    save(&sandbox, &["--exit-zero"]);
    let plan = std::fs::read_to_string(sandbox.path("plan.json")).expect("a plan");
    assert!(!plan.contains(&names[3]), "nobody is named");
    assert_eq!(recheck(&sandbox, &[]).0.code, 0);
    change(
        &sandbox,
        "User.csv",
        &names[3],
        "somebody.else@brackenford.example",
    );
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!((run.code, changes(&answer).len()), (1, 1), "{}", run.stdout);
}
