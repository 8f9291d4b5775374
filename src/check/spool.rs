//! Findings wait here, in order, until the end of the run tells what belongs between them.
//!
//! Findings of rows come while the file is read; those of the end of the run (a seat shortage at
//! the first row that fails) are known last but stand among them. The first are kept packed: words
//! that come again and again are held once, and a finding that has them takes a few bytes. All
//! lies in memory while it is little, in a temporary file beyond.

use super::exempt::Labels;
use super::outbox::{Entry, Wording};
use super::packed::{Packed, Trail};
use super::replay::Replay;
use super::words::{CauseKey, Said};
use rustc_hash::FxHashMap;
use std::fs::File;
use std::io::{self, BufRead, BufWriter, Seek, SeekFrom, Write};
use std::sync::Arc;

/// Bytes that are kept in memory.
const IN_MEMORY: usize = 32 << 20;
/// About 4 MB of words that findings share.
const MOST_SHARED: usize = 4_096;

/// Findings of rows, packed.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    /// The pieces that were appended, each of which can be read by itself.
    pub(super) stretches: Vec<Stretch>,
    /// The words that findings share, and their numbers.
    pub(super) shared: Vec<Shared>,
    numbers: FxHashMap<CauseKey, u32>,
    packed: Packed,
    /// What is said of findings that count, and of those that do not.
    pub(super) labels: Labels,
}

/// Findings that were appended together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) length: u64,
    /// Rows of the inputs before theirs.
    pub(super) first_row: u64,
}

/// Words that several findings have.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) said: Arc<Said>,
    /// Rank of the rule's name.
    pub(super) rank: u16,
}

/// A finding of the end of the run, with its place in the order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Late {
    /// Place in the order: before or at this global row; 0: before all rows.
    pub(crate) order: Order,
    /// The JSON object, without a line end.
    pub(crate) json: Vec<u8>,
}

/// Where a finding stands among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Order {
    /// Global row; 0 for findings about the org, then those about a file.
    pub(crate) row: u64,
    /// Place of the column.
    pub(crate) column: u16,
    /// Rank of the rule's name.
    pub(crate) rule: u16,
}

/// What stands for the words in a packed finding: they follow in full, or this and more is the number of shared ones.
pub(super) const IN_FULL: u64 = 0;

/// One finding on its way into the spool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) entry: &'a Entry,
    /// Row over all inputs, and line of its file.
    pub(crate) at: (u64, u64),
    /// Rank of the rule's name.
    pub(crate) rank: u16,
    /// What [`Wording`] points into.
    pub(crate) text: &'a [u8],
}

impl Spool {
    /// An empty one, of a run with these labels.
    pub(crate) fn new(labels: Labels) -> Self {
        Self {
            labels,
            ..Self::default()
        }
    }

    /// Appends findings of one input, in order; `first_row` counts the rows of the inputs before it.
    pub(crate) fn append<'a>(
        &mut self,
        first_row: u64,
        findings: impl Iterator<Item = Placed<'a>>,
    ) -> io::Result<()> {
        let mut packed = std::mem::take(&mut self.packed);
        packed.clear();
        let mut trail = Trail::default();
        for finding in findings {
            trail.write(&mut packed, finding.at, finding.entry.creates);
            self.pack(&mut packed, &finding);
        }
        let kept = self.keep(first_row, packed.as_bytes());
        self.packed = packed;
        kept
    }

    fn pack(&mut self, packed: &mut Packed, finding: &Placed<'_>) {
        let text =
            |range: &std::ops::Range<usize>| finding.text.get(range.clone()).unwrap_or_default();
        let full = |packed: &mut Packed, json: &[u8]| {
            packed.push(IN_FULL);
            packed.push(finding.entry.column.into());
            packed.push(finding.rank.into());
            packed.push_text(json);
        };
        match &finding.entry.words {
            Wording::New(json) => full(packed, text(json)),
            Wording::Again(key, said, user) => {
                let user = user.as_ref().map(text);
                if let Some(number) = self.number(*key, said, finding.rank) {
                    packed.push(u64::from(number) + 1);
                    let standing = finding.entry.standing;
                    packed.push(standing.number() << 1 | u64::from(user.is_some()));
                    packed.push_text(user.unwrap_or_default());
                } else {
                    let mut json = Vec::new();
                    let user = user.map(String::from_utf8_lossy);
                    let label = self.labels.get(finding.entry.standing);
                    let creates = finding.entry.creates;
                    said.write(&mut json, user.as_deref(), creates, None, label);
                    full(packed, &json);
                }
            }
        }
    }

    /// The number of shared words; `None` where there are too many already.
    fn number(&mut self, key: CauseKey, said: &Arc<Said>, rank: u16) -> Option<u32> {
        if let Some(&number) = self.numbers.get(&key) {
            let held = self.shared.get(number as usize)?;
            return held.said.equals(said).then_some(number);
        }
        if self.shared.len() >= MOST_SHARED {
            return None;
        }
        let number = u32::try_from(self.shared.len()).ok()?;
        self.numbers.insert(key, number);
        self.shared.push(Shared {
            said: Arc::clone(said),
            rank,
        });
        Some(number)
    }

    fn keep(&mut self, first_row: u64, packed: &[u8]) -> io::Result<()> {
        if packed.is_empty() {
            return Ok(());
        }
        self.stretches.push(Stretch {
            length: packed.len() as u64,
            first_row,
        });
        if self.file.is_none() && self.memory.len() + packed.len() > IN_MEMORY {
            let mut file = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            file.write_all(packed)
        } else {
            self.memory.extend_from_slice(packed);
            Ok(())
        }
    }

    /// Puts late findings, which are sorted, at their places. Call it once, after the last row.
    pub(crate) fn arrange(mut self, late: Vec<Late>, owners: Vec<Owner>) -> io::Result<Arranged> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        Ok(Arranged {
            spool: self,
            late,
            owners,
        })
    }

    pub(super) fn source(&self) -> io::Result<Source<'_>> {
        match &self.file {
            Some(file) => {
                let mut file = file.get_ref().try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Ok(Source::File(file))
            }
            None => Ok(Source::Memory(self.memory.as_slice())),
        }
    }
}

/// Where packed findings are read from.
#[derive(Debug)]
pub(super) enum Source<'a> {
    Memory(&'a [u8]),
    File(File),
}

/// An input.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    /// Rows of the inputs before it.
    pub(crate) first_row: u64,
    /// The path as JSON string contents.
    pub(crate) name_json: String,
}

/// All findings of a run in their final order.
#[derive(Debug)]
pub(crate) struct Arranged {
    pub(super) spool: Spool,
    pub(super) late: Vec<Late>,
    pub(super) owners: Vec<Owner>,
}

impl Arranged {
    /// Every finding, one JSON object per line. One reading at a time: they share the temporary file.
    pub(crate) fn read(&self) -> io::Result<impl BufRead + '_> {
        Replay::new(self)
    }
}
