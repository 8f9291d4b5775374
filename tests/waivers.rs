//! Waivers as a pipeline sees them: what counts, what is shown, what fails closed, and the commands that keep the file.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    clippy::format_push_string,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::Value;
use support::{Run, Sandbox};

const FILE: &str = "sfcompat.waivers.toml";

/// Two users with one wrong profile, one with another.
const INPUT: &str = "username,profile
kenji.elderslie@brackenford.example,Brackenford Salse
ilse.maddox@brackenford.example,Brackenford Salse
teodor.strickland@brackenford.example,Nobody
";

fn world(waivers: &str) -> Sandbox {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", INPUT);
    if !waivers.is_empty() {
        sandbox.write(FILE, waivers);
    }
    sandbox
}

fn waiver(selectors: &str, expires: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"profile-not-found\"\nmatch = {{ {selectors} }}\nreason = \"new profile, PO 4711\"\nowner = \"iam-team@brackenford.example\"\nticket = \"CHG1\"\nexpires = {expires}\n"
    )
}

fn check(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["check", "in.csv", "--snapshot", "org"], arguments].concat())
}

fn report(sandbox: &Sandbox, arguments: &[&str]) -> (i32, Value) {
    let run = check(sandbox, &[arguments, &["--format", "json"]].concat());
    (run.code, run.report())
}

fn of_rule<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    let all = report["findings"].as_array().expect("findings");
    all.iter()
        .filter(|finding| finding["rule"] == rule)
        .collect()
}

fn statuses(report: &Value) -> Vec<&str> {
    let found = of_rule(report, "profile-not-found");
    found
        .iter()
        .map(|f| f["status"].as_str().expect("a status"))
        .collect()
}

#[test]
fn what_is_waived_does_not_count_and_stays_visible() {
    let sandbox = world(&format!(
        "{}{}",
        waiver("value = 'Brackenford S*'", "2026-11-21"),
        waiver(
            "user = 'TEODOR.*', column = 'profile', input = 'in.csv', subject = 'profile:*'",
            "'2027-01-01'"
        )
    ));
    let (code, all) = report(&sandbox, &[]);
    assert_eq!(code, 0);
    assert_eq!(statuses(&all), ["waived"; 3]);
    let summary = &all["summary"];
    assert_eq!(
        (&summary["waived"], &summary["errors"]),
        (&3.into(), &0.into())
    );
    assert_eq!(summary["by_rule"].get("profile-not-found"), None);
    // A waiver accepts; it does not make the push succeed.
    assert_eq!(summary["incompatible"], 3);
    assert_eq!(
        of_rule(&all, "profile-not-found")[0]["waiver"],
        serde_json::json!({"owner":"iam-team@brackenford.example","reason":"new profile, PO 4711","ticket":"CHG1","expires":"2026-11-21"})
    );
    for format in ["table", "jsonl", "csv", "markdown"] {
        let run = check(&sandbox, &["--format", format]);
        assert_eq!(run.code, 0, "{format}");
        for part in ["waived", "iam-team", "PO 4711", "CHG1", "2026-11-21"] {
            assert!(
                run.stdout.contains(part),
                "{format}: no {part} in {}",
                run.stdout
            );
        }
        assert!(run.reason().contains("3 waived"), "{}", run.reason());
    }
    let (code, raw) = report(&sandbox, &["--no-waivers"]);
    assert_eq!((code, statuses(&raw)), (1, vec!["open"; 3]));
    assert_eq!(raw["summary"]["waived"], 0);
    let threads = |n| check(&sandbox, &["--format", "csv", "--threads", n]).stdout;
    assert_eq!(threads("1"), threads("4"));
}

#[test]
fn only_what_is_selected_is_waived() {
    let sandbox = world(&waiver(
        "user = 'kenji.*', value = 'Brackenford*'",
        "2026-12-31",
    ));
    let (code, all) = report(&sandbox, &[]);
    assert_eq!((code, statuses(&all)), (1, vec!["waived", "open", "open"]));
    assert_eq!(all["summary"]["by_rule"]["profile-not-found"], 2);
    assert!(of_rule(&all, "waiver-unused").is_empty());
}

