//! Rows against a small invented org.

use super::{Refusal, Resolver};
use crate::input::{
    Attribute, FeatureRef, Input, ListStyle, ReadOptions, Resolution, RoleCell, Row, SetRef,
};
use crate::matrix::Matrix;
use crate::model::{
    FeatureId, IdFault, Known, License, LicenseId, ObjectCoverage, Org, Package, PackageId,
    PermissionSet, PermissionSetGroup, PermissionSetGroupId, PermissionSetId, PermissionSetLicense,
    Permissions, PortalType, Profile, ProfileId, PslId, PublicGroup, PublicGroupId, Record, Role,
    RoleId, SetLicense, SetOwner, SfId, UserId, UserRecord, UserType, UsersBuilder,
};
use crate::rules::{Command, ListMeaning, NullMeaning, Run};
use crate::tabular::Records;
use std::io::Cursor;

fn id(text: &str) -> SfId {
    SfId::parse(text).expect("an id")
}

fn profile(number: u32, name: &str, license: u32, kind: UserType) -> Profile {
    Profile {
        id: id(&format!("00e{number:012}")),
        name: name.into(),
        license: Known::Yes(LicenseId(license)),
        user_type: Known::Yes(kind),
        permissions: Permissions::new(),
        custom: Known::Unknown,
    }
}

fn role(number: u32, name: &str, developer_name: &str, portal: PortalType) -> Role {
    Role {
        id: id(&format!("00E{number:012}")),
        name: name.into(),
        developer_name: developer_name.into(),
        parent: None,
        portal_type: Known::Yes(portal),
        portal_account: Known::Unknown,
    }
}

fn set(number: u32, name: &str, label: &str, owner: SetOwner) -> PermissionSet {
    PermissionSet {
        id: id(&format!("0PS{number:012}")),
        name: name.into(),
        label: label.into(),
        namespace: "".into(),
        license: Known::Yes(SetLicense::None),
        owner,
        session: Known::Unknown,
        custom: Known::Unknown,
        permissions: Permissions::new(),
    }
}

fn license(number: u32, key: &str) -> License {
    License {
        id: id(&format!("100{number:012}")),
        name: key.into(),
        key: Known::Yes(key.into()),
        disabled: Known::Yes(false),
        total: Known::Yes(10),
        used: Known::Yes(1),
        monthly_logins: Known::Unknown,
        monthly_logins_used: Known::Unknown,
    }
}

fn add_names(org: &mut Org) {
    for (n, key) in ["SFDC", "PID_Customer_Community_Plus"].iter().enumerate() {
        org.licenses
            .push(license(u32::try_from(n).expect("small"), key));
    }
    for (n, (name, license, kind)) in [
        ("Sales User", 0, UserType::Standard),
        ("Partner", 1, UserType::PowerCustomerSuccess),
        ("Twin", 0, UserType::Standard),
        ("Twin", 1, UserType::PowerCustomerSuccess),
    ]
    .into_iter()
    .enumerate()
    {
        let row = profile(u32::try_from(n).expect("small"), name, license, kind);
        let record = Record::Profile(ProfileId(u32::try_from(n).expect("small")));
        org.by_id.insert(row.id, record);
        org.profiles.push(row);
    }
    for (n, (name, developer_name, portal)) in [
        ("CEO", "CEO_role", PortalType::None),
        ("Executive", "Exec", PortalType::None),
        ("Executive", "AcmeExec", PortalType::CustomerPortal),
        ("Exec", "Other", PortalType::None),
        ("Team", "Team1", PortalType::None),
        ("Team", "Team2", PortalType::None),
    ]
    .into_iter()
    .enumerate()
    {
        let n = u32::try_from(n).expect("small");
        let row = role(n, name, developer_name, portal);
        org.by_id.insert(row.id, Record::Role(RoleId(n)));
        org.roles.push(row);
    }
    for (n, (name, label, owner)) in [
        ("Quote_Approver", "Quote Approver", SetOwner::Nobody),
        ("Reports_EU", "Reports, Europe", SetOwner::Nobody),
        ("X00ex1", "X00ex1", SetOwner::Profile(None)),
    ]
    .into_iter()
    .enumerate()
    {
        let n = u32::try_from(n).expect("small");
        let row = set(n, name, label, owner);
        org.by_id
            .insert(row.id, Record::PermissionSet(PermissionSetId(n)));
        org.permission_sets.push(row);
    }
}

