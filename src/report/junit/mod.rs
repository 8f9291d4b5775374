//! `junit`: test cases for Jenkins, GitLab and Azure DevOps. A rule is a class; a case is a cause (or a finding), a rule that
//! found nothing, or one that could not be evaluated.
//!
//! GitLab takes 30 MB a file, so the cases are collected up to a limit below that; what is beyond is counted by rule.

mod suite;

use super::causes::{Causes, Limits, cut};
use super::pipeline::Pipeline;
use super::words::{all_rows, counted, told};
use super::{Error, Report, View};
use std::io::Write;
use suite::{Mark, Suite};

/// The class of what is about the run itself.
const RUN: &str = "sfcompat";

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let mut suite = Suite::new(report.pipeline);
    suite.run(report);
    let hidden = if report.pipeline.junit.rows {
        let not_shown = report.findings.each(view, &mut |finding| {
            let finding = cut(finding, Limits::PIPELINES.characters);
            let words = told(&finding);
            suite.finding(&finding, 1, &words);
            Ok(())
        })?;
        not_shown.total()
    } else {
        causes(&mut suite, report, view)?
    };
    suite.rest();
    suite.rules(report);
    if hidden > 0 {
        let reason = format!(
            "{} not listed (--max-findings, --min-severity)",
            counted(hidden, "finding")
        );
        suite.case(RUN, "findings not listed", None, &Mark::Skipped(&reason));
    }
    suite.write(out, report)
}

/// A run that came to no report: one case that says so.
pub(super) fn write_failure(out: &mut dyn Write, pipeline: &Pipeline) -> Result<(), Error> {
    let mut suite = Suite::new(pipeline);
    suite.case(RUN, RAN, None, &Mark::Error(&pipeline.reason));
    suite.wrap(out, pipeline.command, None, &[])
}

/// The name of the case that says whether the run came to an end.
const RAN: &str = "the run came to an end";

/// Cases by cause. Tells how many findings are not listed because nobody wants to see them.
fn causes(suite: &mut Suite<'_>, report: &Report<'_>, view: &View<'_>) -> Result<u64, Error> {
    let mut causes = Causes::gather_within(report, view, Limits::PIPELINES)?;
    let most = view.max_findings.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    });
    let kept = causes.others;
    let beyond: u64 = causes
        .groups
        .iter()
        .skip(most)
        .map(|group| group.findings)
        .sum();
    causes.groups.truncate(most);
    let mut failing = 0;
    for group in &causes.groups {
        let mut words = told(&group.first);
        let rows = all_rows(group, report);
        if !rows.is_empty() {
            words.push(rows);
        }
        if suite.pipeline.fails(&group.first) {
            failing += group.findings;
        }
        suite.finding(&group.first, group.findings, &words);
    }
    if kept > 0 {
        // Errors are kept before warnings and notices: what is left fails only if more fails than is listed.
        let text = format!("{} of other causes", counted(kept, "more finding"));
        let fails = suite.pipeline.failing(&report.tail.summary) > failing;
        let mark = if fails {
            Mark::Failure("error", &text, &[])
        } else {
            Mark::Skipped(&text)
        };
        suite.case(RUN, "findings of other causes", None, &mark);
    }
    Ok(beyond + causes.not_shown.total())
}
