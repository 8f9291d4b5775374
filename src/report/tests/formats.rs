//! Golden texts, and every report read back.

use super::*;
use crate::report::seats;
use crate::report::summary::{Document, NotShown};

#[test]
fn names_are_found_again() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.name()), Some(*format));
    }
    assert_eq!(Format::parse("xml"), None);
    assert_eq!(Format::parse(""), None);
}

#[test]
fn json_reads_back() {
    let run = Run::small();
    let text = run.text(Format::Json);
    assert!(text.ends_with("}\n") && !text.contains("not_shown"));
    let document: Document = serde_json::from_str(&text).expect("the schema");
    assert_eq!(document.schema, SCHEMA);
    assert_eq!(document.run, run.head.run);
    assert_eq!(document.org, run.head.org);
    assert_eq!(document.inputs, run.head.inputs);
    assert_eq!(document.findings, run.findings);
    assert_eq!(document.coverage, run.tail.coverage);
    assert_eq!(document.summary, run.tail.summary);
    assert_eq!(document.seats, run.tail.seats);
    // One finding a line.
    assert_eq!(
        text.lines()
            .filter(|line| line.starts_with("{\"input\""))
            .count(),
        5
    );
}

#[test]
fn json_without_findings_is_whole() {
    let run = Run {
        findings: Vec::new(),
        ..Run::small()
    };
    let document: Document = serde_json::from_str(&run.text(Format::Json)).expect("the schema");
    assert!(document.findings.is_empty());
}

#[test]
fn limits_are_said_and_count_nothing_away() {
    let run = Run::small();
    let limited = |view: &mut View<'_>| {
        view.min_severity = Severity::Warning;
        view.max_findings = Some(3);
    };
    let not_shown = Some(NotShown {
        below_severity: 1,
        beyond_limit: 1,
    });
    let text = run.write(Format::Json, &limited).expect("memory");
    let document: Document = serde_json::from_str(&text).expect("the schema");
    assert_eq!(document.findings, run.findings[..3]);
    assert_eq!(document.summary, run.tail.summary);
    assert_eq!(document.not_shown, not_shown);

    let text = run.write(Format::Jsonl, &limited).expect("memory");
    assert_eq!(text.lines().count(), 5);
    let tail: Tail = serde_json::from_str(text.lines().last().expect("a line")).expect("a tail");
    assert_eq!(tail.not_shown, not_shown);
    assert_eq!(tail.summary, run.tail.summary);

    let text = run.write(Format::Csv, &limited).expect("memory");
    assert_eq!(text.lines().count(), 5);
    let said = "\"2 findings not listed (--max-findings, --min-severity)\"";
    assert!(text.ends_with(&format!("{said}{}\n", ",\"\"".repeat(13))));

    let one = |view: &mut View<'_>| {
        view.max_findings = Some(1);
        view.min_severity = Severity::Warning;
    };
    for format in [Format::Table, Format::Markdown] {
        let text = run.write(format, &one).expect("memory");
        assert!(
            text.contains("Sales Usr") && !text.contains("Sales Mgr"),
            "{text}"
        );
        assert!(
            text.contains("and 2 more causes (2 findings) not listed"),
            "{text}"
        );
        assert!(text.contains("1 finding below warning not shown"), "{text}");
        assert!(
            text.contains("3 errors, 1 warning, 0 notices, 1 waived"),
            "{text}"
        );
    }
}

#[test]
fn jsonl_reads_back() {
    let run = Run::small();
    let text = run.text(Format::Jsonl);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(
        serde_json::from_str::<Head>(lines[0]).expect("a head"),
        run.head
    );
    for (line, finding) in lines[1..6].iter().zip(&run.findings) {
        assert_eq!(
            &serde_json::from_str::<Finding>(line).expect("a finding"),
            finding
        );
    }
    assert_eq!(
        serde_json::from_str::<Tail>(lines[6]).expect("a tail"),
        run.tail
    );
}

