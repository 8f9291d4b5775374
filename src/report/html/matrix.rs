//! The matrix as the heat map of the page reads it: names and reasons once, cells as numbers.

use crate::matrix::{CellVerdict, Item, Matrix, View};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// The matrix by license.
#[derive(Debug, Default, Serialize)]
pub(super) struct HeatMap {
    licenses: Vec<String>,
    verdicts: Vec<&'static str>,
    reasons: Vec<String>,
    kinds: Vec<Kind>,
}

#[derive(Debug, Serialize)]
struct Kind {
    kind: &'static str,
    items: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    cells: Vec<Cell>,
}

/// License, verdict and reason by number, and the active users who hold the pair.
#[derive(Debug, Serialize)]
struct Cell(usize, usize, usize, Option<u64>);

impl HeatMap {
    /// Every part of the matrix but single permissions, which are too many for a map.
    pub(super) fn of(m: &Matrix) -> Self {
        const VERDICTS: [CellVerdict; 4] = [
            CellVerdict::Allowed,
            CellVerdict::NeedsPsl,
            CellVerdict::Unknown,
            CellVerdict::Denied,
        ];
        let mut map = Self {
            verdicts: VERDICTS.map(CellVerdict::as_str).to_vec(),
            ..Self::default()
        };
        let mut lines: FxHashMap<Item, (usize, usize)> = FxHashMap::default();
        let mut reasons: FxHashMap<String, usize> = FxHashMap::default();
        let mut last = None;
        for entry in View::default().entries(m) {
            if last != Some(entry.side.license) {
                last = Some(entry.side.license);
                map.licenses.push(m.shown_license(entry.side.license));
            }
            let kinds = &mut map.kinds;
            let (kind, line) = *lines.entry(entry.item).or_insert_with(|| {
                let named = &entry.named;
                let kind = kinds
                    .iter()
                    .position(|kind| kind.kind == named.kind)
                    .unwrap_or_else(|| {
                        kinds.push(Kind {
                            kind: named.kind,
                            items: Vec::new(),
                        });
                        kinds.len() - 1
                    });
                let items = kinds.get_mut(kind).map(|kind| &mut kind.items);
                let line = items.map_or(0, |items| {
                    items.push(Line {
                        name: named.name.clone(),
                        label: named.label.clone(),
                        cells: Vec::new(),
                    });
                    items.len() - 1
                });
                (kind, line)
            });
            let next = reasons.len();
            let reason = *reasons
                .entry(entry.cell.reason)
                .or_insert_with_key(|reason| {
                    map.reasons.push(reason.clone());
                    next
                });
            let verdict = VERDICTS
                .iter()
                .position(|verdict| *verdict == entry.cell.verdict)
                .unwrap_or(2);
            let line = kinds
                .get_mut(kind)
                .and_then(|kind| kind.items.get_mut(line));
            if let Some(line) = line {
                line.cells.push(Cell(
                    map.licenses.len() - 1,
                    verdict,
                    reason,
                    entry.cell.witnesses,
                ));
            }
        }
        map
    }
}
