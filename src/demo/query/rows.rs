//! Finding the records that a query asks for.

use super::filter::{Operand, read};
use super::plan::{Key, Plan};
use crate::demo::store::{RowNo, Store, Table};
use crate::model::SfId;
use std::cmp::Ordering;

/// What a query finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) struct Asked {
    /// The records, in the order of the answer.
    pub(in crate::demo) rows: Vec<RowNo>,
}

impl Plan {
    /// Finds the records. `deleted`: those in the recycle bin too.
    pub(in crate::demo) fn find(&self, store: &Store, deleted: bool) -> Asked {
        let Some(table) = store.at(self.table) else {
            return Asked { rows: Vec::new() };
        };
        let by_id = self.is_by_id();
        let wanted = self
            .limit
            .map_or(usize::MAX, |limit| limit.saturating_add(self.offset));
        // An order that the candidates have already need not be made, and the search can end early.
        let early = if self.order.is_empty() || by_id {
            wanted
        } else {
            usize::MAX
        };
        let fits = |row: &RowNo| {
            self.filter
                .as_ref()
                .is_none_or(|test| test.holds(store, self.table, *row))
        };
        let mut rows: Vec<RowNo> = if deleted {
            let all = (0..table.rows()).filter(fits);
            if by_id {
                let mut rows: Vec<RowNo> = all.collect();
                rows.sort_by_key(|&row| table.id(row));
                rows
            } else {
                all.take(early).collect()
            }
        } else {
            self.live(table, by_id).filter(fits).take(early).collect()
        };
        if by_id && self.order.first().is_some_and(|key| key.descending) {
            // The end was not looked for from the right side.
            if early < usize::MAX && !deleted {
                rows = self.live(table, by_id).filter(fits).collect();
            }
            rows.reverse();
        } else if !by_id && !self.order.is_empty() {
            sort(store, self.table, &self.order, &mut rows);
        }
        let rows = rows
            .into_iter()
            .skip(self.offset)
            .take(self.limit.unwrap_or(usize::MAX))
            .collect();
        Asked { rows }
    }

    /// Whether the id alone orders the records.
    fn is_by_id(&self) -> bool {
        matches!(self.order.as_slice(), [key] if key.path.is_own_id())
    }

    /// Records that are not deleted and whose id can fit: by id where the id decides, else as they came.
    fn live<'t>(&'t self, table: &'t Table, by_id: bool) -> Box<dyn Iterator<Item = RowNo> + 't> {
        if let Some(only) = &self.range.only {
            return Box::new(only.iter().filter_map(|id| table.find(*id)));
        }
        let bounded = self.range.low.is_some() || self.range.high.is_some();
        if !(bounded || by_id) || table.ids().is_empty() {
            return Box::new((0..table.rows()).filter(|&row| !table.is_deleted(row)));
        }
        let ids = table.ids();
        let start = self.range.low.map_or(0, |(id, inside)| {
            ids.partition_point(|(own, _)| before(*own, id, inside))
        });
        let end = self.range.high.map_or(ids.len(), |(id, inside)| {
            ids.partition_point(|(own, _)| before(*own, id, !inside))
        });
        let ids = ids.get(start..end.max(start)).unwrap_or_default();
        Box::new(ids.iter().map(|(_, row)| *row))
    }
}

/// Whether an id lies before the bound; the bound itself does where it is outside of the range.
fn before(own: SfId, bound: SfId, inside: bool) -> bool {
    if inside { own < bound } else { own <= bound }
}

fn sort(store: &Store, table: usize, order: &[Key], rows: &mut Vec<RowNo>) {
    let mut keyed: Vec<(Vec<Option<Operand>>, RowNo)> = rows
        .iter()
        .map(|&row| {
            let values = order
                .iter()
                .map(|key| read(key.path.kind, &key.path.value(store, table, row)))
                .collect();
            (values, row)
        })
        .collect();
    keyed.sort_by(|(one, _), (two, _)| {
        order
            .iter()
            .zip(one.iter().zip(two))
            .map(|(key, (one, two))| against(key, one.as_ref(), two.as_ref()))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    *rows = keyed.into_iter().map(|(_, row)| row).collect();
}

/// Nulls stand first unless the query says otherwise, in both directions.
fn against(key: &Key, one: Option<&Operand>, two: Option<&Operand>) -> Ordering {
    let nulls = if key.nulls_last {
        Ordering::Greater
    } else {
        Ordering::Less
    };
    match (one, two) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => nulls,
        (Some(_), None) => nulls.reverse(),
        (Some(one), Some(two)) => {
            let order = one.against(two).unwrap_or(Ordering::Equal);
            if key.descending {
                order.reverse()
            } else {
                order
            }
        }
    }
}
