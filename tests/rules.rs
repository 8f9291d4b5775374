//! Every rule's page is executed: its failing examples give what the page says, its passing ones nothing of the rule.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::rules::{RULES, Rule};
use support::Sandbox;

/// A block of this name is the configuration of the run.
const CONFIGURATION: &str = "sfcompat.toml";

/// A fenced block of a page.
struct Fence {
    section: String,
    info: String,
    text: String,
}

fn fences(page: &str) -> Vec<Fence> {
    let (mut found, mut section, mut open) = (Vec::new(), String::new(), None::<Fence>);
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(fence), None) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, Some(info)) => {
                open = Some(Fence {
                    section: section.clone(),
                    info: info.trim().to_owned(),
                    text: String::new(),
                });
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    title.trim().clone_into(&mut section);
                }
            }
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    found
}

/// Adds records to a file of the org; the header of the addition may name a part of the columns only.
fn add_records(sandbox: &Sandbox, file: &str, addition: &str) {
    let path = sandbox.path(&format!("org/{file}"));
    if !path.exists() {
        return sandbox.write(&format!("org/{file}"), addition);
    }
    let read = |text: &str| -> (Vec<String>, Vec<Vec<String>>) {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader
            .headers()
            .expect("a header")
            .iter()
            .map(str::to_owned)
            .collect();
        (
            header,
            reader
                .records()
                .map(|record| {
                    record
                        .expect("a record")
                        .iter()
                        .map(str::to_owned)
                        .collect()
                })
                .collect(),
        )
    };
    let (header, mut rows) = read(&std::fs::read_to_string(&path).expect("text"));
    let (names, added) = read(addition);
    let id = header.iter().position(|column| column == "Id");
    for record in added {
        let cell = |column: &String| {
            names
                .iter()
                .position(|name| name == column)
                .map(|n| record[n].clone())
        };
        for name in &names {
            assert!(header.contains(name), "{file} has no column {name}");
        }
        // A record with an id that is there already changes that record.
        let held = id.and_then(|id| {
            rows.iter()
                .position(|row| Some(&row[id]) == cell(&header[id]).as_ref())
        });
        match held {
            Some(n) => header.iter().enumerate().for_each(|(place, column)| {
                if let Some(value) = cell(column) {
                    rows[n][place] = value;
                }
            }),
            None => rows.push(
                header
                    .iter()
                    .map(|column| cell(column).unwrap_or_default())
                    .collect(),
            ),
        }
    }
    let mut writer = csv::Writer::from_path(&path).expect("writable");
    writer.write_record(&header).expect("written");
    for row in &rows {
        writer.write_record(row).expect("written");
    }
    writer.flush().expect("written");
}

/// Changes describe results: a record with a name that is there already changes that field, `"-Name"` takes a field away.
/// A file that is not there is written as it is given.
fn change_fields(sandbox: &Sandbox, file: &str, changes: &str) {
    use serde_json::Value;
    let path = sandbox.path(&format!("org/{file}"));
    if !path.exists() {
        return sandbox.write(&format!("org/{file}"), changes);
    }
    let mut describe: Value =
        serde_json::from_str(&std::fs::read_to_string(&path).expect("text")).expect("JSON");
    let fields = describe["fields"].as_array_mut().expect("fields");
    let changes: Vec<Value> = serde_json::from_str(changes).expect("a list of changes");
    for change in changes {
        if let Some(name) = change.as_str().and_then(|text| text.strip_prefix('-')) {
            fields.retain(|field| field["name"] != name);
            continue;
        }
        let field = change.as_object().expect("a field").clone();
        match fields.iter_mut().find(|held| held["name"] == field["name"]) {
            Some(held) => held.as_object_mut().expect("a field").extend(field),
            None => fields.push(Value::Object(field)),
        }
    }
    std::fs::write(&path, describe.to_string()).expect("writable");
}

fn is_import(rule: &Rule) -> bool {
    rule.applies == "import"
}

/// The users of a profile source are the rows of its rules: they take the place of those of the org.
fn import(rule: &Rule, csv: &str, files: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let sandbox = Sandbox::new();
    sandbox.write("org/User.csv", csv);
    for (file, text) in files {
        sandbox.write(file, text);
    }
    let command = ["import-check", "--snapshot", "org", "--format", "json"];
    let run = sandbox.run(&[&command, arguments].concat());
    assert!([0, 1].contains(&run.code), "{}: {}", rule.name, run.stderr);
    run.findings()
}

