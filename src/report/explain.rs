//! Explained errors: grouped by cause for people, one by one for programs.

use super::json::value;
use super::listing::Listing;
use super::visible::{shortened, visible, wrapped};
use super::words::counted;
use super::{Error, Format};
use crate::explain::{Answer, Log};
use crate::rules;
use std::io::Write;

/// What was explained, and where it came from.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The source.
    pub log: &'a Log,
    /// The answers, in the order of the source.
    pub answers: &'a [Answer],
}

impl Told<'_> {
    /// `18 errors: 17 explained, 1 unknown`
    #[must_use]
    pub fn counts(&self) -> String {
        let all = self.answers.len() as u64;
        let unknown = self
            .answers
            .iter()
            .filter(|answer| !answer.is_known())
            .count() as u64;
        let errors = counted(all, "error");
        match unknown {
            0 => format!("{errors} explained"),
            _ => format!("{errors}: {} explained, {unknown} unknown", all - unknown),
        }
    }
}

/// Characters of a text, a name or a value that people are shown.
const LONGEST: usize = 400;
/// Lines, and persons, that are named before the rest is counted.
const NAMED: usize = 5;
/// The widest block of text.
const WIDEST: u16 = 100;

/// Writes the answers.
pub fn write(
    format: Format,
    out: &mut dyn Write,
    told: &Told<'_>,
    width: Option<u16>,
) -> Result<(), Error> {
    match format {
        Format::Table => table(out, told, width)?,
        Format::Json => {
            for (n, answer) in told.answers.iter().enumerate() {
                out.write_all(if n == 0 { b"[\n" } else { b",\n" })?;
                value(out, answer)?;
            }
            out.write_all(if told.answers.is_empty() {
                b"[]\n"
            } else {
                b"\n]\n"
            })?;
        }
        Format::Jsonl => {
            for answer in told.answers {
                value(out, answer)?;
                out.write_all(b"\n")?;
            }
        }
        Format::Csv => csv(told).write_csv(out)?,
        Format::Markdown => markdown(out, told)?,
        Format::Changes => {
            return Err(Error::Format {
                report: "explain",
                format,
            });
        }
    }
    Ok(out.flush()?)
}

/// Answers that say the same.
struct Group<'a> {
    first: &'a Answer,
    lines: Vec<u64>,
    affected: Vec<&'a str>,
}

/// What one person's error names, and another's with the same cause does not.
const PERSONAL: [&str; 10] = [
    "user",
    "username",
    "app",
    "op",
    "assignee",
    "external_id",
    "value",
    "code",
    "row",
    "display",
];

