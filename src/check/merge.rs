//! The ordered part of a run: blocks come in file order, whatever thread judged them.

use super::changes::ChangeSpool;
use super::claims::{Claims, Taken};
use super::exempt::{Exemptions, Standing, Whose};
use super::outbox::{Claim, ClaimKey, KeptRows, Once, Outbox, RowAt};
use super::seats::Counted;
use super::spool::{Order, Placed, Spool};
use super::touched::Touched;
use super::words::{CauseKey, Words};
use super::{Kept, Ledger};
use crate::finding::{Cause, Confidence, Explanation, Severity, Status, Verdict};
use crate::input::{Attribute, Columns, Places};
use crate::rules::{About, Policy, RULES, verdict_of};
use crate::tabular::Records;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

/// Counts of findings by severity and rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    by_rule: Vec<u64>,
    by_severity: [u64; 3],
    /// Findings that a waiver covers.
    pub(crate) waived: u64,
    /// Findings of the baseline.
    pub(crate) baselined: u64,
}

impl Counts {
    /// Counts a finding: by rule and severity if it is open.
    pub(crate) fn add(&mut self, rule: u16, severity: Severity, standing: Standing) {
        match standing.status() {
            Status::Open => {}
            Status::Waived => return self.waived += 1,
            Status::Baselined => return self.baselined += 1,
        }
        let rule = usize::from(rule);
        if self.by_rule.len() <= rule {
            self.by_rule.resize(rule + 1, 0);
        }
        if let Some(count) = self.by_rule.get_mut(rule) {
            *count += 1;
        }
        if let Some(count) = self.by_severity.get_mut(severity as usize) {
            *count += 1;
        }
    }

    pub(crate) fn of(&self, severity: Severity) -> u64 {
        self.by_severity
            .get(severity as usize)
            .copied()
            .unwrap_or(0)
    }

    /// Rules with at least one open finding.
    pub(crate) fn by_rule(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.by_rule
            .iter()
            .zip(RULES)
            .filter(|(count, _)| **count > 0)
            .map(|(count, rule)| (rule.name, *count))
    }
}

/// A finding that is given once per cause, over the whole run.
#[derive(Debug)]
pub(crate) struct WholeOnce {
    pub(crate) once: Once,
    pub(crate) row: u64,
    pub(crate) line: u64,
}

/// Everything that is known of the rows read so far, in row order over all inputs.
#[derive(Debug, Default)]
pub(crate) struct Merger {
    pub(crate) spool: Spool,
    pub(crate) ledger: Ledger,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) counts: Counts,
    pub(crate) once: FxHashMap<(CauseKey, Standing), WholeOnce>,
    pub(crate) exempt: Arc<Exemptions>,
    pub(crate) kept: FxHashMap<u16, KeptRows>,
    /// Counts of rules.
    pub(crate) tallies: FxHashMap<u16, (u64, u64)>,
    pub(crate) undecided: BTreeSet<(u16, &'static str)>,
    /// What missing facts of the snapshot were about that left rows undecided.
    pub(crate) lacking: Vec<About>,
    /// A finding of the run itself says that its evidence is incomplete.
    pub(crate) incomplete: bool,
    /// What the rows lead to, where that is noted.
    pub(crate) touched: Touched,
    /// What rows change, where somebody asks for it.
    pub(crate) changes: ChangeSpool,
    claims: Claims,
    counted: Counted,
    words: Words,
    ranks: Vec<u16>,
}

/// Rank of each rule by name: the order of findings of one cell.
pub(crate) fn ranks() -> Vec<u16> {
    let mut names: Vec<(&str, usize)> = RULES
        .iter()
        .enumerate()
        .map(|(number, rule)| (rule.name, number))
        .collect();
    names.sort_unstable();
    let mut ranks = vec![0; RULES.len()];
    for (rank, (_, number)) in names.into_iter().enumerate() {
        if let Some(place) = ranks.get_mut(number) {
            *place = u16::try_from(rank).unwrap_or(u16::MAX);
        }
    }
    ranks
}

