//! The language by its documented examples, and by what people write.

use super::{membership, parse, reach, switches};
use proptest::prelude::*;

fn values(text: &str) -> Vec<String> {
    let reach = reach(&parse(text).expect(text));
    reach.values.into_iter().map(|value| value.text).collect()
}

fn open(text: &str) -> bool {
    !reach(&parse(text).expect(text)).open.is_empty()
}

#[test]
fn every_branch_can_be_the_result() {
    assert_eq!(
        values(
            r#"user.department == "Sales" ? "Sales User" : user.x == null ? 'Tutor' : "Chatter Free User""#
        ),
        ["Sales User", "Tutor", "Chatter Free User"]
    );
    assert_eq!(
        values(r#"user.sfProfile ?: "Standard User""#),
        ["Standard User"]
    );
    assert!(open(r#"user.sfProfile ?: "Standard User""#));
    assert_eq!(
        values(r#"isMemberOfGroupName("A") ? {"One","Two"} : {}"#),
        ["One", "Two"]
    );
    // A literal of a condition is no result.
    assert_eq!(
        values(r#"user.a == "x" AND !(user.b == "y") ? "z" : null"#),
        ["z"]
    );
}

#[test]
fn a_switch_can_give_its_default_and_all_its_values() {
    let text = r#"String.stringSwitch(user.division, "NO_ROLE", "West", "Western Team", "East", "Eastern Team")"#;
    assert_eq!(values(text), ["NO_ROLE", "Western Team", "Eastern Team"]);
}

#[test]
fn what_only_literals_decide_is_evaluated() {
    assert_eq!(values(r#""Sales" + " " + "User""#), ["Sales User"]);
    assert_eq!(
        values(r#"String.append("Sales", user.a == 1 ? " User" : " Manager")"#),
        ["Sales User", "Sales Manager"]
    );
    assert_eq!(values(r#"String.toUpperCase("ceo")"#), ["CEO"]);
    assert_eq!(values(r#"String.replace("A-B", "-", " ")"#), ["A B"]);
    assert_eq!(
        values(r#"String.substringBefore("ann@acme.example", "@")"#),
        ["ann"]
    );
    assert_eq!(
        values(r#"String.substringAfter("ann@acme.example", "@")"#),
        ["acme.example"]
    );
    assert_eq!(values(r#"String.join("-", "a", "b")"#), ["a-b"]);
    assert_eq!(
        values(r#"Arrays.add(Arrays.flatten("a", {"b"}), "c")"#),
        ["a", "b", "c"]
    );
}

#[test]
fn what_data_or_unknown_functions_decide_is_open() {
    for text in [
        "user.sfProfile",
        "appuser.profile",
        r#""Sales " + user.region"#,
        "Time.now()",
        "user.list[0]",
        "user.groups.![name]",
        r#"getManagerUser("active_directory").title"#,
        r#"String.replace("a", user.b, "c")"#,
    ] {
        assert!(open(text), "{text}");
        assert!(values(text).is_empty(), "{text}");
    }
}

#[test]
fn keys_of_a_switch_that_hide_others_are_found() {
    let traps = |text: &str| {
        switches(&parse(text).expect(text))
            .into_iter()
            .map(|trap| (trap.key, trap.hidden))
            .collect::<Vec<_>>()
    };
    let pair = |key: &str, hidden: &str| (key.to_owned(), hidden.to_owned());
    assert_eq!(
        traps(r#"String.stringSwitch(user.d, "n", "Sales", "a", "Pre-Sales", "b")"#),
        [pair("Sales", "Pre-Sales")]
    );
    // From long to short nothing is hidden.
    assert_eq!(
        traps(r#"String.stringSwitch(user.d, "n", "Pre-Sales", "a", "Sales", "b")"#),
        []
    );
    assert_eq!(
        traps(r#"String.stringSwitch(user.d, "n", "", "a")"#),
        [pair("", "")]
    );
}

#[test]
fn questions_for_groups_are_found() {
    let asks = |text: &str| membership(&parse(text).expect(text)).map(|(name, _)| name);
    assert_eq!(
        asks(r#"isMemberOfGroupName("A") ? "x" : "y""#),
        Some("isMemberOfGroupName".to_owned())
    );
    assert_eq!(
        asks(r#"user.getGroups({"group.type": {"OKTA_GROUP"}}).![name]"#),
        Some("getGroups".to_owned())
    );
    assert_eq!(asks("user.department"), None);
}

#[test]
fn errors_name_their_place() {
    for (text, column, part) in [
        ("", 1, "empty"),
        ("user.", 6, "a name"),
        (r#"user.a == "x" ? "y""#, 20, "':'"),
        (r#"String.append("a""#, 18, "',' or ')'"),
        ("\"open", 1, "not closed"),
        ("a ; b", 3, "no part of"),
        ("a b", 3, "the end"),
        ("(a", 3, "')'"),
        ("1 + ", 5, "a value"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.column, column, "{text}: {error}");
        assert!(error.what.contains(part), "{text}: {error}");
    }
    assert!(parse(&"(".repeat(5000)).is_err());
    assert!(parse(&"!".repeat(5000)).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = parse(&text).map(|expr| (reach(&expr), switches(&expr), membership(&expr)));
    }

    #[test]
    fn no_mix_of_its_words_makes_it_panic(words in proptest::collection::vec(
        proptest::sample::select(vec!["user", ".", "(", ")", "?", ":", "?:", "\"a\"", "{", "}", ",", "+", "==", "!", "String.append", "String.stringSwitch", "null", "[", "]", ".![", "1", "-"]), 0..40)) {
        let text = words.join(" ");
        let _ = parse(&text).map(|expr| (reach(&expr), switches(&expr), membership(&expr)));
    }
}
