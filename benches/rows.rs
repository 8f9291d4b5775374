//! How many rows a second: splitting text into cells, and the whole check, on one and two threads.
//!
//! The goal for generated wide rows is two million rows a second on two cores; the sample org's rows are smaller.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that cannot be set up ends and says why"
)]

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use sfcompat::check::{Options, check};
use sfcompat::tabular::Records;
use std::path::Path;

const ROWS: usize = 100_000;

fn main() {
    divan::main();
}

/// The clean rows of the sample org, repeated for new people: a file without a finding per row.
fn file() -> String {
    use std::fmt::Write;
    let mut text = String::from(
        "Username,Email,First Name,Last Name,Alias,Profile,Permission Sets,Federation ID,Time Zone,Locale,Language,Email Encoding Key\n",
    );
    for n in 0..ROWS {
        let _ = writeln!(
            text,
            "person.{n}@brackenford.example,person.{n}@brackenford.example,Person,\"Of, {n}\",p{},Brackenford Sales,Sales_Territory_Viewer,BN-{n},Europe/London,en_GB,en_US,UTF-8",
            n % 1_000_000
        );
    }
    text
}

#[divan::bench]
fn split_into_cells(bencher: Bencher<'_, '_>) {
    let text = file();
    let mut records = Records::default();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| records.split(divan::black_box(&text), b','));
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn check_all_rows(bencher: Bencher<'_, '_>, threads: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("rows.csv");
    std::fs::write(&path, file()).expect("written");
    let mut options = Options::new(jiff::civil::date(2026, 11, 21));
    options.threads = threads;
    let org = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/org");
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let outcome = check(
            &[path.to_str().expect("UTF-8").to_owned()],
            &org,
            &options,
            &|_| (),
        )
        .expect("a readable file")
        .outcome;
        assert_eq!(outcome.counts.rows, ROWS as u64);
        outcome.counts
    });
}
