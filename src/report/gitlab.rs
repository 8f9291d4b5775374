//! `gitlab`: the Code Quality report of GitLab, an array of issues. GitLab shows one issue for each fingerprint, and ours is the
//! same for all rows with one cause: so an issue is a cause, at its first row, and says how many rows there are.

use super::causes::{Causes, Group, Limits};
use super::visible::{shortened, visible};
use super::words::{all_rows, counted, said};
use super::{Error, Report, View};
use crate::finding::{Severity, Status, fingerprint};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;

/// Characters of a text in a description.
const MOST_CHARACTERS: usize = 500;

/// <https://docs.gitlab.com/ci/testing/code_quality/>
#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let mut causes = Causes::gather_within(report, view, Limits::PIPELINES)?;
    let most = view.max_findings.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    });
    let below = causes.not_shown.below_severity;
    let rest = causes.keep(most);
    let hidden = (below > 0).then(|| {
        format!(
            "{} below {} not shown",
            counted(below, "finding"),
            view.min_severity
        )
    });
    let mut taken = BTreeSet::new();
    let mut between: &[u8] = b"[\n";
    let mut put = |out: &mut dyn Write, issue: &Issue<'_>| -> Result<(), Error> {
        out.write_all(between)?;
        between = b",\n";
        Ok(serde_json::to_writer(out, issue)?)
    };
    if report.pipeline.incomplete {
        let rows = counted(report.tail.summary.undecided, "row");
        let text =
            format!("incomplete evidence: {rows} undecided; what was not told has not passed");
        put(
            out,
            &about_the_run("incomplete-evidence", text, "major", report),
        )?;
    }
    for group in &causes.groups {
        let mut print = group.first.fingerprint.clone();
        if !taken.insert(print.clone()) {
            // One problem in other words (of users with another license, for example): GitLab would show only one of them.
            let words = Some(group.first.message.as_str());
            print = fingerprint(
                &group.first.rule,
                Some(&print),
                Some(group.first.severity.as_str()),
                words,
            );
            taken.insert(print.clone());
        }
        put(out, &issue(group, print, report))?;
    }
    let unlisted: Vec<String> = rest.into_iter().chain(hidden).collect();
    if !unlisted.is_empty() {
        let text = unlisted.join("; ");
        put(out, &about_the_run("not-listed", text, "info", report))?;
    }
    out.write_all(if taken.is_empty() && between == b"[\n" {
        b"[]\n"
    } else {
        b"\n]\n"
    })?;
    Ok(())
}

fn issue<'a>(group: &'a Group, fingerprint: String, report: &Report<'_>) -> Issue<'a> {
    let first = &group.first;
    let text = |text: &str| visible(&shortened(text, MOST_CHARACTERS)).into_owned();
    let mut description = match first.status {
        Status::Open => String::new(),
        Status::Waived => "(waived) ".to_owned(),
        Status::Baselined => "(baselined) ".to_owned(),
    };
    description.push_str(&text(&first.message));
    if let Some(said) = first.predicted.as_ref().and_then(said) {
        description.push_str(". ");
        description.push_str(&text(&said));
    }
    if let Some(fix) = first.fix.as_ref().filter(|fix| !fix.text.is_empty()) {
        description.push_str(". Fix: ");
        description.push_str(&text(&fix.text));
    }
    let rows = all_rows(group, report);
    if !rows.is_empty() {
        description.push_str(" (");
        description.push_str(&text(&rows));
        description.push(')');
    }
    let severity = match (first.status, first.severity) {
        (Status::Open, Severity::Error) => "major",
        (Status::Open, Severity::Warning) => "minor",
        _ => "info",
    };
    let file = report.pipeline.file(first, report.head);
    Issue {
        description,
        check_name: &first.rule,
        fingerprint,
        severity,
        location: Location {
            path: visible(&report.pipeline.relative(&file)).into_owned(),
            lines: Lines {
                begin: first.line.unwrap_or(1),
            },
        },
    }
}

/// What no finding says.
fn about_the_run<'a>(
    name: &'a str,
    description: String,
    severity: &'static str,
    report: &Report<'_>,
) -> Issue<'a> {
    let input = report.head.inputs.first().map(|input| input.path.as_str());
    let path = report.pipeline.relative(input.unwrap_or("sfcompat.toml"));
    Issue {
        fingerprint: fingerprint(name, Some(&path), None, None),
        description,
        check_name: name,
        severity,
        location: Location {
            path: visible(&path).into_owned(),
            lines: Lines { begin: 1 },
        },
    }
}
