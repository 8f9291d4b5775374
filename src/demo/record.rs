//! `GET /sobjects/User/005...`

use super::http::Answer;
use super::query::{Page, Plan};
use super::refusal::Refusal;
use super::rest::Call;
use crate::model::SfId;

/// One record with all its fields, or with those that `fields=` names.
pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parts = call.rest();
    let tooling = parts.first() == Some(&"tooling");
    let (Some(id), Some(name)) = (parts.last().copied(), parts.iter().rev().nth(1).copied()) else {
        return Err(Refusal::not_found());
    };
    let store = call.org.store();
    let sight = call.org.sight(&store, call.caller, tooling);
    let (_, table) = sight.object(name).ok_or_else(Refusal::not_found)?;
    let missing = || {
        let message =
            format!("Provided external ID field does not exist or is not accessible: {id}");
        Refusal::new(404, "NOT_FOUND", message)
    };
    let row = SfId::parse(id)
        .ok()
        .and_then(|id| table.find(id))
        .ok_or_else(missing)?;
    let fields = match call.request.parameter("fields") {
        Some(fields) => fields.to_owned(),
        None => table
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .filter(|name| sight.field(table, name).is_some())
            .collect::<Vec<_>>()
            .join(","),
    };
    let plan = Plan::new(&sight, &format!("SELECT {fields} FROM {}", table.name))?;
    let base = call.base();
    let page = Page {
        store: &store,
        plan: &plan,
        base: &base,
    };
    let mut out = Vec::new();
    page.records(&mut out, &[row]);
    Ok(Answer::bytes(out))
}
