//! What every test needs: a folder of its own, the binary, an environment without surprises, a fixed day.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a crate of its own and uses its own part"
)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::must_use_candidate,
    clippy::new_without_default,
    reason = "a test that cannot go on ends and says why"
)]

mod small_org;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The day on which all tests run, unless a test says otherwise.
pub const DAY: &str = "2026-11-21";

/// The sample org that documentation, demo and tests speak of.
pub fn sample_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data")
}

/// Test material beside the project; `None` (with the reason on stderr) where it is not there.
pub fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(part);
    if path.exists() {
        return Some(path);
    }
    eprintln!("left out: ../shared/{part} is not beside the project");
    None
}

/// A temporary folder in which a test runs the program.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A sandbox with a copy of the sample org in `org/`.
    pub fn with_org() -> Self {
        let sandbox = Self::new();
        copy_folder(&sample_data().join("org"), &sandbox.path("org"));
        sandbox
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("inside the sandbox")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }

    /// Runs the program in the sandbox, with a scrubbed environment.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.command(arguments).into()
    }

    /// The report of a check of the folder `org`, with the changes and the verdict of each row.
    pub fn judge(&self, arguments: &[&str]) -> serde_json::Value {
        let check = [
            "check",
            "--snapshot",
            "org",
            "--changes",
            "--rows",
            "-f",
            "json",
        ];
        self.run(&[&check[..], arguments].concat()).report()
    }

    /// Runs the program in a folder of the sandbox, with these variables in its environment.
    pub fn run_in(&self, folder: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut command = self.prepare(arguments);
        command
            .current_dir(self.path(folder))
            .envs(variables.iter().copied())
            .stdin(std::process::Stdio::null());
        command.output().expect("the program starts").into()
    }

    /// Runs the program with something on its standard input.
    pub fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Run {
        use std::io::Write;
        use std::process::Stdio;
        let mut child = self
            .prepare(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // A program that refuses its input may close it early; that is its right.
        let _ = child.stdin.take().expect("piped").write_all(stdin);
        child.wait_with_output().expect("the program ends").into()
    }

    /// Runs the program with a stdout that nobody reads.
    pub fn run_closed(&self, arguments: &[&str]) -> Run {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        self.prepare(arguments)
            .stdin(std::process::Stdio::null())
            .stdout(writer)
            .output()
            .expect("the program starts")
            .into()
    }

    /// Runs the program with its stdout in a file.
    pub fn run_into(&self, arguments: &[&str], file: &Path) -> Run {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(file)
            .expect("a file");
        self.prepare(arguments)
            .stdin(std::process::Stdio::null())
            .stdout(file)
            .output()
            .expect("the program starts")
            .into()
    }

    /// The program with its arguments, not started yet.
    pub fn prepare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sfcompat"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("NO_COLOR", "1")
            .env("SFCOMPAT_TODAY", DAY);
        command
    }

    fn command(&self, arguments: &[&str]) -> Output {
        self.prepare(arguments)
            .stdin(std::process::Stdio::null())
            .output()
            .expect("the program starts")
    }
}

/// How a run of the program ended.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal"),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

impl Run {
    /// The JSON report on stdout.
    pub fn report(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "no JSON report ({error}); code {}, stderr: {}",
                self.code, self.stderr
            )
        })
    }

    /// Findings as `ROW:COLUMN rule`, in the order of the report.
    pub fn findings(&self) -> Vec<String> {
        let report = self.report();
        report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|finding| {
                let row = finding["row"]
                    .as_u64()
                    .map_or(String::from("-"), |row| row.to_string());
                format!(
                    "{row}:{} {}",
                    finding["column"].as_str().unwrap_or(""),
                    finding["rule"].as_str().expect("a rule")
                )
            })
            .collect()
    }

    /// The last line of stderr: the reason of the exit code.
    pub fn reason(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::write(&target, std::fs::read(entry.path()).expect("readable"))
                .expect("writable");
        }
    }
}
