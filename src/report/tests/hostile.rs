//! Cells that try to be something else than text.

use super::*;
use crate::report::summary::Document;

pub(super) const HOSTILE: [&str; 8] = [
    "a\nb\r\n",
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m",
    "gnp.\u{202e}elif\u{2066}\u{200f}\u{feff}",
    "=HYPERLINK(\"http://e.example\";\"x\")",
    "a|b\\|c",
    "`x` ``` <!-- </td><script>alert(1)</script>",
    "\u{feff} +1,\"x\",\0",
    "@team #1 [l](javascript:x) ![i](http://e.example) &lt;",
];

/// Every text of a finding is hostile, and so are the inputs, coverage and seats.
pub(super) fn run(text: &'static str) -> Run {
    let mut run = Run::small();
    for finding in &mut run.findings {
        finding.rule = format!("r{text}");
        finding.value = Some(text.to_owned());
        finding.column = Some(text.to_owned());
        finding.user = Some(text.to_owned());
        finding.subject = Some(format!("role:{text}"));
        finding.message = text.to_owned();
        finding.reason = vec![text.to_owned()];
        finding.predicted = Some(Predicted {
            code: Some(text.to_owned()),
            message: Some(text.to_owned()),
            okta: Some(text.to_owned()),
        });
        finding.fix = Some(Fix {
            text: text.to_owned(),
            replace: None,
        });
    }
    run.head.inputs[0].ignored = vec![text.to_owned()];
    run.head.inputs[0].list_separator = Some(text.to_owned());
    run.tail.coverage[0].reason = text.to_owned();
    run.tail.seats[0].label = text.to_owned();
    run.tail.seats[0].key = text.to_owned();
    run.records = vec!["username,Profile Name,Role", text, text, text, text, text];
    run
}

#[test]
fn complete_formats_keep_the_text() {
    for text in HOSTILE {
        let run = run(text);
        let json: Document = serde_json::from_str(&run.text(Format::Json)).expect("the schema");
        assert_eq!(json.findings, run.findings);
        assert_eq!(
            run.text(Format::Jsonl).lines().count(),
            run.findings.len() + 2
        );
        let csv = run.text(Format::Csv);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let mut records = 0;
        for record in reader.records() {
            let record = record.expect("a record");
            records += 1;
            let value = record.get(8).expect("a cell");
            assert_eq!(value.strip_prefix('\'').unwrap_or(value), text);
            assert!(
                record
                    .iter()
                    .all(|cell| !crate::report::starts_formula(cell)),
                "{record:?}"
            );
        }
        assert_eq!(records, run.findings.len());
    }
}

#[test]
fn a_terminal_sees_no_control_character() {
    for text in HOSTILE {
        for width in [None, Some(40)] {
            let table = run(text)
                .write(Format::Table, &|view| view.width = width)
                .expect("memory");
            let odd =
                |c: char| (c.is_control() && c != '\n') || crate::report::visible::is_hidden(c);
            assert!(!table.contains(odd), "{table:?}");
            // A line that a cell began would stand at the margin.
            let begun = |line: &&str| line.starts_with("b\\r") || line.starts_with('b');
            assert_eq!(table.lines().find(begun), None);
        }
    }
}

#[test]
fn markdown_keeps_its_shape() {
    let shape = |text: &str| {
        text.lines()
            .map(|line| line.matches('|').count())
            .collect::<Vec<_>>()
    };
    let expected = shape(&run("harmless").text(Format::Markdown));
    for text in HOSTILE {
        let markdown = run(text).text(Format::Markdown);
        assert_eq!(shape(&markdown), expected, "{markdown}");
        let rest = markdown.replace("<br>", "");
        assert!(
            !rest.contains(['<', '>', '`', '\u{1b}', '\u{202e}']),
            "{markdown}"
        );
        assert!(
            !rest.replace("\\]", "").contains("](") && !rest.contains("http:"),
            "{markdown}"
        );
    }
}
