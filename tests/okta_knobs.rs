//! Every knob of the part `[okta]` of a scenario file has its promised outcome: recovered with nothing lost or doubled, or
//! one clear cause and the old folder as it was. A knob without a case here makes the first test fail.
#![cfg(feature = "demo")]
#![allow(
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::items_after_statements,
    clippy::panic,
    clippy::redundant_closure_for_method_calls,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends and says why"
)]

#[path = "support/http.rs"]
mod http;
#[path = "support/oauth.rs"]
mod oauth;
mod support;

use sfcompat::demo::FakeOkta;
use sfcompat::net::Clock;
use sfcompat::okta_pull::{self, Asked, Options};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use support::{Sandbox, sample_data};

/// What a pull from an Okta org with a knob comes to.
enum Outcome {
    /// The same files as without.
    Same,
    /// The pull fails with these words.
    Fails(&'static str),
}
use Outcome::{Fails, Same};

/// A knob, its scenario after the header `[okta]`, and what comes out.
struct Case(&'static str, &'static str, Outcome);

/// Trouble at the list of groups, once.
macro_rules! once {
    ($trouble:literal) => {
        concat!(
            "[[okta.mishap]]\non = \"/groups\"\ntimes = 1\ntrouble = ",
            $trouble
        )
    };
}
/// Trouble at every list of groups.
macro_rules! always {
    ($trouble:literal) => {
        concat!("[[okta.mishap]]\non = \"/groups\"\ntrouble = ", $trouble)
    };
}
/// A service app in front of more.
macro_rules! service {
    ($more:literal) => {
        concat!(
            $more,
            "\n[okta.service_app]\nclient_id = \"0oa1fakeService01d7\"\nkey_id = \"kid-1\"\npublic_key = \"key.pub\""
        )
    };
}

fn cases() -> Vec<Case> {
    vec![
        Case("page_size", "page_size = 2", Same),
        Case("joined_links", "joined_links = true\npage_size = 2", Same),
        Case("service_app", service!(""), Same),
        Case("token_seconds", service!("token_seconds = 1"), Same),
        Case("token_calls", service!("token_calls = 3"), Same),
        Case(
            "key_expired",
            service!("key_expired = true"),
            Fails("registered in the app"),
        ),
        Case(
            "without_scopes",
            "without_scopes = [\"okta.groups.read\"]",
            Fails("HTTP 403 E0000006"),
        ),
        Case(
            "without_scopes",
            service!("without_scopes = [\"okta.groups.read\"]"),
            Fails("invalid_scope"),
        ),
        Case("dpop.token", service!("dpop = \"token\""), Same),
        Case(
            "dpop.every-request",
            service!("dpop = \"every-request\""),
            Same,
        ),
        Case(
            "mishap.common",
            once!("{ common = \"invalid-json\" }"),
            Same,
        ),
        Case(
            "mishap.common",
            always!("{ common = \"invalid-json\" }"),
            Fails("groups"),
        ),
        Case(
            "mishap.common",
            once!("{ common = { redirect = \"https://evil.example/\" } }"),
            Fails("HTTP 302"),
        ),
        Case(
            "mishap.refuse",
            once!("{ refuse = [500, \"E0000009\", \"Internal Server Error\"] }"),
            Same,
        ),
        Case(
            "mishap.refuse",
            always!("{ refuse = [403, \"E0000006\", \"You do not have permission\"] }"),
            Fails("E0000006"),
        ),
        Case("mishap.html", once!("{ html = 503 }"), Same),
        Case("mishap.html", always!("{ html = 503 }"), Fails("503")),
        Case("mishap.too-many", once!("{ too-many = 20 }"), Same),
        Case(
            "mishap.too-many",
            always!("{ too-many = 3600 }"),
            Fails("rate limit"),
        ),
        Case(
            "mishap.too-many-at-once",
            once!("\"too-many-at-once\""),
            Same,
        ),
        Case(
            "mishap.last-of-window",
            once!("{ last-of-window = 30 }"),
            Same,
        ),
        Case(
            "mishap.next-link",
            once!("{ next-link = \"https://evil.example/api/v1/apps\" }"),
            Fails("it is not followed"),
        ),
        Case("mishap.endless", always!("\"endless\""), Fails("page")),
    ]
}

/// The names that a scenario file may hold at a place, as its refusal of another one lists them.
fn names(home: &Sandbox, scenario: &str, prefix: &str) -> BTreeSet<String> {
    home.write("wrong.toml", scenario);
    let fault = FakeOkta::fictional()
        .scenario(&home.path("wrong.toml"))
        .expect_err("not understood")
        .to_string();
    let (_, list) = fault
        .split_once("expected ")
        .unwrap_or_else(|| panic!("{fault}"));
    let names = list.split('`').skip(1).step_by(2);
    names.map(|name| format!("{prefix}{name}")).collect()
}

#[test]
fn every_knob_has_a_case() {
    let home = Sandbox::new();
    let mut knobs = names(&home, "[okta]\nzzz = 1", "");
    knobs.extend(names(&home, "[okta]\ndpop = \"zzz\"", "dpop."));
    knobs.extend(names(
        &home,
        "[[okta.mishap]]\ntrouble = \"zzz\"",
        "mishap.",
    ));
    // These only hold others.
    for holder in ["dpop", "mishap"] {
        assert!(knobs.remove(holder), "{holder}");
    }
    let covered: BTreeSet<String> = cases().iter().map(|case| case.0.to_owned()).collect();
    assert_eq!(knobs, covered);
}

fn key_file(home: &Sandbox) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    home.write("key.pem", &oauth::keys().pkcs8);
    let path = home.path("key.pem");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    path
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
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

fn pull(home: &Sandbox, okta: &FakeOkta, is_service: bool, target: &Path) -> Result<(), String> {
    let asked = Asked {
        url: Some(okta.base_url()),
        loopback: true,
        key_id: Some(String::from("kid-1")),
        client_id: Some(String::from("0oa1fakeService01d7")),
        key_file: is_service.then(|| key_file(home)),
        ..Asked::default()
    };
    let token = okta.api_token();
    let var = |name: &str| (name == "SFCOMPAT_OKTA_API_TOKEN").then(|| token.clone());
    let clock = Clock::manual(jiff::Timestamp::now());
    let account = okta_pull::account(&asked, var).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let options = Options::default();
    let done = runtime.block_on(okta_pull::pull(&account, &clock, target, &options, &|_| {}));
    done.map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn every_knob_has_its_outcome() {
    let home = Sandbox::new();
    home.write("key.pub", &oauth::keys().public_pem);
    let seed = || FakeOkta::builder(sample_data().join("okta"));
    let sound = seed().start().expect("an org");
    pull(&home, &sound, false, &home.path("old")).expect("pulled");
    let due = files(&home.path("old"));
    assert!(due.contains_key("mapping-to-okta.json"));
    for (n, Case(knob, scenario, outcome)) in cases().into_iter().enumerate() {
        home.write("scenario.toml", format!("[okta]\n{scenario}"));
        let okta = seed()
            .scenario(&home.path("scenario.toml"))
            .unwrap_or_else(|fault| panic!("{knob}: {fault}"))
            .start()
            .unwrap_or_else(|fault| panic!("{knob}: {fault}"));
        let target = match outcome {
            Same => home.path(&format!("pulled{n}")),
            Fails(_) => home.path("old"),
        };
        let done = pull(&home, &okta, scenario.contains("service_app"), &target);
        match (outcome, done) {
            (Same, Ok(())) => {
                let own = files(&target);
                for (name, bytes) in due.iter().filter(|(name, _)| *name != "manifest.json") {
                    assert!(
                        own.get(name) == Some(bytes),
                        "{knob} {scenario}: {name} differs"
                    );
                }
                assert_eq!(own.len(), due.len(), "{knob}");
            }
            (Fails(words), Err(said)) => {
                assert!(said.contains(words), "{knob}: {said}");
                assert!(files(&target) == due, "{knob}: the old folder changed");
            }
            (Same, Err(said)) => panic!("{knob} {scenario}: {said}"),
            (Fails(words), Ok(())) => panic!("{knob} {scenario} went well, instead of {words}"),
        }
        assert_eq!(okta.counts().writes, 0, "{knob}");
    }
}

#[test]
fn the_program_takes_the_scenario_for_both_orgs() {
    let home = Sandbox::new();
    home.write("scenario.toml", "page_size = 3\n[okta]\nzzz = 1");
    let run = home.run(&[
        "demo",
        "--okta",
        "--port",
        "0",
        "--scenario",
        "scenario.toml",
    ]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("zzz") && run.stderr.contains("joined_links"),
        "{}",
        run.stderr
    );
}
