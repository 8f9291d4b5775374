//! What must hold for explanations, whatever pattern is corrected next.

use super::matcher::{Captures, Matcher};
use super::normal::normalized;
use super::{Answer, Message, explain, read_text};
use crate::knowledge::{PatternKind, shipped};
use proptest::prelude::*;

fn of(text: &str) -> Vec<Answer> {
    explain(&Message::of_text(1, text))
}

/// The rule of a text with a single answer; `-` where no rule stands for it, `?` where it is unknown.
fn rule(text: &str) -> String {
    let answers = of(text);
    assert_eq!(answers.len(), 1, "{text}: {answers:?}");
    let answer = answers.first().expect("one");
    match (&answer.rule, answer.is_known()) {
        (Some(rule), _) => rule.clone(),
        (None, true) => "-".into(),
        (None, false) => "?".into(),
    }
}

fn capture(text: &str, name: &str) -> Option<String> {
    of(text).first()?.captures.get(name).cloned()
}

#[test]
fn every_pattern_recognizes_its_own_example_before_any_other() {
    let matcher = Matcher::shipped();
    for pattern in shipped().error_patterns() {
        let example = normalized(pattern.example);
        match pattern.kind {
            PatternKind::Envelope => {
                let rest = matcher.unwrapped(&example, &mut Captures::new(), &mut Vec::new());
                assert!(rest.len() < example.len(), "{}", pattern.pattern);
                assert!(
                    pattern.regex().expect("compiles").is_match(&example),
                    "{}",
                    pattern.pattern
                );
            }
            PatternKind::Prefer => {
                assert!(pattern.regex().expect("compiles").is_match(pattern.example));
            }
            PatternKind::Text | PatternKind::Code => {
                let answers = of(pattern.example);
                let answer = answers.first().expect("an answer");
                assert_eq!(answers.len(), 1, "{}: {answers:?}", pattern.pattern);
                assert_eq!(
                    (answer.cause.as_str(), answer.fix.as_str()),
                    (pattern.cause, pattern.fix),
                    "{}",
                    pattern.pattern
                );
                let mut named: Vec<&str> = answer.rules().collect();
                let mut wanted = pattern.rules.clone();
                named.sort_unstable();
                wanted.sort_unstable();
                wanted.dedup();
                assert_eq!(named, wanted, "{}", pattern.pattern);
            }
        }
    }
}

#[test]
fn one_sentence_in_many_clothes() {
    const RULE: &str = "license-transition-required-permission";
    let sentence = "User's Profile can't be set to 'Field Guest' because it's derived from a license that doesn't require the following permission(s): ChatterInternalUser. Select a different profile.";
    let curly = sentence.replace('\'', "’");
    let low = sentence.replace("'Field Guest'", "„Field Guest“");
    let html = sentence.replace('\'', "&#39;");
    let escaped = sentence.replace('\'', "\\u0027");
    let doubled = sentence.replace('\'', "''");
    let angled = sentence.replace("'Field Guest'", "«Field Guest»");
    for text in [sentence, &curly, &low, &html, &escaped, &doubled, &angled] {
        for wrapped in [
            text.to_owned(),
            format!(
                "Automatic profile push of user A to app B Minor to app Salesforce.com failed: {text}"
            ),
            format!(
                "Automatic profile push of user Ann to app SF failed: Error while trying to push profile update for ann@acme.example: {text}"
            ),
            format!("Push user's profile to external application FAILURE: {text}"),
            format!("FIELD_INTEGRITY_EXCEPTION: {text}: [ProfileId]"),
            format!("Bad Request. Errors reported by remote server: {text}"),
            format!(
                "Update failed. First exception on row 0 with id 005000000000001; first error: FIELD_INTEGRITY_EXCEPTION, {text}: [ProfileId]"
            ),
        ] {
            assert_eq!(rule(&wrapped), RULE, "{wrapped}");
        }
    }
    assert_eq!(rule(&sentence.to_uppercase()), RULE);
    for end in [40, 60, 80, 120, 150] {
        let cut = format!("{}...", &sentence[..end]);
        assert_eq!(rule(&cut), RULE, "{cut}");
    }
    assert_eq!(capture(&low, "profile").as_deref(), Some("Field Guest"));
    assert_eq!(
        capture(&curly, "perms").as_deref(),
        Some("ChatterInternalUser")
    );
}

