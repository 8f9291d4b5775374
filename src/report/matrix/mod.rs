//! The compatibility matrix as a table, CSV, JSON (`sfcompat-matrix/1`) and Markdown.

pub(super) mod data;
mod people;
pub(super) mod why;

pub use data::{write_csv, write_json};
pub use people::{write_markdown, write_table};
pub use why::{write_why, write_why_json};

use crate::matrix::{CellVerdict, Entry};
use serde::Serialize;
use std::io::{self, Write};

/// The schema of [`write_json`] and [`write_why_json`].
pub const SCHEMA: &str = "sfcompat-matrix/1";

/// How many cells have each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) struct Totals {
    cells: u64,
    allowed: u64,
    needs_psl: u64,
    unknown: u64,
    denied: u64,
}

impl Totals {
    fn count(&mut self, verdict: CellVerdict) {
        self.cells += 1;
        *match verdict {
            CellVerdict::Allowed => &mut self.allowed,
            CellVerdict::NeedsPsl => &mut self.needs_psl,
            CellVerdict::Unknown => &mut self.unknown,
            CellVerdict::Denied => &mut self.denied,
        } += 1;
    }
}

fn totals(entries: &[Entry]) -> Totals {
    let mut totals = Totals::default();
    for entry in entries {
        totals.count(entry.cell.verdict);
    }
    totals
}

pub(in crate::report) fn pretty(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}
