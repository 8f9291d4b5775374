//! What licenses permit, held against what real orgs saved and against user shapes that are known to work.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use support::{Sandbox, shared};

/// The nth id of an object, 15 characters.
fn id(prefix: &str, n: usize) -> String {
    format!("{prefix}Ce{n:010}")
}

/// The key of a license by its name; made up where none is published.
fn key_of(name: &str) -> String {
    let path = shared("data/licenses.csv").expect("the shipped facts");
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let mut keys = reader
        .records()
        .map(|record| record.expect("a record"))
        .filter(|record| &record[1] == name && !record[0].is_empty())
        .map(|record| record[0].to_owned());
    keys.next()
        .unwrap_or_else(|| format!("PID_{}", name.replace([' ', '.', '-'], "_")))
}

// Profiles of real orgs ------------------------------------------------------------------------------------------

/// What a profile file enables.
#[derive(Debug, Default)]
struct Saved {
    file: String,
    license: String,
    flags: BTreeSet<String>,
    /// Object, then which of the six rights.
    rights: BTreeMap<String, [bool; 6]>,
}

const RIGHTS: [&str; 6] = [
    "allowRead",
    "allowCreate",
    "allowEdit",
    "allowDelete",
    "viewAllRecords",
    "modifyAllRecords",
];

fn blocks<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    text.split(&open)
        .skip(1)
        .filter_map(|rest| rest.split(&close).next())
        .collect()
}

fn value<'a>(text: &'a str, tag: &str) -> &'a str {
    blocks(text, tag)
        .first()
        .copied()
        .unwrap_or_default()
        .trim()
}

fn read(path: &Path) -> Saved {
    let text = std::fs::read_to_string(path).expect("text");
    let flags = blocks(&text, "userPermissions")
        .into_iter()
        .filter(|block| value(block, "enabled") == "true")
        .map(|block| value(block, "name").to_owned());
    let rights = blocks(&text, "objectPermissions").into_iter().map(|block| {
        let held = RIGHTS.map(|right| value(block, right) == "true");
        (value(block, "object").to_owned(), held)
    });
    Saved {
        file: path.display().to_string(),
        license: value(&text, "userLicense").to_owned(),
        flags: flags.collect(),
        rights: rights.collect(),
    }
}

fn profiles(folder: &Path, found: &mut Vec<Saved>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            profiles(&path, found);
        } else if path.to_string_lossy().contains(".profile") {
            found.push(read(&path));
        }
    }
}

/// An org in which each profile of the fixtures is a permission set without license, and its license has one bare profile:
/// so that nothing but the shipped facts speaks.
fn write_org(sandbox: &Sandbox, saved: &[Saved]) {
    let licenses: BTreeSet<&str> = saved.iter().map(|one| one.license.as_str()).collect();
    let flags: BTreeSet<&str> = saved
        .iter()
        .flat_map(|one| one.flags.iter().map(String::as_str))
        .collect();
    let mut text = String::from("Id,Name,LicenseDefinitionKey,Status,TotalLicenses,UsedLicenses\n");
    let mut bare = String::from("Id,Name,UserLicenseId,UserType\n");
    for (n, license) in licenses.iter().enumerate() {
        let kind = if license.contains("Guest") {
            "Guest"
        } else {
            "Standard"
        };
        let _ = writeln!(
            text,
            "{},{license},{},Active,10,0",
            id("100", n),
            key_of(license)
        );
        let _ = writeln!(bare, "{},Bare {n},{},{kind}", id("00e", n), id("100", n));
    }
    sandbox.write("org/UserLicense.csv", text);
    sandbox.write("org/Profile.csv", bare);
    let mut sets = String::from("Id,Name,Label,LicenseId,IsOwnedByProfile,Type");
    for flag in &flags {
        let _ = write!(sets, ",Permissions{flag}");
    }
    sets.push('\n');
    let mut rights = String::from(
        "ParentId,SobjectType,PermissionsRead,PermissionsCreate,PermissionsEdit,PermissionsDelete,PermissionsViewAllRecords,PermissionsModifyAllRecords\n",
    );
    for (n, one) in saved.iter().enumerate() {
        let _ = write!(sets, "{},Saved_{n},Saved {n},,false,Regular", id("0PS", n));
        for flag in &flags {
            let _ = write!(sets, ",{}", one.flags.contains(*flag));
        }
        sets.push('\n');
        for (object, held) in &one.rights {
            let held = held.map(|right| right.to_string()).join(",");
            let _ = writeln!(rights, "{},{object},{held}", id("0PS", n));
        }
    }
    sandbox.write("org/PermissionSet.csv", sets);
    sandbox.write("org/ObjectPermissions.csv", rights);
    sandbox.write("org/User.csv", "Id,Username,IsActive,ProfileId\n");
}

