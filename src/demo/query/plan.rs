//! A query whose names are resolved: what is read, from which object, in which order.

use super::aggregate::Aggregates;
use super::filter::{IdRange, Test, test};
use super::path::Path;
use crate::demo::refusal::Refusal;
use crate::demo::sight::Sight;
use crate::demo::soql::{FieldPath, Item, Query, Which, parse};
use crate::demo::store::Table;
use std::collections::BTreeSet;

/// The greatest OFFSET.
const MOST_OFFSET: usize = 2000;
/// The greatest LIMIT of a query with FIELDS(ALL) or FIELDS(CUSTOM).
const MOST_OF_ALL_FIELDS: usize = 200;

/// A query that can be run.
#[derive(Clone, Debug)]
pub(in crate::demo) struct Plan {
    /// The number of the object.
    pub(in crate::demo) table: usize,
    pub(in crate::demo) shape: Shape,
    pub(super) filter: Option<Test>,
    pub(super) range: IdRange,
    pub(super) order: Vec<Key>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    /// The Tooling API was asked: addresses of records say so.
    pub(in crate::demo) tooling: bool,
}

/// What an answer consists of.
#[derive(Clone, Debug)]
pub(in crate::demo) enum Shape {
    /// Records with these fields.
    Records(Vec<Path>),
    /// A number, no records.
    Count,
    /// One record for each group.
    Groups(Aggregates),
}

/// One key of the order.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) path: Path,
    pub(super) descending: bool,
    pub(super) nulls_last: bool,
}

impl Plan {
    /// Reads and resolves a query.
    ///
    /// # Errors
    /// As Salesforce would refuse it, or `MALFORMED_QUERY` for what the fake org does not understand.
    pub(in crate::demo) fn new(sight: &Sight<'_>, soql: &str) -> Result<Self, Refusal> {
        let query = parse(soql).map_err(|fault| Refusal::malformed(soql, &fault))?;
        let (number, table) = sight
            .object(&query.from.text)
            .ok_or_else(|| Refusal::no_object(soql, &query.from.text, query.from.at))?;
        let shape = shape(sight, soql, number, table, &query)?;
        let filter = query
            .filter
            .as_ref()
            .map(|condition| test(sight, soql, number, condition))
            .transpose()?;
        let order = order(sight, soql, number, &query)?;
        let offset = query.offset.unwrap_or(0);
        if offset > MOST_OFFSET {
            let message = format!("Maximum SOQL offset allowed is {MOST_OFFSET}");
            return Err(Refusal::new(400, "NUMBER_OUTSIDE_VALID_RANGE", message));
        }
        Ok(Self {
            table: number,
            shape,
            range: filter.as_ref().map(IdRange::of).unwrap_or_default(),
            filter,
            order,
            limit: query.limit,
            offset,
            tooling: sight.tooling,
        })
    }
}

fn shape(
    sight: &Sight<'_>,
    soql: &str,
    number: usize,
    table: &Table,
    query: &Query,
) -> Result<Shape, Refusal> {
    if query.select.contains(&Item::CountAll) {
        return match query.select.as_slice() {
            [Item::CountAll] if query.group.is_empty() && query.order.is_empty() => {
                Ok(Shape::Count)
            }
            _ => Err(Refusal::new(
                400,
                "MALFORMED_QUERY",
                "COUNT() must be the only element of the select list, without GROUP BY and ORDER BY",
            )),
        };
    }
    let aggregates = query
        .select
        .iter()
        .any(|item| matches!(item, Item::Aggregate { .. }));
    if aggregates || !query.group.is_empty() {
        return Aggregates::new(sight, soql, number, query).map(Shape::Groups);
    }
    let mut columns = Vec::new();
    let mut seen = BTreeSet::new();
    for item in &query.select {
        let paths = match item {
            Item::Field(path) => vec![Path::resolve(sight, soql, number, path)?],
            Item::Fields { which, at } => {
                all_fields(sight, soql, number, table, (*which, *at), query.limit)?
            }
            Item::CountAll | Item::Aggregate { .. } => Vec::new(),
        };
        for path in paths {
            let text = path.text();
            if !seen.insert(text.to_ascii_lowercase()) {
                let message = format!("duplicate field selected: {text}");
                return Err(Refusal::new(400, "INVALID_FIELD", message));
            }
            columns.push(path);
        }
    }
    Ok(Shape::Records(columns))
}

/// What `FIELDS()` stands for.
fn all_fields(
    sight: &Sight<'_>,
    soql: &str,
    number: usize,
    table: &Table,
    (which, at): (Which, usize),
    limit: Option<usize>,
) -> Result<Vec<Path>, Refusal> {
    if which != Which::Standard && limit.is_none_or(|limit| limit > MOST_OF_ALL_FIELDS) {
        let message =
            format!("The SOQL FIELDS function must have a LIMIT of at most {MOST_OF_ALL_FIELDS}");
        return Err(Refusal::at("MALFORMED_QUERY", soql, at, &message));
    }
    table
        .fields
        .iter()
        .filter(|field| match which {
            Which::All => true,
            Which::Standard => !field.is_custom(),
            Which::Custom => field.is_custom(),
        })
        .filter(|field| sight.field(table, &field.name).is_some())
        .map(|field| {
            let path = FieldPath {
                parts: vec![field.name.clone()],
                at,
            };
            Path::resolve(sight, soql, number, &path)
        })
        .collect()
}

fn order(sight: &Sight<'_>, soql: &str, number: usize, query: &Query) -> Result<Vec<Key>, Refusal> {
    query
        .order
        .iter()
        .map(|order| {
            Ok(Key {
                path: Path::resolve(sight, soql, number, &order.path)?,
                descending: order.descending,
                nulls_last: order.nulls_last.unwrap_or(false),
            })
        })
        .collect()
}
