use super::{By, CellVerdict, Item, ItemKind, Matrix, View};
use crate::input::SetRef;
use crate::knowledge::RoleKind;
use crate::model::{
    Assignment, Dense, FeatureId, Known, License, LicenseId, Org, PermissionSet, PermissionSetId,
    PermissionSetLicense, Permissions, PortalType, Profile, ProfileId, PslId, Role, RoleId,
    SetLicense, SetOwner, SfId, UserId, UserRecord, UserType, Users, UsersBuilder,
};

const SALESFORCE: LicenseId = LicenseId(0);
const PLATFORM: LicenseId = LicenseId(1);
const PARTNER: LicenseId = LicenseId(2);
const NEW: LicenseId = LicenseId(3);

fn id(prefix: &str, n: usize) -> SfId {
    SfId::parse(&format!("{prefix}000000000{n:03}")).expect("an id")
}

fn license((n, (name, key)): (usize, (&str, &str))) -> License {
    License {
        id: id("100", n),
        name: name.into(),
        key: Known::Yes(key.into()),
        disabled: Known::Yes(false),
        total: Known::Yes(10),
        used: Known::Yes(1),
        monthly_logins: Known::Unknown,
        monthly_logins_used: Known::Unknown,
    }
}

fn profile(n: usize, name: &str, license: LicenseId, kind: UserType) -> Profile {
    Profile {
        id: id("00e", n),
        name: name.into(),
        license: Known::Yes(license),
        user_type: Known::Yes(kind),
        permissions: Permissions::default(),
        custom: Known::Yes(true),
    }
}

fn set((n, license): (usize, SetLicense)) -> PermissionSet {
    PermissionSet {
        id: id("0PS", n),
        name: format!("Set_{n}").into(),
        label: format!("Set {n}").into(),
        namespace: "".into(),
        license: Known::Yes(license),
        owner: SetOwner::Nobody,
        session: Known::Yes(false),
        custom: Known::Yes(true),
        permissions: Permissions::default(),
    }
}

/// One active Platform user with all three sets, Marketing User and a partner role.
fn users() -> Users {
    let mut users = UsersBuilder::new();
    users.push(&UserRecord {
        id: Some(id("005", 1)),
        username: "ann@moon.example",
        active: Some(true),
        profile: Some(ProfileId(1)),
        role: Some(RoleId(0)),
        features: 1,
        user_type: Some(UserType::Standard),
        ..UserRecord::default()
    });
    let mut users = users.finish(true);
    let held = (0..3).map(|n| {
        (
            UserId::new(0),
            Assignment {
                set: Some(PermissionSetId(n)),
                group: None,
                live: true,
                lapsed: false,
            },
        )
    });
    users.set_assignments(held.collect());
    users
}

/// Sets 0 (no license), 1 (Salesforce), 2 (the PSL).
fn matrix() -> Matrix {
    let licenses = [
        ("Salesforce", "SFDC"),
        ("Salesforce Platform", "AUL"),
        ("Partner Community", "PID_Partner_Community"),
        ("Moon Base", "PID_Moon"),
    ];
    let sets = [
        SetLicense::None,
        SetLicense::User(SALESFORCE),
        SetLicense::Psl(PslId(0)),
    ];
    Matrix::build(Org {
        licenses: licenses.into_iter().enumerate().map(license).collect(),
        profiles: [
            profile(0, "Sales", SALESFORCE, UserType::Standard),
            profile(1, "Apps", PLATFORM, UserType::Standard),
            profile(2, "Partners", PARTNER, UserType::PowerPartner),
        ]
        .into_iter()
        .collect(),
        roles: [Role {
            id: id("00E", 0),
            name: "Partner User".into(),
            developer_name: "PartnerUser".into(),
            parent: None,
            portal_type: Known::Yes(PortalType::Partner),
            portal_account: Known::Unknown,
        }]
        .into_iter()
        .collect(),
        permission_sets: sets.into_iter().enumerate().map(set).collect(),
        psls: [PermissionSetLicense {
            id: id("0PL", 0),
            name: "SalesCommunityPsl".into(),
            key: "SalesCommunityPsl".into(),
            label: "Sales Community".into(),
            disabled: Known::Yes(false),
            total: Known::Yes(5),
            used: Known::Yes(1),
            expires: Known::Yes(None),
            maximum: Permissions::default(),
        }]
        .into_iter()
        .collect(),
        features: [Box::from("UserPermissionsMarketingUser")]
            .into_iter()
            .collect(),
        users: users(),
        ..Org::default()
    })
}

fn verdict(license: LicenseId, item: Item) -> (CellVerdict, Option<u64>) {
    let m = matrix();
    let cell = m.cell(m.side_of_license(license), item);
    assert!(!cell.reason.is_empty());
    (cell.verdict, cell.witnesses)
}

fn of_set(n: u32) -> Item {
    Item::Set(SetRef::Set(PermissionSetId(n)))
}

