//! Pulling from the fake org: the same files again, and nothing lost, doubled or half written whatever goes wrong.
#![cfg(feature = "demo")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::use_debug,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::api;
use sfcompat::auth::{self, Connection, Surroundings};
use sfcompat::demo::{Builder, Change, Effect, Endpoint, FakeOrg, Fault, Problem};
use sfcompat::net::{Clock, Hosts, Secret};
use sfcompat::pull::{self, Event, Options, Outcome, Since, Sizes, UserFields};
use sfcompat::snapshot::manifest::{Extent, Manifest, Via};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use support::{Sandbox, sample_data};

/// A fake org with the sample data.
fn org(change: impl FnOnce(Builder) -> Builder) -> FakeOrg {
    change(FakeOrg::builder(sample_data().join("org")))
        .start()
        .expect("a fake org")
}

fn connection(org: &FakeOrg) -> Connection {
    let around = Surroundings {
        hosts: Hosts::with_loopback_http(),
        access_token: Some(Secret::new(org.access_token())),
        instance_url: Some(org.base_url()),
        ..Surroundings::default()
    };
    auth::open(None, &around).expect("a connection")
}

/// Pulls with a clock that need not be waited for; what happened meanwhile comes too.
fn pulled(
    org: &FakeOrg,
    target: &Path,
    options: &Options,
) -> (Result<Outcome, pull::Error>, Vec<Event>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let connection = connection(org);
    let clock = Clock::manual("2026-11-21T06:00:00Z".parse().expect("a moment"));
    let events = RefCell::new(Vec::new());
    let outcome = runtime.block_on(pull::pull(&connection, &clock, target, options, &|event| {
        events.borrow_mut().push(event);
    }));
    (outcome, events.into_inner())
}

/// All files below a folder, by their path.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(dir)
                    .expect("inside")
                    .to_string_lossy()
                    .into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// The files without the manifest.
fn data(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(dir);
    files.remove("manifest.json");
    files
}

fn same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in one {
        let other = &other[name];
        let (a, b) = (
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(other),
        );
        for (n, (a, b)) in a.lines().zip(b.lines()).enumerate() {
            assert_eq!(a, b, "{name}, line {}", n + 1);
        }
        assert!(bytes == other, "{name} differs in its length");
    }
}

fn everything() -> Options {
    Options {
        with_metadata: true,
        ..Options::default()
    }
}

/// The first column of a file of the sample org.
fn ids(object: &str) -> Vec<sfcompat::model::SfId> {
    let text =
        std::fs::read_to_string(sample_data().join(format!("org/{object}.csv"))).expect("a file");
    text.lines()
        .skip(1)
        .map(|line| sfcompat::model::SfId::parse(&line[..18]).expect("an id"))
        .collect()
}

/// What a pull gives that asks for everything, contacts of people who are no users yet included.
fn whole() -> Options {
    Options {
        named: [ids("Contact"), ids("Account")].concat(),
        ..everything()
    }
}

#[test]
fn the_sample_org_comes_back_byte_for_byte() {
    let home = Sandbox::new();
    let org = org(|org| org);
    let target = home.path("pulled");
    let (outcome, events) = pulled(&org, &target, &whole());
    let outcome = outcome.expect("pulled");
    same(&sheets(&target), &sheets(&sample_data().join("org")));
    described(&org, &target, &outcome.manifest);
    assert_eq!(events.len(), outcome.manifest.objects.len(), "{events:?}");
    assert_eq!(org.counts().writes, 0);
    assert_eq!(org.complaints(), Vec::<String>::new());
}

/// The describes are those that the org answers, byte for byte, and hold all that its seed recorded.
fn described(org: &FakeOrg, target: &Path, manifest: &Manifest) {
    let version = manifest.api_version.as_deref().expect("a version");
    let names: Vec<&str> = manifest.describes.keys().map(String::as_str).collect();
    assert_eq!(names, ["PermissionSet", "Profile", "User"]);
    for (name, hash) in &manifest.describes {
        let file = std::fs::read(target.join(format!("describe/{name}.json"))).expect("a file");
        assert_eq!(*hash, sha256(&file), "{name}");
        let path = format!("/services/data/v{version}/sobjects/{name}/describe");
        assert!(
            file == answered(org, &path),
            "{name}: not as it was answered"
        );
    }
    let json = |path: &Path| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
    };
    let pulled = json(&target.join("describe/User.json"));
    let recorded = json(&sample_data().join("org/describe/User.json"));
    let fields = |told: &serde_json::Value| told["fields"].as_array().expect("fields").clone();
    for (key, value) in recorded.as_object().expect("an object") {
        assert!(key == "fields" || pulled[key] == *value, "{key}");
    }
    let (pulled, recorded) = (fields(&pulled), fields(&recorded));
    assert_eq!(pulled.len(), recorded.len());
    for (own, due) in pulled.iter().zip(&recorded) {
        for (key, value) in due.as_object().expect("an object") {
            assert_eq!(own[key], *value, "{}.{key}", due["name"]);
        }
    }
}

