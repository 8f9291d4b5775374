//! Whatever is missing, old, broken or gone: the gate never says 0. Every case through every format.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::semicolon_if_nothing_returned,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::report::Format;
use support::Sandbox;

/// A file that passes, and one whose only error a waiver or a baseline could cover.
const CLEAN: &str = "username,profile\nilse.maddox@brackenford.example,Brackenford Sales\n";
const WRONG: &str = "username,profile\nilse.maddox@brackenford.example,Brackenford Salse\n";

type Prepare = fn(&Sandbox);

fn manifest(sandbox: &Sandbox, pulled_at: &str) {
    sandbox.write(
        "org/manifest.json",
        format!("{{\"pulled_at\":\"{pulled_at}\"}}"),
    );
}

fn waiver(sandbox: &Sandbox, line: &str) {
    let entry = "[[waiver]]\nrule = 'profile-not-found'\nmatch = { value = 'Brackenford Salse' }\nreason = 'r'\nowner = 'o'\n";
    sandbox.write("sfcompat.waivers.toml", format!("{entry}{line}\n"));
    sandbox.write("in.csv", WRONG);
}

/// What is wrong, how it comes about, options, and the code.
const CASES: &[(&str, Prepare, &[&str], i32)] = &[
    ("everything is in order", |_| {}, &[], 0),
    (
        "a fresh snapshot",
        |s| manifest(s, "2026-11-20T12:00:00Z"),
        &["--max-age", "24h"],
        0,
    ),
    (
        "an old snapshot",
        |s| manifest(s, "2026-11-19T23:59:59Z"),
        &["--max-age", "24h"],
        5,
    ),
    (
        "a snapshot without an age",
        |_| {},
        &["--max-age", "24h"],
        5,
    ),
    (
        "a snapshot from the future",
        |s| manifest(s, "2026-11-23T00:00:00Z"),
        &["--max-age", "24h"],
        5,
    ),
    (
        "an old snapshot, and nobody asks",
        |s| manifest(s, "2026-11-01T00:00:00Z"),
        &["--max-age", "24h", "--ignore", "snapshot-*"],
        5,
    ),
    (
        "an old snapshot, and the rule is off",
        |s| {
            manifest(s, "2026-11-01T00:00:00Z");
            s.write(
                "sfcompat.toml",
                "[check]\nmax_age = '24h'\n[severity]\nsnapshot-stale = 'off'\n",
            );
        },
        &[],
        5,
    ),
    (
        "an old snapshot, and nothing fails",
        |s| manifest(s, "2026-11-01T00:00:00Z"),
        &["--max-age", "24h", "--fail-on", "never", "--exit-zero"],
        5,
    ),
    ("an age that is no age", |_| {}, &["--max-age", "soon"], 2),
    (
        "counts that do not reconcile",
        |s| {
            s.write(
                "org/manifest.json",
                r#"{"objects":{"UserRole":{"count":62}}}"#,
            )
        },
        &[],
        5,
    ),
    (
        "the same, and nobody asks",
        |s| {
            s.write(
                "org/manifest.json",
                r#"{"objects":{"UserRole":{"count":62}}}"#,
            )
        },
        &["--ignore", "counts-differ"],
        5,
    ),
    (
        "a needed file is not in the snapshot",
        |s| {
            std::fs::remove_file(s.path("org/PermissionSetLicense.csv")).expect("removed");
            s.write(
                "in.csv",
                "username,permissionSetLicenses\nilse.maddox@brackenford.example,SalesUserPsl\n",
            );
        },
        &[],
        5,
    ),
    (
        "the same, and nothing fails",
        |s| {
            std::fs::remove_file(s.path("org/PermissionSetLicense.csv")).expect("removed");
            s.write(
                "in.csv",
                "username,permissionSetLicenses\nilse.maddox@brackenford.example,SalesUserPsl\n",
            );
        },
        &["--fail-on", "never", "--exit-zero"],
        5,
    ),
    (
        "rows that cannot be decided",
        |s| {
            s.write(
                "in.csv",
                "username,lastName\nnew.one@brackenford.example,One\n",
            )
        },
        &[],
        5,
    ),
    ("an input of nothing", |s| s.write("in.csv", ""), &[], 3),
    (
        "an input of a header",
        |s| s.write("in.csv", "username,profile\n"),
        &[],
        3,
    ),
    (
        "an input that is not there",
        |s| std::fs::remove_file(s.path("in.csv")).expect("removed"),
        &[],
        3,
    ),
    (
        "a snapshot that is not there",
        |s| std::fs::remove_dir_all(s.path("org")).expect("removed"),
        &[],
        3,
    ),
    (
        "a snapshot that is empty",
        |s| {
            std::fs::remove_dir_all(s.path("org")).expect("removed");
            std::fs::create_dir(s.path("org")).expect("a folder");
        },
        &[],
        3,
    ),
    (
        "a manifest that is no JSON",
        |s| s.write("org/manifest.json", "{"),
        &[],
        3,
    ),
    (
        "a configuration with a rule that does not exist",
        |s| s.write("sfcompat.toml", "[severity]\nprofile-not-foud = 'off'\n"),
        &[],
        2,
    ),
    (
        "a configuration with an unknown key",
        |s| s.write("sfcompat.toml", "[check]\nfail-on = 'error'\n"),
        &[],
        2,
    ),
    (
        "a configuration that is gone",
        |_| {},
        &["--config", "gone.toml"],
        2,
    ),
    (
        "a selection of nothing",
        |_| {},
        &["--select", "no-such-rule"],
        2,
    ),
    (
        "a waiver that counts",
        |s| waiver(s, "expires = 2026-11-21"),
        &[],
        0,
    ),
    (
        "a waiver that has ended",
        |s| waiver(s, "expires = 2026-11-20"),
        &[],
        1,
    ),
    (
        "a waiver that is malformed",
        |s| waiver(s, "expires = 'never'"),
        &[],
        1,
    ),
    (
        "a malformed waiver beside a clean file",
        |s| {
            waiver(s, "expires = 'never'");
            s.write("in.csv", CLEAN);
        },
        &[],
        1,
    ),
    (
        "waivers that are no TOML",
        |s| s.write("sfcompat.waivers.toml", "[[waiver"),
        &[],
        2,
    ),
    (
        "waivers that are gone",
        |s| s.write("sfcompat.toml", "[waivers]\nfile = 'gone.toml'\n"),
        &[],
        2,
    ),
    (
        "a baseline that is gone",
        |_| {},
        &["--baseline", "gone.jsonl"],
        2,
    ),
    (
        "a baseline of nothing",
        |s| s.write("b.jsonl", ""),
        &["--baseline", "b.jsonl"],
        2,
    ),
    (
        "a baseline of another org",
        |s| {
            s.write("b.jsonl", "{\"schema\":\"sfcompat-baseline/1\",\"org\":\"00D7R000000FqP3UAK\",\"version\":\"0.1.0\"}\n")
        },
        &["--baseline", "b.jsonl"],
        2,
    ),
    (
        "a plan that cannot be written",
        |_| {},
        &["--save-plan", "no/such/plan.json"],
        6,
    ),
    (
        "a change in the past",
        |_| {},
        &["--change-window", "2026-11-20"],
        2,
    ),
];

#[test]
fn never_zero_in_any_format() {
    let mut wrong = Vec::new();
    for (name, prepare, options, code) in CASES {
        let sandbox = Sandbox::with_org();
        sandbox.write("in.csv", CLEAN);
        prepare(&sandbox);
        for format in Format::ALL {
            let common = [
                "check",
                "in.csv",
                "--snapshot",
                "org",
                "--format",
                format.name(),
            ];
            let run = sandbox.run(&[&common, *options].concat());
            if run.code != *code
                || !run
                    .reason()
                    .starts_with(&format!("sfcompat: exit {code}: "))
            {
                wrong.push(format!(
                    "{name}, {}: {code} expected: {}",
                    format.name(),
                    run.stderr
                ));
            }
            // A pipeline shows what these three say: they tell of the failure itself, and of nothing else.
            let failure = match format {
                Format::Junit => "<error ",
                Format::Github => "::error ",
                Format::Azure => "##vso[task.logissue type=error",
                _ => "",
            };
            let told = *code == 3 && !failure.is_empty() && run.stdout.contains(failure);
            if [2, 3, 6].contains(code) && !run.stdout.is_empty() && !told {
                wrong.push(format!("{name}, {}: half a report", format.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
