//! Values by the examples of Okta's documentation, and where nothing documents them.

use super::{Datum, Facts, attributes, evaluate};
use crate::okta::expression::{parse, reach};
use proptest::prelude::*;

/// A user of the API, with an attribute of each type.
struct Ann;

impl Facts for Ann {
    fn attribute(&self, name: &str) -> Option<Datum> {
        Some(match name {
            "department" => Datum::Text(String::from("Sales")),
            "login" => Datum::Text(String::from("abc@okta.com")),
            "division" | "missing" => Datum::Null,
            "erased" => Datum::Text(String::new()),
            "groupCode" => Datum::Number(String::from("123")),
            "isContractor" => Datum::Flag(false),
            "sets" => Datum::List(vec![
                Datum::Text(String::from("One")),
                Datum::Text(String::from("Two")),
            ]),
            "sheet" => Datum::Cell(String::from("West")),
            "coded" => Datum::Cell(String::from("123")),
            "blank" => Datum::Blank,
            _ => return None,
        })
    }

    fn is_member(&self, function: &str, arguments: &[&str]) -> Option<bool> {
        (function == "isMemberOfGroupName").then_some(arguments == ["Sellers"])
    }
}

fn value(text: &str, list: bool) -> Option<String> {
    let expr = parse(text).expect(text);
    evaluate(&expr, &Ann).ok()?.cell(list)
}

