//! What programs of pipelines are given, held to the schemas that they read it by; and JSON, held to our own.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use boon::{Compiler, SchemaIndex, Schemas};
use roxmltree::{Document, Node};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use support::{Run, Sandbox, sample_data};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A schema that documents are held to.
struct Held {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Held {
    fn to(path: &str) -> Self {
        let text = std::fs::read_to_string(here(path)).expect("a schema");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler
            .add_resource("schema.json", schema)
            .expect("a resource");
        let index = compiler
            .compile("schema.json", &mut schemas)
            .unwrap_or_else(|error| panic!("{path}: {error:#}"));
        Self { schemas, index }
    }

    fn json(&self, text: &str, what: &str) -> Value {
        let value: Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}: {text}"));
        if let Err(error) = self.schemas.validate(&value, self.index) {
            panic!("{what}: {error:#}");
        }
        value
    }
}

impl Held {
    fn takes(&self, text: &str) -> bool {
        let value: Value = serde_json::from_str(text).expect("JSON");
        self.schemas.validate(&value, self.index).is_ok()
    }
}

/// Elements and attributes that an XML Schema knows: names and which attributes are required, as far as ours needs it.
struct Xsd {
    attributes: BTreeMap<String, BTreeMap<String, bool>>,
    children: BTreeMap<String, BTreeSet<String>>,
}

impl Xsd {
    fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(here(path)).expect("a schema");
        let xml = Document::parse(&text).expect("XML");
        let (mut attributes, mut children) = (BTreeMap::new(), BTreeMap::new());
        let named = |node: &Node<'_, '_>, key| node.attribute(key).map(str::to_owned);
        for element in xml
            .root_element()
            .children()
            .filter(|node| node.has_tag_name(("http://www.w3.org/2001/XMLSchema", "element")))
        {
            let name = named(&element, "name").expect("a name");
            let of = |tag: &'static str| {
                element
                    .descendants()
                    .filter(move |node| node.is_element() && node.tag_name().name() == tag)
            };
            let own = of("attribute").map(|node| {
                (
                    named(&node, "name").expect("a name"),
                    node.attribute("use") == Some("required"),
                )
            });
            attributes.insert(name.clone(), own.collect());
            children.insert(
                name,
                of("element")
                    .filter_map(|node| named(&node, "ref"))
                    .collect(),
            );
        }
        Self {
            attributes,
            children,
        }
    }

    fn check(&self, node: Node<'_, '_>, what: &str) {
        let name = node.tag_name().name();
        let known = self
            .attributes
            .get(name)
            .unwrap_or_else(|| panic!("{what}: <{name}> is not in the schema"));
        for attribute in node.attributes() {
            assert!(
                known.contains_key(attribute.name()),
                "{what}: {} of <{name}>",
                attribute.name()
            );
        }
        for (attribute, _) in known.iter().filter(|(_, required)| **required) {
            assert!(
                node.has_attribute(attribute.as_str()),
                "{what}: <{name}> lacks {attribute}"
            );
        }
        for child in node.children().filter(Node::is_element) {
            let tag = child.tag_name().name();
            assert!(
                self.children[name].contains(tag),
                "{what}: <{tag}> in <{name}>"
            );
            self.check(child, what);
        }
    }
}

const EVIL: &str = "::error::pwned\n##vso[task.setvariable variable=PATH]x\r\n::add-mask::y ]]> <script>alert(1)</script> \u{202e}\u{1} 😀 =1+1 ##[error]z";

/// Runs with findings, without, with incomplete evidence, and with cells that want to be more than text.
fn world() -> Sandbox {
    let sandbox = Sandbox::with_org();
    for file in ["assignments.csv", "assignments-clean.csv", "rollout.csv"] {
        std::fs::copy(sample_data().join(file), sandbox.path(file)).expect("a copy");
    }
    sandbox.write(
        "undecided.csv",
        "Username,Last Name\nnew.one@brackenford.example,One\n",
    );
    let cell = format!("\"{}\"", EVIL.replace('"', "\"\""));
    let big = format!("\"{}\"", EVIL.replace('"', "\"\"").repeat(7_000));
    sandbox.write(
        "hostile.csv",
        format!("Username,Profile Name,Role,Permission Set(s)\n{cell},{cell},{cell},{cell}\nnew.one@brackenford.example,{big},{big},{big}\n"),
    );
    sandbox.write(
        "strange ::name,%.csv",
        "Username,Profile Name\nnew.one@brackenford.example,Nobody\n",
    );
    sandbox
}

