//! Report formats, read back with readers that others wrote: all of them tell the same story.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use std::process::{Command, Stdio};
use support::{Run, Sandbox, sample_data};

const FORMATS: [&str; 10] = [
    "table", "json", "jsonl", "csv", "markdown", "sarif", "junit", "github", "azure", "gitlab",
];
const SAMPLES: [&str; 3] = ["assignments.csv", "assignments-clean.csv", "rollout.csv"];

fn world() -> Sandbox {
    let sandbox = Sandbox::with_org();
    for file in SAMPLES {
        std::fs::copy(sample_data().join(file), sandbox.path(file)).expect("a copy");
    }
    // Cells that are hard to write: line ends, quotes, delimiters, pipes, formulas.
    sandbox.write("hard.csv", "Username,Profile Name,Role\nnew.one@brackenford.example,\"a \"\"quoted\"\", | name\nin two lines\",=1+1\nnew.two@brackenford.example,\"`code` <b>, *stars* \\ [x](http://x.example)\",'\n");
    sandbox
}

fn check(sandbox: &Sandbox, input: &str, arguments: &[&str]) -> Run {
    sandbox.run(&[&["check", input, "--snapshot", "org"], arguments].concat())
}

/// Severities of the findings of a CSV report, in order.
fn csv_records(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|record| record.expect("a whole record"))
        .collect()
}

#[test]
fn all_outputs_of_one_run_agree() {
    let sandbox = world();
    for input in SAMPLES.iter().chain(&["hard.csv"]) {
        let outputs = FORMATS.map(|format| format!("{format}=report.{format}"));
        let mut arguments = vec!["--format", "json"];
        for output in &outputs {
            arguments.extend(["--output", output]);
        }
        let run = check(&sandbox, input, &arguments);
        let read = |format: &str| {
            std::fs::read_to_string(sandbox.path(&format!("report.{format}"))).expect("a report")
        };
        assert_eq!(read("json"), run.stdout, "{input}: stdout and file differ");
        let report = run.report();
        let findings = report["findings"].as_array().expect("findings");
        let summary = &report["summary"];

        let count = |severity: &str| {
            findings
                .iter()
                .filter(|finding| finding["severity"] == severity)
                .count()
        };
        assert_eq!(summary["errors"], count("error"), "{input}");
        assert_eq!(summary["warnings"], count("warning"), "{input}");
        assert_eq!(summary["notices"], count("notice"), "{input}");
        let by_rule: u64 = summary["by_rule"]
            .as_object()
            .expect("an object")
            .values()
            .filter_map(serde_json::Value::as_u64)
            .sum();
        assert_eq!(by_rule, findings.len() as u64, "{input}");
        let verdicts: u64 = ["compatible", "warned", "incompatible", "undecided"]
            .iter()
            .filter_map(|verdict| summary[*verdict].as_u64())
            .sum();
        assert_eq!(
            summary["rows"], verdicts,
            "{input}: each row has one verdict"
        );

        let lines: Vec<serde_json::Value> = read("jsonl")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON on each line"))
            .collect();
        let listed: Vec<&serde_json::Value> = lines
            .iter()
            .filter(|line| line.get("fingerprint").is_some())
            .collect();
        assert_eq!(listed.len(), findings.len(), "{input}: jsonl");
        for (line, finding) in listed.iter().zip(findings) {
            for key in [
                "fingerprint",
                "rule",
                "severity",
                "row",
                "column",
                "value",
                "message",
            ] {
                assert_eq!(line[key], finding[key], "{input}: {key} in jsonl");
            }
        }

        let records = csv_records(&read("csv"));
        assert_eq!(records.len(), findings.len(), "{input}: csv");
        for (record, finding) in records.iter().zip(findings) {
            for key in ["fingerprint", "rule", "severity", "confidence", "status"] {
                assert_eq!(finding[key], record[key].as_str(), "{input}: {key} in csv");
            }
            assert_eq!(
                finding["row"]
                    .as_u64()
                    .map_or(String::new(), |row| row.to_string()),
                record["row"],
                "{input}"
            );
        }

        let words = |counts: [&str; 3]| counts.map(|key| summary[key].as_u64().expect("a count"));
        let [errors, warnings, notices] = words(["errors", "warnings", "notices"]);
        let plural =
            |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let table = read("table");
        let told = [
            plural(errors, "error"),
            plural(warnings, "warning"),
            plural(notices, "notice"),
        ]
        .join(", ");
        assert!(
            table.contains(&told),
            "{input}: `{told}` is not in the table"
        );
        let markdown = read("markdown");
        for told in [plural(errors, "error"), plural(warnings, "warning")] {
            assert!(
                markdown.contains(&told),
                "{input}: `{told}` is not in the Markdown"
            );
        }
        for rule in summary["by_rule"].as_object().expect("an object").keys() {
            assert!(
                table.contains(&format!("[{rule}]")),
                "{input}: the table lacks {rule}"
            );
        }
    }
}

