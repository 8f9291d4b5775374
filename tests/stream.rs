//! The result depends on the rows, not on how the file is cut, on how many threads judge it, or on how its cells are quoted.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use proptest::prelude::*;
use sfcompat::check::{Options, Outcome, check};
use std::path::Path;
use support::sample_data;

fn judge(file: &Path, threads: usize, block: usize) -> Outcome {
    let mut options = Options::new(jiff::civil::date(2026, 11, 21));
    options.threads = threads;
    options.block = block;
    let path = file.to_str().expect("a path in UTF-8").to_owned();
    check(&[path], &sample_data().join("org"), &options, &|_| ())
        .expect("a readable file")
        .outcome
}

fn findings(outcome: &Outcome) -> String {
    let mut lines = Vec::new();
    outcome.replay(&mut lines).expect("memory");
    String::from_utf8(lines).expect("JSON")
}

/// The `csv` crate reads the file, one record after the other, and writes it with every cell quoted: nothing is left of
/// the original's quotes, line ends and empty lines, and a run in one block on one thread has nothing to cut.
fn reference(text: &str, file: &Path) -> Outcome {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .quote_style(csv::QuoteStyle::Always)
        .from_path(file)
        .expect("a temporary file");
    for record in reader.records() {
        writer
            .write_record(&record.expect("text"))
            .expect("written");
    }
    writer.flush().expect("written");
    judge(file, 1, 1 << 26)
}

/// Findings without what depends on the spelling of the file: its name and its lines.
fn stripped(findings: &str) -> Vec<serde_json::Value> {
    findings
        .lines()
        .map(|line| {
            let mut finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
            finding
                .as_object_mut()
                .expect("an object")
                .retain(|key, _| key != "line" && key != "input");
            finding
        })
        .collect()
}

fn cell(choices: &'static [&'static str]) -> impl Strategy<Value = String> {
    (prop::sample::select(choices), 0..4u8).prop_map(|(text, style)| match style {
        0 => format!("\"{}\"", text.replace('"', "\"\"")),
        _ if text.contains([',', '"', '\n']) => format!("\"{}\"", text.replace('"', "\"\"")),
        _ => text.to_owned(),
    })
}

const USERS: &[&str] = &[
    "ilse.maddox@brackenford.example",
    "ILSE.maddox@brackenford.example",
    "carys.pickersgill@brackenford.example",
    "new.one@brackenford.example",
    "new.two@brackenford.example",
    "New.Two@brackenford.example",
    "no address",
    "",
    "zo\u{eb} \u{202e}@x.example",
    "=1+1@x.example",
];
const PROFILES: &[&str] = &[
    "Brackenford Sales",
    "brackenford sales",
    "Brackenford Salse",
    "",
    "Identity User",
    "Authenticated Website",
    "Partner Community User",
];
const ROLES: &[&str] = &[
    "",
    "Marketing",
    "NO_ROLE",
    "Service Desk",
    "Nowhere\n\"Role\", quoted",
];
const SETS: &[&str] = &[
    "",
    "Sales_Territory_Viewer",
    "Sales_Core;Warranty_Editor",
    "Discount Approval",
    "[\"Sales_Core\"]",
    "No_Such_Set; Sales_Core",
];
const FEDERATION: &[&str] = &["", "BF-1", "BF-2", "BF-3"];

fn file() -> impl Strategy<Value = String> {
    let row = (
        cell(USERS),
        cell(PROFILES),
        cell(ROLES),
        cell(SETS),
        cell(FEDERATION),
        prop::sample::select(&["\n", "\r\n", "\n\n"][..]),
    );
    prop::collection::vec(row, 1..40).prop_map(|rows| {
        let mut text = String::from("Username,Profile Name,Role,Permission Sets,Federation ID\n");
        for (user, profile, role, sets, federation, end) in rows {
            text.push_str(&[user, profile, role, sets, federation].join(","));
            text.push_str(end);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_cut_and_any_number_of_threads_give_the_same(text in file(), block in 1..600usize, threads in 2..5usize) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("input.csv");
        std::fs::write(&path, &text).expect("written");
        let whole = judge(&path, 1, 1 << 26);
        let cut = judge(&path, threads, block);
        prop_assert_eq!(findings(&whole), findings(&cut));
        prop_assert_eq!(&whole.counts, &cut.counts);
        prop_assert_eq!(&whole.verdicts, &cut.verdicts);
        let plain = reference(&text, &folder.path().join("reference.csv"));
        prop_assert_eq!(stripped(&findings(&whole)), stripped(&findings(&plain)));
        prop_assert_eq!(&whole.counts, &plain.counts);
    }
}

#[test]
fn a_panic_in_one_worker_ends_the_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("input.csv");
    let rows = "new.user@brackenford.example,Brackenford Sales\n".repeat(200);
    std::fs::write(&path, format!("Username,Profile\n{rows}")).expect("written");
    let mut options = Options::new(jiff::civil::date(2026, 11, 21));
    options.threads = 3;
    options.block = 64;
    let input = path.to_str().expect("a path in UTF-8").to_owned();
    let run = std::panic::catch_unwind(|| {
        check(&[input], &sample_data().join("org"), &options, &|_| {
            panic!("a defect")
        })
        .map(drop)
    });
    assert!(
        run.is_err(),
        "the panic is passed on, and nobody waits for ever"
    );
}