#[test]
fn an_end_is_inclusive_and_then_everything_is_back() {
    let sandbox = world(&waiver("value = '*a*'", "2026-11-30"));
    let on = |day| {
        let run = sandbox.run_in(
            ".",
            &[("SFCOMPAT_TODAY", day)],
            &["check", "in.csv", "--snapshot", "org", "--format", "json"],
        );
        (
            statuses(&run.report())[0].to_owned(),
            of_rule(&run.report(), "waiver-expired").len(),
            run.code,
        )
    };
    assert_eq!(on("2026-11-30"), ("waived".into(), 0, 1));
    assert_eq!(on("2026-12-01"), ("open".into(), 1, 1));
}

#[test]
fn a_waiver_cannot_widen_the_gate_by_a_slip() {
    // Each covers everything that is wrong, if it were good; none does.
    let broken = [
        waiver("value = '*a*'", "2026-13-01").replace("2026-13-01", "'2026-13-01'"),
        waiver("value = '*a*'", "2026-12-31").replace("owner", "ownr"),
        waiver("value = '*'", "2026-12-31"),
        waiver("valeu = 'x'", "2026-12-31"),
        waiver("value = '*a*'", "2026-12-31").replace("profile-not-found", "profile-not-foud"),
        waiver("value = '*a*'", "2026-12-31").replace("[[waiver]]", "[waiver]"),
        waiver("value = '*a*'", "2026-12-31").replace("[[waiver]]", "[[wavier]]"),
    ];
    for text in broken {
        let sandbox = world(&text);
        let (code, all) = report(&sandbox, &[]);
        assert_eq!(code, 1, "{text}");
        assert_eq!(statuses(&all), ["open"; 3], "{text}");
        let invalid = of_rule(&all, "waiver-invalid");
        assert_eq!(invalid.len(), 1, "{text}");
        assert_eq!(invalid[0]["severity"], "error");
        // Without any other error the entry alone fails the run.
        sandbox.write(
            "in.csv",
            "username,profile\nkenji.elderslie@brackenford.example,Brackenford Sales\n",
        );
        assert_eq!(check(&sandbox, &[]).code, 1, "{text}");
    }
}

#[test]
fn a_file_that_is_gone_or_no_toml_ends_the_run() {
    let sandbox = world("[[waiver]\n");
    let run = check(&sandbox, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("sfcompat.waivers.toml:1: "),
        "{}",
        run.stderr
    );
    let sandbox = world("");
    assert_eq!(check(&sandbox, &[]).code, 1, "no file, and none named");
    assert_eq!(check(&sandbox, &["--waivers", "gone.toml"]).code, 2);
    sandbox.write("sfcompat.toml", "[waivers]\nfile = 'gone.toml'\n");
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(check(&sandbox, &["--no-waivers"]).code, 1);
    sandbox.write("gone.toml", b"\xff\xfe");
    assert_eq!(check(&sandbox, &[]).code, 2);
}

#[test]
fn the_policy_of_the_configuration_holds() {
    let sandbox = world(&waiver("value = '*a*'", "2026-12-31"));
    sandbox.write(
        "sfcompat.toml",
        "[waivers]\nmax_days = 40\nrequire = ['ticket']\n",
    );
    let (_, all) = report(&sandbox, &[]);
    assert_eq!(statuses(&all)[0], "waived");
    sandbox.write("sfcompat.toml", "[waivers]\nmax_days = 39\n");
    let (_, all) = report(&sandbox, &[]);
    assert_eq!(
        (statuses(&all)[0], of_rule(&all, "waiver-invalid").len()),
        ("open", 1)
    );
    sandbox.write("sfcompat.toml", "[waivers]\nrequire = ['reson']\n");
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("sfcompat.toml:2:12: require: 'reson' is not one of")
            && run.stderr.contains("nearest: reason"),
        "{}",
        run.stderr
    );
}

