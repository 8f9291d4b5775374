//! `query`, `queryAll`, `tooling/query`, and the pages after the first.

use super::cursor::Cursor;
use super::faults::Effect;
use super::http::Answer;
use super::query::{Page, Plan, Shape, column_metadata};
use super::refusal::Refusal;
use super::rest::Call;
use super::store::Store;
use serde_json::{Value, json};
use std::sync::Arc;

/// The page sizes that a client may ask for.
const LEAST: usize = 200;
const MOST: usize = 2000;

/// The first page, of `query` and `queryAll`.
pub(super) fn first(call: &Call<'_>, tooling: bool) -> Result<Answer, Refusal> {
    let soql = call.request.parameter("q").ok_or_else(|| {
        Refusal::new(400, "MALFORMED_QUERY", "A query string has to be specified")
    })?;
    let store = call.org.store();
    let sight = call.org.sight(&store, call.caller, tooling);
    let plan = Plan::new(&sight, soql)?;
    if call.request.parameter("columns") == Some("true") {
        return Ok(Answer::json(200, &column_metadata(&store, &plan)));
    }
    let deleted = call.rest().contains(&"queryAll");
    let asked = plan.find(&store, deleted);
    match &plan.shape {
        Shape::Count => Ok(Answer::json(
            200,
            &json!({ "totalSize": asked.rows.len(), "done": true, "records": [] }),
        )),
        Shape::Groups(aggregates) => {
            let records = aggregates.records(&store, plan.table, &asked.rows);
            Ok(Answer::json(
                200,
                &json!({ "totalSize": records.len(), "done": true, "records": records }),
            ))
        }
        Shape::Records(_) => {
            let cursor = Cursor {
                plan: Arc::new(plan),
                asked: Arc::new(asked),
                size: page_size(call),
                base: call.base(),
                resource: if tooling { "tooling/query" } else { "query" },
            };
            Ok(page(call, &store, cursor, None, 0))
        }
    }
}

/// A page after the first: `01g...-2000`.
pub(super) fn next(call: &Call<'_>) -> Result<Answer, Refusal> {
    let gone = || Refusal::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let parts = call.rest();
    let locator = parts.last().copied().unwrap_or_default();
    let (name, start) = locator.split_once('-').ok_or_else(gone)?;
    let start: usize = start.parse().map_err(|_| gone())?;
    let cursor = call.org.cursors().get(name).cloned().ok_or_else(gone)?;
    if start >= cursor.asked.rows.len() {
        return Err(gone());
    }
    let store = call.org.store();
    Ok(page(call, &store, cursor, Some(name), start))
}

/// Both, of the Tooling API.
pub(super) fn tooling(call: &Call<'_>) -> Result<Answer, Refusal> {
    if call.rest().len() > 2 {
        next(call)
    } else {
        first(call, true)
    }
}

/// How many records go on a page: what the client asks for, within the limits, and not more than the scenario allows.
fn page_size(call: &Call<'_>) -> usize {
    let asked = call
        .request
        .header("sforce-query-options")
        .and_then(|options| {
            options
                .split(',')
                .find_map(|option| option.trim().strip_prefix("batchSize="))
        })
        .and_then(|size| size.trim().parse::<usize>().ok());
    asked
        .unwrap_or(MOST)
        .clamp(LEAST, MOST)
        .min(call.org.settings.page_size)
        .max(1)
}

/// Writes one page, and keeps the cursor where records are left.
fn page(
    call: &Call<'_>,
    store: &Store,
    cursor: Cursor,
    name: Option<&str>,
    start: usize,
) -> Answer {
    let rows = &cursor.asked.rows;
    let mut size = cursor.size;
    let mut from = start;
    let mut endless = false;
    let mut next_url = None;
    for effect in call.due {
        match effect {
            Effect::ShorterPage(most) => size = size.min((*most).max(1)),
            Effect::RepeatRow => from = start.saturating_sub(1),
            Effect::SkipRow => from = start + 1,
            Effect::Endless => endless = true,
            Effect::NextUrl(url) => next_url = Some(url.as_str()),
            _ => {}
        }
    }
    let end = (start + size).min(rows.len());
    let shown = rows.get(from..end).unwrap_or_default();
    // What was deleted since the query is gone from its later pages.
    let alive: Vec<u32> = match (name, store.at(cursor.plan.table)) {
        (Some(_), Some(table)) => shown
            .iter()
            .copied()
            .filter(|&row| !table.is_deleted(row))
            .collect(),
        _ => shown.to_vec(),
    };
    let total = rows.len();
    let done = end >= total && !endless;
    let plan = Arc::clone(&cursor.plan);
    let own_base = cursor.base.clone();
    let mut out = Vec::new();
    out.extend_from_slice(format!("{{\"totalSize\":{total},\"done\":{done}").as_bytes());
    if !done {
        let (base, resource) = (own_base.clone(), cursor.resource);
        let at = if endless {
            start.min(total.saturating_sub(1))
        } else {
            end
        };
        let name = name.map_or_else(|| call.org.cursors().keep(cursor), str::to_owned);
        let url = next_url.map_or_else(|| format!("{base}/{resource}/{name}-{at}"), str::to_owned);
        out.extend_from_slice(b",\"nextRecordsUrl\":");
        out.extend_from_slice(Value::String(url).to_string().as_bytes());
    }
    out.extend_from_slice(b",\"records\":[");
    let page = Page {
        store,
        plan: &plan,
        base: &own_base,
    };
    page.records(&mut out, &alive);
    out.extend_from_slice(b"]}");
    Answer::bytes(out)
}