#[test]
fn what_stands_beside_a_text_puts_candidates_in_order() {
    let limit = "failed: License Limit Exceeded.";
    assert_eq!(
        rule(&format!(
            "Automatic provisioning of user Bo to app SF {limit}"
        )),
        "license-seats"
    );
    assert_eq!(
        rule(&format!(
            "Automatic reactivation of user Bo to app SF {limit}"
        )),
        "reactivation-seats"
    );
    assert_eq!(
        rule("Required fields are missing: [ProfileId]"),
        "profile-missing"
    );
    assert_eq!(
        rule("Required fields are missing: [LastName, ProfileId]: [LastName, ProfileId]"),
        "required-field-missing"
    );
    assert_eq!(
        rule("REQUIRED_FIELD_MISSING:Required fields are missing: [Badge__c]:Badge__c --"),
        "custom-required-field"
    );
    assert_eq!(
        rule("INVALID_CROSS_REFERENCE_KEY, invalid cross reference id: [ManagerId]"),
        "manager-not-found"
    );
    assert_eq!(
        rule("INVALID_CROSS_REFERENCE_KEY, invalid cross reference id: [UserRoleId]"),
        "role-not-found"
    );
    assert_eq!(
        rule(
            "DUPLICATE_VALUE: duplicate value found: ContactId duplicates value on record with id: 005000000000001"
        ),
        "contact-taken"
    );
    assert_eq!(
        rule("duplicate value found: <unknown> duplicates value on record with id: <unknown>"),
        "custom-required-field"
    );
    // The words count before the code.
    assert_eq!(
        rule("INVALID_CROSS_REFERENCE_KEY: Cannot create a portal user without contact"),
        "contact-missing"
    );
    assert_eq!(
        rule("LICENSE_LIMIT_EXCEEDED: No more available licenses for this permission set"),
        "psl-seats"
    );
    assert_eq!(
        rule("UNKNOWN_EXCEPTION, portal account owner must have a role: []"),
        "account-owner-without-role"
    );
}

#[test]
fn a_trigger_that_threw_is_meant_as_well() {
    let text = "UserGuard: execution of BeforeUpdate caused by: System.DmlException: Update failed. First exception on row 0 with id 005000000000001; first error: FIELD_INTEGRITY_EXCEPTION, role type must match user type: []";
    let answers = of(text);
    let rules: Vec<&str> = answers.iter().flat_map(Answer::rules).collect();
    assert_eq!(rules.first(), Some(&"role-type-mismatch"));
    assert!(rules.contains(&"custom-validation"), "{rules:?}");
    assert_eq!(
        rule("UserGuard: execution of BeforeUpdate caused by: nobody may do this"),
        "custom-validation"
    );
}

#[test]
fn a_text_that_was_cut_is_still_recognized() {
    for (text, wanted) in [
        ("Username must be in the form of an em", "username-format"),
        ("The credentials used to con...", "api-user-inactive"),
        (
            "Automatic provisioning of user Bo to app SF failed: License Limit Exc…",
            "license-seats",
        ),
        (
            "Can't assign permission set Field Desk to user ann@acme.example. The user lic...",
            "permission-set-permission-not-allowed",
        ),
        (
            "You can only assign profiles that are compat",
            "license-transition-user-type",
        ),
        (
            "[{\"message\":\"portal account owner must have a ro",
            "account-owner-without-role",
        ),
        (
            "Marketing User is not allowed for this Lic",
            "feature-license-not-allowed",
        ),
    ] {
        assert_eq!(rule(text), wanted, "{text}");
    }
}

