//! What a run says: findings in order, coverage, counts, seats.

use super::Ledger;
use super::changes::KeptChanges;
use super::checklist::Check;
use super::ending::{miscounted, once_per_cause, speak_at_the_end};
use super::exempt::Exemptions;
use super::input_report::InputReport;
use super::merge::Merger;
use super::places::Places;
use super::plan::{CoverageLine, Plan};
use super::records::by_record;
use super::spool::{Arranged, Owner};
use super::touched::Touched;
use crate::baseline::Known;
use crate::finding::{Change, Fingerprint, Impact, Severity, Verdict};
use crate::matrix::Matrix;
use crate::rules::RULES;
use crate::waivers::{Entry, Waivers};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};
use std::sync::Arc;

/// Counts of a run. `by_rule` holds every open finding of every severity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows judged.
    pub rows: u64,
    /// Rows without error and warning.
    pub compatible: u64,
    /// Rows with warnings only.
    pub warned: u64,
    /// Rows with an error.
    pub incompatible: u64,
    /// Rows that could not be judged for want of data.
    pub undecided: u64,
    /// Open findings that are errors.
    pub errors: u64,
    /// Open findings that are warnings.
    pub warnings: u64,
    /// Open findings that are notices.
    pub notices: u64,
    /// Findings that a waiver covers.
    pub waived: u64,
    /// Findings of the baseline.
    pub baselined: u64,
    /// Open findings by rule.
    pub by_rule: BTreeMap<&'static str, u64>,
}

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Counts.
    pub counts: Counts,
    /// What could not be evaluated, and why. Sorted.
    pub coverage: BTreeSet<CoverageLine>,
    /// Seats.
    pub ledger: Ledger,
    /// The inputs, in order.
    pub inputs: Vec<InputReport>,
    /// Verdict of each row, over all inputs.
    pub verdicts: Vec<Verdict>,
    findings: Arranged,
    /// What the rows change; `None`: nobody asked for it.
    changes: Option<KeptChanges>,
    /// The changes summed; `None`: nobody asked for them.
    pub impact: Option<Impact>,
    /// What a preflight checked, in the order of the catalogue; empty for other commands.
    pub checklist: Vec<Check>,
    /// A finding about the run itself says that its evidence is incomplete.
    incomplete: bool,
    /// Numbers of the rules that have a part in the run.
    ran: BTreeSet<u16>,
    exempt: Arc<Exemptions>,
    /// What the rows lead to; `None`: it was not noted.
    pub touched: Option<Touched>,
}

impl Outcome {
    /// Entries of the baseline that match no finding of the run, although their rule ran.
    #[must_use]
    pub fn stale_baseline(&self) -> BTreeSet<Fingerprint> {
        self.exempt.stale(&self.ran).map(Known::identity).collect()
    }

    /// Whether a change is that of somebody from whom Okta took the app away.
    #[must_use]
    pub fn is_of_leaver(&self, change: &Change) -> bool {
        let mut leavers = self.inputs.iter().filter(|one| one.input.columns.leavers);
        leavers.any(|one| {
            *one.input.path == *change.input && one.records().any(|row| row == change.row)
        })
    }

    /// The waivers of the run.
    #[must_use]
    pub fn waivers(&self) -> &Waivers {
        self.exempt.waivers()
    }

    /// The waivers that covered something.
    pub fn used_waivers(&self) -> impl Iterator<Item = &Entry> {
        self.exempt.used()
    }

    /// The waivers that covered nothing, although their rule ran over an input that they are about.
    #[must_use]
    pub fn unused_waivers(&self) -> Vec<&Entry> {
        let inputs: Vec<String> = self
            .inputs
            .iter()
            .map(|report| report.input.path.to_string())
            .collect();
        self.exempt.unused(&self.ran, &inputs).collect()
    }

    /// Names of the rules that had a part in the run, in the order of the catalogue. Those that could tell nothing stand in
    /// `coverage` too.
    pub fn rules(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.ran
            .iter()
            .filter_map(|number| RULES.get(usize::from(*number)).map(|rule| rule.name))
    }