/// Arguments that lead to each kind of report.
fn runs() -> Vec<Vec<&'static str>> {
    let check = |input: &'static str| vec!["check", input, "--snapshot", "org"];
    vec![
        check("assignments.csv"),
        check("assignments-clean.csv"),
        check("rollout.csv"),
        check("undecided.csv"),
        check("hostile.csv"),
        check("strange ::name,%.csv"),
        [
            check("assignments.csv"),
            vec!["--max-findings", "3", "--min-severity", "warning"],
        ]
        .concat(),
        [check("assignments.csv"), vec!["--junit-cases", "rows"]].concat(),
        vec![
            "preflight",
            "--snapshot",
            "org",
            "--integration-user",
            "tess.ingleby@brackenford.example",
            "--reader",
        ],
        vec!["import-check", "--snapshot", "org"],
    ]
}

fn told(sandbox: &Sandbox, arguments: &[&str], format: &str) -> Run {
    sandbox.run(&[arguments, &["--format", format]].concat())
}

#[test]
fn sarif_is_what_the_standard_says() {
    let sandbox = world();
    let schema = Held::to("tests/schemas/sarif-2.1.0.json");
    for arguments in runs() {
        let run = told(&sandbox, &arguments, "sarif");
        let what = arguments.join(" ");
        let log = schema.json(&run.stdout, &what);
        let own = &log["runs"][0];
        assert_eq!(own["invocations"][0]["exitCode"], run.code, "{what}");
        assert_eq!(
            own["invocations"][0]["executionSuccessful"],
            run.code < 2,
            "{what}"
        );
        let rules = own["tool"]["driver"]["rules"].as_array().expect("rules");
        assert!(
            rules.len() > 5,
            "{what}: every rule that ran, not only those that spoke"
        );
        for result in own["results"].as_array().expect("results") {
            let at =
                usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
            assert_eq!(rules[at]["id"], result["ruleId"], "{what}");
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
            assert!(
                !uri.starts_with('/') && !uri.contains(['\\', ' ', ':']) && uri.is_ascii(),
                "{what}: {uri}"
            );
            assert!(
                !result["message"]["text"]
                    .as_str()
                    .expect("a text")
                    .is_empty()
            );
        }
    }
}

#[test]
fn junit_is_what_jenkins_reads() {
    let sandbox = world();
    let schema = Xsd::read("tests/schemas/junit-10.xsd");
    for arguments in runs() {
        let what = arguments.join(" ");
        let run = told(&sandbox, &arguments, "junit");
        let xml = Document::parse(&run.stdout).unwrap_or_else(|error| panic!("{what}: {error}"));
        schema.check(xml.root_element(), &what);
        let suite = xml.root_element().first_element_child().expect("a suite");
        let count = |name| {
            suite
                .attribute(name)
                .and_then(|count| count.parse::<usize>().ok())
        };
        let names: Vec<_> = suite
            .children()
            .filter(|node| node.has_tag_name("testcase"))
            .map(|case| (case.attribute("classname"), case.attribute("name")))
            .collect();
        assert_eq!(count("tests"), Some(names.len()), "{what}");
        assert_eq!(
            names.iter().collect::<BTreeSet<_>>().len(),
            names.len(),
            "{what}: a name stands twice"
        );
        // What the exit code says, the cases say.
        assert_eq!(
            count("failures") > Some(0),
            run.code == 1,
            "{what}: {}",
            run.stderr
        );
        if run.code == 5 {
            assert_eq!(count("errors"), Some(1), "{what}");
        }
    }
}

#[test]
fn code_quality_is_what_gitlab_reads() {
    let sandbox = world();
    let schema = Held::to("tests/schemas/gitlab-code-quality.json");
    for arguments in runs() {
        let what = arguments.join(" ");
        let run = told(&sandbox, &arguments, "gitlab");
        let issues = schema.json(&run.stdout, &what);
        let issues = issues.as_array().expect("an array");
        let prints: BTreeSet<_> = issues
            .iter()
            .map(|issue| issue["fingerprint"].as_str())
            .collect();
        assert_eq!(prints.len(), issues.len(), "{what}");
        assert_eq!(
            issues.iter().any(|issue| issue["severity"] == "major"),
            [1, 5].contains(&run.code),
            "{what}"
        );
    }
}

