//! JUnit.

use super::*;

/// The cases of a JUnit report, and that its counts are right.
pub(super) fn cases<'x>(xml: &'x Xml<'_>) -> Vec<Node<'x, 'x>> {
    let suite = xml.root_element().first_element_child().expect("a suite");
    let cases: Vec<_> = suite
        .children()
        .filter(|node| node.has_tag_name("testcase"))
        .collect();
    let ended = |tag: &str| {
        cases
            .iter()
            .filter(|case| child(case, tag).is_some())
            .count()
            .to_string()
    };
    for (attribute, count) in [
        ("tests", cases.len().to_string()),
        ("failures", ended("failure")),
        ("errors", ended("error")),
    ] {
        assert_eq!(
            suite.attribute(attribute),
            Some(count.as_str()),
            "{attribute}"
        );
        assert_eq!(
            xml.root_element().attribute(attribute),
            Some(count.as_str())
        );
    }
    assert_eq!(suite.attribute("skipped"), Some(ended("skipped").as_str()));
    let names: BTreeSet<_> = cases
        .iter()
        .map(|case| (case.attribute("classname"), case.attribute("name")))
        .collect();
    assert_eq!(
        names.len(),
        cases.len(),
        "GitLab keeps only the first of two cases with one name"
    );
    cases
}

pub(super) fn child<'x>(case: &Node<'x, 'x>, tag: &str) -> Option<Node<'x, 'x>> {
    case.children().find(|node| node.has_tag_name(tag))
}

pub(super) fn case<'x>(cases: &[Node<'x, 'x>], class: &str, name: &str) -> Node<'x, 'x> {
    let found = cases.iter().find(|case| {
        case.attribute("classname") == Some(class) && case.attribute("name") == Some(name)
    });
    *found.unwrap_or_else(|| panic!("no case {class} {name}"))
}

#[test]
fn junit_has_a_case_for_each_cause_and_for_each_rule() {
    let run = Run::small();
    let text = run.text(Format::Junit);
    let xml = Xml::parse(&text).expect("XML");
    let cases = cases(&xml);
    let failed = case(&cases, "profile-not-found", "profile=\"Sales Usr\"");
    let failure = child(&failed, "failure").expect("a failure");
    assert_eq!(
        failure.attribute("message"),
        Some("no profile is named 'Sales Usr'")
    );
    let body = failure.text().expect("a body");
    assert!(
        body.starts_with("no profile is named 'Sales Usr'\n"),
        "{body}"
    );
    assert!(
        body.contains("INVALID_CROSS_REFERENCE_KEY") && body.ends_with("2 rows: 3, 4"),
        "{body}"
    );
    // Below what fails.
    let warned = case(&cases, "name-near-match", "role=\"ops \"");
    assert!(child(&warned, "system-out").is_some() && child(&warned, "failure").is_none());
    let waived = case(&cases, "email-domain", "email=\"x@y.example\"");
    let why = child(&waived, "skipped")
        .expect("skipped")
        .attribute("message");
    assert_eq!(
        why,
        Some("waived by iam-team@acme.example until 2026-12-31 (=CHG1): agreed | <b>")
    );
    // A rule that ran and found nothing has passed; one that could not be evaluated has not.
    let passed = case(&cases, "profile-missing", "A new user needs a profile");
    assert!(!passed.has_children());
    let gap = cases
        .iter()
        .find(|case| case.attribute("classname") == Some("psl-expired"));
    let why = gap.and_then(|gap| child(gap, "skipped")?.attribute("message"));
    assert_eq!(why, Some("no PermissionSetLicense.csv"));
    assert!(!text.contains("timestamp"), "there is no moment to name");

    let mut run = Run::small();
    run.head.org.pulled_at = Some("2026-11-20T08:00:00Z".to_owned());
    assert!(
        run.text(Format::Junit)
            .contains(" timestamp=\"2026-11-20T08:00:00\"")
    );
    run.pipeline.moment = Some("2026-11-21T00:00:00Z".to_owned());
    assert!(
        run.text(Format::Junit)
            .contains(" timestamp=\"2026-11-21T00:00:00\"")
    );
}

#[test]
fn junit_has_a_case_for_each_row_where_that_is_wanted() {
    let mut run = Run::small();
    run.pipeline.junit = JunitCases {
        rows: true,
        file: true,
    };
    // The same twice in one row.
    run.findings.insert(2, run.findings[1].clone());
    let text = run.text(Format::Junit);
    let xml = Xml::parse(&text).expect("XML");
    let cases = cases(&xml);
    for name in [
        "hr/assign.csv row 3 user3@acme.example profile=\"Sales Usr\"",
        "hr/assign.csv row 3 user3@acme.example profile=\"Sales Usr\" (2)",
        "hr/assign.csv row 4 user4@acme.example profile=\"Sales Usr\"",
    ] {
        let failed = case(&cases, "profile-not-found", name);
        assert!(child(&failed, "failure").is_some());
        assert_eq!(failed.attribute("file"), Some("hr/assign.csv"));
    }
}

#[test]
fn junit_follows_what_fails() {
    let mut run = Run::small();
    let failures = |run: &Run| {
        let text = run.text(Format::Junit);
        let xml = Xml::parse(&text).expect("XML");
        cases(&xml)
            .iter()
            .filter(|case| child(case, "failure").is_some())
            .count()
    };
    assert_eq!(failures(&run), 2);
    run.pipeline.fail_on = Some(Severity::Warning);
    assert_eq!(failures(&run), 3);
    run.pipeline.fail_on = None;
    assert_eq!(failures(&run), 0);
    run.pipeline.incomplete = true;
    run.tail.summary.undecided = 1;
    let text = run.text(Format::Junit);
    let xml = Xml::parse(&text).expect("XML");
    let told = case(&cases(&xml), "sfcompat", "the evidence is complete");
    let message = child(&told, "error").and_then(|error| error.attribute("message"));
    assert_eq!(message, Some("incomplete evidence: 1 row undecided"));
}

/// A file of GitLab has 30 MB; causes are bounded, cases by row are counted where there is no room for them.
#[test]
fn junit_stays_small_and_loses_no_count() {
    let run = many(6_000, 2);
    let text = run.text(Format::Junit);
    let xml = Xml::parse(&text).expect("XML");
    let rest = case(&cases(&xml), "sfcompat", "findings of other causes");
    let message = child(&rest, "failure").and_then(|rest| rest.attribute("message"));
    assert_eq!(message, Some("2000 more findings of other causes"));

    let mut run = many(1, 24_000);
    run.pipeline.junit.rows = true;
    for finding in &mut run.findings {
        finding.message = "x".repeat(900);
    }
    let text = run.text(Format::Junit);
    assert!(text.len() < 30 << 20, "{}", text.len());
    let listed = text.matches("hr/assign.csv row").count();
    assert!(listed < 24_000);
    assert!(text.contains(&format!(
        "{} more findings not listed one by one",
        24_000 - listed
    )));
}
