//! The configuration file, as the program uses it: found, overruled, refused, printed.

mod support;

use support::Sandbox;

const ROWS: &str = "username,profile\nann.rowe@brackenford.example,No Such Profile\n";

fn sandbox(config: &str) -> Sandbox {
    let sandbox = Sandbox::with_org();
    sandbox.write("input.csv", ROWS);
    sandbox.write("sfcompat.toml", config);
    sandbox
}

#[test]
fn the_file_names_the_snapshot_from_any_folder_below() {
    let sandbox = sandbox("[source]\nsnapshot = \"org\"\n");
    sandbox.write("a/b/input.csv", ROWS);
    for folder in [".", "a/b"] {
        for command in ["check", "seats"] {
            let run = sandbox.run_in(folder, &[], &[command, "input.csv", "--format", "json"]);
            assert_eq!(run.code, 1, "{command} in {folder}: {}", run.stderr);
        }
        let run = sandbox.run_in(folder, &[], &["matrix", "--format", "csv"]);
        assert_eq!(run.code, 0, "matrix in {folder}: {}", run.stderr);
    }
    let without = sandbox.run(&["check", "input.csv", "--no-config"]);
    assert_eq!(without.code, 2);
    assert_eq!(
        without.reason(),
        "sfcompat: exit 2: a snapshot is needed: --snapshot DIR, --metadata DIR, --org ALIAS, SFCOMPAT_SNAPSHOT, SFCOMPAT_METADATA, SFCOMPAT_ORG, or [source] of sfcompat.toml"
    );
    // A repository of its own ends the search.
    sandbox.write("a/.git", "gitdir: elsewhere\n");
    assert_eq!(sandbox.run_in("a/b", &[], &["check", "input.csv"]).code, 2);
}

