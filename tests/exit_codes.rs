//! Exit codes: every code, with every format, and the options that may or may not change them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use support::{Run, Sandbox};

const FORMATS: [&str; 12] = [
    "table", "json", "jsonl", "csv", "markdown", "html", "changes", "sarif", "junit", "github",
    "azure", "gitlab",
];
/// Formats that can say that a run came to no report.
const TELLING: [&str; 3] = ["junit", "github", "azure"];
const PROFILES: &str = "Username,Profile Name\n";

/// A file of one user of the sample org as it is, but for what `change` says.
fn input(rows: &[&str]) -> String {
    format!("{PROFILES}{}\n", rows.join("\n"))
}

/// A sandbox with files of each severity.
fn world() -> Sandbox {
    let sandbox = Sandbox::with_org();
    let update = "ilse.maddox@brackenford.example,Brackenford Sales";
    let error = "kenji.elderslie@brackenford.example,Brackenford Salse";
    let warning = "ilse.maddox@brackenford.example,brackenford sales";
    sandbox.write("clean.csv", input(&[update]));
    sandbox.write("warning.csv", input(&[warning]));
    sandbox.write("error.csv", input(&[error, warning]));
    sandbox.write(
        "undecided.csv",
        "Username,Last Name\nnew.one@brackenford.example,One\n",
    );
    sandbox.write("undecided-and-error.csv", "Username,Last Name,Role\nnew.one@brackenford.example,One,\nilse.maddox@brackenford.example,Maddox,Nowhere\n");
    sandbox.write("no-rows.csv", PROFILES);
    std::fs::create_dir(sandbox.path("taken")).expect("a folder");
    sandbox
}

fn check(sandbox: &Sandbox, input: &str, arguments: &[&str]) -> Run {
    sandbox.run(&[&["check", input, "--snapshot", "org"], arguments].concat())
}

