//! `sfcompat explain` as people use it: published texts, logs of every kind, files that are none, the back-test.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use serde_json::Value;
use sfcompat::explain::{Answer, Message, explain};
use support::{Run, Sandbox, copy_folder, sample_data, shared};

fn answers(text: &str) -> Vec<Answer> {
    explain(&Message::of_text(1, text))
}

fn rules(text: &str) -> Vec<String> {
    answers(text)
        .iter()
        .flat_map(|answer| answer.rules().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

fn first(text: &str) -> Option<String> {
    answers(text).first().and_then(|answer| answer.rule.clone())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

/// A sandbox with the sample data.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    copy_folder(&sample_data(), &sandbox.path("sample-data"));
    sandbox
}

#[test]
fn every_published_text_that_has_a_rule_names_it() {
    let Some(path) = shared("data/error_texts.csv") else {
        return;
    };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for record in csv::Reader::from_path(path).expect("the table").records() {
        let record = record.expect("a line");
        let (text, wanted) = (&record[0], &record[5]);
        if &record[7] != "yes" || wanted.starts_with('(') {
            continue;
        }
        seen += 1;
        let told = first(text);
        if !told
            .as_deref()
            .is_some_and(|rule| wanted.split(';').any(|own| own == rule))
        {
            wrong.push(format!("{text}: {told:?}, not one of {wanted}"));
        }
    }
    assert!(seen > 60, "{seen} texts");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the families of the collection mean in rules; the texts of one family can differ, so a prefix is enough.
const FAMILIES: [(&str, &[&str]); 16] = [
    ("license-change", &["license-transition-"]),
    ("okta", &["okta-create-disabled", "api-user-"]),
    ("seats", &["license-seats"]),
    ("seats-feature", &["license-seats", "feature-license-seats"]),
    ("permset-ceiling", &["permission-set-"]),
    ("permset-psl", &["permission-set-", "psl-"]),
    ("profile-ceiling", &["permission-set-"]),
    ("permset", &[]),
    ("role", &["role-", "account-owner-without-role"]),
    ("contact", &["contact-"]),
    ("profile-setting", &["profile-standard-external"]),
    (
        "fields",
        &[
            "required-field-missing",
            "username-format",
            "field-too-long",
        ],
    ),
    ("actor", &["profile-modify-all-data"]),
    ("transient", &[]),
    ("ids", &["id-unknown"]),
    ("", &[]),
];

#[test]
fn every_collected_message_names_a_rule_of_its_family() {
    let Some(path) = shared("fixtures/rest/error_messages.jsonl") else {
        return;
    };
    let text = std::fs::read_to_string(path).expect("the collection");
    for line in text.lines() {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        let message = entry["message"].as_str().expect("a message");
        let family = entry["family"].as_str().expect("a family");
        let (_, wanted) = FAMILIES
            .iter()
            .find(|(name, _)| *name == family)
            .unwrap_or_else(|| panic!("the family {family} is new"));
        let code = entry["status_code"].as_str().unwrap_or_default();
        let body = serde_json::json!([{"message": message, "errorCode": code, "fields": []}]);
        for text in [
            message.to_owned(),
            format!("{code}: {message}"),
            format!("Insert failed. First exception on row 0; first error: {code}, {message}: []"),
            format!("Automatic provisioning of user A B to app C failed: {message}"),
            body.to_string(),
        ] {
            let found = answers(&text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].is_known(), "{text}");
            let rule = found[0].rule.clone();
            let fits = match wanted {
                [] => rule.is_none(),
                _ => rule
                    .as_deref()
                    .is_some_and(|rule| wanted.iter().any(|own| rule.starts_with(own))),
            };
            assert!(fits, "{text}: {rule:?}");
        }
    }
}

#[test]
fn patterns_name_rules_of_the_catalogue() {
    let Some(path) = shared("reference/rules.md") else {
        return;
    };
    let catalogue = std::fs::read_to_string(path).expect("the catalogue");
    for pattern in sfcompat::knowledge::shipped().error_patterns() {
        for rule in &pattern.rules {
            assert!(
                catalogue.contains(&format!("\n| `{rule}` |")),
                "{rule}: {}",
                pattern.pattern
            );
        }
    }
}

/// Whatever the program predicts, it must recognize when it comes back.
#[test]
fn predicted_texts_are_recognized() {
    let sandbox = sandbox();
    let run = sandbox.run(&[
        "check",
        "sample-data/assignments.csv",
        "--snapshot",
        "sample-data/org",
        "--format",
        "json",
    ]);
    let mut seen = 0;
    for finding in json(&run)["findings"].as_array().expect("findings") {
        let rule = finding["rule"].as_str().expect("a rule");
        let predicted = &finding["predicted"];
        for text in [&predicted["message"], &predicted["okta"]] {
            let Some(text) = text.as_str() else { continue };
            seen += 1;
            let named = rules(text);
            // The text of a profile that is not found is that of any id that is not: the rules of one text share it.
            assert!(
                named.iter().any(|own| own == rule) || SHARED_TEXT.contains(&rule),
                "{rule}: {text}: {named:?}"
            );
        }
    }
    assert!(seen > 30, "{seen} texts");
}

/// Rules whose predicted text is that of another rule, and is published for that one.
const SHARED_TEXT: [&str; 2] = ["profile-api-name", "role-is-portal-role"];

#[test]
fn real_files_of_every_kind_are_read() {
    let Some(tasks) = shared("fixtures/okta/tasks_page_errors.txt") else {
        return;
    };
    let log = shared("fixtures/okta/api_system_log.json").expect("beside the tasks");
    let sandbox = Sandbox::new();
    let told = |path: &std::path::Path| {
        let run = sandbox.run(&[
            "explain",
            "--format",
            "json",
            "--file",
            &path.to_string_lossy(),
        ]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let list = json(&run);
        let list = list.as_array().expect("an array");
        list.iter()
            .map(|answer| {
                (
                    answer["line"].as_u64().expect("a line"),
                    answer["rule"].as_str().unwrap_or("-").to_owned(),
                    answer["affected"][0].as_str().unwrap_or("-").to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    let line = |line, rule: &str, who: &str| (line, rule.to_owned(), who.to_owned());
    assert_eq!(
        told(&tasks),
        [
            line(1, "license-seats", "Bo Chen"),
            line(2, "okta-create-disabled", "Bo Chen"),
            line(3, "license-transition-required-permission", "Ana Lopez"),
            line(4, "okta-link-broken", "kim.oneil@acme.example"),
        ]
    );
    let bo = "bo.chen@acme.example";
    assert_eq!(
        told(&log),
        [
            line(1, "license-transition-required-permission", bo),
            line(2, "username-format", bo),
            line(3, "import-locale-format", bo),
        ]
    );
}

#[test]
fn sheets_bodies_and_stdin_are_told_apart() {
    let sandbox = Sandbox::new();
    let of = |bytes: &[u8]| {
        let run = sandbox.run_with(&["explain", "--format", "json", "--file", "-"], bytes);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let list = json(&run);
        let rules: Vec<(u64, String, String)> = list
            .as_array()
            .expect("an array")
            .iter()
            .map(|answer| {
                (
                    answer["line"].as_u64().expect("a line"),
                    answer["rule"].as_str().unwrap_or("-").to_owned(),
                    answer["affected"][0].as_str().unwrap_or("").to_owned(),
                )
            })
            .collect();
        (rules, run.stderr)
    };
    let bulk = "\u{feff}\"sf__Id\",\"sf__Error\",\"Username\"\r\n\"\",\"LICENSE_LIMIT_EXCEEDED:License Limit Exceeded:--\",\"ann@acme.example\"\r\n\"005000000000001\",\"\",\"bo@acme.example\"\r\n";
    let (rules, said) = of(bulk.as_bytes());
    assert_eq!(
        rules,
        [(2, "license-seats".into(), "ann@acme.example".into())]
    );
    assert!(
        said.contains("a sheet (CSV), errors in column 'sf__Error'"),
        "{said}"
    );
    let loader = "USERNAME;ALIAS;ERROR\ncy@acme.example;\"a;b\";\"Alias: data value too large: annabelle (max length=8)\nsecond line\"\n";
    assert_eq!(
        of(loader.as_bytes()).0,
        [(2, "field-too-long".into(), "cy@acme.example".into())]
    );
    let body = r#"[{"message":"Required fields are missing: [LastName]","errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName"]},
        {"message":"portal user already exists for contact: []","errorCode":"PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT","fields":[]}]"#;
    let (rules, said) = of(body.as_bytes());
    assert_eq!(
        rules,
        [
            (1, "required-field-missing".into(), String::new()),
            (2, "contact-taken".into(), String::new())
        ]
    );
    assert!(said.contains("answers of an API"), "{said}");
    let lines = "{\"eventType\":\"application.provision.user.push\",\"outcome\":{\"result\":\"FAILURE\",\"reason\":\"License Limit Exceeded\"}}\n{\"eventType\":\"application.provision.user.push\",\"outcome\":{\"result\":\"SUCCESS\"}}\n";
    assert_eq!(
        of(lines.as_bytes()).0,
        [(1, "license-seats".into(), String::new())]
    );
    let soap = "<?xml version=\"1.0\"?><soapenv:Envelope><soapenv:Fault><faultcode>sf:API_CURRENTLY_DISABLED</faultcode><faultstring>API_CURRENTLY_DISABLED: API is disabled for this User</faultstring></soapenv:Fault></soapenv:Envelope>";
    assert_eq!(
        of(soap.as_bytes()).0,
        [(1, "api-user-api-disabled".into(), String::new())]
    );
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(
        "Matching user not found.\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    assert_eq!(
        of(&utf16).0,
        [(1, "okta-create-disabled".into(), String::new())]
    );
}

#[test]
fn a_text_on_the_command_line() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["explain", "License", "Limit", "Exceeded"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("license-seats (line 1)\n"),
        "{}",
        run.stdout
    );
    let run = sandbox.run(&["explain", "it rained", "--format", "json"]);
    let list = json(&run);
    assert_eq!(
        (run.code, &list[0]["rule"], &list[0]["text"]),
        (0, &Value::Null, &Value::from("it rained"))
    );
    assert!(
        run.stderr.contains("0 explained, 1 unknown"),
        "{}",
        run.stderr
    );
    let run = sandbox.run_with(&["explain", "-"], b"Duplicate Nickname.\n");
    assert!(run.stdout.contains("nickname-taken"), "{}", run.stdout);
    // A rule has its page; the name of none is a mistake.
    let run = sandbox.run(&["explain", "license-seats"]);
    assert!(run.stdout.starts_with("license-seats: "), "{}", run.stdout);
    for (arguments, code) in [
        (&["explain"][..], 2),
        (&["explain", "no-such-rule"], 2),
        (&["explain", "text", "--file", "x"], 2),
        (&["explain", "--file", "missing.txt"], 3),
    ] {
        assert_eq!(sandbox.run(arguments).code, code, "{arguments:?}");
    }
}

#[test]
fn every_format_holds_every_error() {
    let sandbox = sandbox();
    let run = |format: &str| {
        let run = sandbox.run(&[
            "explain",
            "--file",
            "sample-data/tasks.txt",
            "--format",
            format,
        ]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let list: Value = serde_json::from_str(&run("json")).expect("JSON");
    let all = list.as_array().expect("an array");
    for answer in all {
        let keys: Vec<&str> = answer
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let mut wanted = [
            "line",
            "text",
            "rule",
            "candidates",
            "cause",
            "captures",
            "affected",
            "fix",
            "retry",
            "predictable",
        ];
        wanted.sort_unstable();
        assert_eq!(keys, wanted);
    }
    let lines = run("jsonl");
    assert_eq!(lines.lines().count(), all.len());
    let text = run("csv");
    let mut sheet = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(sheet.records().filter_map(Result::ok).count(), all.len());
    for format in ["table", "markdown"] {
        let text = run(format);
        for answer in all {
            let rule = answer["rule"].as_str().expect("a rule");
            assert!(text.contains(rule), "{format}: {rule}");
        }
    }
}

#[test]
fn bad_files_get_one_clear_error() {
    let sandbox = Sandbox::new();
    let deep = "[".repeat(100_000);
    let cases: [(&str, &[u8], &str); 9] = [
        ("empty.txt", b"", "the file is empty"),
        ("blank.txt", b"\n \n", "the file is empty"),
        ("deep.json", deep.as_bytes(), "recursion limit"),
        (
            "cut.json",
            b"[{\"message\":\"a\"},\n {\"message\":\"b",
            "line 2, column",
        ),
        (
            "after.json",
            b"[{\"message\":\"a\"}] tail",
            "line 1, column",
        ),
        (
            "quote.csv",
            b"Username,Error\na,\"open\nb,c\n",
            "line 2: the quote",
        ),
        ("latin.txt", b"a\ncaf\xe9\n", "line 2: byte"),
        ("nul.txt", b"a\n\0\n", "NUL"),
        (
            "page.xml",
            b"<?xml version=\"1.0\"?><a/>",
            "without a fault",
        ),
    ];
    for (name, bytes, said) in cases {
        sandbox.write(name, bytes);
        let run = sandbox.run(&["explain", "--file", name]);
        assert_eq!(run.code, 3, "{name}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{name}");
        assert!(
            run.stderr.contains(name) && run.stderr.contains(said),
            "{name}: {}",
            run.stderr
        );
        assert_eq!(run.stderr.lines().count(), 1, "{name}: {}", run.stderr);
    }
}

#[test]
fn the_org_decides_between_causes_that_share_a_text() {
    let sandbox = sandbox();
    let told = |arguments: &[&str]| {
        let run = sandbox.run(
            &[
                &[
                    "explain",
                    "--format",
                    "json",
                    "--file",
                    "sample-data/tasks.txt",
                ],
                arguments,
            ]
            .concat(),
        );
        assert_eq!(run.code, 0, "{}", run.stderr);
        let list = json(&run);
        list.as_array()
            .expect("an array")
            .iter()
            .map(|answer| {
                (
                    answer["rule"].as_str().expect("a rule").to_owned(),
                    answer["candidates"].as_array().map_or(0, Vec::len),
                )
            })
            .collect::<Vec<_>>()
    };
    let alone = told(&[]);
    assert_eq!(alone[0].0, "license-seats");
    assert!(alone[0].1 > 3 && alone[2].1 > 3, "{alone:?}");
    let joined = told(&[
        "--snapshot",
        "sample-data/org",
        "--inputs",
        "sample-data/assignments.csv",
    ]);
    // One is on a license that is disabled, the other gets a group with a member of another license.
    assert_eq!(joined[0].0, "license-disabled");
    assert_eq!(joined[2].0, "permission-set-group-member");
    assert!(joined[2].1 < alone[2].1, "{joined:?}");
    // An unknown text stays unknown; what is wrong with the person is shown beside it.
    let run = sandbox.run(&[
        "explain",
        "--format",
        "json",
        "--log",
        "sample-data/okta-log.json",
        "--snapshot",
        "sample-data/org",
    ]);
    assert!(json(&run).as_array().is_some_and(|list| {
        list.iter()
            .any(|answer| answer["rule"].is_null() && answer["predictable"] == "unknown")
    }));
    sandbox.write(
        "unknown.csv",
        "username,error\nkatya.ibsley@brackenford.example,it rained\n",
    );
    let run = sandbox.run(&[
        "explain",
        "--format",
        "json",
        "--file",
        "unknown.csv",
        "--snapshot",
        "sample-data/org",
        "--inputs",
        "sample-data/assignments.csv",
    ]);
    let answer = json(&run)[0].clone();
    assert_eq!(
        (&answer["rule"], &answer["text"]),
        (&Value::Null, &Value::from("it rained"))
    );
    assert!(
        answer["evidence"]
            .to_string()
            .contains("license-transition-required-permission"),
        "{answer}"
    );
    // The text names person and profile: without the inputs, too, the rules are asked.
    let run = sandbox.run(&[
        "explain",
        "--format",
        "json",
        "--file",
        "sample-data/tasks.txt",
        "--snapshot",
        "sample-data/org",
    ]);
    let evidence = json(&run)[1]["evidence"].to_string();
    assert!(evidence.contains("Salesforce Platform (AUL)"), "{evidence}");
}

#[test]
fn a_back_test_publishes_the_error_rate() {
    let sandbox = sandbox();
    let run = |format: &str| {
        sandbox.run(&[
            "explain",
            "--log",
            "sample-data/okta-log.json",
            "--snapshot",
            "sample-data/org",
            "--inputs",
            "sample-data/assignments.csv",
            "--format",
            format,
        ])
    };
    let first = run("json");
    assert_eq!(first.code, 0, "{}", first.stderr);
    let report = json(&first);
    assert_eq!(report["schema"], "sfcompat-backtest/1");
    let totals = &report["totals"];
    assert_eq!(
        [
            "failures",
            "predicted",
            "missed",
            "not_in_inputs",
            "no_rule",
            "unknown",
            "confirmed",
            "refuted"
        ]
        .map(|name| totals[name].as_u64().expect("a number")),
        [10, 7, 0, 1, 1, 1, 8, 1]
    );
    assert_eq!(totals["recall"], 1.0);
    let rules = report["rules"].as_array().expect("rules");
    let sum = |name: &str| {
        rules
            .iter()
            .map(|rule| rule[name].as_u64().expect("a number"))
            .sum::<u64>()
    };
    assert_eq!((sum("predicted"), sum("missed")), (7, 0));
    assert_eq!(
        sum("findings"),
        sum("confirmed") + sum("refuted") + sum("untested")
    );
    let refuted = rules.iter().find(|rule| rule["refuted"] == 1).expect("one");
    assert_eq!(
        (&refuted["rule"], &refuted["precision"]),
        (
            &Value::from("license-transition-user-type"),
            &Value::from(0.0)
        )
    );
    assert_eq!(report["failures"].as_array().map(Vec::len), Some(10));
    for format in ["table", "markdown"] {
        let text = run(format).stdout;
        assert!(text.contains("recall 100.0 %"), "{text}");
    }
    assert_eq!(run("jsonl").stdout.lines().count(), 10);
    // The same run twice: the same bytes.
    assert_eq!(run("json").stdout, first.stdout);
}
