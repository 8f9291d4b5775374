//! `sfcompat okta pull` against a fake Okta: what it writes, what it refuses, what it waits for, and what it never says.
#![cfg(feature = "demo")]
#![allow(
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::items_after_statements,
    clippy::panic,
    clippy::redundant_closure_for_method_calls,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends and says why"
)]

#[path = "support/http.rs"]
mod http;
#[path = "support/oauth.rs"]
mod oauth;
mod support;

use sfcompat::demo::{Effect, FakeOkta, Mishap, OktaBuilder, Trouble};
use sfcompat::net::Clock;
use sfcompat::okta_pull::{self, Asked, Error, Manifest, Options, Part};
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::{DAY, Run, Sandbox, sample_data};

const CLIENT: &str = "0oa1fakeService01d7";
const KEY_ID: &str = "kid-1";

fn okta(change: impl FnOnce(OktaBuilder) -> OktaBuilder) -> FakeOkta {
    let builder =
        FakeOkta::fictional().service_app(CLIENT, &oauth::keys().public_pem, Some(KEY_ID));
    change(builder).start().expect("a fake Okta")
}

/// A key file that only its owner can read.
fn key_file(home: &Sandbox, pem: &str) -> PathBuf {
    home.write("key.pem", pem);
    private(&home.path("key.pem"));
    home.path("key.pem")
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
}

/// As whom.
#[derive(Clone, Copy)]
enum As {
    Token,
    Service,
}

struct Pulled {
    result: Result<Manifest, Error>,
    slept: Vec<Duration>,
}

impl Pulled {
    fn manifest(&self) -> &Manifest {
        self.result.as_ref().expect("pulled")
    }

    fn said(&self) -> String {
        self.result.as_ref().expect_err("refused").to_string()
    }
}

/// Pulls with a clock that needs no time for waiting.
fn pull(okta: &FakeOkta, whom: As, home: &Sandbox, options: &Options) -> Pulled {
    let asked = Asked {
        url: Some(okta.base_url()),
        loopback: true,
        key_id: Some(String::from(KEY_ID)),
        client_id: Some(String::from(CLIENT)),
        key_file: matches!(whom, As::Service).then(|| key_file(home, &oauth::keys().pkcs8)),
        ..Asked::default()
    };
    let token = okta.api_token();
    let var = |name: &str| (name == "SFCOMPAT_OKTA_API_TOKEN").then(|| token.clone());
    let clock = Clock::manual(jiff::Timestamp::now());
    let result = okta_pull::account(&asked, var).and_then(|account| {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(okta_pull::pull(
                &account,
                &clock,
                &home.path("okta"),
                options,
                &|_| {},
            ))
    });
    Pulled {
        result,
        slept: clock.slept(),
    }
}

fn usual(okta: &FakeOkta, whom: As) -> (Sandbox, Pulled) {
    let home = Sandbox::new();
    let pulled = pull(okta, whom, &home, &Options::default());
    (home, pulled)
}

