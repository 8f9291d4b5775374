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

/// Changes what describe says of a field of User.
fn describe(sandbox: &Sandbox, name: &str, change: impl Fn(&mut Value)) {
    let path = sandbox.path("org/describe/User.json");
    let text = std::fs::read_to_string(&path).expect("describe");
    let mut all: Value = serde_json::from_str(&text).expect("JSON");
    let fields = all["fields"].as_array_mut().expect("fields");
    let field = fields.iter_mut().find(|field| field["name"] == name);
    change(field.expect("a field"));
    std::fs::write(&path, all.to_string()).expect("written");
}

/// Of the fields that a file fills only what decides about what it sends: a shorter length than the longest text, a
/// value of a list that is sent, a required field where users are created.
#[test]
fn fields_are_bound_as_far_as_the_file_uses_them() {
    let world = || {
        let sandbox = Sandbox::with_org();
        sandbox.write(
            "in.csv",
            "username,email,lastName,alias,profile,title,timezone\nnew.seller@brackenford.example,new.seller@brackenford.example,Seller,nsell,Brackenford Sales,Territory Manager,Europe/Paris\nilse.maddox@brackenford.example,,,,,Seller,Europe/London\n",
        );
        save(&sandbox, &[]);
        assert_eq!(recheck(&sandbox, &[]).0.code, 0);
        sandbox
    };
    let zone = |field: &mut Value, value: &str, change: &dyn Fn(&mut Value)| {
        let values = field["picklistValues"].as_array_mut().expect("values");
        change(
            values
                .iter_mut()
                .find(|one| one["value"] == value)
                .expect("a value"),
        );
    };
    let mattered: [(&dyn Fn(&Sandbox), &str); 6] = [
        (
            &|s| describe(s, "Title", |field| field["length"] = 16.into()),
            "field 'Title': length was '80' and is '16'",
        ),
        (
            &|s| describe(s, "Title", |field| field["updateable"] = false.into()),
            "field 'Title': updateable was 'true' and is 'false'",
        ),
        (
            &|s| describe(s, "Title", |field| field["name"] = "Headline".into()),
            "field 'Title' is gone",
        ),
        (
            &|s| {
                describe(s, "TimeZoneSidKey", |field| {
                    zone(field, "Europe/Paris", &|one| one["active"] = false.into());
                })
            },
            "field 'Time Zone': value Europe/Paris was 'listed' and is 'listed, not active'",
        ),
        (
            &|s| {
                describe(s, "TimeZoneSidKey", |field| {
                    zone(field, "Europe/London", &|one| {
                        one["value"] = "Europe/Londinium".into()
                    });
                })
            },
            "field 'Time Zone': value Europe/London was 'listed' and is 'not listed'",
        ),
        (
            &|s| {
                describe(s, "Badge_Number__c", |field| {
                    field["nillable"] = false.into()
                })
            },
            "(Badge_Number__c) is required of users that are created, and was not",
        ),
    ];
    for (change, message) in mattered {
        let sandbox = world();
        change(&sandbox);
        let (run, answer) = recheck(&sandbox, &[]);
        let all = changes(&answer);
        assert_eq!(
            (run.code, all.len()),
            (1, 1),
            "{message}: {all:?} {}",
            run.stderr
        );
        assert!(all[0].contains(message), "{message}: {all:?}");
    }
    let nothing: [&dyn Fn(&Sandbox); 5] = [
        &|s| describe(s, "Title", |field| field["length"] = 17.into()),
        &|s| describe(s, "Title", |field| field["label"] = "Headline".into()),
        &|s| describe(s, "Department", |field| field["length"] = 1.into()),
        &|s| {
            describe(s, "TimeZoneSidKey", |field| {
                zone(field, "Pacific/Fiji", &|one| one["active"] = false.into());
            })
        },
        &|s| std::fs::remove_dir_all(s.path("org/describe")).expect("removed"),
    ];
    for (n, change) in nothing.into_iter().enumerate() {
        let sandbox = world();
        change(&sandbox);
        let (run, answer) = recheck(&sandbox, &[]);
        assert_eq!(
            (run.code, changes(&answer).len()),
            (0, 0),
            "{n}: {}",
            run.stdout
        );
    }
    // A file that creates nobody does not care what a create must send.
    let sandbox = Sandbox::with_org();
    sandbox.write(
        "in.csv",
        "username,title\nilse.maddox@brackenford.example,Seller\n",
    );
    save(&sandbox, &[]);
    describe(&sandbox, "Badge_Number__c", |field| {
        field["nillable"] = false.into()
    });
    assert_eq!(recheck(&sandbox, &[]).0.code, 0);
}