/// A preflight of the sample org, with these arguments.
fn preflight(rule: &Rule, arguments: &str, files: &[(&str, &str)]) -> Vec<String> {
    let sandbox = with_files(files);
    let command = ["preflight", "--snapshot", "org", "--format", "json"];
    let given: Vec<&str> = arguments.split_whitespace().collect();
    let run = sandbox.run(&[&command, given.as_slice()].concat());
    assert!(
        [0, 1, 5].contains(&run.code),
        "{}: {}",
        rule.name,
        run.stderr
    );
    run.findings()
}

/// The sample org, changed as a page says, with the other files of the page beside it.
fn with_files(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::with_org();
    for (file, text) in files {
        match file.strip_prefix('-') {
            Some(absent) => std::fs::remove_file(sandbox.path(&format!("org/{absent}")))
                .expect("the file was there"),
            None if *file == CONFIGURATION => sandbox.write(CONFIGURATION, text),
            None if file.starts_with("describe/") => change_fields(&sandbox, file, text),
            None => add_records(&sandbox, file, text),
        }
    }
    sandbox
}

fn judge(rule: &Rule, csv: &str, org: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    if is_import(rule) {
        return import(rule, csv, org, arguments);
    }
    let sandbox = with_files(org);
    sandbox.write("input.csv", csv);
    let run = sandbox.run(
        &[
            &[
                "check",
                "input.csv",
                "--snapshot",
                "org",
                "--format",
                "json",
            ],
            arguments,
        ]
        .concat(),
    );
    assert!(
        [0, 1, 5].contains(&run.code),
        "{}: {}",
        rule.name,
        run.stderr
    );
    run.findings()
}

/// A passing example gives nothing of its rule.
fn passes(rule: &Rule, given: &[String]) {
    let own: Vec<_> = given
        .iter()
        .filter(|line| line.ends_with(&format!(" {}", rule.name)))
        .collect();
    assert!(
        own.is_empty(),
        "{}: a passing example gives {own:?}",
        rule.name
    );
}

fn run_page(rule: &Rule) {
    let (mut failing, mut passing) = (0, 0);
    let (mut org, mut arguments, mut given) = (Vec::new(), Vec::new(), None::<Vec<String>>);
    let page = fences(rule.docs);
    for fence in &page {
        match (fence.section.as_str(), fence.info.as_str()) {
            (_, "args") => arguments = fence.text.split_whitespace().collect(),
            // The configuration lies beside the org, in the folder where the program runs.
            (_, CONFIGURATION) if !is_import(rule) => {
                org.push(("../sfcompat.toml", fence.text.as_str()));
            }
            // So do the files of what does not count.
            (_, "sfcompat.waivers.toml") => {
                org.push(("../sfcompat.waivers.toml", fence.text.as_str()));
            }
            (_, "baseline.jsonl") => org.push(("../baseline.jsonl", fence.text.as_str())),
            (_, "members.csv") => org.push(("../members.csv", fence.text.as_str())),
            // Files of Okta lie there too.
            (_, info) if is_import(rule) && info.contains('.') => {
                org.push((info, fence.text.as_str()));
            }
            (_, info) if info.starts_with("org/") => org.push((&info[4..], fence.text.as_str())),
            // The file of the Okta app lies beside the org too.
            (_, "okta-app.json") => org.push(("../okta-app.json", fence.text.as_str())),
            (_, "okta-schema.json") => org.push(("../okta-schema.json", fence.text.as_str())),
            ("Fails", "preflight") => given = Some(preflight(rule, &fence.text, &org)),
            ("Passes", "preflight") => {
                let given = preflight(rule, &fence.text, &org);
                passes(rule, &given);
                passing += 1;
                org = Vec::new();
            }
            ("Fails", "csv") => given = Some(judge(rule, &fence.text, &org, &arguments)),
            ("Fails", "expect") => {
                let given = given
                    .take()
                    .unwrap_or_else(|| panic!("{}: expect without csv", rule.name));
                let own = |list: &[String]| {
                    list.iter()
                        .filter(|line| line.ends_with(&format!(" {}", rule.name)))
                        .cloned()
                        .collect::<Vec<_>>()
                };
                let expected: Vec<String> = fence
                    .text
                    .lines()
                    .map(|line| {
                        if line.contains(':') {
                            line.to_owned()
                        } else {
                            line.replacen(' ', ": ", 1)
                        }
                    })
                    .collect();
                assert_eq!(
                    own(&given),
                    own(&expected),
                    "{}: its own findings; all: {given:?}",
                    rule.name
                );
                for line in &expected {
                    assert!(
                        given.contains(line),
                        "{}: `{line}` is not among {given:?}",
                        rule.name
                    );
                }
                assert!(
                    !own(&expected).is_empty(),
                    "{}: a failing example without the rule",
                    rule.name
                );
                failing += 1;
                (org, arguments) = (Vec::new(), Vec::new());
            }
            ("Passes", "csv") => {
                let given = judge(rule, &fence.text, &org, &arguments);
                passes(rule, &given);
                passing += 1;
                (org, arguments) = (Vec::new(), Vec::new());
            }
            (section, info) => panic!("{}: what is a block `{info}` in `{section}`?", rule.name),
        }
    }
    assert!(failing > 0, "{}: no failing example", rule.name);
    assert!(passing > 0, "{}: no passing example", rule.name);
}