/// What the org answers to whoever asks for a path.
fn answered(org: &FakeOrg, path: &str) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", org.port())).expect("a connection");
    let token = org.access_token();
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer
        .windows(4)
        .position(|end| end == b"\r\n\r\n")
        .expect("an end of the headers");
    answer.split_off(end + 4)
}

/// Files that hold only a header are objects without records; their types are told all the same.
#[test]
fn an_org_with_empty_objects_is_pulled() {
    let home = Sandbox::with_org();
    let mut empty = 0;
    for entry in std::fs::read_dir(home.path("org")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let kept = ["Organization", "User", "Profile", "UserLicense", "Settings"];
        if path.is_dir() || kept.contains(&name.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file");
        let header = text.split_inclusive('\n').next().expect("a header");
        std::fs::write(&path, header).expect("written");
        empty += 1;
    }
    assert!(empty > 15, "{empty}");
    let org = FakeOrg::builder(home.path("org")).start().expect("an org");
    let (outcome, _) = pulled(&org, &home.path("pulled"), &whole());
    let outcome = outcome.unwrap_or_else(|error| panic!("{error}"));
    for (name, entry) in &outcome.manifest.objects {
        assert_eq!(
            entry.coverage,
            Some(Extent::Full),
            "{name}: {:?}",
            entry.gaps
        );
    }
    same(&sheets(&home.path("pulled")), &sheets(&home.path("org")));
}

fn is_sheet(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own == "csv")
}

fn sheets(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = data(dir);
    files.retain(|name, _| is_sheet(name));
    files
}

/// What a fault-free pull gives; every recovered one must give the same.
fn due(home: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let target = home.path("due");
    pulled(&org(|org| org), &target, &everything())
        .0
        .expect("pulled");
    data(&target)
}

fn manifest(dir: &Path) -> Manifest {
    let text = std::fs::read_to_string(dir.join("manifest.json")).expect("a manifest");
    Manifest::parse("manifest.json", &text).expect("a manifest")
}

#[test]
fn a_pull_can_be_read_and_says_how_it_was_made() {
    let home = Sandbox::new();
    let org = org(|org| org);
    let target = home.path("pulled");
    pulled(&org, &target, &everything()).0.expect("pulled");
    let today = "2026-11-21".parse().expect("a day");
    let snapshot = sfcompat::snapshot::load(&target, &sfcompat::snapshot::Wants::everything(today))
        .expect("a snapshot");
    assert_eq!(
        snapshot.capture.pulled_at.expect("a moment").to_string(),
        "2026-11-21T06:00:00Z"
    );
    assert_eq!(snapshot.org.pulled.gaps, []);
    let manifest = manifest(&target);
    assert_eq!(manifest.org_id.as_deref(), Some(org.org_id().as_str()));
    assert_eq!(
        manifest
            .user
            .as_ref()
            .and_then(|user| user.username.clone()),
        Some(org.username())
    );
    assert_eq!(manifest.api_requests, Some(org.counts().requests));
    let group = &manifest.objects["Group"];
    assert_eq!(
        (group.rows, group.count, group.filtered),
        (Some(9), Some(9), Some(true))
    );
    assert!(group.count_all >= group.count);
    for (name, entry) in &manifest.objects {
        let bytes = std::fs::read(target.join(format!("{name}.csv"))).expect("a file");
        let hash: String = sha256(&bytes);
        assert_eq!(entry.sha256.as_deref(), Some(hash.as_str()), "{name}");
        let kept = name == "FlowDefinitionView";
        assert!(
            kept || entry.count.is_none() || entry.rows == entry.count,
            "{name}"
        );
        assert_eq!(
            entry.coverage,
            Some(Extent::Full),
            "{name}: {:?}",
            entry.gaps
        );
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    sha2::Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string");
            text
        })
}

