//! Cuts a byte stream into blocks that end where a record ends.

use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, Read};

/// Bytes that a block usually holds: large enough to amortize hand-over, small enough to leave room in the cache for
/// what its rows are looked up in.
pub const DEFAULT_BLOCK: usize = 1 << 18;
/// A record larger than this is an error: most likely a quote that is never closed.
pub const LARGEST_BLOCK: usize = 64 << 20;

/// A piece of the file that holds whole records only.
#[derive(Debug, Default)]
pub struct Block {
    /// The text; ends after a record end, or at the end of the file.
    pub bytes: Vec<u8>,
    /// Blocks count from 0.
    pub number: u64,
    /// Line of the first record, counted from 1.
    pub first_line: u64,
    /// Offset of the first byte in the decoded text.
    pub offset: u64,
}

/// Why a stream cannot be cut.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// The stream itself failed.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// The file ends inside a quoted cell.
    #[error("line {line}: the quote that opens here is never closed")]
    UnclosedQuote {
        /// Line of the quote, from 1.
        line: u64,
    },
    /// One record does not fit into the largest block.
    #[error("line {line}: a record of more than {} MiB starts here", LARGEST_BLOCK >> 20)]
    RecordTooLarge {
        /// Line of the record, from 1.
        line: u64,
    },
}

/// Where the scan for quotes stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Outside,
    /// Inside a quoted cell that opened at this offset of the buffer.
    Inside(usize),
}

/// The cutter. One thread owns it, or several take turns behind a lock.
#[derive(Debug)]
pub struct Blocks<R> {
    reader: R,
    delimiter: u8,
    size: usize,
    /// Bytes after the last cut.
    rest: Vec<u8>,
    next_number: u64,
    next_line: u64,
    next_offset: u64,
    ended: bool,
    /// Unquoted stretches of the current buffer, for the walk back to the last record end.
    stretches: Vec<(usize, usize)>,
}

impl<R: Read> Blocks<R> {
    /// Cuts `reader` into blocks of about `size` bytes; the first record starts at `line`.
    pub fn new(reader: R, delimiter: u8, size: usize, line: u64) -> Self {
        Self {
            reader,
            delimiter,
            size: size.max(1),
            rest: Vec::new(),
            next_number: 0,
            next_line: line,
            next_offset: 0,
            ended: false,
            stretches: Vec::new(),
        }
    }

    /// How many blocks were given out so far.
    #[must_use]
    pub fn given(&self) -> u64 {
        self.next_number
    }

