//! Recorded answers of real orgs, read by our client; the recordings lie beside the project.
#![cfg(feature = "net")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::api::{Client, Describe, Error, Org, Page, Usage, Version, count_of};
use sfcompat::auth::{self, Connection, Surroundings};
use sfcompat::net::{Clock, Hosts, Secret};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use support::shared;

fn recorded(path: &str) -> Option<Vec<u8>> {
    let path: PathBuf = shared("fixtures/rest")?.join(path);
    Some(std::fs::read(path).expect("a recording"))
}

/// The value of the n-th `string:` of a cassette, which YAML writes as JSON does, but for folded lines.
fn cassette(path: &str, n: usize) -> Option<String> {
    let text = String::from_utf8(recorded(path)?).expect("text");
    let start = text.match_indices("string:").nth(n).expect("a body").0 + "string:".len();
    let rest = text[start..]
        .trim_start()
        .strip_prefix('"')
        .expect("a quoted string");
    let mut end = 0;
    while !rest[end..].starts_with('"') {
        end += if rest[end..].starts_with('\\') {
            2
        } else {
            rest[end..].chars().next().expect("more").len_utf8()
        };
    }
    // A line that ends in a backslash goes on; a backslash before the first letter keeps its blank.
    let mut joined = String::new();
    for line in rest[..end].split('\n') {
        let line = line.trim_start().trim_end();
        let line = line
            .strip_prefix("\\ ")
            .map_or(line.to_owned(), |line| format!(" {line}"));
        match line.strip_suffix('\\') {
            Some(line) if !line.ends_with('\\') => joined += line,
            _ => {
                joined += &line;
                joined.push(' ');
            }
        }
    }
    Some(serde_json::from_str(&format!("\"{}\"", joined.trim_end())).expect("a string"))
}

/// Gives these answers, one to each connection, whatever is asked.
fn server(answers: Vec<(u16, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !request.windows(4).any(|four| four == b"\r\n\r\n") {
                let got = stream.read(&mut piece).expect("a request");
                request.extend_from_slice(&piece[..got]);
            }
            let answer = format!(
                "HTTP/1.1 {status} X\r\nContent-Type: application/json;charset=UTF-8\r\nSforce-Limit-Info: api-usage=18/15000\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).expect("written");
        }
    });
    address
}

fn connection(address: String) -> Connection {
    let around = Surroundings {
        hosts: Hosts::with_loopback_http(),
        access_token: Some(Secret::new(String::from("00D000000000001!AQ.test"))),
        instance_url: Some(address),
        ..Surroundings::default()
    };
    auth::open(None, &around).expect("a connection")
}

/// Two questions at once to an org that gives these answers.
fn ask_two(answers: Vec<(u16, String)>) -> (Result<Vec<u8>, Error>, Result<Vec<u8>, Error>) {
    let connection = connection(server(answers));
    let clock = Clock::manual("2026-11-21T06:00:00Z".parse().expect("a moment"));
    let org = Org::new(Client::new(&connection, clock, None), Version(65));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        // The other places are taken, so that both questions go together.
        let describe = |object: &str| org.path(&format!("sobjects/{object}/describe"));
        let (one, other) = tokio::join!(org.get(describe("Account")), org.get(describe("XYZZY")));
        (
            one.map(|body| body.to_vec()),
            other.map(|body| body.to_vec()),
        )
    })
}

