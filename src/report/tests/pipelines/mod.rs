//! Formats that programs of pipelines read: SARIF, JUnit, annotations, Code Quality.

mod cases;
mod code_scanning;
mod hostile;

use super::*;
use crate::report::{JunitCases, write_failure};
use cases::{case, cases, child};
use roxmltree::{Document as Xml, Node};
use serde_json::Value;
use std::collections::BTreeSet;

fn json(run: &Run, format: Format) -> Value {
    serde_json::from_str(&run.text(format)).expect("JSON")
}

fn results(run: &Run) -> Vec<Value> {
    let log = json(run, Format::Sarif);
    log["runs"][0]["results"]
        .as_array()
        .expect("results")
        .clone()
}

/// Many findings: `rows` of each cause.
fn many(causes: u64, rows: u64) -> Run {
    let mut findings = Vec::new();
    for row in 0..rows {
        for cause in 0..causes {
            let value = format!("v{cause}");
            findings.push(about(
                "role-not-found",
                Severity::Error,
                row + 1,
                "role",
                &value,
            ));
        }
    }
    let mut run = Run {
        findings,
        ..Run::small()
    };
    run.tail.summary.errors = causes * rows;
    run.tail.summary.warnings = 0;
    run
}

#[test]
fn github_shows_ten_of_each_level_and_says_how_many_more() {
    let text = Run::small().text(Format::Github);
    assert!(
        text.starts_with("::error file=hr/assign.csv,line=4,col="),
        "the cause of two rows comes first: {text}"
    );
    assert!(text.contains(
        ",title=profile-not-found::no profile is named 'Sales Usr'%0ASalesforce will say: "
    ));
    assert!(
        !text.contains("::notice"),
        "a waived finding is no annotation"
    );
    assert!(
        text.contains("\nnotice (waived) email-domain hr/assign.csv:6 "),
        "{text}"
    );

    let text = many(17, 3).text(Format::Github);
    let commands: Vec<_> = text.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(commands.len(), 10);
    assert!(
        commands[9].ends_with("%0Aand 21 more errors in the log"),
        "{}",
        commands[9]
    );
    let listed = text
        .lines()
        .filter(|line| line.starts_with("error role-not-found "))
        .count();
    assert_eq!(listed, 51, "the log has all of them");

    let mut run = many(17, 3);
    run.pipeline.incomplete = true;
    let text = run.text(Format::Github);
    assert!(
        text.starts_with("::error title=incomplete evidence::incomplete evidence"),
        "{text}"
    );
    assert_eq!(
        text.lines()
            .filter(|line| line.starts_with("::error"))
            .count(),
        10
    );
}

#[test]
fn azure_knows_errors_and_warnings_only() {
    let mut run = Run::small();
    run.findings[4].status = Status::Open;
    run.tail.summary.notices = 1;
    let text = run.text(Format::Azure);
    assert!(
        text.starts_with("##vso[task.logissue type=error;sourcepath=hr/assign.csv;linenumber=4;")
    );
    assert!(
        text.contains("code=profile-not-found;]no profile is named 'Sales Usr' | "),
        "{text}"
    );
    assert_eq!(text.matches("##vso[task.logissue type=warning;").count(), 1);
    assert_eq!(text.matches("##vso[").count(), 3);
    assert!(
        text.contains("\nnotice email-domain hr/assign.csv:6 "),
        "{text}"
    );
}

#[test]
fn gitlab_has_one_issue_for_each_cause() {
    let run = Run::small();
    let issues = json(&run, Format::Gitlab);
    let issues = issues.as_array().expect("an array");
    let told: Vec<_> = issues
        .iter()
        .map(|issue| {
            (
                issue["check_name"].as_str(),
                issue["severity"].as_str(),
                issue["location"]["lines"]["begin"].as_u64(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("profile-not-found"), Some("major"), Some(4)),
            (Some("role-not-found"), Some("major"), Some(3)),
            (Some("name-near-match"), Some("minor"), Some(5)),
            (Some("email-domain"), Some("info"), Some(6)),
        ]
    );
    assert_eq!(
        issues[0]["fingerprint"],
        run.findings[1].fingerprint.as_str()
    );
    let text = issues[0]["description"].as_str().expect("a text");
    assert!(text.ends_with("(2 rows: 3, 4)"), "{text}");
    // The same problem in other words is another issue.
    let mut run = Run::small();
    run.findings[2].message = "no profile is named so".to_owned();
    let issues = json(&run, Format::Gitlab);
    let issues = issues.as_array().expect("an array");
    let prints: BTreeSet<_> = issues
        .iter()
        .filter_map(|issue| issue["fingerprint"].as_str())
        .collect();
    assert_eq!((issues.len(), prints.len()), (5, 5));
    let none = Run {
        findings: Vec::new(),
        ..Run::small()
    };
    assert_eq!(none.text(Format::Gitlab), "[]\n");
}

#[test]
fn what_is_not_listed_is_said_in_every_format() {
    let run = Run::small();
    let one = |view: &mut View<'_>| {
        view.max_findings = Some(1);
        view.min_severity = Severity::Warning;
    };
    for (format, said) in [
        (
            Format::Sarif,
            "3 findings beyond --max-findings not listed.",
        ),
        (Format::Sarif, "1 finding below warning not listed."),
        (Format::Junit, "not listed (--max-findings, --min-severity)"),
        (
            Format::Github,
            "4 findings not listed (--max-findings, --min-severity)",
        ),
        (
            Format::Azure,
            "4 findings not listed (--max-findings, --min-severity)",
        ),
        (Format::Gitlab, "and 2 more causes (2 findings) not listed"),
        (Format::Gitlab, "1 finding below warning not shown"),
    ] {
        let text = run.write(format, &one).expect("memory");
        assert!(text.contains(said), "{}: {text}", format.name());
    }
}

#[test]
fn a_run_without_a_report_is_an_error() {
    let pipeline = Pipeline {
        code: 4,
        reason: "no login to the org".to_owned(),
        command: "check",
        ..Pipeline::default()
    };
    let failure = |format| {
        let mut out = Vec::new();
        write_failure(format, &mut out, &pipeline).expect("memory");
        String::from_utf8(out).expect("text")
    };
    let text = failure(Format::Junit);
    let xml = Xml::parse(&text).expect("XML");
    let told = case(&cases(&xml), "sfcompat", "the run came to an end");
    let message = child(&told, "error").and_then(|error| error.attribute("message"));
    assert_eq!(message, Some("no login to the org"));
    assert_eq!(
        failure(Format::Github),
        "::error title=sfcompat check::no login to the org\n"
    );
    assert_eq!(
        failure(Format::Azure),
        "##vso[task.logissue type=error;code=sfcompat check;]no login to the org\n"
    );
    for format in Format::ALL {
        assert_eq!(
            format.tells_failures(),
            !failure(*format).is_empty(),
            "{}",
            format.name()
        );
    }
}
