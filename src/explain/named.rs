//! Rules that are asked for by their name.

use super::Answer;
use crate::knowledge::{PatternKind, Predictable, shipped};
use crate::rules::Rule;

/// Whether a text is written like the name of a rule: lower-case words joined by hyphens.
#[must_use]
pub fn is_rule_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// What the shipped texts know of a rule of which the program has no page; `None`: no text names it.
#[must_use]
pub fn rule_answer(name: &str) -> Option<Answer> {
    let naming = |own: &&crate::knowledge::ErrorPattern| {
        matches!(own.kind, PatternKind::Text | PatternKind::Code) && own.rules.contains(&name)
    };
    let patterns = || shipped().error_patterns().iter().filter(naming);
    // The text that speaks of this rule above all others says it best.
    let best = patterns().min_by_key(|own| {
        (
            own.rules.first() != Some(&name),
            own.rules.len(),
            own.kind == PatternKind::Code,
        )
    })?;
    Some(Answer {
        line: 1,
        text: name.to_owned(),
        rule: Some(name.to_owned()),
        cause: best.cause.to_owned(),
        fix: best.fix.to_owned(),
        retry: best
            .retry
            .map(|retry| retry.words().to_owned())
            .unwrap_or_default(),
        predictable: best
            .predictable
            .map_or("yes", Predictable::as_str)
            .to_owned(),
        evidence: patterns()
            .take(3)
            .map(|own| format!("a text that can stand for it: {}", own.example))
            .collect(),
        ..Answer::default()
    })
}

/// The page of a rule as an answer, for formats of one line each.
#[must_use]
pub fn page_answer(rule: &Rule) -> Answer {
    let part = |name: &str| {
        let start = format!("{name}:");
        rule.docs
            .lines()
            .skip_while(|line| !line.starts_with(&start))
            .take_while(|line| !line.is_empty())
            .enumerate()
            .take_while(|(n, line)| *n == 0 || !is_part(line))
            .map(|(_, line)| line.strip_prefix(&start).unwrap_or(line).trim())
            .collect::<Vec<_>>()
            .join(" ")
    };
    Answer {
        line: 1,
        text: rule.name.to_owned(),
        rule: Some(rule.name.to_owned()),
        cause: part("What"),
        fix: part("Fix"),
        predictable: Predictable::Yes.as_str().to_owned(),
        ..Answer::default()
    }
}

fn is_part(line: &str) -> bool {
    ["What:", "Why:", "Fix:", "Predicts:", "Source:"]
        .iter()
        .any(|name| line.starts_with(name))
}
