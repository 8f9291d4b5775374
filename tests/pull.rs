//! Pulling from the fake org: the same files again, and nothing lost, doubled or half written whatever goes wrong.
#![cfg(feature = "demo")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use sfcompat::auth::{self, Connection, Surroundings};
use sfcompat::demo::{Builder, FakeOrg};
use sfcompat::net::{Clock, Hosts, Secret};
use sfcompat::pull::{self, Event, Options, Outcome};
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
    let sheets = |dir: &Path| {
        let mut files = data(dir);
        files.retain(|name, _| Path::new(name).extension().is_some_and(|own| own == "csv"));
        files
    };
    same(&sheets(&target), &sheets(&sample_data().join("org")));
    assert_eq!(events.len(), outcome.manifest.objects.len(), "{events:?}");
    assert_eq!(org.counts().writes, 0);
    assert_eq!(org.complaints(), Vec::<String>::new());
}
