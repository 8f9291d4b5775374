//! Logins against the fake org, which speaks as Salesforce does: from the browser's page to the end of the tokens.

use crate::oauth::{Browsing, free_port, keys, visit, write_private};
use crate::opening::{browser, jwt};
use crate::support::{Run, Sandbox};
use sfcompat::auth::{self, Surroundings};
use sfcompat::demo::{Authorize, FakeOrg};
use sfcompat::net::{Clock, Hosts};

const LOOPBACK: &str = "--allow-loopback-http";

/// A public app with one callback, and an app with a secret.
fn org(port: u16) -> sfcompat::demo::Builder {
    FakeOrg::fictional()
        .client("3MVG9public", None)
        .client("3MVG9secret", Some("hunter2"))
        .callback(&format!("http://localhost:{port}/callback"))
}

fn browse(sandbox: &Sandbox, org: &FakeOrg, port: u16, more: &[&str]) -> Browsing {
    let (url, number) = (org.base_url(), port.to_string());
    let mut arguments = browser("prod", &url, "3MVG9public", &number);
    arguments.extend(more);
    sandbox.browse(&[], &arguments)
}

/// What a browser does: opens the page, and goes where it is sent.
fn follow(browsing: &Browsing, org: &FakeOrg, port: u16) -> String {
    let page = &browsing.page;
    let target = format!("{}?{}", page.path(), page.query().expect("a query"));
    let answer = visit(org.port(), &target);
    let location = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap_or_else(|| panic!("no redirect: {answer}"));
    let back = url::Url::parse(location.trim()).expect("an address");
    visit(
        port,
        &format!("{}?{}", back.path(), back.query().expect("a query")),
    )
}

fn silent(run: &Run, org: &FakeOrg) {
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(!said.contains("hunter2") && !said.contains("!AQ"), "{said}");
    // A token in an address would stand in the logs of every proxy.
    for entry in org.journal() {
        for name in [
            "access_token",
            "oauth_token",
            "token",
            "refresh_token",
            "client_secret",
        ] {
            assert_eq!(entry.parameter(name), None, "{}", entry.path);
        }
    }
}

#[test]
fn a_browser_brings_the_code() {
    let port = free_port();
    let (org, sandbox) = (org(port).start().expect("an org"), Sandbox::new());
    let browsing = browse(&sandbox, &org, port, &[]);
    assert!(follow(&browsing, &org, port).contains("You can close this page"));
    let run = browsing.end();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.reason().contains(&org.username()) && run.reason().contains(&org.org_id()),
        "{}",
        run.stderr
    );
    assert_eq!(org.complaints(), Vec::<String>::new());
    let run = sandbox.sign(&[], &["login", "--check", "--org", "prod", LOOPBACK], b"");
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    let run = sandbox.sign(&[], &["logout", "--org", "prod", LOOPBACK], b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn what_a_browser_can_bring_otherwise() {
    for (what, more, words) in [
        (Authorize::Deny, &[][..], "somebody refused access"),
        (
            Authorize::WrongState,
            &["--timeout", "1s"],
            "1 with the state of another one, which was refused",
        ),
        (
            Authorize::ExpiredCode,
            &[],
            "the code of the browser is too old",
        ),
    ] {
        let port = free_port();
        let (org, sandbox) = (
            org(port).authorize(what).start().expect("an org"),
            Sandbox::new(),
        );
        let browsing = browse(&sandbox, &org, port, more);
        follow(&browsing, &org, port);
        let run = browsing.end();
        assert_eq!(run.code, 4, "{}", run.stderr);
        let said = run
            .stderr
            .replace(" (an old page of the browser, or somebody else's try)", "");
        assert!(said.contains(words), "{}", run.stderr);
        assert!(!sandbox.path("home/tokens.json").exists());
    }
    // A callback that is not registered is refused on the page, so nothing ever comes.
    let (registered, other) = (free_port(), free_port());
    let (org, sandbox) = (org(registered).start().expect("an org"), Sandbox::new());
    let browsing = browse(&sandbox, &org, other, &["--timeout", "1s"]);
    let target = format!(
        "{}?{}",
        browsing.page.path(),
        browsing.page.query().expect("a query")
    );
    assert!(visit(org.port(), &target).contains("redirect_uri_mismatch"));
    let run = browsing.end();
    assert_eq!(run.code, 4);
    assert!(
        run.reason().contains("register the callback address"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_app_and_a_key_log_in() {
    let sandbox = Sandbox::new();
    let app = |org: &FakeOrg, secret: &str| {
        let url = org.base_url();
        let arguments = [
            "login",
            "--org",
            "app",
            "--flow",
            "client-credentials",
            LOOPBACK,
            "--instance-url",
            &url,
            "--client-id",
            "3MVG9secret",
        ];
        sandbox.sign(&[("SFCOMPAT_CLIENT_SECRET", secret)], &arguments, b"")
    };
    let good = org(1717).start().expect("an org");
    assert_eq!(app(&good, "hunter2").code, 0);
    let run = app(&good, "hunter3");
    assert_eq!(run.code, 4);
    assert!(
        run.reason().contains("the consumer secret is wrong"),
        "{}",
        run.stderr
    );
    let run = app(&org(1717).login_host().start().expect("an org"), "hunter2");
    assert_eq!(run.code, 4);
    assert!(run.reason().contains("My Domain only"), "{}", run.stderr);

    write_private(&sandbox, "key.pem", &keys().pkcs1);
    let key = |org: &FakeOrg| {
        let (url, user) = (org.base_url(), org.username());
        let arguments = jwt(&url, "3MVG9public", &user, "key.pem");
        sandbox.sign(&[], &arguments, b"")
    };
    let run = key(&org(1717)
        .jwt_key(&keys().public_pem)
        .start()
        .expect("an org"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    // The clock of the org is far ahead: the assertion has expired when it arrives.
    let run = key(&org(1717)
        .jwt_key(&keys().public_pem)
        .clock_skew(3600)
        .start()
        .expect("an org"));
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(
        run.stderr.contains("exp=") && run.stderr.contains("do: "),
        "{}",
        run.stderr
    );
}

#[tokio::test]
async fn sessions_that_end_are_renewed_and_rotating_refresh_tokens_are_kept() {
    let port = free_port();
    let (org, sandbox) = (
        org(port).rotating_refresh().start().expect("an org"),
        Sandbox::new(),
    );
    let browsing = browse(&sandbox, &org, port, &[]);
    follow(&browsing, &org, port);
    let run = browsing.end();
    assert_eq!(run.code, 0, "{}", run.stderr);
    silent(&run, &org);
    let around = Surroundings {
        hosts: Hosts::with_loopback_http(),
        clock: Clock::system(),
        store: Some(sandbox.path("home")),
        ..Surroundings::default()
    };
    for _ in 0..3 {
        // Each time another run: what the last one got must be in the store.
        let connection = auth::open(Some("prod"), &around).expect("a login");
        let old = connection.token().await.expect("a token");
        org.expire_sessions();
        let new = connection.renew(&old).await.expect("renewed");
        assert!(!new.secret().is(old.secret()));
        let limits = connection
            .instance_url()
            .join("/services/data/v60.0/limits")
            .expect("an address");
        let request = connection
            .client()
            .get(&limits)
            .expect("allowed")
            .bearer_auth(new.secret().expose());
        assert_eq!(request.send().await.expect("an answer").status(), 200);
    }
    let run = sandbox.sign(&[], &["logout", "--org", "prod", LOOPBACK], b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(org.complaints(), Vec::<String>::new());
}
