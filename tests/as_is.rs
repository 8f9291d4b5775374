//! What is already so can be so: every active user, written out with the values it has now, gives no error.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::rules::FAMILIES;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use support::{Sandbox, copy_folder, sample_data, shared};

type Record = BTreeMap<String, String>;

fn records(org: &Path, object: &str) -> Vec<Record> {
    let Ok(text) = std::fs::read(org.join(format!("{object}.csv"))) else {
        return Vec::new();
    };
    csv::Reader::from_reader(text.as_slice())
        .deserialize()
        .map(|record| record.expect("a record"))
        .collect()
}

fn cell<'a>(record: &'a Record, column: &str) -> &'a str {
    record.get(column).map_or("", String::as_str)
}

/// The present assignments of each user: ids of sets, groups and permission set licenses.
fn held(org: &Path) -> BTreeMap<String, [BTreeSet<String>; 3]> {
    let owned: BTreeSet<String> = records(org, "PermissionSet")
        .iter()
        .filter(|set| {
            cell(set, "IsOwnedByProfile") == "true" || !cell(set, "PermissionSetGroupId").is_empty()
        })
        .map(|set| cell(set, "Id").to_owned())
        .collect();
    let mut held: BTreeMap<String, [BTreeSet<String>; 3]> = BTreeMap::new();
    for assignment in records(org, "PermissionSetAssignment") {
        let lapsed =
            cell(&assignment, "IsActive") == "false" || cell(&assignment, "IsRevoked") == "true";
        let ended = cell(&assignment, "ExpirationDate");
        if lapsed || (!ended.is_empty() && ended < support::DAY) {
            continue;
        }
        let of = held
            .entry(cell(&assignment, "AssigneeId").to_owned())
            .or_default();
        match (
            cell(&assignment, "PermissionSetGroupId"),
            cell(&assignment, "PermissionSetId"),
        ) {
            ("", set) if !owned.contains(set) => of[0].insert(set.to_owned()),
            ("", _) => false,
            (group, _) => of[1].insert(group.to_owned()),
        };
    }
    for assignment in records(org, "PermissionSetLicenseAssign") {
        held.entry(cell(&assignment, "AssigneeId").to_owned())
            .or_default()[2]
            .insert(cell(&assignment, "PermissionSetLicenseId").to_owned());
    }
    held
}

/// All active users of an org as an assignment file.
fn as_is(org: &Path) -> String {
    let users = records(org, "User");
    let held = held(org);
    let wanted = |column: &&String| {
        column.starts_with("UserPermissions")
            || [
                "Username",
                "ProfileId",
                "UserRoleId",
                "Email",
                "FirstName",
                "LastName",
                "Alias",
                "CommunityNickname",
                "FederationIdentifier",
                "EmployeeNumber",
                "ManagerId",
                "ContactId",
                "TimeZoneSidKey",
                "LocaleSidKey",
                "LanguageLocaleKey",
                "EmailEncodingKey",
                "Title",
                "Department",
                "IsActive",
            ]
            .contains(&column.as_str())
    };
    let columns: Vec<&String> = users
        .first()
        .expect("a user")
        .keys()
        .filter(wanted)
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
    header.extend([
        "Permission Sets",
        "Permission Set Groups",
        "Permission Set Licenses",
    ]);
    writer.write_record(&header).expect("memory");
    for user in users.iter().filter(|user| cell(user, "IsActive") == "true") {
        let lists = held
            .get(cell(user, "Id"))
            .cloned()
            .unwrap_or_default()
            .map(|ids| ids.into_iter().collect::<Vec<_>>().join(";"));
        let row = columns
            .iter()
            .map(|column| cell(user, column).to_owned())
            .chain(lists);
        writer.write_record(row).expect("memory");
    }
    String::from_utf8(writer.into_inner().expect("memory")).expect("text")
}

fn stands_as_it_is(org: &Path) {
    let sandbox = Sandbox::new();
    copy_folder(org, &sandbox.path("org"));
    sandbox.write("as-is.csv", as_is(org));
    let run = sandbox.run(&[
        "check",
        "as-is.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ]);
    assert!(
        [0, 1, 5].contains(&run.code),
        "{}: {}",
        org.display(),
        run.stderr
    );
    // Stored values may break the rules of fields: they were saved before the rule, or by another door.
    let of_fields: Vec<&str> = FAMILIES
        .iter()
        .filter(|(family, _)| family.name == "user_fields")
        .flat_map(|(_, rules)| rules.iter().copied())
        .collect();
    let report = run.report();
    let errors: Vec<String> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| {
            finding["severity"] == "error"
                && !of_fields.contains(&finding["rule"].as_str().expect("a rule"))
        })
        .map(|finding| {
            format!(
                "{} {}: {}",
                finding["rule"], finding["user"], finding["message"]
            )
        })
        .collect();
    assert!(
        errors.is_empty(),
        "{}:\n{}",
        org.display(),
        errors.join("\n")
    );
    assert!(
        report["summary"]["rows"].as_u64() > Some(1),
        "{}: rows",
        org.display()
    );
}

#[test]
fn every_active_user_of_the_sample_org_stands() {
    stands_as_it_is(&sample_data().join("org"));
}

#[test]
fn every_active_user_of_the_exam_worlds_stands() {
    let Some(cases) = shared("cases") else { return };
    let mut worlds = 0;
    for entry in std::fs::read_dir(cases).expect("a readable folder") {
        let org = entry.expect("an entry").path().join("org");
        if org.is_dir() {
            stands_as_it_is(&org);
            worlds += 1;
        }
    }
    assert!(worlds > 0, "no world beside the project");
}
