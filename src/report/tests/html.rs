//! The page for browsers: what is on it, and that nothing of an input becomes markup. A browser looks at it in `tests/browser`.

use super::*;

/// What stands in a block of data.
fn block<T: serde::de::DeserializeOwned>(page: &str, id: &str) -> T {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&start).expect("the block");
    let (json, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(json).expect("JSON")
}

/// Names of the tags of the page, outside of style and script.
fn tags(page: &str) -> std::collections::BTreeSet<String> {
    let (head, rest) = page.split_once("<style>").expect("a style");
    let (_, rest) = rest.split_once("</style>").expect("its end");
    let mut text = format!("{head}{rest}");
    while let Some((before, after)) = text.clone().split_once("<script") {
        let (_, after) = after.split_once("</script>").expect("its end");
        text = format!("{before}{after}");
    }
    text.split('<')
        .skip(1)
        .map(|tag| {
            tag.trim_start_matches('/')
                .split(|c: char| !c.is_ascii_alphanumeric())
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[test]
fn the_page_holds_every_finding_and_needs_nothing_else() {
    let run = Run::small();
    let page = run.text(Format::Html);
    assert_eq!(block::<Vec<Finding>>(&page, "findings-data"), run.findings);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for asked in [
        " src=",
        " href=\"http",
        "<link",
        "<img",
        "<iframe",
        " style=",
        " onclick",
    ] {
        assert!(!page.contains(asked), "{asked}");
    }
    // What a waiver covers is there, and named so.
    assert!(page.contains("notice (waived)"));
    // Without a matrix there is no map of one.
    assert!(!page.contains("id=\"matrix\""));
}

#[test]
fn hostile_text_adds_no_tag() {
    let usual = tags(&Run::small().text(Format::Html));
    for text in hostile::HOSTILE {
        let page = hostile::run(text).text(Format::Html);
        assert_eq!(tags(&page), usual, "{text:?}");
        assert_eq!(
            block::<Vec<Finding>>(&page, "findings-data"),
            hostile::run(text).findings
        );
    }
}

#[test]
fn limits_are_said() {
    let run = Run::small();
    let page = run
        .write(Format::Html, &|view| view.max_findings = Some(2))
        .expect("memory");
    assert_eq!(block::<Vec<Finding>>(&page, "findings-data").len(), 2);
    assert!(page.contains("3 more findings not in the list"));
}

#[test]
fn changes_are_listed_user_by_user() {
    use crate::finding::{Change, Effect, Impact};
    use crate::report::changes::{Changes, TakeChange};
    let change = |row: u64, attribute: &str, effect| Change {
        input: "assign.csv".to_owned(),
        row,
        line: row + 1,
        user: format!("</script>user{row}"),
        attribute: attribute.to_owned(),
        before: Some("Old".to_owned()),
        after: None,
        effect,
        group: None,
    };
    let all = [
        change(1, "profile", Effect::Replace),
        change(1, "role", Effect::Revoke),
        change(2, "user", Effect::None),
        change(3, "permissionSets", Effect::Grant),
    ];
    let each = |take: &mut TakeChange<'_>| all.iter().try_for_each(take);
    let mut run = Run::small();
    run.tail.impact = Some(Impact {
        changed: 2,
        unchanged: 1,
        ..Impact::default()
    });
    let replay = |_: &mut dyn Write| Ok(());
    let report = Report {
        head: &run.head,
        findings: Findings::new(&replay),
        tail: &run.tail,
        matrix: None,
        changes: Some(Changes::new(&each)),
        pipeline: &Pipeline::default(),
    };
    let quote = |_: &str, _: &[u64]| Vec::new();
    let view = View {
        max_findings: None,
        min_severity: Severity::Notice,
        width: None,
        color: false,
        quote: &quote,
    };
    let mut out = Vec::new();
    write(Format::Html, &mut out, &report, &view).expect("memory");
    let page = String::from_utf8(out).expect("UTF-8");
    let users: Vec<serde_json::Value> = block(&page, "changes-data");
    let told: Vec<_> = users
        .iter()
        .map(|user| {
            let steps = user["changes"].as_array().expect("changes");
            (user["user"].as_str().expect("a user"), steps.len())
        })
        .collect();
    assert_eq!(told, [("</script>user1", 2), ("</script>user3", 1)]);
    assert!(page.contains("<section id=\"changes\""));
}
