//! `sfcompat pull` and `--org` as people run them: exit codes, lines on stderr, kills at any moment, a full disk.
#![cfg(feature = "demo")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::demo::{Builder, FakeOrg};
use sfcompat::snapshot::manifest::Manifest;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::{Run, Sandbox, sample_data};

fn org(change: impl FnOnce(Builder) -> Builder) -> FakeOrg {
    change(FakeOrg::builder(sample_data().join("org")))
        .start()
        .expect("a fake org")
}

/// What a login by token is told.
fn variables(org: &FakeOrg) -> Vec<(&'static str, String)> {
    vec![
        ("SFCOMPAT_ACCESS_TOKEN", org.access_token()),
        ("SFCOMPAT_INSTANCE_URL", org.base_url()),
        ("SFCOMPAT_ALLOW_LOOPBACK_HTTP", String::from("1")),
        ("SFCOMPAT_TODAY", String::from(support::DAY)),
        ("NO_COLOR", String::from("1")),
    ]
}

fn program(home: &Sandbox, org: &FakeOrg, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sfcompat"));
    command
        .args(arguments)
        .current_dir(home.path("."))
        .env_clear()
        .envs(variables(org))
        .stdin(Stdio::null());
    command
}

fn run(home: &Sandbox, org: &FakeOrg, arguments: &[&str]) -> Run {
    program(home, org, arguments)
        .output()
        .expect("the program starts")
        .into()
}

/// What the schema of `sfcompat generate schema snapshot` has against a manifest.
fn fault(manifest: &str) -> Option<String> {
    let schema = sfcompat::report::schema::by_name("snapshot").expect("a schema");
    let schema = serde_json::from_str(schema.text).expect("JSON");
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("schema.json", schema).expect("added");
    let index = compiler
        .compile("schema.json", &mut schemas)
        .expect("compiled");
    let manifest = serde_json::from_str(manifest).expect("JSON");
    let held = schemas.validate(&manifest, index);
    held.err().map(|error| format!("{error:#}"))
}

/// Whether a folder is a snapshot of which every file is the one that its manifest speaks of.
fn is_whole(dir: &Path) -> bool {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    let text = std::fs::read_to_string(dir.join("manifest.json")).expect("a manifest");
    let manifest = Manifest::parse("manifest.json", &text).expect("a manifest");
    assert_eq!(fault(&text), None);
    manifest
        .objects
        .iter()
        .filter(|(_, entry)| entry.sha256.is_some())
        .all(|(name, entry)| {
            let bytes = std::fs::read(dir.join(format!("{name}.csv"))).unwrap_or_default();
            let hash = sha2::Sha256::digest(&bytes)
                .iter()
                .fold(String::new(), |mut text, byte| {
                    write!(text, "{byte:02x}").expect("a string");
                    text
                });
            entry.sha256.as_deref() == Some(hash.as_str())
        })
}

