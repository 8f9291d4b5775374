//! Where rules put what they found. Policy, evidence and place are added here; nothing is printed.

use super::{EndCx, RowCx, Rule};
use crate::check::{Claim, ClaimKey, Exemptions, Outbox, RowAt, Said, Spoken, Whose, Words};
use crate::finding::{Cause, Explanation, Severity, Verdict};
use crate::input::Attribute;
use crate::matrix::Matrix;
use crate::model::UserId;
use std::sync::Arc;

/// Severity per rule after configuration; `None`: the severity that the rule itself gives.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    overrides: Vec<Option<Severity>>,
}

impl Policy {
    /// Sets the severity of a rule, whatever its own is.
    pub fn set(&mut self, rule: usize, severity: Severity) {
        if self.overrides.len() <= rule {
            self.overrides.resize(rule + 1, None);
        }
        if let Some(place) = self.overrides.get_mut(rule) {
            *place = Some(severity);
        }
    }

    /// The severity of a finding that no evidence can contradict.
    pub(crate) fn severity(&self, rule: usize, own: Severity) -> Severity {
        self.overrides.get(rule).copied().flatten().unwrap_or(own)
    }

    /// The severity that counts: evidence first, then configuration; `None`: not given at all.
    pub(crate) fn weigh(
        &self,
        m: &Matrix,
        rule: usize,
        cause: &Cause<'_>,
    ) -> Option<(Severity, u64)> {
        let count = cause.witness.map_or(0, |witness| m.witnesses(witness));
        let severity = crate::matrix::weigh(cause.severity, count)?;
        Some((self.severity(rule, severity), count))
    }
}

/// Adds the sentence that evidence demands.
fn with_evidence(words: Explanation, count: u64) -> Explanation {
    if count == 0 {
        return words;
    }
    words.because(format!("yet {count} active user{} of this org hold{} this combination already, so it is possible here", if count == 1 { "" } else { "s" }, if count == 1 { "s" } else { "" }))
}

/// The sink of the row part of one rule, for one row.
#[derive(Debug)]
pub struct Sink<'s> {
    pub(crate) rule: &'static Rule,
    pub(crate) number: u16,
    pub(crate) at: RowAt,
    pub(crate) cx: &'s RowCx<'s>,
    pub(crate) policy: &'s Policy,
    /// Path of the input.
    pub(crate) input: &'s str,
    pub(crate) exempt: &'s Exemptions,
    pub(crate) words: &'s mut Words,
    pub(crate) out: &'s mut Outbox,
}

impl Sink<'_> {
    fn said(&mut self, cause: &Cause<'_>, explain: impl FnOnce() -> Explanation) -> Option<Spoken> {
        let (severity, count) = self
            .policy
            .weigh(self.cx.m, usize::from(self.number), cause)?;
        Some(self.words.get(
            (usize::from(self.number), self.rule),
            severity,
            cause,
            Some(self.cx.columns),
            || with_evidence(explain(), count),
        ))
    }

    /// Reports a problem of this row. The closure is called only if the same cause was not explained before:
    /// its words must follow from the cause (see [`Cause::key`]) and the matrix alone.
    pub fn report(&mut self, cause: Cause<'_>, explain: impl FnOnce() -> Explanation) {
        let Some(spoken) = self.said(&cause, explain) else {
            return;
        };
        let user = self.cx.row.username.sent();
        let whose = Whose {
            user,
            input: Some(self.input),
        };
        let standing = self.exempt.standing(self.number, &spoken.said, whose);
        self.out.say(
            self.number,
            self.at,
            spoken,
            user,
            self.cx.row.person.is_create(),
            (standing, &self.exempt.labels),
        );
    }

    /// Reports a problem that is given once per cause; rows are counted.
    pub fn once(&mut self, cause: Cause<'_>, explain: impl FnOnce() -> Explanation) {
        let Some(spoken) = self.said(&cause, explain) else {
            return;
        };
        let user = self.cx.row.username.sent();
        let whose = Whose {
            user,
            input: Some(self.input),
        };
        let standing = self.exempt.standing(self.number, &spoken.said, whose);
        self.out.say_once(
            self.number,
            self.at,
            spoken,
            user.unwrap_or_default(),
            self.cx.row.person.is_create(),
            standing,
        );
    }

    /// Says that the rule could not decide this row: `fact` is missing although the row is about it.
    pub fn undecided(&mut self, fact: &'static str) {
        self.out.voices += 1;
        self.out.mark(self.at.row, Verdict::Undecided);
        if !self.out.undecided.contains(&(self.number, fact)) {
            self.out.undecided.push((self.number, fact));
        }
    }

    /// Claims the value of a column for this row: a later row that claims the same one gets a finding, in the words of
    /// [`Rule::repeats`]. `key` is [`crate::model::key_of`] (or `_folded`) of the value.
    pub fn claim(&mut self, column: Attribute, key: u64) {
        if key != 0 {
            self.push_claim(column, ClaimKey::Text(key));
        }
    }

    /// Claims a value that is compared letter by letter, and with a warning in the words of [`Rule::repeats_loosely`]
    /// without regard to case. The keys are [`crate::model::key_of`] and [`crate::model::key_of_folded`].
    pub fn claim_cased(&mut self, column: Attribute, (exact, folded): (u64, u64)) {
        if exact != 0 {
            self.push_claim(column, ClaimKey::Cased(exact, folded));
        }
    }

    /// Claims an existing user for this row.
    pub fn claim_user(&mut self, column: Attribute, user: UserId) {
        self.push_claim(column, ClaimKey::User(user));
    }

    fn push_claim(&mut self, column: Attribute, key: ClaimKey) {
        self.out.voices += 1;
        self.out.claims.push(Claim {
            at: self.at,
            rule: self.number,
            key,
            column,
            creates: self.cx.row.person.is_create(),
        });
    }

    /// Adds to two counts of the whole run, for the end part of the rule.
    pub fn tally(&mut self, a: u64, b: u64) {
        self.out.voices += 1;
        let place = self
            .out
            .tallies
            .iter_mut()
            .find(|tally| tally.0 == self.number);
        match place {
            Some((_, held_a, held_b)) => {
                *held_a += a;
                *held_b += b;
            }
            None => self.out.tallies.push((self.number, a, b)),
        }
    }

    /// Keeps a number of this row for the end part of the rule, rows in a row as one: `b` of the kept record
    /// is how many neighboring rows gave the same number, the first of which is its `row`.
    pub fn keep_run(&mut self, a: u32) {
        self.out.voices += 1;
        let at = self.at;
        let neighbor = self
            .out
            .kept
            .iter_mut()
            .rev()
            .find(|kept| kept.0 == self.number);
        match neighbor {
            Some((_, first, held, count)) if *held == a && first.row + *count == at.row => {
                *count += 1;
            }
            _ => self.out.kept.push((self.number, at, a, 1)),
        }
    }

    /// Keeps two numbers of this row for the end part of the rule.
    pub fn keep(&mut self, a: u32, b: u32) {
        self.out.voices += 1;
        self.out.kept.push((self.number, self.at, a, b));
    }
}