#[test]
fn a_metadata_project_of_the_configuration_is_read() {
    let sandbox = sandbox("[source]\nmetadata = \"force-app\"\n");
    let run = sandbox.run(&["check", "input.csv"]);
    assert_eq!(run.code, 3);
    assert_eq!(
        run.reason(),
        "sfcompat: exit 3: metadata force-app: force-app is not a folder"
    );
    sandbox.write(
        "force-app/roles/Rep.role-meta.xml",
        "<Role><name>Rep</name></Role>",
    );
    let run = sandbox.run(&["matrix"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // What the command line says counts before the file, and two sources of one level are no source.
    let run = sandbox.run(&["matrix", "--snapshot", "gone"]);
    assert!(run.reason().contains("snapshot gone"), "{}", run.stderr);
    let run = sandbox.run(&["matrix", "--snapshot", "gone", "--metadata", "force-app"]);
    assert_eq!(run.code, 2);
    assert!(
        run.reason().contains("one source of facts"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_org_of_the_configuration_is_pulled_by_its_login() {
    let sandbox = sandbox("[source]\norg = \"prod\"\n");
    let run = sandbox.run(&["check", "input.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.reason().contains("'prod'"), "{}", run.stderr);
}

#[test]
fn flag_before_environment_before_file_before_default() {
    let sandbox = sandbox("[source]\nsnapshot = \"org\"\n[check]\nfail_on = \"never\"\n");
    let code = |variables: &[(&str, &str)], more: &[&str]| {
        let run = sandbox.run_in(".", variables, &[&["check", "input.csv"], more].concat());
        assert!([0, 1].contains(&run.code), "{}", run.stderr);
        run.code
    };
    let error = [("SFCOMPAT_FAIL_ON", "error")];
    assert_eq!(
        code(&[], &["--no-config", "--snapshot", "org"]),
        1,
        "default"
    );
    assert_eq!(code(&[], &[]), 0, "file");
    assert_eq!(code(&error, &[]), 1, "environment before file");
    assert_eq!(
        code(&error, &["--fail-on", "never"]),
        0,
        "flag before environment"
    );
}

#[test]
fn one_file_can_be_named_and_then_counts_alone() {
    let sandbox = sandbox("[check]\nnonsense = 1\n");
    sandbox.write("conf/mine.toml", "[source]\nsnapshot = \"../org\"\n");
    sandbox.write(
        "conf/never.toml",
        "source.snapshot = \"../org\"\ncheck.fail_on = \"never\"\n",
    );
    let named = [("SFCOMPAT_CONFIG", "conf/mine.toml")];
    assert_eq!(sandbox.run_in(".", &named, &["check", "input.csv"]).code, 1);
    let run = sandbox.run_in(
        ".",
        &named,
        &["check", "input.csv", "--config", "conf/never.toml"],
    );
    assert_eq!(run.code, 0, "flag before environment: {}", run.stderr);
    let run = sandbox.run_in(
        ".",
        &named,
        &["check", "input.csv", "--no-config", "--snapshot", "org"],
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    let run = sandbox.run_in(".", &[], &["check", "input.csv", "--config", "absent.toml"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.reason(),
        "sfcompat: exit 2: configuration absent.toml: there is no such file"
    );
    let both = ["rules", "--config", "conf/mine.toml", "--no-config"];
    assert_eq!(sandbox.run(&both).code, 2);
}

#[test]
fn a_wrong_file_stops_the_run_with_all_its_problems() {
    let sandbox = sandbox("[check]\nfail_no = \"error\"\nthreads = \"two\"\n[severty]\n");
    for arguments in [
        &["check", "input.csv", "--snapshot", "org"][..],
        &["seats", "--snapshot", "org"],
        &["matrix", "--snapshot", "org"],
        &["config", "show"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 2);
        assert_eq!(run.stdout, "");
        assert_eq!(
            run.stderr,
            "sfcompat.toml:2:1: unknown key 'fail_no' in [check] (nearest: fail_on)\n\
             sfcompat.toml:3:11: threads: a text where a whole number is expected\n\
             sfcompat.toml:4:2: unknown section [severty] (nearest: severity)\n\
             sfcompat: exit 2: configuration sfcompat.toml: 3 problems\n"
        );
    }
}

#[test]
fn severities_decide_the_exit_code_and_off_is_a_line_of_coverage() {
    let check = [
        "check",
        "input.csv",
        "--snapshot",
        "org",
        "--select",
        "profile-not-found",
        "--format",
        "json",
    ];
    let sandbox = sandbox("[severity]\nprofile-not-found = \"warning\"\n");
    let run = sandbox.run(&check);
    assert_eq!(run.report()["findings"][0]["severity"], "warning");
    assert_eq!(run.code, 0, "{}", run.stderr);
    sandbox.write("sfcompat.toml", "[severity]\nprofile-not-found = \"off\"\n");
    let run = sandbox.run(&check);
    assert!(run.findings().is_empty());
    let coverage = run.report()["coverage"].to_string();
    assert!(
        coverage.contains("switched off in the configuration"),
        "{coverage}"
    );
}

#[test]
fn the_file_says_how_inputs_are_read() {
    let sandbox = sandbox(
        "[columns]\nprofile = \"Rolle im Vertrieb\"\npermissionSets = \"Rechte\"\ndelimiter = \"|\"\nlist_separator = \"/\"\nencoding = \"windows-1252\"\n",
    );
    // Read as UTF-8, the name would be refused; read with another delimiter, there would be one column.
    sandbox.write(
        "input.csv",
        b"username|Rolle im Vertrieb|Rechte\nann.rowe@brackenford.example|Vertr\xe4ge|No Set A/No Set B\n",
    );
    let run = sandbox.run(&[
        "check",
        "input.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
    ]);
    let report = run.report();
    let values: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["value"].as_str())
        .collect();
    for value in ["Verträge", "No Set A", "No Set B"] {
        assert!(values.contains(&value), "{value} is not among {values:?}");
    }
}

#[test]
fn ages_and_the_integration_user_come_from_the_file_too() {
    let sandbox = sandbox("[source]\nsnapshot = \"org\"\n[check]\nmax_age = \"1h\"\n");
    sandbox.write(
        "input.csv",
        "username,profile\nann.rowe@brackenford.example,Brackenford Sales\n",
    );
    let run = sandbox.run(&["check", "input.csv", "--select", "snapshot-stale"]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    sandbox.write(
        "sfcompat.toml",
        "source.snapshot = \"org\"\nintegration_user.username = \"nobody@brackenford.example\"\n",
    );
    let run = sandbox.run(&["check", "input.csv"]);
    assert_eq!(run.code, 2);
    assert!(
        run.reason().contains("nobody@brackenford.example"),
        "{}",
        run.stderr
    );
}

#[test]
fn every_effective_value_is_printed_with_its_origin() {
    let sandbox = sandbox(
        "[source]\nsnapshot = \"org\"\n[check]\nfail_on = \"warning\"\nnull_values = \"pushed\"\n[severity]\nemail-domain = \"off\"\n[waivers]\nmax_days = 30\n",
    );
    let run = sandbox.run_in(
        ".",
        &[("SFCOMPAT_THREADS", "2"), ("SFCOMPAT_FAIL_ON", "notice")],
        &[
            "config",
            "show",
            "--origin",
            "--fail-on",
            "never",
            "--integration-user",
            "okta@x.example",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<(&str, &str)> = run
        .stdout
        .lines()
        .filter_map(|line| line.split_once("  # "))
        .map(|(value, origin)| (value.trim(), origin))
        .collect();
    for expected in [
        ("snapshot = \"org\"", "sfcompat.toml:2"),
        ("fail_on = \"never\"", "--fail-on"),
        ("expiring_within = \"30d\"", "default"),
        ("# max_age is not set", "default"),
        ("threads = 2", "SFCOMPAT_THREADS"),
        ("null_values = \"pushed\"", "sfcompat.toml:5"),
        ("email-domain = \"off\"", "sfcompat.toml:7"),
        ("username = \"okta@x.example\"", "--integration-user"),
        ("max_days = 30", "sfcompat.toml:9"),
    ] {
        assert!(lines.contains(&expected), "{expected:?}: {}", run.stdout);
    }
    // Without origins the same lines; what is printed is a configuration of the same values.
    let plain = sandbox.run(&["config", "show"]);
    sandbox.write("printed.toml", &plain.stdout);
    let again = sandbox.run(&["config", "show", "--config", "printed.toml"]);
    let values = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        values(&again.stdout),
        values(&plain.stdout),
        "{}",
        again.stderr
    );
}

#[test]
fn the_example_of_the_readme_is_accepted() {
    let readme = include_str!("../README.md");
    let example = readme
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .find(|example| example.contains("[seats]"))
        .expect("an example");
    let run = sandbox(example).run(&["config", "show"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("reserve = { SFDC = 5 }"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_file_may_ask_for_a_version() {
    let own = env!("CARGO_PKG_VERSION");
    let good = sandbox(&format!(
        "required-version = \">={own}\"\n[source]\nsnapshot = \"org\"\n"
    ));
    let run = good.run(&["check", "input.csv"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let shown = good.run(&["config", "show", "--origin"]);
    assert!(
        shown.stdout.contains(&format!(
            "required-version = \">={own}\"  # sfcompat.toml:1"
        )),
        "{}",
        shown.stdout
    );
    // Another version says that, and nothing of keys that it cannot know.
    let other = sandbox("required-version = \">=99\"\n[sauce]\nsnapshot = \"org\"\n");
    let run = other.run(&["check", "input.csv"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains(&format!(
            "1:1: this is sfcompat {own}, and the file requires >=99"
        )) && !run.stderr.contains("sauce"),
        "{}",
        run.stderr
    );
    for (text, what) in [
        ("required-version = \"latest\"", "is no requirement"),
        ("required-version = 1", "is a text"),
        ("[required-version]\n", "is a text"),
        ("required_version = \">=0.1\"", "required-version"),
    ] {
        let run = sandbox(text).run(&["check", "input.csv"]);
        assert_eq!(run.code, 2, "{text}: {}", run.stderr);
        assert!(run.stderr.contains(what), "{text}: {}", run.stderr);
    }
}

/// Options that say how files are meant have a variable each.
#[test]
fn members_and_kind_come_from_the_environment_too() {
    let sandbox = sandbox("[source]\nsnapshot = \"org\"\n");
    let run = |variables: &[(&str, &str)], arguments: &[&str]| {
        sandbox.run_in(
            ".",
            variables,
            &[&["check", "input.csv"], arguments].concat(),
        )
    };
    assert_eq!(run(&[], &[]).code, 1);
    let kind = run(&[("SFCOMPAT_KIND", "no-such-kind")], &[]);
    assert_eq!(kind.code, 2, "{}", kind.stderr);
    let mapping = [("SFCOMPAT_KIND", "group-mapping")];
    let kind = |arguments: &[&str]| {
        let report = run(&mapping, &[arguments, &["--format", "json"]].concat()).report();
        report["inputs"][0]["kind"].as_str().map(str::to_owned)
    };
    assert_eq!(kind(&[]).as_deref(), Some("group-mapping"));
    assert_eq!(
        kind(&["--kind", "assignments"]).as_deref(),
        Some("assignments")
    );
    let members = run(&[("SFCOMPAT_MEMBERS", "gone.csv")], &[]);
    assert!(
        members.code == 3 && members.stderr.contains("gone.csv"),
        "{}",
        members.stderr
    );
    let shown = run(&[("SFCOMPAT_CHANGES", "1")], &["--format", "json"]).report();
    assert!(shown["changes"].is_array());
    let shown = run(&[("SFCOMPAT_CHANGES", "0")], &["--format", "json"]).report();
    assert!(shown["changes"].is_null());
}
