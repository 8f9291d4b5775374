//! Entries, good and bad, and changes of the file.

use super::*;

const GOOD: &str = r#"# Waivers of Acme. Ask iam-team before you touch this.

# the portal goes in January
[[waiver]]
rule = "permission-set-needs-psl"
match = { user = "svc-*@example.com", value = "CPQ_Admin" }  # one selector is enough
reason = "PSL ordered, PO 4711"
owner = "iam-team@example.com"
ticket = "CHG0031337"
created = 2026-11-01
expires = 2026-12-31        # inclusive

[[waiver]]
rule = "license-seats"
match = { license = "Salesforce" }
reason = "order placed"
owner = "iam-team@example.com"
expires = "2026-11-20"
"#;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn read(text: &str, policy: &Policy, today: &str) -> Waivers {
    Waivers::parse(text, Path::new(FILE), policy, day(today)).expect("TOML")
}

#[test]
fn the_last_day_counts() {
    let on = |today| read(GOOD, &Policy::default(), today).active.len();
    assert_eq!(
        (on("2026-11-20"), on("2026-11-21"), on("2026-12-31")),
        (2, 1, 1)
    );
    assert_eq!(on("2027-01-01"), 0);
    let all = read(GOOD, &Policy::default(), "2026-11-21");
    assert!(all.entries.iter().all(|entry| entry.problems.is_empty()));
    assert!(all.entries[1].has_ended(day("2026-11-21")));
    assert_eq!(all.entries[0].days_left(day("2026-11-21")), Some(40));
    assert_eq!((all.entries[0].line, all.entries[1].line), (4, 13));
    assert_eq!(
        all.entries[0].label(),
        "permission-set-needs-psl {user=svc-*@example.com, value=CPQ_Admin}"
    );
}

/// The keys of one entry, and the one thing that is wrong.
#[expect(clippy::too_many_lines, reason = "one table")]
#[test]
fn what_is_wrong_with_an_entry() {
    let whole =
        "rule='license-seats'\nmatch={license='S'}\nreason='r'\nowner='o'\nexpires=2026-12-01\n";
    let with = |change: &str| format!("[[waiver]]\n{whole}{change}");
    let without = |key: &str| {
        let lines = whole.lines().filter(|line| !line.starts_with(key));
        format!("[[waiver]]\n{}", lines.collect::<Vec<_>>().join("\n"))
    };
    let instead = |key: &str, line: &str| format!("{}\n{line}", without(key));
    let cases = [
        (without("rule"), "it has no 'rule'"),
        (without("match"), "it can match everything"),
        (without("reason"), "it has no 'reason'"),
        (without("owner"), "it has no 'owner'"),
        (without("expires"), "it has no 'expires'"),
        (with("until = 1"), "unknown key 'until'"),
        (with("tickt = 'x'"), "unknown key 'tickt' (nearest: ticket)"),
        (with("ticket = 7"), "'ticket' is no text"),
        (
            with("created = 2026-11-22"),
            "it was created on 2026-11-22, which is not yet",
        ),
        (
            instead("expires", "expires = 'soon'"),
            "'expires' is no date such as 2026-12-31: 'soon'",
        ),
        (
            instead("expires", "expires = 2026-12-01T00:00:00Z"),
            "'expires' is no date",
        ),
        (
            instead("expires", "expires = 20261201"),
            "'expires' is no date",
        ),
        (
            instead("expires", "expires = '2026-02-30'"),
            "'expires' is no date",
        ),
        (
            instead("rule", "rule = 'licence-seats'"),
            "there is no rule 'licence-seats' (nearest: license-seats",
        ),
        (instead("rule", "rule = '*'"), "there is no rule '*'"),
        (
            instead("rule", "rule = 'waiver-expired'"),
            "no waiver covers that",
        ),
        (
            instead("rule", "rule = 'snapshot-stale'"),
            "no waiver covers that",
        ),
        (instead("match", "match = {}"), "it can match everything"),
        (
            instead("match", "match = { user = '*' }"),
            "it can match everything",
        ),
        (
            instead("match", "match = 'x'"),
            "'match' is a table of selectors",
        ),
        (
            instead("match", "match = { usr = 'x', value = 'y' }"),
            "unknown selector 'usr' (nearest: user)",
        ),
        (
            instead("match", "match = { user = '', value = 'y' }"),
            "the selector 'user': an empty text",
        ),
        (
            instead("match", "match = { user = 3, value = 'y' }"),
            "the selector 'user' is no text",
        ),
        (instead("owner", "owner = '  '"), "it has no 'owner'"),
    ];
    for (text, problem) in cases {
        let read = read(&text, &Policy::default(), "2026-11-21");
        assert_eq!((read.entries.len(), read.active.len()), (1, 0), "{text}");
        let problems = &read.entries[0].problems;
        assert!(
            problems.len() == 1 && problems[0].contains(problem),
            "{text}: {problems:?}"
        );
    }
    assert_eq!(
        read(&with(""), &Policy::default(), "2026-11-21")
            .active
            .len(),
        1
    );
}

