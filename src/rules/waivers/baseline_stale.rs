#![doc = include_str!("baseline_stale.md")]

use crate::baseline::Known;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{EndCx, EndSink, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "baseline-stale",
    severity: Severity::Notice,
    confidence: Confidence::Certain,
    applies: "org",
    end: Some(end),
    ..Rule::TEMPLATE
};

/// Entries that are named; the rest is counted.
const NAMED: usize = 20;

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let mut stale: Vec<&Known> = cx.exempt.stale(cx.ran).collect();
    if stale.is_empty() {
        return;
    }
    stale.sort();
    sink.report(Place::default(), Cause::notice(Confidence::Certain), || {
        let count = stale.len();
        let (entries, match_) = if count == 1 {
            ("1 entry".to_owned(), "matches")
        } else {
            (format!("{count} entries"), "match")
        };
        let mut words = Explanation::new(format!(
            "{entries} of the baseline {match_} no finding of this run"
        ));
        for known in stale.iter().take(NAMED) {
            let parts = [&known.subject, &known.column, &known.value];
            let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            words = words.because(format!("{}: {}", known.rule, parts.join(", ")));
        }
        if count > NAMED {
            words = words.because(format!("and {} more", count - NAMED));
        }
        words.fix("take them out: sfcompat baseline prune")
    });
}
