//! For programs: one line per cell as CSV, the whole view as JSON.

use super::super::listing::Listing;
use super::super::summary::OrgInfo;
use super::super::words::confidence;
use super::{SCHEMA, Totals, pretty, totals};
use crate::finding::Confidence;
use crate::matrix::{By, CellVerdict, Entry, Matrix, View};
use crate::model::UserType;
use serde::Serialize;
use std::io::{self, Write};

/// One cell as CSV and JSON show it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_id: Option<String>,
    license: String,
    license_id: Option<String>,
    license_key: Option<String>,
    user_type: Option<&'static str>,
    kind: &'static str,
    item: String,
    item_label: Option<String>,
    item_id: Option<String>,
    verdict: CellVerdict,
    confidence: Confidence,
    witnesses: Option<u64>,
    reason: String,
}

impl Line {
    fn new(m: &Matrix, entry: Entry) -> Self {
        let license = m.license(entry.side.license);
        let profile = entry.profile.map(|profile| m.named_profile(profile));
        let (profile, profile_id) =
            profile.map_or((None, None), |named| (Some(named.name), named.id));
        Self {
            profile,
            profile_id,
            license: license.map_or_else(String::new, |row| row.name.to_string()),
            license_id: license.and_then(|row| m.org.shown_id(row.id)),
            license_key: license
                .and_then(|row| row.key.as_ref())
                .map(ToString::to_string),
            user_type: entry.side.kind.map(UserType::name),
            kind: entry.named.kind,
            item: entry.named.name,
            item_label: entry.named.label,
            item_id: entry.named.id,
            verdict: entry.cell.verdict,
            confidence: entry.cell.confidence,
            witnesses: entry.cell.witnesses,
            reason: entry.cell.reason,
        }
    }
}

/// Writes one line for each cell.
pub fn write_csv(out: &mut dyn Write, m: &Matrix, view: &View) -> io::Result<()> {
    let mut list = Listing::new(&[
        "profile",
        "profile_id",
        "license",
        "license_id",
        "license_key",
        "user_type",
        "kind",
        "item",
        "item_label",
        "item_id",
        "verdict",
        "confidence",
        "witnesses",
        "reason",
    ]);
    for entry in view.entries(m) {
        let line = Line::new(m, entry);
        let text = Option::unwrap_or_default;
        list.push(vec![
            text(line.profile),
            text(line.profile_id),
            line.license,
            text(line.license_id),
            text(line.license_key),
            line.user_type.unwrap_or_default().to_owned(),
            line.kind.to_owned(),
            line.item,
            text(line.item_label),
            text(line.item_id),
            line.verdict.as_str().to_owned(),
            confidence(line.confidence).to_owned(),
            line.witnesses
                .map_or_else(String::new, |count| count.to_string()),
            line.reason,
        ]);
    }
    list.write_csv(out)
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct LicenseLine {
    id: Option<String>,
    name: String,
    key: Option<String>,
    user_type: Option<&'static str>,
    family: Option<&'static str>,
    disabled: Option<bool>,
    total: Option<i64>,
    used: Option<i64>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct ProfileLine {
    id: Option<String>,
    name: String,
    license_id: Option<String>,
    user_type: Option<&'static str>,
    custom: Option<bool>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct Document<'a> {
    schema: &'static str,
    org: &'a OrgInfo,
    knowledge: &'static str,
    by: &'static str,
    licenses: Vec<LicenseLine>,
    profiles: Vec<ProfileLine>,
    summary: Totals,
    cells: Vec<Line>,
}

/// Writes the whole view, with the licenses and the license of each profile.
pub fn write_json(
    out: &mut dyn Write,
    m: &Matrix,
    view: &View,
    heading: &OrgInfo,
) -> io::Result<()> {
    let entries: Vec<Entry> = view.entries(m).collect();
    let document = Document {
        schema: SCHEMA,
        org: heading,
        knowledge: m.knowledge.version(),
        by: match view.by {
            By::License => "license",
            By::Profile => "profile",
        },
        licenses: licenses(m),
        profiles: profiles(m),
        summary: totals(&entries),
        cells: entries
            .into_iter()
            .map(|entry| Line::new(m, entry))
            .collect(),
    };
    pretty(out, &document)
}

fn licenses(m: &Matrix) -> Vec<LicenseLine> {
    m.org
        .licenses
        .iter()
        .map(|(id, row)| LicenseLine {
            id: m.org.shown_id(row.id),
            name: row.name.to_string(),
            key: row.key.as_ref().map(ToString::to_string),
            user_type: m.side_of_license(id).kind.map(UserType::name),
            family: m.family(id).map(crate::knowledge::Family::as_str),
            disabled: row.disabled.get(),
            total: row.total.get(),
            used: row.used.get(),
        })
        .collect()
}

fn profiles(m: &Matrix) -> Vec<ProfileLine> {
    m.org
        .profiles
        .iter()
        .map(|(_, row)| ProfileLine {
            id: m.org.shown_id(row.id),
            name: row.name.to_string(),
            license_id: row
                .license
                .get()
                .and_then(|license| m.license(license))
                .and_then(|license| m.org.shown_id(license.id)),
            user_type: row.user_type.get().map(UserType::name),
            custom: row.custom.get(),
        })
        .collect()
}
