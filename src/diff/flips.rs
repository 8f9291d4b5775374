//! Cells of the matrix whose verdict is another one.

use super::matching::Matches;
use crate::input::SetRef;
use crate::knowledge::RoleKind;
use crate::matrix::{CellVerdict, Item, Matrix};
use serde::{Deserialize, Serialize};

/// Which way a verdict went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Turn {
    /// Less stands against it now.
    Better,
    /// More stands against it now.
    Worse,
}

impl Turn {
    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
        }
    }

    pub(super) fn of<T: Ord>(before: &T, after: &T) -> Option<Self> {
        match before.cmp(after) {
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Less => Some(Self::Worse),
            std::cmp::Ordering::Greater => Some(Self::Better),
        }
    }
}

/// How many verdicts went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Turns {
    /// Less stands against them.
    pub better: u64,
    /// More stands against them.
    pub worse: u64,
}

impl Turns {
    pub(super) fn count(&mut self, turn: Turn) {
        match turn {
            Turn::Better => self.better += 1,
            Turn::Worse => self.worse += 1,
        }
    }

    /// Both ways.
    #[must_use]
    pub fn all(self) -> u64 {
        self.better + self.worse
    }
}

/// One cell whose verdict is another one. Both ends are in both snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Flip {
    /// Name and key of the license.
    pub license: String,
    /// What the license is held against: `permission-set`, `role` ...
    pub kind: &'static str,
    /// Its name.
    pub item: String,
    /// Verdict before.
    pub before: CellVerdict,
    /// Verdict after.
    pub after: CellVerdict,
    /// Which way it went.
    pub turn: Turn,
    /// Why it was so.
    pub reason_before: String,
    /// Why it is so.
    pub reason: String,
}

/// The items of both, older one first.
fn items(new: &Matrix, matches: &Matches) -> Vec<(Item, Item)> {
    let mut items = Vec::new();
    for (set, row) in new.org.permission_sets.iter() {
        if let Some(older) = matches.sets.older(set).filter(|_| row.is_assignable()) {
            items.push((Item::Set(SetRef::Set(older)), Item::Set(SetRef::Set(set))));
        }
    }
    for (group, _) in new.org.permission_set_groups.iter() {
        if let Some(older) = matches.groups.older(group) {
            items.push((
                Item::Set(SetRef::Group(older)),
                Item::Set(SetRef::Group(group)),
            ));
        }
    }
    let kinds = [
        RoleKind::Internal,
        RoleKind::CustomerPortal,
        RoleKind::Partner,
        RoleKind::None,
    ];
    items.extend(kinds.map(|kind| (Item::Role(kind), Item::Role(kind))));
    for (feature, _) in new.org.features.iter() {
        if let Some(older) = matches.features.older(feature) {
            items.push((Item::Feature(older), Item::Feature(feature)));
        }
    }
    for (psl, _) in new.org.psls.iter() {
        if let Some(older) = matches.psls.older(psl) {
            items.push((Item::Psl(older), Item::Psl(psl)));
        }
    }
    for (license, _) in new.org.licenses.iter() {
        if let Some(older) = matches.licenses.older(license) {
            items.push((Item::Move(older), Item::Move(license)));
        }
    }
    items
}

/// Looks at every cell that both have.
pub(super) fn each<E>(
    old: &Matrix,
    new: &Matrix,
    matches: &Matches,
    take: &mut dyn FnMut(&Flip) -> Result<(), E>,
) -> Result<(), E> {
    let items = items(new, matches);
    for (license, _) in new.org.licenses.iter() {
        let Some(older) = matches.licenses.older(license) else {
            continue;
        };
        let (side_before, side_after) = (old.side_of_license(older), new.side_of_license(license));
        for &(item_before, item_after) in &items {
            let before = old.cell(side_before, item_before);
            let after = new.cell(side_after, item_after);
            let Some(turn) = Turn::of(&before.verdict, &after.verdict) else {
                continue;
            };
            let named = new.named_item(item_after);
            take(&Flip {
                license: new.shown_license(license),
                kind: named.kind,
                item: named.name,
                before: before.verdict,
                after: after.verdict,
                turn,
                reason_before: before.reason,
                reason: after.reason,
            })?;
        }
    }
    Ok(())
}