/// Where a finding of the end of the run stands.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Data record and physical line; `None`: about the file or the org.
    pub row: Option<(u64, u64)>,
    /// Username.
    pub user: Option<String>,
    /// Whether the row creates a user (Okta words its errors accordingly).
    pub creates: bool,
    /// Rows that it stands for.
    pub rows: Option<u64>,
}

/// The sink of the end part of one rule.
#[derive(Debug)]
pub struct EndSink<'s> {
    pub(crate) rule: &'static Rule,
    pub(crate) number: u16,
    pub(crate) cx: &'s EndCx<'s>,
    pub(crate) policy: &'s Policy,
    pub(crate) words: &'s mut Words,
    pub(crate) findings: Vec<(Place, Arc<Said>)>,
    /// The severity and message of each finding.
    pub(crate) found: Vec<(Severity, String)>,
    /// What else it says for the checklist.
    pub(crate) told: Vec<super::Told>,
    /// A file or an ordinary column is missing that would tell something.
    pub(crate) undecided: bool,
    /// Of every row of the run.
    pub(crate) verdicts: &'s mut [Verdict],
}

impl EndSink<'_> {
    /// Reports a problem of the run as a whole, or of the row that `place` names. Says the severity that it was given.
    pub fn report(
        &mut self,
        place: Place,
        cause: Cause<'_>,
        explain: impl FnOnce() -> Explanation,
    ) -> Option<Severity> {
        let (severity, count) = self
            .policy
            .weigh(self.cx.m, usize::from(self.number), &cause)?;
        let mut message = String::new();
        let spoken = self.words.get(
            (usize::from(self.number), self.rule),
            severity,
            &cause,
            self.cx.columns,
            || {
                let words = with_evidence(explain(), count);
                message.clone_from(&words.message);
                words
            },
        );
        self.found.push((severity, message));
        if let Some((row, _)) = place.row {
            self.mark(row, severity);
        }
        self.findings.push((place, spoken.said));
        Some(severity)
    }

    /// Gives rows the verdict of a finding that stands for them.
    pub fn mark(&mut self, row: u64, severity: Severity) {
        if let Some(verdict) = verdict_of(severity) {
            crate::check::mark(self.verdicts, row, verdict);
        }
    }
}

/// The verdict that a finding gives to its row; a notice leaves it compatible.
pub(crate) fn verdict_of(severity: Severity) -> Option<Verdict> {
    match severity {
        Severity::Notice => None,
        Severity::Warning => Some(Verdict::Warned),
        Severity::Error => Some(Verdict::Incompatible),
    }
}
