//! Queries whose answers did not fit on one page.

use super::query::{Asked, Plan};
use crate::model::SfId;
use std::collections::VecDeque;
use std::sync::Arc;

/// A query that is being paged through.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    pub(super) plan: Arc<Plan>,
    pub(super) asked: Arc<Asked>,
    pub(super) size: usize,
    /// `/services/data/v65.0`
    pub(super) base: String,
    /// `query`, or `tooling/query`.
    pub(super) resource: &'static str,
}

/// All of them; the oldest are forgotten first.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    open: VecDeque<(String, Cursor)>,
    made: u64,
}

/// More open cursors than this push the oldest out.
const KEPT: usize = 200;

/// An id that a running org gives: prefix and number.
pub(super) fn made_id(prefix: &str, number: u64) -> String {
    let short = format!("{prefix}{number:012}");
    SfId::parse(&short).map_or(short, SfId::text)
}

impl Cursors {
    /// Keeps a cursor and gives its name.
    pub(super) fn keep(&mut self, cursor: Cursor) -> String {
        self.made += 1;
        let name = made_id("01g", self.made);
        if self.open.len() >= KEPT {
            self.open.pop_front();
        }
        self.open.push_back((name.clone(), cursor));
        name
    }

    /// A cursor by its name.
    pub(super) fn get(&self, name: &str) -> Option<&Cursor> {
        let (_, cursor) = self.open.iter().find(|(own, _)| own == name)?;
        Some(cursor)
    }
}
