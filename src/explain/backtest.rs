//! A log against what the rules predict: which failures they told before, which not, and how often each rule is right.
//!
//! The state of the org is that of the snapshot, taken before the logged pushes. A prediction counts as confirmed where the
//! log holds a failure of that person that the rule can stand for, as refuted where it holds a success and no such failure;
//! where the log says nothing of the person, the prediction is untested and counts neither way.

use super::join::Predictions;
use super::people::folded;
use super::{Answer, Log, explain};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The schema of [`Backtest`].
pub const SCHEMA: &str = "sfcompat-backtest/1";

/// How a logged failure compares with the predictions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A finding of the person tells it.
    Predicted,
    /// The person is in the inputs, and no finding tells it.
    Missed,
    /// The person is in none of the inputs: nothing was judged.
    NotInInputs,
    /// No rule stands for it: locks, outages, automation of the org.
    NoRule,
    /// The text is unknown.
    Unknown,
}

/// One logged failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Line of the log, from 1.
    pub line: u64,
    /// Who is concerned.
    pub affected: Vec<String>,
    /// The text.
    pub text: String,
    /// The rule that stands for it: the predicting one where there is one.
    pub rule: Option<String>,
    /// How it compares.
    pub verdict: Verdict,
    /// The severity of the finding that tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub severity: Option<crate::finding::Severity>,
}

/// The record of one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleRecord {
    /// The rule.
    pub rule: String,
    /// Logged failures of people in the inputs that it stands for.
    pub failures: u64,
    /// Those that were predicted.
    pub predicted: u64,
    /// Those that were not.
    pub missed: u64,
    /// `predicted` of `failures`, 0 to 1; `None`: no failure.
    pub recall: Option<f64>,
    /// People for whom the rule predicts an error.
    pub findings: u64,
    /// Those with a logged failure that it can stand for.
    pub confirmed: u64,
    /// Those with a logged success and no such failure.
    pub refuted: u64,
    /// Those of whom the log says neither.
    pub untested: u64,
    /// `confirmed` of `confirmed` and `refuted`, 0 to 1; `None`: none of either.
    pub precision: Option<f64>,
}

/// Sums over all rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Logged failures.
    pub failures: u64,
    /// A finding tells them.
    pub predicted: u64,
    /// The person was judged, and no finding tells them.
    pub missed: u64,
    /// The person is in no input.
    pub not_in_inputs: u64,
    /// No rule stands for them.
    pub no_rule: u64,
    /// Their text is unknown.
    pub unknown: u64,
    /// `predicted` of `predicted` and `missed`.
    pub recall: Option<f64>,
    /// Errors predicted and confirmed.
    pub confirmed: u64,
    /// Errors predicted and refuted.
    pub refuted: u64,
    /// Errors predicted of which the log says nothing.
    pub untested: u64,
    /// `confirmed` of `confirmed` and `refuted`.
    pub precision: Option<f64>,
}

/// The whole comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Backtest {
    /// [`SCHEMA`]
    pub schema: String,
    /// The log as it is shown.
    pub log: String,
    /// The inputs as they are shown.
    pub inputs: Vec<String>,
    /// Sums.
    pub totals: Totals,
    /// The record of each rule with a failure or a predicted error, by name.
    pub rules: Vec<RuleRecord>,
    /// Every logged failure, in the order of the log.
    pub failures: Vec<Failure>,
}