#[test]
fn only_reading_requests_are_sent() {
    let home = Sandbox::new();
    let org = org(|org| org.page_size(50));
    let options = Options {
        sizes: Sizes {
            bulk: 300,
            changes: 300,
        },
        ..everything()
    };
    pulled(&org, &home.path("pulled"), &options)
        .0
        .expect("pulled");
    for entry in org.journal() {
        match entry.method.as_str() {
            "GET" => {}
            "POST" if entry.path.ends_with("/composite") => {
                let body: serde_json::Value = serde_json::from_str(&entry.body).expect("JSON");
                for part in body["compositeRequest"].as_array().expect("parts") {
                    assert_eq!(part["method"], "GET");
                    assert!(part.get("body").is_none());
                }
            }
            "POST" if entry.path.ends_with("/jobs/query") => {
                assert!(entry.body.contains("\"operation\":\"query\""));
            }
            "POST" if entry.path.contains("/services/Soap/m/") => {
                assert!(entry.body.contains("<readMetadata>"));
            }
            other => panic!("{other} {}", entry.path),
        }
        assert!(entry.path.len() < 12_000);
        let bytes = entry.path.len()
            + entry
                .headers
                .iter()
                .map(|(name, value)| name.len() + value.len() + 4)
                .sum::<usize>();
        assert!(bytes + entry.soql().unwrap_or_default().len() < 16_384);
    }
    assert_eq!((org.counts().writes, org.complaints()), (0, Vec::new()));
}

#[test]
fn small_pages_bulk_and_single_queries_give_the_same() {
    let home = Sandbox::new();
    let mut due = due(&home);
    // A describe names the version of the API.
    due.retain(|name, _| is_sheet(name));
    let bulk = Sizes {
        bulk: 100,
        changes: 2_000,
    };
    let cases: [(&str, Options, FakeOrg); 6] = [
        ("pages of 3", everything(), org(|org| org.page_size(3))),
        (
            "pages of 7, one by one",
            Options {
                one_by_one: true,
                ..everything()
            },
            org(|org| org.page_size(7)),
        ),
        (
            "bulk",
            Options {
                sizes: bulk,
                ..everything()
            },
            org(|org| org.bulk_polls(3).bulk_page_size(90)),
        ),
        (
            "bulk refused",
            Options {
                sizes: bulk,
                ..everything()
            },
            org(|org| {
                org.page_size(60)
                    .bulk_refuses("User")
                    .bulk_refuses("PermissionSetAssignment")
            }),
        ),
        (
            "no composites",
            everything(),
            org(|org| org.fault(Fault::new(Effect::Html(404)).on(Endpoint::Composite))),
        ),
        ("an old org", everything(), org(|org| org.versions(50, 61))),
    ];
    for (n, (name, options, org)) in cases.into_iter().enumerate() {
        let target = home.path(&format!("pulled{n}"));
        let (outcome, _) = pulled(&org, &target, &options);
        let outcome = outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
        same(&sheets(&target), &due);
        let via = outcome.manifest.objects["User"].via;
        assert_eq!(
            via,
            Some(if name == "bulk" { Via::Bulk } else { Via::Rest }),
            "{name}"
        );
    }
}

#[test]
fn what_goes_wrong_for_a_while_loses_and_doubles_nothing() {
    let home = Sandbox::new();
    let due = due(&home);
    let refuse = Effect::Refuse;
    let cases = [
        ("cut", Effect::CutBody(700), 3),
        ("cut at once", Effect::CutBody(0), 2),
        ("truncated", Effect::Truncate(300), 2),
        ("no JSON", Effect::InvalidJson, 2),
        ("maintenance", Effect::Html(503), 3),
        ("HTML with 200", Effect::Html(200), 2),
        ("500", refuse(Problem::Unknown), 1),
        ("502", refuse(Problem::BadGateway), 2),
        ("503", refuse(Problem::Unavailable), 2),
        ("504", refuse(Problem::GatewayTimeout), 2),
        ("408", refuse(Problem::RequestTimeout), 2),
        ("420", refuse(Problem::NoRoute), 1),
        ("429", refuse(Problem::TooMany), 2),
        ("429 with a wish", refuse(Problem::TooManyFor(3)), 2),
        ("concurrency", refuse(Problem::ConcurrencyLimit), 2),
    ];
    let endpoints = [
        Endpoint::Composite,
        Endpoint::Versions,
        Endpoint::Describe,
        Endpoint::Tooling,
    ];
    for (n, (name, effect, times)) in cases.into_iter().enumerate() {
        let on = endpoints[n % endpoints.len()];
        let fault = Fault::new(effect)
            .after(u64::from(on == Endpoint::Composite))
            .times(times);
        let org = org(|org| org.page_size(100).fault(fault.on(on)));
        let target = home.path(&format!("pulled{n}"));
        let (outcome, _) = pulled(&org, &target, &everything());
        outcome.unwrap_or_else(|error| panic!("{name} on {on:?}: {error}"));
        same(&data(&target), &due);
    }
}