fn add_other_tables(org: &mut Org) {
    org.permission_set_groups.push(PermissionSetGroup {
        id: id("0PG000000000000"),
        name: "Crew".into(),
        label: "The Crew".into(),
        namespace: "".into(),
        status: Known::Unknown,
        members: Known::Unknown,
        aggregate: None,
    });
    org.by_id.insert(
        id("0PG000000000000"),
        Record::PermissionSetGroup(PermissionSetGroupId(0)),
    );
    org.psls.push(PermissionSetLicense {
        id: id("0PL000000000000"),
        name: "acme_FieldPsl".into(),
        key: "acme.FieldPsl".into(),
        label: "Field".into(),
        disabled: Known::Unknown,
        total: Known::Unknown,
        used: Known::Unknown,
        expires: Known::Unknown,
        maximum: Permissions::new(),
    });
    org.public_groups.push(PublicGroup {
        id: id("00G000000000000"),
        name: "All Sales".into(),
        developer_name: "All_Sales".into(),
    });
    org.packages.push(Package {
        id: id("050000000000000"),
        namespace: "acmepkg".into(),
        allowed: Known::Unknown,
        used: Known::Unknown,
    });
    org.by_id
        .insert(id("050000000000000"), Record::Package(PackageId(0)));
    org.features.push("UserPermissionsMarketingUser".into());
    org.features.push("UserPermissionsSupportUser".into());
    for (object, filtered) in [
        ("UserLicense", false),
        ("Profile", false),
        ("UserRole", false),
        ("PermissionSet", false),
        ("PermissionSetGroup", false),
        ("PermissionSetLicense", false),
        ("Group", true),
        ("User", false),
    ] {
        let columns = ["Id", "UserPermissionsMarketingUser"]
            .map(String::from)
            .into();
        org.coverage.objects.insert(
            object.into(),
            ObjectCoverage {
                columns,
                rows: 1,
                filtered,
            },
        );
    }
}

fn org() -> Org {
    let mut org = Org::default();
    add_names(&mut org);
    add_other_tables(&mut org);
    let mut users = UsersBuilder::new();
    users.push(&UserRecord {
        id: Some(id("005000000000001")),
        username: "Ann@acme.example",
        active: Some(true),
        profile: Some(ProfileId(0)),
        role: Some(RoleId(0)),
        features: 0b01,
        user_type: Some(UserType::Standard),
    });
    users.push(&UserRecord {
        id: Some(id("005000000000002")),
        username: "bob@acme.example",
        active: Some(false),
        profile: Some(ProfileId(3)),
        role: None,
        features: 0,
        user_type: None,
    });
    org.users = users.finish(true);
    org
}

fn run(nulls: NullMeaning) -> Run {
    Run {
        today: jiff::civil::date(2026, 11, 21),
        lists: ListMeaning::Replace,
        nulls,
        expiring_within: 30,
        email_domains: Vec::new(),
        integration_user: None,
        default_lead_creator: None,
        portal_administrators: Vec::new(),
        account_id: None,
        reserve: Vec::new(),
        totals: Vec::new(),
        command: Command::Check,
    }
}

