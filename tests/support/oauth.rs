//! The OAuth endpoints of an org on this machine, with the one fault that a test wants; and the people around a login.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a crate of its own and uses its own part"
)]

use crate::http::{Answer, Request, Server};
use crate::support::{Run, Sandbox};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Every secret that such an org gives out begins with one of these, and so do those that tests make up.
pub const SECRETS: &[&str] = &[
    "AQaccess",
    "5Aeprefresh",
    "aPrxcode",
    "hunter2",
    "PRIVATE KEY",
];

pub const ORG: &str = "00D000000000001EAA";

/// The body of a token answer. Each token is another one.
pub fn token(own: &str) -> String {
    static N: AtomicU32 = AtomicU32::new(1);
    let n = N.fetch_add(1, Ordering::Relaxed);
    format!(
        r#"{{"access_token":"{ORG}!AQaccess{n:04}.abcdefghijklmnopqrstuvwxyz","refresh_token":"5Aeprefresh{n:04}","signature":"c2ln","scope":"refresh_token api","instance_url":"{own}","id":"{own}/id/{ORG}/005000000000001AAA","token_type":"Bearer","issued_at":"1278448384422"}}"#
    )
}

pub fn oauth_error(error: &str, description: &str) -> Answer {
    Answer::json(
        400,
        format!(r#"{{"error":"{error}","error_description":"{description}"}}"#),
    )
}

/// What an org without faults answers.
pub fn good(request: &Request, own: &str) -> Answer {
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/services/oauth2/token") => Answer::json(200, token(own)),
        ("POST", "/services/oauth2/revoke") => Answer::json(200, ""),
        ("GET", "/services/oauth2/userinfo") => Answer::json(
            200,
            format!(
                r#"{{"user_id":"005000000000001AAA","organization_id":"{ORG}","preferred_username":"reader@acme.example"}}"#
            ),
        ),
        ("GET", "/services/data/") => Answer::json(
            200,
            r#"[{"label":"Winter '27","url":"/services/data/v68.0","version":"68.0"}]"#,
        ),
        ("GET", "/services/data/v60.0/limits") => Answer::json(
            200,
            r#"{"DailyApiRequests":{"Max":15000,"Remaining":14998}}"#,
        ),
        (method, path) => Answer::json(404, format!("nobody asked for {method} {path}")),
    }
}

/// An org without faults.
pub fn org() -> Server {
    Server::start(good)
}

/// An org whose token endpoint answers otherwise.
pub fn org_with_token(answer: impl Fn(&Request, &str) -> Answer + Send + Sync + 'static) -> Server {
    Server::start(move |request, own| {
        if request.path == "/services/oauth2/token" {
            answer(request, own)
        } else {
            good(request, own)
        }
    })
}

/// What a login by client credentials is told.
pub fn credentials<'a>(org: &'a Server, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec![
        "login",
        "--org",
        "prod",
        "--flow",
        "client-credentials",
        "--allow-loopback-http",
        "--instance-url",
        &org.url,
        "--client-id",
        "3MVG9key",
    ];
    all.extend(more);
    all
}

impl Sandbox {
    /// Runs the program with a token store of the sandbox.
    pub fn sign(&self, variables: &[(&str, &str)], arguments: &[&str], stdin: &[u8]) -> Run {
        let mut child = self
            .prepare(arguments)
            .env("SFCOMPAT_HOME", self.path("home"))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // A program that needs no input may close it.
        let _ = child.stdin.take().expect("piped").write_all(stdin);
        child.wait_with_output().expect("the program ends").into()
    }

    /// A login by client credentials that works.
    pub fn logged_in(&self, org: &Server) {
        let run = self.sign(
            &[("SFCOMPAT_CLIENT_SECRET", "hunter2")],
            &credentials(org, &[]),
            b"",
        );
        assert_eq!(run.code, 0, "{}", run.stderr);
    }

    /// Starts a login with a browser, and says the page that it prints.
    pub fn browse(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Browsing {
        let mut child = self
            .prepare(arguments)
            .env("SFCOMPAT_HOME", self.path("home"))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
        let mut said = String::new();
        let page = loop {
            let mut line = String::new();
            assert!(
                stderr.read_line(&mut line).expect("text") > 0,
                "no page: {said}"
            );
            said.push_str(&line);
            if line.contains("/services/oauth2/authorize?") && line.starts_with("http") {
                break url::Url::parse(line.trim()).expect("an address");
            }
        };
        Browsing {
            child,
            stderr,
            said,
            page,
        }
    }
}

/// A login that waits for its browser.
pub struct Browsing {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    said: String,
    pub page: url::Url,
}

impl Browsing {
    /// A parameter of the page.
    pub fn parameter(&self, name: &str) -> String {
        let found = self.page.query_pairs().find(|(own, _)| own == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// Waits for the end.
    pub fn end(mut self) -> Run {
        self.stderr.read_to_string(&mut self.said).expect("text");
        let mut run: Run = self.child.wait_with_output().expect("an end").into();
        run.stderr = self.said;
        run
    }
}

/// One request of a browser to the callback; the answer as it came.
pub fn visit(port: u16, target: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
    let head =
        format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(30)))
        .expect("a time");
    stream.write_all(head.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Writes a file that only its owner may read.
#[cfg(unix)]
pub fn write_private(sandbox: &Sandbox, name: &str, content: &str) {
    use std::os::unix::fs::PermissionsExt;
    sandbox.write(name, content);
    std::fs::set_permissions(sandbox.path(name), std::fs::Permissions::from_mode(0o600))
        .expect("a mode");
}

/// RSA keys made for this run, as PKCS#8 and as PKCS#1, and the public part.
pub struct Keys {
    pub pkcs8: String,
    pub pkcs1: String,
    /// As JWT libraries want it.
    pub public: Vec<u8>,
    /// As an app of an org has it.
    pub public_pem: String,
}

pub fn keys() -> &'static Keys {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::KeyPair as _;
    static KEYS: std::sync::OnceLock<Keys> = std::sync::OnceLock::new();
    KEYS.get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().expect("PKCS#8");
        let der = der.as_ref();
        // PKCS#8 of an RSA key is 26 bytes, then PKCS#1.
        Keys {
            pkcs8: pem("PRIVATE KEY", der),
            pkcs1: pem("RSA PRIVATE KEY", &der[26..]),
            public: pair.public_key().as_ref().to_vec(),
            public_pem: {
                let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> =
                    pair.public_key().as_der().expect("X.509");
                pem("PUBLIC KEY", der.as_ref())
            },
        }
    })
}

pub fn pem(label: &str, der: &[u8]) -> String {
    let text = base64(
        der,
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        true,
    );
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// As PKCE and JWT write bytes.
pub fn base64_url(bytes: &[u8]) -> String {
    base64(
        bytes,
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        false,
    )
}

fn base64(bytes: &[u8], alphabet: &[u8; 64], padded: bool) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut all = [0; 3];
        all[..group.len()].copy_from_slice(group);
        let number = u32::from_be_bytes([0, all[0], all[1], all[2]]);
        for n in 0..=group.len() {
            text.push(char::from(alphabet[(number >> (18 - 6 * n)) as usize & 63]));
        }
        if padded {
            text.push_str(&"="[..1].repeat(3 - group.len()));
        }
    }
    text
}
