//! The one decision about a license move: at most one `license-transition-*` rule is the one of a row.
//!
//! Verdicts come from the shipped table of license families; whether somebody is internal or
//! external comes from the org (`Profile.UserType`), which beats the table.

use super::RowCx;
use crate::finding::{Cause, Confidence, Explanation};
use crate::input::{Attribute, Person};
use crate::knowledge::TransitionVerdict;
use crate::matrix::Matrix;
use crate::model::{LicenseId, ProfileId, UserType};

/// The text of today for a profile that does not fit the license.
pub(super) const COMPATIBLE: &str = "You can only assign profiles that are compatible with the user's license. For a list of compatible licenses and profiles, see the Salesforce Help.";

/// What stands against a move, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// `license-transition-to-chatter`
    ToChatter,
    /// `license-transition-required-permission`
    RequiredPermission(Confidence),
    /// `license-transition-user-type`
    UserType(Confidence),
    /// `license-transition-portal`: refused by the help page.
    Portal,
    /// `license-transition-portal`: the sources conflict.
    PortalConflict,
    /// `license-transition-downgrade`
    Downgrade,
    /// `license-transition-unknown`
    Unknown,
    /// `license-transition-one-way`
    OneWay,
}

/// Families of today that a legacy customer portal user cannot be moved to, and the reverse.
const COMMUNITY: [&str; 6] = [
    "community-high-volume",
    "community-high-volume-login",
    "community-plus",
    "community-plus-login",
    "partner",
    "partner-login",
];

/// Families for which the sources about legacy partner licenses conflict.
const PARTNER_OR_CUSTOMER: [&str; 4] = [
    "community-high-volume",
    "community-high-volume-login",
    "partner",
    "partner-login",
];

/// Families whose profiles carry Chatter for internal users, so that Identity is closed to them.
const CHATTER_INTERNAL: [&str; 6] = [
    "internal-full",
    "internal-platform",
    "integration",
    "internal-limited",
    "internal-chatter-only",
    "internal-company-community",
];

/// What stands against the move of this row; `None` for a create, for a row that stays on its
/// license, for a move that is possible, and where too little is known to speak of a move.
pub(super) fn obstacle(m: &Matrix, person: &Person) -> Option<Obstacle> {
    let profile = person.profile?;
    if person.user.is_none() || person.profile_before == Some(profile) {
        return None;
    }
    let (from, to) = (person.license_before, person.license);
    if from.is_some() && from == to {
        return None;
    }
    let (before, after) = (person.kind_before, person.kind);
    if (before, after) == (Some(UserType::Standard), Some(UserType::CsnOnly)) {
        return Some(Obstacle::ToChatter);
    }
    let crosses = crosses(before, after);
    let (Some(from), Some(to)) = (from, to) else {
        let founded = confidence(m, person);
        return crosses.then_some(Obstacle::UserType(founded));
    };
    let verdict = m.transition(from, to);
    let families = m
        .family(from)
        .zip(m.family(to))
        .map(|(a, b)| (a.as_str(), b.as_str()));
    if let (false, Some((chatter, "identity")), Some(pair)) = (crosses, families, verdict)
        && pair.verdict == TransitionVerdict::Rejected
        && CHATTER_INTERNAL.contains(&chatter)
    {
        return Some(Obstacle::RequiredPermission(pair.confidence));
    }
    if crosses {
        return Some(Obstacle::UserType(confidence(m, person)));
    }
    if let Some((a, b)) = families {
        if pair_of("customer-portal-legacy", &COMMUNITY, a, b) {
            return Some(Obstacle::Portal);
        }
        if pair_of("partner-legacy", &PARTNER_OR_CUSTOMER, a, b) {
            return Some(Obstacle::PortalConflict);
        }
    }
    let lite_after = after.is_some_and(UserType::is_lite);
    let rejected = verdict.is_some_and(|pair| pair.verdict == TransitionVerdict::Rejected);
    if before.is_some_and(UserType::is_power) && lite_after && !rejected {
        return Some(Obstacle::Downgrade);
    }
    match verdict.map(|pair| pair.verdict) {
        Some(TransitionVerdict::Allowed) => None,
        Some(TransitionVerdict::OneWay) => Some(Obstacle::OneWay),
        // Assigning a guest profile has a rule of its own, `profile-guest`.
        _ if after == Some(UserType::Guest) => None,
        // The class of the user types is not known, so the table alone decides.
        Some(TransitionVerdict::Rejected) if before.is_none() || after.is_none() => {
            Some(Obstacle::UserType(Confidence::Inferred))
        }
        _ if is_upgrade(before, after, families) => None,
        _ => Some(Obstacle::Unknown),
    }
}