/// Compares the answers for a log, already joined, with what was predicted.
#[must_use]
pub fn backtest(log: &Log, answers: &[Answer], predictions: &Predictions) -> Backtest {
    let failures: Vec<Failure> = answers
        .iter()
        .map(|answer| failure(answer, predictions))
        .collect();
    let mut rules: BTreeMap<&str, RuleRecord> = BTreeMap::new();
    let mut totals = Totals {
        failures: failures.len() as u64,
        ..Totals::default()
    };
    for failure in &failures {
        *match failure.verdict {
            Verdict::Predicted => &mut totals.predicted,
            Verdict::Missed => &mut totals.missed,
            Verdict::NotInInputs => &mut totals.not_in_inputs,
            Verdict::NoRule => &mut totals.no_rule,
            Verdict::Unknown => &mut totals.unknown,
        } += 1;
        let Some(rule) = failure.rule.as_deref() else {
            continue;
        };
        let record = rules.entry(rule).or_default();
        match failure.verdict {
            Verdict::Predicted => record.predicted += 1,
            Verdict::Missed => record.missed += 1,
            _ => {}
        }
    }
    let failed = failed_by_person(log, predictions);
    for (rule, people) in &predictions.errors {
        let record = rules.entry(rule).or_default();
        for person in people {
            let failures = failed.get(person);
            if failures.is_some_and(|rules| rules.contains(rule.as_str())) {
                record.confirmed += 1;
            } else if failures.is_none() && log.succeeded.contains(person) {
                record.refuted += 1;
            } else {
                record.untested += 1;
            }
        }
    }
    let rules: Vec<RuleRecord> = rules
        .into_iter()
        .map(|(rule, record)| finished(rule, &record, &mut totals))
        .filter(|record| record.failures + record.findings > 0)
        .collect();
    totals.recall = share(totals.predicted, totals.missed);
    totals.precision = share(totals.confirmed, totals.refuted);
    Backtest {
        schema: SCHEMA.to_owned(),
        log: log.path.clone(),
        inputs: predictions
            .judged
            .outcome
            .inputs
            .iter()
            .map(|input| input.input.path.to_string())
            .collect(),
        totals,
        rules,
        failures,
    }
}

fn finished(rule: &str, record: &RuleRecord, totals: &mut Totals) -> RuleRecord {
    totals.confirmed += record.confirmed;
    totals.refuted += record.refuted;
    totals.untested += record.untested;
    RuleRecord {
        rule: rule.to_owned(),
        failures: record.predicted + record.missed,
        recall: share(record.predicted, record.missed),
        findings: record.confirmed + record.refuted + record.untested,
        precision: share(record.confirmed, record.refuted),
        ..record.clone()
    }
}

/// The part of `hits` in both, rounded to four places so that every machine writes the same.
fn share(hits: u64, misses: u64) -> Option<f64> {
    let all = hits + misses;
    let part = (hits * 10_000 + all / 2).checked_div(all)?;
    // At most 10,000: exact in any number type.
    u32::try_from(part)
        .ok()
        .map(|part| f64::from(part) / 10_000.0)
}

/// The rules that the logged failures of each person can stand for, before anything decides between them: one refusal can
/// have two reasons.
fn failed_by_person(log: &Log, predictions: &Predictions) -> BTreeMap<String, BTreeSet<String>> {
    let mut failed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for answer in log.messages.iter().flat_map(explain) {
        for person in &answer.affected {
            let person = predictions.people.username(person).unwrap_or(person);
            failed
                .entry(folded(person))
                .or_default()
                .extend(answer.rules().map(str::to_owned));
        }
    }
    failed
}

fn failure(answer: &Answer, predictions: &Predictions) -> Failure {
    let people = || answer.affected.iter();
    let told = people()
        .filter_map(|person| predictions.of_person.get(&folded(person)))
        .flatten()
        .filter(|found| answer.rules().any(|rule| rule == found.rule))
        .filter(|found| found.severity > crate::finding::Severity::Notice)
        .max_by_key(|found| found.severity);
    let judged = people().any(|person| !predictions.people.rows(person).is_empty());
    let by_seats = !predictions.short_seats(answer).is_empty();
    let verdict = match (&answer.rule, answer.is_known()) {
        (_, false) => Verdict::Unknown,
        (None, true) => Verdict::NoRule,
        _ if told.is_some() || by_seats => Verdict::Predicted,
        _ if judged => Verdict::Missed,
        _ => Verdict::NotInInputs,
    };
    Failure {
        line: answer.line,
        affected: answer.affected.clone(),
        text: answer.text.clone(),
        rule: told
            .map(|found| found.rule.clone())
            .or_else(|| answer.rule.clone()),
        verdict,
        severity: told.map(|found| found.severity),
    }
}
