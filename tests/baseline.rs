//! The baseline as a pipeline sees it: only new findings fail, and a broken baseline never does nothing.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::Value;
use support::{Run, Sandbox};

const FILE: &str = "sfcompat.baseline.jsonl";
const OLD: &str = "username,profile
kenji.elderslie@brackenford.example,Brackenford Salse
";

fn world() -> Sandbox {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", OLD);
    sandbox
}

fn baseline(sandbox: &Sandbox, command: &str, arguments: &[&str]) -> Run {
    let common = ["baseline", command, "in.csv", "--snapshot", "org"];
    sandbox.run(&[&common, arguments].concat())
}

fn check(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let common = [
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--baseline",
        FILE,
        "--format",
        "json",
    ];
    sandbox.run(&[&common, arguments].concat())
}

fn statuses(run: &Run, rule: &str) -> Vec<String> {
    let report = run.report();
    let all = report["findings"].as_array().expect("findings").iter();
    all.filter(|finding| finding["rule"] == rule)
        .map(|finding| finding["status"].as_str().expect("a status").to_owned())
        .collect()
}

fn text(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.path(FILE)).expect("the baseline")
}

#[test]
fn only_new_findings_fail() {
    let sandbox = world();
    let run = baseline(&sandbox, "write", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let first = text(&sandbox);
    let head: Value = serde_json::from_str(first.lines().next().expect("a head")).expect("JSON");
    assert_eq!(
        (head["org"].as_str(), head["version"].as_str()),
        (Some("00D7R000000FqP2UAK"), Some(env!("CARGO_PKG_VERSION")))
    );
    let mut sorted: Vec<&str> = first.lines().skip(1).collect();
    sorted.sort_unstable();
    assert_eq!(first.lines().skip(1).collect::<Vec<_>>(), sorted);

    let run = check(&sandbox, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(statuses(&run, "profile-not-found"), ["baselined"]);
    let summary = run.report()["summary"].clone();
    assert_eq!(
        (&summary["errors"], &summary["by_rule"]["profile-not-found"]),
        (&0.into(), &Value::Null)
    );
    assert!(summary["baselined"].as_u64() > Some(0));

    // The same problem on another line, for another user, under other rows: it is the same. A new one fails.
    sandbox.write("in.csv", "username,profile\nilse.maddox@brackenford.example,Brackenford Sales\nkenji.elderslie@brackenford.example,Brackenford Salse\n");
    let run = check(&sandbox, &["--fail-on", "error"]);
    assert_eq!(
        (run.code, statuses(&run, "profile-not-found")),
        (0, vec!["baselined".into()])
    );
    sandbox.write(
        "in.csv",
        format!("{OLD}ilse.maddox@brackenford.example,Nobody\n"),
    );
    let run = check(&sandbox, &[]);
    assert_eq!(
        (run.code, statuses(&run, "profile-not-found")),
        (1, vec!["baselined".into(), "open".into()])
    );
    for format in ["table", "markdown", "csv", "jsonl"] {
        let run = sandbox.run(&[
            "check",
            "in.csv",
            "--snapshot",
            "org",
            "--baseline",
            FILE,
            "--format",
            format,
        ]);
        assert_eq!(run.code, 1);
        assert!(run.stdout.contains("baselined"), "{format}: {}", run.stdout);
    }
}

#[test]
fn it_grows_only_when_told_and_shrinks_by_itself() {
    let sandbox = world();
    assert_eq!(
        baseline(&sandbox, "update", &[]).code,
        2,
        "nothing to update"
    );
    assert_eq!(baseline(&sandbox, "write", &[]).code, 0);
    assert_eq!(
        baseline(&sandbox, "write", &[]).code,
        2,
        "it is there already"
    );
    let first = text(&sandbox);
    sandbox.write(
        "in.csv",
        "username,profile\nilse.maddox@brackenford.example,Nobody\n",
    );
    let run = baseline(&sandbox, "update", &[]);
    assert_eq!(
        (run.code, text(&sandbox)),
        (1, first.clone()),
        "{}",
        run.stderr
    );
    assert!(
        run.reason()
            .contains("1 new findings are not in sfcompat.baseline.jsonl; --accept-new adds them"),
        "{}",
        run.reason()
    );
    assert_eq!(baseline(&sandbox, "update", &["--accept-new"]).code, 0);
    assert!(
        first.lines().all(|line| text(&sandbox).contains(line)),
        "update merges"
    );
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(statuses(&run, "baseline-stale"), ["open"]);
    let run = baseline(&sandbox, "prune", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("1 removed"), "{}", run.stdout);
    assert!(!text(&sandbox).contains("Brackenford Salse") && text(&sandbox).contains("Nobody"));
    let run = check(&sandbox, &[]);
    assert!(statuses(&run, "baseline-stale").is_empty());
    assert_eq!(baseline(&sandbox, "write", &["--accept-new"]).code, 0);
    // Entries of rules that do not run are not gone.
    assert!(
        statuses(
            &check(&sandbox, &["--ignore", "profile-not-found"]),
            "baseline-stale"
        )
        .is_empty()
    );
}

#[test]
fn a_broken_baseline_is_never_a_silent_one() {
    let sandbox = world();
    assert_eq!(baseline(&sandbox, "write", &[]).code, 0);
    let good = text(&sandbox);
    let cases = [
        String::new(),
        good.replace("00D7R000000FqP2UAK", "00D7R000000FqP3UAK"),
        good.replace("\"org\":\"00D7R000000FqP2UAK\"", "\"org\":null"),
        good.replace("Brackenford Salse\",\"fing", "Brackenford Sales\",\"fing"),
        format!("{good}{{}}\n"),
        good.replace("sfcompat-baseline/1", "sfcompat-baseline/9"),
    ];
    for text in cases {
        sandbox.write(FILE, &text);
        let run = check(&sandbox, &[]);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{text}: {}",
            run.stderr
        );
        assert!(
            run.reason().contains("baseline sfcompat.baseline.jsonl: "),
            "{}",
            run.reason()
        );
        assert_eq!(baseline(&sandbox, "prune", &[]).code, 2, "{text}");
    }
    std::fs::remove_file(sandbox.path(FILE)).expect("removed");
    assert_eq!(check(&sandbox, &[]).code, 2);
    sandbox.write("sfcompat.toml", "[check]\nbaseline = 'gone.jsonl'\n");
    let run = sandbox.run(&["check", "in.csv", "--snapshot", "org"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn a_waived_finding_is_not_taken_into_the_baseline() {
    let sandbox = world();
    sandbox.write("sfcompat.waivers.toml", "[[waiver]]\nrule='profile-not-found'\nmatch={value='Brackenford*'}\nreason='r'\nowner='o'\nexpires=2026-12-31\n");
    assert_eq!(baseline(&sandbox, "write", &[]).code, 0);
    assert!(!text(&sandbox).contains("profile-not-found"));
    let run = check(&sandbox, &[]);
    assert_eq!(
        (run.code, statuses(&run, "profile-not-found")),
        (0, vec!["waived".into()])
    );
}
