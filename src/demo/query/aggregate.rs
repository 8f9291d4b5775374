//! `COUNT(Id)`, `MAX(SystemModstamp)`, `GROUP BY`.

use super::filter::{Operand, read};
use super::path::Path;
use crate::demo::refusal::Refusal;
use crate::demo::sight::Sight;
use crate::demo::soql::{Function, Item, Query};
use crate::demo::store::{Kind, RowNo, Store};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

/// The columns of an aggregate query.
#[derive(Clone, Debug)]
pub(in crate::demo) struct Aggregates {
    group: Vec<Path>,
    columns: Vec<Column>,
}

#[derive(Clone, Debug)]
struct Column {
    name: String,
    /// `None`: a field of the group.
    function: Option<Function>,
    path: Path,
}

/// What a function has seen so far.
#[derive(Default)]
struct Seen {
    count: u64,
    distinct: FxHashSet<String>,
    least: Option<(Operand, String)>,
    greatest: Option<(Operand, String)>,
}

impl Aggregates {
    /// Resolves the select list of a query with functions or groups.
    ///
    /// # Errors
    /// A field that is not there, or that is neither grouped nor aggregated.
    pub(super) fn new(
        sight: &Sight<'_>,
        soql: &str,
        table: usize,
        query: &Query,
    ) -> Result<Self, Refusal> {
        let group = query
            .group
            .iter()
            .map(|path| Path::resolve(sight, soql, table, path))
            .collect::<Result<Vec<_>, _>>()?;
        let mut columns = Vec::new();
        let mut numbered = 0;
        for item in &query.select {
            let (name, function, path) = match item {
                Item::Field(written) => {
                    let path = Path::resolve(sight, soql, table, written)?;
                    if !group.contains(&path) {
                        let message =
                            format!("Field must be grouped or aggregated: {}", path.text());
                        return Err(Refusal::at("MALFORMED_QUERY", soql, written.at, &message));
                    }
                    (path.name.clone(), None, path)
                }
                Item::Aggregate {
                    function,
                    path,
                    alias,
                } => {
                    let name = alias.clone().unwrap_or_else(|| {
                        numbered += 1;
                        format!("expr{}", numbered - 1)
                    });
                    (
                        name,
                        Some(*function),
                        Path::resolve(sight, soql, table, path)?,
                    )
                }
                Item::CountAll | Item::Fields { .. } => {
                    let message =
                        "FIELDS() and COUNT() do not go with GROUP BY or aggregate functions";
                    return Err(Refusal::new(400, "MALFORMED_QUERY", message));
                }
            };
            columns.push(Column {
                name,
                function,
                path,
            });
        }
        if !query.order.is_empty() {
            let message = "ORDER BY together with GROUP BY is not understood by this test org";
            return Err(Refusal::new(400, "MALFORMED_QUERY", message));
        }
        Ok(Self { group, columns })
    }

    /// One record for each group, in the order in which the groups turn up.
    pub(in crate::demo) fn records(
        &self,
        store: &Store,
        table: usize,
        rows: &[RowNo],
    ) -> Vec<Value> {
        let mut groups: Vec<(Vec<String>, Vec<Seen>)> = Vec::new();
        let mut numbers: FxHashMap<Vec<String>, usize> = FxHashMap::default();
        let empty = || {
            self.columns
                .iter()
                .map(|_| Seen::default())
                .collect::<Vec<_>>()
        };
        if self.group.is_empty() {
            numbers.insert(Vec::new(), 0);
            groups.push((Vec::new(), empty()));
        }
        for &row in rows {
            let key: Vec<String> = self
                .group
                .iter()
                .map(|path| path.value(store, table, row).into_owned())
                .collect();
            let number = *numbers.entry(key.clone()).or_insert_with(|| {
                groups.push((key, empty()));
                groups.len() - 1
            });
            let Some((_, seen)) = groups.get_mut(number) else {
                continue;
            };
            for (column, seen) in self.columns.iter().zip(seen) {
                if column.function.is_some() {
                    seen.add(column.path.kind, &column.path.value(store, table, row));
                }
            }
        }
        groups
            .iter()
            .map(|(key, seen)| self.record(key, seen))
            .collect()
    }

    fn record(&self, key: &[String], seen: &[Seen]) -> Value {
        let mut record = Map::new();
        record.insert(
            "attributes".to_owned(),
            json!({ "type": "AggregateResult" }),
        );
        for (column, seen) in self.columns.iter().zip(seen) {
            let text = |found: &Option<(Operand, String)>| {
                found
                    .as_ref()
                    .map_or(Value::Null, |(_, text)| value(column.path.kind, text))
            };
            let value = match column.function {
                None => self
                    .group
                    .iter()
                    .position(|path| *path == column.path)
                    .and_then(|place| key.get(place))
                    .map_or(Value::Null, |text| value(column.path.kind, text)),
                Some(Function::Count) => json!(seen.count),
                Some(Function::CountDistinct) => json!(seen.distinct.len()),
                Some(Function::Min) => text(&seen.least),
                Some(Function::Max) => text(&seen.greatest),
            };
            record.insert(column.name.clone(), value);
        }
        Value::Object(record)
    }

    /// Names of the columns, and whether a function makes them.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, bool, &Path)> {
        self.columns.iter().map(|column| {
            (
                column.name.as_str(),
                column.function.is_some(),
                &column.path,
            )
        })
    }
}

impl Seen {
    fn add(&mut self, kind: Kind, text: &str) {
        let Some(own) = read(kind, text) else {
            return;
        };
        self.count += 1;
        self.distinct.insert(text.to_owned());
        let replaces = |old: &Option<(Operand, String)>, order: std::cmp::Ordering| {
            old.as_ref()
                .is_none_or(|(old, _)| own.against(old) == Some(order))
        };
        if replaces(&self.least, std::cmp::Ordering::Less) {
            self.least = Some((own.clone(), text.to_owned()));
        }
        if replaces(&self.greatest, std::cmp::Ordering::Greater) {
            self.greatest = Some((own, text.to_owned()));
        }
    }
}

/// A value as JSON.
pub(super) fn value(kind: Kind, text: &str) -> Value {
    match kind {
        _ if text.is_empty() => Value::Null,
        Kind::Boolean => Value::Bool(text.eq_ignore_ascii_case("true")),
        Kind::Number => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        _ => json!(text),
    }
}
