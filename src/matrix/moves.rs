//! License moves: what happens when a profile change takes a user to another license. The one place
//! that decides it, for the rules about rows and for the cells of the matrix.
//!
//! Decided in the order of precedence of the rules about license moves: what the org says about
//! user types first, the shipped pairs of families after it.

use super::Matrix;
use crate::finding::Confidence;
use crate::knowledge::{Family, TransitionVerdict};
use crate::model::{LicenseId, ProfileId, UserType};

/// One end of a move: a license and the `UserType` of the profile there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveEnd {
    /// The user license; `None` where the snapshot does not tell it.
    pub license: Option<LicenseId>,
    /// `Profile.UserType`; `None` where neither the org nor the shipped facts tell it.
    pub kind: Option<UserType>,
    /// Whether the user type is only our inference.
    pub kind_inferred: bool,
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
}

/// Why nothing certain can be said about a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// To Identity from a license for which the refusal is inferred only.
    RequiredPermission,
    /// Between internal and external, where a user type is only inferred, or the shipped pair alone says so.
    UserType,
    /// A partner portal license and a site license: sources conflict.
    Portal,
    /// From a license with portal roles to a high-volume one.
    Downgrade,
    /// No public statement decides the pair.
    NotPublished,
    /// The shipped pair says "refused" against the user types of the org.
    Inferred,
    /// The family of one of the licenses is not known.
    FamilyUnknown,
    /// The snapshot does not tell one of the licenses: nothing at all can be said.
    LicenseUnseen,
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

pub(super) const IDENTITY: Family = Family("identity");
const LEGACY_CUSTOMER: Family = Family("customer-portal-legacy");
pub(super) const LEGACY_PARTNER: Family = Family("partner-legacy");
/// Families that a legacy customer portal user cannot be moved to, and the reverse: customer community, plus, partner.
const SITES: [Family; 6] = [
    Family("community-high-volume"),
    Family("community-high-volume-login"),
    Family("community-plus"),
    Family("community-plus-login"),
    Family("partner"),
    Family("partner-login"),
];
/// Families for which the sources about legacy partner licenses conflict: partner and customer community.
pub(super) const PARTNER_OR_CUSTOMER: [Family; 4] = [
    Family("community-high-volume"),
    Family("community-high-volume-login"),
    Family("partner"),
    Family("partner-login"),
];

