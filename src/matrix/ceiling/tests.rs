//! A tiny org: what is seen, shipped, gated, refused and never seen under a license.

use super::{Ground, Permission, Standing};
use crate::finding::Witness;
use crate::input::SetRef;
use crate::matrix::Matrix;
use crate::model::{
    Assignment, Dense, Known, License, LicenseId, ObjectGrant, ObjectId, ObjectRights, Org,
    PermissionId, PermissionSet, PermissionSetGroup, PermissionSetGroupId, PermissionSetId,
    PermissionSetLicense, Permissions, Profile, ProfileId, PslId, SetLicense, SetOwner, SfId,
    UserId, UserRecord, UserType, Users, UsersBuilder,
};

/// Salesforce Platform: Author Apex is known to be refused.
const PLATFORM: LicenseId = LicenseId(0);
/// A license that the program knows nothing about.
const NEW: LicenseId = LicenseId(1);
/// Salesforce Integration.
const INTEGRATION: LicenseId = LicenseId(2);

const FLAGS: [&str; 5] = ["ApiEnabled", "AuthorApex", "Gated", "Novel", "RunReports"];
const API: usize = 0;
const APEX: usize = 1;
const GATED: usize = 2;
const NOVEL: usize = 3;
const REPORTS: usize = 4;

fn id(prefix: &str, n: usize) -> SfId {
    SfId::parse(&format!("{prefix}000000000{n:03}")).expect("an id")
}

fn flags(on: &[usize]) -> Permissions {
    let mut all = Permissions::with_capacity(FLAGS.len());
    for flag in on {
        all.insert(*flag);
    }
    all
}

