//! The shape of the source: which module may use which, who may print, and that every rule is a pair of files.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules that each module of the library may use. Facts flow from left to right: what an org is (`model`), what is
/// published (`knowledge`), what a folder says (`snapshot`), what both mean together (`matrix`), what a file asks for
/// (`input`), what is wrong with it (`rules`, `finding`), for all rows at once (`check`), told to people (`report`).
const EDGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("tabular", &[]),
    // The JSON of Okta's own settings, read and named.
    ("okta", &[]),
    ("knowledge", &[]),
    // The folder is checked against the shipped list of User fields that the program reads.
    ("snapshot", &["model", "tabular", "knowledge"]),
    // A project becomes a snapshot folder, by what is published of the names in it.
    ("metadata", &["knowledge", "snapshot"]),
    // A finding names columns of the input, and how sure a fact is.
    ("finding", &["model", "knowledge", "input"]),
    // Reasons of a cell are evidence of a finding; a column is what a witness is about.
    ("matrix", &["model", "knowledge", "finding", "input"]),
    // Names of a row are resolved against the matrix; `rules::Run` says what an empty cell and a list mean.
    (
        "input",
        &["model", "knowledge", "matrix", "tabular", "rules"],
    ),
    // Files of Okta become tables of the columns that an input has; groups are read from the records of a mapping.
    ("okta", &["model", "input", "tabular"]),
    // What Okta asks of values that come from Salesforce: its schema, and the columns of User that fill it.
    ("profile_source", &["model", "knowledge", "input"]),
    // What a waiver covers is told by the parts of a finding; the baseline is a list of their fingerprints.
    ("waivers", &["finding", "model", "rules"]),
    ("baseline", &["finding", "rules"]),
    // `check` lends a rule its ledger of seats and its outbox.
    (
        "rules",
        &[
            "okta",
            "model",
            "knowledge",
            "matrix",
            "input",
            "finding",
            "tabular",
            "check",
            "profile_source",
            "okta",
            // Rules about waivers and the baseline.
            "waivers",
            "baseline",
        ],
    ),
    (
        "check",
        &[
            "okta",
            "model",
            "matrix",
            "input",
            "finding",
            "tabular",
            "rules",
            "snapshot",
            "profile_source",
            "okta",
            "waivers",
            "baseline",
        ],
    ),
    // Logged errors are read like inputs, recognized by what is published, and told apart by what `check` finds.
    (
        "explain",
        &[
            "model",
            "knowledge",
            "input",
            "tabular",
            "finding",
            "rules",
            "check",
        ],
    ),
    // One person's derivation from Okta's groups is a report of its own.
    (
        "report",
        &[
            "diff",
            "explain",
            "model",
            "knowledge",
            "matrix",
            "input",
            "finding",
            "rules",
            "check",
            "snapshot",
            "waivers",
            "approval",
            "okta",
        ],
    ),
    // Two orgs side by side, and what a run says about each.
    (
        "diff",
        &["model", "knowledge", "matrix", "input", "finding", "check"],
    ),
    // A verdict is bound to what the org held, by what `check` noted; what does not hold any more is told.
    ("approval", &["check", "matrix", "model", "rules"]),
    // A run and what it was made of, written down: the tables of `report`, over the folder that `snapshot` reads.
    (
        "evidence",
        &[
            "check", "finding", "input", "matrix", "model", "okta", "report", "rules", "snapshot",
            "tabular", "waivers",
        ],
    ),
    // The file of settings becomes options of a run; it names rules, columns and what a run may be told.
    (
        "config",
        &["model", "finding", "input", "rules", "check", "waivers"],
    ),
    // The way to the outside knows nothing of what is asked.
    ("net", &[]),
    // A login knows the id of its org.
    ("auth", &["model", "net"]),
    // Reading an org: the one place that sends requests for data, and the one that makes a folder of the answers.
    ("api", &["auth", "model", "net"]),
    ("pull", &["api", "auth", "model", "net", "snapshot"]),
    // The same for Okta: its files become a folder as a snapshot does, and keys are read as for a login.
    ("okta_pull", &["auth", "net", "pull"]),
    // The fake org knows record ids and nothing else of the program: what reads it must not be what answers.
    ("demo", &["model"]),
];

/// Files that may have more lines than the rest, with the reason.
const LONG: &[(&str, &str)] = &[];