/// input, options, code, and what the last line of stderr says.
const CASES: &[(&str, &[&str], i32, &str)] = &[
    ("clean.csv", &[], 0, "exit 0: 1 notice (fails on: error)"),
    (
        "warning.csv",
        &[],
        0,
        "exit 0: 1 warning, 1 notice (fails on: error)",
    ),
    ("error.csv", &[], 1, "exit 1: 1 error, 1 warning"),
    (
        "clean.csv",
        &["--fail-on", "warning"],
        0,
        "(fails on: warning)",
    ),
    (
        "clean.csv",
        &["--fail-on", "notice"],
        1,
        "exit 1: 1 notice (fails on: notice)",
    ),
    (
        "clean.csv",
        &["--fail-on", "notice", "--exit-zero"],
        0,
        "(fails on: notice), --exit-zero",
    ),
    (
        "clean.csv",
        &["--fail-on", "notice", "--ignore", "*"],
        0,
        "exit 0: no findings (fails on: notice)",
    ),
    (
        "warning.csv",
        &["--fail-on", "warning"],
        1,
        "exit 1: 1 warning, 1 notice (fails on: warning)",
    ),
    (
        "warning.csv",
        &["--fail-on", "error"],
        0,
        "(fails on: error)",
    ),
    (
        "warning.csv",
        &["--fail-on", "notice"],
        1,
        "(fails on: notice)",
    ),
    (
        "warning.csv",
        &["--fail-on", "never"],
        0,
        "exit 0: 1 warning, 1 notice (fails on: never)",
    ),
    (
        "error.csv",
        &["--fail-on", "warning"],
        1,
        "(fails on: warning)",
    ),
    ("error.csv", &["--fail-on", "never"], 0, "(fails on: never)"),
    ("error.csv", &["--exit-zero"], 0, "1 error"),
    (
        "error.csv",
        &["--min-severity", "error"],
        1,
        "1 error, 1 warning",
    ),
    (
        "warning.csv",
        &["--fail-on", "warning", "--min-severity", "error"],
        1,
        "1 warning, 1 notice",
    ),
    (
        "error.csv",
        &["--max-findings", "0"],
        1,
        "1 error, 1 warning",
    ),
    (
        "error.csv",
        &["--ignore", "profile-not-found"],
        0,
        "1 warning",
    ),
    (
        "error.csv",
        &["--select", "name-spelling"],
        0,
        "exit 0: 1 warning (fails on: error)",
    ),
    (
        "undecided.csv",
        &[],
        5,
        "exit 5: incomplete evidence: 1 row undecided",
    ),
    ("undecided.csv", &["--exit-zero"], 5, "1 row undecided"),
    (
        "undecided.csv",
        &["--fail-on", "never"],
        5,
        "1 row undecided",
    ),
    ("undecided-and-error.csv", &[], 1, "exit 1: 1 error"),
    (
        "undecided-and-error.csv",
        &["--exit-zero"],
        0,
        "--exit-zero",
    ),
    (
        "undecided-and-error.csv",
        &["--fail-on", "never"],
        5,
        "exit 5: incomplete evidence",
    ),
    (
        "clean.csv",
        &["--select", "no-such-rule"],
        2,
        "exit 2: there is no rule 'no-such-rule'",
    ),
    (
        "clean.csv",
        &["--fail-on", "sometimes"],
        2,
        "exit 2: invalid value 'sometimes' for '--fail-on",
    ),
    (
        "clean.csv",
        &["--no-such-option"],
        2,
        "exit 2: unexpected argument '--no-such-option'",
    ),
    (
        "clean.csv",
        &["--integration-user", "nobody@brackenford.example"],
        2,
        "exit 2: ",
    ),
    (
        "clean.csv",
        &["--output", "poem=x.txt"],
        2,
        "`poem` is no format",
    ),
    ("no-rows.csv", &[], 3, "exit 3: no-rows.csv: line 1"),
    (
        "no-rows.csv",
        &["--exit-zero", "--fail-on", "never"],
        3,
        "exit 3: no-rows.csv",
    ),
    ("nowhere.csv", &[], 3, "exit 3: nowhere.csv"),
    ("clean.csv", &["--output", "json=taken"], 6, "exit 6: "),
    (
        "clean.csv",
        &["--output", "json=no/such/folder/report.json"],
        6,
        "exit 6: ",
    ),
    (
        "error.csv",
        &["--output", "json=taken", "--exit-zero"],
        6,
        "exit 6: ",
    ),
];

#[test]
fn every_code_with_every_format() {
    let sandbox = world();
    for (input, options, code, reason) in CASES {
        for format in FORMATS {
            let run = check(
                &sandbox,
                input,
                &[options, &["--format", format][..]].concat(),
            );
            assert_eq!(
                run.code, *code,
                "{input} {options:?} --format {format}: {}",
                run.stderr
            );
            assert!(
                run.reason().starts_with("sfcompat: exit "),
                "{}",
                run.stderr
            );
            assert!(
                run.reason().contains(reason),
                "{input} {options:?} --format {format}: `{reason}` is not in: {}",
                run.reason()
            );
            // A report is whole or is not there; where there is none, some formats can say why.
            let told = *code == 3 && TELLING.contains(&format);
            assert_eq!(
                run.stdout.is_empty(),
                [2, 3, 6].contains(code) && !told,
                "{input} {options:?} --format {format}: {}",
                run.stdout
            );
        }
    }
}

/// The commands that answer like `check` end like it, in every format.
#[test]
fn preflight_and_import_check_end_like_check() {
    let sandbox = world();
    let user = "tess.ingleby@brackenford.example";
    let cases: [(&[&str], i32); 8] = [
        (&["preflight", "--integration-user", user], 1),
        (&["preflight", "--integration-user", user, "--exit-zero"], 0),
        (
            &[
                "preflight",
                "--integration-user",
                user,
                "--fail-on",
                "never",
                "--max-age",
                "24h",
            ],
            5,
        ),
        (&["preflight", "--select", "no-such-rule"], 2),
        (&["import-check", "--fail-on", "warning"], 1),
        (&["import-check", "--fail-on", "never"], 0),
        (&["import-check", "--okta-schema", "nowhere.json"], 3),
        (&["import-check", "--output", "json=taken"], 6),
    ];
    for (arguments, code) in cases {
        for format in FORMATS {
            let run =
                sandbox.run(&[arguments, &["--snapshot", "org", "--format", format]].concat());
            assert_eq!(run.code, code, "{arguments:?} {format}: {}", run.stderr);
            assert!(
                run.reason()
                    .starts_with(&format!("sfcompat: exit {code}: ")),
                "{}",
                run.stderr
            );
        }
    }
}

