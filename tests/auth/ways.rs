//! Logins as a user meets them: every way in, what is kept of it, and what is never shown.

use crate::http::{Answer, Server};
use crate::oauth::{
    ORG, SECRETS, base64_url, credentials, free_port, good, keys, org, org_with_token, token,
    visit, write_private,
};
use crate::opening::{browser, jwt};
use crate::support::{Run, Sandbox};
use std::os::unix::fs::PermissionsExt;

/// Nothing that was said may hold a secret.
fn silent(run: &Run) {
    for secret in SECRETS {
        assert!(
            !run.stdout.contains(secret),
            "stdout: {secret} in {}",
            run.stdout
        );
        assert!(
            !run.stderr.contains(secret),
            "stderr: {secret} in {}",
            run.stderr
        );
    }
}

fn store(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.path("home/tokens.json")).expect("a store")
}

fn mode(sandbox: &Sandbox, name: &str) -> u32 {
    let meta = std::fs::metadata(sandbox.path(name)).expect("there");
    meta.permissions().mode() & 0o777
}

/// The forms that a token endpoint got.
fn grants(server: &Server) -> Vec<std::collections::BTreeMap<String, String>> {
    let seen = server.seen();
    let tokens = seen
        .iter()
        .filter(|request| request.path == "/services/oauth2/token");
    tokens.map(crate::http::Request::form).collect()
}

#[test]
fn an_app_logs_in_with_its_secret_from_file_stdin_or_environment() {
    let server = org();
    for way in ["file", "stdin", "environment"] {
        let sandbox = Sandbox::new();
        write_private(&sandbox, "secret.txt", "hunter2\n");
        let (more, variables, stdin): (&[&str], &[(&str, &str)], &[u8]) = match way {
            "file" => (&["--secret-file", "secret.txt"], &[], b""),
            "stdin" => (&["--secret-file", "-"], &[], b"hunter2\n"),
            _ => (&[], &[("SFCOMPAT_CLIENT_SECRET", "hunter2")], b""),
        };
        let run = sandbox.sign(variables, &credentials(&server, more), stdin);
        assert_eq!(run.code, 0, "{way}: {}", run.stderr);
        assert_eq!(
            run.reason(),
            format!(
                "sfcompat: exit 0: logged in as reader@acme.example of the org {ORG} at {}, kept as 'prod'",
                server.url
            )
        );
        silent(&run);
        let form = grants(&server).pop().expect("asked");
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(
            (form["client_id"].as_str(), form["client_secret"].as_str()),
            ("3MVG9key", "hunter2")
        );
        assert_eq!(mode(&sandbox, "home"), 0o700);
        assert_eq!(mode(&sandbox, "home/tokens.json"), 0o600);
        assert!(store(&sandbox).contains("AQaccess"));
    }
    // Tokens go in headers and forms, never in addresses.
    for request in server.seen() {
        assert!(request.query.is_empty(), "{request:?}");
    }
}