#[test]
fn what_real_orgs_saved_is_never_denied() {
    let Some(folder) = shared("fixtures/metadata") else {
        return;
    };
    let mut saved = Vec::new();
    profiles(&folder, &mut saved);
    assert!(saved.len() > 70, "{} profiles", saved.len());
    let sandbox = Sandbox::new();
    write_org(&sandbox, &saved);
    let run = sandbox.run(&[
        "matrix",
        "--snapshot",
        "org",
        "--only",
        "permission-sets",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let cells = document["cells"].as_array().expect("cells");
    let (mut found, mut denied) = (0, 0);
    for cell in cells {
        denied += usize::from(cell["verdict"] == "denied");
        let set = cell["item"].as_str().expect("a name");
        let number: usize = set["Saved_".len()..].parse().expect("a number");
        if cell["license"] != saved[number].license.as_str() {
            continue;
        }
        found += 1;
        assert_ne!(
            cell["verdict"], "denied",
            "{} was saved for {}, and yet: {}",
            saved[number].file, saved[number].license, cell["reason"]
        );
    }
    assert!(found >= saved.len(), "{found} pairs were looked at");
    assert!(
        denied > 0,
        "a matrix that denies nothing contradicts nothing"
    );
}

// User shapes that are known to work --------------------------------------------------------------------------------

/// One line of `valid_combinations.csv`.
struct Shape {
    profile: String,
    license: String,
    role: String,
    sets: Vec<String>,
    psl: String,
    contact: bool,
}

fn shapes(path: &Path) -> Vec<Shape> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            let cell = |n: usize| record[n].trim().to_owned();
            Shape {
                profile: cell(0),
                license: cell(1),
                role: cell(2),
                sets: record[3]
                    .split(';')
                    .map(str::trim)
                    .filter(|set| !set.is_empty())
                    .map(|set| set.replace([' ', '(', ')'], "_"))
                    .collect(),
                psl: cell(4),
                contact: &record[5] == "yes",
            }
        })
        .collect()
}

/// The user type of the profiles of a license, by the shipped facts.
fn kind_of(license: &str) -> String {
    let path = shared("data/licenses.csv").expect("the shipped facts");
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let mut kinds = reader
        .records()
        .map(|record| record.expect("a record"))
        .filter(|record| &record[1] == license)
        .map(|record| record[2].to_owned());
    kinds.next().unwrap_or_default()
}

/// Numbers of names, in the order in which they come.
#[derive(Default)]
struct Numbers(Vec<String>);

impl Numbers {
    fn of(&mut self, name: &str) -> usize {
        if let Some(n) = self.0.iter().position(|held| held == name) {
            return n;
        }
        self.0.push(name.to_owned());
        self.0.len() - 1
    }
}

