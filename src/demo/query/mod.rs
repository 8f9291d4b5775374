//! Queries against the tables: names are resolved to fields, rows are found, pages are written.

mod aggregate;
mod columns;
mod filter;
mod page;
mod path;
mod plan;
mod rows;
#[cfg(test)]
mod tests;

pub(super) use columns::column_metadata;
pub(super) use page::{Page, bulk_csv};
pub(super) use plan::{Plan, Shape};
pub(super) use rows::Asked;