/// What is no picklist is not written into a plan, and of a picklist with very many values in use all of it is bound.
#[test]
fn plans_stay_small() {
    let sandbox = Sandbox::with_org();
    let zones = |field: &mut Value| {
        let value = |n: u32| serde_json::json!({"active": true, "defaultValue": false, "label": n.to_string(), "validFor": null, "value": format!("Zone/{n}")});
        field["picklistValues"] = (0..400).map(value).collect();
    };
    describe(&sandbox, "TimeZoneSidKey", zones);
    let mut input = String::from("username,email,lastName,alias,profile,timezone\n");
    (0..300).for_each(|n| {
        input.push_str(&format!(
            "n{n}@b.example,n{n}@b.example,Secretname{n},n{n},Brackenford Sales,Zone/{n}\n"
        ))
    });
    sandbox.write("in.csv", input);
    let bytes: Vec<_> = ["1", "2"]
        .iter()
        .map(|threads| {
            save(&sandbox, &["--threads", threads]);
            let text = std::fs::read_to_string(sandbox.path("plan.json")).expect("a plan");
            let mut plan: Value = serde_json::from_str(&text).expect("JSON");
            for part in ["/sha256", "/plan/created"] {
                *plan.pointer_mut(part).expect("a part") = Value::Null;
            }
            assert!(
                !text.contains("Secretname"),
                "names are no values of a list"
            );
            plan
        })
        .collect();
    assert_eq!(bytes[0], bytes[1], "whatever the number of threads");
    assert_eq!(recheck(&sandbox, &[]).0.code, 0);
    describe(&sandbox, "TimeZoneSidKey", |field| {
        field["picklistValues"][399]["active"] = false.into()
    });
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(
        changes(&answer),
        ["field 'Time Zone': its values are others"]
    );
}

const DEALER: &str = "username,email,lastName,alias,profile,contactId
otis.lindqvist@alderfinch.example,otis.lindqvist@alderfinch.example,Lindqvist,olind,Dealer User,0037R000000OYqlQAG
";

#[test]
fn contacts_and_their_accounts_are_bound() {
    let owner = "haruka.mellowes@brackenford.example";
    let mattered: [(&str, &str, &str, &str); 4] = [
        (
            "Contact.csv",
            "otis.lindqvist@alderfinch.example,0017R000000FlF0QAK",
            "otis.lindqvist@alderfinch.example,0017R000000FlF1QAK",
            "contact '0037R000000OYqlQAG': account was '0017R000000FlF0QAK'",
        ),
        (
            "Account.csv",
            "Weighing,0057R000000BQh5QAG,true,",
            "Weighing,0057R000000BQh5QAG,false,",
            "account 'Alder & Finch Weighing': partner account was 'true' and is 'false'",
        ),
        (
            "User.csv",
            &format!("{owner},true,"),
            &format!("{owner},false,"),
            "account 'Alder & Finch Weighing': owner is active was 'true' and is 'false'",
        ),
        (
            "User.csv",
            ",0037R000000OYPEQA4,",
            ",0037R000000OYqlQAG,",
            "contact '0037R000000OYqlQAG': user was 'none' and is '0057R000000BSuQQAW'",
        ),
    ];
    for (file, from, to, message) in mattered {
        let sandbox = Sandbox::with_org();
        sandbox.write("in.csv", DEALER);
        save(&sandbox, &[]);
        assert_eq!(recheck(&sandbox, &[]).0.code, 0, "{file}");
        // Contacts and accounts that the file does not lead to, and a name, are nothing.
        change(
            &sandbox,
            "Account.csv",
            "Alder & Finch Weighing",
            "Alder Finch",
        );
        assert_eq!(recheck(&sandbox, &[]).0.code, 0, "{file}");
        change(
            &sandbox,
            "Account.csv",
            "Alder Finch",
            "Alder & Finch Weighing",
        );
        change(&sandbox, file, from, to);
        let (run, answer) = recheck(&sandbox, &[]);
        let all = changes(&answer);
        assert_eq!(
            (run.code, all.len()),
            (1, 1),
            "{message}: {all:?} {}",
            run.stderr
        );
        assert!(all[0].contains(message), "{message}: {all:?}");
    }
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", DEALER);
    save(&sandbox, &[]);
    std::fs::remove_file(sandbox.path("org/Contact.csv")).expect("removed");
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!(run.code, 5, "{}{}", run.stdout, run.stderr);
    assert!(changes(&answer).is_empty());
}