#[test]
fn pages_of_real_orgs_are_read() {
    let columns = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let base = "restforce__restforce/spec/fixtures/sobject";
    let Some(first) = recorded(&format!("{base}/query_paginated_first_page_response.json")) else {
        return;
    };
    let page = Page::parse(
        "/services/data/v26.0/query",
        &first,
        &columns(&["Text_Label"]),
    )
    .expect("a page");
    assert_eq!(
        (page.total, page.done, page.next.as_deref()),
        (2, false, Some("/services/data/v26.0/query/01gD"))
    );
    assert_eq!(page.records[0].get(0), Some(&b"First Page"[..]));
    let last =
        recorded(&format!("{base}/query_paginated_last_page_response.json")).expect("recorded");
    let page = Page::parse("x", &last, &columns(&["Text_Label"])).expect("a page");
    assert!(page.done && page.next.is_none());
    let whole = recorded(&format!("{base}/query_success_response.json")).expect("recorded");
    let page = Page::parse(
        "x",
        &whole,
        &columns(&["Checkbox_Label", "DateTime_Label", "ParentWhizbang__r.Name"]),
    )
    .expect("a page");
    let cells: Vec<&[u8]> = page.records[0].iter().collect();
    assert_eq!(
        cells,
        [
            &b"false"[..],
            b"2011-07-07T00:37:00.000+0000",
            b"Parent Whizbang"
        ]
    );
    let empty = recorded(&format!("{base}/query_empty_response.json")).expect("recorded");
    assert_eq!(count_of(&empty).expect("a count"), 0);
    let org = recorded(&format!("{base}/org_query_response.json")).expect("recorded");
    let page = Page::parse("x", &org, &columns(&["Id"])).expect("a page");
    assert_eq!(page.records[0].get(0), Some(&b"00Dx0000000BV7z"[..]));
}

#[test]
fn describes_of_real_orgs_are_read() {
    let path = "developerforce__Force.com-Toolkit-for-NET/tests/ForceToolkitForNET.Tests/KnownGoodContent/UserObjectDescribeMetadata.json";
    let Some(body) = recorded(path) else {
        return;
    };
    let describe = Describe::parse("User", &body).expect("a describe");
    let username = describe.field("username").expect("a field");
    assert!(username.createable && username.nillable == Some(false));
    let folder = shared("fixtures/rest/salesforce-experiencecloud__lwrfileupload/describe")
        .expect("recorded");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let body = std::fs::read(entry.expect("an entry").path()).expect("a file");
        assert!(
            !Describe::parse("X", &body)
                .expect("a describe")
                .fields
                .is_empty()
        );
        read += 1;
    }
    assert!(read >= 20);
}

#[test]
fn composites_of_a_real_org_are_dealt_out() {
    let base = "SFDO-Tooling__CumulusCI/cumulusci/utils/salesforce/tests/cassettes";
    let Some(body) = cassette(
        &format!("{base}/TestCountSObjects.test_count_sobjects__errors.yaml"),
        0,
    ) else {
        return;
    };
    let body = body.replace("refAccount", "r0").replace("refXYZZY", "r1");
    let (one, other) = ask_two(vec![(200, body)]);
    assert_eq!(count_of(&one.expect("a part")).expect("a count"), 17);
    let error = other.expect_err("no such object");
    let fault = error.fault().expect("a fault");
    assert_eq!((fault.status, fault.code.as_str()), (400, "INVALID_TYPE"));
    assert!(
        fault
            .message
            .contains("sObject type 'XYZZY' is not supported")
    );
}

#[test]
fn refusals_of_real_orgs_are_told_apart() {
    let Some(expired) =
        recorded("restforce__restforce/spec/fixtures/expired_session_response.json")
    else {
        return;
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    // The token of the environment cannot be renewed.
    let (one, other) = ask_two(vec![(401, text(expired))]);
    assert!(matches!(one, Err(Error::Login(_))) && matches!(other, Err(Error::Login(_))));
    // A 500 with nothing in it, recorded, is asked for twice more; then the run ends.
    let (one, _) = ask_two(vec![
        (500, String::new()),
        (500, String::new()),
        (500, String::new()),
    ]);
    assert!(
        matches!(
            one,
            Err(Error::Unavailable {
                status: 500,
                attempts: 3,
                ..
            })
        ),
        "{one:?}"
    );
    assert_eq!(
        Usage::parse("api-usage=18/15000").map(Usage::left),
        Some(14_982)
    );
}