#[test]
fn every_shape_that_is_known_to_work_passes() {
    let Some(path) = shared("data/valid_combinations.csv") else {
        return;
    };
    let shapes = shapes(&path);
    assert!(shapes.len() > 40);
    let (mut licenses, mut profiles, mut sets, mut psls) = (
        Numbers::default(),
        Numbers::default(),
        Numbers::default(),
        Numbers::default(),
    );
    let mut profile_rows = String::from("Id,Name,UserLicenseId,UserType\n");
    let mut set_rows = String::from(
        "Id,Name,Label,LicenseId,IsOwnedByProfile,ProfileId,IsCustom,Type,PermissionsApiEnabled,PermissionsRunReports\n",
    );
    let mut rights = String::from(
        "ParentId,SobjectType,PermissionsRead,PermissionsCreate,PermissionsEdit,PermissionsDelete,PermissionsViewAllRecords,PermissionsModifyAllRecords\n",
    );
    let mut contacts = String::from("Id,AccountId\n");
    let mut input = String::from("username,profile,role,permissionSets,psl,contactId\n");
    for (n, shape) in shapes.iter().enumerate() {
        let license = licenses.of(&shape.license);
        let name = shape.profile.replace(['(', ')'], "");
        let profile_name = format!("{name} of {}", shape.license);
        if !profiles.0.contains(&profile_name) {
            let profile = profiles.of(&profile_name);
            let _ = writeln!(
                profile_rows,
                "{},{profile_name},{},{}",
                id("00e", profile),
                id("100", license),
                kind_of(&shape.license)
            );
            let _ = writeln!(
                set_rows,
                "{},X{},,,true,{},true,Profile,true,false",
                id("0PS", 9_000 + profile),
                id("00e", profile),
                id("00e", profile)
            );
        }
        for set in &shape.sets {
            let known = sets.0.contains(set);
            let number = sets.of(set);
            if !known {
                let _ = writeln!(
                    set_rows,
                    "{},{set},{set},,false,,true,Regular,true,false",
                    id("0PS", number)
                );
                // "custom set reading Account" is what this one is for.
                if set.contains("Account") {
                    let _ = writeln!(
                        rights,
                        "{},Account,true,false,false,false,false,false",
                        id("0PS", number)
                    );
                }
            }
        }
        if !shape.psl.is_empty() {
            psls.of(&shape.psl);
        }
        let contact = if shape.contact {
            let _ = writeln!(contacts, "{},{}", id("003", n), id("001", 0));
            id("003", n)
        } else {
            String::new()
        };
        let role = match shape.role.as_str() {
            "" => "",
            role if role.starts_with("PortalRole") => "Dealer Partner Manager",
            _ => "Sales Team",
        };
        let _ = writeln!(
            input,
            "shape{n}@shapes.example,{profile_name},{role},{},{},{contact}",
            shape.sets.join(";"),
            shape.psl
        );
    }
    let sandbox = Sandbox::new();
    let mut license_rows =
        String::from("Id,Name,LicenseDefinitionKey,Status,TotalLicenses,UsedLicenses\n");
    for (n, name) in licenses.0.iter().enumerate() {
        let _ = writeln!(
            license_rows,
            "{},{name},{},Active,100,1",
            id("100", n),
            key_of(name)
        );
    }
    let mut psl_rows = String::from(
        "Id,DeveloperName,PermissionSetLicenseKey,MasterLabel,Status,TotalLicenses,UsedLicenses,ExpirationDate\n",
    );
    for (n, name) in psls.0.iter().enumerate() {
        let _ = writeln!(
            psl_rows,
            "{},{name},{name},{name},Active,50,0,",
            id("0PL", n)
        );
    }
    // The owner of the account has a role, as portals demand.
    let owner = format!(
        "Id,Username,IsActive,UserType,ProfileId,UserRoleId\n{},owner@shapes.example,true,Standard,{},{}\n",
        id("005", 0),
        id("00e", 0),
        id("00E", 0)
    );
    let roles = format!(
        "Id,Name,DeveloperName,PortalType,PortalAccountId\n{},Sales Team,SalesTeam,None,\n{},Dealer Partner Manager,DealerPartnerManager,Partner,{}\n",
        id("00E", 0),
        id("00E", 1),
        id("001", 0)
    );
    let account = format!(
        "Id,Name,OwnerId,IsPartner\n{},Dealer,{},true\n",
        id("001", 0),
        id("005", 0)
    );
    for (file, text) in [
        ("UserLicense", license_rows),
        ("Profile", profile_rows),
        ("PermissionSet", set_rows),
        ("ObjectPermissions", rights),
        ("PermissionSetLicense", psl_rows),
        ("Contact", contacts),
        ("User", owner),
        ("UserRole", roles),
        ("Account", account),
        (
            "PermissionSetAssignment",
            String::from("AssigneeId,PermissionSetId\n"),
        ),
        (
            "PermissionSetLicenseAssign",
            String::from("AssigneeId,PermissionSetLicenseId\n"),
        ),
        ("PermissionSetGroup", String::from("Id,DeveloperName\n")),
        (
            "PermissionSetGroupComponent",
            String::from("PermissionSetGroupId,PermissionSetId\n"),
        ),
        (
            "Settings",
            String::from("key,value\nCommunities.enableOotbProfExtUserOpsEnable,true\n"),
        ),
    ] {
        sandbox.write(&format!("org/{file}.csv"), text);
    }
    sandbox.write("shapes.csv", input);
    let run = sandbox.run(&[
        "check",
        "shapes.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ]);
    let report: serde_json::Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|fault| panic!("{fault}: {}", run.stderr));
    let errors: Vec<String> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| {
            format!(
                "{} {} {}",
                finding["user"], finding["rule"], finding["message"]
            )
        })
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(report["summary"]["rows"], shapes.len());
    assert_eq!(report["summary"]["incompatible"], 0, "{}", run.stderr);
}

