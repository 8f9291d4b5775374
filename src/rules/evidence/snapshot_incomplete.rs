#![doc = include_str!("snapshot_incomplete.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{About, EndCx, EndSink, Need, Place, RULES, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "snapshot-incomplete",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "org",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let mut facts: Vec<(String, Vec<&'static str>)> = cx.lacking.to_vec();
    for (object, gap) in &cx.m.org.pulled.gaps {
        facts.push((format!("{object}: {gap} (manifest.json)"), readers(object)));
    }
    for (object, field) in &cx.m.org.pulled.missing {
        // A field that only some orgs have is a line of coverage.
        let wanting = wanting(object, field);
        if !wanting.is_empty() {
            facts.push((format!("{field} of {object}.csv (manifest.json)"), wanting));
        }
    }
    if facts.is_empty() {
        return;
    }
    sink.report(Place::default(), Cause::warning(Confidence::Certain), || {
        let names: Vec<&str> = facts.iter().map(|(what, _)| what.as_str()).collect();
        let from_metadata = cx.m.org.coverage.from_metadata;
        let source = if from_metadata {
            "the metadata project"
        } else {
            "the snapshot"
        };
        let mut words = Explanation::new(format!(
            "{source} lacks what rules of this run need: {}",
            names.join(", ")
        ));
        for (what, rules) in &facts {
            words = words.because(format!("{what}: cannot be told by {}", rules.join(", ")));
        }
        if from_metadata {
            return words.fix("before the push, check the file against a snapshot or with --org: an org tells what metadata cannot");
        }
        words.fix("pull these objects and columns; where the pull could not see them, give its user the rights")
    });
}

/// The rules whose rows are undecided without a field.
fn wanting(object: &str, field: &str) -> Vec<&'static str> {
    let wants = |need: &Need| {
        need.object == object && need.column == field && need.about != About::Coverage
    };
    let rules = RULES.iter().filter(|rule| rule.needs.iter().any(wants));
    rules.map(|rule| rule.name).collect()
}

/// The rules that read an object.
fn readers(object: &str) -> Vec<&'static str> {
    RULES
        .iter()
        .filter(|rule| rule.needs.iter().any(|need| need.object == object))
        .map(|rule| rule.name)
        .collect()
}