#[test]
fn captures_are_what_the_text_names() {
    let set = "Can't assign permission set “Quote Desk” to user ann@acme.example. The user license doesn’t allow the permission: View All Case: []";
    assert_eq!(capture(set, "permset").as_deref(), Some("Quote Desk"));
    assert_eq!(capture(set, "perm").as_deref(), Some("View All Case"));
    assert_eq!(of(set).first().expect("one").affected, ["ann@acme.example"]);
    let task = "Automatic profile push of user Kim O'Neil to app Salesforce.com failed: Error while trying to push profile update for kim.oneil@acme.example: No user returned for user 005Fk000000AAACIA4";
    assert_eq!(
        of(task).first().expect("one").affected,
        ["kim.oneil@acme.example"]
    );
    assert_eq!(
        capture(task, "external_id").as_deref(),
        Some("005Fk000000AAACIA4")
    );
    let seats = "LICENSE_LIMIT_EXCEEDED, License Limit Exceeded – Customer Community Plus: []";
    assert_eq!(
        capture(seats, "license").as_deref(),
        Some("Customer Community Plus")
    );
    let long = "STRING_TOO_LONG: Alias: data value too large: annabelle.x (max length=8)";
    assert_eq!(
        ["field", "value", "max"].map(|name| capture(long, name).unwrap_or_default()),
        ["Alias", "annabelle.x", "8"]
    );
}

#[test]
fn joined_messages_are_explained_one_by_one() {
    let text = "Automatic profile push of user Bo Chen to app SF failed: role type must match user type: []; Duplicate Username.<br>The username already exists in this or another Salesforce organization.; Something nobody has ever met before";
    let answers = of(text);
    let rules: Vec<_> = answers
        .iter()
        .map(|answer| answer.rule.as_deref())
        .collect();
    assert_eq!(
        rules,
        [Some("role-type-mismatch"), Some("username-taken"), None]
    );
    assert!(answers.iter().all(|answer| answer.affected == ["Bo Chen"]));
    assert_eq!(
        answers.last().expect("three").text,
        "Something nobody has ever met before"
    );
    // A text that holds a semicolon itself.
    assert_eq!(
        rule(
            "The credentials used to connect to the API were invalid; please check your configuration"
        ),
        "api-user-inactive"
    );
    let body = r#"[{"message":"Required fields are missing: [Alias]","errorCode":"REQUIRED_FIELD_MISSING","fields":["Alias"]},{"message":"Duplicate Nickname.","errorCode":"DUPLICATE_COMM_NICKNAME","fields":[]}]"#;
    let rules: Vec<_> = of(body)
        .into_iter()
        .filter_map(|answer| answer.rule)
        .collect();
    assert_eq!(rules, ["required-field-missing", "nickname-taken"]);
}

#[test]
fn an_unknown_text_is_kept_and_said_to_be_unknown() {
    for text in [
        "it rained",
        "FIELD_INTEGRITY_EXCEPTION: something new",
        "...",
        "Automatic provisioning of user Bo to app SF failed: it rained",
    ] {
        let answers = of(text);
        let [answer] = answers.as_slice() else {
            panic!("{answers:?}")
        };
        assert_eq!(
            (
                answer.rule.as_deref(),
                answer.predictable.as_str(),
                answer.text.as_str()
            ),
            (None, "unknown", text)
        );
        assert!(answer.cause.contains("unknown"));
    }
    assert_eq!(
        rule("UNABLE_TO_LOCK_ROW, unable to obtain exclusive access to this record"),
        "-"
    );
}

