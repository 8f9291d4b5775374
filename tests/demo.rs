//! `sfcompat demo`: an org for everybody who has none.

#![cfg(feature = "demo")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use support::Sandbox;

#[test]
fn the_whole_way_is_gone_in_one_command() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["demo", "--run"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let steps: Vec<&str> = run
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("== "))
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(steps, ["login", "pull", "matrix", "check"]);
    assert!(run.stderr.contains(" 0 of them writing"), "{}", run.stderr);
    assert!(
        run.stdout
            .contains("Compatibility matrix of Brackenford Instruments")
    );
    assert!(run.stdout.contains("error[profile-not-found]"));
    assert!(run.stdout.contains("66 rows: "));
    assert!(
        run.reason().starts_with("sfcompat: exit 1: "),
        "{}",
        run.reason()
    );
}

/// What a request gets, as text.
fn asked(port: &str, path: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("a connection");
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn what_it_prints_is_what_to_type_next() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sfcompat"))
        .args(["demo", "--port", "0", "--log"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a running org");
    let out = BufReader::new(child.stdout.take().expect("stdout"));
    let mut lines = Vec::new();
    for line in out.lines() {
        let line = line.expect("text");
        let last = line.starts_with("curl ");
        lines.push(line);
        if last {
            break;
        }
    }
    let value = |name: &str| {
        let start = format!("export {name}=");
        let line = lines.iter().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("no {name}: {lines:?}"))
            .trim_matches('\'')
            .to_owned()
    };
    let (url, token) = (
        value("SFCOMPAT_INSTANCE_URL"),
        value("SFCOMPAT_ACCESS_TOKEN"),
    );
    let port = url.rsplit(':').next().expect("a port");
    let answer = asked(
        port,
        "/services/data/v65.0/query?q=SELECT+COUNT()+FROM+User",
        &token,
    );
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"totalSize\":426"),
        "{answer}"
    );
    assert!(asked(port, "/services/data/v65.0/limits", "wrong").contains("INVALID_SESSION_ID"));
    let mut log = BufReader::new(child.stderr.take().expect("stderr")).lines();
    let first = log.next().expect("a line").expect("text");
    assert_eq!(
        first,
        "200 GET /services/data/v65.0/query  SELECT COUNT() FROM User"
    );
    child.kill().expect("ended");
    child.wait().expect("ended");
}

#[test]
fn what_cannot_start_says_why() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("empty")).expect("a folder");
    sandbox.write("bad.toml", "latency = 3\n");
    sandbox.write(
        "broken/User.csv",
        "Id,Username\n005000000000001,a\nnonsense,b\n",
    );
    let said = |arguments: &[&str]| {
        let run = sandbox.run(arguments);
        (run.code, run.reason().to_owned())
    };
    let (code, reason) = said(&["demo", "--snapshot", "empty"]);
    assert!(
        code == 3 && reason.contains("no snapshot folder"),
        "{reason}"
    );
    let (code, reason) = said(&["demo", "--scenario", "bad.toml"]);
    assert!(code == 2 && reason.contains("latency"), "{reason}");
    let (code, reason) = said(&["demo", "--snapshot", "broken"]);
    assert!(
        code == 3 && reason.contains("`nonsense` is no record id"),
        "{reason}"
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let (code, reason) = said(&["demo", "--port", &port]);
    assert!(code == 2 && reason.contains("--port"), "{reason}");
}