/// Resolves the first record below a header and hands it to `look`.
fn with<T>(
    org: Org,
    nulls: NullMeaning,
    text: &str,
    look: impl FnOnce(Result<&Row<'_>, Refusal>) -> T,
) -> T {
    let (input, mut blocks) = Input::read(
        "f.csv",
        Box::new(Cursor::new(text.as_bytes().to_vec())),
        &org,
        &ReadOptions::default(),
    )
    .expect("readable");
    let m = Matrix::build(org);
    let run = run(nulls);
    let resolver = Resolver::new(&m, &input.columns, &run, None);
    let block = blocks.next(Vec::new()).expect("a block").expect("data");
    let text = input.text(&block).expect("text");
    let mut records = Records::default();
    records.split(text, input.delimiter);
    let mut row = Row::default();
    // All records through one row: what an earlier one said must not stay.
    let mut result = Ok(());
    for n in 0..records.len() {
        result = resolver.fill(records.get(text, n).expect("in range"), &mut row);
    }
    match result {
        Ok(()) => look(Ok(&row)),
        Err(refusal) => look(Err(refusal)),
    }
}

fn row<T>(text: &str, look: impl FnOnce(&Row<'_>) -> T) -> T {
    with(org(), NullMeaning::Ignored, text, |row| {
        look(row.expect("a row"))
    })
}

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
fn sets_and_groups_of_both_columns() {
    let text = "login,permissionSets,permissionSetGroups\n\
        x@acme.example,nothing;that;must;stay,x\n\
        x@acme.example,\"Quote_Approver;Quote Approver;Crew;quote_approver;Nobody;X00ex1;0PS000000000002\",0PG000000000000\n";
    row(text, |row| {
        assert!(row.sets.present);
        let to: Vec<_> = row.sets.items.iter().map(|item| item.to).collect();
        let set = |n| SetRef::Set(PermissionSetId(n));
        let group = SetRef::Group(PermissionSetGroupId(0));
        assert_eq!(
            to,
            [
                Resolution::Found(set(0)),
                Resolution::Found(set(0)),
                Resolution::Found(group),
                Resolution::Folded(set(0)),
                Resolution::NotFound,
                Resolution::NotFound,
                Resolution::Found(set(2)),
                Resolution::Found(group),
            ]
        );
        assert_eq!(row.sets.items[7].column, Attribute::PermissionSetGroups);
        assert!(row.lists.contains(ListStyle::Semicolon));
    });
    row(
        "login,permissionSets\nx@acme.example,\"Quote_Approver, Crew\"\n",
        |row| {
            assert_eq!(row.sets.items.len(), 2);
            assert!(row.lists.contains(ListStyle::Comma));
        },
    );
    row(
        "login,permissionSets\nx@acme.example,\"Reports, Europe\"\n",
        |row| {
            assert_eq!(row.sets.items.len(), 1);
            assert_eq!(
                row.sets.items[0].to,
                Resolution::Found(SetRef::Set(PermissionSetId(1)))
            );
        },
    );
    row("login,profile\nx@acme.example,\n", |row| {
        assert!(!row.sets.present)
    });
}

#[test]
fn spellings_of_a_namespace_are_one() {
    for text in [
        "acme.FieldPsl",
        "acme_FieldPsl",
        "acme__FieldPsl",
        "FieldPsl",
        "Field",
        "0PL000000000000",
    ] {
        let mut org = org();
        org.by_id
            .insert(id("0PL000000000000"), Record::Psl(PslId(0)));
        with(
            org,
            NullMeaning::Ignored,
            &format!("login,psl\nx@acme.example,{text}\n"),
            |row| {
                assert_eq!(
                    row.expect("a row").psls.items[0].to,
                    Resolution::Found(PslId(0)),
                    "{text}"
                );
            },
        );
    }
    row("login,psl\nx@acme.example,Other_Psl\n", |row| {
        assert_eq!(row.psls.items[0].to, Resolution::NotFound)
    });
}

fn feature_kind(to: FeatureRef) -> &'static str {
    match to {
        FeatureRef::Feature(FeatureId(0)) => "marketing",
        FeatureRef::Feature(_) => "other",
        FeatureRef::Absent(_) => "absent",
        FeatureRef::NotALicense => "no license",
        FeatureRef::Unknown => "unknown",
        FeatureRef::Unseen(_) => "unseen",
    }
}

#[test]
fn feature_licenses_of_the_list() {
    let text = "login,featureLicenses\nann@acme.example,\"MarketingUser;marketing user;UserPermissionsSupportUser;Knowledge User;Live Agent User;CallCenterAutoLogin;Nonsense\"\n";
    row(text, |row| {
        let kinds: Vec<_> = row
            .features
            .iter()
            .map(|item| feature_kind(item.to))
            .collect();
        assert_eq!(
            kinds,
            [
                "marketing",
                "marketing",
                "other",
                "absent",
                "absent",
                "no license",
                "unknown"
            ]
        );
        assert_eq!(
            (row.person.features_before, row.person.features),
            (0b01, 0b11)
        );
    });
    row("login,featureLicenses\nann@acme.example,[]\n", |row| {
        assert_eq!(row.person.features, 0)
    });
    row("login,featureLicenses\nann@acme.example,\n", |row| {
        assert!(row.has_feature_list);
        assert_eq!(row.person.features, 0b01);
    });
    with(
        org(),
        NullMeaning::Pushed,
        "login,featureLicenses\nann@acme.example,\n",
        |row| {
            assert_eq!(row.expect("a row").person.features, 0);
        },
    );
    let mut blind = org();
    blind.features = crate::model::Table::default();
    blind.coverage.objects.remove("User");
    with(
        blind,
        NullMeaning::Ignored,
        "login,featureLicenses\nx@acme.example,MarketingUser\n",
        |row| {
            assert_eq!(feature_kind(row.expect("a row").features[0].to), "unseen");
        },
    );
}

#[test]
fn flags_stand_above_the_list() {
    let text = "login,featureLicenses,UserPermissionsMarketingUser,UserPermissionsSupportUser\n\
        ann@acme.example,MarketingUser,No,maybe\n";
    row(text, |row| {
        assert_eq!(row.person.features, 0);
        let sent: Vec<_> = row
            .features
            .iter()
            .map(|item| (&*item.text, item.on))
            .collect();
        assert_eq!(
            sent,
            [
                ("MarketingUser", true),
                ("UserPermissionsMarketingUser", false)
            ]
        );
    });
    row(
        "login,UserPermissionsSupportUser\nann@acme.example,TRUE\n",
        |row| {
            assert_eq!(row.person.features, 0b11);
            assert!(!row.has_feature_list);
        },
    );
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
        assert!(!row.person.active)
    });
    row("login,active\nbob@acme.example,yes\n", |row| {
        assert!(row.person.active)
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
        assert_eq!(row.contact, Some(id("003000000000001")))
    });
    row("login,ContactId\nx@acme.example,Smith\n", |row| {
        assert_eq!(row.contact, None)
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
