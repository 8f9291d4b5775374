//! License moves: what happens when a profile change takes a user to another license.
//!
//! Decided in the order of precedence of the rules about license moves: what the org says about
//! user types first, the shipped pairs of families after it.

use super::Matrix;
use crate::finding::Confidence;
use crate::knowledge::{Family, TransitionVerdict};
use crate::model::{LicenseId, UserType};

/// One end of a move: a license and the `UserType` of the profile there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveEnd {
    /// The user license.
    pub license: LicenseId,
    /// `Profile.UserType`; `None` where neither the org nor the shipped facts tell it.
    pub kind: Option<UserType>,
}

/// Why a move is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// From Standard to CsnOnly.
    ToChatter,
    /// The target license lacks a permission that the present one requires (ChatterInternalUser).
    RequiredPermission,
    /// Between internal and external.
    UserType,
    /// Between a legacy customer portal and a site license.
    Portal,
    /// To a guest license.
    Guest,
    /// The shipped pair says so, and no user type of the org speaks against it.
    Published,
}

/// Why nothing certain can be said about a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// To Identity from a license for which the refusal is inferred only.
    RequiredPermission,
    /// A partner portal license and a site license: sources conflict.
    Portal,
    /// From a license with portal roles to a high-volume one.
    Downgrade,
    /// No public statement decides the pair.
    NotPublished,
    /// The shipped pair says "refused" by analogy, or against the user types of the org.
    Inferred,
    /// The family of one of the licenses is not known.
    FamilyUnknown,
}

/// The verdict about a move between two licenses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// No move: the same license.
    Same,
    /// Possible.
    Allowed(Confidence),
    /// Possible, and there is no way back.
    OneWay,
    /// Refused, by a published rule.
    Rejected(Rejection),
    /// May be refused.
    Unknown(Doubt),
}

const IDENTITY: Family = Family("identity");
const LEGACY_CUSTOMER: Family = Family("customer-portal-legacy");
const LEGACY_PARTNER: Family = Family("partner-legacy");
/// Customer community, plus and partner families.
const SITES: [Family; 6] = [
    Family("community-high-volume"),
    Family("community-high-volume-login"),
    Family("community-plus"),
    Family("community-plus-login"),
    Family("partner"),
    Family("partner-login"),
];

impl Matrix {
    /// Whether a user can move from one license to another by a change of profile.
    #[must_use]
    pub fn license_move(&self, from: MoveEnd, to: MoveEnd) -> Move {
        if from.license == to.license {
            return Move::Same;
        }
        if to.kind == Some(UserType::Guest) {
            return Move::Rejected(Rejection::Guest);
        }
        if from.kind == Some(UserType::Standard) && to.kind == Some(UserType::CsnOnly) {
            return Move::Rejected(Rejection::ToChatter);
        }
        let families = (self.family(from.license), self.family(to.license));
        let pair = self.transition(from.license, to.license);
        let crosses = crosses(from.kind, to.kind);
        if families.1 == Some(IDENTITY)
            && crosses != Some(true)
            && let Some(pair) = pair.filter(|pair| {
                pair.verdict == TransitionVerdict::Rejected && pair.message.contains("require")
            })
        {
            return if pair.confidence == Confidence::Inferred {
                Move::Unknown(Doubt::RequiredPermission)
            } else {
                Move::Rejected(Rejection::RequiredPermission)
            };
        }
        if crosses == Some(true) {
            return Move::Rejected(Rejection::UserType);
        }
        if one_is(families, LEGACY_CUSTOMER) {
            return Move::Rejected(Rejection::Portal);
        }
        if one_is(families, LEGACY_PARTNER) {
            return Move::Unknown(Doubt::Portal);
        }
        let rejected = pair.is_some_and(|pair| pair.verdict == TransitionVerdict::Rejected);
        let is = |kind: Option<UserType>, what: fn(UserType) -> bool| kind.is_some_and(what);
        if is(from.kind, UserType::is_power) && is(to.kind, UserType::is_lite) && !rejected {
            return Move::Unknown(Doubt::Downgrade);
        }
        let upgrade = is(from.kind, UserType::is_lite)
            && matches!(
                to.kind,
                Some(UserType::PowerPartner | UserType::PowerCustomerSuccess)
            )
            && ![Some(LEGACY_CUSTOMER), Some(LEGACY_PARTNER)].contains(&families.1);
        match pair {
            Some(pair) if pair.verdict == TransitionVerdict::Allowed => {
                Move::Allowed(pair.confidence)
            }
            Some(pair) if pair.verdict == TransitionVerdict::OneWay => Move::OneWay,
            _ if upgrade => Move::Allowed(Confidence::Documented),
            Some(pair) if rejected => {
                if crosses.is_none() && pair.confidence != Confidence::Inferred {
                    Move::Rejected(Rejection::Published)
                } else {
                    Move::Unknown(Doubt::Inferred)
                }
            }
            Some(_) => Move::Unknown(Doubt::NotPublished),
            None => Move::Unknown(Doubt::FamilyUnknown),
        }
    }
}

/// Whether one of the user types is internal and the other external; `None` where one is not known.
fn crosses(from: Option<UserType>, to: Option<UserType>) -> Option<bool> {
    let (from, to) = (from?, to?);
    Some((from.is_internal() && to.is_external()) || (from.is_external() && to.is_internal()))
}

/// Whether exactly one of the families is `legacy` and the other one is of a site.
fn one_is((from, to): (Option<Family>, Option<Family>), legacy: Family) -> bool {
    let site = |family: Option<Family>| family.is_some_and(|family| SITES.contains(&family));
    (from == Some(legacy) && site(to)) || (to == Some(legacy) && site(from))
}

impl Rejection {
    /// One sentence for people.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::ToChatter => {
                "a user cannot go from user type Standard to CsnOnly (Chatter Free, Chatter External)"
            }
            Self::RequiredPermission => {
                "the present license requires a permission (ChatterInternalUser) that the target license does not"
            }
            Self::UserType => "a user cannot move between internal and external licenses",
            Self::Portal => {
                "between a legacy customer portal and a site license a new user record is needed"
            }
            Self::Guest => "nobody can be given a guest license",
            Self::Published => "a published rule about these license families refuses it",
        }
    }
}

impl Doubt {
    /// One sentence for people.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::RequiredPermission => {
                "probably refused: the present license is likely to require ChatterInternalUser, which Identity does not (inferred)"
            }
            Self::Portal => {
                "sources conflict: the help asks for a new user record, an older list allows the move"
            }
            Self::Downgrade => {
                "a step down to a high-volume license; the documented way is to disable the external user and enable it again"
            }
            Self::NotPublished => "no public statement about this move",
            Self::Inferred => "a refusal is inferred for these license families, not published",
            Self::FamilyUnknown => {
                "the program knows nothing about one of the licenses, so nothing about the move"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Known, License, Org, SfId, Table};

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
                license: LicenseId(0),
                kind: from.1,
            },
            MoveEnd {
                license: LicenseId(1),
                kind: to.1,
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
}