/// Who approved a permission set approved what it opens: rights on objects are part of it, those of sets in groups too.
#[test]
fn rights_on_objects_are_bound() {
    let (handling, reader) = ("0PS7R0000009J1HWAU", "0PS7R0000009J0HWAU");
    for (column, name, set, (own, other)) in [
        (
            "permissionSets",
            "Complaint_Handling",
            "Complaint_Handling",
            (handling, reader),
        ),
        (
            "permissionSetGroups",
            "Marketing_Studio",
            "Campaign_Reader",
            (reader, handling),
        ),
    ] {
        let sandbox = Sandbox::with_org();
        sandbox.write(
            "in.csv",
            format!("username,{column}\nilse.maddox@brackenford.example,{name}\n"),
        );
        save(&sandbox, &[]);
        assert_eq!(recheck(&sandbox, &[]).0.code, 0);
        let rights = sandbox.path("org/ObjectPermissions.csv");
        let all = std::fs::read_to_string(&rights).expect("rights");
        let without = |set: &str| {
            let lines: Vec<&str> = all.lines().filter(|line| !line.contains(set)).collect();
            assert!(lines.len() < all.lines().count(), "{set}");
            std::fs::write(&rights, lines.join("\n") + "\n").expect("written");
            changes(&recheck(&sandbox, &[]).1)
        };
        assert_eq!(without(other), [""; 0], "{name}");
        assert_eq!(
            without(own),
            [format!(
                "permission-set '{set}': its rights on objects are others"
            )],
            "{name}"
        );
        std::fs::remove_file(&rights).expect("removed");
        let (run, answer) = recheck(&sandbox, &[]);
        assert_eq!((run.code, changes(&answer).len()), (5, 0), "{}", run.stderr);
    }
}

/// Of many contacts only hashes are kept, and each that is not as it was is named by its id.
#[test]
fn many_contacts_are_hashes() {
    let sandbox = Sandbox::with_org();
    let text = std::fs::read_to_string(sandbox.path("org/Contact.csv")).expect("contacts");
    let ids: Vec<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    assert!(ids.len() > 110);
    let mut input = String::from("username,email,lastName,alias,profile,contactId\n");
    for (n, id) in ids.iter().enumerate() {
        input.push_str(&format!(
            "n{n}@a.example,n{n}@a.example,N,n{n},Dealer User,{id}\n"
        ));
    }
    sandbox.write("in.csv", input);
    save(&sandbox, &[]);
    let plan = std::fs::read_to_string(sandbox.path("plan.json")).expect("a plan");
    assert!(plan.contains(ids[3]) && !plan.contains("\"kind\": \"contact\""));
    assert_eq!(recheck(&sandbox, &[]).0.code, 0);
    change(
        &sandbox,
        "Account.csv",
        "Alder & Finch Weighing",
        "Alder Finch",
    );
    assert_eq!(recheck(&sandbox, &[]).0.code, 0);
    change(
        &sandbox,
        "Contact.csv",
        "otis.lindqvist@alderfinch.example,0017R000000FlF0QAK",
        "otis.lindqvist@alderfinch.example,0017R000000FlF1QAK",
    );
    let (run, answer) = recheck(&sandbox, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(
        changes(&answer),
        ["contact 0037R000000OYqlQAG is not as it was"]
    );
}
