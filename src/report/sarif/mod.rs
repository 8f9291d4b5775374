//! `sarif`: SARIF 2.1.0 for GitHub code scanning and everything else that reads it.
//!
//! GitHub keeps the first 5,000 results of a file and refuses more than 25,000. So there is one result for each finding while
//! they fit, else one for each cause; what is folded or left out is said in a notification, never silently.

mod results;
mod rules;
mod wire;

use super::causes::{Causes, Limits};
use super::json::value;
use super::pipeline::Pipeline;
use super::summary::NotShown;
use super::visible::visible;
use super::words::{all_rows, by_reason, counted};
use super::{Error, Report, View};
use results::{Results, Waiting};
use rules::rules;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;
use wire::{Artifact, ArtifactLocation, Hashes, Invocation, Level, Notification};

/// Results that GitHub keeps.
const MOST_RESULTS: u64 = 5_000;
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let listed = Listed::of(report, view)?;
    let rules = rules(report, &listed.rules);
    let index = |name: &str| rules.iter().position(|rule| rule.id == name);
    write!(
        out,
        "{{\"$schema\":\"{SCHEMA}\",\n\"version\":\"2.1.0\",\n\"runs\":[{{\n\"tool\":{{\"driver\":{{\"name\":\"sfcompat\",\"semanticVersion\":"
    )?;
    value(out, &report.head.run.version)?;
    out.write_all(b",\"rules\":[")?;
    let mut between: &[u8] = b"\n";
    for rule in &rules {
        out.write_all(std::mem::replace(&mut between, b",\n"))?;
        value(out, rule)?;
    }
    out.write_all(
        b"\n]}},\n\"columnKind\":\"unicodeCodePoints\",\n\"automationDetails\":{\"id\":",
    )?;
    value(out, &category(report))?;
    out.write_all(b"},\n\"originalUriBaseIds\":{\"%SRCROOT%\":{\"description\":{\"text\":\"The root of the repository.\"}}},\n\"artifacts\":")?;
    value(out, &artifacts(report))?;
    out.write_all(b",\n\"results\":[")?;
    let mut results = Results::new(out, report, view, &index);
    let notes = if listed.count > MOST_RESULTS {
        folded(&mut results, report, view, &listed)?
    } else {
        report.findings.each(view, &mut |finding| {
            results.add(Waiting::one(finding, report))
        })?;
        Vec::new()
    };
    results.flush()?;
    out.write_all(b"\n],\n\"invocations\":[")?;
    value(out, &invocation(report, notes, listed.not_shown, view))?;
    out.write_all(b"]\n}]}\n")?;
    Ok(())
}

/// What is going to be listed, seen in a first pass.
struct Listed {
    count: u64,
    rules: BTreeSet<String>,
    not_shown: NotShown,
}

impl Listed {
    fn of(report: &Report<'_>, view: &View<'_>) -> Result<Self, Error> {
        /// Only the rule of a finding.
        #[derive(Deserialize)]
        struct Named<'j> {
            #[serde(borrow)]
            rule: Cow<'j, str>,
        }
        let (mut count, mut rules) = (0, BTreeSet::new());
        let not_shown = report.findings.each_json(view, &mut |json| {
            count += 1;
            let named: Named<'_> =
                serde_json::from_slice(json).map_err(|source| Error::Malformed {
                    number: count,
                    source,
                })?;
            if !rules.contains(&*named.rule) {
                rules.insert(named.rule.into_owned());
            }
            Ok(())
        })?;
        Ok(Self {
            count,
            rules,
            not_shown,
        })
    }
}

/// Writes one result for each cause; tells what that means.
fn folded(
    results: &mut Results<'_, '_>,
    report: &Report<'_>,
    view: &View<'_>,
    listed: &Listed,
) -> Result<Vec<String>, Error> {
    let causes = Causes::gather_within(report, view, Limits::PIPELINES)?;
    let mut notes = vec![format!(
        "{} folded into {}: each result is a cause at its first rows. The json, jsonl and csv reports list every finding.",
        counted(listed.count, "finding"),
        counted(causes.groups.len() as u64, "result"),
    )];
    if causes.others > 0 {
        notes.push(format!(
            "{} of further causes left out: GitHub keeps {MOST_RESULTS} results.",
            counted(causes.others, "finding")
        ));
    }
    for group in causes.groups {
        let rows = all_rows(&group, report);
        results.add(Waiting::several(group.first, group.places, &rows, report))?;
    }
    Ok(notes)
}

/// What keeps the results of one org and one command from overwriting another's.
fn category(report: &Report<'_>) -> String {
    let Pipeline { command, .. } = *report.pipeline;
    let org = report.pipeline.org(report.head);
    match command {
        "" | "check" => format!("sfcompat/{org}/"),
        other => format!("sfcompat/{org}/{other}/"),
    }
}

fn artifacts(report: &Report<'_>) -> Vec<Artifact> {
    let inputs = report.head.inputs.iter();
    inputs
        .map(|input| Artifact {
            location: ArtifactLocation::at(report.pipeline, &input.path),
            hashes: input.sha256.clone().map(|sha256| Hashes { sha256 }),
        })
        .collect()
}

/// How the run ended, and what is not in the results.
fn invocation(
    report: &Report<'_>,
    notes: Vec<String>,
    not_shown: NotShown,
    view: &View<'_>,
) -> Invocation {
    let pipeline = report.pipeline;
    let mut said: Vec<Notification> = notes
        .into_iter()
        .map(|text| Notification::new("folded", Level::Warning, text))
        .collect();
    if pipeline.incomplete {
        let rows = counted(report.tail.summary.undecided, "row");
        let text =
            format!("Incomplete evidence: {rows} undecided. What was not told has not passed.");
        said.push(Notification::new("incomplete-evidence", Level::Error, text));
    }
    let hidden = [
        (
            not_shown.below_severity,
            format!("below {}", view.min_severity),
        ),
        (not_shown.beyond_limit, "beyond --max-findings".to_owned()),
    ];
    for (count, why) in hidden.into_iter().filter(|(count, _)| *count > 0) {
        let text = format!("{} {why} not listed.", counted(count, "finding"));
        said.push(Notification::new("not-listed", Level::Note, text));
    }
    let gaps = by_reason(&report.tail.coverage);
    let gaps = gaps.into_iter().map(|(reason, rules)| {
        let text = message(&visible(&format!(
            "Not checked: {reason}: {}",
            rules.join(", ")
        )));
        Notification::new("not-checked", Level::Note, text)
    });
    Invocation {
        execution_successful: pipeline.code <= 1,
        exit_code: pipeline.code,
        exit_code_description: message(&visible(&pipeline.reason)),
        tool_execution_notifications: said,
        tool_configuration_notifications: gaps.collect(),
    }
}

/// Text of a message: what could be a link or a placeholder stays text (SARIF 2.1.0, 3.11.5 and 3.11.6).
fn message(text: &str) -> String {
    text.replace("](", "\\](")
        .replace('{', "{{")
        .replace('}', "}}")
}
