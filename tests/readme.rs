//! Every command block of the README is executed: what stands below a command is what the program says.
//!
//! `BLESS=1 cargo test --test readme` writes the present output into the README, to be read before it is committed.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use support::{Sandbox, copy_folder, sample_data};

/// A command with the output that the README promises.
struct Step {
    command: String,
    output: String,
    /// Lines of the README that hold the output.
    lines: std::ops::Range<usize>,
}

fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for (n, line) in readme.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            inside = !inside && matches!(info, "console" | "sh");
            continue;
        }
        if !inside {
            continue;
        }
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                output: String::new(),
                lines: n + 1..n + 1,
            });
        } else if let Some(step) = steps.last_mut().filter(|step| step.lines.end == n) {
            step.output.push_str(line);
            step.output.push('\n');
            step.lines.end = n + 1;
        } else {
            // A block without a prompt: one command on each line, whose output is not shown.
            steps.push(Step {
                command: line.to_owned(),
                output: String::from("...\n"),
                lines: n + 1..n + 1,
            });
        }
    }
    steps
}

/// Splits a command line as a shell does, as far as the README needs it: words, and quotes around them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut open) = (String::new(), None, false);
    for letter in line.chars() {
        match (quote, letter) {
            (Some(mark), _) if mark == letter => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                open = true;
            }
            (None, ' ') => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                    open = false;
                }
            }
            _ => word.push(letter),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Line by line; a promised line `...` takes any number of given ones.
fn fits(promised: &[&str], given: &[&str]) -> bool {
    match (promised.split_first(), given.split_first()) {
        (None, None) => true,
        (Some((&"...\n", rest)), _) => (0..=given.len()).any(|n| fits(rest, &given[n..])),
        (Some((line, rest)), Some((other, others))) => line == other && fits(rest, others),
        _ => false,
    }
}

/// Whether the output is the promised one; a line `...` stands for any lines.
fn matches(promised: &str, given: &str) -> bool {
    let parts: Vec<&str> = promised.split_inclusive('\n').collect();
    let given: Vec<&str> = given.split_inclusive('\n').collect();
    fits(&parts, &given)
}

#[test]
fn every_command_block_is_true() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let steps = steps(&readme);
    assert!(
        steps.len() >= 5,
        "the README shows {} commands",
        steps.len()
    );
    let sandbox = Sandbox::new();
    copy_folder(&sample_data(), &sandbox.path("sample-data"));
    let mut last_code = 0;
    let mut wrong = Vec::new();
    let mut lines: Vec<String> = readme.lines().map(str::to_owned).collect();
    for step in steps.iter().rev().collect::<Vec<_>>().into_iter().rev() {
        let given = match words(&step.command)
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .as_slice()
        {
            // These two run this very test, and what it runs in; the gate calls them.
            ["cargo", "test"] | ["cargo", "install", "--path", "."] => continue,
            ["echo", "$?"] => format!("{last_code}\n"),
            ["cat", file] => std::fs::read_to_string(sandbox.path(file))
                .expect("a file that a command before it wrote"),
            ["cargo", "run", "--release", "--", arguments @ ..] | ["sfcompat", arguments @ ..] => {
                let run = sandbox.run(arguments);
                last_code = run.code;
                run.stdout + &run.stderr
            }
            other => panic!("the README shows a command that no test executes: {other:?}"),
        };
        if !matches(&step.output, &given) {
            wrong.push(format!(
                "$ {}\n--- README\n{}--- program\n{given}",
                step.command, step.output
            ));
        }
    }
    if std::env::var_os("BLESS").is_some() {
        bless(&mut lines, &steps, &sandbox);
        std::fs::write(&path, lines.join("\n") + "\n").expect("README.md can be written");
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Puts the present output below each command whose output is shown in full.
fn bless(lines: &mut Vec<String>, steps: &[Step], sandbox: &Sandbox) {
    for step in steps
        .iter()
        .rev()
        .filter(|step| !step.output.lines().any(|line| line == "..."))
    {
        let words = words(&step.command);
        let arguments = match words
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .as_slice()
        {
            ["cargo", "run", "--release", "--", rest @ ..] | ["sfcompat", rest @ ..] => {
                rest.iter().map(ToString::to_string).collect::<Vec<_>>()
            }
            _ => continue,
        };
        let run = sandbox.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        lines.splice(
            step.lines.clone(),
            (run.stdout + &run.stderr).lines().map(str::to_owned),
        );
    }
}

/// The workflows that the README shows run the program with arguments that it takes, and end as it says.
#[test]
fn every_workflow_runs() {
    let readme =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
            .expect("README.md");
    let sandbox = Sandbox::with_org();
    let file = std::fs::read(sample_data().join("assignments.csv")).expect("a sample");
    sandbox.write("hr/assign.csv", file);
    let mut inside = false;
    let mut commands = Vec::new();
    for line in readme.lines() {
        if let Some(info) = line.strip_prefix("```") {
            inside = matches!(info, "yaml" | "groovy");
        } else if let (true, Some(at)) = (inside, line.find("sfcompat check hr/assign.csv ")) {
            commands.push(line[at..].trim_end_matches(['\'', '"']).to_owned());
        }
    }
    assert_eq!(commands.len(), 4, "{commands:?}");
    for command in commands {
        let words = words(&command);
        let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let run = sandbox.run(&arguments);
        assert_eq!(run.code, 1, "{command}: {}", run.stderr);
        for target in arguments.iter().filter_map(|word| word.split_once('=')) {
            assert!(sandbox.path(target.1).exists(), "{command}: {}", target.1);
        }
    }
}
