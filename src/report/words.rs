//! Phrases that several formats share.

use super::Report;
use super::causes::Group;
use super::summary::{CheckLine, CoverageLine, Summary};
use super::visible::{shortened, visible};
use crate::finding::{Confidence, Finding, Predicted, WaivedBy};
use std::collections::BTreeMap;

/// `1 row`, `2 rows`.
pub(super) fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// `120 rows: 100 compatible, 5 with warnings, 14 incompatible, 1 undecided`
pub(super) fn verdict_line(summary: &Summary) -> String {
    format!(
        "{}: {} compatible, {} with warnings, {} incompatible, {} undecided",
        counted(summary.rows, "row"),
        summary.compatible,
        summary.warned,
        summary.incompatible,
        summary.undecided
    )
}

/// `43 checks: 38 passed, 3 failed, 2 cannot be told`
pub(super) fn checks_line(checklist: &[CheckLine]) -> String {
    let of = |result: &str| {
        checklist
            .iter()
            .filter(|check| check.result == result)
            .count()
    };
    format!(
        "{}: {} passed, {} failed, {} cannot be told",
        counted(checklist.len() as u64, "check"),
        of("pass"),
        of("fail"),
        of("cannot-tell")
    )
}

/// `20 errors, 7 warnings, 3 notices`
pub(super) fn findings_line(summary: &Summary) -> String {
    let covered = |count: u64, how: &str| match count {
        0 => String::new(),
        count => format!(", {count} {how}"),
    };
    format!(
        "{}, {}, {}{}{}",
        counted(summary.errors, "error"),
        counted(summary.warnings, "warning"),
        counted(summary.notices, "notice"),
        covered(summary.waived, "waived"),
        covered(summary.baselined, "in the baseline")
    )
}

/// `waived by iam-team@acme.example until 2026-12-31 (CHG0031337): PSL ordered`
pub(super) fn waived(waiver: &WaivedBy) -> String {
    let mut text = String::from("waived");
    let parts = [
        (" by ", &waiver.owner, ""),
        (" until ", &waiver.expires, ""),
        (" (", &waiver.ticket, ")"),
        (": ", &waiver.reason, ""),
    ];
    for (before, part, after) in parts {
        if let Some(part) = part {
            text.push_str(before);
            text.push_str(part);
            text.push_str(after);
        }
    }
    text
}

/// As it is written in reports.
pub(crate) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "certain",
        Confidence::Documented => "documented",
        Confidence::Inferred => "inferred",
    }
}

/// Rules by the reason why they could not be evaluated, both in order of their names.
pub(super) fn by_reason(coverage: &[CoverageLine]) -> BTreeMap<&str, Vec<&str>> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in coverage {
        reasons.entry(&line.reason).or_default().push(&line.rule);
    }
    for rules in reasons.values_mut() {
        rules.sort_unstable();
        rules.dedup();
    }
    reasons
}

/// `row 12`, `rows 12, 15 and 4 more`; empty where no row is concerned. The path of an input only where there are several.
pub(super) fn rows(group: &Group, report: &Report<'_>) -> String {
    let several = report.head.inputs.len() > 1;
    let mut text = String::new();
    let mut input = "";
    for (n, place) in group.places.iter().enumerate() {
        text.push_str(match (n, group.rows) {
            (0, 1) => "row ",
            (0, _) => "rows ",
            _ => ", ",
        });
        text.push_str(&place.row.to_string());
        if several && (input != place.input) {
            input = &place.input;
            text.push_str(" of ");
            text.push_str(&visible(input));
        }
    }
    let more = group.rows.saturating_sub(group.places.len() as u64);
    match (group.places.is_empty(), more) {
        (_, 0) => text,
        (true, more) => counted(more, "row"),
        (false, more) => format!("{text} and {more} more"),
    }
}

/// The same with the count in front where there are several, and the user where there is one: `6 rows: 12, 15 and 4 more`,
/// `row 12: ann@acme.example`.
pub(super) fn all_rows(group: &Group, report: &Report<'_>) -> String {
    let rows = rows(group, report);
    match rows.strip_prefix("rows ") {
        Some(numbers) => format!("{}: {numbers}", counted(group.rows, "row")),
        None => match &group.first.user {
            Some(user) if group.rows == 1 && !group.places.is_empty() => {
                format!("{rows}: {}", shortened(&visible(user), LONGEST_USER))
            }
            _ => rows,
        },
    }
}

/// What a finding says, one line each: message, reasons, the error to expect, the fix.
pub(super) fn told(finding: &Finding) -> Vec<String> {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.reason.iter().map(|fact| format!("because {fact}")));
    lines.extend(finding.predicted.as_ref().and_then(said));
    if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.text.is_empty()) {
        lines.push(format!("fix: {}", fix.text));
    }
    lines
}

/// What a finding is about, in few words: `profile="Sales Usr"`, else its subject, else its message.
pub(super) fn label(finding: &Finding) -> String {
    match (&finding.column, &finding.value, &finding.subject) {
        (Some(column), Some(value), _) => {
            format!("{column}=\"{}\"", shortened(value, LONGEST_VALUE))
        }
        (_, _, Some(subject)) => shortened(subject, LONGEST_VALUE).into_owned(),
        (Some(column), None, None) => column.clone(),
        (None, _, None) => shortened(&finding.message, LONGEST_VALUE).into_owned(),
    }
}

/// Characters of a value in a label.
const LONGEST_VALUE: usize = 120;

/// Characters of a username that are shown; Salesforce stores 80.
const LONGEST_USER: usize = 80;

/// What the push would answer. Okta's own text only where Salesforce's is not known: it repeats it.
pub(super) fn said(predicted: &Predicted) -> Option<String> {
    // Status codes of Salesforce are written in capitals; the codes of Okta's own checks are not.
    let of_okta = |code: &String| code.contains(|c: char| c.is_ascii_lowercase());
    if let Some(code) = predicted.code.as_ref().filter(|code| of_okta(code)) {
        let text = predicted.message.as_deref().unwrap_or_default();
        return Some(
            format!("Okta will say: {code} {text}")
                .trim_end()
                .to_owned(),
        );
    }
    match (&predicted.code, &predicted.message, &predicted.okta) {
        (Some(code), Some(message), _) => Some(format!("Salesforce will say: {code} {message}")),
        (Some(only), None, _) | (None, Some(only), _) => {
            Some(format!("Salesforce will say: {only}"))
        }
        (None, None, Some(okta)) => Some(format!("Okta will say: {okta}")),
        (None, None, None) => None,
    }
}
