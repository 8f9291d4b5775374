//! `matrix.csv`: every verdict about a license and what it may meet, with its reason.

use super::Error;
use super::folder::{Csv, Staging};
use crate::matrix::{CellVerdict, Entry, Item, Matrix, View};
use crate::report::words::confidence;
use std::collections::BTreeMap;

/// The columns, in order.
const COLUMNS: [&str; 10] = [
    "license",
    "license_key",
    "object_type",
    "object_id",
    "object_name",
    "verdict",
    "witnesses",
    "reason",
    "missing_permissions",
    "evidence",
];

/// Writes the table, and says its control totals.
pub(super) fn write(staging: &mut Staging, m: &Matrix) -> Result<BTreeMap<String, u64>, Error> {
    let mut csv = Csv::new(staging.create("matrix.csv")?, &COLUMNS)?;
    let failed = csv.failed();
    let mut totals = BTreeMap::new();
    for verdict in ["allowed", "needs-psl", "unknown", "denied"] {
        totals.insert(format!("matrix.{verdict}"), 0);
    }
    for entry in View::default().entries(m) {
        let license = m.license(entry.side.license);
        let verdict = entry.cell.verdict.as_str();
        *totals.entry(format!("matrix.{verdict}")).or_default() += 1;
        let missing = missing(m, &entry);
        let mut write = || {
            csv.maybe(license.map(|row| &*row.name))?;
            csv.maybe(license.and_then(|row| row.key.as_ref()).map(|key| &**key))?;
            csv.text(entry.named.kind)?;
            csv.maybe(entry.named.id.as_deref())?;
            csv.text(&entry.named.name)?;
            csv.text(verdict)?;
            csv.number(entry.cell.witnesses)?;
            csv.text(&entry.cell.reason)?;
            csv.text(&missing)?;
            csv.text(confidence(entry.cell.confidence))?;
            csv.end()
        };
        write().map_err(&failed)?;
    }
    totals.insert("matrix.records".into(), csv.finish(staging)?);
    Ok(totals)
}

/// All permissions of a set that stand against it: those refused, those that need a license, those never seen.
fn missing(m: &Matrix, entry: &Entry) -> String {
    let Item::Set(to) = entry.item else {
        return String::new();
    };
    if entry.cell.verdict == CellVerdict::Allowed {
        return String::new();
    }
    let Some(faults) = m.faults(entry.side.license, to) else {
        return String::new();
    };
    let excluded = faults.excluded.iter().map(|(permission, _)| *permission);
    let gated = faults.gated.iter().map(|gate| gate.permission);
    let unproven = faults.unproven.iter().copied();
    let names: Vec<String> = excluded
        .chain(gated)
        .chain(unproven)
        .map(|permission| m.permission_name(permission))
        .collect();
    names.join(", ")
}
