//! More findings than can be shown.

use super::*;
use crate::report::causes::{Causes, Limits};

fn gathered(findings: Vec<Finding>, most: usize) -> Causes {
    let mut json = Vec::new();
    for finding in findings {
        serde_json::to_writer(&mut json, &finding).expect("JSON");
        json.push(b'\n');
    }
    let replay = |out: &mut dyn Write| out.write_all(&json);
    let (head, tail) = (head(), tail());
    let report = Report {
        head: &head,
        findings: Findings::new(&replay),
        tail: &tail,
        matrix: None,
        changes: None,
        pipeline: &Pipeline::default(),
    };
    let quote = |_: &str, _: &[u64]| Vec::new();
    let view = View {
        max_findings: None,
        min_severity: Severity::Notice,
        width: None,
        color: false,
        quote: &quote,
    };
    let limits = Limits {
        causes: most,
        ..Limits::PIPELINES
    };
    Causes::gather_within(&report, &view, limits).expect("memory")
}

fn values(causes: &Causes) -> Vec<(&str, u64)> {
    let value = |group: &crate::report::causes::Group| group.first.value.as_deref().map(|_| ());
    assert!(causes.groups.iter().all(|group| value(group).is_some()));
    causes
        .groups
        .iter()
        .map(|group| {
            (
                group.first.value.as_deref().unwrap_or_default(),
                group.findings,
            )
        })
        .collect()
}

#[test]
fn the_worst_causes_are_kept_and_every_finding_is_counted() {
    let mut findings = Vec::new();
    for (row, (severity, value)) in [
        (Severity::Notice, "n1"),
        (Severity::Warning, "w1"),
        (Severity::Notice, "n2"),
        (Severity::Notice, "n1"),
        (Severity::Error, "e1"),
        (Severity::Notice, "n2"),
        (Severity::Error, "e2"),
        (Severity::Notice, "n1"),
        (Severity::Warning, "w1"),
        (Severity::Error, "e3"),
        (Severity::Warning, "w2"),
        (Severity::Error, "e2"),
        (Severity::Error, "e4"),
        (Severity::Warning, "w1"),
    ]
    .into_iter()
    .enumerate()
    {
        findings.push(about("some-rule", severity, row as u64 + 1, "role", value));
    }
    let all = findings.len() as u64;
    for most in 1..10 {
        let mut causes = gathered(findings.clone(), most);
        assert!(causes.groups.len() <= most);
        let kept: u64 = causes.groups.iter().map(|group| group.findings).sum();
        assert_eq!(kept + causes.others, all, "{most}");
        // What is kept is kept whole.
        for (value, count) in values(&causes) {
            let there = findings
                .iter()
                .filter(|f| f.value.as_deref() == Some(value))
                .count();
            assert_eq!(count, there as u64, "{most}: {value}");
        }
        if most == 3 {
            assert_eq!(values(&causes), [("e2", 2), ("e1", 1), ("e3", 1)]);
            assert_eq!(
                causes.keep(2).as_deref(),
                Some("and 11 more findings of more than 1 other cause not listed")
            );
        }
    }
}

#[test]
fn a_flood_of_causes_stays_small() {
    let mut run = Run::small();
    run.findings = (1..=6_000)
        .map(|row| {
            about(
                "some-rule",
                Severity::Error,
                row,
                "role",
                &format!("{row}{}", "|".repeat(500)),
            )
        })
        .collect();
    let markdown = run.text(Format::Markdown);
    assert!(markdown.chars().count() < 65_536, "{}", markdown.len());
    assert!(
        markdown.contains("more findings of more than"),
        "{markdown}"
    );
    let table = run.text(Format::Table);
    assert_eq!(table.matches("error[some-rule]").count(), 2_000);
    assert!(table.contains("and 4000 more findings of other causes not listed"));
    run.findings[0].message = "x".repeat(1_000_000);
    assert!(run.text(Format::Table).contains("… (1000000 characters)"));
}

#[test]
fn losses_are_told_by_the_item_that_is_lost() {
    let loss = |row, name: &str| {
        let rule = "permission-sets-removed";
        let subject = format!("permission-set:{name}");
        let mut finding = about(rule, Severity::Warning, row, "permissionSets", "");
        finding.value = None;
        finding.fingerprint = fingerprint(rule, Some(&subject), Some("permissionSets"), None);
        finding.subject = Some(subject);
        finding.message = format!("the user loses permission set {name}");
        finding
    };
    let mut run = Run::small();
    run.findings = vec![
        loss(1, "Reports"),
        loss(2, "Reports"),
        loss(2, "Quotes"),
        loss(4, "Quotes"),
        loss(5, "Quotes"),
    ];
    let text = run.text(Format::Table);
    let titles: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("warning["))
        .collect();
    assert_eq!(
        titles,
        [
            "warning[permission-sets-removed] the user loses permission set Quotes",
            "warning[permission-sets-removed] the user loses permission set Reports",
        ]
    );
    assert!(text.contains("3 rows: 2, 4, 5\n"), "{text}");
}

#[test]
fn a_cause_that_stands_for_rows_says_how_many() {
    let mut run = Run::small();
    run.findings.truncate(1);
    run.findings[0].rows = Some(9);
    assert!(run.text(Format::Table).contains("  9 rows: 2 and 8 more\n"));
    run.findings[0].row = None;
    run.findings[0].line = None;
    assert!(
        run.text(Format::Table)
            .contains("  --> assign.csv\n  9 rows\n")
    );
    assert!(run.text(Format::Markdown).contains("| 9 rows, role |"));
}

#[test]
fn rows_name_their_input_where_there_are_several() {
    let mut run = Run::small();
    run.head.inputs.push(InputInfo {
        path: "second.csv".to_owned(),
        ..InputInfo::default()
    });
    run.findings = vec![
        about("some-rule", Severity::Error, 2, "role", "x"),
        about("some-rule", Severity::Error, 3, "role", "x"),
        about("some-rule", Severity::Error, 1, "role", "x"),
    ];
    run.findings[2].input = Some("second.csv".to_owned());
    let text = run.text(Format::Table);
    assert!(
        text.contains("3 rows: 2 of assign.csv, 3, 1 of second.csv\n"),
        "{text}"
    );
}
