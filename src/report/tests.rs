//! One small run in every format, and hostile text in all of them.

mod formats;
mod hostile;
mod html;
mod many;
mod pipelines;
mod targets;

use super::summary::{
    CoverageLine, Head, InputInfo, OrgInfo, RunInfo, SCHEMA, SeatKind, SeatLine, Summary, Tail,
};
use super::{Error, Findings, Format, Pipeline, Report, View, write};
use crate::finding::{
    Confidence, Finding, Fix, Predicted, Replace, Severity, Status, WaivedBy, fingerprint,
};
use std::io::{self, Write};

/// A run in memory.
struct Run {
    head: Head,
    findings: Vec<Finding>,
    tail: Tail,
    /// Records of `assign.csv`, from line 1.
    records: Vec<&'static str>,
    pipeline: Pipeline,
}

impl Run {
    /// A report with everything in it.
    fn small() -> Self {
        let mut findings = vec![
            about("role-not-found", Severity::Error, 2, "role", "Sales Mgr"),
            about(
                "profile-not-found",
                Severity::Error,
                3,
                "profile",
                "Sales Usr",
            ),
            about(
                "profile-not-found",
                Severity::Error,
                4,
                "profile",
                "Sales Usr",
            ),
            about("name-near-match", Severity::Warning, 4, "role", "ops "),
            about("email-domain", Severity::Notice, 5, "email", "x@y.example"),
        ];
        findings[0].fix = None;
        findings[1].predicted = Some(Predicted {
            code: Some("INVALID_CROSS_REFERENCE_KEY".to_owned()),
            message: Some("invalid cross reference id".to_owned()),
            okta: Some("Automatic profile push failed".to_owned()),
        });
        findings[4].status = Status::Waived;
        findings[4].waiver = Some(WaivedBy {
            owner: Some("iam-team@acme.example".to_owned()),
            reason: Some("agreed | <b>".to_owned()),
            ticket: Some("=CHG1".to_owned()),
            expires: Some("2026-12-31".to_owned()),
        });
        Self {
            pipeline: pipeline(),
            head: head(),
            findings,
            tail: tail(),
            records: vec![
                "username,Profile Name,Role",
                "",
                "ann@acme.example,Admin,Sales Mgr",
                "bob@acme.example,\"Sales Usr\",Ops",
                "数据@acme.example,Sales Usr,ops ",
            ],
        }
    }

    fn write(&self, format: Format, view: &dyn Fn(&mut View<'_>)) -> Result<String, Error> {
        let mut json = Vec::new();
        for finding in &self.findings {
            serde_json::to_writer(&mut json, finding).expect("JSON");
            json.push(b'\n');
        }
        // In pieces that end anywhere.
        let replay = |out: &mut dyn Write| json.chunks(7).try_for_each(|part| out.write_all(part));
        let quote = |input: &str, lines: &[u64]| {
            assert!(lines.is_sorted() && input == "assign.csv");
            let record = |line: &u64| {
                let record = self.records.get(usize::try_from(*line).ok()? - 1)?;
                Some((*line, (*record).to_owned()))
            };
            lines.iter().filter_map(record).collect()
        };
        let mut shown = View {
            max_findings: None,
            min_severity: Severity::Notice,
            width: None,
            color: false,
            quote: &quote,
        };
        view(&mut shown);
        let report = Report {
            head: &self.head,
            findings: Findings::new(&replay),
            tail: &self.tail,
            matrix: None,
            changes: None,
            pipeline: &self.pipeline,
        };
        let mut out = Vec::new();
        write(format, &mut out, &report, &shown)?;
        Ok(String::from_utf8(out).expect("UTF-8"))
    }

    fn text(&self, format: Format) -> String {
        self.write(format, &|_| ()).expect("memory")
    }
}

fn pipeline() -> Pipeline {
    Pipeline {
        code: 1,
        reason: "3 errors (fails on: error)".to_owned(),
        fail_on: Some(Severity::Error),
        command: "check",
        ran: vec!["profile-missing", "profile-not-found", "psl-expired"],
        folder: "/repo/hr".into(),
        root: Some("/repo".into()),
        ..Pipeline::default()
    }
}

fn about(rule: &str, severity: Severity, row: u64, column: &str, value: &str) -> Finding {
    let subject = format!("{column}:{value}");
    Finding {
        input: Some("assign.csv".to_owned()),
        row: Some(row),
        line: Some(row + 1),
        rule: rule.to_owned(),
        severity,
        confidence: Confidence::Certain,
        status: Status::Open,
        waiver: None,
        fingerprint: fingerprint(rule, Some(&subject), Some(column), Some(value)),
        column: Some(column.to_owned()),
        value: Some(value.to_owned()),
        user: Some(format!("user{row}@acme.example")),
        subject: Some(subject),
        message: format!("no {column} is named '{value}'"),
        reason: vec![format!("'{value}' is not among the org's 41")],
        predicted: None,
        fix: Some(Fix {
            text: format!("use another {column}"),
            replace: Some(Replace {
                column: column.to_owned(),
                with: "Sales User".to_owned(),
            }),
        }),
        rows: None,
    }
}

fn head() -> Head {
    Head {
        schema: SCHEMA.to_owned(),
        run: RunInfo {
            version: "0.1.0".to_owned(),
            started: "2026-11-21T10:00:00Z".to_owned(),
            command: vec!["check".to_owned(), "assign.csv".to_owned()],
        },
        org: OrgInfo {
            name: Some("Acme".to_owned()),
            is_sandbox: Some(false),
            ..OrgInfo::default()
        },
        inputs: vec![InputInfo {
            path: "assign.csv".to_owned(),
            kind: "assignments".to_owned(),
            rows: 5,
            sha256: None,
            delimiter: Some(",".to_owned()),
            encoding: "utf-8".to_owned(),
            list_separator: None,
            columns: [
                ("username".to_owned(), "username".to_owned()),
                ("profile".to_owned(), "Profile Name".to_owned()),
                ("role".to_owned(), "Role".to_owned()),
            ]
            .into(),
            ignored: vec!["Shoe size".to_owned()],
            ..InputInfo::default()
        }],
    }
}

fn tail() -> Tail {
    let coverage = |rule: &str, reason: &str| CoverageLine {
        rule: rule.to_owned(),
        reason: reason.to_owned(),
    };
    Tail {
        rows: None,
        coverage: vec![
            coverage("psl-seats", "no PermissionSetLicense.csv"),
            coverage("package-seats", "no packages column"),
            coverage("psl-expired", "no PermissionSetLicense.csv"),
        ],
        summary: Summary {
            rows: 5,
            compatible: 2,
            warned: 0,
            incompatible: 3,
            undecided: 0,
            errors: 3,
            warnings: 1,
            notices: 0,
            baselined: 0,
            waived: 1,
            by_rule: [("profile-not-found".to_owned(), 2)].into(),
        },
        seats: vec![
            seats("SFDC", Some(100), Some(99)),
            seats("AUL", Some(-1), None),
        ],
        impact: None,
        checklist: None,
        not_shown: None,
    }
}

fn seats(key: &str, total: Option<i64>, used: Option<i64>) -> SeatLine {
    SeatLine {
        kind: SeatKind::UserLicense,
        key: key.to_owned(),
        label: format!("Salesforce {key}"),
        total,
        used,
        takes: 2,
        releases: 0,
        after: used.map(|used| used + 2),
        peak: used.map(|used| used + 2),
        shortfall: used.map(|_| 1),
        first_failing_row: used.map(|_| 4),
    }
}
