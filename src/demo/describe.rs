//! `GET /sobjects` and `GET /sobjects/User/describe`

use super::http::Answer;
use super::refusal::Refusal;
use super::rest::Call;
use super::store::{Table, spaced};
use serde_json::{Map, Value, json};

/// All objects that the caller sees.
pub(super) fn global(call: &Call<'_>) -> Answer {
    let tooling = call.rest().first() == Some(&"tooling");
    let store = call.org.store();
    let sight = call.org.sight(&store, call.caller, tooling);
    let objects: Vec<Value> = store
        .tables()
        .filter(|table| sight.sees(table))
        .map(|table| Value::Object(head(call, table)))
        .collect();
    Answer::json(
        200,
        &json!({ "encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects }),
    )
}

/// One object with its fields.
pub(super) fn one(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parts = call.rest();
    let tooling = parts.first() == Some(&"tooling");
    let name = parts.iter().rev().nth(1).copied().unwrap_or_default();
    let store = call.org.store();
    let sight = call.org.sight(&store, call.caller, tooling);
    let (_, table) = sight.object(name).ok_or_else(Refusal::not_found)?;
    // Describes are made anew only when the org changes, which this one does not while it runs.
    if call.request.header("if-modified-since").is_some() {
        return Ok(Answer::empty(304));
    }
    let mut told = head(call, table);
    let fields: Vec<Value> = table
        .fields
        .iter()
        .filter(|field| sight.describes(table, field))
        .map(super::store::Field::describe)
        .collect();
    told.insert("fields".to_owned(), Value::Array(fields));
    for empty in [
        "childRelationships",
        "recordTypeInfos",
        "actionOverrides",
        "supportedScopes",
    ] {
        told.entry(empty).or_insert_with(|| json!([]));
    }
    Ok(Answer::json(200, &Value::Object(told)))
}

/// What is told of an object in both answers.
fn head(call: &Call<'_>, table: &Table) -> Map<String, Value> {
    let url = format!("{}/sobjects/{}", call.base(), table.name);
    let label = spaced(&table.name);
    let told = json!({
        "activateable": false, "associateEntityType": null, "associateParentEntity": null, "createable": true,
        "custom": table.name.ends_with("__c"), "customSetting": false, "deepCloneable": false, "deletable": true,
        "deprecatedAndHidden": false, "feedEnabled": false, "hasSubtypes": false, "isInterface": false, "isSubtype": false,
        "keyPrefix": table.prefix(), "label": label, "labelPlural": format!("{label}s"), "layoutable": false, "mergeable": false,
        "mruEnabled": false, "name": table.name, "queryable": true, "replicateable": true, "retrieveable": true,
        "searchable": false, "triggerable": true, "undeletable": false, "updateable": true,
        "urls": { "describe": format!("{url}/describe"), "rowTemplate": format!("{url}/{{ID}}"), "sobject": url },
    });
    let mut told = match told {
        Value::Object(told) => told,
        _ => Map::new(),
    };
    for (key, value) in &table.recorded {
        told.insert(key.clone(), value.clone());
    }
    told
}
