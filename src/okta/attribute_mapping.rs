//! Attribute mappings: an expression for each attribute. Every value that it can result in becomes a row.

use super::Error;
use super::expression::{parse, reach};
use super::table::{Table, TableWriter};
use crate::input::Attribute;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// One mapped attribute of the app's users.
pub(super) struct Mapped {
    /// Its record, from 1.
    pub(super) record: u32,
    /// Its line, from 1.
    pub(super) line: u64,
    /// The attribute.
    pub(super) property: String,
    /// The expression.
    pub(super) expression: String,
}

/// Columns that carry the record itself, for the rules that look at expressions.
pub(super) const PROPERTY: &str = "property";
pub(super) const EXPRESSION: &str = "expression";

/// Makes the table: one column for each attribute that decides access, one row for each value that can result.
pub(super) fn of_rows(path: &str, mapped: &[Mapped]) -> Result<Table, Error> {
    if mapped.is_empty() {
        return Err(Error::NoRows {
            path: path.into(),
            what: "mapped attribute",
        });
    }
    let access: BTreeSet<&str> = mapped
        .iter()
        .map(|one| one.property.as_str())
        .filter(|property| crate::input::access_column(property).is_some())
        .collect();
    let mut header = vec![PROPERTY.to_owned(), EXPRESSION.to_owned()];
    header.extend(access.iter().map(|&property| property.to_owned()));
    let mut writer = TableWriter::new(header).map_err(Error::Table)?;
    for one in mapped {
        let values = match access.get(one.property.as_str()) {
            // What does not parse is said by a rule, with its place.
            Some(_) => {
                parse(&one.expression).map_or_else(|_| Vec::new(), |expr| reach(&expr).values)
            }
            None => Vec::new(),
        };
        let list = crate::input::access_column(&one.property).is_some_and(Attribute::is_list);
        let mut values = values.into_iter();
        let mut first = true;
        loop {
            let value = values.next();
            if value.is_none() && !first {
                break;
            }
            let cell = |column: &str| -> Option<Cow<'_, str>> {
                match column {
                    PROPERTY => Some(one.property.as_str().into()),
                    EXPRESSION if first => Some(one.expression.as_str().into()),
                    EXPRESSION => None,
                    own if own == one.property => {
                        let text = &value.as_ref()?.text;
                        Some(if list {
                            serde_json::to_string(&[text]).unwrap_or_default().into()
                        } else {
                            text.clone().into()
                        })
                    }
                    _ => None,
                }
            };
            writer
                .row(one.record, one.line, cell)
                .map_err(Error::Table)?;
            first = false;
        }
    }
    writer.finish().map_err(Error::Table)
}

/// `GET /api/v1/mappings/ID`
#[derive(Deserialize)]
struct Mapping {
    #[serde(default)]
    source: Option<Side>,
    #[serde(default)]
    target: Option<Side>,
    #[serde(default)]
    properties: BTreeMap<String, Property>,
}

#[derive(Deserialize)]
struct Side {
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(default)]
    expression: Option<String>,
    #[serde(default, rename = "pushStatus")]
    push_status: Option<String>,
}

fn to_okta(path: &str) -> Error {
    Error::Shape {
        path: path.into(),
        line: 1,
        reason: "this mapping goes from the app to Okta (okta pull writes it as mapping-to-okta.json): nothing of it is pushed to Salesforce; give the one whose target is the app (mapping.json)",
    }
}

/// Makes the table of a mapping of the API.
pub(super) fn of_json(path: &str, text: &str) -> Result<Table, Error> {
    let mapping: Mapping =
        serde_json::from_str(text).map_err(|error| Error::json(path, 1, &error))?;
    let kind = |side: Option<Side>| side.and_then(|side| side.kind);
    let to_app = match kind(mapping.target) {
        Some(kind) => kind == "appuser",
        None => kind(mapping.source).is_none_or(|kind| kind != "appuser"),
    };
    if !to_app {
        return Err(to_okta(path));
    }
    let (mut mapped, mut pushes, mut creates) = (Vec::new(), Vec::new(), Vec::new());
    for (property, value) in mapping.properties {
        match value.push_status.as_deref() {
            Some("PUSH") => pushes.push(property.as_str().into()),
            Some("DONT_PUSH") => creates.push(property.as_str().into()),
            _ => {}
        }
        let wanted = serde_json::to_string(&property).unwrap_or_default();
        let at = text
            .find(&format!("{wanted}:"))
            .or_else(|| text.find(&wanted))
            .unwrap_or(0);
        let before = text.get(..at).unwrap_or_default();
        mapped.push((
            at,
            1 + before.bytes().filter(|byte| *byte == b'\n').count() as u64,
            property,
            value.expression.unwrap_or_default(),
        ));
    }
    // In the order of the text, not of the alphabet.
    mapped.sort();
    let mapped: Vec<Mapped> = mapped
        .into_iter()
        .zip(1..)
        .map(|((_, line, property, expression), record)| Mapped {
            record,
            line,
            property,
            expression,
        })
        .collect();
    let mut table = of_rows(path, &mapped)?;
    table.pushes = pushes;
    table.creates = creates;
    Ok(table)
}