#[test]
fn a_source_is_told_from_its_beginning() {
    let shape = |text: &str| {
        let log = read_text(text).expect("read");
        (log.shape.words(), log.messages.len(), log.passed_over)
    };
    assert_eq!(shape("a\n\nb\r\n"), ("text, one error on each line", 2, 0));
    assert_eq!(shape("[Error] a\n"), ("text, one error on each line", 1, 0));
    assert_eq!(
        shape("Username,Error\na@b.example,x\nc@d.example,\n"),
        ("a sheet (CSV)", 1, 1)
    );
    assert_eq!(
        shape(
            "{\"outcome\":{\"result\":\"FAILURE\",\"reason\":\"x\"}}\n{\"outcome\":{\"result\":\"SUCCESS\"}}\n"
        ),
        ("JSON", 1, 1)
    );
    assert_eq!(
        shape("[{\"message\":\"x\",\"errorCode\":\"A_B\"}]"),
        ("JSON", 1, 0)
    );
    assert_eq!(
        shape("<?xml version=\"1.0\"?><a><faultstring>x</faultstring></a>"),
        ("XML", 1, 0)
    );
    // What looks like JSON and is none is a text, where a text was given.
    assert_eq!(
        shape("{\"message\":\"cut he"),
        ("text, one error on each line", 1, 0)
    );
}

#[test]
fn events_tell_the_person_the_operation_and_the_debug_data() {
    let log = read_text(r#"[{"eventType":"app.user_management.update_from_master_failed","outcome":{"result":"FAILURE","reason":""},
      "target":[{"type":"User","alternateId":"okta@acme.example"},{"type":"AppUser","alternateId":"sf@acme.example"}],
      "debugContext":{"debugData":{"Error_Code":"platform.cvd.profile.property.constraint.violation.localeFormat","errorField":"locale","appName":"salesforce"}}},
      {"eventType":"user.session.start","outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}},
      {"eventType":"application.provision.user.push","outcome":{"result":"FAILURE","reason":"x"},"debugContext":{"debugData":{"appname":"slack"}}},
      {"eventType":"application.provision.user.push","outcome":{"result":"SUCCESS"},"target":[{"type":"AppUser","alternateId":"Fine@acme.example"}]},
      {"eventType":"application.provision.user.reactivate","outcome":{"result":"FAILURE","reason":"License Limit Exceeded"}}]"#).expect("a log");
    assert_eq!((log.messages.len(), log.passed_over), (2, 3));
    assert!(log.succeeded.contains("fine@acme.example"));
    let answers: Vec<Answer> = log.messages.iter().flat_map(explain).collect();
    let first = answers.first().expect("an answer");
    assert_eq!(first.rule.as_deref(), Some("import-locale-format"));
    assert_eq!(first.affected, ["sf@acme.example"]);
    assert_eq!(
        first.captures.get("fields").map(String::as_str),
        Some("locale")
    );
    let last = answers.last().expect("an answer");
    assert_eq!(
        (last.line, last.rule.as_deref()),
        (5, Some("reactivation-seats"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_an_answer(text in any::<String>(), other in "[\\[\\]{}\"'&#;:<>/\\\\,.a-zA-Z_0-9 \n?%+=\u{2019}-]{0,200}") {
        for text in [text, other] {
            let answers = of(&text);
            prop_assert!(!answers.is_empty());
            prop_assert!(answers.iter().all(|answer| answer.is_known() || answer.rule.is_none()));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        // Whether it is read is not the point: that it ends without a panic is.
        let _ = read_text(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn long_and_deep_texts_take_linear_time() {
    let start = std::time::Instant::now();
    for text in [
        "Automatic ".repeat(20_000),
        "[".repeat(200_000),
        "{\"message\":".repeat(20_000),
        "; ".repeat(100_000),
        "&amp;".repeat(50_000),
        "user license doesn't allow ".repeat(10_000),
        "<".repeat(200_000),
        format!("{}License Limit Exceeded", " ".repeat(100_000)),
    ] {
        assert!(!of(&text).is_empty());
        let _ = read_text(&text);
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}
