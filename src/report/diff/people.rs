//! The forms for people: sections of lines, folded where they are many. JSON and CSV have everything.

use super::super::Error;
use super::super::markdown::escaped;
use super::super::visible::visible;
use super::super::words::counted;
use super::folds::{Folds, Listing, NAMED};
use super::{Document, End};
use crate::diff::{By, Change, Diff, Flip, Rows, Turn, What};
use crate::finding::Verdict;
use crate::matrix::CellVerdict;
use std::collections::BTreeMap;
use std::io::Write;

/// A heading with lines below it.
struct Section {
    heading: String,
    lines: Vec<String>,
}

/// Writes the sections as text.
///
/// # Errors
/// The stream cannot be written, or findings cannot be read again.
pub fn write_table(out: &mut dyn Write, document: &Document<'_>) -> Result<(), Error> {
    writeln!(out, "{}", visible(&title(document)))?;
    for section in sections(document)? {
        writeln!(out, "\n{}", visible(&section.heading))?;
        for line in &section.lines {
            writeln!(out, "  {}", visible(line))?;
        }
    }
    writeln!(out, "\n{}", closing(document))?;
    Ok(out.flush()?)
}

/// Writes the sections for pull requests and reviews.
///
/// # Errors
/// The stream cannot be written, or findings cannot be read again.
pub fn write_markdown(out: &mut dyn Write, document: &Document<'_>) -> Result<(), Error> {
    writeln!(out, "### {}", escaped(&title(document)))?;
    writeln!(out, "\n**{}**", closing(document))?;
    for section in sections(document)? {
        writeln!(out, "\n#### {}\n", escaped(&section.heading))?;
        for line in &section.lines {
            writeln!(out, "- {}", escaped(line))?;
        }
    }
    Ok(out.flush()?)
}

fn title(document: &Document<'_>) -> String {
    let end = |end: &End| {
        let pulled = end.org.pulled_at.as_deref();
        let pulled = pulled.map_or_else(String::new, |at| format!(", pulled {at}"));
        match &end.org.name {
            Some(name) => format!("{} ({name}{pulled})", end.path),
            None => end.path.clone(),
        }
    };
    let by = match document.diff.by {
        By::Id => "",
        By::NameOfMetadata => "; matched by name, because metadata has no record ids",
        By::NameOfTwoOrgs => "; matched by name, because they are of two orgs",
    };
    format!(
        "Changes from {} to {}{by}",
        end(document.old),
        end(document.new)
    )
}

fn sections(document: &Document<'_>) -> Result<Vec<Section>, Error> {
    let mut sections = changes(document.diff);
    sections.extend(cells(document.diff));
    if let Some((_, rows)) = document.rows {
        sections.extend(rows_section(rows)?);
        sections.extend(findings(rows)?);
    }
    let notes = &document.diff.not_compared;
    if !notes.is_empty() {
        sections.push(Section {
            heading: "Not compared".to_owned(),
            lines: notes
                .iter()
                .map(|note| format!("{}: {}", note.what, note.reason))
                .collect(),
        });
    }
    Ok(sections)
}

/// Changes that are told on one line: of one record, and of one attribute of it.
struct Folded {
    first: Change,
    lost: Vec<String>,
    gained: Vec<String>,
    items: usize,
}

impl Folded {
    fn of(change: &Change) -> Self {
        let mut folded = Self {
            first: change.clone(),
            lost: Vec::new(),
            gained: Vec::new(),
            items: 0,
        };
        folded.add(change);
        folded
    }

    fn takes(&self, change: &Change) -> bool {
        let first = &self.first;
        (
            first.change,
            &first.object,
            &first.id,
            &first.name,
            &first.attribute,
        ) == (
            change.change,
            &change.object,
            &change.id,
            &change.name,
            &change.attribute,
        ) && first.attribute.is_some()
    }

    fn add(&mut self, change: &Change) {
        self.items += 1;
        if self.items <= NAMED {
            self.lost.extend(change.before.clone());
            self.gained.extend(change.after.clone());
        }
    }

    fn line(&self) -> String {
        let first = &self.first;
        let id = match &first.id {
            Some(id) if *id != first.name => format!(" ({id})"),
            _ => String::new(),
        };
        let what = first.change.as_str();
        let start = format!("{what} {}{id}", first.name);
        let Some(attribute) = &first.attribute else {
            return match first.before.as_ref().or(first.after.as_ref()) {
                Some(text) => format!("{start}: {text}"),
                None => start,
            };
        };
        if self.items == 1
            && let (Some(before), Some(after)) = (&first.before, &first.after)
        {
            return match first.change {
                What::Renamed if attribute == "Name" => format!("{what} {before} -> {after}{id}"),
                _ => format!("{start}: {attribute} {before} -> {after}"),
            };
        }
        let gained = self.gained.iter().map(|item| format!("+{item}"));
        let mut items: Vec<String> = gained.collect();
        items.extend(self.lost.iter().map(|item| format!("-{item}")));
        if self.items > NAMED {
            items.push(format!("and {} more", self.items - NAMED));
        }
        format!("{start}: {attribute} {}", items.join(", "))
    }
}

