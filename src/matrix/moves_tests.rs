//! License moves.

use super::Matrix;
use super::moves::*;
use crate::finding::Confidence;
use crate::knowledge::{Family, TransitionVerdict};
use crate::model::{Known, License, Org, SfId, Table};
use crate::model::{LicenseId, UserType};

/// Licenses with these keys, in this order.
fn matrix(keys: &[&str]) -> Matrix {
    let licenses: Table<LicenseId, License> = keys
        .iter()
        .enumerate()
        .map(|(n, key)| License {
            id: SfId::parse(&format!("100000000000{n:03}")).expect("an id"),
            name: (*key).into(),
            key: Known::Yes((*key).into()),
            disabled: Known::Unknown,
            total: Known::Unknown,
            used: Known::Unknown,
            monthly_logins: Known::Unknown,
            monthly_logins_used: Known::Unknown,
        })
        .collect();
    Matrix::build(Org {
        licenses,
        ..Org::default()
    })
}

fn verdict(from: (&str, Option<UserType>), to: (&str, Option<UserType>)) -> Move {
    let m = matrix(&[from.0, to.0]);
    m.license_move(
        MoveEnd {
            license: Some(LicenseId(0)),
            kind: from.1,
            kind_inferred: false,
        },
        MoveEnd {
            license: Some(LicenseId(1)),
            kind: to.1,
            kind_inferred: false,
        },
    )
}

#[test]
fn user_types_of_the_org_come_before_families() {
    let standard = Some(UserType::Standard);
    assert_eq!(
        verdict(("SFDC", standard), ("X", Some(UserType::CsnOnly))),
        Move::Rejected(Rejection::ToChatter)
    );
    assert_eq!(
        verdict(("X", standard), ("Y", Some(UserType::PowerPartner))),
        Move::Rejected(Rejection::UserType)
    );
    assert_eq!(
        verdict(("X", standard), ("Y", standard)),
        Move::Unknown(Doubt::FamilyUnknown)
    );
    assert_eq!(
        verdict(
            ("SFDC", standard),
            ("PID_Guest_User", Some(UserType::Guest))
        ),
        Move::Rejected(Rejection::Guest)
    );
}

#[test]
fn pairs_of_families_decide_within_a_class() {
    let standard = Some(UserType::Standard);
    assert_eq!(
        verdict(("SFDC", standard), ("AUL", standard)),
        Move::Allowed(Confidence::Documented)
    );
    assert_eq!(
        verdict(("SFDC", standard), ("PID_Identity_User", standard)),
        Move::Rejected(Rejection::RequiredPermission)
    );
    assert_eq!(
        verdict(("PID_CHATTER", standard), ("PID_Identity_User", standard)),
        Move::Unknown(Doubt::RequiredPermission)
    );
    assert_eq!(
        verdict(("PID_Identity_User", standard), ("SFDC", standard)),
        Move::Unknown(Doubt::NotPublished)
    );
    assert_eq!(
        verdict(("CSN_User", Some(UserType::CsnOnly)), ("SFDC", standard)),
        Move::OneWay
    );
}

#[test]
fn external_moves_go_up_and_not_down() {
    let lite = Some(UserType::CspLitePortal);
    let power = Some(UserType::PowerCustomerSuccess);
    assert_eq!(
        verdict(
            ("PID_Customer_Community", lite),
            ("PID_Customer_Community_Plus", power)
        ),
        Move::Allowed(Confidence::Documented)
    );
    assert_eq!(
        verdict(("X", lite), ("PID_Customer_Community_Plus", power)),
        Move::Allowed(Confidence::Documented),
        "by user type, whatever the key"
    );
    assert_eq!(
        verdict(
            ("PID_Customer_Community_Plus", power),
            ("PID_Customer_Community", lite)
        ),
        Move::Unknown(Doubt::Downgrade)
    );
    assert_eq!(
        verdict(("POWER_SSP", power), ("PID_Customer_Community_Plus", power)),
        Move::Rejected(Rejection::Portal)
    );
    assert_eq!(
        verdict(
            ("POWER_PRM", Some(UserType::PowerPartner)),
            ("PID_Partner_Community", Some(UserType::PowerPartner))
        ),
        Move::Unknown(Doubt::Portal)
    );
}

/// Every pair of shipped families, with the user types as shipped: the verdict follows from the table and from
/// the class of the user types, and from nothing else.
#[test]
fn every_pair_of_families_has_the_verdict_of_the_table() {
    let knowledge = crate::knowledge::shipped();
    let mut licenses: Vec<_> = knowledge
        .known_licenses()
        .iter()
        .filter(|license| !license.key.is_empty())
        .collect();
    licenses.sort_by_key(|license| license.family.as_str());
    licenses.dedup_by_key(|license| license.family.as_str());
    assert!(licenses.len() > 20, "one license of each family");
    let keys: Vec<&str> = licenses.iter().map(|license| license.key).collect();
    let m = matrix(&keys);
    let end = |n: usize| {
        let facts = licenses.get(n).expect("a license");
        MoveEnd {
            license: Some(LicenseId(u32::try_from(n).expect("few"))),
            kind: facts.user_type.map(UserType::parse),
            kind_inferred: facts.user_type_confidence == Confidence::Inferred,
        }
    };
    let legacy = |a: Family, b: Family, legacy: Family, others: &[Family]| {
        (a == legacy && others.contains(&b)) || (b == legacy && others.contains(&a))
    };
    for (a, from) in licenses.iter().enumerate() {
        for (b, to) in licenses.iter().enumerate().filter(|(b, _)| *b != a) {
            let pair = knowledge
                .transition(from.family, to.family)
                .expect("every pair is in the table");
            let (left, entered) = (end(a), end(b));
            let verdict = m.license_move(left, entered);
            let fits = match pair.verdict {
                TransitionVerdict::Allowed => {
                    verdict == Move::Allowed(pair.confidence)
                        || (verdict == Move::Unknown(Doubt::Portal)
                            && legacy(from.family, to.family, LEGACY_PARTNER, &PARTNER_OR_CUSTOMER))
                }
                TransitionVerdict::OneWay => verdict == Move::OneWay,
                TransitionVerdict::Unknown => {
                    matches!(
                        verdict,
                        Move::Unknown(Doubt::NotPublished | Doubt::Downgrade | Doubt::Portal)
                    ) || verdict == Move::Allowed(Confidence::Documented)
                        && left.kind.is_some_and(UserType::is_lite)
                        && entered.kind.is_some_and(UserType::is_power)
                }
                TransitionVerdict::Rejected => match entered.kind {
                    Some(UserType::Guest) => verdict == Move::Rejected(Rejection::Guest),
                    Some(UserType::CsnOnly) if left.kind == Some(UserType::Standard) => {
                        verdict == Move::Rejected(Rejection::ToChatter)
                    }
                    _ if crosses(left.kind, entered.kind) == Some(true) => {
                        verdict == user_types(left, entered)
                    }
                    _ if crosses(left.kind, entered.kind).is_none() => {
                        verdict == Move::Unknown(Doubt::UserType)
                    }
                    _ if to.family == IDENTITY => matches!(
                        verdict,
                        Move::Rejected(Rejection::RequiredPermission)
                            | Move::Unknown(Doubt::RequiredPermission)
                    ),
                    _ => verdict == Move::Rejected(Rejection::Portal),
                },
            };
            assert!(
                fits,
                "{} -> {}: the table says {:?}, the verdict is {verdict:?}",
                from.family.as_str(),
                to.family.as_str(),
                pair.verdict
            );
        }
    }
}
