//! The priorities of groups against the plainest reading of them.

use super::Members;
use crate::input::{Attribute, Input, ReadOptions};
use crate::model::Org;
use crate::okta::groups::Groups;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};

/// Profile ("" is blank), priority and elements of a list.
pub(crate) type Given = (u8, Option<u8>, Vec<u8>);

pub(crate) fn groups_of(given: &[Given]) -> Groups {
    let mut csv = String::from("okta_group,priority,profile,permissionSets\n");
    for (n, (profile, priority, sets)) in given.iter().enumerate() {
        let priority = priority.map(|n| n.to_string()).unwrap_or_default();
        let _ = writeln!(
            csv,
            "g{n},{priority},{},{}",
            named('p', *profile),
            list(sets)
        );
    }
    let raw = Box::new(Cursor::new(csv.into_bytes()));
    let (input, blocks) =
        Input::read("m.csv", raw, &Org::default(), &ReadOptions::default()).expect("a mapping");
    let mut groups = Groups::default();
    let _ = groups.add(&input, blocks, (None, 64)).expect("groups");
    groups
}

pub(crate) fn named(kind: char, n: u8) -> String {
    if n == 0 {
        String::new()
    } else {
        format!("{kind}{n}")
    }
}

pub(crate) fn list(sets: &[u8]) -> String {
    let names: Vec<String> = sets.iter().map(|n| format!("s{n}")).collect();
    names.join(";")
}

pub(crate) fn members(groups: &Groups, text: &str) -> Result<Members, String> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    Members::read(file.path(), groups, None).map_err(|error| error.to_string())
}

fn rows(members: &Members, groups: &Groups) -> Vec<Vec<String>> {
    let mut members = members.clone();
    let mut parts = members
        .tables(groups, "members.csv", None)
        .expect("a table");
    let mut text = String::new();
    parts[0].table.csv.read_to_string(&mut text).expect("text");
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

/// The groups of a person, by asking for the smallest again and again.
fn in_order<'g>(given: &'g [Given], own: &[usize]) -> Vec<&'g Given> {
    let mut left: Vec<usize> = own.to_vec();
    left.sort_unstable();
    left.dedup();
    let mut order = Vec::new();
    while !left.is_empty() {
        let first = left
            .iter()
            .copied()
            .min_by_key(|&n| (given[n].1.map_or(1_000, u32::from), n))
            .expect("one");
        left.retain(|&n| n != first);
        order.push(&given[first]);
    }
    order
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn everybody_gets_what_the_plain_reading_says(
        given in prop::collection::vec((0u8..4, prop::option::of(0u8..5), prop::collection::vec(1u8..5, 0..3)), 1..8),
        people in prop::collection::vec(prop::collection::vec(0usize..8, 1..6), 1..12),
        blank_counts: bool,
        union: bool,
    ) {
        let mut groups = groups_of(&given);
        if union {
            groups.combined.insert(Attribute::PermissionSets);
        }
        groups.blanks_count = blank_counts;
        let people: Vec<Vec<usize>> = people
            .iter()
            .map(|own| own.iter().map(|n| n % given.len()).collect())
            .collect();
        let mut text = String::from("login,group\n");
        for (n, own) in people.iter().enumerate() {
            for group in own {
                let _ = writeln!(text, "u{n}@a.example,g{group}");
            }
        }
        let found = rows(&members(&groups, &text).expect("members"), &groups);
        prop_assert_eq!(found.len(), people.len());
        for (n, own) in people.iter().enumerate() {
            let order = in_order(&given, own);
            let profile = if blank_counts {
                order[0].0
            } else {
                order.iter().map(|group| group.0).find(|&profile| profile != 0).unwrap_or(0)
            };
            let mut wanted = vec![format!("u{n}@a.example"), named('p', profile)];
            if union {
                // Each list is a set of names, and the lists follow one another.
                let mut all: Vec<String> = Vec::new();
                for group in order {
                    let mut own: Vec<String> = group.2.iter().map(|n| format!("s{n}")).collect();
                    own.sort();
                    for name in own {
                        if !all.contains(&name) {
                            all.push(name);
                        }
                    }
                }
                wanted.push(if all.is_empty() { String::new() } else { serde_json::to_string(&all).expect("json") });
            } else {
                wanted.push(list(&order[0].2));
            }
            prop_assert_eq!(&found[n], &wanted);
        }
    }
}

#[test]
fn files_that_cannot_be_members_say_why() {
    let groups = groups_of(&[(1, Some(1), vec![]), (2, Some(2), vec![])]);
    for (text, why) in [
        ("who,what\na,b\n", "a column login and a column group"),
        ("login,group\na@a.example,other\n", "none of its groups"),
        ("login,group\ng1,g0\n", "a group as a member of a group"),
        (
            "login,group\na@a.example,\n",
            "without a login or without a group",
        ),
    ] {
        let error = members(&groups, text).expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
    }
    // What people are called by stands before the login in reports.
    for text in [
        "User,Login,Group\nAnn A,a@a.example,g0\n",
        "name;login;group\nAnn A;a@a.example;g0\n",
        "\u{feff}Login\tOkta Group\r\na@a.example\tg0\r\n",
    ] {
        let some = members(&groups, text).expect(text);
        let person = &some.people[0];
        assert_eq!((&*person.login, person.line), ("a@a.example", 2), "{text}");
    }
    let some = members(&groups, "group,login\ng0,a@a.example\nx,b@a.example\n").expect("members");
    assert_eq!((some.len(), some.strangers), (1, 1));
    assert_eq!(some.first_stranger, Some((Box::from("x"), 3)));
}