/// Not every finding can be waived: those about the run itself, and those that stand for several people by one of them.
#[test]
fn a_user_does_not_stand_for_others() {
    let sandbox = Sandbox::with_org();
    let mut rows = String::from("username,email,lastName,alias,profile\n");
    for n in 0..70 {
        rows.push_str(&format!(
            "new{n}@brackenford.example,new{n}@brackenford.example,New,new{n},Brackenford Sales\n"
        ));
    }
    sandbox.write("in.csv", rows);
    let (_, all) = report(&sandbox, &[]);
    let seats = of_rule(&all, "license-seats");
    assert_eq!(seats.len(), 1);
    let seats_of = |selector: &str| {
        let text = waiver(selector, "2026-12-31").replace("profile-not-found", "license-seats");
        sandbox.write(FILE, text);
        let (code, all) = report(&sandbox, &["--select", "license-seats,waiver-*"]);
        let status = of_rule(&all, "license-seats")[0]["status"].clone();
        (code, status.as_str().expect("a status").to_owned())
    };
    assert_eq!(seats_of("user = 'new*'"), (1, "open".into()));
    assert_eq!(seats_of("license = 'SFDC'"), (0, "waived".into()));
    assert_eq!(seats_of("license = 'AUL*'"), (1, "open".into()));
}

#[test]
fn unused_means_that_the_rule_ran() {
    let text = format!(
        "{}{}",
        waiver("value = 'gone'", "2026-12-31"),
        waiver("value = 'gone', input = 'other.csv'", "2026-12-31")
    );
    let sandbox = world(&text);
    let unused =
        |arguments: &[&str]| of_rule(&report(&sandbox, arguments).1, "waiver-unused").len();
    assert_eq!(unused(&[]), 1, "the second one is about another file");
    assert_eq!(unused(&["--ignore", "profile-not-found"]), 0);
    assert_eq!(unused(&["--select", "role-*,waiver-*"]), 0);
    let run = sandbox.run(&["preflight", "--snapshot", "org", "--format", "json"]);
    assert!(of_rule(&run.report(), "waiver-unused").is_empty());
}