#[test]
fn a_set_follows_the_license_it_is_bound_to() {
    assert_eq!(
        verdict(SALESFORCE, of_set(0)),
        (CellVerdict::Unknown, Some(0))
    );
    assert_eq!(
        verdict(SALESFORCE, of_set(1)),
        (CellVerdict::Allowed, Some(0))
    );
    assert_eq!(verdict(PARTNER, of_set(1)), (CellVerdict::Denied, Some(0)));
    assert_eq!(
        verdict(SALESFORCE, of_set(2)),
        (CellVerdict::NeedsPsl, Some(0))
    );
}

#[test]
fn what_active_users_hold_is_never_denied() {
    assert_eq!(
        verdict(PLATFORM, of_set(0)),
        (CellVerdict::Allowed, Some(1))
    );
    assert_eq!(
        verdict(PLATFORM, of_set(1)),
        (CellVerdict::Unknown, Some(1))
    );
    assert_eq!(
        verdict(PLATFORM, of_set(2)),
        (CellVerdict::NeedsPsl, Some(1))
    );
    assert_eq!(
        verdict(PLATFORM, Item::Feature(FeatureId(0))),
        (CellVerdict::Unknown, Some(1)),
        "the refusal of Marketing User on Platform was published"
    );
    assert_eq!(
        verdict(PLATFORM, Item::Role(RoleKind::Partner)),
        (CellVerdict::Unknown, Some(1))
    );
}

#[test]
fn roles_follow_the_user_type() {
    let internal = Item::Role(RoleKind::Internal);
    let partner = Item::Role(RoleKind::Partner);
    assert_eq!(
        verdict(SALESFORCE, internal),
        (CellVerdict::Allowed, Some(0))
    );
    assert_eq!(verdict(SALESFORCE, partner), (CellVerdict::Denied, Some(0)));
    assert_eq!(verdict(PARTNER, partner), (CellVerdict::Allowed, Some(0)));
    assert_eq!(verdict(PARTNER, internal), (CellVerdict::Denied, Some(0)));
    assert_eq!(verdict(NEW, internal), (CellVerdict::Unknown, Some(0)));
    assert_eq!(
        verdict(NEW, Item::Role(RoleKind::None)),
        (CellVerdict::Allowed, None)
    );
}

#[test]
fn features_and_psls_are_known_or_unknown() {
    let marketing = Item::Feature(FeatureId(0));
    assert_eq!(
        verdict(SALESFORCE, marketing),
        (CellVerdict::Allowed, Some(0))
    );
    assert_eq!(verdict(NEW, marketing), (CellVerdict::Unknown, Some(0)));
    let psl = Item::Psl(PslId(0));
    assert_eq!(verdict(PARTNER, psl), (CellVerdict::Allowed, Some(0)));
    assert_eq!(verdict(SALESFORCE, psl), (CellVerdict::Unknown, Some(0)));
}

#[test]
fn moves_have_no_witness() {
    assert_eq!(
        verdict(SALESFORCE, Item::Move(PLATFORM)),
        (CellVerdict::Allowed, None)
    );
    assert_eq!(
        verdict(SALESFORCE, Item::Move(PARTNER)),
        (CellVerdict::Denied, None)
    );
    assert_eq!(
        verdict(SALESFORCE, Item::Move(NEW)),
        (CellVerdict::Unknown, None)
    );
}

#[test]
fn a_view_shows_what_every_filter_finds() {
    let m = matrix();
    let all = View::default().entries(&m).count();
    // 4 licenses x (3 sets + 4 kinds of role + 1 feature + 1 PSL), and 4 x 3 moves.
    assert_eq!(all, 4 * 9 + 12);
    let view = View {
        by: By::Profile,
        only: vec![ItemKind::PermissionSets],
        filters: vec!["PLATFORM".into(), "set_1".into()],
    };
    let entries: Vec<_> = view.entries(&m).collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].profile, Some(ProfileId(1)));
    assert_eq!(entries[0].named.name, "Set_1");
}

#[test]
fn the_chain_of_a_pair_names_its_facts() {
    let m = matrix();
    let [profile] = m.things("apps")[..] else {
        panic!("one profile")
    };
    let [set] = m.things("Set 1")[..] else {
        panic!("one set")
    };
    let chain = m.why(set, profile).expect("a pair");
    assert_eq!(chain.subject, "profile Apps");
    assert_eq!(chain.cell.verdict, CellVerdict::Unknown);
    let facts = chain.facts.join("\n");
    for part in [
        "profile 'Apps'",
        "user type Standard (Profile.UserType)",
        "user license Salesforce (SFDC)",
        "1 active user",
    ] {
        assert!(facts.contains(part), "{part}: {facts}");
    }
    assert!(m.why(set, set).is_none());
    assert_eq!(m.nearest_things("Sales Communty")[0], "Sales Community");
}
