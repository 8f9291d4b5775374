//! Rows of input files whose verdict is another one, and the findings that appeared and disappeared.
//!
//! The same files were judged against both. Findings are read side by side in their order, so that a file with very many
//! of them is compared in bounded memory.

use super::flips::{Turn, Turns};
use crate::check::Outcome;
use crate::finding::{Finding, Severity, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};

/// The two results.
#[derive(Debug)]
pub struct Rows {
    old: Outcome,
    new: Outcome,
    /// Rows by the way their verdict went.
    pub turns: Turns,
    /// Findings that appeared.
    pub appeared: u64,
    /// Findings that disappeared.
    pub disappeared: u64,
    /// Errors among those that appeared.
    pub new_errors: u64,
    /// Findings that are given once per cause, before and after: which row is the first is no part of them.
    causes: (Causes, Causes),
}

/// Once-per-cause findings by what makes them the same.
type Causes = BTreeSet<(String, String)>;

/// A row whose verdict is another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowFlip {
    /// The file.
    pub input: String,
    /// Data record, from 1.
    pub row: u64,
    /// Verdict before.
    pub before: Verdict,
    /// Verdict after.
    pub after: Verdict,
    /// Which way it went.
    pub turn: Turn,
}

/// A finding that only one of both has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingChange {
    /// Whether it is there now; else it was there before.
    pub appeared: bool,
    /// The finding.
    pub finding: Finding,
}

impl Rows {
    /// Compares the results of two runs over the same files.
    ///
    /// # Errors
    /// Findings cannot be read again.
    pub fn of(old: Outcome, new: Outcome) -> io::Result<Self> {
        let causes = (causes(&old)?, causes(&new)?);
        let mut rows = Self {
            old,
            new,
            causes,
            turns: Turns::default(),
            appeared: 0,
            disappeared: 0,
            new_errors: 0,
        };
        let mut turns = Turns::default();
        rows.each_row(&mut |flip| {
            turns.count(flip.turn);
            Ok::<(), io::Error>(())
        })?;
        let (mut appeared, mut disappeared, mut new_errors) = (0, 0, 0);
        rows.each_finding(&mut |change| {
            if change.appeared {
                appeared += 1;
                new_errors += u64::from(change.finding.severity == Severity::Error);
            } else {
                disappeared += 1;
            }
            Ok::<(), io::Error>(())
        })?;
        rows.turns = turns;
        (rows.appeared, rows.disappeared, rows.new_errors) = (appeared, disappeared, new_errors);
        Ok(rows)
    }

    /// Rows that were judged.
    #[must_use]
    pub fn len(&self) -> usize {
        self.new.verdicts.len()
    }

    /// Whether no row was judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new.verdicts.is_empty()
    }

    /// Hands over every row whose verdict is another one, in the order of the files.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn each_row<E>(&self, take: &mut dyn FnMut(&RowFlip) -> Result<(), E>) -> Result<(), E> {
        let mut verdicts = self.old.verdicts.iter().zip(&self.new.verdicts);
        for input in &self.new.inputs {
            let own = usize::try_from(input.rows).unwrap_or(usize::MAX);
            for (row, (before, after)) in input.records().zip(verdicts.by_ref().take(own)) {
                if let Some(turn) = Turn::of(before, after) {
                    take(&RowFlip {
                        input: input.input.path.to_string(),
                        row,
                        before: *before,
                        after: *after,
                        turn,
                    })?;
                }
            }
        }
        Ok(())
    }

    /// Hands over every finding that only one has, row by row; those without a row first.
    ///
    /// # Errors
    /// Those of `take`; the findings cannot be read again.
    pub fn each_finding<E: From<io::Error>>(
        &self,
        take: &mut dyn FnMut(&FindingChange) -> Result<(), E>,
    ) -> Result<(), E> {
        let paths: Vec<&str> = self
            .new
            .inputs
            .iter()
            .map(|input| &*input.input.path)
            .collect();
        let mut old = Groups::of(self.old.findings()?, &paths);
        let mut new = Groups::of(self.new.findings()?, &paths);
        let (mut before, mut after) = (old.next()?, new.next()?);
        loop {
            let (left, right) = match (&before, &after) {
                (None, None) => return Ok(()),
                (Some(a), Some(b)) => (a.place <= b.place, b.place <= a.place),
                (a, b) => (a.is_some(), b.is_some()),
            };
            let gone = if left {
                std::mem::replace(&mut before, old.next()?)
            } else {
                None
            };
            let come = if right {
                std::mem::replace(&mut after, new.next()?)
            } else {
                None
            };
            tell(gone, come, &mut |change| {
                let others = if change.appeared {
                    &self.causes.0
                } else {
                    &self.causes.1
                };
                let known =
                    change.finding.rows.is_some() && others.contains(&cause(&change.finding));
                if known { Ok(()) } else { take(change) }
            })?;
        }
    }
}

