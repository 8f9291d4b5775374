//! Records that belong to rows of a table, grouped by them.

use super::Dense;
use std::marker::PhantomData;

/// Records grouped by owner: those of owner n are `rows[starts[n]..starts[n + 1]]`.
#[derive(Clone, Debug)]
pub(crate) struct Grouped<I, T> {
    starts: Vec<u32>,
    rows: Vec<T>,
    of: PhantomData<I>,
}

impl<I, T> Default for Grouped<I, T> {
    fn default() -> Self {
        Self {
            starts: Vec::new(),
            rows: Vec::new(),
            of: PhantomData,
        }
    }
}

impl<I: Dense + Ord, T: Copy> Grouped<I, T> {
    /// Groups the records of so many owners.
    pub(crate) fn new(owners: usize, mut rows: Vec<(I, T)>) -> Self {
        if rows.is_empty() {
            return Self::default();
        }
        rows.sort_by_key(|(owner, _)| *owner);
        let mut starts = vec![0u32; owners + 1];
        for (owner, _) in &rows {
            if let Some(count) = starts.get_mut(owner.index() + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self {
            starts,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            of: PhantomData,
        }
    }

    /// The records of an owner, in file order.
    pub(crate) fn of(&self, owner: I) -> &[T] {
        let (Some(&from), Some(&to)) = (
            self.starts.get(owner.index()),
            self.starts.get(owner.index() + 1),
        ) else {
            return &[];
        };
        self.rows.get(from as usize..to as usize).unwrap_or(&[])
    }

    /// Whether there is no record at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
