//! One object read by several at once: its ids are cut into ranges, each read page by page.
//!
//! Pure: what to ask next, and what an answer means. Records of a range come in the order of their ids, so a duplicate,
//! a lost page or a record that comes back shows, and the range is asked again from the last good id on. Where ids are
//! not spread evenly, whoever has finished takes half of the longest range that is left.

use super::Page;
use crate::model::SfId;

/// What to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The query with this further condition (which may be empty), and at most so many records.
    Query {
        /// A condition on `Id`.
        condition: String,
        /// `LIMIT`, where the org finds the whole too much.
        limit: Option<u64>,
    },
    /// The next page by its link.
    Next(String),
}

/// Why an object cannot be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Pages repeat records, or give them out of order, however often they are asked for.
    #[error("pages repeat records or give them out of order")]
    Unordered,
    /// There is always one more page.
    #[error("the pages do not end")]
    Endless,
    /// The query takes the org too long, even in small parts.
    #[error("the query takes the org too long, even in small parts")]
    TooSlow,
}

/// Times that a range is asked again from its last good id.
const AGAIN: u8 = 3;
/// The parts that are asked for where the whole takes too long; below the last one there is nothing to gain.
const LIMITS: [u64; 3] = [2000, 500, 200];

#[derive(Clone, Debug)]
struct Range {
    after: Option<SfId>,
    upto: Option<SfId>,
    next: Option<String>,
    /// Records that are still to come, where the last answer says so.
    left: Option<u64>,
    /// Ids between the first and the last record of the last page, and the number of steps between them.
    spread: Option<(u128, u128)>,
    state: State,
    again: u8,
    /// Whether the end was moved since the range was asked for, so that `left` is an estimate.
    cut: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready,
    Asked,
    Done,
}

/// The ranges of one query.
#[derive(Clone, Debug)]
pub struct Ranges {
    all: Vec<Range>,
    /// Queries that can be under way at once.
    width: usize,
    /// Records of the first page, by which the number of further pages is estimated.
    page: u64,
    /// Records of the whole query, by its first answer.
    total: Option<u64>,
    kept: u64,
    limit: Option<u64>,
}

