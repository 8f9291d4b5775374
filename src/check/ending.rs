//! The end of a run: rules speak of what they gathered, and late findings get their places.

use super::checklist::Answers;
use super::exempt::Whose;
use super::line::late_line;
use super::merge::Merger;
use super::places::Places;
use super::plan::Plan;
use super::spool::{Late, Order};
use super::words::Words;
use crate::finding::Severity;
use crate::matrix::Matrix;
use crate::rules::{EndCx, EndSink, RULES};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rules whose findings mean that the evidence is incomplete, from which severity on.
const INCOMPLETE: [(&str, Severity); 2] = [
    ("snapshot-stale", Severity::Notice),
    ("counts-differ", Severity::Warning),
];

/// Whether the snapshot holds another number of records of an object than the org counted during the pull.
pub(super) fn miscounted(m: &Matrix) -> bool {
    let known = &m.org.coverage.objects;
    m.org.pulled.counts.iter().any(|(object, count)| {
        let rows = known.get(object).map(|known| known.rows);
        rows.is_some_and(|rows| rows != *count)
    })
}

/// Findings that are given once per cause, at the first row of each.
pub(super) fn once_per_cause(merger: &mut Merger, places: &Places<'_>) -> Vec<Late> {
    let mut late = Vec::new();
    for (order, standing, whole) in merger.late_once() {
        let order = Order {
            row: places.in_order(order.row),
            ..order
        };
        let severity = whole.once.said.severity;
        merger.count_late(whole.once.rule, (severity, standing), None);
        let label = merger.exempt.labels.get(standing);
        let (input, at) = places.of(Some((whole.row, whole.line)));
        let user = (!whole.once.user.is_empty()).then_some(&*whole.once.user);
        late.push(late_line(order, input, at, |out| {
            let once = &whole.once;
            once.said
                .write(out, user, once.creates, Some(once.rows), label);
        }));
    }
    late
}

/// Asks the end parts of the rules.
pub(super) fn speak_at_the_end(
    m: &Matrix,
    options: &super::Options,
    plan: &Plan,
    merger: &mut Merger,
    places: &Places<'_>,
    late: &mut Vec<Late>,
) -> Answers {
    let mut answers = Answers::default();
    let mut words = Words::default();
    let lacking = lacking(plan, merger);
    let paths: Vec<String> = places
        .inputs
        .iter()
        .map(|input| input.input.path.to_string())
        .collect();
    let exempt = Arc::clone(&merger.exempt);
    let columns = places.inputs.first().map(|input| &input.input.columns);
    for &(number, rule) in &plan.ends {
        let Some(check) = rule.end else { continue };
        let kept = merger.kept.remove(&number).unwrap_or_default();
        let cx = EndCx {
            m,
            run: &options.run,
            columns,
            rows: merger.verdicts.len() as u64,
            ledger: &merger.ledger,
            lacking: &lacking,
            kept: &kept,
            tally: merger.tallies.get(&number).copied().unwrap_or_default(),
            ran: &plan.ran,
            inputs: &paths,
            exempt: &exempt,
        };
        let mut sink = EndSink {
            rule,
            number,
            cx: &cx,
            policy: &options.policy,
            words: &mut words,
            findings: Vec::new(),
            found: Vec::new(),
            told: Vec::new(),
            undecided: false,
            verdicts: &mut merger.verdicts,
        };
        check(&cx, &mut sink);
        merger.incomplete |= sink.undecided;
        answers.add(number, rule, sink.told, sink.found);
        for (at, said) in sink.findings {
            let (input, row) = places.of(at.row);
            // A finding that stands for several rows is about more people than the one that it names.
            let whose = Whose {
                user: at
                    .user
                    .as_deref()
                    .filter(|_| at.rows.is_none_or(|rows| rows < 2)),
                input: places.path(at.row),
            };
            let standing = merger.exempt.standing(number, &said, whose);
            let label = merger.exempt.labels.get(standing).to_vec();
            merger.count_late(
                number,
                (said.severity, standing),
                at.row.map(|(row, _)| row),
            );
            merger.incomplete |= INCOMPLETE
                .iter()
                .any(|(name, from)| *name == rule.name && said.severity >= *from);
            let order = Order {
                row: at.row.map_or(0, |(row, _)| places.in_order(row)),
                column: said.column,
                rule: merger.rank(number),
            };
            late.push(late_line(order, input, row, |out| {
                said.write(out, at.user.as_deref(), at.creates, at.rows, &label);
            }));
        }
    }
    answers
}

/// The missing facts that left rows undecided, each with the rules that wanted it.
fn lacking(plan: &Plan, merger: &Merger) -> Vec<(String, Vec<&'static str>)> {
    let mut facts: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for lack in &plan.lacks {
        if merger.lacking.contains(&lack.about) {
            let rules = facts.entry(lack.what.clone()).or_default();
            rules.insert(lack.rule);
        }
    }
    for (number, fact) in &merger.undecided {
        if let Some(rule) = RULES.get(usize::from(*number)) {
            let rules = facts.entry((*fact).to_owned()).or_default();
            rules.insert(rule.name);
        }
    }
    facts
        .into_iter()
        .map(|(what, rules)| (what, rules.into_iter().collect()))
        .collect()
}
