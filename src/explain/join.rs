//! With the org at hand: causes that share one sentence are told apart by the findings of the rules themselves.
//!
//! What the inputs give for a person decides first, then the seats that the run counts, then a row made of what the text
//! names (a profile, a permission set) and judged like any other; findings that are given once per cause come last, and
//! only put their rule in front.

use super::people::{People, folded};
use super::probe::probe;
use super::{Answer, Error};
use crate::check::{self, Judged, Options};
use crate::finding::{Finding, Severity};
use crate::model::key_of_folded;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::Path;

/// What logged errors are compared with.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The snapshot folder.
    pub snapshot: &'a Path,
    /// The files that were pushed; may be none.
    pub inputs: &'a [String],
    /// How they are judged.
    pub options: &'a Options,
}

/// What the rules say of the inputs, as far as the comparison needs it.
#[derive(Debug)]
pub struct Predictions {
    /// The judged run.
    pub judged: Judged,
    /// Findings of the people that messages name, by username in lower case.
    pub(super) of_person: BTreeMap<String, Vec<Finding>>,
    /// Findings that stand for several rows, or for none.
    pub(super) of_cause: Vec<Finding>,
    /// Usernames (in lower case) that each rule predicts an error for.
    pub(super) errors: BTreeMap<String, BTreeSet<String>>,
    pub(super) people: People,
}

/// Judges the inputs and puts what is found to the answers: the likeliest rule first, the evidence beside it.
///
/// # Errors
/// The snapshot or an input cannot be used.
pub fn join(answers: &mut [Answer], against: &Against<'_>) -> Result<Predictions, Error> {
    let predictions = predict(answers, against)?;
    for answer in answers.iter_mut() {
        for name in &mut answer.affected {
            if let Some(username) = predictions.people.username(name) {
                username.clone_into(name);
            }
        }
        answer.affected.dedup();
    }
    let probed = probe(answers, &predictions.judged.matrix.org.users, against)?;
    for (n, answer) in answers.iter_mut().enumerate() {
        let own = predictions.own(answer);
        let probed = probed.get(&n).map_or(&[][..], Vec::as_slice);
        let probed: Vec<&Finding> = probed.iter().filter(|found| names(answer, found)).collect();
        if !decide(answer, &own) && !predictions.decide_by_seats(answer) && !decide(answer, &probed)
        {
            predictions.lean(answer);
            predictions.lean_on_seats(answer);
        }
        predictions.add_errors_of_unknown(answer);
        predictions.add_person(answer);
    }
    Ok(predictions)
}

fn predict(answers: &[Answer], against: &Against<'_>) -> Result<Predictions, Error> {
    let judged = check::check(against.inputs, against.snapshot, against.options, &|_| ())
        .map_err(Box::new)?;
    let named = answers.iter().flat_map(|answer| &answer.affected);
    let mut people = People::wanted(named.map(String::as_str));
    let mut first_row = 0;
    for input in &judged.outcome.inputs {
        people.look_in_input(input, first_row)?;
        first_row += input.rows;
    }
    people.look_in_snapshot(against.snapshot)?;
    let meant: BTreeSet<String> = answers
        .iter()
        .flat_map(|answer| &answer.affected)
        .map(|name| folded(people.username(name).unwrap_or(name)))
        .collect();
    let mut predictions = Predictions {
        of_person: BTreeMap::new(),
        of_cause: Vec::new(),
        errors: BTreeMap::new(),
        people,
        judged,
    };
    let findings = read_findings(&predictions.judged)?;
    for finding in findings {
        let user = finding.user.as_deref().map(folded);
        if let (Some(user), Severity::Error) = (&user, finding.severity) {
            predictions
                .errors
                .entry(finding.rule.clone())
                .or_default()
                .insert(user.clone());
        }
        let alone = finding.rows.is_none_or(|rows| rows <= 1);
        match user {
            Some(user) if meant.contains(&user) => {
                predictions.of_person.entry(user).or_default().push(finding);
            }
            Some(_) if alone => {}
            _ => predictions.of_cause.push(finding),
        }
    }
    predictions.note_seats();
    Ok(predictions)
}

pub(super) fn read_findings(judged: &Judged) -> Result<Vec<Finding>, Error> {
    let mut found = Vec::new();
    for line in judged.outcome.findings().map_err(Error::Temporary)?.lines() {
        let line = line.map_err(Error::Temporary)?;
        found.push(serde_json::from_str(&line).map_err(Error::Finding)?);
    }
    Ok(found)
}