/// One of both is internal and the other external.
fn crosses(before: Option<UserType>, after: Option<UserType>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    (before.is_internal() && after.is_external()) || (before.is_external() && after.is_internal())
}

/// High-volume users may become Plus or partner users whatever their license; legacy portals are excepted.
fn is_upgrade(
    before: Option<UserType>,
    after: Option<UserType>,
    families: Option<(&str, &str)>,
) -> bool {
    before.is_some_and(UserType::is_lite)
        && matches!(
            after,
            Some(UserType::PowerPartner | UserType::PowerCustomerSuccess)
        )
        && !families
            .is_some_and(|(_, to)| matches!(to, "partner-legacy" | "customer-portal-legacy"))
}

fn pair_of(legacy: &str, others: &[&str], a: &str, b: &str) -> bool {
    (a == legacy && others.contains(&b)) || (b == legacy && others.contains(&a))
}

/// A published class of user types is documented, unless a type itself is only our inference.
fn confidence(m: &Matrix, person: &Person) -> Confidence {
    let of = |profile: Option<ProfileId>| {
        let Some(profile) = profile.and_then(|id| m.profile(id)) else {
            return Confidence::Documented;
        };
        match (profile.user_type.get(), profile.license.get()) {
            (None, Some(license)) => m
                .facts(license)
                .map_or(Confidence::Inferred, |facts| facts.user_type_confidence),
            _ => Confidence::Documented,
        }
    };
    of(person.profile_before).min(of(person.profile))
}

/// The move as words tell it: target profile, the license left and the license entered.
#[derive(Clone, Debug)]
pub(super) struct Move<'a> {
    /// Name of the target profile.
    pub(super) profile: &'a str,
    /// License left, by name and key.
    pub(super) from: String,
    /// License entered, by name and key.
    pub(super) to: String,
    /// User types as the org gives them.
    pub(super) kinds: (&'static str, &'static str),
    /// The profile of the license left that is closest to the target.
    nearest: Option<String>,
}

impl Move<'_> {
    /// Adds the smallest fix: stay on the present license. `else_` is what to do if the move is really meant.
    pub(super) fn stay(&self, words: Explanation, else_: &str) -> Explanation {
        match &self.nearest {
            Some(name) => words
                .fix(format!(
                    "keep a profile of {}, the closest is '{name}'; {else_}",
                    self.from
                ))
                .replace(Attribute::Profile, name.clone()),
            None => words.fix(format!("keep the present profile; {else_}")),
        }
    }

    /// Starts the words of a move with the facts that every obstacle has in common.
    pub(super) fn words(&self, message: String) -> Explanation {
        Explanation::new(message).because(format!(
            "the user is on {} (UserType {}), profile '{}' belongs to {} (UserType {})",
            self.from, self.kinds.0, self.profile, self.to, self.kinds.1
        ))
    }
}

/// The cause of a finding about a move: marked at the profile cell, told apart by both licenses.
pub(super) fn cause<'c>(cx: &RowCx<'c>, cause: Cause<'c>) -> Cause<'c> {
    let person = &cx.row.person;
    let number = |license: Option<LicenseId>| license.map_or(0xFFFF, |id| u64::from(id.0) & 0xFFFF);
    let kind = person.kind_before.map_or(0xFF, |kind| kind as u64);
    let cause = cause
        .column(Attribute::Profile)
        .key(number(person.license_before) << 32 | number(person.license) << 16 | kind);
    let cause = match cx.row.profile_cell.sent() {
        Some(name) => cause.value(name),
        None => cause,
    };
    match person.license.and_then(|id| cx.m.license(id)) {
        Some(license) => cause.subject("license", &license.name),
        None => cause,
    }
}

/// The words' view of the move of a row.
pub(super) fn moved<'a>(cx: &RowCx<'a>) -> Move<'a> {
    let (m, person) = (cx.m, &cx.row.person);
    let shown = |license: Option<LicenseId>| {
        license.map_or_else(
            || String::from("a license that the snapshot does not name"),
            |id| m.shown_license(id),
        )
    };
    let kind = |kind: Option<UserType>| kind.map_or("unknown", UserType::name);
    let nearest = person
        .license_before
        .zip(person.profile)
        .and_then(|(license, wanted)| m.nearest_profile(license, wanted));
    Move {
        profile: person
            .profile
            .and_then(|id| m.profile(id))
            .map_or("", |profile| &profile.name),
        from: shown(person.license_before),
        to: shown(person.license),
        kinds: (kind(person.kind_before), kind(person.kind)),
        nearest: nearest.map(|id| m.profile_cell(id)),
    }
}