fn with(trouble: Trouble, on: &str, times: u64) -> FakeOkta {
    okta(|okta| okta.mishap(Mishap::new(trouble).on(on).times(times)))
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

/// Lists that the API gave equal the seed, whatever the paging.
fn holds_everything(home: &Sandbox) {
    for name in [
        "app-users.json",
        "groups.json",
        "app.json",
        "schema.json",
        "mapping.json",
        "mapping-to-okta.json",
    ] {
        let (own, seed) = (
            home.path("okta").join(name),
            sample_data().join("okta").join(name),
        );
        assert_eq!(json(&own), json(&seed), "{name}");
    }
    let read = |path: PathBuf| std::fs::read_to_string(path).expect("a file");
    assert_eq!(
        read(home.path("okta/members.csv")),
        read(sample_data().join("okta/members.csv"))
    );
}

#[test]
fn an_api_token_pulls_a_folder_and_nothing_is_written_to_okta() {
    let okta = okta(|okta| okta);
    let (home, pulled) = usual(&okta, As::Token);
    let manifest = pulled.manifest();
    holds_everything(&home);
    assert!(!home.path("okta/users.json").exists());
    assert_eq!(manifest.login, "api-token");
    assert_eq!(manifest.files["members.csv"].elements, 10);
    assert_eq!(manifest.requests, okta.counts().requests);
    assert_eq!(okta.counts().writes, 0);
    assert!(okta.journal().iter().all(|entry| entry.method == "GET"));
    use sha2::Digest as _;
    let bytes = std::fs::read(home.path("okta/groups.json")).expect("a file");
    let hash: String = sha2::Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(manifest.files["groups.json"].sha256, hash);
}

#[test]
fn a_service_app_pulls_with_an_assertion_and_least_scopes() {
    for pem in [&oauth::keys().pkcs8, &oauth::keys().pkcs1] {
        let okta = okta(|okta| okta);
        let home = Sandbox::new();
        key_file(&home, pem);
        let pulled = pull(&okta, As::Service, &home, &Options::default());
        let manifest = pulled.manifest();
        holds_everything(&home);
        assert_eq!(
            manifest.scopes,
            [
                "okta.apps.read",
                "okta.groups.read",
                "okta.profileMappings.read",
                "okta.schemas.read"
            ]
        );
        assert_eq!(okta.counts().tokens, 1);
        assert!(
            okta.journal()
                .iter()
                .all(|entry| entry.header("dpop").is_none())
        );
    }
    let okta = okta(|okta| okta);
    let options = Options {
        parts: vec![Part::Schema],
        ..Options::default()
    };
    let home = Sandbox::new();
    let pulled = pull(&okta, As::Service, &home, &options);
    assert_eq!(
        pulled.manifest().scopes,
        ["okta.apps.read", "okta.schemas.read"]
    );
    assert!(home.path("okta/schema.json").exists() && !home.path("okta/groups.json").exists());
}

#[test]
fn proofs_of_possession_are_given_where_okta_asks_for_them() {
    let okta = okta(|okta| okta.dpop());
    let (home, pulled) = usual(&okta, As::Service);
    pulled.manifest();
    holds_everything(&home);
    // Without a proof, with one that lacks the number, with both.
    assert_eq!(okta.counts().tokens, 3);
    let reads: Vec<_> = okta
        .journal()
        .into_iter()
        .filter(|entry| entry.method == "GET")
        .collect();
    assert!(
        reads
            .iter()
            .all(|entry| entry.header("authorization") == Some("DPoP"))
    );
    let proofs: std::collections::BTreeSet<_> = reads
        .iter()
        .map(|entry| entry.header("dpop").expect("a proof").to_owned())
        .collect();
    assert_eq!(proofs.len(), reads.len(), "each proof is used once");

    let changing = self::okta(|okta| okta.dpop_at_every_request());
    let options = Options {
        parts: vec![Part::Groups],
        ..Options::default()
    };
    pull(&changing, As::Service, &Sandbox::new(), &options).manifest();
}

#[test]
fn a_token_that_ends_is_renewed_and_a_retry_has_a_new_proof() {
    let okta = okta(|okta| {
        okta.dpop()
            .token_calls(3)
            .mishap(Mishap::new(Trouble::Html(503)).on("/groups").times(2))
    });
    let (home, pulled) = usual(&okta, As::Service);
    pulled.manifest();
    holds_everything(&home);
    assert!(okta.counts().tokens > 3);
}

#[test]
fn pages_are_followed_however_links_are_sent() {
    for joined in [false, true] {
        let okta = okta(|okta| {
            let okta = okta.page_size(3);
            if joined { okta.joined_links() } else { okta }
        });
        let (home, pulled) = usual(&okta, As::Token);
        pulled.manifest();
        holds_everything(&home);
        let pages = okta
            .journal()
            .iter()
            .filter(|entry| entry.path.ends_with("01d7/users") && entry.path.contains("/apps/"))
            .count();
        assert_eq!(pages, 4, "10 users in pages of 3");
    }
}

#[test]
fn a_link_to_another_host_is_one_clear_error_and_gets_no_token() {
    let other = okta(|okta| okta);
    for target in [
        format!("{}/api/v1/apps/x/users?after=1", other.base_url()),
        String::from("https://evil.example/api/v1/users"),
        String::from("//evil.example/api/v1/users"),
    ] {
        let okta = with(Trouble::NextLink(target.clone()), "/users", 1);
        let (home, pulled) = usual(&okta, As::Token);
        let said = pulled.said();
        assert!(said.contains("nothing was sent there"), "{said}");
        assert!(said.contains("/users: the next page"), "{said}");
        assert!(!home.path("okta").exists());
    }
    assert_eq!(other.counts().requests, 0);
}

#[test]
fn pages_without_end_and_redirects_are_errors() {
    let (_, pulled) = usual(&with(Trouble::Endless, "/users", 99), As::Token);
    assert!(
        pulled.said().contains("pages have no end"),
        "{}",
        pulled.said()
    );
    let redirect = Trouble::Common(Effect::Redirect(String::from("https://evil.example/")));
    let (_, pulled) = usual(&with(redirect, "/groups", 99), As::Token);
    assert!(pulled.said().contains("HTTP 302"), "{}", pulled.said());
}

#[test]
fn a_rate_limit_is_waited_for_until_its_reset_and_no_longer_than_patience_lasts() {
    let (home, pulled) = usual(&with(Trouble::TooMany(20), "/groups", 2), As::Token);
    pulled.manifest();
    holds_everything(&home);
    assert_eq!(pulled.slept.len(), 2);
    assert!(
        pulled
            .slept
            .iter()
            .all(|time| (19..=22).contains(&time.as_secs())),
        "{:?}",
        pulled.slept
    );

    // The last answer of a window: the next request waits, instead of being refused.
    let okta = with(Trouble::LastOfWindow(30), "/groups", 1);
    let (_, pulled) = usual(&okta, As::Token);
    pulled.manifest();
    assert_eq!(pulled.slept.len(), 1, "{:?}", pulled.slept);
    assert!((28..=31).contains(&pulled.slept[0].as_secs()));
    assert!(okta.journal().iter().all(|entry| entry.status == 200));

    // Too many at once: its reset is a suggestion, in an hour.
    let (_, pulled) = usual(&with(Trouble::TooManyAtOnce, "/groups", 2), As::Token);
    pulled.manifest();
    assert!(
        pulled.slept.iter().all(|time| time.as_secs() < 31),
        "{:?}",
        pulled.slept
    );

    let okta = with(Trouble::TooMany(3600), "/groups", 99);
    let (home, pulled) = usual(&okta, As::Token);
    let said = pulled.said();
    assert!(
        said.contains("E0000047") && said.contains("reset in 360"),
        "{said}"
    );
    assert!(!home.path("okta").exists());
    let (_, pulled) = usual(&with(Trouble::TooMany(1), "/groups", 99), As::Token);
    assert!(
        pulled.said().contains("(HTTP 429 E0000047, reset in")
            && pulled.said().contains("6 attempts"),
        "{}",
        pulled.said()
    );
}

#[test]
fn what_goes_away_is_asked_for_again_and_what_stays_is_said() {
    for trouble in [
        Trouble::Html(502),
        Trouble::Html(503),
        Trouble::Refuse(
            500,
            String::from("E0000009"),
            String::from("Internal Server Error"),
        ),
        Trouble::Common(Effect::CutBody(40)),
        Trouble::Common(Effect::Truncate(40)),
        Trouble::Common(Effect::InvalidJson),
    ] {
        let (home, pulled) = usual(&with(trouble.clone(), "/users", 1), As::Token);
        assert!(pulled.result.is_ok(), "{trouble:?}: {:?}", pulled.result);
        holds_everything(&home);
        let (home, pulled) = usual(&with(trouble.clone(), "/users", 99), As::Token);
        let error = pulled.result.expect_err("refused");
        assert!(
            !error.is_usage() && !error.is_output(),
            "{trouble:?}: {error}"
        );
        assert!(!home.path("okta").exists());
    }
    let giant = Trouble::Common(Effect::Giant(80 << 20));
    let (_, pulled) = usual(&with(giant, "/users", 99), As::Token);
    assert!(
        pulled.said().contains("larger than 64 MiB"),
        "{}",
        pulled.said()
    );
}

#[test]
fn missing_rights_and_bad_keys_say_what_to_do() {
    let said = |okta: &FakeOkta, whom| usual(okta, whom).1.said();
    let lacks = |scope: &'static str| okta(move |okta| okta.without_scope(scope));
    let text = said(&lacks("okta.groups.read"), As::Token);
    assert!(
        text.contains("HTTP 403 E0000006") && text.contains("Read-Only Administrator"),
        "{text}"
    );
    let text = said(&lacks("okta.groups.read"), As::Service);
    assert!(
        text.contains("invalid_scope") && text.contains("okta.groups.read"),
        "{text}"
    );
    let text = said(&okta(|okta| okta.key_expired()), As::Service);
    assert!(
        text.contains("invalid_client: The client_assertion signature is invalid"),
        "{text}"
    );
    assert!(text.contains("registered in the app"), "{text}");
    let refused = Trouble::Refuse(
        401,
        String::from("E0000011"),
        String::from("Invalid token provided"),
    );
    let okta = with(refused.clone(), "/apps", 99);
    let text = said(&okta, As::Token);
    assert!(
        text.contains("HTTP 401 E0000011: Invalid token provided; the token is not good"),
        "{text}"
    );
    assert_eq!(
        okta.counts().requests,
        1,
        "a token that nobody can renew is tried once"
    );
    // A new token of the service app is tried once.
    let okta = with(refused, "/apps", 99);
    said(&okta, As::Service);
    assert_eq!(okta.counts().tokens, 2);
}

#[test]
fn the_app_that_is_meant_is_never_guessed() {
    let home = Sandbox::new();
    let app = json(&sample_data().join("okta/app.json"));
    let mut other = app.clone();
    other["id"] = "0oa2other".into();
    other["label"] = "Salesforce UAT".into();
    let mut google = app.clone();
    google["id"] = "0oa3google".into();
    google["name"] = "google".into();
    home.write(
        "seed/app.json",
        serde_json::json!([app, other, google]).to_string(),
    );
    let okta = FakeOkta::builder(home.path("seed"))
        .start()
        .expect("a fake Okta");
    let ask = |app: Option<&str>| {
        let options = Options {
            app: app.map(str::to_owned),
            parts: vec![Part::App],
        };
        pull(&okta, As::Token, &home, &options)
    };
    let pulled = ask(None);
    assert!(
        pulled.said().contains("several Salesforce apps")
            && pulled.said().contains("0oa2other 'Salesforce UAT'"),
        "{}",
        pulled.said()
    );
    assert!(pulled.result.expect_err("refused").is_usage());
    assert_eq!(ask(Some("Salesforce UAT")).manifest().app, "0oa2other");
    assert_eq!(ask(Some("0oa2other")).manifest().label, "Salesforce UAT");
    assert!(
        ask(Some("Salesforce DEV"))
            .said()
            .contains("no Salesforce app has the label")
    );
    assert!(
        ask(Some("0oa3google"))
            .said()
            .contains("none of Salesforce")
    );
    assert!(
        ask(Some("0oa9nothing"))
            .said()
            .contains("is it the id of an app of this org?")
    );
}

#[test]
fn members_of_two_groups_with_one_name_are_not_mixed() {
    let home = Sandbox::new();
    for name in ["app.json", "app-users.json", "groups.json", "members.csv"] {
        let text = std::fs::read_to_string(sample_data().join("okta").join(name)).expect("a file");
        home.write(
            &format!("seed/{name}"),
            text.replace("SF-Finance", "SF-Sales-UK-Ireland"),
        );
    }
    let okta = FakeOkta::builder(home.path("seed"))
        .start()
        .expect("a fake Okta");
    let of = |parts: &[Part]| {
        let options = Options {
            parts: parts.to_vec(),
            ..Options::default()
        };
        pull(&okta, As::Token, &home, &options)
    };
    let pulled = of(&[Part::Groups, Part::Members]);
    assert!(
        pulled
            .said()
            .contains("two groups of the app are named 'SF-Sales-UK-Ireland'"),
        "{}",
        pulled.said()
    );
    of(&[Part::Groups]).manifest();
}

#[test]
fn all_users_come_on_request_with_those_that_are_deactivated() {
    let okta = okta(|okta| okta.page_size(4));
    let home = Sandbox::new();
    let options = Options {
        parts: vec![Part::Users],
        ..Options::default()
    };
    let pulled = pull(&okta, As::Service, &home, &options);
    assert_eq!(pulled.manifest().files["users.json"].elements, 11);
    assert!(
        pulled
            .manifest()
            .scopes
            .contains(&String::from("okta.users.read"))
    );
    let text = std::fs::read_to_string(home.path("okta/users.json")).expect("a file");
    assert!(text.contains("odo.penhallow@brackenford.example"));
}

#[test]
fn a_folder_of_others_is_left_alone_and_an_old_pull_is_replaced_as_a_whole() {
    let okta = okta(|okta| okta);
    let (home, pulled) = usual(&okta, As::Token);
    pulled.manifest();
    let options = Options {
        parts: vec![Part::App],
        ..Options::default()
    };
    okta.mishap(Mishap::new(Trouble::Html(503)).on("/schema-is-not-asked"));
    pull(&okta, As::Token, &home, &options).manifest();
    assert!(
        !home.path("okta/groups.json").exists(),
        "the new folder has what the new pull read"
    );
    home.write("okta/thesis.txt", "mine");
    let pulled = pull(&okta, As::Token, &home, &options);
    assert!(pulled.said().contains("thesis.txt"), "{}", pulled.said());
    assert!(pulled.result.expect_err("refused").is_usage());
    assert!(home.path("okta/thesis.txt").exists());
}

// From here on: the program, as people run it.

fn program(home: &Sandbox, okta: &FakeOkta, more: &[(&str, &str)], arguments: &[&str]) -> Run {
    let (url, token) = (okta.base_url(), okta.api_token());
    let mut variables = vec![
        ("SFCOMPAT_OKTA_URL", url.as_str()),
        ("SFCOMPAT_ALLOW_LOOPBACK_HTTP", "1"),
        ("SFCOMPAT_TODAY", DAY),
    ];
    if more
        .iter()
        .all(|(name, _)| *name != "SFCOMPAT_OKTA_KEY_FILE")
    {
        variables.push(("SFCOMPAT_OKTA_API_TOKEN", &token));
    }
    variables.extend(more.iter().copied());
    let mut typed = vec!["okta", "pull"];
    typed.extend(arguments);
    home.run_in(".", &variables, &typed)
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let home = Sandbox::new();
    let good = okta(|okta| okta);
    let run = program(&home, &good, &[], &["-o", "okta"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("app-users.json: 10 in 1 page"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("exit 0: 0oa1brackenfordSF01d7 'Salesforce Production'"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout, "");
    let code = |okta: &FakeOkta, more: &[(&str, &str)], arguments: &[&str]| {
        let run = program(&home, okta, more, arguments);
        assert!(
            run.stderr
                .contains(&format!("sfcompat: exit {}: ", run.code)),
            "{}",
            run.stderr
        );
        run.code
    };
    assert_eq!(code(&good, &[], &["-o", "x", "--parts", "nonsense"]), 2);
    assert_eq!(code(&good, &[], &["-o", "x", "--parts", "members"]), 2);
    assert_eq!(
        code(
            &good,
            &[("SFCOMPAT_ALLOW_LOOPBACK_HTTP", "0")],
            &["-o", "x"]
        ),
        2
    );
    assert_eq!(
        code(
            &good,
            &[("SFCOMPAT_OKTA_URL", "https://id.acme.example")],
            &["-o", "x"]
        ),
        2
    );
    assert_eq!(
        code(
            &good,
            &[("SFCOMPAT_OKTA_URL", "http://127.0.0.1:9")],
            &["-o", "x"]
        ),
        4
    );
    let forbidden = okta(|okta| okta.without_scope("okta.schemas.read"));
    assert_eq!(code(&forbidden, &[], &["-o", "x"]), 4);
    home.write("a-file", "");
    assert_eq!(code(&good, &[], &["-o", "a-file/okta"]), 6);
    home.write("key.pem", &oauth::keys().pkcs8);
    let key = [
        ("SFCOMPAT_OKTA_KEY_FILE", "key.pem"),
        ("SFCOMPAT_OKTA_CLIENT_ID", CLIENT),
    ];
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(home.path("key.pem"), std::fs::Permissions::from_mode(0o644))
        .expect("a mode");
    assert_eq!(
        code(&good, &key, &["-o", "x"]),
        2,
        "others can read the key"
    );
}

#[test]
fn no_secret_is_in_a_log_at_its_most_talkative_nor_in_what_is_written() {
    let home = Sandbox::new();
    let key = key_file(&home, &oauth::keys().pkcs8);
    let okta = okta(|okta| {
        okta.dpop()
            .mishap(Mishap::new(Trouble::Html(503)).on("/groups").times(1))
    });
    let service = [
        ("SFCOMPAT_OKTA_KEY_FILE", key.to_str().expect("a path")),
        ("SFCOMPAT_OKTA_CLIENT_ID", CLIENT),
        ("SFCOMPAT_OKTA_KEY_ID", KEY_ID),
        ("SFCOMPAT_LOG", "trace"),
    ];
    let run = program(&home, &okta, &service, &["-o", "okta"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("TRACE") || run.stderr.contains("DEBUG"),
        "{}",
        run.stderr
    );
    let bodies: Vec<String> = okta
        .journal()
        .iter()
        .filter(|entry| entry.method == "POST")
        .map(|entry| entry.body.clone())
        .collect();
    let mut secrets: Vec<String> = bodies
        .iter()
        .filter_map(|body| {
            Some(
                body.split("client_assertion=")
                    .nth(1)?
                    .split('&')
                    .next()?
                    .to_owned(),
            )
        })
        .collect();
    secrets.extend(
        okta.journal()
            .iter()
            .filter_map(|entry| entry.header("dpop").map(str::to_owned)),
    );
    // The tokens of the fake begin like this.
    secrets.push(String::from("eyJmYWtlIjoidG9rZW4ifQ"));
    secrets.push(
        oauth::keys()
            .pkcs8
            .lines()
            .nth(1)
            .expect("a line")
            .to_owned(),
    );
    assert!(secrets.len() > 8);
    let token = program(&home, &okta, &[("SFCOMPAT_LOG", "trace")], &["-o", "again"]);
    assert_eq!(token.code, 0, "{}", token.stderr);
    secrets.push(okta.api_token());
    for secret in &secrets {
        for text in [&run.stderr, &run.stdout, &token.stderr, &token.stdout] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        for folder in ["okta", "again"] {
            for entry in std::fs::read_dir(home.path(folder)).expect("a folder") {
                let path = entry.expect("an entry").path();
                let text = std::fs::read_to_string(&path).expect("text");
                assert!(!text.contains(secret), "{secret} in {}", path.display());
            }
        }
    }
    for entry in okta.journal() {
        let address = format!("{} {:?}", entry.path, entry.query);
        assert!(
            secrets.iter().all(|secret| !address.contains(secret)),
            "{address}"
        );
    }
}

#[test]
fn a_pull_that_is_killed_leaves_the_old_folder() {
    use std::process::{Command, Stdio};
    let home = Sandbox::new();
    let okta = okta(|okta| okta);
    assert_eq!(program(&home, &okta, &[], &["-o", "okta"]).code, 0);
    let before = std::fs::read(home.path("okta/manifest.json")).expect("a manifest");
    okta.mishap(Mishap::new(Trouble::Common(Effect::Latency(
        Duration::from_millis(60),
    ))));
    for wait in [30, 150, 300, 450] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sfcompat"))
            .args(["okta", "pull", "-o", "okta"])
            .current_dir(home.path("."))
            .env_clear()
            .env("SFCOMPAT_OKTA_URL", okta.base_url())
            .env("SFCOMPAT_OKTA_API_TOKEN", okta.api_token())
            .env("SFCOMPAT_ALLOW_LOOPBACK_HTTP", "1")
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert_eq!(
            std::fs::read(home.path("okta/manifest.json")).expect("a manifest"),
            before
        );
        holds_everything(&home);
    }
    let left = |home: &Sandbox| std::fs::read_dir(home.path(".")).expect("a folder").count();
    assert!(left(&home) > 1, "a killed pull leaves its own folder");
    assert_eq!(program(&home, &okta, &[], &["-o", "okta"]).code, 0);
    assert_eq!(left(&home), 1, "and the next one clears it away");
}

#[test]
fn the_folder_is_the_input_of_the_other_commands() {
    let home = Sandbox::with_org();
    let okta = okta(|okta| okta);
    let parts = "app,app-users,groups,members,mapping,schema,user-schema,users";
    assert_eq!(
        program(&home, &okta, &[], &["-o", "okta", "--parts", parts]).code,
        0
    );
    let run = |arguments: &[&str]| {
        let run = home.run_in(".", &[("SFCOMPAT_TODAY", DAY)], arguments);
        assert!(
            [0, 1, 5].contains(&run.code),
            "{arguments:?}: {}\n{}",
            run.code,
            run.stderr
        );
        run
    };
    let check = run(&[
        "check",
        "okta/app-users.json",
        "--snapshot",
        "org",
        "--okta-app",
        "okta/app.json",
        "--okta-schema",
        "okta/schema.json",
    ]);
    assert!(check.stdout.contains("10 rows"), "{}", check.stdout);
    run(&[
        "check",
        "okta/groups.json",
        "--members",
        "okta/members.csv",
        "--snapshot",
        "org",
    ]);
    run(&["check", "okta/mapping.json", "--snapshot", "org"]);
    run(&[
        "preflight",
        "--okta-app",
        "okta/app.json",
        "--snapshot",
        "org",
    ]);
    run(&[
        "import-check",
        "--okta-schema",
        "okta/user-schema.json",
        "--okta-users",
        "okta/users.json",
        "--snapshot",
        "org",
    ]);
}

#[test]
fn the_fake_refuses_whatever_writes_and_counts_it() {
    let okta = okta(|okta| okta);
    let address = okta.base_url().trim_start_matches("http://").to_owned();
    for verb in ["POST", "PUT", "PATCH", "DELETE"] {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&address).expect("connected");
        write!(stream, "{verb} /api/v1/apps/0oa1brackenfordSF01d7 HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(
            answer.starts_with("HTTP/1.1 405") && answer.contains("E0000022"),
            "{answer}"
        );
    }
    assert_eq!(okta.counts().writes, 4);
}