    /// The next block; `buffer` is used again. `None` at the end of the stream.
    pub fn next(&mut self, mut buffer: Vec<u8>) -> Result<Option<Block>, BlockError> {
        let mut filled = self.rest.len();
        // What the buffer held before is written over: clearing it first would only cost time.
        buffer.resize(self.size.max(filled), 0);
        if let Some(start) = buffer.get_mut(..filled) {
            start.copy_from_slice(&self.rest);
        }
        self.rest.clear();
        let mut scanned = 0;
        let mut place = Place::Outside;
        self.stretches.clear();
        loop {
            if !self.ended {
                let goal = self.size.max(filled * if scanned == 0 { 1 } else { 2 });
                let goal = goal.max(filled + 1);
                buffer.resize(goal, 0);
                while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
                    match self.reader.read(room) {
                        Ok(0) => break,
                        Ok(got) => filled += got,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                self.ended = filled < goal;
            }
            buffer.truncate(filled);
            (scanned, place) = self.scan(&buffer, scanned, place);
            if self.ended {
                if let Place::Inside(open) = place {
                    let line = self.next_line + count_lines(buffer.get(..open).unwrap_or_default());
                    return Err(BlockError::UnclosedQuote { line });
                }
                if buffer.is_empty() {
                    return Ok(None);
                }
                let end = buffer.len();
                return Ok(Some(self.cut(buffer, end)));
            }
            if let Some(end) = self.last_record_end(&buffer, place) {
                return Ok(Some(self.cut(buffer, end)));
            }
            if buffer.len() >= LARGEST_BLOCK {
                return Err(match place {
                    Place::Inside(open) => BlockError::UnclosedQuote {
                        line: self.next_line + count_lines(buffer.get(..open).unwrap_or_default()),
                    },
                    Place::Outside => BlockError::RecordTooLarge {
                        line: self.next_line,
                    },
                });
            }
        }
    }

    /// Walks over the quotes from `from` on. Returns how far the scan is decided, and the state there.
    fn scan(&mut self, buffer: &[u8], from: usize, from_place: Place) -> (usize, Place) {
        let (mut at, mut place) = (from, from_place);
        let mut stretch = at;
        loop {
            let found = memchr(b'"', buffer.get(at..).unwrap_or_default()).map(|n| at + n);
            match (place, found) {
                (Place::Outside, None) => {
                    self.stretches.push((stretch, buffer.len()));
                    return (buffer.len(), place);
                }
                (Place::Inside(_), None) => return (buffer.len(), place),
                (Place::Outside, Some(quote)) => {
                    let opens = match quote.checked_sub(1).and_then(|n| buffer.get(n)) {
                        None => true,
                        Some(&before) => before == self.delimiter || before == b'\n',
                    };
                    if opens {
                        self.stretches.push((stretch, quote));
                        place = Place::Inside(quote);
                    }
                    at = quote + 1;
                }
                (Place::Inside(_), Some(quote)) => match buffer.get(quote + 1) {
                    Some(b'"') => at = quote + 2,
                    // Whether this closes the cell is decided by the next byte, which is not here yet.
                    None if !self.ended => return (quote, place),
                    _ => {
                        place = Place::Outside;
                        at = quote + 1;
                        stretch = at;
                    }
                },
            }
        }
    }

    /// The end of the last whole record: after the last newline that no quoted cell holds.
    fn last_record_end(&self, buffer: &[u8], _place: Place) -> Option<usize> {
        self.stretches.iter().rev().find_map(|&(from, to)| {
            memrchr(b'\n', buffer.get(from..to).unwrap_or_default()).map(|n| from + n + 1)
        })
    }

    fn cut(&mut self, mut buffer: Vec<u8>, end: usize) -> Block {
        self.rest
            .extend_from_slice(buffer.get(end..).unwrap_or_default());
        buffer.truncate(end);
        let block = Block {
            number: self.next_number,
            first_line: self.next_line,
            offset: self.next_offset,
            bytes: buffer,
        };
        self.next_number += 1;
        self.next_line += count_lines(&block.bytes);
        self.next_offset += block.bytes.len() as u64;
        block
    }
}

pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::{BlockError, Blocks};

    fn cut(text: &str, size: usize) -> Result<Vec<String>, BlockError> {
        let mut blocks = Blocks::new(text.as_bytes(), b',', size, 1);
        let mut cuts = Vec::new();
        while let Some(block) = blocks.next(Vec::new())? {
            cuts.push(String::from_utf8(block.bytes).expect("text"));
        }
        Ok(cuts)
    }

    #[test]
    fn blocks_end_at_record_ends_only() {
        let text = "a,\"x\ny\"\nb,\"say \"\"hi\"\"\n\"\nc,5\" disk\nd,e";
        for size in 1..=text.len() + 1 {
            let cuts = cut(text, size).expect("well-formed");
            assert_eq!(cuts.concat(), text, "size {size}");
            for piece in &cuts {
                let mut reader = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .from_reader(piece.as_bytes());
                let records: Vec<_> = reader
                    .records()
                    .map(|record| record.expect("a record"))
                    .collect();
                assert!(!records.is_empty(), "size {size}: {piece:?}");
            }
            let records: usize = cuts
                .iter()
                .map(|piece| {
                    csv::ReaderBuilder::new()
                        .has_headers(false)
                        .flexible(true)
                        .from_reader(piece.as_bytes())
                        .records()
                        .count()
                })
                .sum();
            assert_eq!(records, 4, "size {size}: {cuts:?}");
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_names_its_line() {
        let error = cut("a,b\nc,\"d\ne,f\n", 4).expect_err("unclosed");
        assert_eq!(
            error.to_string(),
            "line 2: the quote that opens here is never closed"
        );
    }
}
