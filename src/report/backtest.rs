//! A back-test (`sfcompat-backtest/1`): what the rules told of a log before the push, rule by rule.

use super::listing::Listing;
use super::matrix::pretty;
use super::visible::shortened;
use super::words::counted;
use super::{Error, Format};
use crate::explain::{Backtest, Failure, RuleRecord, Verdict};
use std::io::Write;

/// Characters of a text that people are shown.
const LONGEST: usize = 160;
/// Failures that people are shown; the other formats hold all.
const SHOWN: usize = 30;

/// `12 failures: 9 predicted, 1 missed, 2 not in the inputs; recall 90.0 %, precision 100.0 %`
#[must_use]
pub fn counts(result: &Backtest) -> String {
    let totals = &result.totals;
    let parts: Vec<String> = [
        (totals.predicted, "predicted"),
        (totals.missed, "missed"),
        (totals.not_in_inputs, "not in the inputs"),
        (totals.no_rule, "without a rule"),
        (totals.unknown, "unknown"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    let parts = match parts.as_slice() {
        [] => String::new(),
        parts => format!(": {}", parts.join(", ")),
    };
    format!(
        "{}{parts}; recall {}, precision {}",
        counted(totals.failures, "failure"),
        percent(totals.recall),
        percent(totals.precision)
    )
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(
        || String::from("unknown"),
        |share| format!("{:.1} %", share * 100.0),
    )
}

/// Nothing to count: `-`.
fn cell(share: Option<f64>) -> String {
    share.map_or_else(|| String::from("-"), |share| percent(Some(share)))
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Predicted => "predicted",
        Verdict::Missed => "missed",
        Verdict::NotInInputs => "not in the inputs",
        Verdict::NoRule => "no rule",
        Verdict::Unknown => "unknown text",
    }
}

/// Writes the comparison: every format holds the rules, all but `csv` the failures.
pub fn write(
    format: Format,
    out: &mut dyn Write,
    result: &Backtest,
    width: Option<u16>,
) -> Result<(), Error> {
    match format {
        Format::Json => pretty(out, result)?,
        Format::Jsonl => {
            for failure in &result.failures {
                super::json::value(out, failure)?;
                out.write_all(b"\n")?;
            }
        }
        Format::Csv => rules(result.rules.iter()).write_csv(out)?,
        Format::Markdown => {
            writeln!(out, "# Back-test\n\n{}\n", counts(result))?;
            rules(result.rules.iter()).write_markdown(out)?;
            writeln!(out)?;
            failures(result.failures.iter()).write_markdown(out)?;
        }
        Format::Table => table(out, result, width)?,
        Format::Changes => {
            return Err(Error::Format {
                report: "back-test",
                format,
            });
        }
    }
    Ok(out.flush()?)
}

fn table(out: &mut dyn Write, result: &Backtest, width: Option<u16>) -> Result<(), Error> {
    let told = |record: &&RuleRecord| record.failures + record.confirmed + record.refuted > 0;
    rules(result.rules.iter().filter(told)).write_table(out, width)?;
    let open: Vec<&Failure> = result
        .failures
        .iter()
        .filter(|failure| failure.verdict != Verdict::Predicted)
        .collect();
    if !open.is_empty() {
        writeln!(out, "\nNot predicted:")?;
        failures(open.iter().copied().take(SHOWN)).write_table(out, width)?;
        if let Some(more) = open.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            writeln!(out, "... and {more} more (--format json holds all)")?;
        }
    }
    let untested = result.totals.untested;
    if untested > 0 {
        writeln!(
            out,
            "\n{} of people for whom the log tells neither such a failure nor a success; they count neither way.",
            counted(untested, "error predicted").replace("error predicteds", "errors predicted")
        )?;
    }
    writeln!(out, "\n{}", counts(result))?;
    Ok(())
}

fn rules<'r>(records: impl Iterator<Item = &'r RuleRecord>) -> Listing {
    let mut list = Listing::new(&[
        "rule",
        "failures",
        "predicted",
        "missed",
        "recall",
        "findings",
        "confirmed",
        "refuted",
        "untested",
        "precision",
    ]);
    for record in records {
        let RuleRecord {
            rule,
            failures,
            predicted,
            missed,
            recall,
            findings,
            confirmed,
            refuted,
            untested,
            precision,
        } = record;
        list.push(vec![
            rule.clone(),
            failures.to_string(),
            predicted.to_string(),
            missed.to_string(),
            cell(*recall),
            findings.to_string(),
            confirmed.to_string(),
            refuted.to_string(),
            untested.to_string(),
            cell(*precision),
        ]);
    }
    list
}

fn failures<'f>(all: impl Iterator<Item = &'f Failure>) -> Listing {
    let mut list = Listing::new(&["line", "verdict", "rule", "affected", "text"]);
    for failure in all {
        list.push(vec![
            failure.line.to_string(),
            verdict(failure.verdict).to_owned(),
            failure.rule.clone().unwrap_or_default(),
            failure.affected.join(", "),
            shortened(&failure.text, LONGEST).into_owned(),
        ]);
    }
    list
}
