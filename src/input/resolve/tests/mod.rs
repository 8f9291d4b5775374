//! Rows against a small invented org.

mod lists;
mod world;

use super::Refusal;
use crate::input::{Attribute, Input, ReadOptions, Resolution, RoleCell};
use crate::model::{
    IdFault, LicenseId, PackageId, ProfileId, PublicGroup, PublicGroupId, RoleId, UserId, UserType,
};
use crate::rules::NullMeaning;
use std::io::Cursor;
use world::{id, org, row, with};

fn profile_of(cell: &str) -> String {
    row(
        &format!("login,profile\nx@acme.example,\"{cell}\"\n"),
        |row| format!("{:?}", row.profile),
    )
}

#[test]
fn a_profile_by_name_or_id() {
    assert_eq!(profile_of("Sales User"), "Found(ProfileId(0))");
    assert_eq!(profile_of("sales USER"), "Folded(ProfileId(0))");
    assert_eq!(profile_of("Sales User "), "Folded(ProfileId(0))");
    assert_eq!(profile_of("00e000000000001"), "Found(ProfileId(1))");
    assert_eq!(profile_of("00e000000000001AAA"), "Found(ProfileId(1))");
    assert_eq!(
        profile_of("Twin"),
        "Ambiguous([ProfileId(2), ProfileId(3)])"
    );
    assert_eq!(profile_of("Nobody"), "NotFound");
    assert_eq!(profile_of(""), "Nothing");
    assert_eq!(profile_of("00e00000000000"), "MalformedId(Length(14))");
    assert_eq!(profile_of("00e000000000001ZZZ"), "MalformedId(Checksum)");
    assert_eq!(
        profile_of("00E000000000001"),
        "OtherObject(00E000000000001AAA)".replace("AAA", &id("00E000000000001").to_string()[15..])
    );
    assert!(profile_of("00e000000000099").starts_with("UnknownId"));
}

#[test]
fn what_was_not_pulled_is_unseen() {
    for (object, text) in [
        ("Profile", "login,profile\nx@acme.example,Nobody\n"),
        ("Profile", "login,profile\nx@acme.example,00e000000000099\n"),
        ("UserRole", "login,profile,role\nx@acme.example,,Nobody\n"),
    ] {
        let mut org = org();
        org.coverage.objects.remove(object);
        with(org, NullMeaning::Ignored, text, |row| {
            let row = row.expect("a row");
            let unseen = row.profile == Resolution::Unseen
                || matches!(row.role, RoleCell::Sent(_, Resolution::Unseen));
            assert!(unseen, "{object}");
        });
    }
    row(
        "login,publicGroups\nx@acme.example,00G000000000099;Nobody\n",
        |row| {
            assert_eq!(row.public_groups.items[0].to, Resolution::Unseen);
            assert_eq!(row.public_groups.items[1].to, Resolution::NotFound);
        },
    );
    row(
        "login,packages\nx@acme.example,nobody;acmepkg;050000000000000\n",
        |row| {
            assert_eq!(row.packages.items[0].to, Resolution::Unseen);
            assert_eq!(row.packages.items[1].to, Resolution::Found(PackageId(0)));
            assert_eq!(row.packages.items[2].to, Resolution::Found(PackageId(0)));
        },
    );
}

#[test]
fn without_a_column_of_names_nothing_is_not_found() {
    for (object, column, header) in [
        ("UserRole", "DeveloperName", "role"),
        ("PermissionSet", "Label", "permissionSets"),
        ("PermissionSet", "NamespacePrefix", "permissionSets"),
        ("PermissionSetGroup", "MasterLabel", "permissionSets"),
        ("PermissionSetLicense", "MasterLabel", "psl"),
        ("Group", "DeveloperName", "publicGroups"),
    ] {
        let mut org = org();
        if let Some(known) = org.coverage.objects.get_mut(object) {
            known.columns.remove(column);
        }
        let text = format!("login,{header}\nx@acme.example,acme__Nobody\n");
        with(org, NullMeaning::Ignored, &text, |row| {
            let row = row.expect("a row");
            let unseen = matches!(row.role, RoleCell::Sent(_, Resolution::Unseen))
                || row
                    .sets
                    .items
                    .iter()
                    .any(|item| item.to == Resolution::Unseen)
                || row
                    .psls
                    .items
                    .iter()
                    .any(|item| item.to == Resolution::Unseen)
                || row
                    .public_groups
                    .items
                    .iter()
                    .any(|item| item.to == Resolution::Unseen);
            assert!(unseen, "{object}.{column}");
        });
    }
}