/// An empty report must not look like a clean one.
#[test]
fn an_org_that_is_not_reached() {
    let sandbox = world();
    // Nobody listens there, and that is found out several times: all formats at once.
    let nobody = [
        ("SFCOMPAT_ACCESS_TOKEN", "x"),
        ("SFCOMPAT_INSTANCE_URL", "http://127.0.0.1:1"),
    ];
    let sandbox = &sandbox;
    std::thread::scope(|scope| {
        for format in FORMATS {
            scope.spawn(move || {
                let arguments = [
                    "check",
                    "clean.csv",
                    "--org",
                    "prod",
                    "--allow-loopback-http",
                ];
                let run = sandbox.run_in(
                    "",
                    &nobody,
                    &[&arguments[..], &["--exit-zero", "--format", format]].concat(),
                );
                assert_eq!(run.code, 4, "{format}: {}", run.stderr);
                assert!(
                    run.reason().starts_with("sfcompat: exit 4: "),
                    "{}",
                    run.stderr
                );
                let told = TELLING.contains(&format);
                assert_eq!(run.stdout.is_empty(), !told, "{format}: {}", run.stdout);
            });
        }
    });
}

#[test]
fn seats_ends_like_check() {
    let sandbox = world();
    let rollout = support::sample_data().join("rollout.csv");
    std::fs::copy(rollout, sandbox.path("rollout.csv")).expect("a copy");
    let cases: [(&[&str], i32); 6] = [
        (&["clean.csv"], 0),
        (&["rollout.csv"], 1),
        (&["rollout.csv", "--exit-zero"], 0),
        (&["rollout.csv", "--fail-on", "never"], 0),
        (&["rollout.csv", "--select", "no-such-rule"], 2),
        (&["no-rows.csv"], 3),
    ];
    for (arguments, code) in cases {
        for format in ["table", "json", "csv", "markdown"] {
            let run = sandbox.run(
                &[
                    &["seats"],
                    arguments,
                    &["--snapshot", "org", "--format", format],
                ]
                .concat(),
            );
            assert_eq!(run.code, code, "{arguments:?} {format}: {}", run.stderr);
            assert!(
                run.reason()
                    .starts_with(&format!("sfcompat: exit {code}: ")),
                "{}",
                run.stderr
            );
        }
    }
}

/// An old snapshot is incomplete evidence: worse than clean, less than findings.
#[test]
fn the_age_of_a_snapshot() {
    let sandbox = world();
    let run = check(&sandbox, "clean.csv", &["--max-age", "24h"]);
    assert_eq!(
        run.code, 5,
        "a folder without manifest has no age: {}",
        run.stderr
    );
    assert_eq!(check(&sandbox, "error.csv", &["--max-age", "24h"]).code, 1);
}

