//! Every knob of a scenario file has its promised outcome: recovered with nothing lost or doubled, a gap that is told, or
//! one clear cause and the old snapshot as it was. A knob without a case here makes the first test fail.
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

use sfcompat::auth::{self, Surroundings};
use sfcompat::demo::FakeOrg;
use sfcompat::net::{Clock, Hosts, Secret};
use sfcompat::pull::{self, Options, Sizes};
use sfcompat::snapshot::manifest::{Extent, Manifest, Via};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use support::{Sandbox, sample_data};

/// What a pull from an org with a knob comes to.
enum Outcome {
    /// The same files as without.
    Same,
    /// The pull fails with these words; whether another run or login may help (exit 4, else 5).
    Fails(&'static str, bool),
    /// Something in the result.
    Seen(fn(&Path, &Manifest)),
    /// Another test shows it: file and function.
    Test(&'static str, &'static str),
}
use Outcome::{Fails, Same, Seen, Test};

/// A scenario in front of which the pull runs in the usual way.
struct Case(&'static str, &'static str, Outcome);

const LOGIN: &str = "tests/auth/org.rs";
const PULL_LOGIN: &str = "tests/auth/pull.rs";

/// A fault at the second composite, once.
macro_rules! once {
    ($effect:literal) => {
        concat!(
            "page_size = 60\n[[fault]]\non = \"composite\"\nafter = 2\ntimes = 1\neffect = ",
            $effect
        )
    };
}
/// A fault at every composite.
macro_rules! always {
    ($effect:literal) => {
        concat!(
            "page_size = 60\n[[fault]]\non = \"composite\"\neffect = ",
            $effect
        )
    };
}

fn cases() -> Vec<Case> {
    vec![
        Case(
            "user",
            "user = \"ysolde.yewdale@brackenford.example\"",
            Seen(|_, manifest| {
                let user = manifest
                    .user
                    .as_ref()
                    .and_then(|user| user.username.as_deref());
                assert_eq!(user, Some("ysolde.yewdale@brackenford.example"));
                assert_eq!(manifest.objects["UserLogin"].coverage, Some(Extent::Absent));
            }),
        ),
        Case(
            "access_token",
            "access_token = \"00D7R000000FqP2!AQ.given\"",
            Same,
        ),
        Case("latency_ms", "latency_ms = 3", Same),
        Case("page_size", "page_size = 3", Same),
        Case("bulk_page_size", "bulk_page_size = 70", Seen(in_bulk)),
        Case("bulk_polls", "bulk_polls = 4", Seen(in_bulk)),
        Case(
            "bulk_refuses",
            "bulk_refuses = [\"User\"]\npage_size = 50",
            Same,
        ),
        Case(
            "token_calls",
            "token_calls = 4",
            Fails("cannot be renewed", true),
        ),
        Case(
            "token_calls",
            "",
            Test(
                PULL_LOGIN,
                "sessions_that_end_while_a_pull_runs_are_renewed_once_each_and_nothing_is_lost",
            ),
        ),
        Case(
            "rotating_refresh",
            "",
            Test(
                LOGIN,
                "sessions_that_end_are_renewed_and_rotating_refresh_tokens_are_kept",
            ),
        ),
        Case(
            "instance_url",
            "",
            Test("tests/knobs.rs", "a_hostile_instance_url_gets_no_token"),
        ),
        Case(
            "quota",
            "quota = { limit = 1000, used = 999 }",
            Fails("used up", true),
        ),
        Case(
            "quota",
            "quota = { limit = 1000, used = 980 }",
            Fails("--max-api-calls", false),
        ),
        Case(
            "hide_objects",
            "hide_objects = [\"UserRole\"]",
            Seen(|target, manifest| {
                gap(
                    manifest,
                    "UserRole",
                    Extent::Absent,
                    "View Roles and Role Hierarchy",
                );
                assert!(!target.join("UserRole.csv").exists());
            }),
        ),
        Case(
            "hide_fields",
            "hide_fields = [\"User.FederationIdentifier\"]",
            Seen(|target, manifest| {
                gap(manifest, "User", Extent::Partial, "FederationIdentifier");
                assert!(!header(target, "User").contains(&String::from("FederationIdentifier")));
            }),
        ),
        Case(
            "refuse_fields",
            "refuse_fields = [\"User.Alias\"]",
            Seen(|target, manifest| {
                gap(manifest, "User", Extent::Partial, "Alias");
                assert!(!header(target, "User").contains(&String::from("Alias")));
            }),
        ),
        Case(
            "null_fields",
            "null_fields = [\"UserRole.PortalAccountOwnerId\"]",
            Seen(|target, _| {
                let at = header(target, "UserRole")
                    .iter()
                    .position(|name| name == "PortalAccountOwnerId")
                    .expect("a column");
                let mut reader =
                    csv::Reader::from_path(target.join("UserRole.csv")).expect("a file");
                assert!(
                    reader
                        .records()
                        .all(|row| row.expect("a row")[at].is_empty())
                );
            }),
        ),
        Case(
            "without_permissions",
            "without_permissions = [\"ViewSetup\", \"AssignPermissionSets\", \"ManageUsers\", \"ManageProfilesPermissionsets\", \"ManageSessionPermissionSets\"]",
            Seen(|_, manifest| {
                for object in [
                    "PermissionSet",
                    "PermissionSetAssignment",
                    "PermissionDependency",
                ] {
                    gap(
                        manifest,
                        object,
                        Extent::Absent,
                        "View Setup and Configuration",
                    );
                }
                gap(manifest, "UserLogin", Extent::Absent, "Manage Users");
            }),
        ),
        Case(
            "api_disabled",
            "api_disabled = true",
            Fails("API Enabled", true),
        ),
        Case(
            "versions",
            "versions = [50, 59]",
            Fails("60.0 or later", false),
        ),
        Case(
            "versions",
            "versions = [60, 61]",
            Seen(|_, manifest| {
                assert_eq!(manifest.api_version.as_deref(), Some("61.0"));
            }),
        ),
        Case(
            "login.authorize.approve",
            "",
            Test(LOGIN, "a_browser_brings_the_code"),
        ),
        Case(
            "login.authorize.deny",
            "",
            Test(LOGIN, "what_a_browser_can_bring_otherwise"),
        ),
        Case(
            "login.authorize.wrong-state",
            "",
            Test(LOGIN, "what_a_browser_can_bring_otherwise"),
        ),
        Case(
            "login.authorize.expired-code",
            "",
            Test(LOGIN, "what_a_browser_can_bring_otherwise"),
        ),
        Case(
            "login.callbacks",
            "",
            Test(
                "src/demo/tests/login.rs",
                "browsers_are_sent_to_registered_callbacks_only",
            ),
        ),
        Case("login.clients", "", Test(LOGIN, "an_app_and_a_key_log_in")),
        Case(
            "login.without_pkce",
            "",
            Test("src/demo/tests/login.rs", "a_challenge_must_be_answered"),
        ),
        Case(
            "login.error",
            "",
            Test("tests/knobs.rs", "what_a_login_meets_has_its_cause"),
        ),
        Case("login.jwt_key", "", Test(LOGIN, "an_app_and_a_key_log_in")),
        Case(
            "login.clock_skew_s",
            "",
            Test(LOGIN, "an_app_and_a_key_log_in"),
        ),
        Case(
            "login.login_host",
            "",
            Test(LOGIN, "an_app_and_a_key_log_in"),
        ),
        Case("fault.latency-ms", once!("{ latency-ms = 30 }"), Same),
        Case("fault.cut-body", once!("{ cut-body = 900 }"), Same),
        Case(
            "fault.cut-body",
            always!("{ cut-body = 900 }"),
            Fails("could not be reached", true),
        ),
        Case("fault.truncate", once!("{ truncate = 300 }"), Same),
        Case(
            "fault.truncate",
            always!("{ truncate = 300 }"),
            Fails("no complete", false),
        ),
        Case("fault.invalid-json", once!("\"invalid-json\""), Same),
        Case(
            "fault.invalid-json",
            always!("\"invalid-json\""),
            Fails("no complete", false),
        ),
        Case("fault.html", once!("{ html = 503 }"), Same),
        Case(
            "fault.html",
            always!("{ html = 503 }"),
            Fails("HTTP 503 text/html", true),
        ),
        Case(
            "fault.redirect",
            once!("{ redirect = \"https://evil.example/\" }"),
            Fails("not followed", true),
        ),
        Case(
            "fault.next-url",
            "page_size = 20\n[[fault]]\non = \"next\"\neffect = { next-url = \"https://evil.example/services/data/v65.0/query/01g-1\" }",
            Fails("not followed", true),
        ),
        Case(
            "fault.next-url",
            "page_size = 20\n[[fault]]\non = \"next\"\neffect = { next-url = \"//evil.example/services/data/v65.0/query/01g-1\" }",
            Fails("not followed", true),
        ),
        Case("fault.shorter-page", once!("{ shorter-page = 4 }"), Same),
        Case("fault.repeat-row", once!("\"repeat-row\""), Same),
        Case("fault.skip-row", once!("\"skip-row\""), Same),
        Case(
            "fault.skip-row",
            "page_size = 100\n[[fault]]\non = \"next\"\nobject = \"User\"\neffect = \"skip-row\"",
            Same,
        ),
        Case(
            "fault.skip-row",
            "",
            Test(
                "tests/pull.rs",
                "records_that_stay_away_fail_the_pull_or_the_object_alone",
            ),
        ),
        Case("fault.endless", once!("\"endless\""), Same),
        Case(
            "fault.endless",
            "",
            Test(
                "tests/pull.rs",
                "records_that_stay_away_fail_the_pull_or_the_object_alone",
            ),
        ),
        Case(
            "fault.giant",
            always!("{ giant = 146800640 }"),
            Fails("larger than", false),
        ),
        Case(
            "fault.change",
            "",
            Test(
                "tests/pull.rs",
                "an_org_that_changes_meanwhile_is_read_as_it_is_in_the_end",
            ),
        ),
        Case(
            "fault.expire-sessions",
            once!("\"expire-sessions\""),
            Fails("cannot be renewed", true),
        ),
        Case(
            "fault.expire-sessions",
            "",
            Test(
                PULL_LOGIN,
                "sessions_that_end_while_a_pull_runs_are_renewed_once_each_and_nothing_is_lost",
            ),
        ),
        Case(
            "fault.refuse.session-expired",
            always!("{ refuse = \"session-expired\" }"),
            Fails("cannot be renewed", true),
        ),
        Case(
            "fault.refuse.not-for-rest",
            once!("{ refuse = \"not-for-rest\" }"),
            Fails("let an administrator install", true),
        ),
        Case(
            "fault.refuse.no-agent",
            once!("{ refuse = \"no-agent\" }"),
            Fails("refuses the session", true),
        ),
        Case(
            "fault.refuse.daily-limit",
            once!("{ refuse = \"daily-limit\" }"),
            Fails("daily API requests are used up", true),
        ),
        Case(
            "fault.refuse.concurrency-limit",
            once!("{ refuse = \"concurrency-limit\" }"),
            Same,
        ),
        Case(
            "fault.refuse.api-disabled",
            once!("{ refuse = \"api-disabled\" }"),
            Fails("API Enabled", true),
        ),
        Case(
            "fault.refuse.no-route",
            once!("{ refuse = \"no-route\" }"),
            Same,
        ),
        Case(
            "fault.refuse.no-route",
            always!("{ refuse = \"no-route\" }"),
            Fails("the org moved", true),
        ),
        Case(
            "fault.refuse.too-many",
            once!("{ refuse = \"too-many\" }"),
            Same,
        ),
        Case(
            "fault.refuse.too-many-for",
            once!("{ refuse = { too-many-for = 7 } }"),
            Same,
        ),
        Case(
            "fault.refuse.unknown",
            once!("{ refuse = \"unknown\" }"),
            Same,
        ),
        Case(
            "fault.refuse.unknown",
            always!("{ refuse = \"unknown\" }"),
            Fails("HTTP 500 UNKNOWN_EXCEPTION", true),
        ),
        Case(
            "fault.refuse.bad-gateway",
            once!("{ refuse = \"bad-gateway\" }"),
            Same,
        ),
        Case(
            "fault.refuse.unavailable",
            once!("{ refuse = \"unavailable\" }"),
            Same,
        ),
        Case(
            "fault.refuse.gateway-timeout",
            once!("{ refuse = \"gateway-timeout\" }"),
            Same,
        ),
        Case(
            "fault.refuse.query-timeout",
            once!("{ refuse = \"query-timeout\" }"),
            Same,
        ),
        Case(
            "fault.refuse.locator-expired",
            once!("{ refuse = \"locator-expired\" }"),
            Same,
        ),
        Case(
            "fault.refuse.invalid-field",
            once!("{ refuse = \"invalid-field\" }"),
            Same,
        ),
        Case(
            "fault.refuse.request-timeout",
            once!("{ refuse = \"request-timeout\" }"),
            Same,
        ),
        Case(
            "change.insert",
            "[[change]]\ndo = \"insert\"\nobject = \"User\"\nvalues = { Id = \"0057R0000099999\", Username = \"new@brackenford.example\", LastName = \"New\", IsActive = \"true\" }",
            Seen(|target, _| {
                assert!(
                    std::fs::read_to_string(target.join("User.csv"))
                        .expect("a file")
                        .contains("new@brackenford.example")
                );
            }),
        ),
        Case(
            "change.update",
            "[[change]]\ndo = \"update\"\nobject = \"UserLicense\"\nid = \"1007R000000GIJXQA4\"\nvalues = { TotalLicenses = \"-1\", Status = \"Disabled\" }",
            Seen(|target, _| {
                let text = std::fs::read_to_string(target.join("UserLicense.csv")).expect("a file");
                let line = text
                    .lines()
                    .find(|line| line.starts_with("1007R000000GIJXQA4"))
                    .expect("a license");
                assert!(line.contains(",-1,") && line.contains("Disabled"), "{line}");
            }),
        ),
        Case(
            "change.delete",
            "[[change]]\ndo = \"delete\"\nobject = \"GroupMember\"\nid = \"0117R0000006ShmQAE\"",
            Seen(|target, manifest| {
                assert!(
                    !std::fs::read_to_string(target.join("GroupMember.csv"))
                        .expect("a file")
                        .contains("0117R0000006ShmQAE")
                );
                assert_eq!(manifest.objects["GroupMember"].coverage, Some(Extent::Full));
            }),
        ),
    ]
}

fn in_bulk(target: &Path, manifest: &Manifest) {
    assert_eq!(manifest.objects["User"].via, Some(Via::Bulk));
    let due = std::fs::read(sample_data().join("org/User.csv")).expect("a file");
    assert!(std::fs::read(target.join("User.csv")).expect("a file") == due);
}

fn gap(manifest: &Manifest, object: &str, extent: Extent, words: &str) {
    let entry = &manifest.objects[object];
    assert_eq!(entry.coverage, Some(extent), "{object}");
    assert!(
        entry.gaps.iter().any(|gap| gap.contains(words)),
        "{object}: {:?}",
        entry.gaps
    );
}

fn header(target: &Path, object: &str) -> Vec<String> {
    let text = std::fs::read_to_string(target.join(format!("{object}.csv"))).expect("a file");
    let first = text.lines().next().expect("a header");
    first.split(',').map(str::to_owned).collect()
}

/// The names that a scenario file may hold at a place, as its refusal of another one lists them.
fn names(home: &Sandbox, scenario: &str, prefix: &str) -> BTreeSet<String> {
    home.write("wrong.toml", scenario);
    let fault = FakeOrg::fictional()
        .scenario(&home.path("wrong.toml"))
        .expect_err("not understood")
        .to_string();
    let (_, list) = fault
        .split_once("expected one of ")
        .unwrap_or_else(|| panic!("{fault}"));
    let names = list.split('`').skip(1).step_by(2);
    names.map(|name| format!("{prefix}{name}")).collect()
}

#[test]
fn every_knob_has_a_case() {
    let home = Sandbox::new();
    let mut knobs = names(&home, "zzz = 1", "");
    for more in [
        names(&home, "[login]\nzzz = 1", "login."),
        names(&home, "[login]\nauthorize = \"zzz\"", "login.authorize."),
        names(&home, "[[fault]]\neffect = \"zzz\"", "fault."),
        names(
            &home,
            "[[fault]]\neffect = { refuse = \"zzz\" }",
            "fault.refuse.",
        ),
        names(&home, "[[change]]\ndo = \"zzz\"", "change."),
    ] {
        knobs.extend(more);
    }
    // These only hold others.
    for holder in [
        "login",
        "login.authorize",
        "fault",
        "fault.refuse",
        "change",
        // tests/okta_knobs.rs
        "okta",
    ] {
        assert!(knobs.remove(holder), "{holder}");
    }
    let covered: BTreeSet<String> = cases().iter().map(|case| case.0.to_owned()).collect();
    assert_eq!(knobs, covered);
    for Case(knob, _, outcome) in cases() {
        if let Test(file, test) = outcome {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            let text = std::fs::read_to_string(path).expect(file);
            assert!(
                text.contains(&format!("fn {test}(")),
                "{knob}: {file} has no {test}"
            );
        }
    }
}

fn pulled(org: &FakeOrg, target: &Path, options: &Options) -> Result<Manifest, pull::Error> {
    let around = Surroundings {
        hosts: Hosts::with_loopback_http(),
        access_token: Some(Secret::new(org.access_token())),
        instance_url: Some(org.base_url()),
        ..Surroundings::default()
    };
    let connection = auth::open(None, &around).expect("a connection");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    // A clock that need not be waited for.
    let clock = Clock::manual("2026-11-21T06:00:00Z".parse().expect("a moment"));
    let done = runtime.block_on(pull::pull(&connection, &clock, target, options, &|_| {}));
    done.map(|outcome| outcome.manifest)
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
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
fn every_knob_has_its_outcome() {
    let home = Sandbox::new();
    let seed = || FakeOrg::builder(sample_data().join("org"));
    let everything = Options {
        with_metadata: true,
        ..Options::default()
    };
    let sound = seed().start().expect("an org");
    pulled(&sound, &home.path("due"), &everything).expect("pulled");
    let sheets = |dir: &Path| {
        let mut found = files(dir);
        found.remove("manifest.json");
        found
    };
    let due = sheets(&home.path("due"));
    pulled(&sound, &home.path("old"), &everything).expect("pulled");
    let old = files(&home.path("old"));
    for (n, Case(knob, scenario, outcome)) in cases().into_iter().enumerate() {
        if matches!(outcome, Test(..)) {
            continue;
        }
        home.write("scenario.toml", scenario);
        let org = seed()
            .scenario(&home.path("scenario.toml"))
            .unwrap_or_else(|fault| panic!("{knob}: {fault}"))
            .start()
            .unwrap_or_else(|fault| panic!("{knob}: {fault}"));
        let options = Options {
            one_by_one: knob == "fault.next-url",
            max_calls: (!knob.starts_with("quota")).then_some(5000),
            sizes: Sizes {
                bulk: if knob.starts_with("bulk") {
                    100
                } else {
                    300_000
                },
                ..Sizes::default()
            },
            ..everything.clone()
        };
        let target = match outcome {
            Fails(..) => home.path("old"),
            _ => home.path(&format!("pulled{n}")),
        };
        let done = pulled(&org, &target, &options);
        match (outcome, done) {
            (Same, Ok(_)) => {
                let own = sheets(&target);
                assert_eq!(
                    own.keys().collect::<Vec<_>>(),
                    due.keys().collect::<Vec<_>>(),
                    "{knob}"
                );
                for (name, bytes) in &own {
                    assert!(due[name] == *bytes, "{knob} {scenario}: {name} differs");
                }
            }
            (Seen(look), Ok(manifest)) => look(&target, &manifest),
            (Fails(words, connection), Err(error)) => {
                let said = error.to_string();
                assert!(said.contains(words), "{knob}: {said}");
                let another = matches!(&error, pull::Error::Api(error) if error.is_connection());
                assert_eq!(another, connection, "{knob}: {said}");
                assert!(files(&target) == old, "{knob}: the old snapshot changed");
            }
            (Fails(words, _), Ok(_)) => panic!("{knob} went well, instead of {words}"),
            (_, Err(error)) => panic!("{knob} {scenario}: {error}"),
            (Test(..), _) => {}
        }
        assert_eq!(org.counts().writes, 0, "{knob}");
        assert_eq!(org.complaints(), Vec::<String>::new(), "{knob}");
    }
}

/// A login that gets an answer, and is told to take its token elsewhere.
#[test]
fn a_hostile_instance_url_gets_no_token() {
    let home = Sandbox::new();
    for address in [
        "http://acme.my.salesforce.com",
        "https://evil.example",
        "https://a@acme.my.salesforce.com",
        "https://acme.my.salesforce.com@evil.example",
        "https://acme.my.s\u{430}lesforce.com",
        "https://acme.my.salesforce.com.",
        "https://acme.my.salesforce.com:8443",
        "https://evilcrmforce.mil",
        "https://acme.my.site.com",
    ] {
        home.write("hostile.toml", format!("instance_url = \"{address}\""));
        let org = FakeOrg::fictional()
            .scenario(&home.path("hostile.toml"))
            .expect("a scenario")
            .start()
            .expect("an org");
        let run = log_in(&home, &org, "hunter2");
        assert_eq!(run.code, 4, "{address}: {}", run.stderr);
        assert!(
            run.reason().contains("address that is not trusted"),
            "{address}: {}",
            run.stderr
        );
        assert!(!run.stderr.contains("!AQ"), "{}", run.stderr);
    }
}

fn log_in(home: &Sandbox, org: &FakeOrg, secret: &str) -> support::Run {
    let url = org.base_url();
    let output = home
        .prepare(&[
            "login",
            "--org",
            "prod",
            "--flow",
            "client-credentials",
            "--allow-loopback-http",
            "--instance-url",
            &url,
            "--client-id",
            "3MVG9secret",
        ])
        .env("SFCOMPAT_HOME", home.path("home"))
        .env("SFCOMPAT_CLIENT_SECRET", secret)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the program starts");
    output.into()
}

#[test]
fn what_a_login_meets_has_its_cause() {
    let home = Sandbox::new();
    for (scenario, words) in [
        (
            "[login]\nerror = { error = \"invalid_grant\", description = \"user hasn't approved this consumer\" }",
            "approved",
        ),
        (
            "[login]\nerror = { error = \"invalid_app_access\", description = \"user is not admin approved to access this app\" }",
            "approved",
        ),
        (
            "[login]\nerror = { error = \"invalid_client\", description = \"app must be installed into org\" }",
            "installed",
        ),
        ("[login]\nlogin_host = true", "My Domain"),
        (
            "[login]\nclients = [{ id = \"3MVG9secret\", secret = \"other\" }]",
            "secret is wrong",
        ),
    ] {
        home.write("login.toml", scenario);
        let org = FakeOrg::fictional()
            .scenario(&home.path("login.toml"))
            .expect("a scenario")
            .start()
            .expect("an org");
        let run = log_in(&home, &org, "hunter2");
        assert_eq!(run.code, 4, "{scenario}: {}", run.stderr);
        assert!(run.reason().contains(words), "{scenario}: {}", run.stderr);
        assert!(run.stderr.contains("do: "), "{scenario}: {}", run.stderr);
        assert!(!home.path("home/tokens.json").exists());
    }
}
