//! What the rules about groups share: the row of each group, and how messages name several.

use crate::input::{Attribute, RowKind};
use crate::okta::groups::Group;
use crate::rules::{EndCx, Place, RowCx, Sink};
use fixedbitset::FixedBitSet;

/// Messages name so many groups.
const SHOWN: usize = 6;

/// Keeps the row: the n-th kept row is that of the n-th group of the run.
pub(crate) fn keep(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.columns.rows == RowKind::Group {
        sink.keep(0, 0);
    }
}

/// A group and its row in the whole run.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'r> {
    pub(crate) group: &'r Group,
    pub(crate) at: (u64, u64),
}

impl Placed<'_> {
    /// The row of the group; it stands for so many.
    pub(crate) fn place(&self, rows: Option<u64>) -> Place {
        Place {
            row: Some(self.at),
            rows,
            ..Place::default()
        }
    }
}

/// The groups of the run with their rows.
pub(crate) fn placed<'r>(cx: &EndCx<'r>) -> Vec<Placed<'r>> {
    let groups: &[Group] = cx
        .run
        .groups
        .as_deref()
        .map_or(&[], |groups| groups.all.as_slice());
    groups
        .iter()
        .zip(cx.kept.iter())
        .map(|(group, kept)| Placed {
            group,
            at: (kept.row, kept.line),
        })
        .collect()
}

/// `'SF-Sales', 'SF-Service' and 3 more`.
pub(crate) fn named<'g>(groups: impl Iterator<Item = &'g Group> + Clone) -> String {
    let names: Vec<String> = groups
        .clone()
        .take(SHOWN)
        .map(|group| format!("'{}'", group.name))
        .collect();
    let more = groups.count().saturating_sub(SHOWN);
    match names.split_last() {
        _ if more > 0 => format!("{} and {more} more", names.join(", ")),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

/// `profile, role and permissionSets`.
pub(crate) fn columns(columns: &[Attribute]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

/// Members who are assigned individually: no group gives them anything.
pub(crate) fn individuals(cx: &EndCx<'_>) -> FixedBitSet {
    let groups = cx.run.groups.as_deref();
    groups
        .and_then(|groups| Some(groups.members.as_ref()?.individuals()))
        .unwrap_or_default()
}

/// The members of each group whom it may give something, in the order of [`placed`]; empty where they are not known.
pub(crate) fn receivers(cx: &EndCx<'_>) -> Vec<FixedBitSet> {
    let alone = individuals(cx);
    let mut all = members(cx);
    for own in &mut all {
        own.difference_with(&alone);
    }
    all
}

/// The members of each group, in the order of [`placed`]; empty where they are not known.
pub(crate) fn members(cx: &EndCx<'_>) -> Vec<FixedBitSet> {
    let groups = cx.run.groups.as_deref();
    groups
        .and_then(|groups| Some(groups.members.as_ref()?.sets(groups.all.len())))
        .unwrap_or_default()
}
