//! Every way in which a folder can be broken, with the text that says so.

use super::{Folder, load};
use std::fmt::Write as _;

/// The error of the tiny org with one more file.
fn text(file: &str, content: impl AsRef<[u8]>) -> String {
    Folder::new().with(file, content).fault().to_string()
}

#[test]
fn a_folder_must_be_there_and_hold_something() {
    let empty = Folder::empty().with("notes.txt", "hello");
    let dir = empty.path().display().to_string();
    assert_eq!(
        empty.fault().to_string(),
        format!("{dir} holds no snapshot: there is no User.csv, Profile.csv or other file of one")
    );
    let missing = empty.path().join("missing");
    assert_eq!(
        load(&missing, &Folder::wants())
            .expect_err("no folder")
            .to_string(),
        format!("{} is not a folder", missing.display())
    );
}

#[test]
fn a_file_that_is_no_file() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("UserRole.csv")).expect("a folder");
    let text = folder.fault().to_string();
    assert!(text.starts_with("UserRole.csv: "), "{text}");
}

#[test]
fn text_that_is_no_text() {
    assert_eq!(
        text("UserRole.csv", b"Id,Name\n00EPq0000000001,Z\xfcrich\n"),
        "UserRole.csv: not UTF-8 text: the byte at offset 25 does not fit (save the file as UTF-8)"
    );
    assert_eq!(
        text(
            "UserRole.csv",
            b"\xef\xbb\xbfId,Name\n00EPq0000000001,Z\xfcrich\n"
        ),
        "UserRole.csv: not UTF-8 text: the byte at offset 28 does not fit (save the file as UTF-8)"
    );
    assert_eq!(
        text(
            "UserRole.csv",
            "Id,Name\n00EPq0000000001,A\n00EPq0000000002,\0\n"
        ),
        "UserRole.csv, line 3: a NUL byte: this is not a text file, or it is damaged"
    );
    assert_eq!(
        text("UserRole.csv", "Id,Name\n00EPq0000000001,\"A\nB\n"),
        "UserRole.csv, line 2: the quote that opens here is never closed"
    );
}

#[test]
fn headers() {
    assert_eq!(
        text("UserRole.csv", ""),
        "UserRole.csv: empty, without a header line \
         (an object without records has a header and nothing else)"
    );
    assert_eq!(
        text("UserRole.csv", "Id;Name\n"),
        "UserRole.csv, line 1: the columns are separated by semicolons; \
         a snapshot file is separated by commas"
    );
    assert_eq!(
        text("UserRole.csv", "Id,Name,name\n"),
        "UserRole.csv, line 1: the column Name is there twice"
    );
    assert_eq!(
        text("UserRole.csv", "Name,DeveloperName\n"),
        "UserRole.csv, line 1: the column Id is missing"
    );
    assert_eq!(
        text("PermissionSetAssignment.csv", "Id,PermissionSetId\n"),
        "PermissionSetAssignment.csv, line 1: the column AssigneeId is missing"
    );
}

#[test]
fn cells() {
    let role = |row: &str| {
        text(
            "UserRole.csv",
            format!("Id,Name,ParentRoleId\n00EPq0000000001,A,\n{row}\n"),
        )
    };
    assert_eq!(
        role("00EPq0000000002,B,,,x"),
        "UserRole.csv, line 3: 5 cells, but the header names 3 columns"
    );
    assert_eq!(
        role("CEO,B,"),
        "UserRole.csv, line 3, column Id: 'CEO' is no Salesforce id: it has 3 characters, not 15 or 18"
    );
    assert_eq!(
        role("00EPq0000000002,B,00EPq00000-0001"),
        "UserRole.csv, line 3, column ParentRoleId: '00EPq00000-0001' is no Salesforce id: \
         it holds something else than letters and digits"
    );
    assert_eq!(
        role("00EPQ0000000002MAA,B,"),
        "UserRole.csv, line 3, column Id: '00EPQ0000000002MAA' is no Salesforce id: \
         the last three characters do not belong to the others (were capitals changed?)"
    );
    assert_eq!(
        role(",B,"),
        "UserRole.csv, line 3, column Id: '' is no id of a record"
    );
    assert_eq!(
        role("00EPq0000000001AAA,B,"),
        "UserRole.csv, line 3, column Id: '00EPq0000000001AAA' is no Salesforce id: \
         the last three characters do not belong to the others (were capitals changed?)"
    );
    assert_eq!(
        role("00EPq0000000001MAA,B,"),
        "UserRole.csv, line 3: 00EPq0000000001MAA is there twice"
    );
}