#[test]
fn examples_of_the_documentation() {
    for (text, told) in [
        (r#"String.append("This is", " a test")"#, "This is a test"),
        (
            r#"String.join(",", "This", "is", "a", "test")"#,
            "This,is,a,test",
        ),
        (r#"String.len("This")"#, "4"),
        (r#"String.removeSpaces("This is a test")"#, "Thisisatest"),
        (
            r#"String.replace("This is a test", "is", "at")"#,
            "That at a test",
        ),
        (
            r#"String.replaceFirst("This is a test", "is", "at")"#,
            "That is a test",
        ),
        (r#"String.stringContains("This is a test", "test")"#, "true"),
        (
            r#"String.stringContains("This is a test", "doesn'tExist")"#,
            "false",
        ),
        (
            r#"String.stringSwitch("This is a test", "default", "key1", "value1")"#,
            "default",
        ),
        (
            r#"String.stringSwitch("This is a test", "default", "test", "value1")"#,
            "value1",
        ),
        (
            r#"String.stringSwitch("First match wins", "default", "absent", "value1", "wins", "value2", "match", "value3")"#,
            "value2",
        ),
        (
            r#"String.stringSwitch("Substrings count", "default", "ring", "value1")"#,
            "value1",
        ),
        (r#"String.substring("This is a test", 2, 9)"#, "is is a"),
        (r#"String.substringAfter("abc@okta.com", "@")"#, "okta.com"),
        (r#"String.substringBefore(user.login, "@")"#, "abc"),
        (r#"toUpperCase("This")"#, "THIS"),
        (r#"String.toLowerCase("ThiS")"#, "this"),
        ("Arrays.get({0, 1, 2}, 0)", "0"),
        ("Arrays.contains({10, 20, 30}, 50)", "false"),
        ("Arrays.size(NULL)", ""),
        ("Arrays.size(null)", "0"),
        ("Arrays.isEmpty(null)", "true"),
        (
            r#"Arrays.toCsvString({"This", "is", " a ", "test"})"#,
            "This,is, a ,test",
        ),
        ("user.groupCode == 123 ? 'Sales' : 'Other'", "Sales"),
    ] {
        let told = Some(told.to_owned()).filter(|told| !told.is_empty());
        assert_eq!(value(text, false), told, "{text}");
    }
    for (text, told) in [
        ("Arrays.add({10, 20, 30}, 40)", r#"["10","20","30","40"]"#),
        ("Arrays.remove({10, 20, 30}, 20)", r#"["10","30"]"#),
        (
            "Arrays.flatten(10, {20, 30}, 40)",
            r#"["10","20","30","40"]"#,
        ),
        ("Arrays.clear({10, 20, 30})", ""),
        ("user.sets", r#"["One","Two"]"#),
        (r#""One""#, r#"["One"]"#),
    ] {
        assert_eq!(value(text, true).as_deref(), Some(told), "{text}");
    }
}

#[test]
fn a_person_has_one_value() {
    for (text, told) in [
        (
            r#"user.department == "Sales" ? "Sales User" : "Chatter Free User""#,
            "Sales User",
        ),
        (
            r#"source.department != "Sales" ? "Sales User" : "Chatter Free User""#,
            "Chatter Free User",
        ),
        (
            r#"user.profile.department == 'Sales' AND !user.isContractor ? "In" : "Out""#,
            "In",
        ),
        (r#"user.division == "West" ? "Western" : null"#, ""),
        (r#"user.division ?: "Elsewhere""#, "Elsewhere"),
        (r#"user.erased ?: "Elsewhere""#, "Elsewhere"),
        (r#"user.blank ?: "Elsewhere""#, "Elsewhere"),
        (r#"user.blank == "West" ? "Western" : "Other""#, "Other"),
        (r#"user.sheet == "West" ? "Western" : "Other""#, "Western"),
        (
            r#"isMemberOfGroupName("Sellers") ? "Seller" : "Other""#,
            "Seller",
        ),
        (
            r#"user.groupCode >= 100 AND user.groupCode < 200 ? "Low" : "High""#,
            "Low",
        ),
        (r#"user.department + " " + user.groupCode"#, "Sales 123"),
        (
            r#"Arrays.contains({"East", "West"}, user.sheet) ? "In" : "Out""#,
            "In",
        ),
        (
            r#"Arrays.toCsvString(Arrays.remove({"East", "West"}, user.sheet))"#,
            "East",
        ),
        // What is not at hand does not matter.
        (r#"user.absent == "x" ? "Same" : "Same""#, "Same"),
        (
            r#"user.absent == "x" OR user.department == "Sales" ? "In" : "Out""#,
            "In",
        ),
        (
            r#"user.absent == "x" AND user.isContractor ? "In" : "Out""#,
            "Out",
        ),
        (
            r#"String.stringSwitch(user.department, user.absent, "Sales", "Seller")"#,
            "Seller",
        ),
    ] {
        assert_eq!(value(text, false).as_deref(), Some(told), "{text}");
    }
}

#[test]
fn what_nothing_documents_is_not_told() {
    for text in [
        "user.absent",
        "appuser.email",
        "user",
        r#"user.absent == "x" ? "A" : "B""#,
        r#"user.blank == null ? "A" : "B""#,
        r#"user.blank == "" ? "A" : "B""#,
        r#"user.coded == 123 ? "A" : "B""#,
        r#"Arrays.contains({"west"}, user.sheet) ? "A" : "B""#,
        r#"Arrays.contains({123}, user.coded) ? "A" : "B""#,
        r#"user.department == "sales" ? "A" : "B""#,
        r#"String.stringSwitch(user.department, "A", "sales", "B")"#,
        r#"String.stringSwitch(user.division, "A", "West", "B")"#,
        r#"String.stringContains(user.department, "SALES") ? "A" : "B""#,
        "String.toUpperCase(user.division)",
        "user.division + \"x\"",
        "1 + 2",
        "-1",
        "user.sets[0]",
        "user.sets.![name]",
        "user.department.toUpperCase()",
        r#"user.department matches "S.*" ? "A" : "B""#,
        r#"getManagerUser("active_directory").login"#,
        r#"isMemberOfGroup("00g1") ? "A" : "B""#,
        r#"user.division ? "A" : "B""#,
        r#"String.substring("abc", 2, 9)"#,
        "Convert.toInt(user.groupCode)",
        "Guess.at(user.department)",
        "user.sets",
    ] {
        assert_eq!(value(text, false), None, "{text}");
    }
    assert_eq!(value("user.isContractor", true), None);
    let untold = evaluate(&parse("1 == 1 ? user.absent : 'x'").expect("text"), &Ann);
    let untold = untold.expect_err("not at hand");
    assert_eq!(
        (untold.why.as_str(), untold.at),
        ("user.absent is not at hand", 9)
    );
}

#[test]
fn attributes_that_are_read() {
    let expr = parse(r"user.a == source.b ? String.append(user.a, appuser.c) : user.profile.d");
    assert_eq!(attributes(&expr.expect("text")), ["a", "b", "d"]);
}

proptest! {
    /// A text that is told is one of those that can be reached, wherever all of these are known.
    #[test]
    fn what_is_told_can_be_reached(text in expression()) {
        let expr = parse(&text).expect("a text of the grammar");
        let all = reach(&expr);
        if let Ok(told) = evaluate(&expr, &Ann) && all.open.is_empty() {
            let told = told.cell(false).unwrap_or_default();
            let reached = all.values.iter().any(|value| value.text == told);
            prop_assert!(reached || told.is_empty() && all.empty, "{text}: {told}, {all:?}");
        }
    }
}

/// Texts of the part of the language that decides by attributes.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(String::from("\"One\"")),
        Just(String::from("\"Two\"")),
        Just(String::from("null")),
        Just(String::from("\"\"")),
        Just(String::from("user.department")),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let condition = prop_oneof![
            Just("user.department == \"Sales\""),
            Just("user.division == null"),
            Just("user.absent == \"x\""),
            Just("!user.isContractor OR user.absent"),
            Just("isMemberOfGroupName(\"Sellers\")"),
        ];
        prop_oneof![
            (condition, inner.clone(), inner.clone())
                .prop_map(|(so, yes, no)| format!("({so} ? {yes} : {no})")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("({one} ?: {two})")),
            (inner.clone(), inner.clone())
                .prop_map(|(one, two)| format!("String.append({one}, {two})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(one, two, three)| format!(
                "String.stringSwitch(user.department, {one}, \"x\", {two}, \"al\", {three})"
            )),
        ]
    })
}
