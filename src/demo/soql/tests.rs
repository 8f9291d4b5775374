//! The grammar, and what is said where it ends.

use super::{Condition, Item, Literal, Operator, Query, drawn, parse};
use proptest::prelude::*;

fn good(soql: &str) -> Query {
    parse(soql).unwrap_or_else(|fault| panic!("{soql}: {fault:?}"))
}

fn bad(soql: &str) -> String {
    let fault = parse(soql).expect_err(soql);
    match fault.at {
        Some(at) => format!("{at}: {}", fault.message),
        None => fault.message,
    }
}

#[test]
fn a_query_of_all_clauses_is_read() {
    let query = good(
        "select Id, Profile.UserLicense.Name from User where (IsActive = true and Name like 'A%') or Id in ('005000000000001', null) order by Id desc nulls last, Name limit 10 offset 3",
    );
    assert_eq!(query.select.len(), 2);
    assert!(
        matches!(&query.select[1], Item::Field(path) if path.text() == "Profile.UserLicense.Name")
    );
    assert_eq!(query.from.text, "User");
    let Some(Condition::Or(any)) = &query.filter else {
        panic!("no OR: {:?}", query.filter);
    };
    assert!(matches!(&any[0], Condition::And(all) if all.len() == 2));
    assert!(
        matches!(&any[1], Condition::In { not: false, values, .. } if values[1] == Literal::Null)
    );
    assert!(query.order[0].descending && query.order[0].nulls_last == Some(true));
    assert_eq!((query.limit, query.offset), (Some(10), Some(3)));
}

#[test]
fn literals_are_told_apart() {
    let query = good(
        r"SELECT Id FROM User WHERE A = 'it\'s' AND B >= 2026-11-21T10:00:00Z AND C < 2026-11-21 AND D != -1.5 AND E = null AND F = FALSE AND G NOT IN ('x')",
    );
    let Some(Condition::And(all)) = query.filter else {
        panic!("no AND");
    };
    let values: Vec<&Literal> = all
        .iter()
        .filter_map(|one| match one {
            Condition::Compare { value, .. } => Some(value),
            _ => None,
        })
        .collect();
    assert_eq!(values[0], &Literal::Text("it's".to_owned()));
    assert_eq!(
        values[1],
        &Literal::DateTime("2026-11-21T10:00:00Z".to_owned())
    );
    assert_eq!(values[2], &Literal::Date("2026-11-21".to_owned()));
    assert_eq!(values[3], &Literal::Number(-1.5));
    assert_eq!(values[4], &Literal::Null);
    assert_eq!(values[5], &Literal::Boolean(false));
    assert!(matches!(&all[6], Condition::In { not: true, .. }));
}

#[test]
fn functions_and_groups_are_read() {
    assert_eq!(good("SELECT COUNT() FROM User").select, [Item::CountAll]);
    let query = good("SELECT Type, COUNT(Id) n, MAX(SystemModstamp) FROM Group GROUP BY Type");
    assert!(matches!(&query.select[1], Item::Aggregate { alias: Some(alias), .. } if alias == "n"));
    assert!(matches!(
        &query.select[2],
        Item::Aggregate { alias: None, .. }
    ));
    assert_eq!(query.group.len(), 1);
    assert!(matches!(
        good("SELECT FIELDS(ALL) FROM User LIMIT 5").select[0],
        Item::Fields { .. }
    ));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    assert_eq!(bad("SELECT Id FRM User"), "10: unexpected token: 'FRM'");
    assert_eq!(bad("SELECT FROM User"), "7: unexpected token: 'FROM'");
    assert_eq!(bad("SELECT Id FROM"), "14: unexpected token: '<EOF>'");
    assert_eq!(bad("SELECT Id, FROM User"), "11: unexpected token: 'FROM'");
    assert_eq!(
        bad("SELECT Id FROM User WHERE Id = 'x"),
        "31: unexpected token: '''"
    );
    assert_eq!(
        bad("SELECT Id FROM User WHERE (Id = 'x'"),
        "35: expecting ')', found '<EOF>'"
    );
    assert_eq!(
        bad("SELECT Id FROM User WHERE A = 1 AND B = 2 OR C = 3"),
        "42: unexpected token: 'OR'"
    );
    assert_eq!(
        bad("SELECT Id FROM User; DROP"),
        "19: unexpected token: ';'"
    );
    assert_eq!(
        bad("SELECT Id FROM User LIMIT many"),
        "26: unexpected token: 'many'"
    );
    assert_eq!(bad(""), "0: unexpected token: '<EOF>'");
}