/// Nothing that a file says is a command to the agent; also not on stderr, and not in the table that is shown by default.
#[test]
fn cells_command_no_agent() {
    let sandbox = world();
    for arguments in runs() {
        for format in ["github", "azure", "table"] {
            let run = told(&sandbox, &arguments, format);
            assert!(run.stdout.len() < 1_000_000, "{}", run.stdout.len());
            for line in run
                .stdout
                .split(['\n', '\r'])
                .chain(run.stderr.split(['\n', '\r']))
            {
                let what = format!("{arguments:?} {format}: {line}");
                let ours = match format {
                    "github" => ["::error ", "::warning ", "::notice "]
                        .iter()
                        .any(|own| line.starts_with(own)),
                    _ => false,
                };
                assert!(ours || !line.trim_start().starts_with("::"), "{what}");
                let rest = match format {
                    "azure" => line
                        .strip_prefix("##vso[task.logissue type=")
                        .unwrap_or(line),
                    _ => line,
                };
                assert!(!rest.contains("##"), "{what}");
            }
        }
    }
}

/// A Markdown table for the summary of the job, added to what other steps wrote.
#[test]
fn github_gets_a_job_summary() {
    let sandbox = world();
    sandbox.write("summary.md", "before\n");
    let summary = sandbox.path("summary.md").to_string_lossy().into_owned();
    let arguments = ["check", "assignments.csv", "--snapshot", "org"];
    let variables = [
        ("GITHUB_STEP_SUMMARY", summary.as_str()),
        ("SFCOMPAT_TODAY", support::DAY),
    ];
    let with = |format: &str| {
        sandbox.run_in(
            "",
            &variables,
            &[&arguments[..], &["--format", format]].concat(),
        )
    };
    assert_eq!(with("table").code, 1);
    assert_eq!(std::fs::read_to_string(&summary).expect("text"), "before\n");
    assert_eq!(with("github").code, 1);
    let text = std::fs::read_to_string(&summary).expect("text");
    let markdown = sandbox
        .run(&[&arguments[..], &["--format", "markdown"]].concat())
        .stdout;
    assert_eq!(text, format!("before\n{markdown}"));
    let gone = [("GITHUB_STEP_SUMMARY", "no/such/folder/summary.md")];
    let run = sandbox.run_in(
        "",
        &gone,
        &[&arguments[..], &["--format", "github"]].concat(),
    );
    assert_eq!(run.code, 6, "{}", run.stderr);
}

/// Whoever publishes names is told so, once.
#[test]
fn who_publishes_names_is_told() {
    let sandbox = world();
    let warned = |arguments: &[&str]| {
        let run =
            sandbox.run(&[&["check", "rollout.csv", "--snapshot", "org"], arguments].concat());
        run.stderr.matches("shows usernames").count()
    };
    assert_eq!(warned(&["--format", "sarif"]), 1);
    assert_eq!(
        warned(&["--output", "github=log.txt", "--output", "azure=azure.txt"]),
        1
    );
    assert_eq!(warned(&["--format", "sarif", "--quiet"]), 0);
    assert_eq!(warned(&["--format", "junit"]), 0);
}

/// Paths begin at the root of the repository, wherever in it the program runs.
#[test]
fn paths_begin_at_the_root_of_the_repository() {
    let sandbox = world();
    std::fs::create_dir_all(sandbox.path(".git")).expect("a folder");
    std::fs::create_dir_all(sandbox.path("hr/lists")).expect("a folder");
    std::fs::copy(
        sandbox.path("rollout.csv"),
        sandbox.path("hr/lists/rollout.csv"),
    )
    .expect("a copy");
    let run = |format: &str| {
        let arguments = [
            "check",
            "lists/rollout.csv",
            "--snapshot",
            "../org",
            "--format",
            format,
        ];
        sandbox
            .run_in("hr", &[("SFCOMPAT_TODAY", support::DAY)], &arguments)
            .stdout
    };
    let log: Value = serde_json::from_str(&run("sarif")).expect("JSON");
    let file =
        &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(file["uri"], "hr/lists/rollout.csv");
    assert!(run("github").contains(" file=hr/lists/rollout.csv,line="));
    assert!(run("azure").contains("sourcepath=hr/lists/rollout.csv;"));
    assert!(run("gitlab").contains("\"path\":\"hr/lists/rollout.csv\""));
}

