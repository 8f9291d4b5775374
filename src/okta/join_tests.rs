//! Users of the app joined with groups, against the plainest reading of the rules.

use super::Join;
use crate::okta::app_users;
use crate::okta::members::tests::{Given, groups_of, list, members, named};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read};

/// Individually assigned, own profile ("" is blank), groups.
type Person = (bool, u8, Vec<usize>);

/// Profile and sets of a person, asking the groups one by one.
fn plainly(given: &[Given], (individual, own, of): &Person, blank_counts: bool) -> [String; 2] {
    let mut order: Vec<&usize> = of.iter().collect();
    order.sort_by_key(|&&n| (given[n].1.map_or(1_000, u32::from), n));
    let own = [named('p', *own), String::from("own")];
    if *individual || order.is_empty() {
        return own;
    }
    let mut profile = String::new();
    for &&n in &order {
        profile = named('p', given[n].0);
        if blank_counts || !profile.is_empty() {
            break;
        }
    }
    let sets = list(&given[*order[0]].2);
    // What no group fills is what the app has.
    [profile, sets]
        .into_iter()
        .zip(own)
        .map(|(given, own)| if given.is_empty() { own } else { given })
        .collect::<Vec<_>>()
        .try_into()
        .expect("two")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn everybody_gets_what_the_plain_reading_says(
        given in prop::collection::vec((0u8..4, prop::option::of(0u8..5), prop::collection::vec(1u8..5, 0..3)), 1..8),
        people in prop::collection::vec((any::<bool>(), 0u8..4, prop::collection::vec(0usize..8, 0..5)), 1..12),
        blank_counts: bool,
    ) {
        let mut groups = groups_of(&given);
        groups.blanks_count = blank_counts;
        let people: Vec<Person> = people
            .into_iter()
            .map(|(individual, own, of)| (individual, own, of.iter().map(|n| n % given.len()).collect()))
            .collect();
        // One member that the app does not have: a file of members is never empty.
        let mut text = String::from("login,group\nelse@a.example,g0\n");
        let mut users = Vec::new();
        for (n, (individual, own, of)) in people.iter().enumerate() {
            for group in of {
                let _ = writeln!(text, "U{n}@a.example,g{group}");
            }
            users.push(json!({
                "scope": if *individual { "USER" } else { "GROUP" },
                "credentials": { "userName": format!("u{n}@a.example") },
                "profile": { "profile": named('p', *own), "salesforceGroups": ["own"], "title": "Clerk" }
            }));
        }
        let mut members = members(&groups, &text).expect("members");
        let json = serde_json::Value::from(users).to_string();
        let join = Join::new(&groups, Some(&mut members));
        let mut parts = app_users::tables("u.json", Cursor::new(json), Some(join), None).expect("a table");
        prop_assert_eq!(parts.len(), 1);
        let mut csv = String::new();
        parts[0].table.csv.read_to_string(&mut csv).expect("text");
        let rows: Vec<BTreeMap<String, String>> = csv::Reader::from_reader(csv.as_bytes())
            .deserialize()
            .map(|row| row.expect("a row"))
            .collect();
        prop_assert_eq!(rows.len(), people.len());
        for (n, (row, person)) in rows.iter().zip(&people).enumerate() {
            let [profile, sets] = plainly(&given, person, blank_counts);
            let sets = if sets == "own" { String::from("[\"own\"]") } else { sets };
            prop_assert_eq!(
                [&row["credentials.userName"], &row["profile"], &row["salesforceGroups"], &row["title"]],
                [&format!("u{n}@a.example"), &profile, &sets, &String::from("Clerk")]
            );
            let decided = !person.0 && !person.2.is_empty();
            prop_assert_eq!(members.person_of("u.json", 0, n as u64 + 1).is_some(), decided);
        }
        // Only who has no row elsewhere gets one among the members.
        let mut rest = members.tables(&groups, "m.csv", None).expect("a table");
        let mut csv = String::new();
        rest[0].table.csv.read_to_string(&mut csv).expect("text");
        prop_assert_eq!(csv.lines().count(), 2);
        prop_assert!(csv.contains("else@a.example"));
    }
}
