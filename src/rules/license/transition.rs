//! The license move of a row, and its words. What stands against a move is decided by the matrix.

use super::RowCx;
use crate::finding::{Cause, Explanation};
use crate::input::{Attribute, Person};
use crate::matrix::{Matrix, Move};
use crate::model::{LicenseId, UserType};

/// The text of today for a profile that does not fit the license.
pub(super) const COMPATIBLE: &str = "You can only assign profiles that are compatible with the user's license. For a list of compatible licenses and profiles, see the Salesforce Help.";

/// The verdict about the move of this row; [`Move::Same`] for a create, and for a row that keeps its profile.
///
/// Each rule of the family answers for some of the verdicts, so at most one of them speaks.
pub(super) fn verdict(m: &Matrix, person: &Person) -> Move {
    if person.user.is_none() || person.profile.is_none() || person.profile_before == person.profile
    {
        return Move::Same;
    }
    m.license_move(
        m.move_end(person.profile_before, person.kind_before),
        m.move_end(person.profile, person.kind),
    )
}

/// The move as words tell it: target profile, the license left and the license entered.
#[derive(Clone, Debug)]
pub(super) struct Told<'a> {
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

impl Told<'_> {
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
pub(super) fn moved<'a>(cx: &RowCx<'a>) -> Told<'a> {
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
    Told {
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