/// All of them in one run, and the same bytes as one by one.
#[test]
fn one_run_writes_them_all() {
    let sandbox = world();
    let formats = ["sarif", "junit", "github", "azure", "gitlab"];
    let outputs: Vec<String> = formats
        .iter()
        .map(|format| format!("{format}=all.{format}"))
        .collect();
    let mut arguments = vec!["check", "assignments.csv", "--snapshot", "org"];
    let alone = arguments.clone();
    for output in &outputs {
        arguments.extend(["--output", output]);
    }
    for threads in ["1", "3"] {
        assert_eq!(
            sandbox
                .run(&[&arguments[..], &["--threads", threads]].concat())
                .code,
            1
        );
        for format in formats {
            let file =
                std::fs::read_to_string(sandbox.path(&format!("all.{format}"))).expect("a report");
            assert_eq!(file, told(&sandbox, &alone, format).stdout, "{format}");
        }
    }
}

/// A run that comes to nothing says so where the format can; an empty list of results would look like a clean run.
#[test]
fn a_failed_run_is_no_clean_report() {
    let sandbox = world();
    // Nobody listens there.
    let nobody = [
        ("SFCOMPAT_ACCESS_TOKEN", "x"),
        ("SFCOMPAT_INSTANCE_URL", "http://127.0.0.1:1"),
    ];
    let offline: &[&str] = &[
        "check",
        "rollout.csv",
        "--org",
        "prod",
        "--allow-loopback-http",
    ];
    for (arguments, code) in [
        (&["check", "nowhere.csv", "--snapshot", "org"][..], 3),
        (offline, 4),
    ] {
        let outputs = [
            "sarif=r.sarif",
            "junit=r.xml",
            "gitlab=r.json",
            "json=r.report",
        ];
        let mut all = arguments.to_vec();
        for output in outputs {
            all.extend(["--output", output]);
        }
        let run = sandbox.run_in("", &nobody, &[&all[..], &["--format", "github"]].concat());
        assert_eq!(run.code, code, "{}", run.stderr);
        assert!(
            run.stdout.starts_with("::error title=sfcompat check::"),
            "{}",
            run.stdout
        );
        let xml = std::fs::read_to_string(sandbox.path("r.xml")).expect("a report");
        let xml = Document::parse(&xml).expect("XML");
        Xsd::read("tests/schemas/junit-10.xsd").check(xml.root_element(), "a failed run");
        assert_eq!(xml.root_element().attribute("errors"), Some("1"));
        for file in ["r.sarif", "r.json", "r.report"] {
            assert!(!sandbox.path(file).exists(), "{file}");
        }
    }
}

/// Every JSON that the program writes is what its schema says.
#[test]
fn json_is_what_our_schemas_say() {
    let sandbox = world();
    std::fs::copy(
        sample_data().join("okta-log.json"),
        sandbox.path("okta-log.json"),
    )
    .expect("a copy");
    let schema = |name: &str| Held::to(&format!("src/report/schema/{name}.json"));
    let report = schema("report");
    for arguments in runs() {
        report.json(
            &told(&sandbox, &arguments, "json").stdout,
            &arguments.join(" "),
        );
    }
    let rows = told(
        &sandbox,
        &["check", "assignments.csv", "--snapshot", "org", "--rows"],
        "json",
    );
    report.json(&rows.stdout, "--rows");
    let cases: [(&str, &[&str]); 10] = [
        ("seats", &["seats", "rollout.csv", "--snapshot", "org"]),
        ("seats", &["seats", "--snapshot", "org"]),
        ("matrix", &["matrix", "--snapshot", "org"]),
        (
            "matrix",
            &[
                "matrix",
                "--snapshot",
                "org",
                "--by",
                "profile",
                "--only",
                "roles",
            ],
        ),
        (
            "matrix",
            &[
                "matrix",
                "--snapshot",
                "org",
                "--why",
                "Brackenford Sales",
                "Identity",
            ],
        ),
        ("knowledge", &["matrix", "--knowledge"]),
        ("explain", &["explain", "license-seats"]),
        ("explain", &["explain", "--file", "okta-log.json"]),
        (
            "backtest",
            &[
                "explain",
                "--log",
                "okta-log.json",
                "--snapshot",
                "org",
                "--inputs",
                "assignments.csv",
            ],
        ),
        ("rules", &["rules"]),
    ];
    for (name, arguments) in cases {
        let run = told(&sandbox, arguments, "json");
        assert!(!run.stdout.is_empty(), "{arguments:?}: {}", run.stderr);
        schema(name).json(&run.stdout, &arguments.join(" "));
    }
}

