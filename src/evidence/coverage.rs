//! `coverage.csv`: which objects and fields were read, which were not and why, and whether the counts agree.

use super::Error;
use super::folder::{Csv, Staging};
use super::manifest::Counts;
use crate::model::Org;
use crate::snapshot::{Manifest as Pulled, objects};
use std::collections::{BTreeMap, BTreeSet};

/// The columns, in order.
const COLUMNS: [&str; 8] = [
    "object",
    "field",
    "readable",
    "reason",
    "rows",
    "count_filtered",
    "count_unfiltered",
    "reconciled",
];

/// What the manifest of the snapshot and its files say of each object.
pub(super) fn counts(org: &Org, pulled: Option<&Pulled>) -> BTreeMap<String, Counts> {
    let mut all = BTreeMap::new();
    for object in objects::all() {
        let entry = pulled.and_then(|pulled| pulled.objects.get(object.name));
        let known = org.coverage.objects.get(object.name);
        if entry.is_none() && known.is_none() {
            continue;
        }
        all.insert(
            object.name.to_owned(),
            Counts {
                rows: known
                    .map(|known| known.rows)
                    .or(entry.and_then(|entry| entry.rows)),
                count_filtered: entry.and_then(|entry| entry.count),
                count_unfiltered: entry.and_then(|entry| entry.count_all),
                pages: entry.and_then(|entry| entry.pages),
            },
        );
    }
    all
}

/// Writes the table, and says its records.
pub(super) fn write(
    staging: &mut Staging,
    org: &Org,
    pulled: Option<&Pulled>,
) -> Result<u64, Error> {
    let mut csv = Csv::new(staging.create("coverage.csv")?, &COLUMNS)?;
    let failed = csv.failed();
    let all = counts(org, pulled);
    for object in objects::all() {
        // Some objects are known to be there without a record of how many columns they have (describe, Settings).
        let known = org.coverage.objects.get(object.name);
        let carried = known.is_some() || all.get(object.name).is_some_and(|c| c.rows.is_some());
        let entry = pulled.and_then(|pulled| pulled.objects.get(object.name));
        let said = entry.map(|entry| entry.gaps.join("; ")).unwrap_or_default();
        let reason = match (carried, said.is_empty(), pulled.is_some()) {
            (_, false, _) => said,
            (true, ..) => String::new(),
            (false, _, true) => String::from("not pulled"),
            (false, _, false) => String::from("not in the snapshot"),
        };
        let counts = all.get(object.name).cloned().unwrap_or_default();
        let reconciled = match (counts.rows.filter(|_| carried), counts.count_filtered) {
            (Some(rows), Some(count)) if rows == count => "yes",
            (Some(_), Some(_)) => "no",
            _ => "not known",
        };
        let mut write = || {
            csv.text(object.name)?;
            csv.text("")?;
            csv.text(if carried { "true" } else { "false" })?;
            csv.text(&reason)?;
            csv.number(counts.rows.filter(|_| carried))?;
            csv.number(counts.count_filtered)?;
            csv.number(counts.count_unfiltered)?;
            csv.text(reconciled)?;
            csv.end()
        };
        write().map_err(&failed)?;
        let Some(known) = known else { continue };
        let told = org
            .pulled
            .missing
            .iter()
            .filter(|(of, _)| of == object.name);
        let mut missing: BTreeSet<&str> = told.map(|(_, field)| field.as_str()).collect();
        missing.extend(
            object
                .columns
                .iter()
                .filter(|column| !known.columns.contains(**column)),
        );
        let fields = known.columns.iter().map(|field| (field.as_str(), true));
        let gone = missing.into_iter().map(|field| (field, false));
        for (field, readable) in fields.chain(gone) {
            let mut write = || {
                csv.text(object.name)?;
                csv.text(field)?;
                csv.text(if readable { "true" } else { "false" })?;
                csv.text(if readable {
                    ""
                } else {
                    "the file has no such column"
                })?;
                for _ in 0..4 {
                    csv.text("")?;
                }
                csv.end()
            };
            write().map_err(&failed)?;
        }
    }
    csv.finish(staging)
}
