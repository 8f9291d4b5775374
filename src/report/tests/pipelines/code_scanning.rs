//! SARIF.

use super::*;

#[test]
fn sarif_has_what_github_needs() {
    let run = Run::small();
    let log = json(&run, Format::Sarif);
    assert_eq!(log["version"], "2.1.0");
    let own = &log["runs"][0];
    assert_eq!(own["tool"]["driver"]["name"], "sfcompat");
    assert_eq!(own["automationDetails"]["id"], "sfcompat/org/");
    let rules = own["tool"]["driver"]["rules"].as_array().expect("rules");
    let names: Vec<_> = rules
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    // What ran comes first, then what spoke without having been asked.
    assert_eq!(
        names[..3],
        ["profile-missing", "profile-not-found", "psl-expired"]
    );
    assert_eq!(names.len(), 6, "{names:?}");
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            let length = rule[text]["text"]
                .as_str()
                .map_or(0, |text| text.chars().count());
            assert!(length > 0 && (length <= 1_024 || text == "help"), "{rule}");
        }
        assert!(rule["properties"]["tags"].as_array().expect("tags").len() <= 10);
    }
    let results = own["results"].as_array().expect("results");
    assert_eq!(results.len(), run.findings.len());
    for (result, finding) in results.iter().zip(&run.findings) {
        assert_eq!(result["ruleId"], finding.rule.as_str());
        let at = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(names[at], finding.rule);
        let hash = &result["partialFingerprints"]["primaryLocationLineHash"];
        assert_eq!(hash, &Value::from(format!("{}:1", finding.fingerprint)));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], region["endLine"]);
        assert!(region["startColumn"].as_u64() < region["endColumn"].as_u64());
        let file = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(file["uri"], "hr/assign.csv");
    }
    let levels: Vec<_> = results
        .iter()
        .map(|result| result["level"].as_str())
        .collect();
    assert_eq!(
        levels,
        ["error", "error", "error", "warning", "note"].map(Some)
    );
    let suppression = &results[4]["suppressions"][0];
    assert_eq!(suppression["status"], "accepted");
    assert_eq!(suppression["kind"], "external");
    let why = suppression["justification"].as_str();
    assert_eq!(
        why,
        Some("waived by iam-team@acme.example until 2026-12-31 (=CHG1): agreed | <b>")
    );
    assert!(results[0].get("suppressions").is_none());
    // 'Sales Mgr' in the third record: `ann@acme.example,Admin,Sales Mgr`.
    let region = &results[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (region["startLine"].as_u64(), region["startColumn"].as_u64()),
        (Some(3), Some(24))
    );
    assert_eq!(region["endColumn"], 33);
    let invocation = &own["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], true);
    assert_eq!(invocation["exitCode"], 1);
    let gaps = invocation["toolConfigurationNotifications"]
        .as_array()
        .expect("gaps");
    assert_eq!(gaps.len(), 2, "one for each reason");
}

/// 25,000 results are refused, and of more than 5,000 the rest is dropped without a word.
#[test]
fn sarif_folds_what_github_would_drop() {
    let all = many(2, 2_500);
    assert_eq!(results(&all).len(), 5_000);
    let log = json(&all, Format::Sarif);
    assert!(
        log["runs"][0]["invocations"][0]
            .get("toolExecutionNotifications")
            .is_none()
    );

    let folded = many(3, 2_000);
    let log = json(&folded, Format::Sarif);
    let own = &log["runs"][0];
    let results = own["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    let text = results[0]["message"]["text"].as_str().expect("a text");
    assert!(text.contains("2000 rows: 1, 2, 3"), "{text}");
    assert_eq!(results[0]["locations"].as_array().map(Vec::len), Some(1));
    let related = results[0]["relatedLocations"]
        .as_array()
        .expect("other rows");
    assert_eq!(related.len(), 9);
    assert_eq!(related[0]["physicalLocation"]["region"]["startLine"], 3);
    let said = &own["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    let said = said.as_str().expect("a text");
    assert!(
        said.starts_with("6000 findings folded into 3 results"),
        "{said}"
    );

    let flood = many(6_000, 1);
    let log = json(&flood, Format::Sarif);
    let own = &log["runs"][0];
    assert_eq!(own["results"].as_array().map(Vec::len), Some(5_000));
    let said = &own["invocations"][0]["toolExecutionNotifications"][1]["message"]["text"];
    assert_eq!(
        said,
        "1000 findings of further causes left out: GitHub keeps 5000 results."
    );
}

#[test]
fn sarif_says_that_evidence_is_incomplete() {
    let mut run = Run::small();
    run.pipeline.incomplete = true;
    run.pipeline.code = 5;
    run.tail.summary.undecided = 2;
    let log = json(&run, Format::Sarif);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let said = &invocation["toolExecutionNotifications"][0];
    assert_eq!(said["level"], "error");
    assert_eq!(
        said["message"]["text"],
        "Incomplete evidence: 2 rows undecided. What was not told has not passed."
    );
}