/// The lines of jsonl, what `diff`, `recheck` and `waiver list` answer, and the files that runs leave behind.
#[test]
fn lines_answers_and_files_are_what_our_schemas_say() {
    let sandbox = world();
    support::copy_folder(&sandbox.path("org"), &sandbox.path("later"));
    let licenses = sandbox.path("later/UserLicense.csv");
    let text = std::fs::read_to_string(&licenses).expect("licenses");
    std::fs::write(
        &licenses,
        text.replace(",Active,220,157,", ",Active,157,157,"),
    )
    .expect("written");
    sandbox.write(
        "sfcompat.waivers.toml",
        "[[waiver]]\nrule = \"profile-not-found\"\nmatch = { value = \"*\" }\nreason = \"r\"\nowner = \"o\"\ncreated = 2026-11-01\nexpires = 2026-12-31\n",
    );
    let schema = |name: &str| Held::to(&format!("src/report/schema/{name}.json"));
    let jsonl = schema("jsonl");
    for arguments in runs() {
        let more: &[&str] = match arguments[0] {
            "check" => &["--changes", "--rows"],
            _ => &[],
        };
        let run = told(&sandbox, &[&arguments, more].concat(), "jsonl");
        assert!(run.stdout.lines().count() >= 2, "{}", run.stderr);
        for line in run.stdout.lines() {
            jsonl.json(line, &arguments.join(" "));
        }
    }
    let check = ["check", "assignments.csv", "--snapshot", "org"];
    let kept = ["--save-plan", "plan.json", "--evidence", "evidence"];
    assert_eq!(sandbox.run(&[&check[..], &kept].concat()).code, 1);
    let written = ["baseline", "write", "assignments.csv", "--snapshot", "org"];
    let run = sandbox.run(&written);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let person = ["--explain-user", "ilse.maddox@brackenford.example"];
    let answers: [(&str, &[&str]); 6] = [
        ("person", &[&check[..], &person].concat()),
        ("diff", &["diff", "org", "later"]),
        ("diff", &["diff", "org", "later", "--inputs", "rollout.csv"]),
        ("recheck", &["recheck", "plan.json", "--snapshot", "org"]),
        ("recheck", &["recheck", "plan.json", "--snapshot", "later"]),
        ("waivers", &["waiver", "list"]),
    ];
    for (name, arguments) in answers {
        let run = told(&sandbox, arguments, "json");
        assert!(!run.stdout.is_empty(), "{arguments:?}: {}", run.stderr);
        let value = schema(name).json(&run.stdout, &arguments.join(" "));
        assert!(value["schema"].is_string(), "{name}: {value}");
    }
    let read = |name: &str| std::fs::read_to_string(sandbox.path(name)).expect("a file");
    schema("plan").json(&read("plan.json"), "plan.json");
    schema("evidence").json(&read("evidence/manifest.json"), "evidence");
    let baseline = schema("baseline");
    let lines = read("sfcompat.baseline.jsonl");
    assert!(lines.lines().count() > 2, "{lines}");
    for line in lines.lines() {
        baseline.json(line, "baseline");
    }
    // A schema that takes everything would show nothing.
    for (name, wrong) in [
        ("jsonl", "{}"),
        ("person", "{\"schema\":\"sfcompat-person/1\"}"),
        ("diff", "{\"schema\":\"sfcompat-diff/1\"}"),
        (
            "plan",
            "{\"schema\":\"sfcompat-plan/1\",\"sha256\":\"\",\"plan\":{}}",
        ),
        ("recheck", "{}"),
        ("evidence", "{}"),
        ("waivers", "{}"),
        ("baseline", "{\"rule\":1}"),
        ("snapshot", "{\"objects\":[]}"),
    ] {
        assert!(!schema(name).takes(wrong), "{name} takes {wrong}");
    }
}

