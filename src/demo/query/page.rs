//! Writes records as REST pages and as bulk CSV, straight into bytes.

use super::path::{Path, Step};
use super::plan::{Plan, Shape};
use crate::demo::store::{Kind, RowNo, Store};
use crate::model::SfId;

/// A part of the records of a query, as JSON.
pub(in crate::demo) struct Page<'a> {
    pub(in crate::demo) store: &'a Store,
    pub(in crate::demo) plan: &'a Plan,
    /// `/services/data/v65.0`
    pub(in crate::demo) base: &'a str,
}

/// A field, or the fields of a parent.
enum Node<'p> {
    Field(&'p Path),
    Parent(&'p Step, Vec<Node<'p>>),
}

/// Columns as they stand in a record: those of one parent together, where the first of them stands.
fn nodes<'p>(paths: &[&'p Path], depth: usize) -> Vec<Node<'p>> {
    let mut found: Vec<Node<'p>> = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for path in paths {
        let Some(step) = path.steps.get(depth) else {
            found.push(Node::Field(path));
            continue;
        };
        if done.contains(&step.name.as_str()) {
            continue;
        }
        done.push(&step.name);
        let same: Vec<&'p Path> = paths
            .iter()
            .copied()
            .filter(|other| {
                other
                    .steps
                    .get(depth)
                    .is_some_and(|own| own.name == step.name)
            })
            .collect();
        found.push(Node::Parent(step, nodes(&same, depth + 1)));
    }
    found
}

impl Page<'_> {
    /// Adds the elements of `records`.
    pub(in crate::demo) fn records(&self, out: &mut Vec<u8>, rows: &[RowNo]) {
        let Shape::Records(columns) = &self.plan.shape else {
            return;
        };
        let paths: Vec<&Path> = columns.iter().collect();
        let nodes = nodes(&paths, 0);
        // Megabytes: a guess that is too small would be paid by copying.
        out.reserve(rows.len() * (200 + 40 * columns.len()));
        let mut cells = Vec::new();
        for (number, &row) in rows.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            self.record(out, &mut cells, (self.plan.table, row), None, &nodes);
        }
    }

    fn record<'s>(
        &'s self,
        out: &mut Vec<u8>,
        cells: &mut Vec<&'s str>,
        (number, row): (usize, RowNo),
        type_name: Option<&str>,
        nodes: &[Node<'_>],
    ) {
        let Some(table) = self.store.at(number) else {
            out.extend_from_slice(b"null");
            return;
        };
        table.cells(row, cells);
        let id = table
            .id(row)
            .map_or_else(|| "000000000000000AAA".to_owned(), SfId::text);
        let tooling = if self.plan.tooling { "/tooling" } else { "" };
        out.extend_from_slice(b"{\"attributes\":{\"type\":");
        text(out, type_name.unwrap_or(&table.name));
        out.extend_from_slice(b",\"url\":");
        text(
            out,
            &format!("{}{tooling}/sobjects/{}/{id}", self.base, table.name),
        );
        out.push(b'}');
        let mut parents = Vec::new();
        for node in nodes {
            match node {
                Node::Field(path) => {
                    out.push(b',');
                    text(out, &path.name);
                    out.push(b':');
                    let field = path.leaf.iter().find(|(own, _)| *own == number);
                    let found = field.map(|(_, field)| table.value_in(row, *field, cells));
                    value(out, path.kind, &found.unwrap_or_default());
                }
                Node::Parent(step, nodes) => {
                    out.push(b',');
                    text(out, &step.name);
                    out.push(b':');
                    match step.follow(self.store, number, row) {
                        None => out.extend_from_slice(b"null"),
                        Some(parent) => {
                            let name = step.is_polymorphic().then_some("Name");
                            self.record(out, &mut parents, parent, name, nodes);
                        }
                    }
                }
            }
        }
        out.push(b'}');
    }
}

/// A JSON string.
fn text(out: &mut Vec<u8>, text: &str) {
    let plain = text
        .bytes()
        .all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        // Writing to memory does not fail, and any text can be a JSON string.
        let _ = serde_json::to_writer(&mut *out, text);
    }
}

fn value(out: &mut Vec<u8>, kind: Kind, found: &str) {
    match kind {
        _ if found.is_empty() => out.extend_from_slice(b"null"),
        Kind::Boolean => {
            let flag: &[u8] = if found.eq_ignore_ascii_case("true") {
                b"true"
            } else {
                b"false"
            };
            out.extend_from_slice(flag);
        }
        Kind::Number if serde_json::from_str::<serde_json::Number>(found).is_ok() => {
            out.extend_from_slice(found.as_bytes());
        }
        _ => text(out, found),
    }
}

/// Records as Bulk API 2.0 writes them: a header, all cells in quotes, LF.
pub(in crate::demo) fn bulk_csv(store: &Store, plan: &Plan, rows: &[RowNo]) -> Vec<u8> {
    let Shape::Records(columns) = &plan.shape else {
        return Vec::new();
    };
    let mut out = Vec::with_capacity(rows.len() * 200);
    for (number, path) in columns.iter().enumerate() {
        cell(&mut out, number, &path.text());
    }
    out.push(b'\n');
    for &row in rows {
        for (number, path) in columns.iter().enumerate() {
            cell(&mut out, number, &path.value(store, plan.table, row));
        }
        out.push(b'\n');
    }
    out
}

fn cell(out: &mut Vec<u8>, number: usize, text: &str) {
    if number > 0 {
        out.push(b',');
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