// A healthy org -----------------------------------------------------------------------------------------------------

/// Users of the healthy org, who all keep what they have.
const PEOPLE: usize = 5_000;
const SETS: usize = 60;

/// An org where everything fits: profiles with flags and rights on objects, sets of all three kinds, a muted group.
fn write_healthy_org(sandbox: &Sandbox) -> String {
    let licenses = format!(
        "Id,Name,LicenseDefinitionKey,Status,TotalLicenses,UsedLicenses\n{},Salesforce,SFDC,Active,4000,3000\n{},Salesforce Platform,AUL,Active,2500,2000\n",
        id("100", 0),
        id("100", 1)
    );
    let profiles = format!(
        "Id,Name,UserLicenseId,UserType\n{},Sellers,{},Standard\n{},Builders,{},Standard\n",
        id("00e", 0),
        id("100", 0),
        id("00e", 1),
        id("100", 1)
    );
    let flags =
        "PermissionsApiEnabled,PermissionsRunReports,PermissionsExportReport,PermissionsNovelRight";
    let mut sets = format!(
        "Id,Name,Label,LicenseId,IsOwnedByProfile,ProfileId,PermissionSetGroupId,IsCustom,Type,{flags}\n"
    );
    let mut rights = String::from(
        "ParentId,SobjectType,PermissionsRead,PermissionsCreate,PermissionsEdit,PermissionsDelete,PermissionsViewAllRecords,PermissionsModifyAllRecords\n",
    );
    for (n, license) in [(0, 0), (1, 1)] {
        let own = id("0PS", 9_000 + n);
        let _ = writeln!(
            sets,
            "{own},X{},,{},true,{},,true,Profile,true,true,true,false",
            id("00e", n),
            id("100", license),
            id("00e", n)
        );
        for object in ["Account", "Contact", "Trip__c"] {
            let _ = writeln!(rights, "{own},{object},true,true,true,false,false,false");
        }
    }
    for n in 0..SETS {
        // Every third is bound to the license of the sellers, the last ten to a permission set license.
        let bond = match n {
            50.. => id("0PL", 0),
            _ if n % 3 == 0 => id("100", 0),
            _ => String::new(),
        };
        let _ = writeln!(
            sets,
            "{},Set_{n},Set {n},{bond},false,,,true,Regular,true,{},false,{}",
            id("0PS", n),
            n % 2 == 0,
            n == 1
        );
        let own = if n == 49 { "Order" } else { "Case" };
        for object in ["Account", own, "Trip__c", "Leg__c"] {
            let _ = writeln!(
                rights,
                "{},{object},true,false,false,false,false,false",
                id("0PS", n)
            );
        }
    }
    let _ = writeln!(
        sets,
        "{},XGroup,,,false,,{},false,Group,true,false,false,false",
        id("0PS", 9_100),
        id("0PG", 0)
    );
    let mut users = String::from("Id,Username,IsActive,UserType,ProfileId,Email\n");
    let mut held =
        String::from("AssigneeId,PermissionSetId,PermissionSetGroupId,IsActive,IsRevoked\n");
    let mut psls = String::from("AssigneeId,PermissionSetLicenseId\n");
    let mut input = String::from("username,profile,permissionSets,permissionSetGroups\n");
    for n in 0..PEOPLE {
        let seller = n % 5 < 3;
        let user = id("005", n);
        let _ = writeln!(
            users,
            "{user},user{n}@healthy.example,true,Standard,{},user{n}@healthy.example",
            id("00e", usize::from(!seller))
        );
        let mut own: Vec<usize> = [n % 49, (n * 7 + 2) % 49]
            .into_iter()
            .filter(|set| seller || set % 3 != 0)
            .collect();
        own.dedup();
        if n % 11 == 0 {
            own.push(55);
            let _ = writeln!(psls, "{user},{}", id("0PL", 0));
        }
        for set in &own {
            let _ = writeln!(held, "{user},{},,true,false", id("0PS", *set));
        }
        let _ = writeln!(
            held,
            "{user},{},{},true,false",
            id("0PS", 9_100),
            id("0PG", 0)
        );
        let names: Vec<String> = own.iter().map(|set| format!("Set_{set}")).collect();
        let _ = writeln!(
            input,
            "user{n}@healthy.example,{},{},Everybody",
            if seller { "Sellers" } else { "Builders" },
            names.join(";")
        );
    }
    for (file, text) in [
        ("UserLicense", licenses),
        ("Profile", profiles),
        ("PermissionSet", sets),
        ("ObjectPermissions", rights),
        ("User", users),
        ("PermissionSetAssignment", held),
        ("PermissionSetLicenseAssign", psls),
        (
            "PermissionSetLicense",
            format!(
                "Id,DeveloperName,PermissionSetLicenseKey,MasterLabel,Status,TotalLicenses,UsedLicenses,ExpirationDate,MaximumPermissionsNovelRight\n{},Extra,ExtraPsl,Extra,Active,600,455,,false\n",
                id("0PL", 0)
            ),
        ),
        (
            "PermissionSetGroup",
            format!(
                "Id,DeveloperName,MasterLabel,Status\n{},Everybody,Everybody,Updated\n",
                id("0PG", 0)
            ),
        ),
        (
            "PermissionSetGroupComponent",
            format!(
                "PermissionSetGroupId,PermissionSetId\n{},{}\n{},{}\n",
                id("0PG", 0),
                id("0PS", 1),
                id("0PG", 0),
                id("0QM", 0)
            ),
        ),
        (
            "MutingPermissionSet",
            format!("Id,DeveloperName\n{},Quiet\n", id("0QM", 0)),
        ),
    ] {
        sandbox.write(&format!("org/{file}.csv"), text);
    }
    input
}

