use super::*;
use crate::check::Selection;
use jiff::civil::date;

mod files;

const FILE: &str = "conf/sfcompat.toml";

/// Every key that the contract names, and one of each open section.
const EVERYTHING: &str = include_str!("everything.toml");

fn parse(text: &str) -> Config {
    Config::parse(text, Path::new(FILE)).unwrap_or_else(|error| panic!("{:#?}", error.lines()))
}

fn problems(text: &str) -> Vec<String> {
    match Config::parse(text, Path::new(FILE)) {
        Err(Error::Invalid { problems, .. }) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn number(rule: &str) -> usize {
    RULES
        .iter()
        .position(|known| known.name == rule)
        .expect("a rule")
}

#[test]
fn every_key_is_accepted_and_arrives() {
    let config = parse(EVERYTHING);
    for key in KEYS {
        assert!(
            config
                .given
                .iter()
                .any(|given| given.section == key.section && given.key == key.name),
            "{} of [{}] is not in the text",
            key.name,
            key.section
        );
    }
    // Three headers and two severities more.
    assert_eq!(config.given.len(), KEYS.len() + 5);
    let expected = Config {
        file: Some(PathBuf::from(FILE)),
        metadata: Some(PathBuf::from("conf/force-app")),
        snapshot: Some(PathBuf::from("conf/org")),
        list_separator: Some(String::from("/")),
        delimiter: Some(b'\t'),
        encoding: Some(String::from("windows-1252")),
        columns: [
            ("Division", "Where"),
            ("Shoe_Size__c", "Size"),
            ("profile", "SF Profile"),
        ]
        .map(|(column, header)| (column.to_owned(), header.to_owned()))
        .to_vec(),
        fail_on: Some(FailOn::From(Severity::Warning)),
        max_age: Some(SignedDuration::from_hours(24)),
        expiring_within: Some(14),
        permission_sets: Some(ListMeaning::Add),
        null_values: Some(NullMeaning::Pushed),
        mass_share: Some(20.0),
        mass_users: Some(5),
        threads: Some(3),
        severity: vec![
            (number("profile-missing"), Level::Is(Severity::Notice)),
            (number("role-mixed-dml"), Level::Off),
        ],
        okta_schema: Some(PathBuf::from("conf/okta/schema.json")),
        baseline: Some(PathBuf::from("conf/sfcompat.baseline.jsonl")),
        waivers: Some(PathBuf::from("conf/sfcompat.waivers.toml")),
        waiver_policy: Policy {
            max_days: Some(180),
            require: ["reason", "owner", "expires"].map(String::from).into(),
        },
        integration_user: Some(String::from("okta@acme.example")),
        email_domains: vec![String::from("acme.example")],
        default_lead_creator: Some(String::from("lead@acme.example")),
        default_case_owner: Some(String::from("case@acme.example")),
        default_workflow_user: None,
        portal_administrators: vec![
            String::from("a@acme.example"),
            String::from("b@acme.example"),
        ],
        organization_id: Some(String::from("00D000000000001")),
        portal_id: None,
        account_id: Some(String::from("001000000000001")),
        contactless_users: Some(false),
        okta_app: Some(PathBuf::from("conf/okta/app.json")),
        okta_groups: Some(PathBuf::from("conf/okta/groups.json")),
        reserve: vec![(String::from("SFDC"), 5)],
        totals: vec![(String::from("MarketingUser"), 20)],
        sensitive_permissions: vec![String::from("ModifyAllData"), String::from("ViewAllData")],
        redact_key: None,
        import_map: vec![(String::from("TimeZoneSidKey"), String::from("timezone"))],
        raw: config.raw.clone(),
        given: config.given.clone(),
    };
    assert_eq!(config, expected);
}

#[test]
fn what_is_written_is_kept() {
    let config = parse(EVERYTHING);
    let raw = &config.raw;
    assert_eq!(
        raw.waivers.file.as_deref(),
        Some("conf/sfcompat.waivers.toml")
    );
}

#[test]
fn no_key_takes_a_value_of_another_type() {
    for key in KEYS {
        let text = format!("[{}]\n{} = 2026-01-01\n", key.section, key.name);
        let found = problems(&text);
        assert_eq!(found.len(), 1, "{found:?}");
        let place = format!("2:{}: {}: a date where ", key.name.len() + 4, key.name);
        assert!(found[0].starts_with(&place), "{found:?}");
    }
}

#[test]
fn the_table_tells_the_defaults_of_a_run() {
    let text: String = KEYS
        .iter()
        .filter_map(|key| Some(format!("{}.{} = {}\n", key.section, key.name, key.default?)))
        .collect();
    let config = parse(&text);
    let plain = Options::new(date(2026, 11, 21));
    let mut options = plain.clone();
    config.apply(&mut options);
    // Who writes a default down has said it.
    assert!(options.run.nulls_said);
    options.run.nulls_said = false;
    assert_eq!(format!("{options:?}"), format!("{plain:?}"));
    assert_eq!(config.fail_on, Some(FailOn::From(Severity::Error)));
}

#[test]
fn values_reach_the_options_of_a_run() {
    let mut options = Options::new(date(2026, 11, 21));
    options.selection = Selection {
        ignore: vec![String::from("email-domain")],
        ..Selection::default()
    };
    parse(EVERYTHING).apply(&mut options);
    assert!(!options.selection.runs(number("role-mixed-dml")));
    assert!(options.selection.runs(number("profile-missing")));
    assert!(!options.selection.runs(number("email-domain")));
    assert_eq!(options.run.expiring_within, 14);
    assert_eq!(options.run.lists, ListMeaning::Add);
    assert_eq!(options.run.nulls, NullMeaning::Pushed);
    assert_eq!(options.run.account_id.as_deref(), Some("001000000000001"));
    assert_eq!(options.run.reserve, [(String::from("SFDC"), 5)]);
    assert_eq!(options.run.totals, [(String::from("MarketingUser"), 20)]);
    assert_eq!(
        options.integration_user.as_deref(),
        Some("okta@acme.example")
    );
    assert_eq!(options.columns.len(), 3);
    assert_eq!(
        (options.threads, options.delimiter, options.list_separator),
        (3, Some(b'\t'), Some(String::from("/")))
    );
}

#[test]
fn all_problems_are_told_at_once_with_their_places() {
    let text = r#"fail_on = "error"
[chek]
x = 1
[check]
fail-on = "error"
fail_on = "eror"
threads = "2"
max_age = "soon"
[severity]
role-mixed-dmll = "off"
profile-missing = "of"
[columns]
pofile = "X"
delimiter = "ab"
role = ""
encoding = "latin-none"
[org]
email_domains = ["ä.example", 3, ""]
redact_key = ""
[seats]
reserve = { SFDC = "x", Y = -1 }
"#;
    assert_eq!(
        problems(text),
        [
            "1:1: unknown key 'fail_on' outside all sections (nearest: fail_on in [check])",
            "2:2: unknown section [chek] (nearest: check)",
            "5:1: unknown key 'fail-on' in [check] (nearest: fail_on)",
            "6:11: fail_on: 'eror' is not one of error, warning, notice, never (nearest: error)",
            "7:11: threads: a text where a whole number is expected",
            "8:11: max_age: 'soon' is no age such as 24h, 7d or PT36H",
            "10:1: there is no rule 'role-mixed-dmll' (nearest: role-mixed-dml)",
            "11:19: profile-missing: 'of' is not one of error, warning, notice, off (nearest: off)",
            "13:1: unknown key 'pofile' in [columns] (nearest: profile)",
            r#"14:13: delimiter: 'ab' is no delimiter: one character such as ",", ";", "|" or "\t""#,
            "15:8: role: an empty text is no header",
            "16:12: encoding: 'latin-none' is no encoding of the WHATWG standard, such as utf-8, windows-1252 or utf-16le",
            "18:31: email_domains: a whole number in a list of texts",
            "18:34: email_domains: an empty text in the list",
            "19:1: unknown key 'redact_key' in [org] (nearest: redact_key in [audit])",
            "21:20: reserve.SFDC: a text where a whole number is expected",
            "21:29: reserve.Y: -1 is less than 0",
        ]
    );
}

#[test]
fn what_is_no_toml_is_told_with_everything_else() {
    let found = problems("[check]\nfail_on = \nthreads = -1\n[org\nx = 1\n[check]\n");
    assert!(found[0].starts_with("2:11: "), "{found:?}");
    assert!(
        found.contains(&String::from("3:11: threads: -1 is less than 0")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|problem| problem.starts_with("4:")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|problem| problem.starts_with("6:")),
        "a section twice: {found:?}"
    );
}

#[test]
fn nothing_of_the_file_commands_the_terminal() {
    let found =
        problems("[check]\n\"\\u001b[31m\" = 1\nfail_on = \"\\u001b]0;x\\u0007\"\n[\"\\u001b\"]\n");
    assert_eq!(found.len(), 3);
    assert!(
        found
            .iter()
            .all(|problem| !problem.chars().any(char::is_control)),
        "{found:?}"
    );
}

#[test]
fn texts_that_say_nothing_are_not_given() {
    let config = parse(
        "[source]\nsnapshot = \"\"\n[org]\ndefault_lead_creator = \" \"\naccount_id = \"\"\nemail_domains = []\n[integration_user]\nusername = \"\"\n",
    );
    assert_eq!(
        Config {
            file: None,
            raw: Raw::default(),
            given: Vec::new(),
            ..config
        },
        Config::default()
    );
}

#[test]
fn a_byte_order_mark_is_no_character_of_the_first_line() {
    assert_eq!(
        problems("\u{feff}x = 1\r\n[y]\r\n"),
        [
            "1:1: unknown key 'x' outside all sections",
            "2:2: unknown section [y]"
        ]
    );
    assert_eq!(parse("\u{feff}[check]\r\nthreads = 2\r\n").threads, Some(2));
}

#[test]
fn amounts_have_units() {
    assert_eq!(amount::days("30d"), Ok(30));
    assert_eq!(amount::days("P1W"), Ok(7));
    for wrong in ["30", "12h", "1mo", "-1d", ""] {
        assert!(amount::days(wrong).is_err(), "{wrong}");
    }
    assert_eq!(share("12.5 %"), Ok(12.5));
    for wrong in ["20", "-1%", "101%", "NaN%", "%"] {
        assert!(share(wrong).is_err(), "{wrong}");
    }
    for wrong in ["", ",,", "\"", "\n", "ä", "a"] {
        assert!(amount::delimiter(wrong).is_err(), "{wrong:?}");
    }
    assert_eq!(age("P1DT1H"), Ok(SignedDuration::from_hours(25)));
}
