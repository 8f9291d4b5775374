//! Evidence for auditors, as they meet it: written, verified, tampered with, performed again, without people.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use support::{Run, Sandbox, copy_folder, sample_data, shared};

const CHECK: [&str; 5] = [
    "check",
    "assignments.csv",
    "--snapshot",
    "org",
    "--evidence",
];
const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";

/// The sample org and its file of assignments.
fn sample() -> Sandbox {
    let sandbox = Sandbox::with_org();
    let file = sample_data().join("assignments.csv");
    sandbox.write("assignments.csv", std::fs::read(file).expect("readable"));
    sandbox
}

/// A small org, quick to look at many times.
fn small() -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, text) in [
        (
            "org/Organization.csv",
            "Id,Name,OrganizationType,InstanceName\n00D7R000000FqP2UAK,Acme,Enterprise Edition,SWE1\n",
        ),
        (
            "org/UserLicense.csv",
            "Id,Name,LicenseDefinitionKey,Status,TotalLicenses,UsedLicenses\n1007R000000GIJXQA4,Salesforce,SFDC,Active,10,2\n",
        ),
        (
            "org/Profile.csv",
            "Id,Name,UserLicenseId,UserType,PermissionsModifyAllData,PermissionsViewAllData\n00e7R000000SDjXQAW,Standard User,1007R000000GIJXQA4,Standard,false,true\n00e7R000000SDjYQAW,=cmd|' /C calc'!A0,1007R000000GIJXQA4,Standard,true,true\n",
        ),
        (
            "org/PermissionSet.csv",
            "Id,Name,Label,LicenseId,IsOwnedByProfile,Type,PermissionsModifyAllData\n0PS7R0000009JF2WAM,Reports,Reports,,false,Regular,false\n0PS7R0000009JF3WAM,Own,Own,,true,Profile,false\n",
        ),
        (
            "org/PermissionSetAssignment.csv",
            "Id,AssigneeId,PermissionSetId,PermissionSetGroupId,ExpirationDate,IsActive,IsRevoked\n0Pa7R000000RMwgSAG,0057R000000BQA0QAO,0PS7R0000009JF2WAM,,,true,false\n0Pa7R000000RMwhSAG,0057R000000BQA0QAO,0PS7R0000009JF3WAM,,,true,false\n",
        ),
        (
            "org/PermissionSetGroup.csv",
            "Id,DeveloperName,MasterLabel,Status\n",
        ),
        (
            "org/PermissionSetGroupComponent.csv",
            "Id,PermissionSetGroupId,PermissionSetId\n",
        ),
        (
            "org/UserRole.csv",
            "Id,Name,DeveloperName,ParentRoleId,PortalType\n",
        ),
        (
            "org/User.csv",
            "Id,Username,IsActive,UserType,ProfileId,UserRoleId,FirstName,LastName,Email,ManagerId,CreatedDate,UserPermissionsMarketingUser\n0057R000000BQA0QAO,ann@acme.example,true,Standard,00e7R000000SDjXQAW,,Ann,Lee,ann.lee@mail.example,0057R000000BQA1QAO,2024-01-02T03:04:05.000+0000,true\n0057R000000BQA1QAO,bo@acme.example,true,Standard,00e7R000000SDjYQAW,,Bo,Chen,bo@acme.example,,,false\n0057R000000BQA2QAO,old@acme.example,false,Standard,00e7R000000SDjXQAW,,Old,\"Hand, \"\"O\"\"\",old@acme.example,,,false\n",
        ),
        (
            "a.csv",
            "Username,Profile Name,Permission Set(s),Last Name\nann@acme.example,Standard User,Reports,Lee\nbo@acme.example,Standart User,,Chen\nnew@acme.example,Standard User,Nothing,\n",
        ),
    ] {
        sandbox.write(name, text);
    }
    sandbox
}

fn small_evidence(sandbox: &Sandbox, dir: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["check", "a.csv", "--snapshot", "org", "--evidence", dir];
    arguments.extend(more);
    sandbox.run(&arguments)
}

/// Every file of a folder with its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(dir: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(dir).expect("readable") {
            let entry = entry.expect("an entry");
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.file_type().expect("a type").is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name, std::fs::read(entry.path()).expect("readable"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(dir, "", &mut found);
    found
}

/// Records of a table, by column.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let header = reader.headers().expect("a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            let cells = header.iter().zip(&record);
            cells.map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
        })
        .collect()
}

fn header(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("readable");
    text.lines().next().expect("a header").replace('"', "")
}

/// Writes over a read-only file.
fn overwrite(path: &Path, bytes: &[u8]) {
    std::fs::remove_file(path).expect("removed");
    std::fs::write(path, bytes).expect("written");
}

/// What somebody does who changes a file and covers the traces in the list of sums.
fn forge_sums(dir: &Path) {
    use std::fmt::Write as _;
    let mut sums = String::new();
    for name in files(dir).keys().filter(|name| *name != "SHA256SUMS") {
        let hash = sfcompat::evidence::sha256_of(&dir.join(name)).expect("readable");
        writeln!(sums, "{hash}  {name}").expect("memory");
    }
    overwrite(&dir.join("SHA256SUMS"), sums.as_bytes());
}