#[test]
fn csv_reads_back() {
    let run = Run::small();
    let text = run.text(Format::Csv);
    assert!(!text.contains('\r'));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().expect("a header").clone();
    assert_eq!(
        names.iter().collect::<Vec<_>>(),
        crate::report::csv::COLUMNS
    );
    let records: Vec<_> = reader.records().map(|r| r.expect("a record")).collect();
    assert_eq!(records.len(), 5);
    let cells: Vec<_> = records[1].iter().collect();
    assert_eq!(
        cells[..20],
        [
            "error",
            "profile-not-found",
            "certain",
            "open",
            "assign.csv",
            "3",
            "4",
            "profile",
            "Sales Usr",
            "user3@acme.example",
            "profile:Sales Usr",
            "no profile is named 'Sales Usr'",
            "'Sales Usr' is not among the org's 41",
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
            "Automatic profile push failed",
            "use another profile",
            "profile",
            "Sales User",
            "",
        ]
    );
    assert_eq!(cells[20], run.findings[1].fingerprint);
    let waived = text.lines().last().expect("a line");
    assert!(
        waived.ends_with("\"iam-team@acme.example\",\"agreed | <b>\",\"'=CHG1\",\"2026-12-31\""),
        "{waived}"
    );
}

#[test]
fn table_groups_by_cause_and_marks_the_column() {
    let expected = "\
assign.csv: 5 rows, assignments, utf-8, cells by ','

error[profile-not-found] no profile is named 'Sales Usr'
  --> assign.csv:4
  4 | bob@acme.example,\"Sales Usr\",Ops
    |                   ^^^^^^^^^ profile
  2 rows: 3, 4
  because 'Sales Usr' is not among the org's 41
  Salesforce will say: INVALID_CROSS_REFERENCE_KEY invalid cross reference id
  fix: use another profile
  confidence: certain

error[role-not-found] no role is named 'Sales Mgr'
  --> assign.csv:3
  3 | ann@acme.example,Admin,Sales Mgr
    |                        ^^^^^^^^^ role
  row 2: user2@acme.example
  because 'Sales Mgr' is not among the org's 41
  confidence: certain

warning[name-near-match] no role is named 'ops '
  --> assign.csv:5
  5 | 数据@acme.example,Sales Usr,ops 
    |                             ^^^^ role
  row 4: user4@acme.example
  because 'ops ' is not among the org's 41
  fix: use another role
  confidence: certain

waived notice[email-domain] no email is named 'x@y.example' (row 5)
  waived by iam-team@acme.example until 2026-12-31 (=CHG1): agreed | <b>

Not checked:
  columns of assign.csv that mean nothing here: Shoe size
  no PermissionSetLicense.csv: psl-expired, psl-seats
  no packages column: package-seats

Seats:
";
    let text = Run::small().text(Format::Table);
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("Salesforce SFDC (SFDC)"), "{text}");
    assert!(
        text.contains("no limit") && text.contains("unknown"),
        "{text}"
    );
    let end = "\n5 rows: 2 compatible, 0 with warnings, 3 incompatible, 0 undecided\n3 errors, 1 warning, 0 notices, 1 waived\n";
    assert!(text.ends_with(end), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn table_fits_a_terminal_and_colors_only_when_asked() {
    let mut run = Run::small();
    run.findings[1].message = "many words ".repeat(30);
    run.tail.seats[0].label = "Customer Community Plus Login for Members".to_owned();
    for width in [20, 40, 80, 100, 110, 120] {
        let narrow = |view: &mut View<'_>| view.width = Some(width);
        let text = run.write(Format::Table, &narrow).expect("memory");
        for line in text.lines() {
            // Neither a badge nor a word is broken: names are copied from reports.
            let whole_word = line.trim().split(' ').count() == 1 || line.ends_with(']');
            let fits = crate::report::visible::width(line) <= usize::from(width);
            assert!(fits || whole_word, "{width}: {line}");
        }
    }
    let narrow = |view: &mut View<'_>| view.width = Some(110);
    let text = run.write(Format::Table, &narrow).expect("memory");
    assert!(text.contains(" | 1 from row 4 |\n"), "{text}");
    let narrow = |view: &mut View<'_>| view.width = Some(80);
    let text = run.write(Format::Table, &narrow).expect("memory");
    assert!(text.contains("missing 1 from row 4\n"), "{text}");
    let colored = |view: &mut View<'_>| view.color = true;
    let text = run.write(Format::Table, &colored).expect("memory");
    assert!(
        text.contains("\u{1b}[1m\u{1b}[31merror[role-not-found]\u{1b}[0m no role"),
        "{text:?}"
    );
}

#[test]
fn markdown_lists_causes_in_a_table() {
    let expected = "\
### sfcompat: 5 rows: 2 compatible, 0 with warnings, 3 incompatible, 0 undecided

3 errors, 1 warning, 0 notices, 1 waived

| severity | rule | what | where | fix |
|---|---|---|---|---|
| error | profile-not-found | no profile is named 'Sales Usr'<br>Salesforce will say: INVALID\\_CROSS\\_REFERENCE\\_KEY invalid cross reference id | 2 rows: 3, 4, profile | use another profile |
| error | role-not-found | no role is named 'Sales Mgr' | row 2: user2@acme.example, role |  |
| warning | name-near-match | no role is named 'ops ' | row 4: user4@acme.example, role | use another role |
| notice (waived) | email-domain | no email is named 'x@y.example'<br>waived by iam-team@acme.example until 2026-12-31 (=CHG1): agreed &#124; &lt;b&gt; | row 5: user5@acme.example, email | use another email |

#### Not checked

- no PermissionSetLicense.csv: psl-expired, psl-seats
- no packages column: package-seats

#### Seats

| kind | license | total | used | takes | releases | after | peak | missing |
|---|---|---:|---:|---:|---:|---:|---:|---:|
| license | Salesforce SFDC (SFDC) | 100 | 99 | 2 | 0 | 101 | 101 | 1 from row 4 |
| license | Salesforce AUL (AUL) | no limit | unknown | 2 | 0 | unknown | unknown | unknown |
";
    assert_eq!(Run::small().text(Format::Markdown), expected);
}

#[test]
fn seats_have_a_report_of_their_own() {
    let document = seats::Document {
        schema: seats::SCHEMA.to_owned(),
        run: head().run,
        org: head().org,
        inputs: Vec::new(),
        seats: vec![
            seats("SFDC", Some(100), Some(99)),
            seats("=X", Some(-1), None),
        ],
    };
    let quote = |_: &str, _: &[u64]| Vec::new();
    let view = View {
        max_findings: None,
        min_severity: Severity::Notice,
        width: None,
        color: false,
        quote: &quote,
    };
    let text = |format| {
        let mut out = Vec::new();
        seats::write(format, &mut out, &document, &view)
            .map(|()| String::from_utf8(out).expect("UTF-8"))
    };
    let json = text(Format::Json).expect("memory");
    assert_eq!(
        serde_json::from_str::<seats::Document>(&json).expect("the schema"),
        document
    );
    assert_eq!(
        text(Format::Csv).expect("memory"),
        "\"kind\",\"key\",\"label\",\"total\",\"used\",\"takes\",\"releases\",\"after\",\"peak\",\"shortfall\",\"first_failing_row\"\n\
         \"user-license\",\"SFDC\",\"Salesforce SFDC\",\"100\",\"99\",\"2\",\"0\",\"101\",\"101\",\"1\",\"4\"\n\
         \"user-license\",\"'=X\",\"Salesforce =X\",\"-1\",\"\",\"2\",\"0\",\"\",\"\",\"\",\"\"\n"
    );
    assert!(text(Format::Table).expect("memory").contains("row 4"));
    assert_eq!(text(Format::Markdown).expect("memory").lines().count(), 4);
    assert!(matches!(
        text(Format::Jsonl),
        Err(Error::Format {
            report: "seats",
            ..
        })
    ));
}