#[test]
fn a_pull_tells_each_object_and_the_requests() {
    let home = Sandbox::new();
    let org = org(|org| org);
    let done = run(&home, &org, &["pull", "-o", "org"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(
        done.stderr.contains("User: 426 records in 1 page\n"),
        "{}",
        done.stderr
    );
    assert!(
        done.stderr
            .contains("PermissionDependency: 18 records in 1 page, Tooling API\n"),
        "{}",
        done.stderr
    );
    assert!(
        done.reason().contains("API requests, written to org"),
        "{}",
        done.reason()
    );
    assert!(is_whole(&home.path("org")) && done.stdout.is_empty());
    let again = run(
        &home,
        &org,
        &["pull", "-o", "org", "--since-last", "--quiet"],
    );
    assert_eq!(
        (again.code, again.stderr.lines().count()),
        (0, 1),
        "{}",
        again.stderr
    );
}

#[test]
fn an_org_is_judged_as_its_snapshot() {
    let home = Sandbox::new();
    let org = org(|org| org);
    for file in ["assignments.csv", "rollout.csv"] {
        std::fs::copy(sample_data().join(file), home.path(file)).expect("copied");
        let pulled = run(&home, &org, &["pull", "-o", "org", "--inputs", file]);
        assert_eq!(pulled.code, 0, "{}", pulled.stderr);
        for format in ["csv", "jsonl"] {
            let live = run(
                &home,
                &org,
                &["check", file, "--org", "any", "--format", format],
            );
            let folder = run(
                &home,
                &org,
                &["check", file, "--snapshot", "org", "--format", format],
            );
            assert!(!live.stdout.is_empty());
            // The head of jsonl tells the command and the moment.
            let findings = |run: &Run| {
                run.stdout
                    .lines()
                    .filter(|line| !line.contains("\"schema\""))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                (findings(&live), live.code, &live.stderr),
                (findings(&folder), folder.code, &folder.stderr),
                "{file}"
            );
        }
    }
    for command in ["matrix", "seats"] {
        let live = run(&home, &org, &[command, "--org", "any", "--format", "csv"]);
        let folder = run(
            &home,
            &org,
            &[command, "--snapshot", "org", "--format", "csv"],
        );
        assert_eq!(
            (live.stdout, live.code),
            (folder.stdout, folder.code),
            "{command}"
        );
    }
    let both = run(
        &home,
        &org,
        &["matrix", "--org", "any", "--snapshot", "org"],
    );
    assert_eq!(both.code, 2);
    assert!(
        both.reason().contains("not two of them"),
        "{}",
        both.reason()
    );
}

#[test]
fn each_way_to_fail_has_its_code() {
    let home = Sandbox::new();
    let sound = org(|org| org);
    home.write("notes/diary.txt", "mine");
    home.write("file", "not a folder");
    let cases: [(&[&str], i32, &str); 5] = [
        (&["pull", "-o", "x", "--objects", "Usr"], 2, "nearest: User"),
        (&["pull", "-o", "notes"], 2, "diary.txt"),
        (
            &["pull", "-o", "x", "--since-last"],
            2,
            "pull without --since-last first",
        ),
        (&["pull", "-o", "file/x"], 6, "file"),
        (
            &["pull", "-o", "x", "--max-api-calls", "5"],
            5,
            "--max-api-calls",
        ),
    ];
    for (arguments, code, text) in cases {
        let done = run(&home, &sound, arguments);
        assert_eq!(done.code, code, "{arguments:?}: {}", done.stderr);
        assert!(
            done.reason().contains(text),
            "{arguments:?}: {}",
            done.reason()
        );
        assert!(!home.path("x").exists());
    }
    let disabled = org(Builder::api_disabled);
    let done = run(&home, &disabled, &["pull", "-o", "x"]);
    assert_eq!(done.code, 4, "{}", done.stderr);
    let mut refused = program(&home, &sound, &["pull", "-o", "x"]);
    refused.env_remove("SFCOMPAT_ALLOW_LOOPBACK_HTTP");
    let done: Run = refused.output().expect("the program starts").into();
    assert_eq!(done.code, 2, "{}", done.stderr);
    let other = FakeOrg::builder(sample_data().join("org"))
        .start()
        .expect("an org");
    let mut stale = program(&home, &sound, &["pull", "-o", "x"]);
    stale.env(
        "SFCOMPAT_ACCESS_TOKEN",
        "00D7R000000FqP2!AQ.nobody_ever_gave_this_token_to_anyone",
    );
    drop(other);
    let done: Run = stale.output().expect("the program starts").into();
    assert_eq!(done.code, 4, "{}", done.stderr);
}

/// A file that may not grow stands for a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_snapshot_and_no_litter() {
    let home = Sandbox::new();
    let org = org(|org| org);
    assert_eq!(run(&home, &org, &["pull", "-o", "org"]).code, 0);
    let before = std::fs::read(home.path("org/manifest.json")).expect("a manifest");
    let script = format!(
        "trap '' XFSZ; ulimit -f 40; exec '{}' pull -o org --quiet",
        env!("CARGO_BIN_EXE_sfcompat")
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", &script])
        .current_dir(home.path("."))
        .env_clear()
        .envs(variables(&org));
    let done: Run = command.output().expect("a shell").into();
    assert_eq!(done.code, 6, "{}", done.stderr);
    assert_eq!(
        std::fs::read(home.path("org/manifest.json")).expect("a manifest"),
        before
    );
    assert_eq!(
        std::fs::read_dir(home.path(".")).expect("a folder").count(),
        1
    );
}

/// SIGKILL at any moment: what lies under the name is the snapshot before or the one after, never a half.
#[cfg(unix)]
#[test]
fn a_killed_pull_leaves_no_half_snapshot() {
    let home = Sandbox::new();
    let org = org(|org| org.page_size(100).latency(Duration::from_millis(2)));
    let started = Instant::now();
    assert_eq!(
        run(&home, &org, &["pull", "-o", "first", "--quiet"]).code,
        0
    );
    let mut whole = started.elapsed();
    let (mut killed, mut ended) = (0, 0);
    for n in 0..50_u32 {
        // The last ones are killed about when the folder takes its place.
        let share = if n % 2 == 0 {
            f64::from(n) / 50.0
        } else {
            0.8 + f64::from(n) / 150.0
        };
        let mut child = program(&home, &org, &["pull", "-o", "org", "--quiet"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(whole.mul_f64(share));
        child.kill().expect("killed");
        if child.wait().expect("ended").code().is_some() {
            // It was quicker than thought.
            ended += 1;
            whole = whole.mul_f64(0.8);
        } else {
            killed += 1;
        }
        if home.path("org").exists() {
            assert!(is_whole(&home.path("org")), "kill {n}");
        }
    }
    assert!(killed >= 20, "{killed} killed, {ended} ended");
    assert_eq!(run(&home, &org, &["pull", "-o", "org", "--quiet"]).code, 0);
    assert!(is_whole(&home.path("org")));
    let left: Vec<_> = std::fs::read_dir(home.path("."))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert!(left.len() <= 3, "{left:?}");
}