impl Merger {
    pub(crate) fn new(ledger: Ledger, counted: Counted, exempt: Arc<Exemptions>) -> Self {
        Self {
            spool: Spool::new(exempt.labels.clone()),
            exempt,
            ledger,
            counted,
            ranks: ranks(),
            ..Self::default()
        }
    }

    pub(crate) fn rank(&self, rule: u16) -> u16 {
        self.ranks
            .get(usize::from(rule))
            .copied()
            .unwrap_or(u16::MAX)
    }

    /// Rows merged so far, over all inputs.
    pub(crate) fn rows(&self) -> u64 {
        self.verdicts.len() as u64
    }

    /// Takes over what was said about one block.
    pub(crate) fn merge(&mut self, out: &mut Outbox, block: &Judged<'_>) -> io::Result<()> {
        let base = self.rows();
        let first_line = block.first_line;
        let global = |at: RowAt| base + u64::from(at.row) + 1;
        let line = |at: RowAt| first_line + u64::from(at.line);
        self.settle_claims(out, block);
        let ranks = &self.ranks;
        let rank = |rule: u16| ranks.get(usize::from(rule)).copied().unwrap_or(u16::MAX);
        out.entries
            .sort_by_key(|entry| (entry.at.row, entry.column, rank(entry.rule)));
        for entry in &out.entries {
            self.counts.add(entry.rule, entry.severity, entry.standing);
        }
        let placed = out.entries.iter().map(|entry| Placed {
            entry,
            at: block.shown(global(entry.at), line(entry.at)),
            rank: rank(entry.rule),
            text: &out.text,
        });
        self.spool.append(block.first_row, placed)?;
        self.changes
            .append(&mut out.changes, (base, first_line), block.first_row)?;
        self.verdicts.append(&mut out.verdicts);
        // Keys are sorted so that nothing depends on the order of a hash map.
        let mut once: Vec<((CauseKey, Standing), Once)> = out.once.drain().collect();
        once.sort_by_key(|(key, _)| *key);
        for (key, once) in once {
            let (row, line) = (global(once.first), line(once.first));
            self.once
                .entry(key)
                .and_modify(|held| held.once.rows += once.rows)
                .or_insert(WholeOnce { once, row, line });
        }
        for &(rule, at, a, b) in &out.kept {
            self.kept.entry(rule).or_default().push(Kept {
                row: global(at),
                line: line(at),
                a,
                b,
            });
        }
        for &(rule, a, b) in &out.tallies {
            let tally = self.tallies.entry(rule).or_default();
            *tally = (tally.0 + a, tally.1 + b);
        }
        self.undecided.extend(out.undecided.iter().copied());
        self.touched.add(std::mem::take(&mut out.touched));
        for about in &out.lacking {
            if !self.lacking.contains(about) {
                self.lacking.push(*about);
            }
        }
        super::seats::apply(
            &mut self.ledger,
            &mut self.counted,
            (base, first_line - 1),
            &out.moves,
        );
        Ok(())
    }

    /// Values that an earlier row of the run claimed become findings of this block.
    fn settle_claims(&mut self, out: &mut Outbox, block: &Judged<'_>) {
        self.claims
            .warm(out.claims.iter().filter_map(|claim| match claim.key {
                ClaimKey::Text(key) | ClaimKey::Cased(key, _) => Some((claim.rule, key)),
                ClaimKey::User(_) => None,
            }));
        let claims = std::mem::take(&mut out.claims);
        for claim in &claims {
            let taken = match claim.key {
                ClaimKey::User(user) if self.claims.user(claim.rule, user) => Taken::Exactly,
                ClaimKey::Text(key) if self.claims.text(claim.rule, key) => Taken::Exactly,
                ClaimKey::Cased(exact, folded) => self.claims.cased(claim.rule, exact, folded),
                ClaimKey::User(_) | ClaimKey::Text(_) => Taken::No,
            };
            if taken != Taken::No {
                self.report_claim(out, block, claim, taken);
            }
        }
        out.claims = claims;
    }

