//! The moves of single rows, on an org made by hand.

use super::{SeatIndex, moves, open};
use crate::check::outbox::SeatStep::{self, Implicit, LikelyRelease, Reactivate, Release, Take};
use crate::check::{RowAt, SeatKind};
use crate::input::{Attribute, Cell, Columns, Item, Person, Resolution, Row, SetRef, Values};
use crate::matrix::Matrix;
use crate::model::{
    Assignment, FeatureId, Known, License, LicenseId, Org, PermissionSet, PermissionSetGroup,
    PermissionSetGroupId, PermissionSetId, PermissionSetLicense, Permissions, PslId, SetLicense,
    SetOwner, SfId, UserId, UserRecord, UsersBuilder,
};
use crate::rules::{ListMeaning, Occasion, RowCx, Run};
use crate::tabular::Records;
use jiff::civil::date;

const CONTENT: FeatureId = FeatureId(1);
const K: PslId = PslId(0);
const SET: SetRef = SetRef::Set(PermissionSetId(0));
const GROUP: SetRef = SetRef::Group(PermissionSetGroupId(0));

fn id(text: &str) -> SfId {
    SfId::parse(text).expect("fifteen characters")
}

fn license(key: &str) -> License {
    License {
        id: id("100000000000001"),
        name: key.into(),
        key: Known::Yes(key.into()),
        disabled: Known::Yes(false),
        total: Known::Yes(10),
        used: Known::Yes(7),
        monthly_logins: Known::Unknown,
        monthly_logins_used: Known::Unknown,
    }
}

/// Licenses SFDC and AUL; PSL K, which set 0 is bound to; group 0 of set 0; flags Marketing and Content.
/// User 0 holds K by set 0, user 1 holds K by itself, user 2 holds nothing.
fn matrix() -> Matrix {
    let mut org = Org::default();
    for file in ["User", "PermissionSetLicenseAssign"] {
        let seen = crate::model::ObjectCoverage::default();
        org.coverage.objects.insert(file.to_owned(), seen);
    }
    org.licenses.push(license("SFDC"));
    org.licenses.push(license("AUL"));
    org.psls.push(PermissionSetLicense {
        id: id("0PL000000000001"),
        name: "K".into(),
        key: "K".into(),
        label: "K".into(),
        disabled: Known::Yes(false),
        total: Known::Yes(5),
        used: Known::Yes(5),
        expires: Known::Unknown,
        maximum: Permissions::new(),
    });
    org.permission_sets.push(PermissionSet {
        id: id("0PS000000000001"),
        name: "Bound".into(),
        label: "Bound".into(),
        namespace: "".into(),
        license: Known::Yes(SetLicense::Psl(K)),
        owner: SetOwner::Nobody,
        session: Known::Unknown,
        custom: Known::Unknown,
        permissions: Permissions::new(),
    });
    org.permission_set_groups.push(PermissionSetGroup {
        id: id("0PG000000000001"),
        name: "Group".into(),
        label: "Group".into(),
        namespace: "".into(),
        status: Known::Unknown,
        members: Known::Yes(vec![PermissionSetId(0)]),
        muting: Vec::new(),
        aggregate: None,
    });
    org.features.push("UserPermissionsMarketingUser".into());
    org.features.push("UserPermissionsSFContentUser".into());
    let mut users = UsersBuilder::new();
    for username in ["a@x.example", "b@x.example", "c@x.example"] {
        users.push(&UserRecord {
            username,
            ..UserRecord::default()
        });
    }
    org.users = users.finish(false);
    org.users.set_assignments(vec![(
        UserId(0),
        Assignment {
            set: Some(PermissionSetId(0)),
            group: None,
            live: true,
            lapsed: false,
        },
    )]);
    org.users.set_psls(vec![(UserId(0), K), (UserId(1), K)]);
    Matrix::build(org)
}

#[expect(
    clippy::field_reassign_with_default,
    reason = "Row has a private field"
)]
fn row(person: Person) -> Row<'static> {
    let mut row = Row::default();
    row.username = Cell::Sent("a@x.example");
    row.person = person;
    row
}

fn values<T>(sent: Option<T>) -> Values<'static, T> {
    let items = sent.into_iter().map(|to| Item {
        text: "x".into(),
        column: Attribute::PermissionSets,
        to: Resolution::Found(to),
    });
    Values {
        present: true,
        items: items.collect(),
    }
}

fn create() -> Person {
    Person {
        license: Some(LicenseId(0)),
        active: true,
        ..Person::default()
    }
}

fn update(user: u32) -> Person {
    Person {
        user: Some(UserId(user)),
        license: Some(LicenseId(0)),
        license_before: Some(LicenseId(0)),
        active: true,
        active_before: true,
        ..Person::default()
    }
}