/// Python's csv module is the reader that most scripts of administrators use.
#[test]
fn python_reads_the_csv_as_we_do() {
    const SCRIPT: &str = "import csv,json,sys;print(json.dumps(list(csv.reader(open(sys.argv[1],newline='',encoding='utf-8'),strict=True))))";
    let sandbox = world();
    for input in SAMPLES.iter().chain(&["hard.csv"]) {
        let run = check(&sandbox, input, &["--format", "csv"]);
        sandbox.write("report.csv", &run.stdout);
        let python = Command::new("python3")
            .args(["-c", SCRIPT])
            .arg(sandbox.path("report.csv"))
            .stderr(Stdio::inherit())
            .output();
        let Ok(python) = python else {
            eprintln!("left out: there is no python3");
            return;
        };
        assert!(
            python.status.success(),
            "{input}: python cannot read the report"
        );
        let theirs: Vec<Vec<String>> = serde_json::from_slice(&python.stdout).expect("JSON");
        let ours: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(run.stdout.as_bytes())
            .records()
            .map(|record| {
                record
                    .expect("a record")
                    .iter()
                    .map(str::to_owned)
                    .collect()
            })
            .collect();
        assert_eq!(theirs, ours, "{input}");
        assert!(theirs.len() > 1, "{input}: {} records", theirs.len());
    }
}