/// Reads the file with the delimiter that was named, or else the one that cuts the most known names out of its header.
fn reader(text: &str, delimiter: Option<u8>) -> csv::Reader<&[u8]> {
    const KNOWN: [&str; 6] = [
        "property",
        "attribute",
        "expression",
        "name",
        "source",
        "target",
    ];
    let is_known = |name: &str| KNOWN.contains(&name.to_ascii_lowercase().as_str());
    let header = text.lines().next().unwrap_or_default();
    csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or_else(|| crate::input::delimiter(header, is_known)))
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The line on which a record starts, from 1: the reader counts the second half of CRLF and blank lines to what follows them.
fn line_of(text: &str, at: &csv::Position) -> u64 {
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + ends.filter(|byte| **byte == b'\n').count() as u64
}

/// Makes the table of `name,target,property,expression`. Mappings to other apps and from the app to Okta are left out.
pub(super) fn of_csv(path: &str, text: &str, delimiter: Option<u8>) -> Result<Table, Error> {
    let mut reader = reader(text, delimiter);
    let csv_error = |error: &csv::Error| Error::Shape {
        path: path.into(),
        line: error.position().map_or(1, csv::Position::line),
        reason: "this line is no CSV that can be read",
    };
    let header = reader.headers().map_err(|error| csv_error(&error))?.clone();
    let place = |wanted: &[&str]| {
        header.iter().position(|cell| {
            wanted.contains(
                &cell
                    .trim()
                    .trim_start_matches('\u{feff}')
                    .to_ascii_lowercase()
                    .as_str(),
            )
        })
    };
    let (Some(property), Some(expression)) =
        (place(&["property", "attribute"]), place(&["expression"]))
    else {
        return Err(Error::Shape {
            path: path.into(),
            line: 1,
            reason: "no columns property and expression: a list of mappings without their expressions cannot be judged; export them with export_mappings_csv.py or from GET /api/v1/mappings/ID",
        });
    };
    let (source, target) = (place(&["name", "source"]), place(&["target"]));
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| csv_error(&error))?;
        let line = record.position().map_or(0, |at| line_of(text, at));
        let cell = |place: Option<usize>| {
            place
                .and_then(|n| record.get(n))
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        all.push((
            line,
            cell(source),
            cell(target),
            cell(Some(property)),
            cell(Some(expression)),
        ));
    }
    let apps: BTreeSet<&str> = all
        .iter()
        .filter(|(_, source, target, ..)| {
            source != target && !target.is_empty() && target != "user"
        })
        .map(|(_, _, target, ..)| target.as_str())
        .collect();
    let app = one_app(path, &apps)?.map(str::to_owned);
    if app.is_none() && !all.is_empty() && all.iter().all(|(_, _, target, ..)| target == "user") {
        return Err(to_okta(path));
    }
    let mapped: Vec<Mapped> = all
        .into_iter()
        .zip(1..)
        .map(|((line, _, target, property, expression), record)| {
            let ours = app.as_ref().is_none_or(|app| *app == target);
            Mapped {
                record,
                line,
                property: if ours { property } else { String::new() },
                expression: if ours { expression } else { String::new() },
            }
        })
        .collect();
    of_rows(path, &mapped)
}

/// The app whose mappings count; `None`: the file names no targets.
fn one_app<'a>(path: &str, apps: &BTreeSet<&'a str>) -> Result<Option<&'a str>, Error> {
    let named: Vec<&str> = apps
        .iter()
        .copied()
        .filter(|app| app.to_ascii_lowercase().starts_with("salesforce"))
        .collect();
    match (named.as_slice(), apps.iter().collect::<Vec<_>>().as_slice()) {
        ([one], _) => Ok(Some(one)),
        ([], [one]) => Ok(Some(one)),
        ([], []) => Ok(None),
        _ => Err(Error::TwoApps {
            path: path.into(),
            apps: apps.iter().copied().collect::<Vec<_>>().join(", "),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{line_of, reader};

    #[test]
    fn records_have_the_lines_on_which_they_start() {
        for (text, lines) in [
            ("property,expression\na,b\n\"c\nd\",e\nf,g\n", [2, 3, 5]),
            (
                "property,expression\r\na,b\r\n\"c\nd\",e\r\nf,g\r\n",
                [2, 3, 5],
            ),
            ("property,expression\n\na,b\nc,d\n\r\ne,f", [3, 4, 6]),
        ] {
            let found: Vec<u64> = reader(text, None)
                .records()
                .map(|record| line_of(text, record.expect("a record").position().expect("a place")))
                .collect();
            assert_eq!(found, lines, "{text:?}");
        }
    }
}
