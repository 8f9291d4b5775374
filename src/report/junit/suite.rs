//! The cases of a JUnit report, counted and written as XML.

use super::RUN;
use crate::finding::{Finding, Status};
use crate::report::pipeline::Pipeline;
use crate::report::visible::{shortened, visible};
use crate::report::words::{by_reason, counted, label, waived};
use crate::report::xml::escaped;
use crate::report::{Error, Report};
use crate::rules::by_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;

/// Bytes that the cases of findings may take.
const MOST_BYTES: usize = 24 << 20;
/// Characters of a name or a message in an attribute.
const MOST_CHARACTERS: usize = 300;
/// The name of the case that says whether everything was told.
const COMPLETE: &str = "the evidence is complete";

/// How a case ended.
pub(super) enum Mark<'a> {
    Passed,
    /// Passed, with something to say.
    Remark(&'a [String]),
    /// Type, message, further lines.
    Failure(&'a str, &'a str, &'a [String]),
    Error(&'a str),
    Skipped(&'a str),
}

/// The cases so far, as XML.
pub(super) struct Suite<'a> {
    pub(super) pipeline: &'a Pipeline,
    body: String,
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
    /// How often a class has a name: names are made unique.
    names: BTreeMap<(String, String), u32>,
    /// Input and row of the findings whose names are remembered, where each finding is a case.
    place: Option<(Option<String>, Option<u64>)>,
    /// Rules with findings.
    spoke: BTreeSet<String>,
    /// Findings for which there was no room: by rule and whether they fail.
    rest: BTreeMap<(String, bool), u64>,
}

impl<'a> Suite<'a> {
    pub(super) fn new(pipeline: &'a Pipeline) -> Self {
        Self {
            pipeline,
            body: String::new(),
            tests: 0,
            failures: 0,
            errors: 0,
            skipped: 0,
            names: BTreeMap::new(),
            place: None,
            spoke: BTreeSet::new(),
            rest: BTreeMap::new(),
        }
    }

    /// What is about the run itself.
    pub(super) fn run(&mut self, report: &Report<'_>) {
        let summary = &report.tail.summary;
        if !self.pipeline.incomplete {
            return self.case(RUN, COMPLETE, None, &Mark::Passed);
        }
        let mut text = match summary.undecided {
            0 => "incomplete evidence".to_owned(),
            rows => format!("incomplete evidence: {} undecided", counted(rows, "row")),
        };
        for (reason, rules) in by_reason(&report.tail.coverage).into_iter().take(20) {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{reason}: {}", rules.join(", "));
        }
        self.case(RUN, COMPLETE, None, &Mark::Error(&text));
    }

    /// A finding, or the first of several with one cause.
    pub(super) fn finding(&mut self, finding: &Finding, findings: u64, words: &[String]) {
        if !self.spoke.contains(&finding.rule) {
            self.spoke.insert(finding.rule.clone());
        }
        let fails = self.pipeline.fails(finding);
        if self.body.len() > MOST_BYTES {
            let rest = self.rest.entry((finding.rule.clone(), fails)).or_default();
            *rest += findings;
            return;
        }
        let name = self.name(finding);
        let file = self.pipeline.junit.file.then_some(finding);
        let (message, more) = words
            .split_first()
            .map_or(("", words), |(first, more)| (first.as_str(), more));
        match finding.status {
            Status::Open if fails => {
                let kind = finding.severity.as_str();
                self.case(
                    &finding.rule,
                    &name,
                    file,
                    &Mark::Failure(kind, message, more),
                );
            }
            Status::Open => self.case(&finding.rule, &name, file, &Mark::Remark(words)),
            Status::Waived | Status::Baselined => {
                let why = match &finding.waiver {
                    Some(waiver) => waived(waiver),
                    None if finding.status == Status::Waived => "waived".to_owned(),
                    None => "in the baseline".to_owned(),
                };
                let text = format!("{why}\n{}", words.join("\n"));
                self.case(&finding.rule, &name, file, &Mark::Skipped(&text));
            }
        }
    }

    fn name(&mut self, finding: &Finding) -> String {
        let label = label(finding);
        if !self.pipeline.junit.rows {
            return label;
        }
        // Findings come row by row: only names within a row can be the same.
        let place = Some((finding.input.clone(), finding.row));
        if self.place != place {
            self.names.clear();
            self.place = place;
        }
        let mut name = finding
            .row
            .map_or(String::new(), |row| format!("row {row} "));
        if let Some(input) = finding.input.as_ref().filter(|_| finding.row.is_some()) {
            name = format!("{} {name}", self.pipeline.relative(input));
        }
        if let Some(user) = &finding.user {
            name = format!("{name}{user} ");
        }
        name + &label
    }

    /// Counts of what found no room.
    pub(super) fn rest(&mut self) {
        for ((rule, fails), findings) in std::mem::take(&mut self.rest) {
            let text = format!(
                "{} not listed one by one",
                counted(findings, "more finding")
            );
            let name = if fails {
                "more findings"
            } else {
                "more findings that do not fail"
            };
            let mark = if fails {
                Mark::Failure("error", &text, &[])
            } else {
                Mark::Skipped(&text)
            };
            self.case(&rule, name, None, &mark);
        }
    }

    /// The rules that found nothing, and those that could not be evaluated.
    pub(super) fn rules(&mut self, report: &Report<'_>) {
        let mut gaps: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for line in &report.tail.coverage {
            gaps.entry(&line.rule).or_default().push(&line.reason);
        }
        let title =
            |rule: &str| by_name(rule).map_or(rule.to_owned(), |rule| rule.title().to_owned());
        for (rule, reasons) in &gaps {
            let reasons = reasons.join("; ");
            self.case(rule, &title(rule), None, &Mark::Skipped(&reasons));
        }
        for rule in &self.pipeline.ran {
            let found =
                self.spoke.contains(*rule) || report.tail.summary.by_rule.contains_key(*rule);
            if !found && !gaps.contains_key(rule) {
                self.case(rule, &title(rule), None, &Mark::Passed);
            }
        }
    }

    pub(super) fn case(&mut self, class: &str, name: &str, of: Option<&Finding>, mark: &Mark<'_>) {
        let name = shortened(&visible(name), MOST_CHARACTERS).into_owned();
        let key = (class.to_owned(), name);
        let count = self.names.entry(key.clone()).or_default();
        *count += 1;
        let name = match count {
            1 => key.1,
            again => format!("{} ({again})", key.1),
        };
        self.tests += 1;
        let body = &mut self.body;
        let mut push = |parts: &[&str]| parts.iter().for_each(|part| body.push_str(part));
        push(&[
            "<testcase classname=\"",
            &escaped(class),
            "\" name=\"",
            &escaped(&name),
            "\" time=\"0\"",
        ]);
        if let Some(input) = of.and_then(|finding| finding.input.as_ref()) {
            push(&[
                " file=\"",
                &escaped(&visible(&self.pipeline.relative(input))),
                "\"",
            ]);
        }
        let (tag, kind, message, more) = match mark {
            Mark::Passed => return push(&["/>\n"]),
            Mark::Remark(words) => {
                return push(&[
                    "><system-out>",
                    &content(words),
                    "</system-out></testcase>\n",
                ]);
            }
            Mark::Failure(kind, message, more) => {
                self.failures += 1;
                ("failure", *kind, *message, *more)
            }
            Mark::Error(message) => {
                self.errors += 1;
                ("error", "sfcompat", *message, &[][..])
            }
            Mark::Skipped(message) => {
                self.skipped += 1;
                ("skipped", "", *message, &[][..])
            }
        };
        let brief = message.lines().next().unwrap_or_default();
        let brief = shortened(&visible(brief), MOST_CHARACTERS).into_owned();
        push(&[">", "<", tag]);
        if !kind.is_empty() {
            push(&[" type=\"", &escaped(kind), "\""]);
        }
        // GitLab shows what is inside, Jenkins and Azure the attribute.
        let lines: Vec<String> = message
            .lines()
            .map(str::to_owned)
            .chain(more.iter().cloned())
            .collect();
        push(&[
            " message=\"",
            &escaped(&brief),
            "\">",
            &content(&lines),
            "</",
            tag,
            "></testcase>\n",
        ]);
    }

    pub(super) fn write(&self, out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
        let summary = &report.tail.summary;
        let org = self.pipeline.org(report.head);
        let name = format!("{} {org}", self.pipeline.command);
        let at = self
            .pipeline
            .moment
            .as_deref()
            .or(report.head.org.pulled_at.as_deref());
        let counts = [
            ("rows", summary.rows),
            ("compatible", summary.compatible),
            ("warned", summary.warned),
            ("incompatible", summary.incompatible),
            ("undecided", summary.undecided),
        ];
        self.wrap(out, &name, at, &counts)
    }

    /// Writes everything. No clock: the same run gives the same bytes.
    pub(super) fn wrap(
        &self,
        out: &mut dyn Write,
        name: &str,
        at: Option<&str>,
        properties: &[(&str, u64)],
    ) -> Result<(), Error> {
        let (tests, failures, errors) = (self.tests, self.failures, self.errors);
        let name = visible(name);
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(
            out,
            "<testsuites name=\"sfcompat\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">"
        )?;
        write!(
            out,
            "<testsuite name=\"sfcompat {}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{}\" time=\"0\"",
            escaped(&name),
            self.skipped
        )?;
        if let Some(at) = at {
            // Without fraction and zone, as the schema of JUnit has it; it is UTC.
            let at = at.get(..19).unwrap_or(at);
            write!(out, " timestamp=\"{}\"", escaped(at))?;
        }
        writeln!(out, ">")?;
        if !properties.is_empty() {
            writeln!(out, "<properties>")?;
            for (name, value) in properties {
                writeln!(out, "<property name=\"{name}\" value=\"{value}\"/>")?;
            }
            writeln!(out, "</properties>")?;
        }
        out.write_all(self.body.as_bytes())?;
        writeln!(out, "</testsuite>\n</testsuites>")?;
        Ok(())
    }
}

/// Lines as the content of an element.
fn content(lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| escaped(&visible(line)).into_owned())
        .collect();
    lines.join("\n")
}