#[test]
fn pages_that_do_not_fit_together_are_read_again() {
    let home = Sandbox::new();
    let due = due(&home);
    let cases = [
        ("repeated", Effect::RepeatRow),
        ("left out", Effect::SkipRow),
        ("shorter", Effect::ShorterPage(5)),
        ("cursor gone", Effect::Refuse(Problem::LocatorExpired)),
        ("too slow", Effect::Refuse(Problem::QueryTimeout)),
        ("endless once", Effect::Endless),
    ];
    for (n, (name, effect)) in cases.into_iter().enumerate() {
        for one_by_one in [false, true] {
            let on = if one_by_one {
                Endpoint::Next
            } else {
                Endpoint::Composite
            };
            let fault = Fault::new(effect.clone()).on(on).after(3).once();
            let org = org(|org| org.page_size(20).fault(fault));
            let target = home.path(&format!("pulled{n}{one_by_one}"));
            let options = Options {
                one_by_one,
                ..everything()
            };
            let (outcome, _) = pulled(&org, &target, &options);
            outcome.unwrap_or_else(|error| panic!("{name}, {on:?}: {error}"));
            same(&data(&target), &due);
        }
    }
}

#[test]
fn an_org_that_changes_meanwhile_is_read_as_it_is_in_the_end() {
    let home = Sandbox::new();
    let new_user = new_user();
    let fresh: &[(&str, &str)] = &[
        ("Id", &new_user),
        ("Username", "new@brackenford.example"),
        ("LastName", "New"),
        ("IsActive", "true"),
    ];
    let changes = [
        Change::insert("User", fresh),
        Change::delete("GroupMember", &first("GroupMember")),
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let fault = Fault::new(Effect::Change(change))
            .on(Endpoint::Composite)
            .after(4)
            .once();
        let org = org(|org| org.page_size(20).fault(fault));
        let (target, again) = (
            home.path(&format!("changed{n}")),
            home.path(&format!("again{n}")),
        );
        let (outcome, events) = pulled(&org, &target, &everything());
        outcome.unwrap_or_else(|error| panic!("{n}: {error} {events:?}"));
        pulled(&org, &again, &everything()).0.expect("pulled again");
        assert_eq!(org.complaints(), Vec::<String>::new());
        same(&data(&target), &data(&again));
    }
}

/// The id of a user that the sample org does not have.
fn new_user() -> String {
    sfcompat::model::SfId::parse("0057R0000099999")
        .expect("an id")
        .text()
}

fn first(object: &str) -> String {
    let text =
        std::fs::read_to_string(sample_data().join(format!("org/{object}.csv"))).expect("a file");
    text.lines().nth(1).expect("a record")[..18].to_owned()
}

