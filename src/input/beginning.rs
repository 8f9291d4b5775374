//! The beginning of a text: read until the header record and a data record are in hand.

use super::Error;
use super::dialect::{self, HeaderEnd};
use super::encoding::{Encoding, Utf8};
use crate::tabular::LARGEST_BLOCK;
use std::io::Read;

/// Text that is read at a time while the header is looked for.
const STEP: usize = 64 << 10;

/// Where the header lies in the held text.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeaderPlace {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: u64,
    /// The delimiter that Excel's `sep=` line declares.
    pub(super) declared: Option<u8>,
}

/// The beginning of a text, as far as it has been read.
pub(super) struct Beginning<'p> {
    path: &'p str,
    pub(super) text: Utf8,
    pub(super) held: Vec<u8>,
    ended: bool,
}

impl<'p> Beginning<'p> {
    /// Reads the first stretch of a text.
    pub(super) fn of(path: &'p str, text: Utf8) -> Result<Self, Error> {
        let mut beginning = Self {
            path,
            text,
            held: Vec::new(),
            ended: false,
        };
        beginning.more()?;
        Ok(beginning)
    }

    /// Reads on: as much again as is held.
    fn more(&mut self) -> Result<(), Error> {
        let wanted = self.held.len().max(STEP);
        let got = self
            .text
            .by_ref()
            .take(wanted as u64)
            .read_to_end(&mut self.held)
            .map_err(|source| Error::of_read(self.path, source))?;
        self.ended = got < wanted;
        Ok(())
    }

    /// Finds the header record; empty lines before it are passed over.
    pub(super) fn header(&mut self, delimiter: Option<u8>) -> Result<HeaderPlace, Error> {
        let path = || self.path.into();
        loop {
            let blank = |byte: &u8| matches!(byte, b'\r' | b'\n');
            let start = self
                .held
                .iter()
                .position(|byte| !blank(byte))
                .unwrap_or(self.held.len());
            let hint = hint(self.held.get(start..).unwrap_or_default());
            let start = start + hint.map_or(0, |(_, length)| length);
            let declared = hint.map(|(delimiter, _)| delimiter);
            let (before, text) = self.held.split_at(start);
            let line = 1 + count_newlines(before);
            let end = dialect::header_end(text, delimiter.or(declared));
            if let HeaderEnd::At(length) = end {
                return Ok(HeaderPlace {
                    start,
                    end: start + length,
                    line,
                    declared,
                });
            }
            if !self.ended && self.held.len() < LARGEST_BLOCK {
                self.more()?;
                continue;
            }
            if self.held.iter().all(u8::is_ascii_whitespace) {
                return Err(Error::Empty { path: path() });
            }
            return match end {
                HeaderEnd::InQuote(open) => Err(Error::UnclosedQuote {
                    path: path(),
                    line: line + count_newlines(text.get(..open).unwrap_or_default()),
                }),
                _ if self.ended => Ok(HeaderPlace {
                    start,
                    end: self.held.len(),
                    line,
                    declared,
                }),
                _ => Err(Error::RecordTooLarge { path: path(), line }),
            };
        }
    }

    /// The header as text, without what is known to be no header.
    pub(super) fn header_text(
        &self,
        place: &HeaderPlace,
        encoding: Encoding,
    ) -> Result<&str, Error> {
        let path = || self.path.into();
        let bytes = self.held.get(place.start..place.end).unwrap_or_default();
        let offset = |at: usize| (encoding.mark + place.start + at) as u64;
        let line_of = |at: usize| place.line + count_newlines(bytes.get(..at).unwrap_or_default());
        if let Some(at) = memchr::memchr(0, bytes) {
            return Err(Error::Binary {
                path: path(),
                line: line_of(at),
                offset: offset(at),
            });
        }
        let text = simdutf8::basic::from_utf8(bytes).map_err(|_| Error::NotDecodable {
            path: path(),
            line: Some(line_of(valid_up_to(bytes))),
            offset: offset(valid_up_to(bytes)),
            encoding: encoding.name(),
        })?;
        let line = place.line;
        if text.starts_with("#TYPE") {
            return Err(Error::PowerShellType { path: path(), line });
        }
        if has_lone_return(bytes) {
            return Err(Error::ClassicMac { path: path(), line });
        }
        if text.trim().is_empty() {
            return Err(Error::NoUserColumn {
                path: path(),
                line,
                headers: "a line of white space".into(),
            });
        }
        Ok(text)
    }

    /// Reads on until there is a data record.
    pub(super) fn needs_data(&mut self, place: &HeaderPlace) -> Result<(), Error> {
        let mut from = place.end;
        loop {
            let rest = self.held.get(from..).unwrap_or_default();
            if rest.iter().any(|byte| !matches!(byte, b'\r' | b'\n')) {
                return Ok(());
            }
            if self.ended {
                return Err(Error::NoRows {
                    path: self.path.into(),
                    line: place.line,
                });
            }
            from = self.held.len();
            self.more()?;
        }
    }

    /// Whole data records, as far as they are read already.
    pub(super) fn sample(&self, place: &HeaderPlace) -> &str {
        let data = self.held.get(place.end..).unwrap_or_default();
        let whole = match memchr::memrchr(b'\n', data) {
            Some(newline) if !self.ended => data.get(..=newline).unwrap_or_default(),
            _ => data,
        };
        let valid = whole.get(..valid_up_to(whole)).unwrap_or_default();
        simdutf8::basic::from_utf8(valid).unwrap_or_default()
    }
}

pub(super) fn count_newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// How many bytes at the start are UTF-8.
pub(super) fn valid_up_to(bytes: &[u8]) -> usize {
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text.len(),
        Err(error) => error.valid_up_to(),
    }
}

/// Whether a carriage return stands inside the header, outside quotes. Some tools write two of them before the newline.
fn has_lone_return(header: &[u8]) -> bool {
    let end = header
        .iter()
        .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
        .map_or(0, |last| last + 1);
    let mut quoted = false;
    header.iter().take(end).any(|&byte| {
        quoted ^= byte == b'"';
        byte == b'\r' && !quoted
    })
}

/// Excel's hint in the first line, `sep=;`: the delimiter and the length of the line.
fn hint(text: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr(b'\n', text.get(..16.min(text.len()))?)?;
    let line = text
        .get(..end)?
        .strip_suffix(b"\r")
        .or_else(|| text.get(..end))?;
    match line {
        [head @ .., delimiter @ (b',' | b';' | b'\t')] if head.eq_ignore_ascii_case(b"sep=") => {
            Some((*delimiter, end + 1))
        }
        _ => None,
    }
}