#[test]
fn a_folder_answers_what_auditors_ask() {
    let sandbox = sample();
    let mut arguments = CHECK.to_vec();
    arguments.extend(["evidence", "--ticket", "CHG0031337", "--format", "json"]);
    let run = sandbox.run(&arguments);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let plain = sandbox.run(&[
        "check",
        "assignments.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ]);
    let body = |run: &Run| {
        let mut report = run.report();
        report["run"] = serde_json::Value::Null;
        report["org"]["snapshot_sha256"] = serde_json::Value::Null;
        report
    };
    assert_eq!(
        body(&run),
        body(&plain),
        "the report is the same without evidence"
    );
    let dir = sandbox.path("evidence");
    for (file, columns) in [
        (
            "access.csv",
            "snapshot_id,as_of_utc,org_id,user_id,username,federation_id,employee_number,full_name,email,user_type,is_active,is_frozen,last_login_utc,created_utc,manager_username,department,user_license_id,user_license,profile_id,profile,role_id,role,entitlement_type,entitlement_id,entitlement_name,granted_via,assignment_id,assigned_utc,expires_utc,sensitive_permissions,idp_source,idp_group,idp_group_priority,reviewer,decision,decision_date,justification,ticket",
        ),
        (
            "findings.csv",
            "fingerprint,rule,severity,confidence,status,subject,user,user_id,input,row,line,rows,column,value,current_value,required_value,salesforce_id,license,missing_permissions,message,predicted_code,predicted_message,fix,docs_url,waiver_owner,waiver_reason,waiver_ticket,waiver_expires,snapshot_id",
        ),
        (
            "matrix.csv",
            "license,license_key,object_type,object_id,object_name,verdict,witnesses,reason,missing_permissions,evidence",
        ),
        (
            "seats.csv",
            "kind,key,label,total,used_reported,used_counted,difference,expiring_on,takes,releases,after,peak,shortfall,first_failing_row,reclaimable",
        ),
        (
            "changes.csv",
            "user,attribute,before,after,effect,caused_by_row,caused_by_group",
        ),
        (
            "rows.csv",
            "input,row,line,user,action,verdict,errors,warnings,notices",
        ),
        (
            "coverage.csv",
            "object,field,readable,reason,rows,count_filtered,count_unfiltered,reconciled",
        ),
        (
            "waivers.csv",
            "rule,line,owner,reason,ticket,expires,findings",
        ),
        ("manifest.csv", "key,value"),
    ] {
        assert_eq!(header(&dir.join(file)), columns, "{file}");
    }
    let report = run.report();
    // The population: everybody of User.csv, once with a profile.
    let access = table(&dir.join("access.csv"));
    let users: BTreeSet<&str> = access.iter().map(|row| row["user_id"].as_str()).collect();
    let of_org = table(&sandbox.path("org/User.csv"));
    let wanted: BTreeSet<&str> = of_org.iter().map(|row| row["Id"].as_str()).collect();
    assert_eq!(users, wanted);
    let kind = |kind: &str| {
        access
            .iter()
            .filter(|row| row["entitlement_type"] == kind)
            .count()
    };
    assert_eq!(kind("profile"), of_org.len());
    let roles = of_org
        .iter()
        .filter(|row| !row["UserRoleId"].is_empty())
        .count();
    assert_eq!(kind("role"), roles);
    assert_eq!(
        kind("psl"),
        table(&sandbox.path("org/PermissionSetLicenseAssign.csv")).len()
    );
    assert_eq!(
        kind("package_license"),
        table(&sandbox.path("org/UserPackageLicense.csv")).len()
    );
    let of_sets = table(&sandbox.path("org/PermissionSetAssignment.csv")).len();
    let manifest: serde_json::Value =
        serde_json::from_slice(&files(&dir)["manifest.json"]).expect("JSON");
    let left_out: usize = manifest["completeness"]["left_out"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|text| {
            let text = text
                .as_str()
                .expect("a text")
                .trim_start_matches("access.csv: ");
            text.split(' ')
                .next()
                .and_then(|n| n.parse::<usize>().ok())
                .expect("a number")
        })
        .sum();
    assert_eq!(
        kind("permission_set") + kind("permission_set_group") + left_out,
        of_sets
    );
    assert!(kind("via_group") > 0 && kind("feature_license") > 0 && kind("public_group") > 0);
    for row in &access {
        for column in [
            "user_id",
            "profile_id",
            "user_license_id",
            "role_id",
            "assignment_id",
        ] {
            assert!(matches!(row[column].len(), 0 | 18), "{column}: {row:?}");
        }
    }
    // Every row, every finding, every change.
    let rows = table(&dir.join("rows.csv"));
    assert_eq!(
        rows.len() as u64,
        report["summary"]["rows"].as_u64().expect("a number")
    );
    assert_eq!(
        table(&dir.join("findings.csv")).len(),
        report["findings"].as_array().expect("a list").len()
    );
    let changes = sandbox.run(&[
        "check",
        "assignments.csv",
        "--snapshot",
        "org",
        "--format",
        "changes",
    ]);
    assert_eq!(changes.stdout.as_bytes(), files(&dir)["changes.csv"]);
    for (found, row) in table(&dir.join("findings.csv"))
        .iter()
        .zip(report["findings"].as_array().expect("a list"))
    {
        assert_eq!(
            found["fingerprint"],
            row["fingerprint"].as_str().expect("a text")
        );
    }
    assert_eq!(manifest["who"]["ticket"], "CHG0031337");
    assert_eq!(manifest["source"]["edition"], "Enterprise Edition");
    let reconciled = manifest["accuracy"]["reconciled"]
        .as_array()
        .expect("a list");
    assert!(
        reconciled.len() > 10 && reconciled[..10].iter().all(|one| one["same"] == true),
        "{reconciled:#?}"
    );
    // Nobody can write, and everything is what it was.
    for name in files(&dir).keys() {
        let facts = std::fs::metadata(dir.join(name)).expect("there");
        assert!(facts.permissions().readonly(), "{name}");
    }
    for (name, bytes) in files(&sandbox.path("org")) {
        assert_eq!(files(&dir)[&format!("snapshot/{name}")], bytes, "{name}");
    }
    assert_eq!(
        files(&dir)["inputs/0001-assignments.csv"],
        files(&sandbox.path("."))["assignments.csv"]
    );
    let verified = sandbox.run(&["verify", "evidence"]);
    assert_eq!(
        (verified.code, verified.stdout.as_str()),
        (0, ""),
        "{}",
        verified.stderr
    );
    let again = sandbox.run(&["reperform", "evidence"]);
    assert_eq!(
        (again.code, again.stdout.as_str()),
        (0, ""),
        "{}",
        again.stderr
    );
}

#[test]
fn sha256sum_agrees() {
    let sandbox = small();
    assert_eq!(small_evidence(&sandbox, "ev", &[]).code, 1);
    let Ok(sums) = std::process::Command::new("sha256sum")
        .args(["-c", "--strict", "SHA256SUMS"])
        .current_dir(sandbox.path("ev"))
        .output()
    else {
        eprintln!("left out: there is no sha256sum");
        return;
    };
    assert!(sums.status.success(), "{sums:?}");
    let told = String::from_utf8(sums.stdout).expect("text");
    assert_eq!(told.lines().count() + 1, files(&sandbox.path("ev")).len());
}

#[test]
fn cells_are_safe_and_facts_are_told() {
    let sandbox = small();
    let run = small_evidence(&sandbox, "ev", &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let dir = sandbox.path("ev");
    let access = table(&dir.join("access.csv"));
    let of = |user: &str, kind: &str| {
        let row = access
            .iter()
            .find(|row| row["username"] == user && row["entitlement_type"] == kind);
        row.unwrap_or_else(|| panic!("{user} {kind}")).clone()
    };
    let ann = of("ann@acme.example", "profile");
    assert_eq!(
        ann["sensitive_permissions"],
        "ViewAllData; not known: AuthorApex, ManageUsers"
    );
    assert_eq!(ann["manager_username"], "bo@acme.example");
    assert_eq!(ann["created_utc"], "2024-01-02T03:04:05Z");
    assert_eq!(ann["is_frozen"], "", "UserLogin is not in the snapshot");
    assert_eq!(
        of("ann@acme.example", "feature_license")["entitlement_id"],
        "UserPermissionsMarketingUser"
    );
    assert_eq!(
        of("ann@acme.example", "permission_set")["entitlement_name"],
        "Reports"
    );
    let bo = of("bo@acme.example", "profile");
    assert_eq!(bo["profile"], "'=cmd|' /C calc'!A0");
    assert!(bo["sensitive_permissions"].starts_with("ModifyAllData; ViewAllData"));
    assert_eq!(
        of("old@acme.example", "profile")["full_name"],
        "Old Hand, \"O\""
    );
    // The set that a profile owns is no row of its own, and is accounted for.
    assert!(!access.iter().any(|row| row["entitlement_name"] == "Own"));
    let seats = table(&dir.join("seats.csv"));
    assert_eq!(
        (
            seats[0]["used_reported"].as_str(),
            seats[0]["used_counted"].as_str(),
            seats[0]["difference"].as_str()
        ),
        ("2", "2", "0")
    );
    let rows = table(&dir.join("rows.csv"));
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row["action"].as_str(), row["verdict"].as_str()))
        .collect();
    assert_eq!(told[0].0, "update");
    assert_eq!(told[1], ("update", "incompatible"));
    assert_eq!(told[2].0, "create");
    let findings = table(&dir.join("findings.csv"));
    let wrong = findings
        .iter()
        .find(|row| row["rule"] == "profile-not-found")
        .expect("found");
    assert_eq!(
        (wrong["user_id"].as_str(), wrong["required_value"].as_str()),
        ("0057R000000BQA1QAO", "Standard User")
    );
    assert_eq!(wrong["current_value"], "'=cmd|' /C calc'!A0");
}

#[test]
fn sensitive_permissions_are_configurable() {
    let sandbox = small();
    sandbox.write(
        "sfcompat.toml",
        "[audit]\nsensitive_permissions = [\"ModifyAllData\"]\ncsv_escape = \"quote\"\n",
    );
    assert_eq!(small_evidence(&sandbox, "ev", &[]).code, 1);
    let access = table(&sandbox.path("ev/access.csv"));
    let told: BTreeSet<&str> = access
        .iter()
        .map(|row| row["sensitive_permissions"].as_str())
        .collect();
    assert_eq!(told, BTreeSet::from(["", "ModifyAllData"]));
    // The configuration is carried along, and the check is performed again with it, wherever that is.
    sandbox.write(
        "sfcompat.toml",
        "[audit]\nsensitive_permissions = [\"ViewAllData\"]\n",
    );
    let again = sandbox.run(&["reperform", "ev"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
}

#[test]
fn the_environment_of_then_counts() {
    let sandbox = small();
    let arguments = ["check", "a.csv", "--snapshot", "org", "--evidence", "ev"];
    let run = sandbox.run_in(
        "",
        &[
            ("SFCOMPAT_SELECT", "profile-*,role-*"),
            ("USER", "kim"),
            ("CI_JOB_URL", "https://ci.example/1"),
        ],
        &arguments,
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    let manifest: serde_json::Value =
        serde_json::from_slice(&files(&sandbox.path("ev"))["manifest.json"]).expect("JSON");
    assert_eq!(
        manifest["performing_again"]["environment"]["select"],
        "profile-*,role-*"
    );
    assert_eq!(
        (
            manifest["who"]["os_user"].as_str(),
            manifest["who"]["pipeline"].as_str()
        ),
        (Some("kim"), Some("https://ci.example/1"))
    );
    let again = sandbox.run_in(
        "",
        &[
            ("SFCOMPAT_SELECT", "seats"),
            ("SFCOMPAT_NULL_VALUES", "pushed"),
            ("USER", "lee"),
        ],
        &["reperform", "ev"],
    );
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
}

#[test]
fn stdin_is_carried_along() {
    let sandbox = small();
    let input = files(&sandbox.path("."))["a.csv"].clone();
    let run = sandbox.run_with(
        &["check", "-", "--snapshot", "org", "--evidence", "ev"],
        &input,
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(files(&sandbox.path("ev"))["inputs/0001-stdin"], input);
    assert_eq!(sandbox.run(&["verify", "ev"]).code, 0);
    let again = sandbox.run(&["reperform", "ev"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
}

#[test]
fn tables_do_not_depend_on_threads() {
    let sandbox = sample();
    let mut folders = Vec::new();
    for threads in ["1", "3"] {
        let dir = format!("ev{threads}");
        let mut arguments = CHECK.to_vec();
        arguments.extend([dir.as_str(), "--threads", threads]);
        assert_eq!(sandbox.run(&arguments).code, 1);
        let mut found = files(&sandbox.path(&dir));
        // They hold the command line.
        for name in ["manifest.json", "manifest.csv", "SHA256SUMS"] {
            found.remove(name);
        }
        folders.push(found);
    }
    assert!(folders[0] == folders[1]);
}

#[test]
fn only_evidence_is_replaced() {
    let sandbox = small();
    sandbox.write("mine/notes.txt", "mine");
    let run = small_evidence(&sandbox, "mine", &[]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.reason()
            .contains("holds 'notes.txt' and is no evidence folder"),
        "{}",
        run.reason()
    );
    assert_eq!(files(&sandbox.path("mine")).len(), 1);
    // A run that fails leaves nothing, under no name.
    let run = sandbox.run(&[
        "check",
        "nowhere.csv",
        "--snapshot",
        "org",
        "--evidence",
        "ev",
    ]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    let names: Vec<String> = std::fs::read_dir(sandbox.path("."))
        .expect("readable")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert!(
        !names
            .iter()
            .any(|name| name.contains("evidence") || name == "ev"),
        "{names:?}"
    );
    // An evidence folder gives way to a new one, as a whole.
    assert_eq!(small_evidence(&sandbox, "ev", &["--ticket", "A"]).code, 1);
    assert_eq!(small_evidence(&sandbox, "ev", &["--ticket", "B"]).code, 1);
    assert_eq!(sandbox.run(&["verify", "ev"]).code, 0);
    let text = std::fs::read_to_string(sandbox.path("ev/manifest.json")).expect("readable");
    assert!(text.contains("\"ticket\": \"B\""));
    sandbox.write("file", "x");
    let run = small_evidence(&sandbox, "file/ev", &[]);
    assert_eq!(run.code, 6, "{}", run.stderr);
}

#[test]
fn what_is_no_evidence_is_told() {
    let sandbox = small();
    for dir in ["org", "a.csv", "nowhere"] {
        for command in ["verify", "reperform"] {
            let run = sandbox.run(&[command, dir]);
            assert_eq!(run.code, 3, "{command} {dir}: {}", run.stderr);
            assert!(
                run.reason().contains("no evidence folder"),
                "{}",
                run.reason()
            );
        }
    }
}

#[test]
fn every_tampering_is_named() {
    let sandbox = small();
    assert_eq!(small_evidence(&sandbox, "ev", &[]).code, 1);
    let dir = sandbox.path("ev");
    let whole = files(&dir);
    let verified = |what: &str| {
        let run = sandbox.run(&["verify", "ev"]);
        assert_eq!(run.code, 1, "{what}: {}", run.stderr);
        run.stdout
    };
    // Missing, additional, not plain.
    for name in whole.keys() {
        std::fs::remove_file(dir.join(name)).expect("removed");
        let told = verified(name);
        assert!(
            told.lines()
                .any(|line| line.starts_with(&format!("{name}: ")) && line.contains("missing")),
            "{name}: {told}"
        );
        std::fs::write(dir.join(name), &whole[name]).expect("written");
    }
    std::fs::write(dir.join("snapshot/Extra.csv"), "x").expect("written");
    assert_eq!(
        verified("extra"),
        "snapshot/Extra.csv: additional: nothing lists it\n"
    );
    std::fs::remove_file(dir.join("snapshot/Extra.csv")).expect("removed");
    #[cfg(unix)]
    {
        std::fs::remove_file(dir.join("rows.csv")).expect("removed");
        std::os::unix::fs::symlink(sandbox.path("a.csv"), dir.join("rows.csv")).expect("a link");
        assert!(verified("link").contains("rows.csv: is no plain file"));
        overwrite(&dir.join("rows.csv"), &whole["rows.csv"]);
    }
    assert_eq!(sandbox.run(&["verify", "ev"]).code, 0);
    // A record less, and the list of sums made anew: the totals tell it.
    let text = String::from_utf8(whole["findings.csv"].clone()).expect("text");
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let gone = lines
        .iter()
        .position(|line| line.contains("\"profile-not-found\""))
        .expect("there");
    lines.remove(gone);
    overwrite(&dir.join("findings.csv"), lines.concat().as_bytes());
    forge_sums(&dir);
    let told = verified("a record less");
    assert!(
        told.contains("findings.csv: control total findings.open.error"),
        "{told}"
    );
    assert!(
        told.contains("manifest.json: what it says of findings.csv is not true"),
        "{told}"
    );
    // Whoever covers all traces is found by performing it again.
    let run = sandbox.run(&["reperform", "ev"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let line = format!("findings.csv: line {}: recorded ", gone + 1);
    assert!(run.stdout.contains(&line), "{}", run.stdout);
    overwrite(&dir.join("findings.csv"), &whole["findings.csv"]);
    overwrite(&dir.join("SHA256SUMS"), &whole["SHA256SUMS"]);
    // An input that is exchanged gives other tables.
    let input = "inputs/0001-a.csv";
    let text = String::from_utf8(whole[input].clone())
        .expect("text")
        .replace("Standart", "Standard");
    overwrite(&dir.join(input), text.as_bytes());
    let run = sandbox.run(&["reperform", "ev"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("rows.csv: line 3: "), "{}", run.stdout);
}

/// A folder that is flipped in many places, and the files that it has.
fn flipped() -> &'static (Sandbox, BTreeMap<String, Vec<u8>>) {
    static ONCE: std::sync::OnceLock<(Sandbox, BTreeMap<String, Vec<u8>>)> =
        std::sync::OnceLock::new();
    ONCE.get_or_init(|| {
        let sandbox = small();
        assert_eq!(small_evidence(&sandbox, "ev", &[]).code, 1);
        let whole = files(&sandbox.path("ev"));
        (sandbox, whole)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_flip_of_any_byte_of_any_file_is_named(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (sandbox, whole) = flipped();
        let dir = sandbox.path("ev");
        let names: Vec<&String> = whole.keys().collect();
        let name = *file.get(&names);
        let mut bytes = whole[name].clone();
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        overwrite(&dir.join(name), &bytes);
        let verified = sfcompat::evidence::verify(&dir);
        overwrite(&dir.join(name), &whole[name]);
        let differences = verified.expect("a folder").differences;
        prop_assert!(differences.iter().any(|one| one.file == *name), "{name} at {place}: {differences:?}");
        // Nobody else is blamed, but for those whose own figures then contradict it.
        if !["manifest.json", "SHA256SUMS"].contains(&name.as_str()) {
            prop_assert!(differences.iter().all(|one| one.file == *name || one.file == "findings.csv"), "{differences:?}");
        }
    }
}

fn with_key(sandbox: &Sandbox) {
    sandbox.write("people.key", KEY);
    private(&sandbox.path("people.key"), 0o600);
}

fn private(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
    }
    let _ = (path, mode);
}

/// Everything of the snapshot and the inputs that names one person and nothing else.
fn secrets(org: &Path, inputs: &[PathBuf]) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for user in table(&org.join("User.csv")) {
        let cell = |name: &str| {
            user.get(name)
                .map(String::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        for column in ["Id", "Username", "Email", "FederationIdentifier"] {
            secrets.insert(cell(column));
        }
        let (first, last) = (cell("FirstName"), cell("LastName"));
        if !first.is_empty() && !last.is_empty() {
            secrets.insert(format!("{first} {last}"));
        }
        secrets.insert(cell("Id").chars().take(15).collect());
    }
    for path in inputs {
        let text = String::from_utf8_lossy(&std::fs::read(path).expect("readable")).into_owned();
        let words = text.split(|c: char| c.is_whitespace() || "\",;|<>()[]{}".contains(c));
        secrets.extend(words.filter(|word| word.contains('@')).map(str::to_owned));
    }
    secrets.retain(|secret| secret.len() >= 5 && !secret.starts_with('@'));
    secrets
}

/// Names that are a person's and a thing's as well.
fn is_a_thing(org: &Path, secret: &str) -> bool {
    ["UserLicense", "Profile", "UserRole", "PermissionSet"]
        .iter()
        .any(|object| {
            std::fs::read_to_string(org.join(format!("{object}.csv")))
                .is_ok_and(|text| text.contains(secret))
        })
}

/// Looks for the secrets word by word, and for names over neighboring words: millions of places are looked at.
fn nobody_is_named(text: &str, secrets: &BTreeSet<String>, what: &str) {
    let folded = text.to_lowercase();
    let part = |c: char| c.is_alphanumeric() || "@._+-'".contains(c);
    let words: Vec<&str> = folded
        .split(|c: char| !part(c))
        .map(|word| word.trim_matches(['\'', '.', '-']))
        .filter(|word| !word.is_empty())
        .collect();
    let mut said: std::collections::HashSet<String> =
        words.iter().map(|word| (*word).to_owned()).collect();
    for count in 2..=4 {
        said.extend(words.windows(count).map(|span| span.join(" ")));
    }
    for secret in secrets {
        assert!(
            !said.contains(&secret.to_lowercase()),
            "{what} names {secret}"
        );
    }
}

#[test]
fn a_redacted_folder_names_nobody() {
    let sandbox = sample();
    with_key(&sandbox);
    sandbox.write(
        "sfcompat.toml",
        "[integration_user]\nusername = \"tess.ingleby@brackenford.example\"\n",
    );
    let arguments = [
        "check",
        "assignments.csv",
        "--snapshot",
        "org",
        "--evidence",
        "ev",
        "--redact",
        "people.key",
    ];
    let run = sandbox.run_in(
        "",
        &[("USER", "tess.ingleby@brackenford.example")],
        &arguments,
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    let org = sandbox.path("org");
    let mut secrets = secrets(&org, &[sandbox.path("assignments.csv")]);
    secrets.retain(|secret| !is_a_thing(&org, secret));
    assert!(secrets.len() > 1000, "{}", secrets.len());
    let found = files(&sandbox.path("ev"));
    assert!(
        !found.keys().any(|name| name.contains('/')),
        "{:?}",
        found.keys()
    );
    for (name, bytes) in &found {
        nobody_is_named(&String::from_utf8_lossy(bytes), &secrets, name);
    }
    nobody_is_named(&run.stdout, &secrets, "stdout");
    assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);
    let verified = sandbox.run(&["verify", "ev"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    // One person is one pseudonym in all tables.
    let kenji = table(&sandbox.path("ev/rows.csv"))[1]["user"].clone();
    assert!(kenji.starts_with("person-"));
    assert!(
        table(&sandbox.path("ev/changes.csv"))
            .iter()
            .any(|row| row["user"] == kenji)
    );
    assert!(
        table(&sandbox.path("ev/findings.csv"))
            .iter()
            .any(|row| row["user"] == kenji)
    );
    // Who has the key finds the person.
    let reveal = [
        "verify",
        "ev",
        "--redact",
        "people.key",
        "--inputs",
        "assignments.csv",
        "--snapshot",
        "org",
        "--reveal",
    ];
    let told = sandbox.run(&[&reveal[..], &[&kenji]].concat());
    assert_eq!(
        (told.code, told.stdout.as_str()),
        (
            0,
            format!(
                "\"pseudonym\",\"username\"\n\"{kenji}\",\"kenji.elderslie@brackenford.example\"\n"
            )
            .as_str()
        ),
        "{}",
        told.stderr
    );
    assert_eq!(
        sandbox
            .run(&[&reveal[..], &["person-0000000000000000"]].concat())
            .code,
        1
    );
    // Performing it again says what it needs.
    let needs = |arguments: &[&str], words: &str| {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.reason().contains(words), "{}", run.reason());
    };
    needs(&["reperform", "ev"], "give the key (--redact KEYFILE)");
    needs(
        &["reperform", "ev", "--redact", "people.key"],
        "--snapshot DIR",
    );
    sandbox.write("other.key", KEY.replace('0', "1"));
    private(&sandbox.path("other.key"), 0o600);
    needs(
        &[
            "reperform",
            "ev",
            "--redact",
            "other.key",
            "--snapshot",
            "org",
        ],
        "another key",
    );
    let whole = [
        "reperform",
        "ev",
        "--redact",
        "people.key",
        "--snapshot",
        "org",
    ];
    let again = sandbox.run(&whole);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    sandbox.write("assignments.csv", "Username\nx@y.example\n");
    needs(&whole, "assignments.csv is not the file of then");
    std::fs::remove_file(sandbox.path("assignments.csv")).expect("removed");
    needs(&whole, "assignments.csv (SHA-256 ");
}

/// What a run says. SARIF carries the manual of the rules too, whose examples are about the people of the sample org.
fn without_manual(format: &str, report: String) -> String {
    if format != "sarif" {
        return report;
    }
    let mut sarif: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let tool = sarif["runs"][0]["tool"].take();
    assert!(tool["driver"]["rules"].is_array(), "{tool}");
    sarif.to_string()
}

#[test]
fn every_format_names_nobody() {
    let sandbox = sample();
    with_key(&sandbox);
    sandbox.write("sfcompat.toml", "[audit]\nredact_key = \"people.key\"\n");
    let org = sandbox.path("org");
    let mut secrets = secrets(&org, &[sandbox.path("assignments.csv")]);
    secrets.retain(|secret| !is_a_thing(&org, secret));
    let help = sandbox.run(&["check", "--help"]).stdout;
    let formats: Vec<&str> = [
        "table", "json", "jsonl", "csv", "markdown", "sarif", "junit", "github", "azure", "gitlab",
        "html", "changes",
    ]
    .into_iter()
    .filter(|format| help.contains(&format!("- {format}:")))
    .collect();
    assert!(formats.len() >= 5, "{help}");
    for format in formats {
        let run = sandbox.run(&[
            "check",
            "assignments.csv",
            "--snapshot",
            "org",
            "--changes",
            "--rows",
            "--format",
            format,
        ]);
        assert_eq!(run.code, 1, "{format}: {}", run.stderr);
        assert!(run.stdout.contains("person-"), "{format}");
        nobody_is_named(&without_manual(format, run.stdout), &secrets, format);
    }
    let run = sandbox.run(&[
        "preflight",
        "--snapshot",
        "org",
        "--integration-user",
        "tess.ingleby@brackenford.example",
    ]);
    let mut said = run.stdout;
    // The command line is the user's own.
    said = said.replace("--integration-user", "");
    nobody_is_named(&said, &secrets, "preflight");
}

#[test]
fn keys_are_private() {
    let sandbox = small();
    with_key(&sandbox);
    let check = [
        "check",
        "a.csv",
        "--snapshot",
        "org",
        "--redact",
        "people.key",
    ];
    assert_eq!(sandbox.run(&check).code, 1);
    sandbox.write("people.key", "short\n");
    let run = sandbox.run(&check);
    assert_eq!(run.code, 2);
    assert!(
        run.reason().contains("fewer than 32 characters")
            && run.reason().contains("openssl rand -hex 32"),
        "{}",
        run.reason()
    );
    #[cfg(unix)]
    {
        with_key(&sandbox);
        private(&sandbox.path("people.key"), 0o644);
        let run = sandbox.run(&check);
        assert_eq!(run.code, 2);
        assert!(
            run.reason().contains("mode 0644") && run.reason().contains("chmod 600"),
            "{}",
            run.reason()
        );
    }
    assert_eq!(
        sandbox
            .run(&[
                "check",
                "a.csv",
                "--snapshot",
                "org",
                "--redact",
                "none.key"
            ])
            .code,
        2
    );
}

/// Whether a file has this extension.
fn is(name: &str, extension: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|own| own == extension)
}

/// Inputs of the exam worlds that can be judged: each with its arguments.
fn worlds() -> Vec<(PathBuf, String, Vec<String>)> {
    let Some(cases) = shared("cases") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for world in std::fs::read_dir(cases).expect("readable") {
        let world = world.expect("an entry").path();
        if !world.join("org").is_dir() {
            continue;
        }
        let mut inputs: Vec<String> = std::fs::read_dir(&world)
            .expect("readable")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| {
                let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
                let code =
                    std::fs::read_to_string(world.join(format!("{stem}.exit"))).unwrap_or_default();
                !name.contains(".expect.")
                    && !world.join(format!("{stem}.command")).exists()
                    && ["0", "1", "5"].contains(&code.trim())
                    && (is(name, "csv") || is(name, "json"))
            })
            .collect();
        inputs.sort();
        // One with arguments, one without, and what is no CSV.
        let has_args = |name: &String| {
            world
                .join(format!(
                    "{}.args",
                    name.rsplit_once('.').map_or("", |(stem, _)| stem)
                ))
                .exists()
        };
        let (with, without): (Vec<String>, Vec<String>) = inputs.into_iter().partition(has_args);
        let json: Vec<String> = without
            .iter()
            .filter(|name| is(name, "json"))
            .cloned()
            .collect();
        for name in with
            .into_iter()
            .take(2)
            .chain(without.into_iter().take(2))
            .chain(json)
        {
            let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
            let args =
                std::fs::read_to_string(world.join(format!("{stem}.args"))).unwrap_or_default();
            found.push((
                world.clone(),
                name.clone(),
                args.lines().map(str::to_owned).collect(),
            ));
        }
    }
    found
}

#[test]
fn worlds_are_told_verified_and_performed_again() {
    for (world, input, args) in worlds() {
        let sandbox = Sandbox::new();
        copy_folder(&world, &sandbox.path("world"));
        with_key(&sandbox);
        let mut arguments = vec!["check", &input, "--snapshot", "org", "--evidence", "../ev"];
        arguments.extend(args.iter().map(String::as_str));
        let what = format!("{} {input}", world.display());
        let run = sandbox.run_in("world", &[], &arguments);
        assert!(
            [0, 1, 5].contains(&run.code) && !run.stderr.contains("control totals"),
            "{what}: {}",
            run.stderr
        );
        let told = sandbox.run(&["verify", "ev"]);
        assert_eq!(told.code, 0, "{what}: {}{}", told.stdout, told.stderr);
        let again = sandbox.run(&["reperform", "ev"]);
        assert_eq!(again.code, 0, "{what}: {}{}", again.stdout, again.stderr);
        arguments.extend(["--redact", "../people.key"]);
        let run = sandbox.run_in("world", &[], &arguments);
        assert!([0, 1, 5].contains(&run.code), "{what}: {}", run.stderr);
        let org = sandbox.path("world/org");
        let mut secrets = secrets(&org, &[sandbox.path(&format!("world/{input}"))]);
        secrets.retain(|secret| !is_a_thing(&org, secret));
        for (name, bytes) in files(&sandbox.path("ev")) {
            nobody_is_named(
                &String::from_utf8_lossy(&bytes),
                &secrets,
                &format!("{what}: {name}"),
            );
        }
        let again = sandbox.run_in(
            "world",
            &[],
            &[
                "reperform",
                "../ev",
                "--redact",
                "../people.key",
                "--snapshot",
                "org",
            ],
        );
        assert_eq!(again.code, 0, "{what}: {}{}", again.stdout, again.stderr);
    }
}

/// Facts from a metadata project: the folder says which project, and which commit was checked out there.
#[test]
fn a_project_is_named_with_its_commit() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let sandbox = Sandbox::new();
    for (name, text) in [
        ("repo/.git/HEAD", "ref: refs/heads/main\n"),
        ("repo/.git/refs/heads/main", commit),
        (
            "repo/force-app/profiles/Seller.profile-meta.xml",
            "<Profile><custom>true</custom><userLicense>Salesforce</userLicense></Profile>",
        ),
        (
            "repo/a.csv",
            "Username,Profile Name\nann@acme.example,Sailor\n",
        ),
    ] {
        sandbox.write(name, text);
    }
    let arguments = [
        "check",
        "a.csv",
        "--metadata",
        "force-app",
        "--evidence",
        "ev",
    ];
    // What the environment switched on is switched on again, and what it switched off stays off.
    let switches = [
        ("SFCOMPAT_CHANGES", "1"),
        ("SFCOMPAT_ROWS", "0"),
        ("SFCOMPAT_FAIL_ON", "warning"),
    ];
    let run = sandbox.run_in("repo", &switches, &arguments);
    assert!([1, 5].contains(&run.code), "{}", run.stderr);
    let text = |name: &str| std::fs::read_to_string(sandbox.path(name)).expect("a file");
    let manifest: serde_json::Value =
        serde_json::from_str(&text("repo/ev/manifest.json")).expect("JSON");
    let source = &manifest["source"];
    assert_eq!(
        (source["project"].as_str(), source["commit"].as_str()),
        (Some("force-app"), Some(commit))
    );
    assert_eq!(
        source["endpoints"]
            .as_object()
            .expect("endpoints")
            .keys()
            .collect::<Vec<_>>(),
        ["metadata"]
    );
    assert!(text("repo/ev/README.txt").contains(&format!(
        "Metadata project, no org: force-app (commit {commit}; changes that were not committed are not told)"
    )));
    assert!(text("repo/ev/manifest.csv").contains(&format!("\"source.commit\",\"{commit}\"")));
    assert_eq!(sandbox.run(&["verify", "repo/ev"]).code, 0);
    let again = sandbox.run(&["reperform", "repo/ev"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    // Outside of git there is no commit, and nothing is made up.
    std::fs::remove_dir_all(sandbox.path("repo/.git")).expect("removed");
    let run = sandbox.run_in("repo", &[], &[&arguments[..5], &["plain"]].concat());
    assert!([1, 5].contains(&run.code), "{}", run.stderr);
    assert!(text("repo/plain/README.txt").contains("force-app (no commit)"));
    assert_eq!(sandbox.run(&["reperform", "repo/plain"]).code, 0);
}
