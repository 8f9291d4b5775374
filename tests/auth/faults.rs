//! What goes wrong with logins: each fault has one clear cause, what to do, and the exit code that was promised.

use crate::http::{Answer, Server};
use crate::oauth::{
    ORG, SECRETS, credentials, free_port, good, keys, oauth_error, org, org_with_token, token,
    visit, write_private,
};
use crate::opening::{browser, jwt};
use crate::support::{Run, Sandbox};
use sfcompat::auth::{self, Surroundings};
use sfcompat::net::{Clock, Hosts, Secret};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Mutex;

const SECRET: &[(&str, &str)] = &[("SFCOMPAT_CLIENT_SECRET", "hunter2")];

fn web<'a>(server: &'a Server, port: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = browser("prod", &server.url, "3MVG9key", port);
    all.extend(more);
    all
}

/// A failed run: this code, these words in its last line, no secret anywhere, and no store.
fn failed(run: &Run, code: i32, words: &[&str]) {
    assert_eq!(run.code, code, "{}", run.stderr);
    for word in words {
        assert!(run.reason().contains(word), "{word}: {}", run.stderr);
    }
    for secret in SECRETS {
        assert!(
            !run.stderr.contains(secret) && !run.stdout.contains(secret),
            "{secret}: {}",
            run.stderr
        );
    }
}

fn unsaved(sandbox: &Sandbox) {
    assert!(
        !sandbox.path("home/tokens.json").exists(),
        "nothing is kept of a failed login"
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let (server, sandbox) = (org(), Sandbox::new());
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let Ok(squatter) = std::net::TcpListener::bind(address) else {
            eprintln!("left out: no {address} on this machine");
            continue;
        };
        let port = squatter
            .local_addr()
            .expect("an address")
            .port()
            .to_string();
        let run = sandbox.sign(&[], &web(&server, &port, &[]), b"");
        failed(&run, 4, &[&port, "--callback-port", "cannot be had"]);
        assert!(
            !run.stderr.contains("/authorize"),
            "nobody is sent to a browser: {}",
            run.stderr
        );
    }
    unsaved(&sandbox);
    let run = sandbox.sign(&[], &web(&server, "80", &[]), b"");
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn a_person_who_refuses_ends_the_login() {
    let (server, sandbox, port) = (org(), Sandbox::new(), free_port());
    let number = port.to_string();
    let browsing = sandbox.browse(&[], &web(&server, &number, &[]));
    let state = browsing.parameter("state");
    let answer = visit(
        port,
        &format!(
            "/callback?error=access_denied&error_description=end-user+denied+authorization&state={state}"
        ),
    );
    assert!(
        answer.contains("Access was not given") && !answer.contains("denied auth"),
        "{answer}"
    );
    let run = browsing.end();
    failed(
        &run,
        4,
        &[
            "access_denied",
            "end-user denied authorization",
            "somebody refused access",
        ],
    );
    assert!(
        run.stderr.contains("do: log in again and choose Allow"),
        "{}",
        run.stderr
    );
    assert_eq!(server.count("POST", "/services/oauth2/token"), 0);
    unsaved(&sandbox);
}

#[test]
fn an_answer_with_a_wrong_state_is_refused_and_the_time_runs_out() {
    let (server, sandbox, port) = (org(), Sandbox::new(), free_port());
    let number = port.to_string();
    let browsing = sandbox.browse(&[], &web(&server, &number, &["--timeout", "2s"]));
    for target in [
        "/callback?code=aPrxcode1&state=wrong",
        "/callback?code=aPrxcode1",
    ] {
        assert!(visit(port, target).starts_with("HTTP/1.1 400"), "{target}");
    }
    let run = browsing.end();
    failed(
        &run,
        4,
        &["no answer to this login", "2 with the state of another one"],
    );
    assert_eq!(
        server.count("POST", "/services/oauth2/token"),
        0,
        "the code is not used"
    );
    unsaved(&sandbox);
}

#[test]
fn a_browser_that_never_answers_is_not_waited_for_for_ever() {
    let (server, sandbox) = (org(), Sandbox::new());
    let number = free_port().to_string();
    let started = std::time::Instant::now();
    let run = sandbox.sign(&[], &web(&server, &number, &["--timeout", "1s"]), b"");
    failed(
        &run,
        4,
        &[
            "no answer of the browser came within 1 seconds",
            "redirect_uri",
        ],
    );
    assert!(started.elapsed().as_secs() < 20);
    unsaved(&sandbox);
}

#[test]
fn silent_connections_and_noise_do_not_stop_the_answer() {
    use std::io::Write;
    let (server, sandbox, port) = (org(), Sandbox::new(), free_port());
    let number = port.to_string();
    let browsing = sandbox.browse(&[], &web(&server, &number, &[]));
    // A browser opens connections ahead; somebody sends bytes without an end.
    let mut quiet = Vec::new();
    for _ in 0..5 {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).expect("a listener");
        stream.write_all(b"GET /callback?co").expect("sent");
        quiet.push(stream);
    }
    let mut noise = std::net::TcpStream::connect(("127.0.0.1", port)).expect("a listener");
    // It may be cut off in the middle.
    let _ = noise.write_all(&vec![b'x'; 100_000]);
    let state = browsing.parameter("state");
    assert!(
        visit(port, &format!("/callback?code=aPrxcode1&state={state}")).starts_with("HTTP/1.1 200")
    );
    assert_eq!(browsing.end().code, 0);
}

