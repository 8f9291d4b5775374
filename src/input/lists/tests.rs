//! Every spelling of a list.

use super::{Elements, ListStyle, ListStyles, PowerShellObject, split};
use proptest::prelude::*;
use std::borrow::Cow;

const NAMES: [&str; 4] = [
    "Quote_Approver",
    "Sales_Cloud_Reports",
    "Reports, Europe",
    "Europe",
];

fn read(cell: &str) -> (ListStyle, Vec<String>) {
    let mut out = Elements::new();
    let style = split(cell, None, |name| NAMES.contains(&name), &mut out).expect("a list");
    (style, out.into_iter().map(Cow::into_owned).collect())
}

#[test]
fn every_spelling_of_a_list() {
    let two = ["Quote_Approver", "Sales_Cloud_Reports"];
    for (cell, style) in [
        (
            "[\"Quote_Approver\",\"Sales_Cloud_Reports\"]",
            ListStyle::Json,
        ),
        (
            "['Quote_Approver', 'Sales_Cloud_Reports']",
            ListStyle::Python,
        ),
        (
            "[u'Quote_Approver', \"Sales_Cloud_Reports\", None]",
            ListStyle::Python,
        ),
        (
            "Quote_Approver; Sales_Cloud_Reports;;Quote_Approver",
            ListStyle::Semicolon,
        ),
        (
            "Quote_Approver\r\nSales_Cloud_Reports\n",
            ListStyle::Newline,
        ),
        ("Quote_Approver|Sales_Cloud_Reports", ListStyle::Pipe),
        ("Quote_Approver, Sales_Cloud_Reports", ListStyle::Comma),
    ] {
        let (found, elements) = read(cell);
        assert_eq!(found, style, "{cell}");
        assert_eq!(elements, two, "{cell}");
    }
}

#[test]
fn a_comma_in_a_name_does_not_separate() {
    assert_eq!(
        read("Reports, Europe"),
        (ListStyle::One, vec!["Reports, Europe".into()])
    );
    assert_eq!(
        read("Quote_Approver, Nobody"),
        (ListStyle::One, vec!["Quote_Approver, Nobody".into()])
    );
    assert_eq!(
        read("[\"Quote_Approver\",\"Reports, Europe\"]").1,
        ["Quote_Approver", "Reports, Europe"]
    );
    assert_eq!(
        read("Reports, Europe;Europe").1,
        ["Reports, Europe", "Europe"]
    );
}

#[test]
fn nothing_is_an_empty_list() {
    for cell in ["", "  ", "[]", "[ ]", "[null]", "[None]", ";", " | "] {
        assert_eq!(read(cell), (ListStyle::Empty, Vec::new()), "{cell}");
    }
}

#[test]
fn names_in_brackets_are_names() {
    for cell in ["[Beta] Access", "[Beta]", "[1,2", "[{\"a\":1}]"] {
        assert_eq!(read(cell).1, [cell], "{cell}");
    }
}

#[test]
fn types_of_powershell_are_refused() {
    let mut out = Elements::new();
    for cell in ["System.Object[]", "System.String[]"] {
        assert_eq!(split(cell, None, |_| true, &mut out), Err(PowerShellObject));
    }
}

#[test]
fn the_configured_separator_counts_alone() {
    let mut out = Elements::new();
    let style = split("a;b / c", Some("/"), |_| true, &mut out).expect("a list");
    assert_eq!(style, ListStyle::Configured);
    assert_eq!(out.as_slice(), ["a;b", "c"]);
}

#[test]
fn plain_lists_are_borrowed_and_long_ones_are_quick() {
    let mut out = Elements::new();
    split("a;b;c", None, |_| true, &mut out).expect("a list");
    assert!(
        out.iter()
            .all(|element| matches!(element, Cow::Borrowed(_)))
    );
    let numbers: Vec<String> = (0..200_000).map(|n| (n % 100_000).to_string()).collect();
    let long = numbers.join(";");
    let mut out = Elements::new();
    split(&long, None, |_| true, &mut out).expect("a list");
    assert_eq!(out.len(), 100_000);
}

#[test]
fn styles_are_remembered() {
    let mut met = ListStyles::default();
    met.insert(ListStyle::Pipe);
    met.insert(ListStyle::Semicolon);
    let all: Vec<_> = met.iter().filter_map(ListStyle::shown).collect();
    assert_eq!(all, [";", "|"]);
}

proptest! {
    #[test]
    fn any_cell_is_read(cell in "([\\[\\]'\",;|u\\\\ab ]|None|\n){0,30}") {
        let mut out = Elements::new();
        if split(&cell, None, |name| name == "a", &mut out).is_ok() {
            prop_assert!(out.iter().all(|element| !element.is_empty() && element.trim() == element));
        }
    }
}