#[test]
fn schemas_are_printed_and_written() {
    let sandbox = Sandbox::new();
    let list = sandbox.run(&["generate", "schema"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    let run = sandbox.run(&["generate", "schema", "-o", "schemas"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut names = 0;
    for file in std::fs::read_dir(sandbox.path("schemas")).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(list.stdout.contains(&name), "{name}");
        let printed = sandbox.run(&["generate", "schema", &name]).stdout;
        assert_eq!(printed, std::fs::read_to_string(&path).expect("text"));
        names += 1;
    }
    assert!(names >= 17, "{names}");
    let run = sandbox.run(&["generate", "schema", "poem"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn manual_pages_cover_every_command() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", "man", "-o", "man"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let main = sandbox.run(&["generate", "man"]).stdout;
    assert!(
        main.starts_with(".ie") && main.contains(".TH sfcompat 1"),
        "{main}"
    );
    for command in [
        "check",
        "matrix",
        "seats",
        "preflight",
        "import-check",
        "explain",
        "pull",
        "rules",
        "login",
        "config",
        "config-show",
        "generate-man",
    ] {
        let page = std::fs::read_to_string(sandbox.path(&format!("man/sfcompat-{command}.1")))
            .expect("a page");
        assert!(
            page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"),
            "{command}"
        );
        assert_eq!(
            sandbox.run(&["generate", "man", command]).stdout,
            page,
            "{command}"
        );
        if !command.contains('-') {
            assert!(
                main.contains(&format!("sfcompat\\-{command}(1)")),
                "{command}"
            );
        }
    }
    assert_eq!(sandbox.run(&["generate", "man", "poem"]).code, 2);
}

/// Each shell that is at hand reads its completions; all of them name every command.
#[test]
fn completions_are_read_by_their_shells() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "nushell", "powershell", "zsh"] {
        let run = sandbox.run(&["generate", "completions", shell]);
        assert_eq!(run.code, 0, "{shell}: {}", run.stderr);
        for word in [
            "check",
            "preflight",
            "import-check",
            "--snapshot",
            "min-severity",
        ] {
            assert!(run.stdout.contains(word), "{shell} lacks {word}");
        }
        sandbox.write(shell, &run.stdout);
        let program = match shell {
            "bash" | "zsh" | "fish" => shell,
            _ => continue,
        };
        let read = std::process::Command::new(program)
            .arg("-n")
            .arg(sandbox.path(shell))
            .output();
        match read {
            Ok(read) => assert!(
                read.status.success(),
                "{shell}: {}",
                String::from_utf8_lossy(&read.stderr)
            ),
            Err(_) => eprintln!("left out: there is no {shell}"),
        }
    }
    assert_eq!(sandbox.run(&["generate", "completions", "tcsh"]).code, 2);
}

/// `diff`, `matrix` and `seats` write further forms too, and stdout is the same as without them.
#[test]
fn other_answers_go_to_files_too() {
    let sandbox = world();
    support::copy_folder(&sandbox.path("org"), &sandbox.path("later"));
    let answers: [&[&str]; 4] = [
        &["diff", "org", "later"],
        &["matrix", "--snapshot", "org"],
        &["matrix", "--knowledge"],
        &["seats", "rollout.csv", "--snapshot", "org"],
    ];
    for arguments in answers {
        let alone = sandbox.run(arguments);
        let files = [
            "--output",
            "csv=out.csv",
            "-o",
            "json=out.json",
            "--output",
            "markdown=out.md",
        ];
        let run = sandbox.run(&[arguments, &files].concat());
        assert_eq!(
            (run.code, &run.stdout),
            (alone.code, &alone.stdout),
            "{arguments:?}: {}",
            run.stderr
        );
        for (format, file) in [("csv", "out.csv"), ("markdown", "out.md")] {
            let text = std::fs::read_to_string(sandbox.path(file)).expect("a file");
            assert!(!text.is_empty());
            assert_eq!(
                text,
                told(&sandbox, arguments, format).stdout,
                "{arguments:?} {format}"
            );
        }
        let json = std::fs::read_to_string(sandbox.path("out.json")).expect("a file");
        assert!(serde_json::from_str::<Value>(&json).is_ok_and(|value| value.is_object()));
        // A place that cannot be written is told before anything else, and no file is left behind.
        std::fs::remove_file(sandbox.path("out.csv")).expect("removed");
        let bad = ["--output", "csv=out.csv", "--output", "json=gone/out.json"];
        let run = sandbox.run(&[arguments, &bad].concat());
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{}", run.stderr);
        assert!(!sandbox.path("out.csv").exists());
        for wrong in ["sarif=x", "json", "json=", "json=-"] {
            let run = sandbox.run(&[arguments, &["--output", wrong]].concat());
            assert_eq!(run.code, 2, "{wrong}: {}", run.stderr);
        }
    }
    let why = [
        "matrix",
        "--snapshot",
        "org",
        "--why",
        "Brackenford Sales",
        "Identity",
    ];
    assert_eq!(
        sandbox
            .run(&[&why[..], &["--output", "csv=why.csv"]].concat())
            .code,
        2
    );
    assert_eq!(
        sandbox
            .run(&[&why[..], &["--output", "json=why.json"]].concat())
            .code,
        0
    );
    assert!(sandbox.path("why.json").exists());
}