fn license(n: usize, name: &str, key: &str) -> License {
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

fn profile(n: usize, license: LicenseId, on: &[usize]) -> Profile {
    Profile {
        id: id("00e", n),
        name: format!("Profile {n}").into(),
        license: Known::Yes(license),
        user_type: Known::Yes(UserType::Standard),
        permissions: flags(on),
        custom: Known::Yes(true),
    }
}

fn set(n: usize, license: SetLicense, owner: SetOwner, on: &[usize]) -> PermissionSet {
    PermissionSet {
        id: id("0PS", n),
        name: format!("Set_{n}").into(),
        label: format!("Set {n}").into(),
        namespace: "".into(),
        license: Known::Yes(license),
        owner,
        session: Known::Yes(false),
        custom: Known::Yes(true),
        permissions: flags(on),
    }
}

/// An org with these sets: set n is `sets[n]`; one profile for each license, one opening PSL, one group.
fn org(sets: Vec<PermissionSet>) -> Org {
    let free = |n: u32| PermissionSetId(n);
    Org {
        licenses: [
            license(0, "Salesforce Platform", "AUL"),
            license(1, "Moon Base", "PID_Moon"),
            license(2, "Salesforce Integration", "SALESFORCE_INTEGRATION_USER"),
        ]
        .into_iter()
        .collect(),
        profiles: [
            profile(0, PLATFORM, &[API]),
            profile(1, NEW, &[API]),
            profile(2, INTEGRATION, &[API]),
        ]
        .into_iter()
        .collect(),
        psls: [PermissionSetLicense {
            id: id("0PL", 0),
            name: "GatePsl".into(),
            key: "GatePsl".into(),
            label: "Gate".into(),
            disabled: Known::Yes(false),
            total: Known::Yes(5),
            used: Known::Yes(0),
            expires: Known::Yes(None),
            maximum: flags(&[GATED]),
        }]
        .into_iter()
        .collect(),
        permission_set_groups: [PermissionSetGroup {
            id: id("0PG", 0),
            name: "Group".into(),
            label: "Group".into(),
            namespace: "".into(),
            status: Known::Yes("Updated".into()),
            members: Known::Yes(vec![free(0), free(1)]),
            muting: vec![id("0QM", 0)],
            aggregate: None,
        }]
        .into_iter()
        .collect(),
        permission_sets: sets.into_iter().collect(),
        permissions: FLAGS.into_iter().map(Box::from).collect(),
        profile_permissions: flags(&[API, APEX, GATED, NOVEL, REPORTS]),
        set_permissions: flags(&[API, APEX, GATED, NOVEL, REPORTS]),
        psl_permissions: flags(&[GATED]),
        ..Org::default()
    }
}

/// Active users, each with a profile, a set and perhaps the PSL.
fn users(of: &[(usize, u32, bool)]) -> Users {
    let mut builder = UsersBuilder::new();
    for (n, (profile, _, _)) in of.iter().enumerate() {
        builder.push(&UserRecord {
            id: Some(id("005", n)),
            username: &format!("user{n}@moon.example"),
            active: Some(true),
            profile: Some(ProfileId::new(*profile)),
            ..UserRecord::default()
        });
    }
    let mut users = builder.finish(true);
    let held = of.iter().enumerate().map(|(n, (_, set, _))| {
        let held = Assignment {
            set: Some(PermissionSetId(*set)),
            group: None,
            live: true,
            lapsed: false,
        };
        (UserId::new(n), held)
    });
    users.set_assignments(held.collect());
    let psls = of.iter().enumerate().filter(|(_, (_, _, psl))| *psl);
    users.set_psls(psls.map(|(n, _)| (UserId::new(n), PslId(0))).collect());
    users
}

fn free(n: usize, on: &[usize]) -> PermissionSet {
    set(n, SetLicense::None, SetOwner::Nobody, on)
}

fn flag(n: usize) -> Permission {
    Permission::System(PermissionId::new(n))
}

const FIRST: SetRef = SetRef::Set(PermissionSetId(0));

#[test]
fn every_kind_of_fault_is_told_apart() {
    let m = Matrix::build(org(vec![free(0, &[API, APEX, GATED, NOVEL, REPORTS])]));
    let faults = m.faults(PLATFORM, FIRST).expect("faults");
    let excluded: Vec<_> = faults.excluded.iter().map(|(one, _)| *one).collect();
    assert_eq!(excluded, [flag(APEX)]);
    assert_eq!(faults.gated.len(), 1);
    assert_eq!(faults.gated[0].permission, flag(GATED));
    assert_eq!(faults.gated[0].ground, Ground::Maximum { told: true });
    // Run Reports was observed under the license elsewhere, API Enabled here.
    assert_eq!(faults.unproven, [flag(NOVEL)]);
    assert_eq!(m.standing(PLATFORM, flag(API)), Some(Standing::Seen));
    assert!(matches!(
        m.standing(PLATFORM, flag(REPORTS)),
        Some(Standing::Elsewhere(_))
    ));
    assert_eq!(m.standing(PLATFORM, flag(NOVEL)), Some(Standing::Never));
    assert!(m.opens(PslId(0), PLATFORM, flag(GATED)) && !m.opens(PslId(0), PLATFORM, flag(NOVEL)));
    assert!(m.is_known(PLATFORM) && !m.is_known(NEW));
}

#[test]
fn a_set_with_a_license_of_its_own_is_not_judged_by_its_permissions() {
    for bond in [SetLicense::User(PLATFORM), SetLicense::Psl(PslId(0))] {
        let m = Matrix::build(org(vec![set(0, bond, SetOwner::Nobody, &[APEX, NOVEL])]));
        assert!(m.faults(PLATFORM, FIRST).is_none());
    }
}

#[test]
fn without_columns_absence_says_nothing() {
    let mut org = org(vec![free(0, &[GATED, NOVEL])]);
    org.profile_permissions = flags(&[API]);
    let m = Matrix::build(org);
    let faults = m.faults(PLATFORM, FIRST).expect("the gate is left");
    assert!(faults.unproven.is_empty());
    assert_eq!(faults.gated[0].ground, Ground::Maximum { told: false });
    assert_eq!(m.standing(PLATFORM, flag(NOVEL)), None);
}

#[test]
fn what_a_psl_explains_is_no_evidence_for_the_user_license() {
    let sets = || vec![free(0, &[GATED, NOVEL])];
    let with = |of: &[(usize, u32, bool)]| {
        let mut org = org(sets());
        org.users = users(of);
        Matrix::build(org)
    };
    // The holder has the PSL: it explains the gated permission, and the other one is allowed.
    let m = with(&[(0, 0, true)]);
    let faults = m.faults(PLATFORM, FIRST).expect("the gate is left");
    assert_eq!(faults.gated.len(), 1);
    assert!(faults.unproven.is_empty());
    // One holder without it is enough to show that the user license allows it.
    let m = with(&[(0, 0, true), (0, 0, false)]);
    assert!(m.faults(PLATFORM, FIRST).is_none());
    // Users of another license show nothing.
    let m = with(&[(1, 0, false)]);
    assert!(
        m.faults(PLATFORM, FIRST)
            .is_some_and(|faults| !faults.unproven.is_empty())
    );
}

#[test]
fn holders_of_a_refused_permission_are_counted() {
    let mut org = org(vec![free(0, &[APEX]), free(1, &[APEX])]);
    org.users = users(&[(0, 1, false), (0, 1, false)]);
    let m = Matrix::build(org);
    let apex = PermissionId::new(APEX);
    assert_eq!(m.witnesses(Witness::Permission(PLATFORM, apex)), 2);
    // Nobody holds the first set, yet two hold the permission by the second.
    assert_eq!(
        m.contradiction(PLATFORM, FIRST, [flag(APEX)].into_iter()),
        Some(Witness::Permission(PLATFORM, apex))
    );
    let held = SetRef::Set(PermissionSetId(1));
    assert_eq!(
        m.contradiction(PLATFORM, held, [flag(APEX)].into_iter()),
        Some(Witness::PermissionSet(PLATFORM, PermissionSetId(1)))
    );
    // They are also in the way of the next change of the set.
    let hazards = m.hazards(held);
    assert_eq!((hazards.len(), hazards[0].users), (1, 2));
    assert_eq!(hazards[0].permission, Some(flag(APEX)));
    assert!(m.hazards(FIRST).is_empty());
}

#[test]
fn a_muted_group_is_judged_by_its_aggregate_only() {
    let group = SetRef::Group(PermissionSetGroupId(0));
    // Members would break the ceiling; without the aggregate nothing tells what is muted.
    let members = || vec![free(0, &[APEX]), free(1, &[NOVEL])];
    let m = Matrix::build(org(members()));
    assert!(m.faults(PLATFORM, group).is_none());
    // Not muted: the members stand for the group.
    let mut plain = org(members());
    let row = plain
        .permission_set_groups
        .get_mut(PermissionSetGroupId(0))
        .expect("the group");
    row.muting.clear();
    let m = Matrix::build(plain);
    let faults = m.faults(PLATFORM, group).expect("faults");
    assert_eq!((faults.excluded.len(), faults.unproven.len()), (1, 1));
    // The aggregate decides.
    let mut sets = members();
    let owner = SetOwner::Group(Some(PermissionSetGroupId(0)));
    sets.push(set(2, SetLicense::None, owner, &[NOVEL]));
    let mut muted = org(sets);
    muted
        .permission_set_groups
        .get_mut(PermissionSetGroupId(0))
        .expect("the group")
        .aggregate = Some(PermissionSetId(2));
    let m = Matrix::build(muted);
    let faults = m.faults(PLATFORM, group).expect("faults");
    assert!(faults.excluded.is_empty());
    assert_eq!(faults.unproven, [flag(NOVEL)]);
}

#[test]
fn rights_on_objects_need_a_bound_or_a_narrow_license() {
    let read = ObjectRights::READ;
    let grant = |object, rights| ObjectGrant::new(ObjectId(object), rights);
    let built = |profile_rows: bool| {
        let owner = SetOwner::Profile(Some(ProfileId(0)));
        let mut org = org(vec![free(0, &[]), set(1, SetLicense::None, owner, &[])]);
        for object in ["Order", "Trip__c", "Account"] {
            org.access.objects.push(object.into());
        }
        let mut rows = vec![
            (PermissionSetId(0), grant(0, read)),
            (PermissionSetId(0), grant(1, read)),
            (PermissionSetId(0), grant(2, read)),
        ];
        if profile_rows {
            rows.push((PermissionSetId(1), grant(2, read.with(ObjectRights::EDIT))));
        }
        org.access.set_grants(2, rows);
        Matrix::build(org)
    };
    let order = Permission::Object(ObjectId(0), read);
    let trip = Permission::Object(ObjectId(1), read);
    let m = built(true);
    let faults = m.faults(PLATFORM, FIRST).expect("faults");
    assert_eq!(
        faults.unproven,
        [order],
        "custom objects are not doubted here"
    );
    let m = built(false);
    assert!(
        m.faults(PLATFORM, FIRST).is_none(),
        "without a bound nothing is doubted"
    );
    // Integration users get rights on objects by a permission set license, and a refusal of Read Account is published.
    let faults = m.faults(INTEGRATION, FIRST).expect("faults");
    assert_eq!(faults.unproven, [order, trip]);
    assert_eq!(
        faults.gated[0].ground,
        Ground::Published("SalesforceAPIIntegrationPsl")
    );
    assert_eq!(
        m.permission_shown(faults.gated[0].permission),
        "Read Account"
    );
}

#[test]
fn guests_read_and_create_only() {
    let mut org = org(vec![free(0, &[])]);
    org.access.objects.push("Case".into());
    let rights = ObjectRights::READ
        .with(ObjectRights::CREATE)
        .with(ObjectRights::EDIT);
    org.access.set_grants(
        1,
        vec![(PermissionSetId(0), ObjectGrant::new(ObjectId(0), rights))],
    );
    org.access.add_app(PermissionSetId(0));
    let m = Matrix::build(org);
    assert_eq!(
        m.guest_writes(FIRST),
        [
            Permission::Object(ObjectId(0), ObjectRights::EDIT),
            Permission::Apps
        ]
    );
}