#[test]
fn a_healthy_org_is_quiet() {
    let sandbox = Sandbox::new();
    let mut input = write_healthy_org(&sandbox);
    // Newcomers get a set that nobody of their license has: told once, with a count.
    for n in 0..200 {
        let _ = writeln!(input, "new{n}@healthy.example,Builders,Set_49,Everybody");
    }
    sandbox.write("people.csv", input);
    let run = sandbox.run(&[
        "check",
        "people.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ]);
    let report: serde_json::Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|fault| panic!("{fault}: {}", run.stderr));
    assert_eq!(report["summary"]["rows"], PEOPLE + 200);
    assert_eq!(report["summary"]["errors"], 0, "{}", run.stderr);
    assert_eq!(report["summary"]["undecided"], 0, "{}", run.stderr);
    let findings = report["findings"].as_array().expect("findings");
    assert!(
        findings.len() <= 12,
        "{} findings: {findings:#?}",
        findings.len()
    );
    let unproven: Vec<_> = findings
        .iter()
        .filter(|finding| finding["rule"] == "permission-set-permission-unproven")
        .collect();
    assert_eq!(unproven.len(), 1, "{unproven:#?}");
    assert_eq!(unproven[0]["rows"], 200);
    let table = sandbox.run(&["check", "people.csv", "--snapshot", "org"]);
    // What the files lack is one line each; the org of this test is a small part of a real one.
    let (told, lacking) = table.stdout.split_once("Not checked:").expect("coverage");
    let seats = lacking.split_once("Seats:").map_or("", |(_, seats)| seats);
    let lines = told.lines().count() + seats.lines().count();
    assert!(lines <= 24, "{lines} lines:\n{}", table.stdout);
}