#[test]
fn the_commands_keep_the_file() {
    let sandbox = world("# Ask iam-team first.\n");
    let add = |arguments: &[&str]| {
        let common = [
            "waiver",
            "add",
            "--rule",
            "profile-not-found",
            "--reason",
            "PO 4711",
            "--owner",
            "iam",
        ];
        sandbox.run(&[&common, arguments].concat())
    };
    let run = add(&[
        "--value",
        "Brackenford S*",
        "--expires",
        "2026-12-31",
        "--ticket",
        "=CHG1",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = || std::fs::read_to_string(sandbox.path(FILE)).expect("the file");
    assert!(
        text().starts_with("# Ask iam-team first.\n\n[[waiver]]\n"),
        "{}",
        text()
    );
    assert_eq!(
        statuses(&report(&sandbox, &[]).1),
        ["waived", "waived", "open"]
    );
    // What would be no good waiver is not written.
    let before = text();
    let refused: [&[&str]; 5] = [
        &["--value", "*", "--expires", "2026-12-31"],
        &["--value", "x", "--expires", "2026-11-20"],
        &["--value", "x"],
        &["--expires", "2026-12-31"],
        &["--user", "x", "--expires", "soon"],
    ];
    for arguments in refused {
        let run = add(arguments);
        assert_eq!(
            (run.code, text()),
            (2, before.clone()),
            "{arguments:?}: {}",
            run.stderr
        );
    }
    assert_eq!(
        add(&["--user", "teodor*", "--expires", "2026-11-25"]).code,
        0
    );

    let list = sandbox.run(&["waiver", "list", "--format", "json"]);
    let lines: Value = serde_json::from_str(&list.stdout).expect("JSON");
    let told: Vec<_> = lines["waivers"]
        .as_array()
        .expect("waivers")
        .iter()
        .map(|w| {
            (
                w["number"].as_u64(),
                w["state"].as_str(),
                w["days_left"].as_i64(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(2), Some("ends-soon"), Some(4)),
            (Some(1), Some("active"), Some(40))
        ]
    );
    let table = sandbox.run(&["waiver", "list"]).stdout;
    assert!(
        table.contains("2026-12-31 (in 5 weeks)") && table.contains("user=teodor*"),
        "{table}"
    );

    let run = sandbox.run(&[
        "waiver",
        "renew",
        "2",
        "--expires",
        "2027-02-01",
        "--reason",
        "late",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        text().contains("expires = 2027-02-01") && text().contains("reason = \"late\""),
        "{}",
        text()
    );
    assert_eq!(
        sandbox
            .run(&["waiver", "renew", "3", "--expires", "2027-02-01"])
            .code,
        2
    );
    assert_eq!(
        sandbox
            .run(&["waiver", "renew", "1", "--expires", "2026-01-01"])
            .code,
        2
    );

    let later =
        |arguments: &[&str]| sandbox.run_in(".", &[("SFCOMPAT_TODAY", "2027-01-01")], arguments);
    let run = later(&["waiver", "prune"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        text().starts_with("# Ask iam-team first.") && !text().contains("2026-12-31"),
        "{}",
        text()
    );
    assert!(text().contains("teodor*"));
    let unchanged = text();
    assert_eq!(later(&["waiver", "prune"]).code, 0);
    assert_eq!(text(), unchanged);
}

#[test]
fn hostile_texts_stay_texts() {
    let text = waiver("value = 'Brackenford S*'", "2026-12-31")
        .replace(
            "new profile, PO 4711",
            "<script>alert(1)</script>|\\u001b[31m",
        )
        .replace("iam-team@brackenford.example", "=HYPERLINK(1)");
    let sandbox = world(&text);
    let csv = check(&sandbox, &["--format", "csv"]).stdout;
    assert!(csv.contains("\"'=HYPERLINK(1)\""), "{csv}");
    let table = check(&sandbox, &["--format", "table"]).stdout;
    assert!(!table.contains('\u{1b}'), "{table}");
    let markdown = check(&sandbox, &["--format", "markdown"]).stdout;
    assert!(!markdown.contains("<script>"), "{markdown}");
    let list = sandbox.run(&["waiver", "list"]).stdout;
    assert!(!list.contains('\u{1b}'), "{list}");
}

/// `waiver prune --unused` takes out what no finding needs, and nothing where something could not be judged.
#[test]
fn what_nothing_needs_is_taken_out() {
    let text = format!(
        "{}{}{}",
        waiver("value = \"Brackenford S*\"", "2026-12-31"),
        waiver("value = \"Nothing like it\"", "2026-12-31"),
        waiver("input = \"other.csv\"", "2026-12-31"),
    );
    let sandbox = world(&text);
    let file = || std::fs::read_to_string(sandbox.path(FILE)).expect("the file");
    let prune =
        |input: &str| sandbox.run(&["waiver", "prune", "--unused", input, "--snapshot", "org"]);
    // Without the option only what has ended goes.
    assert_eq!(sandbox.run(&["waiver", "prune"]).code, 0);
    assert_eq!(file(), text);
    sandbox.write(
        "undecided.csv",
        "Username,Last Name\nnew.one@brackenford.example,One\n",
    );
    let run = prune("undecided.csv");
    assert_eq!((run.code, file()), (5, text.clone()), "{}", run.stderr);
    let run = prune("in.csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("removed: ") && run.stdout.lines().count() == 1,
        "{}",
        run.stdout
    );
    let left = file();
    assert!(!left.contains("Nothing like it"), "{left}");
    // A waiver about another file may be needed there.
    assert!(
        left.contains("Brackenford S*") && left.contains("other.csv"),
        "{left}"
    );
    assert_eq!(prune("in.csv").code, 0);
    assert_eq!(file(), left);
}
