#![doc = include_str!("group_priority_sensitive.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RowKind};
use crate::model::key_of;
use crate::okta::groups::Group;
use crate::rules::mapped_groups::{Placed, columns, keep, receivers, placed};
use crate::rules::{EndCx, EndSink, Rule, Setting};
use fixedbitset::FixedBitSet;
use std::cmp::Ordering;

pub(crate) const RULE: Rule = Rule {
    name: "group-priority-sensitive",
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
    let (groups, members) = (placed(cx), receivers(cx));
    let all: Vec<(&Placed<'_>, &FixedBitSet)> = groups.iter().zip(&members).collect();
    unranked(&all, sink);
    for (loser, own) in &all {
        // The group that wins over most of its members speaks for all: one finding for each group that loses.
        let winner = all
            .iter()
            .filter(|(winner, _)| {
                winner.group.rank(loser.group) == Ordering::Less && differ(winner.group, loser.group)
            })
            .map(|(winner, others)| (own.intersection_count(others), *winner))
            .rev()
            .max_by_key(|(shared, _)| *shared);
        if let Some((shared @ 1.., winner)) = winner {
            report(cx, winner, loser, shared, sink);
        }
    }
}

fn differ(one: &Group, other: &Group) -> bool {
    one.differing_scalars(other).next().is_some()
}

/// Without priorities nobody can tell which group counts: one finding for all of them.
fn unranked(all: &[(&Placed<'_>, &FixedBitSet)], sink: &mut EndSink<'_>) {
    let mut torn = FixedBitSet::default();
    for (n, (one, own)) in all.iter().enumerate() {
        for (other, others) in all.iter().skip(n + 1) {
            if !one.group.ranked && !other.group.ranked && differ(one.group, other.group) {
                let mut both = (*own).clone();
                both.intersect_with(others);
                torn.grow(both.len());
                torn.union_with(&both);
            }
        }
    }
    let people = torn.count_ones(..);
    let Some((first, _)) = all.iter().find(|(one, _)| !one.group.ranked) else {
        return;
    };
    if people == 0 {
        return;
    }
    let cause = Cause::warning(Confidence::Certain).key(people as u64);
    sink.report(first.place(None), cause, || {
        Explanation::new(format!(
            "the file has no priorities, and {people} {} in groups that give different profiles or roles",
            if people == 1 { "person is" } else { "people are" }
        ))
        .because("which group counts for them follows from the priority of the groups in Okta")
        .fix("add the priority column (Okta: Applications, Salesforce, Assignments, Groups)")
    });
}

fn report(
    cx: &EndCx<'_>,
    winner: &Placed<'_>,
    loser: &Placed<'_>,
    shared: usize,
    sink: &mut EndSink<'_>,
) {
    let differing: Vec<Attribute> = winner.group.differing_scalars(loser.group).collect();
    let cause = Cause::notice(Confidence::Certain)
        .column(Attribute::Group)
        .value(&loser.group.name)
        .subject("group", &loser.group.name)
        .key(key_of(&winner.group.name) ^ shared as u64);
    sink.report(loser.place(None), cause, || {
        let words = Explanation::new(format!(
            "{shared} of its members {} {} from '{}', which comes first",
            if shared == 1 { "gets" } else { "get" },
            columns(&differing),
            winner.group.name
        ));
        let license = |group: &Group| {
            let names = cx.m.profile_names.exact(group.scalar(Attribute::Profile)?);
            let [profile] = names else { return None };
            cx.m.license_of(*profile)
        };
        let words = match (license(winner.group), license(loser.group)) {
            (Some(won), Some(lost)) if won != lost => words.because(format!(
                "they are on {} instead of {}",
                cx.m.shown_license(won),
                cx.m.shown_license(lost)
            )),
            _ => words,
        };
        words.fix("nothing, if this order is meant; else change the priorities")
    });
}
