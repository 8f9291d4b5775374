//! Any bytes as an assignment file: a report or one error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfcompat::check::{Options, check};
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("input.csv");
    std::fs::write(&file, bytes).expect("written");
    let mut options = Options::new(jiff::civil::date(2026, 11, 21));
    options.threads = 2;
    options.block = 64;
    let org = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample-data/org");
    let path = file.to_str().expect("UTF-8").to_owned();
    if let Ok(judged) = check(&[path], &org, &options, &|_| ()) {
        judged.outcome.replay(&mut std::io::sink()).expect("findings are kept");
    }
});