/// Runs that cannot end well: one clear cause, and the old snapshot as it was.
#[test]
fn what_cannot_be_cured_has_one_cause_and_leaves_the_old_snapshot() {
    let home = Sandbox::new();
    let target = home.path("pulled");
    pulled(&org(|org| org), &target, &everything())
        .0
        .expect("pulled");
    let before = files(&target);
    let always = |effect, on| Fault::new(effect).on(on);
    let refuse = Effect::Refuse;
    let evil = String::from("https://evil.example/services/data/v65.0/query/01g-1");
    let cases: Vec<(&str, Fault, bool)> = vec![
        (
            "daily API requests are used up",
            always(refuse(Problem::DailyLimit), Endpoint::Composite),
            true,
        ),
        (
            "let an administrator install",
            always(refuse(Problem::NotForRest), Endpoint::Composite),
            true,
        ),
        (
            "refuses the session",
            always(refuse(Problem::NoAgent), Endpoint::Composite),
            true,
        ),
        (
            "API Enabled",
            always(refuse(Problem::ApiDisabled), Endpoint::Composite),
            true,
        ),
        (
            "HTTP 503",
            always(refuse(Problem::Unavailable), Endpoint::Composite),
            true,
        ),
        (
            "address, or the org moved",
            always(refuse(Problem::NoRoute), Endpoint::Versions),
            true,
        ),
        (
            "could not be reached",
            always(Effect::CutBody(10), Endpoint::Composite),
            true,
        ),
        (
            "My Domain",
            always(
                Effect::Redirect(String::from("https://evil.example/")),
                Endpoint::Describe,
            ),
            true,
        ),
        (
            "https://evil.example",
            always(Effect::NextUrl(evil), Endpoint::Next),
            true,
        ),
        (
            "HTTP 404",
            Fault::new(Effect::Html(404)).on(Endpoint::Versions),
            false,
        ),
        (
            "cannot be renewed",
            always(refuse(Problem::SessionExpired), Endpoint::Composite),
            true,
        ),
        (
            "larger than",
            always(Effect::Giant(140 << 20), Endpoint::Composite),
            false,
        ),
    ];
    for (text, fault, connection) in cases {
        let org = org(|org| org.page_size(20).fault(fault.clone()));
        let options = Options {
            one_by_one: text.contains("evil"),
            ..everything()
        };
        let (outcome, _) = pulled(&org, &target, &options);
        let Err(error) = outcome else {
            panic!("{text}: went well");
        };
        let said = error.to_string();
        assert!(said.contains(text), "{text}: {said}");
        if let pull::Error::Api(error) = &error {
            assert_eq!(error.is_connection(), connection, "{said}");
        }
        assert!(files(&target) == before, "{text}: the old snapshot changed");
        assert_eq!(
            std::fs::read_dir(home.path(".")).expect("a folder").count(),
            1,
            "{text}: something was left"
        );
    }
}

#[test]
fn records_that_stay_away_fail_the_pull_or_the_object_alone() {
    let home = Sandbox::new();
    for (effect, page) in [(Effect::SkipRow, 100), (Effect::Endless, 5)] {
        let fault = Fault::new(effect).on(Endpoint::Next);
        let org = org(|org| org.page_size(page).fault(fault));
        let one = Options {
            one_by_one: true,
            objects: Some(vec![String::from("User"), String::from("UserLicense")]),
            ..Options::default()
        };
        let target = home.path("pulled");
        let (outcome, _) = pulled(&org, &target, &one);
        let error = outcome.map(|_| ()).expect_err("records are missing");
        assert!(
            matches!(
                error,
                pull::Error::Counts { .. } | pull::Error::Object { .. }
            ),
            "{error}"
        );
        assert!(!target.exists());
        let partial = Options {
            allow_partial: true,
            ..one
        };
        pulled(&org, &target, &partial)
            .0
            .expect("pulled without it");
        let manifest = manifest(&target);
        let user = &manifest.objects["User"];
        assert_eq!(user.coverage, Some(Extent::Absent));
        assert!(
            !target.join("User.csv").exists() && user.gaps.len() == 1,
            "{:?}",
            user.gaps
        );
        std::fs::remove_dir_all(&target).expect("removed");
    }
}

#[test]
fn what_the_user_does_not_see_is_a_gap_with_its_right() {
    let home = Sandbox::new();
    let org = org(|org| {
        org.hide_object("UserRole")
            .hide_field("User.FederationIdentifier")
            .refuse_field("Profile.Description")
            .hide_object("Network")
    });
    let target = home.path("pulled");
    let (outcome, events) = pulled(&org, &target, &everything());
    outcome.expect("pulled");
    let manifest = manifest(&target);
    let role = &manifest.objects["UserRole"];
    assert_eq!(role.coverage, Some(Extent::Absent));
    assert!(
        role.gaps[0].contains("View Roles and Role Hierarchy"),
        "{:?}",
        role.gaps
    );
    assert!(!target.join("UserRole.csv").exists());
    for (object, field) in [("User", "FederationIdentifier"), ("Profile", "Description")] {
        let entry = &manifest.objects[object];
        assert_eq!(entry.coverage, Some(Extent::Partial), "{object}");
        assert!(entry.gaps[0].starts_with(field), "{:?}", entry.gaps);
        let header = std::fs::read_to_string(target.join(format!("{object}.csv"))).expect("a file");
        assert!(
            !header
                .lines()
                .next()
                .expect("a header")
                .split(',')
                .any(|column| column == field)
        );
    }
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Absent { object, .. } if object == "Network"))
    );
    let snapshot = sfcompat::snapshot::load(
        &target,
        &sfcompat::snapshot::Wants::new("2026-11-21".parse().expect("a day")),
    )
    .expect("a snapshot");
    assert!(!snapshot.org.coverage.has("UserRole"));
}