#[test]
fn what_is_shown_changes_no_count() {
    let sandbox = world();
    std::fs::copy(
        support::sample_data().join("assignments.csv"),
        sandbox.path("all.csv"),
    )
    .expect("a copy");
    let whole = check(&sandbox, "all.csv", &["--format", "json"]);
    let expected = whole.report();
    let listed = expected["findings"].as_array().expect("findings").len();
    assert!(listed > 30, "{listed} findings");
    let variants: [&[&str]; 6] = [
        &["--min-severity", "error"],
        &["--min-severity", "warning"],
        &["--min-severity", "notice"],
        &["--max-findings", "0"],
        &["--max-findings", "1"],
        &["--max-findings", "5", "--min-severity", "warning"],
    ];
    for options in variants {
        let run = check(
            &sandbox,
            "all.csv",
            &[options, &["--format", "json"]].concat(),
        );
        assert_eq!(
            (run.code, run.reason()),
            (whole.code, whole.reason()),
            "{options:?}"
        );
        let report = run.report();
        assert_eq!(report["summary"], expected["summary"], "{options:?}");
        assert_eq!(report["seats"], expected["seats"], "{options:?}");
        let shown = report["findings"].as_array().expect("findings");
        assert!(shown.len() <= listed);
        if let ["--max-findings", most, ..] = options {
            assert!(
                shown.len() <= most.parse().expect("a number"),
                "{options:?}: {}",
                shown.len()
            );
        }
        if let ["--min-severity", "error"] = options {
            assert!(
                !shown.is_empty() && shown.iter().all(|finding| finding["severity"] == "error")
            );
        }
        for format in FORMATS {
            let run = check(
                &sandbox,
                "all.csv",
                &[options, &["--format", format]].concat(),
            );
            assert_eq!(
                (run.code, run.reason()),
                (whole.code, whole.reason()),
                "{options:?} {format}"
            );
        }
    }
}

#[test]
fn usage_errors_of_every_command() {
    let sandbox = Sandbox::with_org();
    let cases: [&[&str]; 9] = [
        &[],
        &["no-such-command"],
        &["check"],
        &["check", "a.csv"],
        &["matrix"],
        &["matrix", "--snapshot", "org", "--only", "dreams"],
        &[
            "matrix",
            "--snapshot",
            "org",
            "--why",
            "Brackenford Salse",
            "Identity",
        ],
        &["explain", "no-such-rule"],
        &["rules", "--format", "poem"],
    ];
    for arguments in cases {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(
            run.reason().starts_with("sfcompat: exit 2: "),
            "{arguments:?}: {}",
            run.stderr
        );
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn help_and_version_say_nothing_more() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["check", "--help"],
        &["help"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(!run.stdout.is_empty());
    }
}

/// 141 is what a shell says of a process that wrote into a closed pipe. It is no failure to report, so stderr is silent.
#[cfg(unix)]
#[test]
fn a_closed_pipe() {
    let sandbox = world();
    std::fs::copy(
        support::sample_data().join("assignments.csv"),
        sandbox.path("all.csv"),
    )
    .expect("a copy");
    let commands: [&[&str]; 5] = [
        &[
            "check",
            "all.csv",
            "--snapshot",
            "org",
            "--output",
            "json=report.json",
        ],
        &["seats", "--snapshot", "org"],
        &["matrix", "--snapshot", "org", "--format", "json"],
        &["matrix", "--knowledge"],
        &["rules"],
    ];
    for arguments in commands {
        for format in if arguments[0] == "check" {
            &FORMATS[..]
        } else {
            &["table"]
        } {
            let mut all = arguments.to_vec();
            if arguments[0] == "check" {
                // That names are published is said before the first byte is written.
                all.extend(["--quiet", "--format", format]);
            }
            let run = sandbox.run_closed(&all);
            assert_eq!((run.code, run.stderr.as_str()), (141, ""), "{all:?}");
        }
    }
    // What was asked for in files is there.
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(sandbox.path("report.json")).expect("a report"))
            .expect("JSON");
    assert_eq!(report["schema"], "sfcompat-report/1");
}

/// A device that takes nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let sandbox = world();
    for format in FORMATS {
        let run = sandbox.run_into(
            &[
                "check",
                "error.csv",
                "--snapshot",
                "org",
                "--format",
                format,
            ],
            std::path::Path::new("/dev/full"),
        );
        assert_eq!(run.code, 6, "{format}: {}", run.stderr);
        assert!(
            run.reason().starts_with("sfcompat: exit 6: "),
            "{}",
            run.stderr
        );
    }
}