    /// Reports a value that an earlier row claimed.
    fn report_claim(&mut self, out: &mut Outbox, block: &Judged<'_>, claim: &Claim, taken: Taken) {
        let number = usize::from(claim.rule);
        let Some(rule) = RULES.get(number) else {
            return;
        };
        let (repeats, own, key) = match taken {
            Taken::No => return,
            Taken::Exactly => (rule.repeats, rule.severity, REPEATED),
            Taken::Loosely => (rule.repeats_loosely, Severity::Warning, REPEATED_LOOSELY),
        };
        let Some(repeats) = repeats else { return };
        let sent = |column| {
            let cells = block.records.get(block.text, claim.at.row as usize)?;
            block.columns.cell(column, cells).sent()
        };
        let value = sent(claim.column).unwrap_or_default();
        let severity = block.policy.severity(number, own);
        let cause = Cause::of(severity, Confidence::Certain)
            .column(claim.column)
            .value(value)
            .key(key);
        let spoken = self.words.get(
            (number, rule),
            severity,
            &cause,
            Some(block.columns),
            || -> Explanation { repeats(value, claim.column) },
        );
        let user = sent(Attribute::Username);
        let whose = Whose {
            user,
            input: Some(block.input),
        };
        let standing = self.exempt.standing(claim.rule, &spoken.said, whose);
        let label = (standing, &self.exempt.labels);
        out.say(claim.rule, claim.at, spoken, user, claim.creates, label);
    }

    /// Turns findings of the end of the run into late lines, sorted.
    pub(crate) fn late_once(&mut self) -> Vec<(Order, Standing, WholeOnce)> {
        let mut all: Vec<((CauseKey, Standing), WholeOnce)> =
            std::mem::take(&mut self.once).into_iter().collect();
        all.sort_by_key(|(key, _)| *key);
        all.into_iter()
            .map(|((_, standing), whole)| {
                let order = Order {
                    row: whole.row,
                    column: whole.once.said.column,
                    rule: self.rank(whole.once.rule),
                };
                (order, standing, whole)
            })
            .collect()
    }

    /// Gives a global row a verdict, unless it has a graver one.
    pub(crate) fn mark(&mut self, row: u64, verdict: Verdict) {
        mark(&mut self.verdicts, row, verdict);
    }

    /// Counts a finding of the end of the run.
    pub(crate) fn count_late(
        &mut self,
        rule: u16,
        (severity, standing): (Severity, Standing),
        row: Option<u64>,
    ) {
        self.counts.add(rule, severity, standing);
        if let (Some(row), Some(verdict)) = (row, verdict_of(severity)) {
            self.mark(row, verdict);
        }
    }
}

/// Gives a row, counted from 1, a verdict, unless it has a graver one.
pub(crate) fn mark(verdicts: &mut [Verdict], row: u64, verdict: Verdict) {
    let place = row.checked_sub(1).and_then(|n| usize::try_from(n).ok());
    if let Some(held) = place.and_then(|n| verdicts.get_mut(n)) {
        *held = verdict.max(*held);
    }
}

/// Words about a repeated value are not those about a value that the org holds.
const REPEATED: u64 = u64::MAX;
/// The same for values that differ in upper and lower case.
const REPEATED_LOOSELY: u64 = u64::MAX - 1;

/// A block whose rows were judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    /// Path of the input.
    pub(crate) input: &'a str,
    pub(crate) columns: &'a Columns,
    pub(crate) policy: &'a Policy,
    pub(crate) text: &'a str,
    pub(crate) records: &'a Records,
    /// Rows of earlier inputs.
    pub(crate) first_row: u64,
    /// Line of its first record, from 1.
    pub(crate) first_line: u64,
    /// Where the rows of a table came from.
    pub(crate) places: Option<&'a Places>,
}

impl Judged<'_> {
    /// Record and line of a row of the run, as people find them in their file; records go on counting over all inputs.
    fn shown(&self, row: u64, line: u64) -> (u64, u64) {
        let places = self.places;
        places
            .and_then(|places| places.of(row - self.first_row))
            .map_or((row, line), |(record, line)| {
                (self.first_row + record, line)
            })
    }
}
