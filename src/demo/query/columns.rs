//! The answer to `columns=true`, an undocumented parameter by which the Salesforce CLI asks for the columns of a query.

use super::path::Path;
use super::plan::{Plan, Shape};
use crate::demo::store::{Kind, Store};
use serde_json::{Value, json};

/// The columns of a query instead of its records.
pub(in crate::demo) fn column_metadata(store: &Store, plan: &Plan) -> Value {
    let entity = store.at(plan.table).map_or("", |table| table.name.as_str());
    let (columns, grouped) = match &plan.shape {
        Shape::Count => (Vec::new(), false),
        Shape::Records(paths) => (tree(&paths.iter().collect::<Vec<_>>(), 0), false),
        Shape::Groups(aggregates) => {
            let columns = aggregates
                .columns()
                .map(|(name, aggregate, path)| column(name, aggregate, path.kind, &[]))
                .collect();
            (columns, true)
        }
    };
    json!({
        "columnMetadata": columns,
        "entityName": entity,
        "groupBy": grouped,
        "idSelected": matches!(&plan.shape, Shape::Records(paths) if paths.iter().any(Path::is_own_id)),
        "keyPrefix": store.at(plan.table).and_then(crate::demo::store::Table::prefix),
    })
}

fn tree(paths: &[&Path], depth: usize) -> Vec<Value> {
    let mut found = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for path in paths {
        let Some(step) = path.steps.get(depth) else {
            found.push(column(&path.name, false, path.kind, &[]));
            continue;
        };
        if done.contains(&step.name.as_str()) {
            continue;
        }
        done.push(&step.name);
        let same: Vec<&Path> = paths
            .iter()
            .copied()
            .filter(|other| {
                other
                    .steps
                    .get(depth)
                    .is_some_and(|own| own.name == step.name)
            })
            .collect();
        found.push(column(
            &step.name,
            false,
            Kind::Reference,
            &tree(&same, depth + 1),
        ));
    }
    found
}

fn column(name: &str, aggregate: bool, kind: Kind, inner: &[Value]) -> Value {
    json!({
        "aggregate": aggregate,
        "apexType": match kind {
            Kind::Id | Kind::Reference => "Id",
            Kind::Text => "String",
            Kind::Boolean => "Boolean",
            Kind::Number => "Integer",
            Kind::Date => "Date",
            Kind::DateTime => "Datetime",
        },
        "booleanType": kind == Kind::Boolean,
        "columnName": name,
        "custom": name.ends_with("__c"),
        "displayName": name,
        "foreignKeyName": null,
        "insertable": false,
        "joinColumns": inner,
        "numberType": kind == Kind::Number,
        "textType": kind == Kind::Text,
        "updatable": false,
    })
}
