//! License moves: what happens when a profile change takes a user to another license.

use rustc_hash::FxHashMap;

use super::license::Family;
use super::sheet::{Sheet, list};
use super::{Confidence, Error};

/// One line stands for the pairs of `from` with each family in `to`.
pub(super) const SHEET: Sheet<6> = Sheet {
    name: "license_transitions",
    header: ["from", "to", "verdict", "message", "confidence", "source"],
    text: include_str!("license_transitions.csv"),
};

/// Whether Salesforce lets a user move from one license family to another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TransitionVerdict {
    /// The move is possible.
    Allowed,
    /// The move is refused.
    Rejected,
    /// The move is possible and the way back is not.
    OneWay,
    /// No public statement decides it.
    Unknown,
}

/// The verdict on one ordered pair of license families. A pair of equal families is about two
/// different licenses of it: the same license is always allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// What happens.
    pub verdict: TransitionVerdict,
    /// Text that Salesforce is expected to answer; empty where none is known. It can hold the
    /// placeholder `<target profile>`.
    pub message: &'static str,
    /// How well the verdict (not the message) is founded.
    pub confidence: Confidence,
    /// Where the verdict comes from.
    pub source: &'static str,
}

/// All pairs. Lines are kept as written and shared by the pairs that they stand for.
#[derive(Debug, Default)]
pub(super) struct Transitions {
    rows: Vec<Transition>,
    pairs: FxHashMap<(Family, Family), usize>,
}

impl Transitions {
    pub(super) fn get(&self, from: Family, to: Family) -> Option<&Transition> {
        self.pairs
            .get(&(from, to))
            .and_then(|&index| self.rows.get(index))
    }

    #[cfg(test)]
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Family, Family)> {
        self.pairs.keys().copied()
    }
}

pub(super) fn parse(sheet: Sheet<6>) -> Result<Transitions, Error> {
    let mut transitions = Transitions::default();
    for record in sheet.records()? {
        let (place, [from, to, verdict, message, confidence, source]) = record?;
        let verdict = match verdict {
            "allowed" => TransitionVerdict::Allowed,
            "rejected" => TransitionVerdict::Rejected,
            "one-way" => TransitionVerdict::OneWay,
            "unknown" => TransitionVerdict::Unknown,
            _ => return Err(place.word("verdict", verdict)),
        };
        let confidence = place.confidence("confidence", confidence)?;
        let index = transitions.rows.len();
        for to in list(to) {
            if transitions
                .pairs
                .insert((Family(from), Family(to)), index)
                .is_some()
            {
                return Err(place.duplicate(format!("{from} -> {to}")));
            }
        }
        transitions.rows.push(Transition {
            verdict,
            message,
            confidence,
            source,
        });
    }
    Ok(transitions)
}
