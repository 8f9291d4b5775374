//! A pull by a stored login: sessions that end while it runs, Ctrl-C, secrets in the log, a company's proxy and root.

use crate::company::Proxy;
use crate::opening::browser;
use crate::support::{Run, Sandbox, sample_data};
use sfcompat::demo::{Builder, Effect, Endpoint, FakeOrg, Fault};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LOOPBACK: &str = "--allow-loopback-http";

fn org(change: impl FnOnce(Builder) -> Builder) -> FakeOrg {
    let plain = FakeOrg::builder(sample_data().join("org"))
        .client("3MVG9public", None)
        .client("3MVG9secret", Some("hunter2"));
    change(plain).start().expect("a fake org")
}

/// A login by the app's own secret, kept as `prod`.
fn log_in(home: &Sandbox, org: &FakeOrg, variables: &[(&str, &str)]) -> Run {
    let url = org.base_url();
    let mut all = vec![("SFCOMPAT_CLIENT_SECRET", "hunter2")];
    all.extend(variables);
    let arguments = [
        "login",
        "--org",
        "prod",
        "--flow",
        "client-credentials",
        LOOPBACK,
        "--instance-url",
        &url,
        "--client-id",
        "3MVG9secret",
    ];
    let run = home.sign(&all, &arguments, b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

/// A login by a browser that allows access, kept as `prod`: it has a refresh token.
fn log_in_by_browser(home: &Sandbox, org: &FakeOrg, variables: &[(&str, &str)]) -> Run {
    let port = crate::oauth::free_port();
    let (url, number) = (org.base_url(), port.to_string());
    let arguments = browser("prod", &url, "3MVG9public", &number);
    let browsing = home.browse(variables, &arguments);
    let page = format!(
        "{}?{}",
        browsing.page.path(),
        browsing.page.query().expect("a query")
    );
    let answer = crate::oauth::visit(org.port(), &page);
    let back = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap_or_else(|| panic!("no redirect: {answer}"));
    let back = url::Url::parse(back.trim()).expect("an address");
    let target = format!("{}?{}", back.path(), back.query().expect("a query"));
    crate::oauth::visit(port, &target);
    let run = browsing.end();
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

fn pull(home: &Sandbox, variables: &[(&str, &str)], target: &str) -> Run {
    let arguments = ["pull", "--org", "prod", LOOPBACK, "-o", target];
    home.sign(variables, &arguments, b"")
}

fn sheets(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|own| own == "csv"))
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect()
}

#[test]
fn sessions_that_end_while_a_pull_runs_are_renewed_once_each_and_nothing_is_lost() {
    let home = Sandbox::new();
    let sound = org(|org| org);
    log_in(&home, &sound, &[]);
    assert_eq!(pull(&home, &[], "due").code, 0);
    let due = sheets(&home.path("due"));
    let end = |endpoint, after| {
        Fault::new(Effect::ExpireSessions)
            .on(endpoint)
            .after(after)
            .once()
    };
    // Far enough apart that no request meets both ends: a request is repeated with one new session, not with two.
    let two = [end(Endpoint::Composite, 3), end(Endpoint::Composite, 16)];
    let cases: [(&str, bool, FakeOrg); 4] = [
        (
            "an app's session, twice",
            false,
            org(|org| org.page_size(20).faults(two.clone())),
        ),
        (
            "a person's session, twice, with tokens that rotate",
            true,
            org(|org| org.page_size(20).rotating_refresh().faults(two.clone())),
        ),
        (
            "in the middle of describes",
            true,
            org(|org| org.fault(end(Endpoint::Describe, 2))),
        ),
        (
            "a session that lasts for eight calls",
            false,
            org(|org| org.page_size(100).token_calls(8)),
        ),
    ];
    for (n, (name, person, org)) in cases.into_iter().enumerate() {
        if person {
            log_in_by_browser(&home, &org, &[]);
        } else {
            log_in(&home, &org, &[]);
        }
        org.forget();
        let target = format!("pulled{n}");
        let run = pull(&home, &[], &target);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(sheets(&home.path(&target)) == due, "{name}: other records");
        let renewals = org.counts().tokens;
        let refused = org
            .journal()
            .iter()
            .filter(|entry| entry.status == 401)
            .count();
        assert!(renewals > 0, "{name}: no session ended");
        match n {
            // Four requests at once find the session ended; one token is asked for.
            0 | 1 => assert_eq!(renewals, 2, "{name}: {refused} refused"),
            2 => assert_eq!(renewals, 1, "{name}: {refused} refused"),
            _ => {}
        }
        // The renewed token is kept for the next run.
        org.forget();
        let again = home.sign(&[], &["login", "--check", "--org", "prod", LOOPBACK], b"");
        assert!(n == 3 || again.code == 0, "{name}: {}", again.stdout);
    }
}

#[test]
fn a_login_that_ends_for_good_while_a_pull_runs_leaves_the_old_snapshot() {
    let home = Sandbox::new();
    let org = org(|org| org.page_size(20).latency(Duration::from_millis(5)));
    log_in_by_browser(&home, &org, &[]);
    assert_eq!(pull(&home, &[], "org").code, 0);
    let before = sheets(&home.path("org"));
    org.fault(
        Fault::new(Effect::ExpireSessions)
            .on(Endpoint::Composite)
            .after(4)
            .once(),
    );
    org.fault(Fault::new(Effect::Html(400)).on(Endpoint::Token));
    let run = pull(&home, &[], "org");
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(sheets(&home.path("org")) == before);
}

/// Whatever is secret in what the fake org was sent and in what is stored.
fn secrets(home: &Sandbox, org: &FakeOrg) -> BTreeSet<String> {
    let mut found = BTreeSet::from([String::from("hunter2")]);
    for entry in org.journal() {
        if entry.endpoint != Endpoint::Token && entry.endpoint != Endpoint::Revoke {
            continue;
        }
        for (name, value) in url::form_urlencoded::parse(entry.body.as_bytes()) {
            let secret = [
                "code",
                "code_verifier",
                "client_secret",
                "refresh_token",
                "token",
                "assertion",
            ];
            if secret.contains(&&*name) {
                found.insert(value.into_owned());
            }
        }
    }
    let store = std::fs::read_to_string(home.path("home/tokens.json")).unwrap_or_default();
    for line in store.lines() {
        let parts: Vec<&str> = line.split('"').collect();
        if let [
            _,
            "access_token" | "refresh_token" | "client_secret",
            _,
            value,
            ..,
        ] = &parts[..]
        {
            found.insert((*value).to_owned());
        }
    }
    found
}

#[test]
fn a_trace_of_login_pull_and_logout_holds_no_secret() {
    let home = Sandbox::new();
    let org = org(|org| {
        org.page_size(100).rotating_refresh().fault(
            Fault::new(Effect::ExpireSessions)
                .on(Endpoint::Composite)
                .after(3)
                .once(),
        )
    });
    let trace = [("SFCOMPAT_LOG", "trace")];
    let mut logs = String::new();
    let mut all = BTreeSet::new();
    let mut note = |run: Run, all: &mut BTreeSet<String>| {
        assert_eq!(run.code, 0, "{}", run.stderr);
        logs += &run.stderr;
        logs += &run.stdout;
        all.extend(secrets(&home, &org));
    };
    note(log_in(&home, &org, &trace), &mut all);
    note(log_in_by_browser(&home, &org, &trace), &mut all);
    let metadata = [
        "pull",
        "--org",
        "prod",
        LOOPBACK,
        "-o",
        "org",
        "--with-metadata",
    ];
    note(home.sign(&trace, &metadata, b""), &mut all);
    let check = ["login", "--check", "--org", "prod", LOOPBACK];
    note(home.sign(&trace, &check, b""), &mut all);
    note(
        home.sign(&trace, &["logout", "--org", "prod", LOOPBACK], b""),
        &mut all,
    );
    assert!(
        logs.contains("TRACE") && logs.contains("/services/data/"),
        "no log"
    );
    // Access tokens, refresh tokens, a code and its verifier, and the secret of the app.
    assert!(all.len() >= 7, "{} secrets are known", all.len());
    for secret in &all {
        assert!(secret.len() >= 7, "no secret: {secret}");
        for (n, line) in logs.lines().enumerate() {
            assert!(!line.contains(secret.as_str()), "line {}: {line}", n + 1);
        }
    }
}

/// Ctrl-C: 130, the old snapshot as it was, and nothing left beside it.
#[test]
fn ctrl_c_leaves_the_old_snapshot() {
    let home = Sandbox::new();
    let org = org(|org| org.page_size(20));
    log_in(&home, &org, &[]);
    assert_eq!(pull(&home, &[], "org").code, 0);
    let before = sheets(&home.path("org"));
    let manifest = std::fs::read(home.path("org/manifest.json")).expect("a manifest");
    org.fault(Fault::new(Effect::Latency(Duration::from_millis(40))));
    for after in [0_u64, 3, 12] {
        org.forget();
        let child = home
            .prepare(&["pull", "--org", "prod", LOOPBACK, "-o", "org"])
            .env("SFCOMPAT_HOME", home.path("home"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let begun = Instant::now();
        while org.counts().requests <= after {
            assert!(begun.elapsed() < Duration::from_mins(1), "no request came");
            std::thread::sleep(Duration::from_millis(5));
        }
        let pressed = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .expect("kill");
        assert!(pressed.success());
        let run: Run = child.wait_with_output().expect("an end").into();
        assert_eq!(run.code, 130, "after {after} requests: {}", run.stderr);
        assert!(sheets(&home.path("org")) == before);
        assert_eq!(
            std::fs::read(home.path("org/manifest.json")).expect("a manifest"),
            manifest
        );
        let left: BTreeSet<_> = std::fs::read_dir(home.path("."))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(left, BTreeSet::from(["home".into(), "org".into()]));
    }
}

/// The way out of a company: a proxy that asks who it is, and TLS by the company's own root.
#[test]
fn a_company_proxy_and_its_root_certificate_are_used() {
    const HOST: &str = "acme.my.salesforce.com";
    let home = Sandbox::new();
    let org = org(|org| org);
    let proxy = Proxy::start(HOST, org.port());
    home.write("root.pem", &proxy.root);
    home.write("other.pem", Proxy::start(HOST, org.port()).root);
    let address = format!("http://me:hunter2@127.0.0.1:{}", proxy.port);
    let token = org.access_token();
    let url = format!("https://{HOST}");
    let run = |root: &str, arguments: &[&str]| {
        let root = home.path(root);
        let variables = [
            ("HTTPS_PROXY", address.as_str()),
            ("SSL_CERT_FILE", root.to_str().expect("text")),
            ("SFCOMPAT_ACCESS_TOKEN", &token),
            ("SFCOMPAT_INSTANCE_URL", &url),
        ];
        home.sign(&variables, arguments, b"")
    };
    let pull = ["pull", "-o", "org", "--objects", "UserLicense,User"];
    let done = run("root.pem", &pull);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let due = std::fs::read(sample_data().join("org/User.csv")).expect("a file");
    assert!(std::fs::read(home.path("org/User.csv")).expect("a file") == due);
    let heads = proxy.heads();
    assert!(!heads.is_empty());
    for head in &heads {
        assert!(
            head.starts_with("CONNECT acme.my.salesforce.com:443 "),
            "{head}"
        );
        // Who asks is told to the proxy; whom the token lets in is not.
        let head = head.to_ascii_lowercase();
        assert!(
            head.contains("proxy-authorization: basic bwu6ahvudgvymg=="),
            "{head}"
        );
        assert!(!head.contains("bearer"), "{head}");
    }
    // A certificate that nobody vouches for ends the run: the token is not sent.
    let (heads, requests) = (proxy.heads().len(), org.counts().requests);
    let refused = run(
        "other.pem",
        &["pull", "-o", "other", "--objects", "UserLicense"],
    );
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(
        refused.reason().contains("certificate"),
        "{}",
        refused.stderr
    );
    assert!(proxy.heads().len() > heads && org.counts().requests == requests);
    assert!(!refused.stderr.contains("hunter2") && !home.path("other").exists());
    // The doctor names the proxy, without its password.
    let seen = run(
        "root.pem",
        &["login", "--check", "--org", "prod", "--flow", "token"],
    );
    assert!(
        seen.stdout
            .contains(&format!("proxy: http://127.0.0.1:{}", proxy.port)),
        "{}{}",
        seen.stdout,
        seen.stderr
    );
    assert!(!seen.stdout.contains("hunter2"));
}