#[test]
fn the_existing_user_is_found() {
    row("login\nANN@acme.example\n", |row| {
        assert_eq!(row.person.user, Some(UserId(0)));
        assert!(!row.person.matched_by_id);
        assert_eq!(row.person.profile, Some(ProfileId(0)));
        assert_eq!(row.person.license, Some(LicenseId(0)));
        assert_eq!(row.person.kind, Some(UserType::Standard));
        assert_eq!(
            (row.person.role, row.person.role_before),
            (Some(RoleId(0)), Some(RoleId(0)))
        );
        assert!(row.person.active && row.person.active_before);
    });
    row(
        "login,externalId\nann@acme.example,005000000000002\n",
        |row| {
            assert_eq!(row.person.user, Some(UserId(1)));
            assert!(row.person.matched_by_id);
            assert!(!row.person.active);
        },
    );
    row(
        "login,externalId,profile\nnew@acme.example,00uFICT0000000000001,\n",
        |row| {
            assert!(row.person.is_create());
            assert_eq!(row.user_id, Resolution::NotFound);
            assert_eq!(row.person.profile, None);
            assert!(row.person.active && !row.person.active_before);
        },
    );
    row("externalId\n005000000000009\n", |row| {
        assert_eq!(row.user_id, Resolution::UnknownId(id("005000000000009")));
    });
}

#[test]
fn a_profile_that_leads_nowhere_leaves_the_rest_unknown() {
    row("login,profile\nann@acme.example,Nobody\n", |row| {
        assert_eq!(row.person.profile, None);
        assert_eq!(row.person.license, None);
        assert_eq!(row.person.kind, None);
        assert_eq!(row.person.license_before, Some(LicenseId(0)));
    });
    // A name of two profiles, one of which the user has: no change is meant.
    row("login,profile\nbob@acme.example,Twin\n", |row| {
        assert_eq!(row.person.profile, Some(ProfileId(3)));
        assert!(!row.person.changes_license());
    });
    row("login,profile\nann@acme.example,Partner\n", |row| {
        assert!(row.person.changes_license());
        assert_eq!(row.person.kind, Some(UserType::PowerCustomerSuccess));
    });
}

fn role_of(profile: &str, cell: &str) -> String {
    row(
        &format!("login,profile,role\nx@acme.example,{profile},{cell}\n"),
        |row| format!("{:?}", row.role),
    )
}

#[test]
fn a_role_by_name_api_name_and_user_type() {
    assert_eq!(
        role_of("Sales User", "CEO"),
        "Sent(\"CEO\", Found(RoleId(0)))"
    );
    assert_eq!(
        role_of("Sales User", "CEO_role"),
        "Sent(\"CEO_role\", Found(RoleId(0)))"
    );
    // Internal and portal roles of one name.
    assert_eq!(
        role_of("Sales User", "Executive"),
        "Sent(\"Executive\", Found(RoleId(1)))"
    );
    assert_eq!(
        role_of("Partner", "Executive"),
        "Sent(\"Executive\", Found(RoleId(2)))"
    );
    assert_eq!(
        role_of("Partner", "EXECUTIVE"),
        "Sent(\"EXECUTIVE\", Folded(RoleId(2)))"
    );
    assert_eq!(
        role_of("", "Executive"),
        "Sent(\"Executive\", Ambiguous([RoleId(1), RoleId(2)]))"
    );
    assert_eq!(
        role_of("Sales User", "Team"),
        "Sent(\"Team\", Ambiguous([RoleId(4), RoleId(5)]))"
    );
    // A name beats an API name.
    assert_eq!(
        role_of("Sales User", "Exec"),
        "Sent(\"Exec\", Found(RoleId(3)))"
    );
    for word in ["NO_ROLE", "no_role", "--None--", "NULL"] {
        assert_eq!(role_of("Sales User", word), "Remove", "{word}");
    }
    assert_eq!(role_of("Sales User", ""), "Keep");
}