/// The once-per-cause findings of a run.
fn causes(outcome: &Outcome) -> io::Result<Causes> {
    let mut found = Causes::new();
    for line in outcome.findings()?.lines() {
        let line = line?;
        // Most findings are of one row: they are not even read.
        if line.contains("\"rows\":") {
            let finding: Finding = serde_json::from_str(&line)?;
            if finding.rows.is_some() {
                found.insert(cause(&finding));
            }
        }
    }
    Ok(found)
}

fn cause(finding: &Finding) -> (String, String) {
    let (fingerprint, kind, _) = identity(finding);
    (fingerprint, kind)
}

/// What makes two findings the same one. The message is not part of it: it counts things that change.
type Identity = (String, String, Option<u64>);

fn identity(finding: &Finding) -> Identity {
    (
        finding.fingerprint.clone(),
        format!("{} {}", finding.rule, finding.severity),
        finding.row,
    )
}

/// Tells what only one of two groups has.
fn tell<E>(
    gone: Option<Group>,
    come: Option<Group>,
    take: &mut dyn FnMut(&FindingChange) -> Result<(), E>,
) -> Result<(), E> {
    let list = |group: Option<Group>| group.map_or_else(Vec::new, |group| group.findings);
    let (gone, come) = (list(gone), list(come));
    let mut held: BTreeMap<Identity, usize> = BTreeMap::new();
    for finding in &gone {
        *held.entry(identity(finding)).or_insert(0) += 1;
    }
    let mut appeared = Vec::new();
    for finding in come {
        match held.get_mut(&identity(&finding)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => appeared.push(finding),
        }
    }
    for finding in gone {
        if let Some(count) = held
            .get_mut(&identity(&finding))
            .filter(|count| **count > 0)
        {
            *count -= 1;
            take(&FindingChange {
                appeared: false,
                finding,
            })?;
        }
    }
    for finding in appeared {
        take(&FindingChange {
            appeared: true,
            finding,
        })?;
    }
    Ok(())
}

/// Findings of one row, or those without a row.
struct Group {
    /// Place of the input, and row; both 0 for findings without a row.
    place: (usize, u64),
    findings: Vec<Finding>,
}

/// Findings row by row.
struct Groups<'a, R> {
    lines: R,
    paths: &'a [&'a str],
    next: Option<((usize, u64), Finding)>,
    begun: bool,
}

impl<'a, R: BufRead> Groups<'a, R> {
    fn of(lines: R, paths: &'a [&'a str]) -> Self {
        Self {
            lines,
            paths,
            next: None,
            begun: false,
        }
    }

    fn line(&mut self) -> io::Result<Option<((usize, u64), Finding)>> {
        let mut text = String::new();
        if self.lines.read_line(&mut text)? == 0 {
            return Ok(None);
        }
        let finding: Finding = serde_json::from_str(&text)?;
        let place = match (&finding.input, finding.row) {
            (Some(input), Some(row)) => {
                let input = self.paths.iter().position(|path| path == input);
                (input.map_or(usize::MAX, |place| place + 1), row)
            }
            _ => (0, 0),
        };
        Ok(Some((place, finding)))
    }

    fn next(&mut self) -> io::Result<Option<Group>> {
        if !self.begun {
            self.begun = true;
            self.next = self.line()?;
        }
        let Some((place, finding)) = self.next.take() else {
            return Ok(None);
        };
        let mut group = Group {
            place,
            findings: vec![finding],
        };
        while let Some((at, finding)) = self.line()? {
            if at != place {
                self.next = Some((at, finding));
                break;
            }
            group.findings.push(finding);
        }
        Ok(Some(group))
    }
}