impl Ranges {
    /// One range that holds everything.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            all: vec![Range::new(None, None)],
            width: width.max(1),
            page: 1,
            total: None,
            kept: 0,
            limit: None,
        }
    }

    /// Records of the whole query, by its first answer.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Pages that are still to come, about.
    #[must_use]
    pub fn pages_left(&self) -> u64 {
        let left = self.total.unwrap_or(0).saturating_sub(self.kept);
        left.div_ceil(self.page.max(1))
    }

    /// Whether, as far as can be told, the answers that are under way are the last ones.
    #[must_use]
    pub fn is_last_round(&self) -> bool {
        let page = self.page;
        self.total.is_some()
            && self.all.iter().all(|range| match range.state {
                State::Done => true,
                State::Asked => range.left.is_some_and(|left| left <= page),
                State::Ready => false,
            })
    }

    /// A range that waits to be asked, and what to ask.
    pub fn ask(&mut self) -> Option<(usize, Ask)> {
        let limit = self.limit;
        let (n, range) = self
            .all
            .iter_mut()
            .enumerate()
            .find(|(_, range)| range.state == State::Ready)?;
        range.state = State::Asked;
        let ask = match range.next.take() {
            Some(link) => Ask::Next(link),
            None => Ask::Query {
                condition: range.condition(),
                limit,
            },
        };
        Some((n, ask))
    }

    /// Notes an answer for range `n`; how many of its first records are new.
    ///
    /// # Errors
    /// The range cannot be read to its end.
    pub fn took(
        &mut self,
        n: usize,
        ask: &Ask,
        page: &Page,
        ids: &[SfId],
    ) -> Result<usize, Trouble> {
        let (limit, first) = (self.limit, self.total.is_none());
        let Some(range) = self.all.get_mut(n) else {
            return Ok(0);
        };
        range.state = State::Ready;
        let fresh = matches!(ask, Ask::Query { .. });
        let whole = matches!(ask, Ask::Query { limit: None, .. });
        if whole && !range.cut {
            range.left = Some(page.total);
        }
        let ordered = ids.is_sorted_by(|one, next| one < next);
        if !ordered
            || ids
                .first()
                .is_some_and(|id| range.after.is_some_and(|after| *id <= after))
        {
            // Nothing of such a page is believed.
            range.again()?;
            return Ok(0);
        }
        let keep = range
            .upto
            .map_or(ids.len(), |upto| ids.partition_point(|id| *id <= upto));
        let beyond = keep < ids.len();
        if let (Some(first), Some(last)) = (ids.first(), ids.last())
            && ids.len() > 1
        {
            range.spread = Some((last.packed() - first.packed(), ids.len() as u128 - 1));
        }
        if let Some(last) = keep.checked_sub(1).and_then(|last| ids.get(last)) {
            range.after = Some(*last);
        }
        range.left = range.left.map(|left| left.saturating_sub(keep as u64));
        let limited = match ask {
            Ask::Query {
                limit: Some(limit), ..
            } => Some(*limit),
            _ => None,
        };
        range.next.clone_from(&page.next);
        if beyond {
            range.finish();
        } else if let Some(limit) = limited {
            range.next = None;
            if page.done && (ids.len() as u64) < limit {
                range.finish();
            }
        } else if page.done {
            if range.left.is_none_or(|left| left == 0)
                || range.cut
                || (fresh && page.total == ids.len() as u64)
            {
                range.finish();
            } else {
                // The pages gave less than was announced: what is left is asked for once more.
                range.again()?;
            }
        } else if ids.is_empty() {
            range.again()?;
        }
        self.kept += keep as u64;
        if first && limit.is_none() {
            self.total = Some(page.total);
            self.page = (ids.len() as u64).max(1);
            self.spread_out(n);
        }
        if self
            .total
            .is_some_and(|total| self.kept > 2 * total + 10_000)
        {
            return Err(Trouble::Endless);
        }
        self.help();
        Ok(keep)
    }

    /// Notes that the link to the next page is not known any more: the range goes on from its last id.
    ///
    /// # Errors
    /// That happened too often.
    pub fn lost(&mut self, n: usize) -> Result<(), Trouble> {
        match self.all.get_mut(n) {
            Some(range) => range.again(),
            None => Ok(()),
        }
    }

    /// Notes that the query took the org too long: it is asked in smaller parts from now on.
    ///
    /// # Errors
    /// It was asked in the smallest parts already.
    pub fn too_slow(&mut self, n: usize) -> Result<(), Trouble> {
        let smaller = LIMITS
            .into_iter()
            .find(|limit| self.limit.is_none_or(|now| *limit < now));
        self.limit = Some(smaller.ok_or(Trouble::TooSlow)?);
        if let Some(range) = self.all.get_mut(n) {
            range.state = State::Ready;
            range.next = None;
            range.left = None;
        }
        Ok(())
    }

    /// After the first page: cuts what is left so that all can read, each whole pages.
    fn spread_out(&mut self, n: usize) {
        let pages = self.pages_left();
        let rounds = pages.div_ceil(self.width as u64).max(1);
        let parts = pages.div_ceil(rounds);
        let left = self.total.unwrap_or(0).saturating_sub(self.kept);
        let each = left.div_ceil(parts.max(1));
        let Some(first) = self.all.get(n).cloned() else {
            return;
        };
        if parts < 2 || first.state == State::Done {
            return;
        }
        let mut ends = Vec::new();
        for part in 1..parts {
            match first.ahead(each * part) {
                Some(end) if ends.last().is_none_or(|last| *last < end) => ends.push(end),
                _ => break,
            }
        }
        let Some(&end) = ends.first() else {
            return;
        };
        if let Some(range) = self.all.get_mut(n) {
            range.stop_at(end);
            range.left = Some(each);
        }
        for (place, &after) in ends.iter().enumerate() {
            self.all.push(Range {
                left: Some(each),
                spread: first.spread,
                ..Range::new(Some(after), ends.get(place + 1).copied())
            });
        }
    }

    /// Whoever is free takes half of the range that has the most left.
    fn help(&mut self) {
        if self.limit.is_some() {
            return;
        }
        loop {
            let active = self
                .all
                .iter()
                .filter(|range| range.state != State::Done)
                .count();
            let page = self.page;
            let longest = self
                .all
                .iter_mut()
                .filter(|range| {
                    range.state != State::Done && range.spread.is_some() && range.after.is_some()
                })
                .max_by_key(|range| range.left.unwrap_or(0));
            let Some(range) = longest.filter(|_| active > 0 && active < self.width) else {
                return;
            };
            let left = range.left.unwrap_or(0);
            // A page of it may be under way already.
            if left < 3 * page {
                return;
            }
            let mine = page + (left - page) / 2;
            let Some(end) = range.ahead(mine) else {
                return;
            };
            let new = Range {
                left: Some(left - mine),
                spread: range.spread,
                ..Range::new(Some(end), range.upto)
            };
            range.stop_at(end);
            range.left = Some(mine);
            self.all.push(new);
        }
    }
}

impl Range {
    fn new(after: Option<SfId>, upto: Option<SfId>) -> Self {
        Self {
            after,
            upto,
            next: None,
            left: None,
            spread: None,
            state: State::Ready,
            again: 0,
            cut: false,
        }
    }

    fn condition(&self) -> String {
        let after = self.after.map(|id| format!("Id > '{id}'"));
        let upto = self.upto.map(|id| format!("Id <= '{id}'"));
        let both: Vec<String> = after.into_iter().chain(upto).collect();
        both.join(" AND ")
    }

    /// Goes on from the last good id with a fresh query.
    fn again(&mut self) -> Result<(), Trouble> {
        self.again += 1;
        self.next = None;
        self.left = None;
        self.cut = false;
        self.state = State::Ready;
        if self.again > AGAIN {
            Err(Trouble::Unordered)
        } else {
            Ok(())
        }
    }

    fn finish(&mut self) {
        self.state = State::Done;
        self.left = Some(0);
        self.next = None;
    }

    fn stop_at(&mut self, end: SfId) {
        self.upto = Some(end);
        self.cut = true;
    }

    /// The id that about so many records from here have; `None` where that is not inside the range.
    fn ahead(&self, records: u64) -> Option<SfId> {
        let (ids, steps) = self.spread?;
        let here = self.after?.packed();
        let there = here + ids.max(1) * u128::from(records) / steps.max(1);
        let end = SfId::from_packed(there);
        let inside = there > here && self.upto.is_none_or(|upto| end < upto);
        if inside {
            return Some(end);
        }
        // The rest of the range is denser than the last page: its middle, then.
        let upto = self.upto?.packed();
        let middle = here + upto.saturating_sub(here) / 2;
        (middle > here && middle < upto).then(|| SfId::from_packed(middle))
    }
}

#[cfg(test)]
#[path = "ranges_tests.rs"]
mod tests;
