#![doc = include_str!("group_shadowed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::model::key_of;
use crate::okta::groups::{Group, SCALARS};
use crate::rules::mapped_groups::{Placed, individuals, keep, members, named, placed};
use crate::rules::{EndCx, EndSink, Rule, Setting};
use std::cmp::Ordering;

pub(crate) const RULE: Rule = Rule {
    name: "group-shadowed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "mapping",
    columns: &[Attribute::Group],
    requires: &[Setting::Members],
    speaks: |_, columns, _| columns.rows == RowKind::Group,
    row: Some(keep),
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let (groups, members, alone) = (placed(cx), members(cx), individuals(cx));
    for (low, own) in groups.iter().zip(&members) {
        if own.is_clear() {
            without_members(low, sink);
            continue;
        }
        if SCALARS.iter().all(|&column| !gives(low.group, column)) {
            continue;
        }
        let mut left = own.clone();
        left.difference_with(&alone);
        let individually = own.intersection_count(&alone);
        let mut above: Vec<&Group> = Vec::new();
        for (high, others) in groups.iter().zip(&members) {
            if covers(high.group, low.group) && !left.is_disjoint(others) {
                left.difference_with(others);
                above.push(high.group);
            }
        }
        if left.is_clear() {
            report(low, (own.count_ones(..), individually), &above, sink);
        }
    }
}

/// A file of members may be of a part of the people, so this is no more than a notice.
fn without_members(group: &Placed<'_>, sink: &mut EndSink<'_>) {
    let cause = Cause::notice(Confidence::Inferred)
        .column(Attribute::Group)
        .value(&group.group.name)
        .subject("group", &group.group.name);
    sink.report(group.place(None), cause, || {
        Explanation::new("nobody is a member of this group")
            .because("the file of members does not name it")
            .fix("take the group out of the app, or list its members if the file is of a part of the people")
    });
}

fn gives(group: &Group, column: Attribute) -> bool {
    group.scalar(column).is_some_and(|text| !text.is_empty())
}

/// Whether a group comes first and gives all that the other one gives, so that nothing of the other is left.
fn covers(high: &Group, low: &Group) -> bool {
    high.rank(low) == Ordering::Less
        && SCALARS
            .iter()
            .all(|&column| !gives(low, column) || gives(high, column))
}

fn report(low: &Placed<'_>, (people, alone): (usize, usize), above: &[&Group], sink: &mut EndSink<'_>) {
    let names = named(above.iter().copied());
    let cause = Cause::warning(Confidence::Certain)
        .column(Attribute::Group)
        .value(&low.group.name)
        .subject("group", &low.group.name)
        .key(key_of(&names) ^ alone as u64);
    sink.report(low.place(None), cause, || {
        Explanation::new("nobody gets the profile and role of this group")
            .because(match (alone, above) {
                (0, _) => format!("all {people} of its members are in groups that come first: {names}"),
                (_, []) => format!("all {people} of its members are assigned individually, which beats every group"),
                _ => format!("of its {people} members {alone} are assigned individually, and the others are in groups that come first: {names}"),
            })
            .fix("take the group out of the app, or give it a priority before the others")
    });
}