/// The most lines of a file.
const MOST_LINES: usize = 400;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files below `src` with an extension, by their path from there.
fn files(extension: &str) -> BTreeMap<String, String> {
    fn walk(folder: &Path, extension: &str, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension().is_some_and(|own| own == extension) {
                let name = path
                    .strip_prefix(source())
                    .expect("below src")
                    .to_string_lossy()
                    .replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).expect("text"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&source(), extension, &mut found);
    assert!(!found.is_empty(), "no .{extension} file below src");
    found
}

fn is_test(name: &str) -> bool {
    name.contains("/tests/") || name.ends_with("tests.rs")
}

/// The code of a file, without comments and without the tests at its end.
fn code(text: &str) -> String {
    let mut lines = Vec::new();
    let mut all = text.lines().peekable();
    while let Some(line) = all.next() {
        if line == "#[cfg(test)]"
            && all
                .peek()
                .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
        {
            break;
        }
        if !line.trim_start().starts_with("//") {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// The modules behind `crate::`, one by one or in braces.
fn used(code: &str) -> BTreeSet<String> {
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut found = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            None => {
                found.insert(word(rest));
            }
            Some(group) => {
                let end = group.find("};").expect("a closing brace");
                found.extend(
                    group[..end]
                        .split(',')
                        .map(|part| word(part.trim()))
                        .filter(|part| !part.is_empty()),
                );
            }
        }
    }
    found
}

fn module(name: &str) -> &str {
    name.split(['/', '.']).next().expect("a name")
}

#[test]
fn modules_use_only_what_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, text) in files("rs")
        .iter()
        .filter(|(name, _)| !name.starts_with("bin/") && !is_test(name) && *name != "lib.rs")
    {
        let own = module(name);
        let Some(edges) = allowed.get(own) else {
            wrong.push(format!(
                "{name}: the module {own} is not in the table of this test"
            ));
            continue;
        };
        for other in used(&code(text)) {
            if allowed.contains_key(other.as_str()) && other != own {
                seen.insert((own.to_owned(), other.clone()));
                if !edges.contains(&other.as_str()) {
                    wrong.push(format!("{name}: {own} may not use {other}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // An edge that nobody needs is a door left open.
    let unused: Vec<String> = EDGES
        .iter()
        .flat_map(|(own, edges)| edges.iter().map(move |other| (*own, *other)))
        .filter(|(own, other)| !seen.contains(&((*own).to_owned(), (*other).to_owned())))
        .map(|(own, other)| format!("{own} -> {other}"))
        .collect();
    assert!(
        unused.is_empty(),
        "nobody uses these edges any more: {}",
        unused.join(", ")
    );
}

/// The library knows no terminal, and the binary no facts of the domain.
#[test]
fn the_library_stays_away_from_the_outside() {
    for (name, text) in files("rs")
        .iter()
        .filter(|(name, _)| !name.starts_with("bin/") && !is_test(name))
    {
        let code = code(text);
        for word in [
            "print!(",
            "println!(",
            "eprint!(",
            "eprintln!(",
            "dbg!(",
            "process::exit",
            "std::env::",
            "clap::",
            "indicatif::",
            "terminal_size::",
            "io::stdout(",
            "io::stderr(",
        ] {
            assert!(!code.contains(word), "{name}: {word}");
        }
    }
    for (name, text) in files("rs")
        .iter()
        .filter(|(name, _)| name.starts_with("bin/"))
    {
        assert!(
            !code(text).contains("process::exit"),
            "{name}: leaves in the middle"
        );
    }
}

#[test]
fn every_rule_is_a_pair_of_files() {
    let (rust, pages) = (files("rs"), files("md"));
    let mut named = BTreeSet::new();
    for (family, rules) in sfcompat::rules::FAMILIES {
        for rule in *rules {
            let path = format!("rules/{}/{}", family.name, rule.replace('-', "_"));
            let text = rust
                .get(&format!("{path}.rs"))
                .unwrap_or_else(|| panic!("{path}.rs is not there"));
            assert!(
                text.contains(&format!("name: \"{rule}\"")),
                "{path}.rs is about another rule"
            );
            let page = pages
                .get(&format!("{path}.md"))
                .unwrap_or_else(|| panic!("{path}.md is not there"));
            assert!(page.starts_with("# "), "{path}.md has no title");
            named.insert(path);
        }
    }
    let orphans: Vec<&String> = pages
        .keys()
        .filter(|page| page.starts_with("rules/") && !named.contains(page.trim_end_matches(".md")))
        .collect();
    assert!(orphans.is_empty(), "pages without a rule: {orphans:?}");
}

#[test]
fn files_are_short_enough_to_read() {
    let files = files("rs");
    let long: Vec<String> = files
        .iter()
        .filter(|(name, text)| {
            text.lines().count() > MOST_LINES && !LONG.iter().any(|(known, _)| known == name)
        })
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    assert!(
        long.is_empty(),
        "more than {MOST_LINES} lines: {}",
        long.join(", ")
    );
    for (name, reason) in LONG {
        let text = files
            .get(*name)
            .unwrap_or_else(|| panic!("{name} is not there"));
        assert!(
            text.lines().count() > MOST_LINES,
            "{name} needs no exception any more ({reason})"
        );
    }
}

#[test]
fn names_say_what_a_file_is_for() {
    for name in files("rs").keys() {
        let stem = Path::new(name)
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            ![
                "util", "utils", "helper", "helpers", "manager", "common", "misc"
            ]
            .contains(&stem.as_str()),
            "{name}"
        );
    }
}
