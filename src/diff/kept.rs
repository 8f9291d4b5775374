//! What cannot be compared, because only one of both tells it.

use super::NotCompared;
use crate::model::{Known, Org};
use std::collections::BTreeMap;

/// Collects it, once per reason.
pub(super) struct Notes<'a> {
    old: &'a Org,
    new: &'a Org,
    /// Attribute and reason, with the number of records.
    all: BTreeMap<(String, String), u64>,
    pub(super) file_missing: bool,
}

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Old,
    New,
}

impl Which {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Old => "OLD",
            Self::New => "NEW",
        }
    }
}

impl<'a> Notes<'a> {
    pub(super) fn new(old: &'a Org, new: &'a Org) -> Self {
        Self {
            old,
            new,
            all: BTreeMap::new(),
            file_missing: false,
        }
    }

    /// Whether both tell of an object; what only one of them tells is noted.
    pub(super) fn both_have(&mut self, object: &str) -> bool {
        let told = (self.old.coverage.has(object), self.new.coverage.has(object));
        let which = match told {
            (true, true) => return true,
            (false, false) => return false,
            (true, false) => Which::Old,
            (false, true) => Which::New,
        };
        let org = |which| match which {
            Which::Old => self.old,
            Which::New => self.new,
        };
        let other = match which {
            Which::Old => Which::New,
            Which::New => Which::Old,
        };
        // A project without roles does not say that there are none.
        if !org(other).coverage.from_metadata {
            self.file_missing = true;
        }
        self.note_once(object, which);
        false
    }

    /// Whether both have a column; what only one of them has is noted.
    pub(super) fn both_have_column(&mut self, object: &str, column: &str) -> bool {
        let told = |org: &Org| org.coverage.has_column(object, column);
        match (told(self.old), told(self.new)) {
            (true, true) => true,
            (false, false) => false,
            (old, _) => {
                let which = if old { Which::Old } else { Which::New };
                let what = format!("{object}.{column}");
                self.note_once(&what, which);
                false
            }
        }
    }

    /// Both facts, where both are told.
    pub(super) fn both<'k, T>(
        &mut self,
        object: &str,
        attribute: &str,
        old: &'k Known<T>,
        new: &'k Known<T>,
    ) -> Option<(&'k T, &'k T)> {
        match (old, new) {
            (Known::Yes(old), Known::Yes(new)) => Some((old, new)),
            (Known::Unknown, Known::Unknown) => None,
            (Known::Yes(_), Known::Unknown) => {
                self.note(&format!("{object}.{attribute}"), "only OLD tells it");
                None
            }
            (Known::Unknown, Known::Yes(_)) => {
                self.note(&format!("{object}.{attribute}"), "only NEW tells it");
                None
            }
        }
    }

    /// Whether records that only one has are news: a metadata project need not hold everything that the org has.
    pub(super) fn proves_absence(&self, absent_in: Which) -> bool {
        let (absent, there) = match absent_in {
            Which::Old => (self.old, self.new),
            Which::New => (self.new, self.old),
        };
        !absent.coverage.from_metadata || there.coverage.from_metadata
    }

    /// Notes what only one tells, however often it is asked for.
    fn note_once(&mut self, what: &str, which: Which) {
        let reason = format!("only {} tells it", which.word());
        self.all.insert((what.to_owned(), reason), 1);
    }

    /// Notes it once more.
    pub(super) fn note(&mut self, what: &str, reason: impl Into<String>) {
        *self
            .all
            .entry((what.to_owned(), reason.into()))
            .or_insert(0) += 1;
    }

    pub(super) fn finish(self) -> Vec<NotCompared> {
        self.all
            .into_iter()
            .map(|((what, reason), count)| NotCompared {
                what,
                reason: if count > 1 {
                    format!("{reason} ({count} records)")
                } else {
                    reason
                },
            })
            .collect()
    }
}
