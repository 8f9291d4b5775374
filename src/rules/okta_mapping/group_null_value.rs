#![doc = include_str!("group_null_value.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::model::key_of;
use crate::okta::groups::{Group, SCALARS};
use crate::rules::mapped_groups::{Placed, keep, named, placed, receivers};
use crate::rules::{EndCx, EndSink, Rule};
use fixedbitset::FixedBitSet;
use std::cmp::Ordering;

pub(crate) const RULE: Rule = Rule {
    name: "group-null-value",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "mapping",
    columns: &SCALARS,
    speaks: |_, columns, _| columns.rows == RowKind::Group,
    row: Some(keep),
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let (groups, known) = (placed(cx), receivers(cx));
    for (n, top) in groups.iter().enumerate() {
        for column in SCALARS {
            if top.group.scalar(column) == Some("") {
                report((n, top), column, (&groups, &known), sink);
            }
        }
    }
}

fn report(
    (n, top): (usize, &Placed<'_>),
    column: Attribute,
    (groups, known): (&[Placed<'_>], &[FixedBitSet]),
    sink: &mut EndSink<'_>,
) {
    // Where the members are known, only groups that share one matter.
    let meet = |other: usize| match (known.get(n), known.get(other)) {
        (Some(own), Some(others)) => !own.is_disjoint(others),
        _ => true,
    };
    let lower: Vec<&Group> = groups
        .iter()
        .enumerate()
        .filter(|(other, _)| meet(*other))
        .map(|(_, other)| other.group)
        .filter(|other| {
            top.group.rank(other) == Ordering::Less
                && other.scalar(column).is_some_and(|text| !text.is_empty())
        })
        .collect();
    if lower.is_empty() {
        return;
    }
    let names = named(lower.iter().copied());
    let cause = Cause::warning(Confidence::Inferred)
        .column(column)
        .subject("group", &top.group.name)
        .key(key_of(&names));
    sink.report(top.place(None), cause, || {
        Explanation::new(format!(
            "the group leaves the {column} blank, and groups below it set one"
        ))
        .because(format!(
            "{names} come after it and set a {column}; for a person in both, whether that falls through to the lower group is not documented"
        ))
        .fix(match column {
            Attribute::Role => "fill it in, or write NO_ROLE where no role is meant",
            _ => "fill it in",
        })
    });
}