/// The report without what tells one run from another.
fn without_run(format: &str, text: &str) -> String {
    let strip = |line: &str| {
        let mut value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if let Some(object) = value.as_object_mut() {
            object.remove("run");
        }
        value.to_string()
    };
    match format {
        "json" => strip(text),
        "jsonl" => text.lines().map(strip).collect::<Vec<_>>().join("\n"),
        _ => text.to_owned(),
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let sandbox = world();
    for input in SAMPLES {
        for format in FORMATS {
            let one = check(&sandbox, input, &["--format", format, "--threads", "1"]);
            let again = check(&sandbox, input, &["--format", format, "--threads", "1"]);
            assert_eq!(
                one.stdout, again.stdout,
                "{input} {format}: two runs differ"
            );
            let four = check(&sandbox, input, &["--format", format, "--threads", "4"]);
            assert_eq!(
                without_run(format, &one.stdout),
                without_run(format, &four.stdout),
                "{input} {format}"
            );
            assert_eq!(one.stderr, four.stderr);
        }
    }
}

#[test]
fn stdin_is_a_file_like_any_other() {
    let sandbox = world();
    for input in SAMPLES {
        let text = std::fs::read(sandbox.path(input)).expect("a sample");
        let file = check(&sandbox, input, &["--format", "json"]);
        let stdin = sandbox.run_with(
            &["check", "-", "--snapshot", "org", "--format", "json"],
            &text,
        );
        assert_eq!(
            (file.code, file.reason()),
            (stdin.code, stdin.reason()),
            "{input}"
        );
        let (file, stdin) = (file.report(), stdin.report());
        assert_eq!(file["summary"], stdin["summary"], "{input}");
        assert_eq!(file["seats"], stdin["seats"], "{input}");
        assert_eq!(
            file["coverage"].as_array().map(Vec::len),
            stdin["coverage"].as_array().map(Vec::len),
            "{input}"
        );
        assert_eq!(
            file["inputs"][0]["sha256"], stdin["inputs"][0]["sha256"],
            "{input}"
        );
        let strip = |report: &serde_json::Value| {
            let mut findings = report["findings"].as_array().expect("findings").clone();
            for finding in &mut findings {
                let object = finding.as_object_mut().expect("an object");
                object.remove("input");
            }
            findings
        };
        assert_eq!(strip(&file), strip(&stdin), "{input}");
        // The table quotes lines of a file; of stdin it has none left, and says no less.
        let run = sandbox.run_with(&["check", "-", "--snapshot", "org"], &text);
        assert_eq!(run.reason(), check(&sandbox, input, &[]).reason());
    }
}

/// Several inputs are one change, and findings say which file they are about.
#[test]
fn several_inputs_in_one_run() {
    let sandbox = world();
    let run = sandbox.run(&[
        "check",
        "assignments-clean.csv",
        "rollout.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ]);
    let report = run.report();
    let alone: u64 = SAMPLES[1..]
        .iter()
        .map(|input| {
            check(&sandbox, input, &["--format", "json"]).report()["summary"]["rows"]
                .as_u64()
                .expect("rows")
        })
        .sum();
    assert_eq!(report["summary"]["rows"], alone);
    let inputs: Vec<&str> = report["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .filter_map(|input| input["path"].as_str())
        .collect();
    assert_eq!(inputs, SAMPLES[1..]);
    for finding in report["findings"].as_array().expect("findings") {
        if finding["row"].is_u64() {
            assert!(
                inputs.contains(&finding["input"].as_str().unwrap_or_default()),
                "{finding}"
            );
        }
    }
}

/// Markdown tables have as many cells in each line as in their header: a cell that breaks out would not.
#[test]
fn markdown_tables_are_whole() {
    let sandbox = world();
    for input in SAMPLES.iter().chain(&["hard.csv"]) {
        let text = check(&sandbox, input, &["--format", "markdown"]).stdout;
        let mut width = None;
        let mut rows = 0;
        for line in text.lines() {
            if !line.starts_with('|') {
                assert!(
                    !line.contains("<b>") && !line.starts_with(' '),
                    "{input}: {line}"
                );
                width = None;
                continue;
            }
            let cells = line
                .replace("\\\\", "")
                .replace("\\|", "")
                .matches('|')
                .count();
            assert_eq!(*width.get_or_insert(cells), cells, "{input}: {line}");
            rows += 1;
        }
        assert!(rows > 3, "{input}: {rows} lines of tables");
    }
}

#[test]
fn a_list_as_python_prints_it_is_read_with_a_warning() {
    let sandbox = world();
    let row = "ilse.maddox@brackenford.example,\"['Sales_Territory_Viewer', 'Quote_Templates']\"\n";
    sandbox.write("python.csv", format!("Username,Permission Sets\n{row}"));
    let run = check(&sandbox, "python.csv", &["--format", "json"]);
    assert!(
        run.stderr
            .starts_with("sfcompat: warning: python.csv: a list is written as Python prints it"),
        "{}",
        run.stderr
    );
    assert!(
        !run.findings()
            .iter()
            .any(|finding| finding.contains("not-found")),
        "{:?}",
        run.findings()
    );
    let plain = check(&sandbox, "assignments-clean.csv", &["--format", "json"]);
    assert!(!plain.stderr.contains("warning:"), "{}", plain.stderr);
}
