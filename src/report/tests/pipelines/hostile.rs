//! Cells that try to command an agent, or to be more than text.

use super::*;

const EVIL: &str = "x\n::error::pwned\r\n##vso[task.setvariable variable=PATH]evil\n  ::add-mask::y ##[error]z ]]> <script>alert(1)</script> \"'&%0A%25 \u{202e}\u{0}\u{1b}[31m\u{feff}\u{ffff} 😀 [x](http://evil.example) {0} ;]:, ";

/// A run in which everything that a file can say is hostile.
fn hostile() -> Run {
    let mut run = Run::small();
    for finding in &mut run.findings {
        for text in [
            &mut finding.value,
            &mut finding.user,
            &mut finding.subject,
            &mut finding.column,
        ] {
            *text = Some(EVIL.to_owned());
        }
        finding.message = format!("no profile is named '{EVIL}'");
        finding.reason = vec![EVIL.to_owned()];
        finding.input = Some(format!("{EVIL}.csv"));
        finding.fix = Some(Fix {
            text: EVIL.to_owned(),
            replace: None,
        });
        finding.predicted = Some(Predicted {
            code: None,
            message: Some(EVIL.to_owned()),
            okta: None,
        });
    }
    // A megabyte in one cell.
    run.findings[0].value = Some(EVIL.repeat(6_000));
    run.findings[0].message = EVIL.repeat(6_000);
    run.head.inputs.clear();
    run.tail.coverage[0].reason = EVIL.to_owned();
    run.pipeline.reason = EVIL.to_owned();
    run.pipeline.alias = Some(EVIL.to_owned());
    run
}

/// Nothing but our own commands, whatever the agent takes for the start of one.
fn commands_are_ours(text: &str) {
    for line in text.split(['\n', '\r']) {
        let start = line.trim_start();
        if start.starts_with("::") {
            assert!(
                ["::error ", "::warning ", "::notice "]
                    .iter()
                    .any(|own| line.starts_with(own)),
                "{line}"
            );
            // The properties end at the first `::`; what a cell says comes after it.
            let (properties, _) = line[2..].split_once("::").expect("a text");
            assert!(properties.contains("title="), "{line}");
        }
        let start = line.strip_prefix("##vso[task.logissue ").unwrap_or(line);
        assert!(!start.contains("##"), "{line}");
        if start != line {
            let (properties, _) = start.split_once(']').expect("properties");
            assert!(
                properties.contains("code=") && properties.ends_with(';'),
                "{line}"
            );
        }
    }
    assert!(!text.contains(['\0', '\u{1b}', '\u{202e}', '\r']));
}

#[test]
fn no_cell_commands_an_agent() {
    let run = hostile();
    for format in [Format::Github, Format::Azure] {
        let text = run.text(format);
        assert!(
            text.len() < 200_000,
            "a cell of a megabyte is cut: {}",
            text.len()
        );
        commands_are_ours(&text);
        let mut out = Vec::new();
        write_failure(format, &mut out, &run.pipeline).expect("memory");
        commands_are_ours(&String::from_utf8(out).expect("text"));
    }
    // What people read can stand in a log, too.
    let table = run.text(Format::Table);
    assert!(!table.contains("##") && !table.contains("\n::"), "{table}");
}

#[test]
fn hostile_cells_stay_text() {
    let run = hostile();
    let text = run.text(Format::Junit);
    assert!(text.len() < 200_000, "{}", text.len());
    let xml = Xml::parse(&text).expect("XML");
    let cases = cases(&xml);
    assert!(
        cases
            .iter()
            .all(|case| case.descendants().all(|node| !node.has_tag_name("script")))
    );
    let log = json(&run, Format::Sarif);
    let text = log.to_string();
    assert!(text.len() < 400_000, "{}", text.len());
    for result in log["runs"][0]["results"].as_array().expect("results") {
        let message = result["message"]["text"].as_str().expect("a text");
        assert!(
            !message.contains("[x](") && message.contains("[x\\](") || message.contains("…"),
            "{message}"
        );
        assert!(
            !message.contains("{0}") || message.contains("{{0}}"),
            "{message}"
        );
        assert!(!message.contains(['\0', '\u{1b}', '\u{202e}']));
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let uri = uri.as_str().expect("a URI");
        assert!(
            uri.is_ascii() && !uri.contains([' ', ':', '<', '\n']),
            "{uri}"
        );
    }
    let issues = json(&run, Format::Gitlab);
    for issue in issues.as_array().expect("an array") {
        let text = issue["description"].as_str().expect("a text");
        assert!(
            !text.contains(['\n', '\r', '\0', '\u{1b}', '\u{202e}']),
            "{text}"
        );
    }
}