/// Whether a finding can decide: it is of a rule that the text can stand for, and more than a note.
fn names(answer: &Answer, finding: &Finding) -> bool {
    finding.severity > Severity::Notice && answer.rules().any(|rule| rule == finding.rule)
}

/// Whether the words of a finding speak of what the text names; a text that names nothing fits all.
fn speaks_of(answer: &Answer, finding: &Finding) -> bool {
    let named = ["license", "permset", "profile", "feature", "psl", "role"]
        .into_iter()
        .find_map(|name| answer.captures.get(name));
    named.is_none_or(|named| {
        let named = named.to_lowercase();
        let mut words = [&finding.subject, &finding.value]
            .into_iter()
            .flatten()
            .chain([&finding.message]);
        words.any(|word| word.to_lowercase().contains(&named))
    })
}

/// Lets findings decide: their rules are all that is left. `false`: there is none.
fn decide(answer: &mut Answer, findings: &[&Finding]) -> bool {
    let mut findings = findings.to_vec();
    let places: Vec<String> = answer.rules().map(str::to_owned).collect();
    findings.sort_by_key(|found| {
        (
            !speaks_of(answer, found),
            std::cmp::Reverse(found.severity),
            places.iter().position(|rule| *rule == found.rule),
        )
    });
    let Some(first) = findings.first().copied() else {
        return false;
    };
    // What may fail as well says less than what does fail.
    findings.retain(|found| found.severity == first.severity);
    answer.cause.clone_from(&first.message);
    if let Some(fix) = &first.fix {
        answer.fix.clone_from(&fix.text);
    }
    for fact in &first.reason {
        push_new(&mut answer.evidence, fact.clone());
    }
    let mut rules: Vec<String> = Vec::new();
    for found in &findings {
        push_new(&mut rules, found.rule.clone());
    }
    let mut rules = rules.into_iter();
    answer.rule = rules.next();
    answer.candidates = rules.collect();
    true
}

pub(super) fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

impl Predictions {
    /// Findings of the people concerned, of rules that the text can stand for.
    fn own(&self, answer: &Answer) -> Vec<&Finding> {
        answer
            .affected
            .iter()
            .filter_map(|user| self.of_person.get(&folded(user)))
            .flatten()
            .filter(|found| names(answer, found))
            .collect()
    }

    /// Findings that are given once per cause put their rule in front; nothing is left out.
    fn lean(&self, answer: &mut Answer) {
        let fitting: Vec<&Finding> = self
            .of_cause
            .iter()
            .filter(|found| names(answer, found) && speaks_of(answer, found))
            .collect();
        let Some(first) = fitting
            .iter()
            .max_by_key(|found| found.severity)
            .filter(|found| found.severity > Severity::Notice)
        else {
            return;
        };
        push_new(&mut answer.evidence, first.message.clone());
        let rules: Vec<String> = answer.rules().map(str::to_owned).collect();
        answer.candidates = rules
            .into_iter()
            .filter(|rule| *rule != first.rule)
            .collect();
        answer.rule = Some(first.rule.clone());
    }

    /// A text that no pattern knows, of a person for whom errors were predicted: they may be what it means, and are shown
    /// as that.
    fn add_errors_of_unknown(&self, answer: &mut Answer) {
        if answer.is_known() {
            return;
        }
        let errors = answer
            .affected
            .iter()
            .filter_map(|user| self.of_person.get(&folded(user)))
            .flatten()
            .filter(|found| found.severity == Severity::Error)
            .take(MOST_ERRORS)
            .map(|found| {
                format!(
                    "check finds for this person: {}: {}",
                    found.rule, found.message
                )
            });
        answer.evidence.extend(errors);
    }

    /// What the snapshot says of the people concerned.
    fn add_person(&self, answer: &mut Answer) {
        let m = &self.judged.matrix;
        for name in answer.affected.clone() {
            let Some(user) = m.org.users.by_login(key_of_folded(name.trim())) else {
                continue;
            };
            let profile = m.org.users.profile(user);
            let Some((id, profile)) = profile.and_then(|id| Some((id, m.profile(id)?))) else {
                continue;
            };
            let license = m.license_of(id).map_or_else(
                || String::from("unknown"),
                |license| m.shown_license(license),
            );
            let state = match m.org.users.active(user) {
                Some(false) => ", inactive",
                _ => "",
            };
            answer.evidence.push(format!(
                "{name}: profile '{}', license {license}{state}",
                profile.name
            ));
        }
    }
}

/// Errors of a person that are shown beside an unknown text.
const MOST_ERRORS: usize = 3;
