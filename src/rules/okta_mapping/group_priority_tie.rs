#![doc = include_str!("group_priority_tie.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::model::key_of;
use crate::rules::mapped_groups::{Placed, columns, keep, receivers, named, placed};
use crate::rules::{EndCx, EndSink, Rule};
use fixedbitset::FixedBitSet;
use std::collections::BTreeMap;

pub(crate) const RULE: Rule = Rule {
    name: "group-priority-tie",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "mapping",
    columns: &[Attribute::Group],
    speaks: |_, columns, _| columns.rows == RowKind::Group,
    row: Some(keep),
    end: Some(end),
    ..Rule::TEMPLATE
};

/// One finding for each priority that several groups share, however many they are.
fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    repeated(cx, sink);
    misread(cx, sink);
    let known = receivers(cx);
    let mut shared: BTreeMap<Option<i64>, Vec<Tied<'_>>> = BTreeMap::new();
    for (n, group) in placed(cx).into_iter().enumerate() {
        if group.group.misread.is_some() {
            continue;
        }
        let all = shared.entry(group.group.priority).or_default();
        all.push((group, known.get(n)));
    }
    for (priority, all) in &shared {
        let tied: Vec<&Placed<'_>> = all
            .iter()
            .filter(|one| all.iter().any(|other| conflict(cx, one, other)))
            .map(|(one, _)| one)
            .collect();
        // The second of them is where the tie begins.
        let [first, second, ..] = tied.as_slice() else {
            continue;
        };
        let groups = || tied.iter().map(|one| one.group);
        let (text, all_names) = (
            priority.map(|number| number.to_string()),
            named(groups()),
        );
        let mut cause = Cause::warning(Confidence::Certain)
            .subject("priority", text.as_deref().unwrap_or("none"))
            .key(key_of(&all_names));
        if first.group.ranked {
            cause = cause.column(Attribute::Priority);
        }
        if let Some(text) = &text {
            cause = cause.value(text);
        }
        let severity = sink.report(second.place(Some(tied.len() as u64)), cause, || {
            explain((*priority, known.is_empty()), &tied, &all_names)
        });
        if let Some(severity) = severity {
            for one in &tied {
                sink.mark(one.at.0, severity);
            }
        }
    }
}

/// A group that stands in the file twice: an app has each group once, so two files may have become one.
fn repeated(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let mut first: BTreeMap<&str, Placed<'_>> = BTreeMap::new();
    for group in placed(cx) {
        let name = &*group.group.name;
        let Some(before) = first.get(name) else {
            first.insert(name, group);
            continue;
        };
        let row = before.at.0;
        let cause = Cause::warning(Confidence::Certain)
            .column(Attribute::Group)
            .value(name)
            .subject("group", name)
            .key(row);
        sink.report(group.place(None), cause, || {
            Explanation::new(format!("the group stands in the mapping twice, first in row {row}"))
                .because("an app has each group once, with one priority")
                .fix("keep one of the rows; if they are of two apps, check each app by itself")
        });
    }
}

/// A priority that is no number says nothing of which group counts.
fn misread(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for group in placed(cx) {
        let Some(text) = &group.group.misread else {
            continue;
        };
        let cause = Cause::warning(Confidence::Certain)
            .column(Attribute::Priority)
            .value(text)
            .subject("group", &group.group.name)
            .key(group.at.0);
        sink.report(group.place(None), cause, || {
            Explanation::new(format!(
                "the priority of the group is no whole number: '{text}'"
            ))
            .because("whether the group counts before or after the others cannot be told")
            .because("this run puts it behind all that have a priority")
            .fix("write the number that Okta shows, 0 or 1 for the group that counts first")
        });
    }
}

/// A group, and its members where they are known.
type Tied<'r> = (Placed<'r>, Option<&'r FixedBitSet>);

/// Whether it matters for somebody which of the two counts.
fn conflict(cx: &EndCx<'_>, (one, own): &Tied<'_>, (other, others): &Tied<'_>) -> bool {
    let meet = match (own, others) {
        (Some(own), Some(others)) => !own.is_disjoint(others),
        // Any two can meet in one person.
        _ => true,
    };
    let combined = cx.run.groups.as_deref().map(|groups| &groups.combined);
    let alone = |column: &Attribute| combined.is_none_or(|all| !all.contains(column));
    meet && one.group.differing(other.group).iter().any(alone)
}

fn explain((priority, any): (Option<i64>, bool), tied: &[&Placed<'_>], names: &str) -> Explanation {
    let ranked = tied.iter().all(|one| one.group.ranked);
    let words = match priority {
        Some(number) => Explanation::new(format!(
            "{} groups that give different values share priority {number}: {names}",
            tied.len()
        )),
        None if ranked => Explanation::new(format!(
            "{} groups that give different values have no priority: {names}",
            tied.len()
        )),
        None => Explanation::new(format!(
            "the file has no priorities, and {} of its groups give different values: {names}",
            tied.len()
        )),
    };
    let mut differing: Vec<Attribute> = tied
        .iter()
        .flat_map(|one| tied.iter().flat_map(|other| one.group.differing(other.group)))
        .collect();
    differing.sort_unstable();
    differing.dedup();
    words
        .because(format!("they differ in {}", columns(&differing)))
        .because(if any {
            "who is a member of each is not known here, so any two can meet in one person"
        } else {
            "at least one person is in two of them"
        })
        .because("which of two groups with the same priority counts is not documented by Okta")
        .fix("give each group a priority of its own")
}