impl Matrix {
    /// Whether a user can move from one license to another by a change of profile.
    #[must_use]
    pub fn license_move(&self, from: MoveEnd, to: MoveEnd) -> Move {
        if from.license.is_some() && from.license == to.license {
            return Move::Same;
        }
        if to.kind == Some(UserType::Guest) {
            return Move::Rejected(Rejection::Guest);
        }
        if from.kind == Some(UserType::Standard) && to.kind == Some(UserType::CsnOnly) {
            return Move::Rejected(Rejection::ToChatter);
        }
        let crosses = crosses(from.kind, to.kind);
        let (Some(left), Some(entered)) = (from.license, to.license) else {
            return if crosses == Some(true) {
                user_types(from, to)
            } else {
                Move::Unknown(Doubt::LicenseUnseen)
            };
        };
        let families = (self.family(left), self.family(entered));
        let pair = self.transition(left, entered);
        let rejected = pair.filter(|pair| pair.verdict == TransitionVerdict::Rejected);
        if families.1 == Some(IDENTITY)
            && crosses != Some(true)
            && let Some(pair) = rejected.filter(|pair| pair.message.contains("require"))
        {
            return if pair.confidence == Confidence::Inferred {
                Move::Unknown(Doubt::RequiredPermission)
            } else {
                Move::Rejected(Rejection::RequiredPermission)
            };
        }
        if crosses == Some(true) {
            return user_types(from, to);
        }
        if one_is(families, LEGACY_CUSTOMER, &SITES) {
            return Move::Rejected(Rejection::Portal);
        }
        if one_is(families, LEGACY_PARTNER, &PARTNER_OR_CUSTOMER) {
            return Move::Unknown(Doubt::Portal);
        }
        let is = |kind: Option<UserType>, what: fn(UserType) -> bool| kind.is_some_and(what);
        if is(from.kind, UserType::is_power) && is(to.kind, UserType::is_lite) && rejected.is_none()
        {
            return Move::Unknown(Doubt::Downgrade);
        }
        // High-volume users may become Plus or partner users whatever their license; legacy portals are excepted.
        let upgrade = is(from.kind, UserType::is_lite)
            && matches!(
                to.kind,
                Some(UserType::PowerPartner | UserType::PowerCustomerSuccess)
            )
            && ![Some(LEGACY_CUSTOMER), Some(LEGACY_PARTNER)].contains(&families.1);
        match pair.map(|pair| (pair.verdict, pair.confidence)) {
            Some((TransitionVerdict::Allowed, confidence)) => Move::Allowed(confidence),
            Some((TransitionVerdict::OneWay, _)) => Move::OneWay,
            // The class of the user types is not known, so the table alone decides.
            Some((TransitionVerdict::Rejected, _)) if crosses.is_none() => {
                Move::Unknown(Doubt::UserType)
            }
            _ if upgrade => Move::Allowed(Confidence::Documented),
            Some((TransitionVerdict::Rejected, _)) => Move::Unknown(Doubt::Inferred),
            Some(_) => Move::Unknown(Doubt::NotPublished),
            None => Move::Unknown(Doubt::FamilyUnknown),
        }
    }

    /// A profile as an end of a move; `kind` is its user type, or the one that the user itself tells.
    #[must_use]
    pub fn move_end(&self, profile: Option<ProfileId>, kind: Option<UserType>) -> MoveEnd {
        let license = profile.and_then(|id| self.license_of(id));
        let told = profile
            .and_then(|id| self.profile(id))
            .is_none_or(|row| row.user_type.get().is_some());
        let shipped = license.and_then(|id| self.facts(id));
        MoveEnd {
            license,
            kind,
            kind_inferred: !told
                && shipped.is_none_or(|facts| facts.user_type_confidence == Confidence::Inferred),
        }
    }
}

/// A refusal by user types: published, unless a type itself is only our inference.
pub(super) fn user_types(from: MoveEnd, to: MoveEnd) -> Move {
    if from.kind_inferred || to.kind_inferred {
        Move::Unknown(Doubt::UserType)
    } else {
        Move::Rejected(Rejection::UserType)
    }
}

/// Whether one of the user types is internal and the other external; `None` where one is not known.
pub(super) fn crosses(from: Option<UserType>, to: Option<UserType>) -> Option<bool> {
    let (from, to) = (from?, to?);
    Some((from.is_internal() && to.is_external()) || (from.is_external() && to.is_internal()))
}

/// Whether one of the families is `legacy` and the other one of `others`.
fn one_is((from, to): (Option<Family>, Option<Family>), legacy: Family, others: &[Family]) -> bool {
    let other = |family: Option<Family>| family.is_some_and(|family| others.contains(&family));
    (from == Some(legacy) && other(to)) || (to == Some(legacy) && other(from))
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
            Self::UserType => {
                "probably refused: one license is internal and the other external, by what is known of their families (inferred)"
            }
            Self::Portal => {
                "sources conflict: the help asks for a new user record, an older list allows the move"
            }
            Self::Downgrade => {
                "a step down to a high-volume license; the documented way is to disable the external user and enable it again"
            }
            Self::NotPublished => "no public statement about this move",
            Self::Inferred => "a refusal is inferred for these license families, not published",
            Self::LicenseUnseen => "the snapshot does not tell one of the licenses",
            Self::FamilyUnknown => {
                "the program knows nothing about one of the licenses, so nothing about the move"
            }
        }
    }
}
