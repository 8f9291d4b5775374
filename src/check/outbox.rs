//! What one worker has to say about one block.

use super::changes::Sheet;
use super::exempt::{Labels, Standing};
use super::packed::{Packed, Trail};
use super::touched::Touched;
use super::words::{CauseKey, Said, Spoken};
use crate::finding::{Severity, Verdict};
use crate::model::UserId;
use crate::rules::{About, verdict_of};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// A row within its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct RowAt {
    /// Records before it in the block.
    pub(crate) row: u32,
    /// Lines before it in the block.
    pub(crate) line: u32,
}

/// A finding of a row.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) at: RowAt,
    pub(crate) column: u16,
    pub(crate) rule: u16,
    pub(crate) severity: Severity,
    pub(crate) creates: bool,
    pub(crate) standing: Standing,
    pub(crate) words: Wording,
}

/// How the words of a finding are handed over.
#[derive(Clone, Debug)]
pub(crate) enum Wording {
    /// Said before, so likely to come again. The username lies in [`Outbox::text`].
    Again(CauseKey, Arc<Said>, Option<Range<usize>>),
    /// Said for the first time: most such words are about one person and never come again. The finding's JSON from
    /// `rule` on lies in [`Outbox::text`].
    New(Range<usize>),
}

/// A value that only one row of the file may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClaimKey {
    /// The existing user that the row hits.
    User(UserId),
    /// A text of the rule's own space, as a hash.
    Text(u64),
    /// A text, and the hash of the text without regard to case.
    Cased(u64, u64),
}

/// The claim of a row. Who made it with which value is read from the row again, if another one holds it already.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) at: RowAt,
    pub(crate) rule: u16,
    pub(crate) key: ClaimKey,
    pub(crate) column: crate::input::Attribute,
    pub(crate) creates: bool,
}

/// A finding that is given once per cause, as far as this block knows it.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    pub(crate) rule: u16,
    pub(crate) said: Arc<Said>,
    pub(crate) first: RowAt,
    pub(crate) rows: u64,
    pub(crate) user: Box<str>,
    pub(crate) creates: bool,
}

/// Two numbers that a rule keeps of a row for the end of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Data record, from 1.
    pub row: u64,
    /// Physical line, from 1.
    pub line: u64,
    /// What the rule kept.
    pub a: u32,
    /// What the rule kept.
    pub b: u32,
}

/// What one rule keeps of rows, in row order.
#[derive(Clone, Debug, Default)]
pub struct KeptRows {
    packed: Packed,
    last: Trail,
}

impl KeptRows {
    pub(crate) fn push(&mut self, kept: Kept) {
        self.last
            .write(&mut self.packed, (kept.row, kept.line), false);
        self.packed.push(kept.a.into());
        self.packed.push(kept.b.into());
    }

    /// All of it, in row order.
    pub fn iter(&self) -> impl Iterator<Item = Kept> + Clone + '_ {
        let (mut numbers, mut trail) = (self.packed.iter(), Trail::default());
        std::iter::from_fn(move || {
            let (row, line, _) = trail.read(&mut numbers)?;
            let mut next = || u32::try_from(numbers.next()?).ok();
            let (a, b) = (next()?, next()?);
            Some(Kept { row, line, a, b })
        })
    }
}

/// A row that takes or releases a seat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeatMove {
    pub(crate) at: RowAt,
    /// Place in [`super::Ledger::accounts`].
    pub(crate) account: u32,
    /// The existing user; `None` for a create.
    pub(crate) user: Option<UserId>,
    pub(crate) step: SeatStep,
}

/// How a row moves a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatStep {
    Take,
    /// Takes because an inactive user becomes active.
    Reactivate,
    Release,
    /// A PSL that is released by itself "in most cases".
    LikelyRelease,
    /// A seat that may be taken without being asked for.
    Implicit,
}

/// What one worker has to say about one block, in row order.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) text: Vec<u8>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) once: FxHashMap<(CauseKey, Standing), Once>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) kept: Vec<(u16, RowAt, u32, u32)>,
    /// Counts of rules.
    pub(crate) tallies: Vec<(u16, u64, u64)>,
    pub(crate) moves: Vec<SeatMove>,
    pub(crate) verdicts: Vec<Verdict>,
    /// How often rules said anything; debug builds hold rules to their occasions with it.
    pub(crate) voices: u64,
    /// What missing facts of the snapshot were about that left rows undecided.
    pub(crate) lacking: Vec<About>,
    /// Rules that could not decide a row for want of a fact, with the fact, once each.
    pub(crate) undecided: Vec<(u16, &'static str)>,
    /// What the rows lead to, where that is noted.
    pub(crate) touched: Touched,
    /// What the rows change, where somebody asks for it.
    pub(crate) changes: Sheet,
}

impl Outbox {
    /// Empties it for the next block; the memory is kept.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.once.clear();
        self.claims.clear();
        self.kept.clear();
        self.tallies.clear();
        self.lacking.clear();
        self.moves.clear();
        self.verdicts.clear();
        self.undecided.clear();
        self.changes.clear();
    }

    /// Puts a finding of a row.
    pub(crate) fn say(
        &mut self,
        rule: u16,
        at: RowAt,
        spoken: Spoken,
        user: Option<&str>,
        creates: bool,
        (standing, labels): (Standing, &Labels),
    ) {
        self.voices += 1;
        let Spoken { key, said, again } = spoken;
        let (column, severity) = (said.column, said.severity);
        let start = self.text.len();
        let words = if again {
            self.text
                .extend_from_slice(user.unwrap_or_default().as_bytes());
            Wording::Again(key, said, user.map(|_| start..self.text.len()))
        } else {
            said.write(&mut self.text, user, creates, None, labels.get(standing));
            Wording::New(start..self.text.len())
        };
        self.entries.push(Entry {
            at,
            column,
            rule,
            severity,
            creates,
            standing,
            words,
        });
        if let Some(verdict) = verdict_of(severity) {
            self.mark(at.row, verdict);
        }
    }

    /// Counts a row under a finding that is given once per cause; rows that a waiver covers are counted apart.
    pub(crate) fn say_once(
        &mut self,
        rule: u16,
        at: RowAt,
        Spoken { key, said, .. }: Spoken,
        user: &str,
        creates: bool,
        standing: Standing,
    ) {
        self.voices += 1;
        if let Some(verdict) = verdict_of(said.severity) {
            self.mark(at.row, verdict);
        }
        match self.once.get_mut(&(key, standing)) {
            Some(once) => once.rows += 1,
            None => {
                self.once.insert(
                    (key, standing),
                    Once {
                        rule,
                        said,
                        first: at,
                        rows: 1,
                        user: user.into(),
                        creates,
                    },
                );
            }
        }
    }

    /// Gives a row a verdict, unless it has a graver one.
    pub(crate) fn mark(&mut self, row: u32, verdict: Verdict) {
        let row = row as usize;
        if self.verdicts.len() <= row {
            self.verdicts.resize(row + 1, Verdict::Compatible);
        }
        if let Some(held) = self.verdicts.get_mut(row) {
            *held = verdict.max(*held);
        }
    }
}