#[test]
fn values() {
    assert_eq!(
        text(
            "User.csv",
            "Id,Username,IsActive\n005Pq0000000001,a@x.example,1\n"
        ),
        "User.csv, line 2, column IsActive: '1' is no boolean (true or false)"
    );
    assert_eq!(
        text(
            "UserLicense.csv",
            "Id,TotalLicenses\n\"100Pq0000000001\",\"1,000\"\n"
        ),
        "UserLicense.csv, line 2, column TotalLicenses: '1,000' is no whole number"
    );
    assert_eq!(
        text(
            "PermissionSetLicense.csv",
            "Id,MasterLabel,ExpirationDate\n0PLPq0000000001,\"a\nb\",\n0PLPq0000000002,c,31.12.2026\n"
        ),
        "PermissionSetLicense.csv, line 4, column ExpirationDate: '31.12.2026' is no date \
         (2026-11-20 or 2026-11-20T02:10:00.000+0000)"
    );
    let long = format!("Id,IsActive\n005Pq0000000001,\"x\t{}\"\n", "y".repeat(90));
    let shown = text("User.csv", long);
    assert!(
        shown.contains(&format!("'x\\t{}…'", "y".repeat(58))),
        "{shown}"
    );
}

#[test]
fn a_user_who_is_there_twice() {
    assert_eq!(
        text(
            "User.csv",
            "Id,Username\n005Pq0000000001,a@x.example\n005Pq0000000002,b@x.example\n005Pq0000000001,c@x.example\n"
        ),
        "User.csv, line 4: 005Pq0000000001IAA is there twice"
    );
    assert_eq!(
        text("Settings.csv", "key,value\na,1\na,2\n"),
        "Settings.csv, line 3: a is there twice"
    );
    for file in ["Account.csv", "Contact.csv", "Network.csv"] {
        let text = text(file, "Id,Name\n001Pq0000000001,a\n001Pq0000000001,b\n");
        assert!(
            text.starts_with(&format!("{file}, line 3: 001Pq")),
            "{text}"
        );
    }
}

#[test]
fn json_files() {
    assert_eq!(
        text("describe/User.json", "{\"fields\": [\n  {\"name\": }\n]}"),
        "describe/User.json, line 2, column 12: expected value"
    );
    assert_eq!(
        text("describe/User.json", "[{\"errorCode\":\"NOT_FOUND\"}]")
            .split(": ")
            .next(),
        Some("describe/User.json, line 1, column 1")
    );
    assert_eq!(
        text("describe/User.json", "{\"errorCode\": \"NOT_FOUND\"}"),
        "describe/User.json: no describe result: it has no `fields`"
    );
    assert_eq!(
        text("describe/User.json", b"{\"fields\": \"\xfc\"}"),
        "describe/User.json: not UTF-8 text: the byte at offset 12 does not fit (save the file as UTF-8)"
    );
    let broken = text("manifest.json", "{\"pulled_at\": \"yesterday\"}");
    assert!(
        broken.starts_with("manifest.json, line 1, column "),
        "{broken}"
    );
}

#[test]
fn a_folder_of_two_orgs() {
    let folder = Folder::new()
        .with("Organization.csv", "Id,Name\n00DPq0000000001,Acme\n")
        .with("manifest.json", "{\"org_id\": \"00DPq0000000002\"}");
    assert_eq!(
        folder.fault().to_string(),
        "manifest.json is of the org 00DPq0000000002MAA, Organization.csv of 00DPq0000000001MAA: \
         the folder mixes two orgs"
    );
}

#[test]
fn more_profiles_than_users_can_name() {
    let mut rows = String::from("Id\n");
    for n in 0..65_535 {
        writeln!(rows, "00ePq{n:010}").expect("a String takes everything");
    }
    assert_eq!(
        text("Profile.csv", rows),
        "Profile.csv: more than 65534 records"
    );
}
