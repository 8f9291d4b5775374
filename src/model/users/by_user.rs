//! Records that belong to users, grouped.

use crate::model::{Dense, UserId};

/// Rows grouped by user: the rows of user n are `rows[starts[n]..starts[n + 1]]`.
#[derive(Clone, Debug)]
pub(super) struct ByUser<T> {
    starts: Vec<u32>,
    rows: Vec<T>,
}

impl<T> Default for ByUser<T> {
    fn default() -> Self {
        Self {
            starts: Vec::new(),
            rows: Vec::new(),
        }
    }
}

impl<T: Copy> ByUser<T> {
    pub(super) fn new(users: usize, mut rows: Vec<(UserId, T)>) -> Self {
        if rows.is_empty() {
            return Self::default();
        }
        rows.sort_by_key(|(user, _)| *user);
        let mut starts = vec![0u32; users + 1];
        for (user, _) in &rows {
            if let Some(count) = starts.get_mut(user.index() + 1) {
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
        }
    }

    pub(super) fn of(&self, user: UserId) -> &[T] {
        let (Some(&from), Some(&to)) = (
            self.starts.get(user.index()),
            self.starts.get(user.index() + 1),
        ) else {
            return &[];
        };
        self.rows.get(from as usize..to as usize).unwrap_or(&[])
    }
}
