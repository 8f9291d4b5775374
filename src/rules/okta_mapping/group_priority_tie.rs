#![doc = include_str!("group_priority_tie.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::model::key_of;
use crate::okta::groups::Group;
use crate::rules::mapped_groups::{Placed, columns, keep, named, placed};
use crate::rules::{EndCx, EndSink, Rule};
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
    let mut shared: BTreeMap<Option<i64>, Vec<Placed<'_>>> = BTreeMap::new();
    for group in placed(cx) {
        shared.entry(group.group.priority).or_default().push(group);
    }
    for (priority, all) in &shared {
        let tied: Vec<&Placed<'_>> = all
            .iter()
            .filter(|one| all.iter().any(|other| conflict(one.group, other.group)))
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
            explain(*priority, &tied, &all_names)
        });
        if let Some(severity) = severity {
            for one in &tied {
                sink.mark(one.at.0, severity);
            }
        }
    }
}

/// Whether it matters which of the two counts.
fn conflict(one: &Group, other: &Group) -> bool {
    !one.differing(other).is_empty()
}

fn explain(priority: Option<i64>, tied: &[&Placed<'_>], names: &str) -> Explanation {
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
        .because("who is a member of each is not known here, so any two can meet in one person")
        .because("which of two groups with the same priority counts is not documented by Okta")
        .fix("give each group a priority of its own")
}