#[test]
fn what_salesforce_has_and_this_org_has_not_is_said_as_such() {
    for (soql, what) in [
        (
            "SELECT (SELECT Id FROM Contacts) FROM Account",
            "a subquery",
        ),
        (
            "SELECT Id FROM User WHERE CreatedDate = TODAY",
            "the date literal TODAY",
        ),
        (
            "SELECT Id FROM User WHERE Id IN (SELECT AssigneeId FROM PermissionSetAssignment)",
            "a semi-join",
        ),
        (
            "SELECT Id FROM User WITH SECURITY_ENFORCED",
            "the clause WITH",
        ),
        ("SELECT AVG(Amount) FROM Opportunity", "the function AVG()"),
        (
            "SELECT A.B.C.D FROM User",
            "a path over more than 2 relationships ('A.B.C.D')",
        ),
        ("SELECT TYPEOF What FROM Event", "TYPEOF"),
        ("SELECT Id FROM User WHERE Name = :name", "a bind variable"),
        ("SELECT Id FROM A WHERE B INCLUDES ('x')", "INCLUDES"),
    ] {
        let said = bad(soql);
        let expected = format!("{what} is not understood by this test org");
        assert!(said.ends_with(&expected), "{soql}: {said}");
    }
}

#[test]
fn an_error_is_drawn_as_salesforce_draws_it() {
    // The form of a recorded answer of a real org.
    assert_eq!(
        drawn(
            "select count() from XYZZY",
            20,
            "sObject type 'XYZZY' is not supported."
        ),
        "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported."
    );
    assert_eq!(
        drawn("SELECT Id\nFROM X", 15, "m"),
        "\nFROM X\n     ^\nERROR at Row:2:Column:6\nm"
    );
}

#[test]
fn brackets_do_not_exhaust_the_stack() {
    let deep = format!(
        "SELECT Id FROM User WHERE {}Id = null{}",
        "(".repeat(9000),
        ")".repeat(9000)
    );
    assert!(bad(&deep).contains("brackets"));
    assert!(matches!(
        good("SELECT Id FROM User WHERE NOT NOT Id != null").filter,
        Some(Condition::Compare {
            operator: Operator::NotEqual,
            ..
        })
    ));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        if let Err(fault) = parse(&text)
            && let Some(at) = fault.at
        {
            drawn(&text, at, &fault.message);
        }
    }

    #[test]
    fn no_sequence_of_tokens_makes_the_parser_panic(
        tokens in proptest::collection::vec(
            prop_oneof![
                Just("SELECT"), Just("Id"), Just(","), Just("FROM"), Just("User"), Just("WHERE"), Just("("), Just(")"), Just("="),
                Just("'x'"), Just("IN"), Just("NOT"), Just("AND"), Just("OR"), Just("ORDER BY"), Just("LIMIT"), Just("1"), Just("COUNT()"),
                Just("GROUP BY"), Just("2026-01-01"), Just("null"), Just("LIKE"), Just("'"), Just("é"), Just("\n"),
            ],
            0..20,
        )
    ) {
        let text = tokens.join(" ");
        if let Err(fault) = parse(&text) {
            prop_assert!(!fault.message.is_empty());
            if let Some(at) = fault.at {
                prop_assert!(at <= text.len());
                drawn(&text, at, &fault.message);
            }
        }
    }
}