#[test]
fn a_blank_role_removes_only_where_nulls_are_pushed() {
    let text = "login,role\nann@acme.example,\n";
    with(org(), NullMeaning::Pushed, text, |row| {
        let row = row.expect("a row");
        assert_eq!(row.role, RoleCell::Remove);
        assert_eq!(row.person.role, None);
    });
    with(
        org(),
        NullMeaning::Pushed,
        "login,role\nnew@acme.example,\n",
        |row| {
            assert_eq!(row.expect("a row").role, RoleCell::Keep);
        },
    );
    row(text, |row| assert_eq!(row.person.role, Some(RoleId(0))));
}

#[test]
fn activity_as_people_write_it() {
    for (cell, active) in [
        ("true", true),
        ("ACTIVE", true),
        ("0", false),
        ("DEPROVISIONED", false),
        ("", true),
        ("what", true),
    ] {
        row(&format!("login,active\nann@acme.example,{cell}\n"), |row| {
            assert_eq!(row.person.active, active, "{cell}");
        });
    }
    row("login,active\nbob@acme.example,\n", |row| {
        assert!(!row.person.active);
    });
    row("login,active\nbob@acme.example,yes\n", |row| {
        assert!(row.person.active);
    });
}

#[test]
fn types_of_powershell_name_the_column() {
    let text = "login,psl\nx@acme.example,System.Object[]\n";
    with(org(), NullMeaning::Ignored, text, |row| {
        assert_eq!(
            row.err(),
            Some(Refusal {
                column: Attribute::PermissionSetLicenses
            })
        );
    });
    let (input, _) = Input::read(
        "f.csv",
        Box::new(Cursor::new(text.as_bytes().to_vec())),
        &org(),
        &ReadOptions::default(),
    )
    .expect("readable");
    let error = input.refused(
        Refusal {
            column: Attribute::PermissionSetLicenses,
        },
        2,
    );
    assert!(
        error
            .to_string()
            .starts_with("f.csv: line 2: column 'psl' holds `System.Object[]`")
    );
}

#[test]
fn contacts_and_names_that_look_like_ids() {
    row("login,ContactId\nx@acme.example,003000000000001\n", |row| {
        assert_eq!(row.contact, Some(id("003000000000001")));
    });
    row("login,ContactId\nx@acme.example,Smith\n", |row| {
        assert_eq!(row.contact, None);
    });
    let mut org = org();
    org.public_groups.push(PublicGroup {
        id: id("00G000000000001"),
        name: "100PercentSales".into(),
        developer_name: "".into(),
    });
    with(
        org,
        NullMeaning::Ignored,
        "login,publicGroups\nx@acme.example,100PercentSales\n",
        |row| {
            assert_eq!(
                row.expect("a row").public_groups.items[0].to,
                Resolution::Found(PublicGroupId(1))
            );
        },
    );
    row(
        "login,publicGroups\nx@acme.example,100PercentSales\n",
        |row| {
            assert!(matches!(
                row.public_groups.items[0].to,
                Resolution::OtherObject(_)
            ));
        },
    );
    row(
        "login,publicGroups\nx@acme.example,100PercentSale\n",
        |row| {
            assert_eq!(
                row.public_groups.items[0].to,
                Resolution::MalformedId(IdFault::Length(14))
            );
        },
    );
}
