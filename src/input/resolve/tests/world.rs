//! A small invented org, and one record resolved against it.

use crate::input::{Input, Keys, ReadOptions, Refusal, Resolver, Row};
use crate::matrix::Matrix;
use crate::model::{
    Known, License, LicenseId, ObjectCoverage, Org, Package, PackageId, PermissionSet,
    PermissionSetGroup, PermissionSetGroupId, PermissionSetId, PermissionSetLicense, Permissions,
    PortalType, Profile, ProfileId, PublicGroup, Record, Role, RoleId, SetLicense, SetOwner, SfId,
    UserRecord, UserType, UsersBuilder,
};
use crate::rules::{NullMeaning, Run};
use crate::tabular::Records;
use std::io::Cursor;

pub(super) fn id(text: &str) -> SfId {
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
        muting: Vec::new(),
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
}

fn add_coverage(org: &mut Org) {
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
        // As if every object had all of them: what one lacks, a test takes away.
        let columns = [
            "Id",
            "Name",
            "DeveloperName",
            "Label",
            "MasterLabel",
            "NamespacePrefix",
            "PermissionSetLicenseKey",
            "UserPermissionsMarketingUser",
        ]
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

pub(super) fn org() -> Org {
    let mut org = Org::default();
    add_names(&mut org);
    add_other_tables(&mut org);
    add_coverage(&mut org);
    let mut users = UsersBuilder::new();
    users.push(&UserRecord {
        id: Some(id("005000000000001")),
        username: "Ann@acme.example",
        active: Some(true),
        profile: Some(ProfileId(0)),
        role: Some(RoleId(0)),
        features: 0b01,
        user_type: Some(UserType::Standard),
        ..UserRecord::default()
    });
    users.push(&UserRecord {
        id: Some(id("005000000000002")),
        username: "bob@acme.example",
        active: Some(false),
        profile: Some(ProfileId(3)),
        role: None,
        features: 0,
        user_type: None,
        ..UserRecord::default()
    });
    org.users = users.finish(true);
    org
}

fn run(nulls: NullMeaning) -> Run {
    Run {
        nulls,
        ..Run::new(jiff::civil::date(2026, 11, 21))
    }
}

/// Resolves the first record below a header and hands it to `look`.
pub(super) fn with<T>(
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
    let resolver = Resolver::new(&m, &input.columns, &run);
    let block = blocks.next(Vec::new()).expect("a block").expect("data");
    let text = input.text(&block).expect("text");
    let mut records = Records::default();
    records.split(text, input.delimiter);
    let mut row = Row::default();
    // All records through one row: what an earlier one said must not stay.
    let mut result = Ok(());
    for n in 0..records.len() {
        let cells = records.get(text, n).expect("in range");
        let keys = Keys::of(&m.org.users, &input.columns, cells);
        result = resolver.fill(cells, keys, &mut row);
    }
    match result {
        Ok(()) => look(Ok(&row)),
        Err(refusal) => look(Err(refusal)),
    }
}

pub(super) fn row<T>(text: &str, look: impl FnOnce(&Row<'_>) -> T) -> T {
    with(org(), NullMeaning::Ignored, text, |row| {
        look(row.expect("a row"))
    })
}
