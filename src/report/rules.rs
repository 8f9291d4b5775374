//! The list of rules, and the page of one rule for a terminal.

use super::listing::Listing;
use super::matrix::pretty;
use super::page::Page;
use super::visible::visible;
use super::words::confidence;
use crate::finding::{Confidence, Severity};
use crate::rules::{FAMILIES, RULES, Rule};
use serde::Serialize;
use std::io::{self, Write};

/// The schema of [`write_json`].
pub const SCHEMA: &str = "sfcompat-rules/1";

/// One rule as the list shows it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RuleLine {
    name: &'static str,
    family: &'static str,
    severity: Severity,
    confidence: Confidence,
    since: &'static str,
    applies: &'static str,
    needs: Vec<String>,
    columns: Vec<String>,
    #[serde(flatten)]
    page: Page,
}

impl RuleLine {
    fn new(rule: &'static Rule) -> Self {
        Self {
            name: rule.name,
            family: family(rule.name),
            severity: rule.severity,
            confidence: rule.confidence,
            since: rule.since,
            applies: rule.applies,
            needs: rule
                .needs
                .iter()
                .map(|need| match need.column {
                    "" => need.object.to_owned(),
                    column => format!("{}.{column}", need.object),
                })
                .collect(),
            columns: rule
                .columns
                .iter()
                .map(|column| column.name().to_owned())
                .collect(),
            page: Page::of(rule),
        }
    }
}

fn family(rule: &str) -> &'static str {
    FAMILIES
        .iter()
        .find(|(_, rules)| rules.contains(&rule))
        .map_or("", |(family, _)| family.name)
}

fn listing() -> Listing {
    let mut list = Listing::new(&["rule", "severity", "confidence", "applies to", "about"]);
    for (_, names) in FAMILIES {
        for rule in RULES.iter().filter(|rule| names.contains(&rule.name)) {
            list.push(vec![
                rule.name.to_owned(),
                rule.severity.as_str().to_owned(),
                confidence(rule.confidence).to_owned(),
                rule.applies.to_owned(),
                rule.title().to_owned(),
            ]);
        }
    }
    list
}

/// Writes the list, wrapped at `width` columns (`None`: no terminal, no wrapping).
pub fn write_table(out: &mut dyn Write, width: Option<u16>) -> io::Result<()> {
    listing().write_table(out, width)?;
    writeln!(
        out,
        "{} rules. `sfcompat explain RULE` tells all about one of them.",
        RULES.len()
    )
}

/// Writes the manual in Markdown: a table of contents for each family, then the page of each of its rules, examples included.
pub fn write_markdown(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Rules")?;
    for (family, names) in FAMILIES {
        let members = || RULES.iter().filter(|rule| names.contains(&rule.name));
        writeln!(out, "\n## {}\n\n{}.\n", family.name, family.about)?;
        for rule in members() {
            writeln!(
                out,
                "* [{0}](#{0}) ({1}): {2}",
                rule.name,
                rule.severity,
                rule.title()
            )?;
        }
        for rule in members() {
            write_chapter(out, rule)?;
        }
    }
    Ok(())
}

/// One rule of the manual. Its heading is its name, so that `#rule-name` leads there.
fn write_chapter(out: &mut dyn Write, rule: &'static Rule) -> io::Result<()> {
    let page = Page::of(rule);
    writeln!(
        out,
        "\n### {}\n\n**{}.** {}, {}; applies to: {}; since {}.\n",
        rule.name,
        page.title,
        rule.severity,
        confidence(rule.confidence),
        rule.applies,
        rule.since
    )?;
    for (name, text) in page.parts() {
        writeln!(out, "* {name}: {text}")?;
    }
    for example in &page.examples {
        let verdict = if example.fails { "Fails" } else { "Passes" };
        writeln!(out, "\n{verdict}:")?;
        for file in &example.files {
            writeln!(out, "\n{}", file.lead())?;
            fenced(out, &file.text)?;
        }
        if !example.args.is_empty() {
            writeln!(out, "\nwith `{}`", example.args.trim())?;
        }
        fenced(out, &example.csv)?;
        if !example.expect.is_empty() {
            writeln!(out, "\nfinds (row:column rule)")?;
            fenced(out, &example.expect)?;
        }
    }
    Ok(())
}

