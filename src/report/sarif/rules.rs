//! The rules of a run, with their pages, and the words of SARIF for severity and confidence.

use super::wire::{Configuration, Descriptor, Level, Message, RuleProperties, Suppression, Text};
use crate::finding::{Confidence, Finding, Severity, Status};
use crate::report::visible::{shortened, visible};
use crate::report::words::waived;
use crate::report::{Page, Report};
use crate::rules::{FAMILIES, Rule, by_name};
use std::collections::BTreeSet;

/// Characters of a text of a rule.
const MOST_OF_RULE: usize = 1_000;

/// Every rule that ran, and every other one that speaks.
pub(super) fn rules(report: &Report<'_>, spoke: &BTreeSet<String>) -> Vec<Descriptor> {
    let ran = report.pipeline.ran.iter().copied();
    let known: BTreeSet<&str> = ran.clone().collect();
    let others = spoke
        .iter()
        .map(String::as_str)
        .filter(|name| !known.contains(name));
    ran.chain(others)
        .map(|name| match by_name(name) {
            Some(rule) => descriptor(rule),
            None => Descriptor::bare(name),
        })
        .collect()
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    let page = Page::of(rule);
    let text = |text: &str| Text::new(shortened(text, MOST_OF_RULE).into_owned());
    let help = format!(
        "{}\n\nWhy: {}\n\nFix: {}\n\nPredicts: {}\n\nSource: {}",
        page.what, page.why, page.fix, page.predicts, page.source
    );
    Descriptor {
        id: rule.name.to_owned(),
        short_description: text(&page.title),
        full_description: text(if page.what.is_empty() {
            &page.title
        } else {
            &page.what
        }),
        help: Message {
            text: help,
            markdown: Some(rule.docs.to_owned()),
        },
        default_configuration: Some(Configuration {
            level: Level::of(rule.severity),
        }),
        properties: RuleProperties {
            precision: precision(rule.confidence),
            severity: Level::of(rule.severity).problem(),
            tags: vec!["salesforce", "okta", family(rule.name)],
        },
    }
}

fn family(rule: &str) -> &'static str {
    let families = FAMILIES.iter();
    let mut of_rule = families.filter(|(_, names)| names.contains(&rule));
    of_rule.next().map_or("rules", |(family, _)| family.name)
}

pub(super) fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "very-high",
        Confidence::Documented => "high",
        Confidence::Inferred => "medium",
    }
}

impl Level {
    pub(super) fn of(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Notice => Self::Note,
        }
    }

    /// The same in the words of GitHub.
    fn problem(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "recommendation",
        }
    }
}

impl Suppression {
    pub(super) fn of(finding: &Finding) -> Option<Vec<Self>> {
        let justification = match (finding.status, &finding.waiver) {
            (Status::Open, _) => return None,
            (Status::Waived, Some(waiver)) => waived(waiver),
            (Status::Waived, None) => "A waiver covers it.".to_owned(),
            (Status::Baselined, _) => "The baseline holds it.".to_owned(),
        };
        Some(vec![Self {
            kind: "external",
            status: "accepted",
            justification: visible(&shortened(&justification, MOST_OF_RULE)).into_owned(),
        }])
    }
}
