//! What goes over the wire, byte by byte.

use super::{Caller, exchange, head, started};
use crate::demo::{Effect, Endpoint, FakeOrg, Fault};
use std::io::Read;
use std::time::{Duration, Instant};

const QUERY: &str = "/services/data/v65.0/query?q=SELECT+Id,Username+FROM+User";

#[test]
fn answers_are_packed_where_the_client_asks_for_it() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let plain = caller.get(QUERY);
    let packed = caller.get_with(QUERY, &[("accept-encoding", "gzip, deflate")]);
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(
        plain.header("content-type"),
        Some("application/json;charset=UTF-8")
    );
    assert!(plain.header("date").is_some());
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 3 < plain.body.len());
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice())
        .read_to_end(&mut text)
        .expect("gzip");
    assert_eq!(text, plain.body);
}

#[test]
fn long_addresses_are_refused() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let soql = |blanks: usize| format!("{QUERY}{}", "+".repeat(blanks));
    assert_eq!(caller.get(&soql(15_000)).status, 200);
    assert_eq!(caller.get(&soql(16_384)).status, 414);
    assert_eq!(caller.get(&soql(16_300)).status, 431);
}

#[test]
fn the_connection_breaks_in_the_middle_of_a_body() {
    let org = started(
        FakeOrg::fictional().fault(Fault::new(Effect::CutBody(700)).on(Endpoint::Query).once()),
    );
    let caller = Caller::new(&org);
    let cut = caller.get(QUERY);
    assert_eq!((cut.status, cut.whole, cut.body.len()), (200, false, 700));
    assert!(caller.get(QUERY).whole);
}

#[test]
fn a_body_can_end_early_or_be_nonsense() {
    let org = started(
        FakeOrg::fictional()
            .fault(Fault::new(Effect::Truncate(50)).on(Endpoint::Query).once())
            .fault(
                Fault::new(Effect::InvalidJson)
                    .on(Endpoint::Query)
                    .after(1)
                    .once(),
            ),
    );
    let caller = Caller::new(&org);
    let short = caller.get(QUERY);
    assert_eq!((short.whole, short.body.len()), (true, 50));
    let nonsense = caller.get(QUERY);
    assert!(nonsense.whole && serde_json::from_slice::<serde_json::Value>(&nonsense.body).is_err());
    assert_eq!(caller.get(QUERY).json()["totalSize"], 426);
}

#[test]
fn a_giant_body_goes_on_after_its_end() {
    let org = started(
        FakeOrg::fictional().fault(Fault::new(Effect::Giant(20 << 20)).on(Endpoint::Query)),
    );
    let got = Caller::new(&org).get(QUERY);
    assert!(got.whole && got.body.len() >= 20 << 20);
}

#[test]
fn answers_take_their_time() {
    let org = started(
        FakeOrg::fictional()
            .latency(Duration::from_millis(60))
            .fault(Fault::new(Effect::Latency(Duration::from_millis(100))).on(Endpoint::Limits)),
    );
    let caller = Caller::new(&org);
    let start = Instant::now();
    caller.get(QUERY);
    assert!(start.elapsed() >= Duration::from_millis(60));
    let start = Instant::now();
    // Slow answers do not hold each other up.
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| assert_eq!(caller.get("/services/data/v65.0/limits").status, 200));
        }
    });
    let took = start.elapsed();
    assert!(
        took >= Duration::from_millis(160) && took < Duration::from_millis(1200),
        "{took:?}"
    );
}

#[test]
fn the_edge_answers_in_html_and_redirects() {
    let org = started(
        FakeOrg::fictional()
            .fault(Fault::new(Effect::Html(503)).on(Endpoint::Query).once())
            .fault(
                Fault::new(Effect::Redirect("https://evil.example/".to_owned()))
                    .on(Endpoint::Limits),
            ),
    );
    let caller = Caller::new(&org);
    let down = caller.get(QUERY);
    assert_eq!(
        (down.status, down.header("content-type")),
        (503, Some("text/html;charset=UTF-8"))
    );
    assert!(down.text().contains("<html>"));
    assert_eq!(caller.get(QUERY).status, 200);
    let away = caller.get("/services/data/v65.0/limits");
    assert_eq!(
        (away.status, away.header("location")),
        (302, Some("https://evil.example/"))
    );
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    let org = started(FakeOrg::fictional());
    let fault = FakeOrg::fictional()
        .port(org.port())
        .start()
        .expect_err("the port is taken");
    let text = fault.to_string();
    assert!(
        text.contains(&org.port().to_string()) && text.contains("--port"),
        "{text}"
    );
}

#[test]
fn the_number_of_requests_can_be_asked_and_is_not_counted() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    caller.get(QUERY);
    let ask = || {
        exchange(
            &org,
            (head("GET", "/demo/requests", &[]) + "\r\n").as_bytes(),
        )
        .json()["requests"]
            .clone()
    };
    assert_eq!((ask(), ask()), (1.into(), 1.into()));
    assert_eq!(org.journal().len(), 1);
    let entry = org.journal().remove(0);
    assert_eq!(
        (entry.endpoint, entry.object.as_deref(), entry.status),
        (Endpoint::Query, Some("User"), 200)
    );
    assert_eq!(entry.soql(), Some("SELECT Id,Username FROM User"));
    assert_eq!(entry.header("authorization"), Some("Bearer"));
    org.forget();
    assert_eq!(org.counts().requests, 0);
}