#[test]
fn a_person_logs_in_with_a_browser() {
    for client_secret in [None, Some("hunter2")] {
        let (server, sandbox, port) = (org(), Sandbox::new(), free_port());
        let number = port.to_string();
        let variables: Vec<(&str, &str)> = client_secret
            .map(|secret| ("SFCOMPAT_CLIENT_SECRET", secret))
            .into_iter()
            .collect();
        let browsing = sandbox.browse(
            &variables,
            &[
                "login",
                "--org",
                "prod",
                "--allow-loopback-http",
                "--instance-url",
                &server.url,
                "--client-id",
                "3MVG9key",
                "--callback-port",
                &number,
                "--username",
                "ann@acme.example",
            ],
        );
        let redirect = format!("http://localhost:{port}/callback");
        for (name, wanted) in [
            ("response_type", "code"),
            ("client_id", "3MVG9key"),
            ("redirect_uri", &redirect),
            ("scope", "api refresh_token"),
            ("code_challenge_method", "S256"),
            ("login_hint", "ann@acme.example"),
            ("client_secret", ""),
        ] {
            assert_eq!(browsing.parameter(name), wanted, "{name}");
        }
        let (state, challenge) = (
            browsing.parameter("state"),
            browsing.parameter("code_challenge"),
        );
        assert!(state.len() >= 43, "256 bits: {state}");
        // What is no answer changes nothing.
        assert!(visit(port, "/favicon.ico").starts_with("HTTP/1.1 404"));
        assert!(visit(port, "/callback?code=aPrxcodeX&state=other").starts_with("HTTP/1.1 400"));
        let answer = visit(port, &format!("/callback?code=aPrxcode1&state={state}"));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(
            answer.contains("Cache-Control: no-store")
                && answer.contains("Referrer-Policy: no-referrer")
        );
        assert!(
            !answer.contains("aPrxcode") && !answer.contains(&state),
            "{answer}"
        );
        let run = browsing.end();
        assert_eq!(run.code, 0, "{}", run.stderr);
        silent(&run);
        assert!(
            std::net::TcpStream::connect(("127.0.0.1", port)).is_err(),
            "an answer is taken once"
        );
        let forms = grants(&server);
        assert_eq!(forms.len(), 1, "{forms:?}");
        let form = &forms[0];
        assert_eq!(
            (form["grant_type"].as_str(), form["code"].as_str()),
            ("authorization_code", "aPrxcode1")
        );
        assert_eq!(form["redirect_uri"], redirect);
        let hash =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, form["code_verifier"].as_bytes());
        assert_eq!(base64_url(hash.as_ref()), challenge);
        // A public app must not send a secret, and one with a secret sends both.
        assert_eq!(form.get("client_secret").map(String::as_str), client_secret);
        assert!(store(&sandbox).contains("5Aeprefresh"));
    }
}

#[test]
fn a_key_signs_for_a_user() {
    let (server, sandbox) = (org(), Sandbox::new());
    write_private(&sandbox, "pkcs8.pem", &keys().pkcs8);
    write_private(&sandbox, "pkcs1.pem", &keys().pkcs1);
    for (file, more, audience) in [
        ("pkcs8.pem", &[][..], "https://login.salesforce.com"),
        (
            "pkcs1.pem",
            &["--audience", "https://test.salesforce.com"][..],
            "https://test.salesforce.com",
        ),
    ] {
        let mut arguments = jwt(&server.url, "3MVG9key", "reader@acme.example", file);
        arguments.extend(more);
        let run = sandbox.sign(&[], &arguments, b"");
        assert_eq!(run.code, 0, "{}", run.stderr);
        silent(&run);
        let form = grants(&server).pop().expect("asked");
        assert_eq!(
            form["grant_type"],
            "urn:ietf:params:oauth:grant-type:jwt-bearer"
        );
        assert!(!form.contains_key("client_secret") && !form.contains_key("client_id"));
        let key = jsonwebtoken::DecodingKey::from_rsa_der(&keys().public);
        let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        rules.set_audience(&[audience]);
        let claims = jsonwebtoken::decode::<serde_json::Value>(&form["assertion"], &key, &rules)
            .expect("signed with the key, for this audience, not expired")
            .claims;
        assert_eq!(claims["iss"], "3MVG9key");
        assert_eq!(claims["sub"], "reader@acme.example");
        let left = claims["exp"].as_i64().expect("seconds") - jiff::Timestamp::now().as_second();
        assert!((100..=180).contains(&left), "{left}");
    }
    // The key stays where it is.
    let kept = store(&sandbox);
    assert!(
        !kept.contains("PRIVATE KEY") && kept.contains("pkcs1.pem"),
        "{kept}"
    );
}

