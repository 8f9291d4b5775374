//! The file of a plan: whole, bounded, and not to be edited.

use super::*;

fn plan() -> Plan {
    Plan {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        created: "2026-11-21T00:00:00Z".to_owned(),
        day: "2026-11-21".to_owned(),
        org: Some("00D7R000000FqP2UAK".to_owned()),
        pulled_at: None,
        verdict: Verdict {
            exit_code: 0,
            reason: "sfcompat: exit 0: no findings (fails on: error)".to_owned(),
            rows: 1,
            errors: 0,
            warnings: 0,
            notices: 0,
            waived: 0,
            baselined: 0,
        },
        files: Vec::new(),
        facts: vec![Fact {
            kind: "profile".to_owned(),
            id: "00e7R000001abcdQAA".to_owned(),
            name: "Sales".to_owned(),
            parts: [("license".to_owned(), Some("Salesforce".to_owned()))].into(),
        }],
        seats: Vec::new(),
        waivers: Vec::new(),
        people: People::default(),
        settings: None,
        required: None,
        many_contacts: Vec::new(),
        more_contacts: false,
    }
}

fn parse(text: &str) -> Result<Plan, Error> {
    Plan::parse(text.as_bytes(), Path::new("plan.json"))
}

fn text() -> String {
    String::from_utf8(plan().sealed()).expect("text")
}

#[test]
fn a_plan_comes_back() {
    assert_eq!(parse(&text()).expect("a plan"), plan());
    // Other white space is the same plan.
    let compact: serde_json::Value = serde_json::from_str(&text()).expect("JSON");
    assert_eq!(parse(&compact.to_string()).expect("a plan"), plan());
}

#[test]
fn an_edited_plan_is_refused() {
    for (from, to) in [
        ("\"exit_code\": 0", "\"exit_code\": 1"),
        ("\"name\": \"Sales\"", "\"name\": \"Sale\""),
        ("\"license\": \"Salesforce\"", "\"license\": null"),
        ("\"day\": \"2026-11-21\"", "\"day\": \"2027-11-21\""),
    ] {
        let edited = text().replacen(from, to, 1);
        assert_ne!(edited, text(), "{from}");
        assert!(matches!(parse(&edited), Err(Error::Edited(_))), "{from}");
    }
}

#[test]
fn what_is_no_plan_is_refused() {
    let cases = [
        String::new(),
        "{}".to_owned(),
        "[]".to_owned(),
        text().replace(SCHEMA, "sfcompat-plan/9"),
        text().replacen("\"org\"", "\"orgs\"", 1),
        text().replacen('{', "{\"more\":1,", 1),
        text().chars().take(200).collect(),
    ];
    for text in cases {
        assert!(
            matches!(parse(&text), Err(Error::Malformed { .. })),
            "{text}"
        );
    }
}