#[test]
fn the_quota_is_respected() {
    let home = Sandbox::new();
    let target = home.path("pulled");
    let little = org(|org| org.quota(15_000, 14_950));
    let error = pulled(&little, &target, &everything())
        .0
        .expect_err("too little is left")
        .to_string();
    assert!(
        error.contains("--max-api-calls") && error.contains("a fifth"),
        "{error}"
    );
    assert!(little.counts().requests <= 11);
    let given = Options {
        max_calls: Some(30),
        ..everything()
    };
    pulled(&little, &target, &given).0.expect("pulled");
    let gone = org(|org| org.quota(100, 97));
    let error = pulled(&gone, &home.path("other"), &given)
        .0
        .expect_err("nothing is left");
    assert!(
        matches!(error, pull::Error::Api(api::Error::Quota { .. })),
        "{error}"
    );
}

#[test]
fn a_refresh_ends_as_a_fresh_pull() {
    let home = Sandbox::new();
    let org = org(|org| org.page_size(100));
    let sizes = Sizes {
        bulk: 300_000,
        changes: 50,
    };
    let (kept, fresh) = (home.path("kept"), home.path("fresh"));
    let options = Options {
        sizes,
        ..everything()
    };
    pulled(&org, &kept, &options).0.expect("pulled");
    let refresh = Options {
        since: Since::Last,
        ..options.clone()
    };
    let new_user = new_user();
    let fields: &[(&str, &str)] = &[
        ("Id", &new_user),
        ("Username", "new@brackenford.example"),
        ("LastName", "New"),
        ("IsActive", "true"),
    ];
    let users = ids("User");
    let changes = [
        vec![],
        vec![Change::update(
            "User",
            &users[7].text(),
            &[("LastName", "Said, \"so\"")],
        )],
        vec![Change::insert("User", fields)],
        vec![Change::delete(
            "PermissionSetAssignment",
            &first("PermissionSetAssignment"),
        )],
        vec![
            Change::delete("GroupMember", &first("GroupMember")),
            Change::update("UserRole", &first("UserRole"), &[("Name", "Other")]),
        ],
        vec![
            Change::update("Profile", &first("Profile"), &[("Description", "x")]),
            Change::delete("UserLogin", &first("UserLogin")),
        ],
    ];
    for (n, changes) in changes.into_iter().enumerate() {
        for change in &changes {
            org.change(change).expect("changed");
        }
        org.forget();
        let (outcome, _) = pulled(&org, &kept, &refresh);
        let outcome = outcome.unwrap_or_else(|error| panic!("{n}: {error}"));
        let requests = org.counts().requests;
        let _ = std::fs::remove_dir_all(&fresh);
        pulled(&org, &fresh, &options).0.expect("pulled");
        same(&data(&kept), &data(&fresh));
        let (own, other) = (manifest(&kept), manifest(&fresh));
        for (name, entry) in &other.objects {
            let mine = &own.objects[name];
            assert_eq!(
                (&mine.rows, &mine.count, &mine.newest, &mine.sha256),
                (&entry.rows, &entry.count, &entry.newest, &entry.sha256),
                "{n}: {name}"
            );
        }
        assert_eq!(outcome.manifest, own);
        if changes.is_empty() {
            assert!(
                requests < org.counts().requests - requests,
                "{requests} of {}",
                org.counts().requests
            );
        }
    }
    // A file that somebody changed is not gone on from.
    std::fs::write(kept.join("User.csv"), "Id\n").expect("written");
    pulled(&org, &kept, &refresh).0.expect("pulled");
    same(&data(&kept), &data(&fresh));
}