/// A Salesforce CLI whose answers the test writes: one for `display`, one for `show-access-token`.
fn salesforce_cli(sandbox: &Sandbox, display: &str, shown: &str) -> String {
    sandbox.write(
        "bin/sf",
        format!(
            "#!/bin/sh\necho \"$@\" >> \"$(dirname \"$0\")/asked\"\ncase \"$*\" in\n  'org display -o '*' --json') cat <<'END'\n{display}\nEND\n  ;;\n  'org auth show-access-token -o '*' --json') cat <<'END'\n{shown}\nEND\n  ;;\n  *) exit 9 ;;\nesac\n"
        ),
    );
    std::fs::set_permissions(
        sandbox.path("bin/sf"),
        std::fs::Permissions::from_mode(0o755),
    )
    .expect("a mode");
    format!("{}:/usr/bin:/bin", sandbox.path("bin").display())
}

#[test]
fn a_login_of_the_salesforce_cli_is_used() {
    let server = org();
    let token = format!("{ORG}!AQaccess-of-sf");
    let display = |token: &str| {
        format!(
            r#"{{"status":0,"result":{{"id":"{ORG}","apiVersion":"66.0","accessToken":"{token}","instanceUrl":"{}/","username":"ann@acme.example","connectedStatus":"Connected"}},"warnings":[]}}"#,
            server.url
        )
    };
    let shown = format!(r#"{{"status":0,"result":{{"accessToken":"{token}"}},"warnings":[]}}"#);
    let arguments = [
        "login",
        "--org",
        "prod",
        "--flow",
        "sf",
        "--sf-org",
        "acme-prod",
        "--allow-loopback-http",
    ];
    for (display, shown, asked) in [
        // Since 2.136.8 the token is hidden in the first answer.
        (
            display("[REDACTED] Use 'sf org auth show-access-token' to view"),
            shown.as_str(),
            2,
        ),
        // Before, it was there.
        (display(&token), "{}", 1),
    ] {
        let sandbox = Sandbox::new();
        let path = salesforce_cli(&sandbox, &display, shown);
        let run = sandbox.sign(&[("PATH", &path)], &arguments, b"");
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(
            run.reason().contains("reader@acme.example"),
            "{}",
            run.stderr
        );
        silent(&run);
        let lines = std::fs::read_to_string(sandbox.path("bin/asked")).expect("asked");
        assert_eq!(lines.lines().count(), asked, "{lines}");
        assert!(
            lines
                .lines()
                .all(|line| line.contains("-o acme-prod --json")),
            "{lines}"
        );
        // The token is the CLI's: we ask for it again.
        assert!(!store(&sandbox).contains("AQaccess"), "{}", store(&sandbox));
        let bearer = format!("Bearer {token}");
        let sent = server
            .seen()
            .into_iter()
            .filter_map(|request| request.headers.get("authorization").cloned());
        assert!(sent.into_iter().all(|header| header == bearer));
    }
    // What the CLI says of a failure is passed on.
    let sandbox = Sandbox::new();
    let failure = r#"{"name":"NamedOrgNotFoundError","message":"No authorization information found for acme-prod.","exitCode":2,"status":2}"#;
    let path = salesforce_cli(&sandbox, failure, "{}");
    let run = sandbox.sign(&[("PATH", &path)], &arguments, b"");
    assert_eq!(run.code, 4);
    assert!(
        run.reason().contains("No authorization information found"),
        "{}",
        run.stderr
    );
    let run = Sandbox::new().sign(&[("PATH", "/nowhere")], &arguments, b"");
    assert_eq!(run.code, 4);
    assert!(run.reason().contains("not installed"), "{}", run.stderr);
    let run = Sandbox::new().sign(
        &[],
        &[
            "login", "--org", "prod", "--flow", "sf", "--sf-org", "--json",
        ],
        b"",
    );
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn an_sfdx_auth_url_comes_from_stdin_or_a_file() {
    let (server, sandbox) = (org(), Sandbox::new());
    let host = server.url.trim_start_matches("http://");
    let url = format!("force://PlatformCLI::5Aeprefresh.x@{host}");
    let arguments = [
        "login",
        "--org",
        "prod",
        "--flow",
        "sfdx-url",
        "--allow-loopback-http",
        "--secret-file",
    ];
    let stdin = [&arguments[..], &["-"]].concat();
    let run = sandbox.sign(&[], &stdin, url.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    silent(&run);
    write_private(
        &sandbox,
        "url.json",
        &format!(r#"{{"result":{{"sfdxAuthUrl":"{url}"}}}}"#),
    );
    let file = [&arguments[..], &["url.json"]].concat();
    assert_eq!(sandbox.sign(&[], &file, b"").code, 0);
    for form in grants(&server) {
        assert_eq!(
            (form["grant_type"].as_str(), form["refresh_token"].as_str()),
            ("refresh_token", "5Aeprefresh.x")
        );
        assert_eq!(form["client_id"], "PlatformCLI");
    }
    // To log out here must not log the Salesforce CLI out.
    let run = sandbox.sign(
        &[],
        &["logout", "--org", "prod", "--allow-loopback-http"],
        b"",
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let seen = server.seen();
    let revoked = seen
        .iter()
        .find(|request| request.path.ends_with("/revoke"))
        .expect("revoked");
    assert!(
        revoked.form()["token"].contains("AQaccess"),
        "{}",
        revoked.body
    );
    let run = sandbox.sign(&[], &stdin, b"force://ck:hunter2@host");
    assert_eq!(run.code, 2);
    silent(&run);
}

#[test]
fn a_ready_token_is_taken_and_tried() {
    let (server, sandbox) = (org(), Sandbox::new());
    let token = format!("{ORG}!AQaccess-ready");
    let arguments = [
        "login",
        "--org",
        "prod",
        "--flow",
        "token",
        "--allow-loopback-http",
    ];
    let run = sandbox.sign(
        &[
            ("SFCOMPAT_ACCESS_TOKEN", &token),
            ("SFCOMPAT_INSTANCE_URL", &server.url),
        ],
        &arguments,
        b"",
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    silent(&run);
    let run = sandbox.sign(&[("SFCOMPAT_ACCESS_TOKEN", &token)], &arguments, b"");
    assert_eq!(run.code, 2, "which org? {}", run.stderr);
    let strict = Server::start(|request, own| match request.path.as_str() {
        "/services/oauth2/userinfo" => Answer::html(403, "Bad_OAuth_Token"),
        _ => good(request, own),
    });
    let run = sandbox.sign(
        &[
            ("SFCOMPAT_ACCESS_TOKEN", &token),
            ("SFCOMPAT_INSTANCE_URL", &strict.url),
        ],
        &arguments,
        b"",
    );
    assert_eq!(run.code, 4);
    assert!(
        run.reason().contains("does not know this token"),
        "{}",
        run.stderr
    );
}

#[test]
fn logins_are_listed_without_secrets_and_ended_at_salesforce() {
    let (server, sandbox) = (org(), Sandbox::new());
    let empty = sandbox.sign(&[], &["orgs"], b"");
    assert_eq!((empty.code, empty.stdout.as_str()), (0, ""));
    sandbox.logged_in(&server);
    let listed = sandbox.sign(&[], &["orgs"], b"");
    assert!(
        listed.stdout.starts_with(&format!(
            "prod  reader@acme.example  {}  {ORG}  client-credentials  since ",
            server.url
        )),
        "{}",
        listed.stdout
    );
    silent(&listed);
    let json = sandbox.sign(&[], &["orgs", "--format", "json"], b"");
    silent(&json);
    let list: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(
        (&list[0]["alias"], &list[0]["org_id"]),
        (&"prod".into(), &ORG.into())
    );
    let run = sandbox.sign(&[], &["logout", "--org", "prd"], b"");
    assert_eq!(run.code, 2);
    assert!(run.reason().contains("there are: prod"), "{}", run.stderr);
    let run = sandbox.sign(
        &[],
        &["logout", "--org", "prod", "--allow-loopback-http"],
        b"",
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.reason().contains("Salesforce has ended its tokens"),
        "{}",
        run.stderr
    );
    silent(&run);
    assert_eq!(server.count("POST", "/services/oauth2/revoke"), 1);
    assert_eq!(sandbox.sign(&[], &["orgs"], b"").stdout, "");
}

#[test]
fn a_login_that_salesforce_cannot_end_stays_until_it_is_forgotten() {
    let server = Server::start(|request, own| match request.path.as_str() {
        "/services/oauth2/revoke" => Answer::html(503, "<h1>maintenance</h1>"),
        _ => good(request, own),
    });
    let sandbox = Sandbox::new();
    sandbox.logged_in(&server);
    let logout = ["logout", "--org", "prod", "--allow-loopback-http"];
    let run = sandbox.sign(&[], &logout, b"");
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(
        run.reason().contains("not available (HTTP 503") && !run.reason().contains("<h1>"),
        "{}",
        run.stderr
    );
    assert!(store(&sandbox).contains("prod"));
    let run = sandbox.sign(&[], &[&logout[..], &["--forget"]].concat(), b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!store(&sandbox).contains("prod"));
    // A token that is no good any more has ended already.
    let server = Server::start(|request, own| match request.path.as_str() {
        "/services/oauth2/revoke" => crate::oauth::oauth_error("invalid_token", "invalid token"),
        _ => good(request, own),
    });
    sandbox.logged_in(&server);
    assert_eq!(sandbox.sign(&[], &logout, b"").code, 0);
}

#[test]
fn a_trace_of_a_login_holds_no_secret() {
    let server = org_with_token(|_, own| Answer::json(200, token(own)));
    let sandbox = Sandbox::new();
    let trace = [
        ("SFCOMPAT_LOG", "trace"),
        ("SFCOMPAT_CLIENT_SECRET", "hunter2"),
    ];
    let run = sandbox.sign(&trace, &credentials(&server, &[]), b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.lines().count() > 5 && run.stderr.contains("TRACE"),
        "a log: {}",
        run.stderr
    );
    silent(&run);
    for command in [
        &["login", "--check", "--org", "prod", "--allow-loopback-http"][..],
        &["logout", "--org", "prod", "--allow-loopback-http"],
    ] {
        let run = sandbox.sign(&trace, command, b"");
        assert_eq!(run.code, 0, "{}", run.stderr);
        silent(&run);
    }
    let port = free_port();
    let number = port.to_string();
    let browsing = sandbox.browse(&trace, &browser("web", &server.url, "3MVG9key", &number));
    let state = browsing.parameter("state");
    visit(port, &format!("/callback?code=aPrxcode1&state={state}"));
    let run = browsing.end();
    assert_eq!(run.code, 0, "{}", run.stderr);
    silent(&run);
    // The verifier is a secret that the test does not choose: it is what the server got.
    for form in grants(&server) {
        for name in ["code_verifier", "refresh_token", "client_secret", "code"] {
            if let Some(value) = form.get(name) {
                assert!(!run.stderr.contains(value.as_str()), "{name}");
            }
        }
    }
    let refused = sandbox.sign(&[("SFCOMPAT_LOG", "loud")], &["orgs"], b"");
    assert_eq!(refused.code, 2);
}

#[test]
fn help_says_why_some_ways_are_not_there() {
    let help = Sandbox::new().run(&["login", "--help"]).stdout;
    for word in [
        "device flow",
        "28 August 2025",
        "username-password",
        "Summer '23",
        "SOAP login()",
        "65.0",
        "Summer '27",
    ] {
        assert!(help.contains(word), "{word}");
    }
    // No option takes a secret.
    for option in [
        "--client-secret",
        "--password",
        "--token ",
        "--access-token",
        "--secret ",
    ] {
        assert!(!help.contains(option), "{option}");
    }
}