    /// Every finding in order, one JSON object ([`Finding`](crate::finding::Finding)) per line. One reading at a time.
    pub fn findings(&self) -> io::Result<impl BufRead + '_> {
        self.findings.read()
    }

    /// Hands every finding to `sink`, as [`Outcome::findings`] gives them.
    pub fn replay(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut findings = self.findings()?;
        loop {
            let piece = findings.fill_buf()?;
            if piece.is_empty() {
                return Ok(());
            }
            sink.write_all(piece)?;
            let written = piece.len();
            findings.consume(written);
        }
    }

    /// Hands every change to `take`, in input order: of each row the user, the profile and its license, the role, the
    /// lists, other fields. Nothing, unless [`super::Options::changes`] asked for them. One reading at a time.
    ///
    /// # Errors
    /// That of `take`, or what was kept cannot be read again.
    pub fn each_change(&self, take: &mut dyn FnMut(&Change) -> io::Result<()>) -> io::Result<()> {
        match &self.changes {
            Some(changes) => changes.each(&self.inputs, take),
            None => Ok(()),
        }
    }

    /// Whether the evidence is incomplete: a row is undecided, or a finding about the run itself says so.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.counts.undecided > 0 || self.incomplete
    }
}

/// Ends a run: the end parts of rules speak, late findings get their places, verdicts are counted.
pub(crate) fn finish(
    m: &Matrix,
    options: &super::Options,
    plan: Plan,
    mut merger: Merger,
    inputs: Vec<InputReport>,
) -> Result<Outcome, super::Error> {
    let names: Vec<String> = inputs
        .iter()
        .map(|input| json_text(&input.input.path))
        .collect();
    let places = Places {
        inputs: &inputs,
        names: &names,
    };
    let mut late = once_per_cause(&mut merger, &places);
    // Whether or not the rules about them run: evidence that is too old or does not reconcile is no evidence.
    merger.incomplete |= options.run.stale.is_some() || miscounted(m);
    let answers = speak_at_the_end(m, options, &plan, &mut merger, &places, &mut late);
    late.sort();
    let verdicts = by_record(std::mem::take(&mut merger.verdicts), &inputs);
    let counts = count(&merger, &verdicts);
    let owners = inputs.iter().zip(names);
    let owners = owners.map(|(input, name_json)| Owner {
        first_row: input.first_row,
        name_json,
    });
    let findings = merger
        .spool
        .arrange(late, owners.collect())
        .map_err(super::Error::Spool)?;
    let mut coverage = plan.coverage;
    for (rule, fact) in &merger.undecided {
        if let Some(rule) = RULES.get(usize::from(*rule)) {
            coverage.insert(CoverageLine {
                rule: rule.name,
                reason: format!("not known for some rows: {fact}"),
            });
        }
    }
    // A check of `preflight` that passes has needed none of the facts that are missing.
    coverage.retain(|line| !answers.passed(line.rule));
    coverage.extend(answers.untold());
    let checklist = answers.checklist(m, options, &coverage);
    let mut spool = std::mem::take(&mut merger.changes);
    let sum = std::mem::take(&mut spool.sum);
    let changes = options
        .changes
        .then(|| spool.finish(options.run.groups.clone()))
        .transpose()
        .map_err(super::Error::Spool)?;
    Ok(Outcome {
        counts,
        coverage,
        ledger: merger.ledger,
        inputs: inputs.into_iter().map(InputReport::by_record).collect(),
        verdicts,
        findings,
        impact: changes.is_some().then(|| sum.impact(m)),
        changes,
        checklist,
        incomplete: merger.incomplete,
        ran: plan.ran,
        exempt: merger.exempt,
        touched: options.touch.then_some(merger.touched),
    })
}

fn count(merger: &Merger, verdicts: &[Verdict]) -> Counts {
    let rows = |verdict| verdicts.iter().filter(|held| **held == verdict).count() as u64;
    Counts {
        rows: verdicts.len() as u64,
        compatible: rows(Verdict::Compatible),
        warned: rows(Verdict::Warned),
        incompatible: rows(Verdict::Incompatible),
        undecided: rows(Verdict::Undecided),
        errors: merger.counts.of(Severity::Error),
        warnings: merger.counts.of(Severity::Warning),
        notices: merger.counts.of(Severity::Notice),
        waived: merger.counts.waived,
        baselined: merger.counts.baselined,
        by_rule: merger.counts.by_rule().collect(),
    }
}

/// The text as JSON string contents.
pub(crate) fn json_text(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    json.get(1..json.len().saturating_sub(1))
        .unwrap_or_default()
        .to_owned()
}