#[test]
fn a_part_of_the_objects_and_more_fields_can_be_asked_for() {
    let home = Sandbox::new();
    let org = org(|org| org);
    let target = home.path("pulled");
    let options = Options {
        objects: Some(vec![String::from("user"), String::from("Profile")]),
        user_fields: UserFields::Also(vec![String::from("Name"), String::from("Nothing__c")]),
        ..Options::default()
    };
    pulled(&org, &target, &options).0.expect("pulled");
    let names: Vec<String> = data(&target).into_keys().collect();
    assert_eq!(
        names,
        [
            "Profile.csv",
            "User.csv",
            "describe/Profile.json",
            "describe/User.json"
        ]
    );
    let manifest = manifest(&target);
    assert!(manifest.objects["User"].gaps[0].starts_with("Nothing__c"));
    assert!(org.counts().requests <= 7, "{}", org.counts().requests);
    let wrong = Options {
        objects: Some(vec![String::from("Profil")]),
        ..Options::default()
    };
    let error = pulled(&org, &target, &wrong)
        .0
        .expect_err("no such object")
        .to_string();
    assert!(error.contains("nearest: Profile"), "{error}");
}

#[test]
fn two_pulls_at_once_leave_one_whole_snapshot() {
    let home = Sandbox::new();
    let due = due(&home);
    let org = org(|org| org.page_size(50));
    let target = home.path("pulled");
    for _ in 0..5 {
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| pulled(&org, &target, &everything()).0.expect("pulled"));
            }
        });
        same(&data(&target), &due);
    }
    assert_eq!(
        std::fs::read_dir(home.path(".")).expect("a folder").count(),
        2,
        "something was left"
    );
}

/// Requests share their way: whoever gives up must not take the answers of the others along.
#[test]
fn a_request_that_is_given_up_leaves_the_others_their_answers() {
    let org = org(|org| org.latency(std::time::Duration::from_millis(100)));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let connection = connection(&org);
    runtime.block_on(async {
        let client = api::Client::new(&connection, Clock::system(), Some(100));
        let api = api::Org::new(client, api::Version(65));
        let get = |object: &str| api.get(api.path(&format!("sobjects/{object}/describe")));
        let mut first = Box::pin(get("User"));
        let mut others = Box::pin(async { tokio::join!(get("Profile"), get("UserRole")) });
        let soon = tokio::time::sleep(std::time::Duration::from_millis(30));
        tokio::select! {
            biased;
            _ = &mut first => panic!("too early"),
            _ = &mut others => panic!("too early"),
            () = soon => {}
        }
        drop(first);
        let (one, two) = others.await;
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    });
    let composites = org.journal();
    let composites = composites
        .iter()
        .filter(|entry| entry.endpoint == Endpoint::Composite);
    assert!(composites.count() >= 1, "they did not share their way");
}

/// Keeps every event of every library as text.
struct Log(std::sync::Arc<std::sync::Mutex<String>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut Fields(&self.0));
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut Fields(&self.0));
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Fields(&self.0));
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

struct Fields<'a>(&'a std::sync::Mutex<String>);

impl tracing::field::Visit for Fields<'_> {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        use std::fmt::Write as _;
        write!(self.0.lock().expect("unpoisoned"), "{field}={value:?} ").expect("a string");
    }
}

#[test]
fn a_trace_of_a_pull_holds_no_secret() {
    let home = Sandbox::new();
    let secret = "00D7R000000FqP2!AQfQv.TraceMustNotHoldThis_0123456789abcdefghijk";
    let text = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let faults = [
        Fault::new(Effect::Html(503)).on(Endpoint::Composite).once(),
        Fault::new(Effect::CutBody(100))
            .on(Endpoint::Describe)
            .once(),
    ];
    let [one, other] = faults;
    let org = org(|org| org.token(secret).fault(one).fault(other));
    let around = Surroundings {
        hosts: Hosts::with_loopback_http(),
        access_token: Some(Secret::new(secret.to_owned())),
        instance_url: Some(org.base_url()),
        ..Surroundings::default()
    };
    let connection = auth::open(None, &around).expect("a connection");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let clock = Clock::manual("2026-11-21T06:00:00Z".parse().expect("a moment"));
    tracing::subscriber::with_default(Log(text.clone()), || {
        runtime
            .block_on(pull::pull(
                &connection,
                &clock,
                &home.path("pulled"),
                &everything(),
                &|_| {},
            ))
            .expect("pulled");
    });
    let text = text.lock().expect("unpoisoned").clone();
    assert!(
        text.contains("/services/data") && text.contains("503"),
        "the log is empty"
    );
    assert!(
        !text.contains("TraceMustNotHoldThis"),
        "the token is in the log"
    );
    for (name, bytes) in files(&home.path("pulled")) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("TraceMustNotHoldThis"),
            "the token is in {name}"
        );
    }
}