/// A section for each object.
fn changes(diff: &Diff<'_>) -> Vec<Section> {
    let mut sections: Vec<(String, Listing)> = Vec::new();
    let mut open: Option<Folded> = None;
    let mut close = |folded: Option<Folded>| {
        let Some(folded) = folded else {
            return;
        };
        let object = &folded.first.object;
        if sections.last().is_none_or(|(last, _)| last != object) {
            sections.push((object.clone(), Listing::new()));
        }
        if let Some((_, listing)) = sections.last_mut() {
            listing.push(|| folded.line());
        }
    };
    let told: Result<(), std::convert::Infallible> = diff.each_change(&mut |change| {
        match &mut open {
            Some(folded) if folded.takes(change) => folded.add(change),
            _ => {
                close(open.take());
                open = Some(Folded::of(change));
            }
        }
        Ok(())
    });
    match told {
        Ok(()) => {}
        Err(never) => match never {},
    }
    close(open);
    sections
        .into_iter()
        .map(|(object, listing)| {
            let counts = diff.counts.get(&object).into_iter().flatten();
            let counts: Vec<String> = counts
                .map(|(what, count)| format!("{count} {}", what.as_str()))
                .collect();
            Section {
                heading: format!("{object}: {}", counts.join(", ")),
                lines: listing.finish(),
            }
        })
        .collect()
}

/// What is told of several licenses at once: which way, item, verdicts, reason.
type Cell = (bool, &'static str, String, CellVerdict, CellVerdict, String);

fn cells(diff: &Diff<'_>) -> Option<Section> {
    let mut folded: BTreeMap<Cell, Vec<String>> = BTreeMap::new();
    let told: Result<(), std::convert::Infallible> = diff.each_flip(&mut |flip: &Flip| {
        let key = (
            flip.turn == Turn::Better,
            flip.kind,
            flip.item.clone(),
            flip.before,
            flip.after,
            flip.reason.clone(),
        );
        folded.entry(key).or_default().push(flip.license.clone());
        Ok(())
    });
    match told {
        Ok(()) => {}
        Err(never) => match never {},
    }
    if folded.is_empty() {
        return None;
    }
    let mut listing = Listing::new();
    for ((better, kind, item, before, after, reason), licenses) in folded {
        listing.push(|| {
            let turn = if better { Turn::Better } else { Turn::Worse };
            let mut names: Vec<String> = licenses.iter().take(NAMED).cloned().collect();
            if licenses.len() > NAMED {
                names.push(format!("and {} more", licenses.len() - NAMED));
            }
            format!(
                "{}: {kind} {item} with {}: {} -> {}: {reason}",
                turn.as_str(),
                names.join(", "),
                before.as_str(),
                after.as_str()
            )
        });
    }
    Some(Section {
        heading: format!(
            "Cells of the matrix: {} worse, {} better",
            diff.turns.worse, diff.turns.better
        ),
        lines: listing.finish(),
    })
}

fn rows_section(rows: &Rows) -> Result<Option<Section>, Error> {
    if rows.turns.all() == 0 {
        return Ok(None);
    }
    let mut folds = Folds::default();
    rows.each_row(&mut |flip| {
        let (before, after) = (verdict(flip.before), verdict(flip.after));
        folds.push(
            format!("{}: {}", flip.turn.as_str(), flip.input),
            format!("{before} -> {after}"),
            Some(flip.row),
        );
        Ok::<(), Error>(())
    })?;
    Ok(Some(Section {
        heading: format!(
            "Verdicts of {}: {} worse, {} better",
            counted(rows.len() as u64, "row"),
            rows.turns.worse,
            rows.turns.better
        ),
        lines: folds.finish(),
    }))
}

fn findings(rows: &Rows) -> Result<Option<Section>, Error> {
    if rows.appeared + rows.disappeared == 0 {
        return Ok(None);
    }
    let mut folds = Folds::default();
    rows.each_finding(&mut |change| {
        let finding = &change.finding;
        let came = came(change.appeared);
        folds.push(
            match &finding.input {
                Some(input) => format!("{came}: {input}"),
                None => came.to_owned(),
            },
            format!("{}[{}] {}", finding.severity, finding.rule, finding.message),
            finding.row,
        );
        Ok::<(), Error>(())
    })?;
    Ok(Some(Section {
        heading: format!(
            "Findings: {} appeared, {} disappeared",
            rows.appeared, rows.disappeared
        ),
        lines: folds.finish(),
    }))
}

pub(super) fn came(appeared: bool) -> &'static str {
    if appeared { "appeared" } else { "disappeared" }
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "compatible",
        Verdict::Warned => "warned",
        Verdict::Undecided => "undecided",
        Verdict::Incompatible => "incompatible",
    }
}

/// The last line.
fn closing(document: &Document<'_>) -> String {
    let diff = document.diff;
    let of = |what: What| -> u64 {
        diff.counts
            .values()
            .filter_map(|counts| counts.get(&what))
            .sum()
    };
    let mut text = format!(
        "{} added, {} removed, {} renamed, {} relicensed, {} changed; cells of the matrix: {} worse, {} better",
        of(What::Added),
        of(What::Removed),
        of(What::Renamed),
        of(What::Relicensed),
        of(What::Changed),
        diff.turns.worse,
        diff.turns.better
    );
    if let Some((_, rows)) = document.rows {
        text = format!(
            "{text}; rows: {} worse, {} better of {}",
            rows.turns.worse,
            rows.turns.better,
            rows.len()
        );
    }
    text
}