#[test]
fn every_page_does_what_it_says() {
    let only = std::env::var("RULE").unwrap_or_default();
    let mut broken = Vec::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = RULES
            .chunks(RULES.len().div_ceil(2).max(1))
            .map(|part| {
                let only = &only;
                scope.spawn(move || {
                    let tested = part.iter().filter(|rule| rule.name.contains(only.as_str()));
                    tested
                        .filter_map(|rule| {
                            std::panic::catch_unwind(|| run_page(rule))
                                .err()
                                .map(|cause| {
                                    let text =
                                        cause.downcast_ref::<String>().cloned().or_else(|| {
                                            cause.downcast_ref::<&str>().map(ToString::to_string)
                                        });
                                    text.unwrap_or_else(|| rule.name.to_owned())
                                })
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for thread in threads {
            broken.extend(thread.join().expect("no panic outside pages"));
        }
    });
    assert!(
        broken.is_empty(),
        "{} pages do not do what they say:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

#[test]
fn every_page_has_what_people_look_for() {
    for rule in RULES {
        for part in [
            "# ",
            "What: ",
            "Why: ",
            "Fix: ",
            "Source: ",
            "## Fails",
            "## Passes",
        ] {
            assert!(
                rule.docs.lines().any(|line| line.starts_with(part)),
                "{}: the page lacks `{part}`",
                rule.name
            );
        }
        assert!(
            rule.row.is_some() || rule.end.is_some(),
            "{}: judges nothing",
            rule.name
        );
        assert!(
            rule.name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{}: kebab-case",
            rule.name
        );
        assert_eq!(
            RULES.iter().filter(|other| other.name == rule.name).count(),
            1,
            "{}: a name twice",
            rule.name
        );
    }
}

#[test]
fn the_manual_holds_every_page_whole() {
    let run = Sandbox::new().run(&["rules", "--format", "md"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let chapters: Vec<&str> = run.stdout.split("\n### ").skip(1).collect();
    assert_eq!(chapters.len(), RULES.len());
    for rule in RULES {
        let chapter = chapters
            .iter()
            .find(|chapter| chapter.starts_with(&format!("{}\n", rule.name)))
            .unwrap_or_else(|| panic!("{}: no chapter", rule.name));
        assert!(
            run.stdout.contains(&format!("[{0}](#{0})", rule.name)),
            "{}: not in a table of contents",
            rule.name
        );
        // Every line of every example is there: what is executed is what people read.
        for fence in fences(rule.docs) {
            for line in fence.text.lines().filter(|line| !line.trim().is_empty()) {
                assert!(
                    chapter.contains(line.trim()),
                    "{}: the manual lacks `{line}`",
                    rule.name
                );
            }
        }
        for part in ["* What: ", "* Why: ", "* Fix: ", "* Source: "] {
            assert!(chapter.contains(part), "{}: lacks {part}", rule.name);
        }
    }
}
