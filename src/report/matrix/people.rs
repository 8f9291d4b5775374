//! For people: a table and Markdown, with equal verdicts folded into one line.

use super::super::listing::Listing;
use super::super::markdown::markup;
use super::super::summary::OrgInfo;
use super::super::visible::visible;
use super::{Totals, totals};
use crate::matrix::{By, CellVerdict, Entry, Matrix, View};
use std::io::{self, Write};

/// Lines of equal license, kind, verdict and reason, folded into one: people read the list of names.
struct Fold {
    profile: Option<String>,
    license: String,
    kind: &'static str,
    verdict: CellVerdict,
    reason: String,
    items: Vec<String>,
}

fn folded(m: &Matrix, entries: &[Entry]) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    // Only the lines of one license or profile are searched: the rest came before.
    let mut own = 0;
    let mut last = None;
    for entry in entries {
        let at = (entry.profile, entry.side.license);
        if last != Some(at) {
            own = folds.len();
            last = Some(at);
        }
        let named = &entry.named;
        let item = match entry.cell.witnesses {
            Some(count) if count > 0 => format!("{} ({count})", named.name),
            _ => named.name.clone(),
        };
        let same = folds.iter_mut().skip(own).find(|fold| {
            fold.kind == named.kind
                && fold.verdict == entry.cell.verdict
                && fold.reason == entry.cell.reason
        });
        match same {
            Some(fold) => fold.items.push(item),
            None => folds.push(Fold {
                profile: entry.profile.map(|profile| m.named_profile(profile).name),
                license: m.shown_license(entry.side.license),
                kind: named.kind,
                verdict: entry.cell.verdict,
                reason: entry.cell.reason.clone(),
                items: vec![item],
            }),
        }
    }
    folds
}

fn folded_listing(m: &Matrix, by: By, entries: &[Entry]) -> Listing {
    // The longest column is the last: where nothing is wrapped, nothing stands behind it.
    let columns = ["license", "kind", "verdict", "why", "items"];
    let mut header: Vec<&str> = columns.to_vec();
    if by == By::Profile {
        header.insert(0, "profile");
    }
    let mut list = Listing::new(&header);
    for fold in folded(m, entries) {
        let mut row: Vec<String> = fold.profile.into_iter().collect();
        row.extend([
            fold.license,
            fold.kind.to_owned(),
            fold.verdict.as_str().to_owned(),
            fold.reason,
            fold.items.join(", "),
        ]);
        list.push(row);
    }
    list
}

fn title(m: &Matrix, heading: &OrgInfo) -> String {
    if m.org.coverage.from_metadata {
        return "Compatibility matrix of a metadata project, which tells no users and no seats"
            .to_owned();
    }
    let name = heading
        .name
        .as_deref()
        .unwrap_or("(organization not in the snapshot)");
    let mut text = format!("Compatibility matrix of {}", visible(name));
    if let Some(id) = &heading.id {
        text = format!("{text} ({id})");
    }
    match &heading.pulled_at {
        Some(pulled) => format!("{text}, pulled {pulled}"),
        None => format!("{text}, snapshot of unknown age"),
    }
}

fn closing(m: &Matrix, view: &View, totals: Totals) -> String {
    let text = format!(
        "{} pairs: {} allowed, {} needs-psl, {} unknown, {} denied. A number in brackets counts the active users who hold the pair already. Shipped facts: {}.",
        totals.cells,
        totals.allowed,
        totals.needs_psl,
        totals.unknown,
        totals.denied,
        m.knowledge.version()
    );
    let left_out = View::profiles_left_out(m);
    if view.by == By::Profile && left_out > 0 {
        return format!(
            "{text} {left_out} profiles are left out: their license is not in the snapshot."
        );
    }
    text
}

/// Writes the view for people, wrapped at `width` columns (`None`: no terminal, no wrapping).
pub fn write_table(
    out: &mut dyn Write,
    m: &Matrix,
    view: &View,
    heading: &OrgInfo,
    width: Option<u16>,
) -> io::Result<()> {
    let entries: Vec<Entry> = view.entries(m).collect();
    writeln!(out, "{}", title(m, heading))?;
    folded_listing(m, view.by, &entries).write_table(out, width)?;
    writeln!(out, "{}", closing(m, view, totals(&entries)))
}

/// Writes the view as Markdown, folded like the table.
pub fn write_markdown(
    out: &mut dyn Write,
    m: &Matrix,
    view: &View,
    heading: &OrgInfo,
) -> io::Result<()> {
    let entries: Vec<Entry> = view.entries(m).collect();
    writeln!(out, "## {}\n", markup(&title(m, heading)))?;
    folded_listing(m, view.by, &entries).write_markdown(out)?;
    writeln!(out, "\n{}", closing(m, view, totals(&entries)))
}