#[test]
fn the_policy_holds() {
    let policy = |max_days, require: &[&str]| Policy {
        max_days,
        require: require.iter().map(ToString::to_string).collect(),
    };
    let problems = |policy: &Policy, today: &str| {
        let read = read(GOOD, policy, today);
        read.entries
            .into_iter()
            .map(|entry| entry.problems)
            .collect::<Vec<_>>()
    };
    let nothing = [Vec::<String>::new(), Vec::new()];
    assert_eq!(problems(&policy(Some(60), &[]), "2026-11-10"), nothing);
    let long = problems(&policy(Some(59), &[]), "2026-11-10");
    assert!(
        long[0][0].contains("60 days after it was created; at most 59"),
        "{long:?}"
    );
    let late = problems(&policy(Some(5), &["reason"]), "2026-11-10");
    assert!(late[1][0].contains("10 days after this run"), "{late:?}");
    let ticket = problems(&policy(None, &["ticket", "created"]), "2026-11-10");
    assert_eq!(ticket[0], nothing[0]);
    assert_eq!(ticket[1], ["it has no 'ticket'", "it has no 'created'"]);
    let endless = "[[waiver]]\nrule='license-seats'\nmatch={license='S'}\n";
    let of = |policy: &Policy| {
        read(endless, policy, "2026-11-21").entries[0]
            .problems
            .clone()
    };
    assert!(of(&policy(Some(90), &[]))[0].contains("it has no end"));
    assert!(of(&policy(None, &[])).is_empty());
}

#[test]
fn what_is_no_entry_is_not_passed_over() {
    let read = |text: &str| read(text, &Policy::default(), "2026-11-21");
    assert!(
        read("[[waivers]]\nrule = 'x'\n").strange[0]
            .1
            .contains("unknown key 'waivers' (nearest: waiver)")
    );
    assert!(
        read("[waiver]\nrule = 'x'\n").strange[0]
            .1
            .contains("write [[waiver]]")
    );
    assert_eq!(read("waiver = [3]\n").entries[0].problems.len(), 1);
    assert!(read("").entries.is_empty() && read("\u{feff}# nothing\n").strange.is_empty());
    for broken in [
        "[[waiver]\n",
        "rule",
        "a = 1\na = 2\n",
        "[[waiver]]\nrule = \"x\n",
        "\0",
    ] {
        let parsed = Waivers::parse(
            broken,
            Path::new(FILE),
            &Policy::default(),
            day("2026-11-21"),
        );
        assert!(matches!(parsed, Err(Error::NotToml { .. })), "{broken:?}");
    }
}

#[test]
fn changes_keep_comments() {
    let draft = Draft {
        rule: "psl-seats".into(),
        selectors: vec![
            ("value".into(), "a\"b".into()),
            ("user".into(), "x*".into()),
        ],
        reason: Some("why".into()),
        owner: Some("me".into()),
        ticket: None,
        expires: Some(day("2027-01-31")),
    };
    let today = day("2026-11-21");
    let more = add(GOOD, &draft, today).expect("TOML");
    assert!(more.starts_with(GOOD), "{more}");
    let added = more.get(GOOD.len()..).expect("an end");
    assert_eq!(
        added,
        "\n[[waiver]]\nrule = \"psl-seats\"\nmatch = { user = \"x*\", value = 'a\"b' }\nreason = \"why\"\nowner = \"me\"\ncreated = 2026-11-21\nexpires = 2027-01-31\n"
    );
    assert_eq!(add("", &draft, today).expect("TOML"), added.trim_start());
    for head in ["# head\n", "# head"] {
        let text = add(head, &draft, today).expect("TOML");
        assert!(text.starts_with("# head\n\n[[waiver]]\n"), "{text}");
    }
    let comment = format!("{GOOD}# the end\n");
    let text = add(&comment, &draft, today).expect("TOML");
    assert!(text.starts_with(&comment), "{text}");
    assert!(
        text.contains("# the end\n\n[[waiver]]\nrule = \"psl"),
        "{text}"
    );
    assert!(matches!(
        add("waiver = []\n", &draft, today),
        Err(Error::NotTables)
    ));

    let longer = renew(GOOD, 1, day("2027-02-01"), None, today).expect("TOML");
    let expected = GOOD
        .replace("created = 2026-11-01", "created = 2026-11-21")
        .replace("expires = 2026-12-31 ", "expires = 2027-02-01 ");
    assert_eq!(longer, expected);
    for number in [0, 3] {
        let refused = renew(GOOD, number, today, None, today);
        assert!(matches!(refused, Err(Error::NoSuch { count: 2, .. })));
    }

    let second = prune(GOOD, &[2].into()).expect("TOML");
    assert_eq!(
        second,
        GOOD.split("\n[[waiver]]\nrule = \"license-seats\"")
            .next()
            .expect("a part")
    );
    let first = prune(GOOD, &[1].into()).expect("TOML");
    assert!(first.starts_with("# Waivers of Acme"), "{first}");
    assert!(
        !first.contains("January") && first.contains("license-seats"),
        "{first}"
    );
    let none = prune(GOOD, &[1, 2].into()).expect("TOML");
    assert_eq!(
        none.trim(),
        "# Waivers of Acme. Ask iam-team before you touch this."
    );
    assert_eq!(prune(GOOD, &BTreeSet::new()).expect("TOML"), GOOD);
}

use std::collections::BTreeSet;