/// A context borrows everything for one lifetime; a test may well keep it for ever.
fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn moved_as(row: &Row<'static>, lists: ListMeaning) -> Vec<(SeatKind, SeatStep)> {
    let m = kept(matrix());
    let run = kept(Run {
        lists,
        ..Run::new(date(2026, 11, 21))
    });
    let ledger = open(m, run);
    let mut records = Records::default();
    records.split("x\n", b',');
    let cx = RowCx {
        m,
        run,
        columns: kept(Columns::default()),
        cells: kept(records).get("x\n", 0).expect("one record"),
        row: kept(row.clone()),
    };
    let mut out = Vec::new();
    moves(
        &cx,
        Occasion::of(&cx),
        &SeatIndex::new(m),
        &mut out,
        RowAt::default(),
    );
    out.iter()
        .map(|step| {
            let account = ledger
                .accounts
                .get(step.account as usize)
                .expect("an account");
            (account.kind, step.step)
        })
        .collect()
}

fn moved(row: &Row<'static>) -> Vec<(SeatKind, SeatStep)> {
    moved_as(row, ListMeaning::Replace)
}

const SFDC: SeatKind = SeatKind::License(LicenseId(0));
const AUL: SeatKind = SeatKind::License(LicenseId(1));
const PSL: SeatKind = SeatKind::Psl(K);

#[test]
fn a_row_that_changes_nothing_moves_nothing() {
    assert_eq!(moved(&row(update(2))), []);
    let mut kept = row(update(0));
    kept.sets = values(Some(SET));
    assert_eq!(moved(&kept), []);
}

#[test]
fn users_take_and_release_their_license() {
    let content = SeatKind::Feature(CONTENT);
    assert_eq!(moved(&row(create())), [(SFDC, Take), (content, Implicit)]);
    let moving = Person {
        license: Some(LicenseId(1)),
        ..update(2)
    };
    assert_eq!(moved(&row(moving)), [(SFDC, Release), (AUL, Take)]);
    let leaving = Person {
        active: false,
        ..update(2)
    };
    assert_eq!(moved(&row(leaving)), [(SFDC, Release)]);
    let unresolved = Person {
        license: None,
        ..create()
    };
    assert_eq!(moved(&row(unresolved)), []);
}

#[test]
fn a_user_who_returns_carries_flags_and_licenses() {
    let returning = Person {
        active_before: false,
        features: 0b01,
        features_before: 0b01,
        ..update(1)
    };
    assert_eq!(
        moved(&row(returning)),
        [
            (SFDC, Reactivate),
            (SeatKind::Feature(FeatureId(0)), Reactivate),
            (PSL, Reactivate)
        ]
    );
}

#[test]
fn flags_are_gained_and_lost() {
    let changed = Person {
        features: 0b10,
        features_before: 0b01,
        ..update(2)
    };
    assert_eq!(
        moved(&row(changed)),
        [
            (SeatKind::Feature(CONTENT), Take),
            (SeatKind::Feature(FeatureId(0)), Release)
        ]
    );
}

#[test]
fn a_set_or_a_group_takes_the_license_once() {
    for to in [SET, GROUP] {
        let mut gaining = row(update(2));
        gaining.sets = values(Some(to));
        gaining.psls = values(Some(K));
        assert_eq!(moved(&gaining), [(PSL, Take)]);
        gaining.person = update(1);
        assert_eq!(moved(&gaining), [], "who holds it does not take it");
    }
}

#[test]
fn a_lost_set_releases_the_license_likely_and_a_dropped_one_surely() {
    let mut losing = row(update(0));
    losing.sets = values(None);
    // A blank cell erases nothing unless nulls are pushed.
    assert_eq!(moved(&losing), []);
    losing.sets.items.push(Item {
        text: "other".into(),
        column: Attribute::PermissionSets,
        to: Resolution::NotFound,
    });
    assert_eq!(moved(&losing), [(PSL, LikelyRelease)]);
    assert_eq!(moved_as(&losing, ListMeaning::Add), []);

    let unknown = || Item {
        text: "other".into(),
        column: Attribute::PermissionSetLicenses,
        to: Resolution::NotFound,
    };
    let mut dropping = row(update(1));
    dropping.psls = values(None);
    dropping.psls.items.push(unknown());
    assert_eq!(moved(&dropping), [(PSL, Release)]);
    // The set that stays holds the license in place.
    let mut holding = row(update(0));
    holding.psls = values(None);
    holding.psls.items.push(unknown());
    assert_eq!(moved(&holding), []);
}

#[test]
fn without_users_the_org_says_what_is_used() {
    let ledger = open(&matrix(), &Run::new(date(2026, 11, 21)));
    let account = ledger.account(SFDC).expect("an account");
    assert_eq!((account.key.as_str(), account.free()), ("SFDC", Some(3)));
    assert_eq!(
        ledger
            .account(PSL)
            .and_then(crate::check::SeatAccount::free),
        Some(0)
    );
}
