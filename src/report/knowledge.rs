//! The shipped facts as the program has them, with the source of every line.

use super::listing::Listing;
use super::matrix::pretty;
use crate::knowledge::{Knowledge, ShippedTable};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The schema of [`write_json`].
pub const SCHEMA: &str = "sfcompat-knowledge/1";

/// Every cell of every table as one list: `table`, `line`, `column`, `value`, `source`, so that one CSV file holds them all.
fn cells(tables: &[ShippedTable]) -> Listing {
    let mut list = Listing::new(&["table", "line", "column", "value", "source"]);
    for table in tables {
        for (n, row) in table.rows.iter().enumerate() {
            let source = row.last().copied().unwrap_or_default();
            for (column, value) in table.header.iter().zip(row) {
                if *column != "source" && !value.is_empty() {
                    list.push(vec![
                        table.name.to_owned(),
                        (n + 2).to_string(),
                        (*column).to_owned(),
                        (*value).to_owned(),
                        source.to_owned(),
                    ]);
                }
            }
        }
    }
    list
}

/// Writes each table under its name.
pub fn write_table(
    out: &mut dyn Write,
    knowledge: &Knowledge,
    width: Option<u16>,
) -> io::Result<()> {
    writeln!(
        out,
        "Shipped facts of {}. Data of an org beats every one of them.",
        knowledge.version()
    )?;
    for table in knowledge.tables() {
        writeln!(out, "\n{} ({} lines)", table.name, table.rows.len())?;
        listing(&table).write_table(out, width)?;
    }
    Ok(())
}

/// Writes each table as Markdown.
pub fn write_markdown(out: &mut dyn Write, knowledge: &Knowledge) -> io::Result<()> {
    writeln!(out, "# Shipped facts of {}", knowledge.version())?;
    for table in knowledge.tables() {
        writeln!(out, "\n## {}\n", table.name)?;
        listing(&table).write_markdown(out)?;
    }
    Ok(())
}

/// Writes one CSV table: a line for each cell that is not empty.
pub fn write_csv(out: &mut dyn Write, knowledge: &Knowledge) -> io::Result<()> {
    cells(&knowledge.tables()).write_csv(out)
}

fn listing(table: &ShippedTable) -> Listing {
    let mut list = Listing::new(&table.header);
    for row in &table.rows {
        list.push(row.iter().map(|cell| (*cell).to_owned()).collect());
    }
    list
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Document {
    schema: &'static str,
    version: &'static str,
    tables: BTreeMap<&'static str, Vec<BTreeMap<&'static str, &'static str>>>,
}

/// Writes all tables; a line is an object by column.
pub fn write_json(out: &mut dyn Write, knowledge: &Knowledge) -> io::Result<()> {
    let tables = knowledge
        .tables()
        .into_iter()
        .map(|table| {
            let rows = table
                .rows
                .iter()
                .map(|row| {
                    table
                        .header
                        .iter()
                        .copied()
                        .zip(row.iter().copied())
                        .collect()
                })
                .collect();
            (table.name, rows)
        })
        .collect();
    pretty(
        out,
        &Document {
            schema: SCHEMA,
            version: knowledge.version(),
            tables,
        },
    )
}
