//! Pages that lie, and an org that changes while it is read.

use super::{Caller, started};
use crate::demo::{Change, Effect, Endpoint, FakeOrg, Fault};
use std::collections::BTreeSet;

const BASE: &str = "/services/data/v65.0";

/// The ids that a query finds, over all pages.
pub(super) fn ids(org: &FakeOrg, soql: &str) -> Vec<String> {
    let (records, _) = Caller::new(org).all(soql);
    records
        .iter()
        .filter_map(|record| record["Id"].as_str())
        .map(str::to_owned)
        .collect()
}

fn distinct(ids: &[String]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

#[test]
fn rows_repeat_or_are_left_out_between_pages() {
    let org = |effect| {
        started(
            FakeOrg::fictional()
                .page_size(100)
                .fault(Fault::new(effect).on(Endpoint::Next).once()),
        )
    };
    let repeated = ids(&org(Effect::RepeatRow), "SELECT Id FROM User");
    assert_eq!((repeated.len(), distinct(&repeated)), (427, 426));
    let skipped = ids(&org(Effect::SkipRow), "SELECT Id FROM User");
    assert_eq!((skipped.len(), distinct(&skipped)), (425, 425));
    let shorter = org(Effect::ShorterPage(7));
    let whole = ids(&shorter, "SELECT Id FROM User");
    assert_eq!((whole.len(), distinct(&whole)), (426, 426));
    let pages = shorter
        .journal()
        .iter()
        .filter(|entry| entry.endpoint == Endpoint::Next)
        .count();
    assert_eq!(pages, 5);
}

#[test]
fn the_org_changes_between_pages() {
    let seed = started(FakeOrg::fictional());
    let all = ids(&seed, "SELECT Id FROM GroupMember");
    let group = Caller::new(&seed)
        .query("SELECT GroupId, UserOrGroupId FROM GroupMember LIMIT 1")
        .json();
    let values = [
        ("Id", "0117R00000ZZZZZ"),
        (
            "GroupId",
            group["records"][0]["GroupId"].as_str().expect("an id"),
        ),
        (
            "UserOrGroupId",
            group["records"][0]["UserOrGroupId"]
                .as_str()
                .expect("an id"),
        ),
    ];
    let last = all.last().expect("a member");
    let when = |change| Fault::new(Effect::Change(change)).on(Endpoint::Next).once();
    let org = started(
        FakeOrg::fictional()
            .page_size(20)
            .fault(when(Change::insert("GroupMember", &values)))
            .fault(when(Change::delete("GroupMember", last)))
            .fault(when(Change::delete("GroupMember", &all[0]))),
    );
    let found = ids(&org, "SELECT Id FROM GroupMember");
    // The first page was out before its record went; the new one is not in this answer.
    assert_eq!(found.len(), all.len() - 1);
    assert!(found.contains(&all[0]) && !found.contains(last));
    assert_eq!(ids(&org, "SELECT Id FROM GroupMember").len(), all.len() - 1);
    let count = Caller::new(&org)
        .query("SELECT COUNT() FROM GroupMember")
        .json();
    assert_eq!(count["totalSize"], all.len() - 1);
    assert_eq!(org.complaints(), Vec::<String>::new());
}

#[test]
fn changed_records_are_newer_and_deleted_ones_are_in_the_bin() {
    let org = started(FakeOrg::fictional());
    let caller = Caller::new(&org);
    let start = jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let all = ids(&org, "SELECT Id FROM PermissionSetLicenseAssign");
    let role = ids(&org, "SELECT Id FROM UserRole LIMIT 1").remove(0);
    org.change(&Change::update("UserRole", &role, &[("Name", "New Name")]))
        .expect("a change");
    org.change(&Change::delete("PermissionSetLicenseAssign", &all[3]))
        .expect("a change");
    let newer = caller
        .query(&format!(
            "SELECT Id, Name FROM UserRole WHERE SystemModstamp >= {start}"
        ))
        .json();
    assert_eq!(newer["totalSize"], 1);
    assert_eq!(newer["records"][0]["Name"], "New Name");
    let user = ids(&org, "SELECT Id FROM User LIMIT 1").remove(0);
    org.change(&Change::update("User", &user, &[("Title", "Boss")]))
        .expect("a change");
    assert_eq!(
        ids(
            &org,
            &format!("SELECT Id FROM User WHERE SystemModstamp >= {start}")
        ),
        [user]
    );
    assert_eq!(
        ids(&org, "SELECT Id FROM PermissionSetLicenseAssign").len(),
        all.len() - 1
    );
    let soql = super::encoded(
        "SELECT Id, IsDeleted FROM PermissionSetLicenseAssign WHERE IsDeleted = true",
    );
    let binned = caller.get(&format!("{BASE}/queryAll?q={soql}")).json();
    assert_eq!(
        (
            binned["totalSize"].as_u64(),
            binned["records"][0]["Id"].as_str()
        ),
        (Some(1), Some(all[3].as_str()))
    );
    let fault = org
        .change(&Change::delete("UserRole", "00E000000000001"))
        .expect_err("no such role");
    assert!(
        fault.to_string().contains("UserRole has no record"),
        "{fault}"
    );
}

#[test]
fn a_page_can_lead_elsewhere_or_to_itself() {
    let org = |effect, endpoint| {
        started(
            FakeOrg::fictional()
                .page_size(100)
                .fault(Fault::new(effect).on(endpoint)),
        )
    };
    let evil = "https://evil.example/services/data/v65.0/query/01g-100".to_owned();
    let away = org(Effect::NextUrl(evil.clone()), Endpoint::Query);
    assert_eq!(
        Caller::new(&away).query("SELECT Id FROM User").json()["nextRecordsUrl"],
        evil.as_str()
    );
    let turning = org(Effect::Endless, Endpoint::Next);
    let caller = Caller::new(&turning);
    let next = caller.query("SELECT Id FROM User").json()["nextRecordsUrl"]
        .as_str()
        .expect("a page")
        .to_owned();
    let page = caller.get(&next).json();
    assert_eq!(
        (page["done"].as_bool(), page["nextRecordsUrl"].as_str()),
        (Some(false), Some(next.as_str()))
    );
}