#[test]
fn a_damaged_store_is_told_before_anybody_is_asked() {
    let (server, sandbox) = (org(), Sandbox::new());
    sandbox.logged_in(&server);
    let path = sandbox.path("home/tokens.json");
    let whole = std::fs::read_to_string(&path).expect("a store");
    let asked = server.seen().len();
    let damaged = &whole[..whole.len() - 30];
    std::fs::write(&path, damaged).expect("written");
    for arguments in [
        &credentials(&server, &[])[..],
        &["orgs"],
        &["logout", "--org", "prod", "--allow-loopback-http"],
        &["login", "--check", "--org", "prod", "--allow-loopback-http"],
    ] {
        let run = sandbox.sign(SECRET, arguments, b"");
        failed(
            &run,
            4,
            &[
                "tokens.json is damaged (line",
                "move it away and log in again",
            ],
        );
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    assert_eq!(server.seen().len(), asked, "nobody was asked");
    assert_eq!(std::fs::read_to_string(&path).expect("there"), damaged);
    std::fs::write(&path, &whole).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("a mode");
    let run = sandbox.sign(&[], &["orgs"], b"");
    failed(&run, 4, &["mode 0644", "chmod 600"]);
    let run = sandbox.sign(
        &[("HOME", "relative"), ("SFCOMPAT_HOME", "relative")],
        &["orgs"],
        b"",
    );
    failed(&run, 4, &["SFCOMPAT_HOME"]);
}

#[test]
fn each_refusal_says_its_cause_and_what_to_click() {
    for (error, description, cause, action) in [
        (
            "invalid_grant",
            "request not supported on this domain",
            "My Domain only",
            "Setup > My Domain",
        ),
        (
            "invalid_grant",
            "no client credentials user enabled",
            "no user to run as",
            "Run As",
        ),
        (
            "invalid_client",
            "invalid client credentials",
            "secret is wrong",
            "--secret-file",
        ),
        (
            "invalid_client_id",
            "client identifier invalid",
            "no app of this org",
            "Consumer Key",
        ),
        (
            "invalid_client",
            "app must be installed into org",
            "not installed",
            "Connected Apps OAuth Usage",
        ),
        (
            "invalid_app_access",
            "user is not admin approved to access this app",
            "approved users only",
            "App Policies",
        ),
        (
            "invalid_grant",
            "ip restricted or invalid login hours",
            "address",
            "Login IP Ranges",
        ),
        (
            "unsupported_grant_type",
            "grant type not supported",
            "does not allow",
            "Flow Enablement",
        ),
    ] {
        let server = org_with_token(move |_, _| oauth_error(error, description));
        let sandbox = Sandbox::new();
        let run = sandbox.sign(SECRET, &credentials(&server, &[]), b"");
        failed(&run, 4, &[error, description, cause]);
        assert!(
            run.stderr.contains("cause: ") && run.stderr.contains(action),
            "{}",
            run.stderr
        );
        unsaved(&sandbox);
        // The doctor says the same, step by step.
        let run = sandbox.sign(SECRET, &credentials(&server, &["--check"]), b"");
        failed(&run, 4, &[error]);
        assert!(
            run.stdout.contains("ok    connection") && run.stdout.contains("FAIL  token"),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains(action), "{}", run.stdout);
        unsaved(&sandbox);
    }
}

#[test]
fn a_wrong_clock_is_the_cause_of_a_refused_assertion() {
    let server = org_with_token(|_, _| {
        oauth_error("invalid_grant", "invalid assertion")
            .with("Date", "Sat, 21 Nov 2026 10:00:00 GMT")
    });
    let sandbox = Sandbox::new();
    write_private(&sandbox, "key.pem", &keys().pkcs8);
    let run = sandbox.sign(
        &[],
        &jwt(&server.url, "3MVG9key", "reader@acme.example", "key.pem"),
        b"",
    );
    failed(
        &run,
        4,
        &["invalid assertion", "the clock of this machine is wrong"],
    );
    for words in [
        "aud=https://login.salesforce.com",
        "sub=reader@acme.example",
        "exp=",
        "Salesforce's",
        "set the clock",
    ] {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    assert!(
        !run.stderr.contains("eyJ"),
        "the assertion is not shown: {}",
        run.stderr
    );
}

#[test]
fn a_key_that_is_open_or_none_is_refused() {
    let (server, sandbox) = (org(), Sandbox::new());
    let small = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (name, content, mode, code, words) in [
        ("open.pem", keys().pkcs8.as_str(), 0o644, 2, "chmod 600"),
        (
            "garbage.pem",
            "no key at all",
            0o600,
            2,
            "no private key in PEM form",
        ),
        ("small.pem", small, 0o600, 2, "no RSA key of 2048 bits"),
        (
            "locked.pem",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            0o600,
            2,
            "encrypted",
        ),
        (
            "ec.pem",
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
            0o600,
            2,
            "wants RSA",
        ),
        (
            "app.crt",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            0o600,
            2,
            "this is a certificate",
        ),
        ("missing.pem", "", 0o600, 2, "No such file"),
    ] {
        if !content.is_empty() {
            sandbox.write(name, content);
            std::fs::set_permissions(sandbox.path(name), std::fs::Permissions::from_mode(mode))
                .expect("a mode");
        }
        let run = sandbox.sign(
            &[],
            &jwt(&server.url, "3MVG9key", "reader@acme.example", name),
            b"",
        );
        assert_eq!(run.code, code, "{name}: {}", run.stderr);
        assert!(
            run.reason().contains(words) && run.reason().contains(name),
            "{name}: {}",
            run.stderr
        );
    }
    assert_eq!(server.count("POST", "/services/oauth2/token"), 0);
}

#[test]
fn tokens_go_nowhere_else() {
    let thief = org();
    let port = thief.url.rsplit(':').next().expect("a port").to_owned();
    for instance in [
        String::from("https://evil.example"),
        String::from("http://acme.my.salesforce.com"),
        String::from("https://acme.my.salesforce.com@evil.example"),
        String::from("https://a@acme.my.salesforce.com"),
        String::from("https://acme.my.salesforce.com."),
        String::from("https://acme.my.salesforce.com:8443"),
        String::from("https://acme.my.s\u{430}lesforce.com"),
        format!("http://127.0.0.2:{port}"),
        format!("http://0.0.0.0:{port}"),
        String::from("//evil.example"),
        String::from("javascript:alert(1)"),
    ] {
        let server = org_with_token(move |_, own| {
            Answer::json(
                200,
                token(own).replace(
                    &format!("\"instance_url\":\"{own}\""),
                    &format!("\"instance_url\":\"{instance}\""),
                ),
            )
        });
        let sandbox = Sandbox::new();
        let run = sandbox.sign(SECRET, &credentials(&server, &[]), b"");
        failed(&run, 4, &["address that is not trusted"]);
        unsaved(&sandbox);
    }
    assert_eq!(thief.seen().len(), 0);
    // A redirect is not followed: the form with the secret would go with it.
    let to = thief.url.clone();
    let server = org_with_token(move |_, _| {
        Answer::html(307, "").with("Location", &format!("{to}/services/oauth2/token"))
    });
    let run = Sandbox::new().sign(SECRET, &credentials(&server, &[]), b"");
    failed(&run, 4, &["HTTP 307", "not followed"]);
    assert_eq!(thief.seen().len(), 0);
    // Loopback is spoken to only when asked for, and hosts of others never.
    let (without, sandbox) = (
        &[
            "login",
            "--org",
            "x",
            "--flow",
            "client-credentials",
            "--client-id",
            "k",
            "--instance-url",
        ],
        Sandbox::new(),
    );
    for host in [
        thief.url.as_str(),
        "http://acme.my.salesforce.com",
        "https://evil.example",
        "https://acme.my.salesforce.com.evil.example",
    ] {
        let run = sandbox.sign(SECRET, &[&without[..], &[host]].concat(), b"");
        failed(&run, 2, &["is not spoken to"]);
    }
    assert_eq!(thief.seen().len(), 0);
}

#[test]
fn what_is_no_answer_of_oauth_is_not_repeated() {
    for (answer, words) in [
        (
            Answer::html(503, "<h1>AQaccess maintenance</h1>"),
            "not available (HTTP 503, text/html)",
        ),
        (
            Answer::html(200, "<h1>AQaccess</h1>"),
            "does not answer as an OAuth server does (HTTP 200, text/html)",
        ),
        (
            Answer::json(200, "{\"access_token\":\"AQaccess"),
            "does not answer as an OAuth server does",
        ),
        (
            Answer::json(200, "{}"),
            "does not answer as an OAuth server does",
        ),
        (
            Answer::json(400, "[]"),
            "does not answer as an OAuth server does (HTTP 400",
        ),
        (
            Answer::json(200, " ".repeat(2 * 1024 * 1024)),
            "far too long",
        ),
    ] {
        let server = org_with_token(move |_, _| answer.clone());
        let sandbox = Sandbox::new();
        let run = sandbox.sign(SECRET, &credentials(&server, &[]), b"");
        failed(&run, 4, &[words]);
        assert!(!run.stderr.contains("<h1>"), "{}", run.stderr);
        unsaved(&sandbox);
    }
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let run = Sandbox::new().sign(
        SECRET,
        &[
            "login",
            "--org",
            "x",
            "--flow",
            "client-credentials",
            "--client-id",
            "k",
            "--allow-loopback-http",
            "--instance-url",
            &nobody,
        ],
        b"",
    );
    failed(&run, 4, &["cannot be reached"]);
}

#[test]
fn a_server_that_is_not_ready_is_asked_again() {
    let left = Mutex::new(2);
    let server = org_with_token(move |_, own| {
        let mut left = left.lock().expect("no panic");
        if *left > 0 {
            *left -= 1;
            return Answer::html(503, "<h1>maintenance</h1>");
        }
        Answer::json(200, token(own))
    });
    let run = Sandbox::new().sign(SECRET, &credentials(&server, &[]), b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(server.count("POST", "/services/oauth2/token"), 3);
}

#[test]
fn the_doctor_tells_a_token_from_the_right_to_use_it() {
    for (status, body, words) in [
        (
            401,
            r#"[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]"#,
            "API Access Control",
        ),
        (
            403,
            r#"[{"message":"The REST API is not enabled for this Organization.","errorCode":"API_DISABLED_FOR_ORG"}]"#,
            "'API Enabled'",
        ),
        (
            403,
            r#"[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#,
            "requests of the day",
        ),
        (500, "<h1>x</h1>", "without an error of Salesforce"),
    ] {
        let server = Server::start(move |request, own| {
            if request.path.ends_with("/limits") {
                Answer::json(status, body)
            } else {
                good(request, own)
            }
        });
        let sandbox = Sandbox::new();
        sandbox.logged_in(&server);
        let run = sandbox.sign(
            &[],
            &["login", "--check", "--org", "prod", "--allow-loopback-http"],
            b"",
        );
        failed(&run, 4, &["API"]);
        assert!(
            run.stdout
                .contains("ok    token: had by the flow client-credentials"),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    let (server, sandbox) = (org(), Sandbox::new());
    sandbox.logged_in(&server);
    let run = sandbox.sign(
        &[
            ("HTTPS_PROXY", "http://me:hunter2@proxy.example:3128"),
            ("HTTP_PROXY", "http://127.0.0.1:9"),
        ],
        &["login", "--check", "--org", "prod", "--allow-loopback-http"],
        b"",
    );
    assert_eq!(
        run.code, 0,
        "loopback goes through no proxy: {}",
        run.stderr
    );
    assert!(
        run.stdout.contains("proxy: http://proxy.example:3128"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("14998 of 15000 requests of the day are left"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("hunter2"));
}

/// The world of a test inside this process.
fn around(home: &Path) -> Surroundings {
    Surroundings {
        hosts: Hosts::with_loopback_http(),
        clock: Clock::system(),
        store: Some(home.to_owned()),
        ..Surroundings::default()
    }
}

/// An org that exchanges refresh tokens: each is good once, the next comes with the answer.
fn rotating() -> Server {
    let current = Mutex::new(String::from("5Aeprefresh.0"));
    let count = Mutex::new(0);
    org_with_token(move |request, own| {
        let form = request.form();
        let mut current = current.lock().expect("no panic");
        if form.get("refresh_token") != Some(&*current) {
            return oauth_error("invalid_grant", "expired access/refresh token");
        }
        // Whoever comes second has time to make the mistake.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let mut count = count.lock().expect("no panic");
        *count += 1;
        *current = format!("5Aeprefresh.{count}");
        Answer::json(
            200,
            format!(
                r#"{{"access_token":"{ORG}!AQaccess.{count}","refresh_token":"{current}","instance_url":"{own}","token_type":"Bearer"}}"#
            ),
        )
    })
}

fn login_by_url(sandbox: &Sandbox, server: &Server) {
    let host = server.url.trim_start_matches("http://");
    let url = format!("force://PlatformCLI::5Aeprefresh.0@{host}");
    let run = sandbox.sign(
        &[],
        &[
            "login",
            "--org",
            "prod",
            "--flow",
            "sfdx-url",
            "--allow-loopback-http",
            "--secret-file",
            "-",
        ],
        url.as_bytes(),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// What a process of its own does in the test below: it has the token of the store refused, and asks for another one.
#[test]
fn a_process_that_renews() {
    let Ok(home) = std::env::var("RENEW_IN") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let renewed = runtime.block_on(async {
        let connection = auth::open(Some("prod"), &around(Path::new(&home))).expect("a login");
        let token = connection.token().await.expect("a token");
        connection.renew(&token).await.expect("another one")
    });
    println!("RENEWED {}", renewed.secret().expose());
}

#[test]
fn processes_that_renew_at_once_renew_once() {
    let (server, sandbox) = (rotating(), Sandbox::new());
    login_by_url(&sandbox, &server);
    assert_eq!(server.count("POST", "/services/oauth2/token"), 1);
    let own = std::env::current_exe().expect("this test");
    let processes: Vec<_> = (0..4)
        .map(|_| {
            std::process::Command::new(&own)
                .args(["--exact", "faults::a_process_that_renews", "--nocapture"])
                .env("RENEW_IN", sandbox.path("home"))
                .stdout(std::process::Stdio::piped())
                .spawn()
                .expect("a process")
        })
        .collect();
    let mut tokens: Vec<String> = processes
        .into_iter()
        .map(|process| {
            let output = process.wait_with_output().expect("an end");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{text}");
            let token = text.split("RENEWED ").nth(1).expect("a token");
            token.split_whitespace().next().expect("a token").to_owned()
        })
        .collect();
    // Those that started late had the new token refused, and renewed that: each token was renewed at most once.
    tokens.sort();
    tokens.dedup();
    let renewals = server.count("POST", "/services/oauth2/token") - 1;
    assert_eq!(tokens.len(), renewals, "{tokens:?}");
    assert!(renewals < 4, "nobody found what another one had renewed");
    let kept = std::fs::read_to_string(sandbox.path("home/tokens.json")).expect("a store");
    assert!(
        kept.contains(&format!("5Aeprefresh.{}", renewals + 1)),
        "the last refresh token is kept"
    );
}

#[tokio::test]
async fn requests_of_one_run_renew_once_and_a_refusal_is_not_asked_for_again() {
    let (server, sandbox) = (rotating(), Sandbox::new());
    login_by_url(&sandbox, &server);
    let connection = auth::open(Some("prod"), &around(&sandbox.path("home"))).expect("a login");
    assert_eq!(
        connection
            .org_id()
            .map(sfcompat::model::SfId::text)
            .as_deref(),
        Some(ORG)
    );
    assert_eq!(connection.username(), Some("reader@acme.example"));
    assert_eq!(
        connection.instance_url().as_str(),
        format!("{}/", server.url)
    );
    let old = connection.token().await.expect("a token");
    let (a, b, c) = tokio::join!(
        connection.renew(&old),
        connection.renew(&old),
        connection.renew(&old)
    );
    let first = a.expect("renewed");
    for other in [b.expect("renewed"), c.expect("renewed")] {
        assert!(first.secret().is(other.secret()));
    }
    assert_eq!(server.count("POST", "/services/oauth2/token"), 2);
    // Another run has renewed meanwhile: its token is taken, and nobody is asked.
    let other_run = auth::open(Some("prod"), &around(&sandbox.path("home"))).expect("a login");
    let theirs = other_run.token().await.expect("a token");
    let theirs = other_run.renew(&theirs).await.expect("renewed");
    let ours = connection.renew(&first).await.expect("taken over");
    assert!(ours.secret().is(theirs.secret()));
    assert_eq!(server.count("POST", "/services/oauth2/token"), 3);
    // Somebody ended the login.
    let path = sandbox.path("home/tokens.json");
    let kept = std::fs::read_to_string(&path).expect("a store");
    std::fs::write(&path, kept.replace("5Aeprefresh.3", "5Aeprefresh.x")).expect("written");
    for _ in 0..3 {
        let error = connection.renew(&ours).await.expect_err("ended");
        assert!(error.to_string().contains("the login has ended"), "{error}");
        assert!(!error.is_usage() && !error.hints().is_empty());
    }
    assert_eq!(
        server.count("POST", "/services/oauth2/token"),
        4,
        "refused once is refused"
    );
    std::fs::remove_file(&path).expect("removed");
    let fresh = auth::open(Some("prod"), &around(&sandbox.path("home")));
    assert!(fresh.expect_err("logged out").is_usage());
}

#[tokio::test]
async fn the_token_of_the_environment_is_used_where_no_login_of_that_name_is_stored() {
    let (server, sandbox) = (org(), Sandbox::new());
    let token = format!("{ORG}!AQaccess-env");
    let given = Surroundings {
        access_token: Some(Secret::new(token.clone())),
        instance_url: Some(server.url.clone()),
        ..around(&sandbox.path("home"))
    };
    for alias in [None, Some("prod")] {
        let connection = auth::open(alias, &given).expect("a connection");
        let held = connection.token().await.expect("a token");
        assert_eq!(held.secret().expose(), token);
        assert_eq!(
            connection
                .org_id()
                .map(sfcompat::model::SfId::text)
                .as_deref(),
            Some(ORG)
        );
        let error = connection
            .renew(&held)
            .await
            .expect_err("there is no other")
            .to_string();
        assert!(
            error.contains("set SFCOMPAT_ACCESS_TOKEN to a fresh one"),
            "{error}"
        );
    }
    sandbox.logged_in(&server);
    let stored = auth::open(Some("prod"), &given).expect("a connection");
    assert_ne!(
        stored.token().await.expect("a token").secret().expose(),
        token,
        "the login that was named"
    );
    let nowhere = Surroundings {
        instance_url: None,
        ..given.clone()
    };
    assert!(
        auth::open(None, &nowhere)
            .expect_err("which org?")
            .is_usage()
    );
    let nothing = around(&sandbox.path("home"));
    assert!(
        auth::open(None, &nothing)
            .expect_err("which org?")
            .is_usage()
    );
    // A login that was made with a server on this machine is of no use where that is not allowed.
    let strict = Surroundings {
        hosts: Hosts::salesforce(),
        ..nothing
    };
    assert!(auth::open(Some("prod"), &strict).is_err());
}