fn fenced(out: &mut dyn Write, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n```text\n{}\n```", text.trim_end())
}

/// All rules, as JSON shows them.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Document {
    schema: &'static str,
    rules: Vec<RuleLine>,
}

/// Writes all rules with their pages.
pub fn write_json(out: &mut dyn Write) -> io::Result<()> {
    pretty(
        out,
        &Document {
            schema: SCHEMA,
            rules: RULES.iter().map(RuleLine::new).collect(),
        },
    )
}

/// Writes the page of a rule for people, wrapped at `width` columns.
pub fn write_page(out: &mut dyn Write, rule: &'static Rule, width: Option<u16>) -> io::Result<()> {
    let page = Page::of(rule);
    let width = usize::from(width.unwrap_or(100).clamp(40, 100));
    writeln!(out, "{}: {}", rule.name, visible(&page.title))?;
    writeln!(
        out,
        "{}, {}; applies to: {}; since {}; family {}\n",
        rule.severity,
        confidence(rule.confidence),
        rule.applies,
        rule.since,
        family(rule.name)
    )?;
    for (name, text) in page.parts() {
        wrapped(out, name, text, width)?;
    }
    for example in &page.examples {
        writeln!(
            out,
            "\n{}",
            if example.fails { "Fails:" } else { "Passes:" }
        )?;
        for file in &example.files {
            writeln!(out, "    {}", file.lead())?;
            for line in file.text.lines() {
                writeln!(out, "      {line}")?;
            }
        }
        for (lead, text) in [
            ("$ sfcompat check ... ", &example.args),
            ("", &example.csv),
            ("=> ", &example.expect),
        ] {
            for line in text.lines() {
                writeln!(out, "    {lead}{line}")?;
            }
        }
    }
    Ok(())
}

/// A paragraph behind its name, continued under its first word.
fn wrapped(out: &mut dyn Write, name: &str, text: &str, width: usize) -> io::Result<()> {
    const INDENT: usize = 10;
    let mut column = INDENT;
    write!(out, "{:<INDENT$}", format!("{name}:"))?;
    for (n, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count();
        if n > 0 && column + 1 + length > width {
            write!(out, "\n{:INDENT$}", "")?;
            column = INDENT;
        } else if n > 0 {
            out.write_all(b" ")?;
            column += 1;
        }
        write!(out, "{word}")?;
        column += length;
    }
    writeln!(out)
}

/// Writes the page of a rule as it stands beside its code.
pub fn write_page_markdown(out: &mut dyn Write, rule: &'static Rule) -> io::Result<()> {
    out.write_all(rule.docs.as_bytes())
}

/// A rule, as `explain` answers its name: the keys of an explained message, and the page.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Explained {
    line: u64,
    text: &'static str,
    rule: &'static str,
    candidates: Vec<&'static str>,
    cause: String,
    captures: std::collections::BTreeMap<String, String>,
    affected: Vec<&'static str>,
    fix: String,
    retry: Option<String>,
    predictable: &'static str,
    page: RuleLine,
}

/// Writes the page of a rule as the array that `explain --format json` answers.
pub fn write_page_json(out: &mut dyn Write, rule: &'static Rule) -> io::Result<()> {
    let page = Page::of(rule);
    pretty(
        out,
        &[Explained {
            line: 1,
            text: rule.name,
            rule: rule.name,
            candidates: Vec::new(),
            cause: page.what,
            captures: std::collections::BTreeMap::new(),
            affected: Vec::new(),
            fix: page.fix,
            retry: None,
            predictable: "yes",
            page: RuleLine::new(rule),
        }],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paragraphs_continue_under_their_first_word() {
        let mut out = Vec::new();
        wrapped(&mut out, "Why", "one two three four", 18).expect("memory");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(text, "Why:      one two\n          three\n          four\n");
    }
}