fn groups<'a>(answers: &'a [Answer]) -> Vec<Group<'a>> {
    let key = |answer: &'a Answer| {
        let named: Vec<(&str, &str)> = answer
            .captures
            .iter()
            .filter(|(name, _)| !PERSONAL.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        // Unknown texts are each its own.
        let text = (!answer.is_known()).then_some(answer.text.as_str());
        (
            &answer.rule,
            &answer.candidates,
            &answer.cause,
            named,
            text,
            &answer.evidence,
        )
    };
    let mut places = std::collections::BTreeMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for answer in answers {
        let place = *places.entry(key(answer)).or_insert_with(|| {
            groups.push(Group {
                first: answer,
                lines: Vec::new(),
                affected: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.lines.push(answer.line);
            group
                .affected
                .extend(answer.affected.iter().map(String::as_str));
        }
    }
    for group in &mut groups {
        group.affected.sort_unstable();
        group.affected.dedup();
    }
    groups
}

/// `a, b and 3 more`
fn some<T: ToString>(items: &[T]) -> String {
    let named: Vec<String> = items.iter().take(NAMED).map(ToString::to_string).collect();
    match items.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn captures(answer: &Answer) -> String {
    let shown: Vec<String> = answer
        .captures
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    shown.join("; ")
}

impl Group<'_> {
    /// What is said of the group: names and texts.
    fn parts(&self) -> Vec<(&'static str, String)> {
        let answer = self.first;
        let mut parts = vec![
            ("Text", answer.text.clone()),
            ("Cause", answer.cause.clone()),
        ];
        if !answer.candidates.is_empty() {
            parts.push(("Or", answer.candidates.join(", ")));
        }
        for fact in &answer.evidence {
            parts.push(("Org", fact.clone()));
        }
        if !answer.captures.is_empty() {
            parts.push(("Names", captures(answer)));
        }
        if !self.affected.is_empty() {
            let count = counted(self.affected.len() as u64, "person").replace("persons", "people");
            parts.push(("Affects", format!("{count}: {}", some(&self.affected))));
        }
        parts.push(("Fix", answer.fix.clone()));
        if !answer.retry.is_empty() {
            parts.push(("Retry", answer.retry.clone()));
        }
        parts.push(("Check", predictable(answer)));
        parts
    }

    fn title(&self) -> String {
        let name = match (&self.first.rule, self.first.is_known()) {
            (Some(rule), _) => rule.as_str(),
            (None, true) => "no rule",
            (None, false) => "unknown text",
        };
        match self.lines.as_slice() {
            [line] => format!("{name} (line {line})"),
            lines => format!("{name} ({} times: lines {})", lines.len(), some(lines)),
        }
    }
}

/// What `check` would have said.
fn predictable(answer: &Answer) -> String {
    let told = match answer.predictable.as_str() {
        "yes" => "tells this before the push",
        "partly" => "tells some of these causes before the push, not all",
        "no" => "cannot tell this before the push",
        _ => "not known",
    };
    match answer.rule.as_deref().and_then(rules::by_name) {
        Some(rule) => format!("{told}; more: sfcompat explain {}", rule.name),
        None => told.to_owned(),
    }
}

fn table(out: &mut dyn Write, told: &Told<'_>, width: Option<u16>) -> Result<(), Error> {
    const INDENT: usize = 11;
    let width = usize::from(width.unwrap_or(WIDEST).clamp(40, WIDEST));
    for (n, group) in groups(told.answers).iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", visible(&group.title()))?;
        for (name, text) in group.parts() {
            let text = visible(&text).into_owned();
            let text = shortened(&text, LONGEST);
            let lines = wrapped(&text, Some(width.saturating_sub(INDENT)), 0);
            for (n, line) in lines.iter().enumerate() {
                let name = if n == 0 {
                    format!("{name}:")
                } else {
                    String::new()
                };
                writeln!(out, "  {name:<9}{line}")?;
            }
        }
    }
    writeln!(out, "\n{}", told.counts())?;
    Ok(())
}

fn markdown(out: &mut dyn Write, told: &Told<'_>) -> Result<(), Error> {
    writeln!(out, "# Explained errors\n\n{}\n", told.counts())?;
    for group in groups(told.answers) {
        writeln!(out, "## {}\n", super::markdown::markup(&group.title()))?;
        for (name, text) in group.parts() {
            let text = shortened(&text, LONGEST);
            writeln!(out, "- **{name}**: {}", super::markdown::markup(&text))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn csv(told: &Told<'_>) -> Listing {
    let mut list = Listing::new(&[
        "line",
        "text",
        "rule",
        "candidates",
        "cause",
        "captures",
        "affected",
        "fix",
        "retry",
        "predictable",
        "evidence",
    ]);
    for answer in told.answers {
        list.push(vec![
            answer.line.to_string(),
            answer.text.clone(),
            answer.rule.clone().unwrap_or_default(),
            answer.candidates.join("; "),
            answer.cause.clone(),
            captures(answer),
            answer.affected.join("; "),
            answer.fix.clone(),
            answer.retry.clone(),
            answer.predictable.clone(),
            answer.evidence.join("; "),
        ]);
    }
    list
}
