//! The help of the program and of each command, as people see it.
//!
//! `BLESS=1 cargo test --test help` writes the present texts into `tests/help`, to be read before they are committed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::Sandbox;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help")
}

/// Every command that the program lists.
fn commands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn help_is_what_was_agreed() {
    let sandbox = Sandbox::new();
    let main = sandbox.run(&["--help"]);
    let names = commands(&main.stdout);
    assert!(names.len() >= 5, "{names:?}");
    let mut pages = vec![(String::from("sfcompat"), main)];
    for name in &names {
        pages.push((name.clone(), sandbox.run(&[name, "--help"])));
    }
    pages.push((
        String::from("okta-pull"),
        sandbox.run(&["okta", "pull", "--help"]),
    ));
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, run) in &pages {
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
        let path = folder().join(format!("{name}.txt"));
        if bless {
            std::fs::create_dir_all(folder()).expect("a folder");
            std::fs::write(&path, &run.stdout).expect("written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(run.stdout.as_str()) {
            wrong.push(format!(
                "{name} --help is not {}:\n{}",
                path.display(),
                run.stdout
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("tests/help")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let wanted: BTreeSet<String> = pages
        .iter()
        .map(|(name, _)| format!("{name}.txt"))
        .collect();
    assert_eq!(
        files, wanted,
        "a page of a command that is no more, or none of one that is"
    );
}

/// Nothing is wider than the terminals of most people, and every option says what it does.
#[test]
fn help_fits_and_explains() {
    let sandbox = Sandbox::new();
    let main = sandbox.run(&["--help"]).stdout;
    for name in commands(&main) {
        let text = sandbox.run(&[&name, "--help"]).stdout;
        for line in text.lines() {
            assert!(line.chars().count() <= 120, "{name}: {line}");
        }
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if line.trim_start().starts_with("--") || line.trim_start().starts_with("-o") {
                let words = line
                    .trim()
                    .split("  ")
                    .filter(|part| !part.trim().is_empty())
                    .count();
                let below = lines
                    .peek()
                    .is_some_and(|next| next.starts_with("      ") && !next.trim().is_empty());
                assert!(
                    words > 1 || below,
                    "{name}: an option without a word: {line}"
                );
            }
        }
    }
    for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 "] {
        assert!(
            main.contains(code),
            "the help does not name exit code {code}"
        );
    }
}
