//! Fetches records to quote from input files, in one pass over each.

use std::fs::File;
use std::io::{self, Read};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 16;
/// Bytes of a record that are kept: far more than a screen shows of it.
const MOST_BYTES: usize = 1 << 16;

/// Reads the records that start at `lines` (ascending, from 1) of the file at `path`; UTF-8, or UTF-16 with byte order mark.
///
/// For [`super::View::quote`]: quoting is a courtesy, so what cannot be read (stdin, a file that has gone) is left out.
#[must_use]
pub fn quote_file(path: &str, lines: &[u64]) -> Vec<(u64, String)> {
    let mut picker = Picker::new(lines);
    if path != "-" {
        // Whatever was read before a failure is right.
        let _ = File::open(path).and_then(|file| read(file, &mut picker));
    }
    picker.finish()
}

fn read(mut file: impl Read, picker: &mut Picker<'_>) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    let mut decoder = None;
    let mut text = String::new();
    let mut first = true;
    while !picker.wanted.is_empty() || picker.record.is_some() {
        let got = fill(&mut file, &mut chunk)?;
        let bytes = chunk.get(..got).unwrap_or_default();
        if std::mem::take(&mut first)
            && let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes)
        {
            decoder = Some(encoding.new_decoder_with_bom_removal());
        }
        match &mut decoder {
            None => picker.feed(bytes),
            Some(decoder) => {
                text.clear();
                text.reserve(decoder.max_utf8_buffer_length(got).unwrap_or(CHUNK * 3));
                let _ = decoder.decode_to_string(bytes, &mut text, got < CHUNK);
                picker.feed(text.as_bytes());
            }
        }
        if got < CHUNK {
            break;
        }
    }
    Ok(())
}

/// Fills the buffer; fewer bytes mean the end.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    loop {
        let rest = buffer.get_mut(filled..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(filled);
        }
        match file.read(rest) {
            Ok(0) => return Ok(filled),
            Ok(got) => filled += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Takes the wanted records out of text that comes in pieces.
struct Picker<'l> {
    wanted: &'l [u64],
    line: u64,
    record: Option<Record>,
    found: Vec<(u64, String)>,
}

struct Record {
    line: u64,
    bytes: Vec<u8>,
    quoted: bool,
    /// The byte before.
    before: u8,
}

impl<'l> Picker<'l> {
    fn new(wanted: &'l [u64]) -> Self {
        let mut picker = Self {
            wanted,
            line: 1,
            record: None,
            found: Vec::new(),
        };
        picker.begin();
        picker
    }

    /// Starts a record if one is wanted at this line.
    fn begin(&mut self) {
        while let Some((next, rest)) = self.wanted.split_first() {
            if *next > self.line {
                return;
            }
            self.wanted = rest;
            if *next == self.line {
                self.record = Some(Record {
                    line: self.line,
                    bytes: Vec::new(),
                    quoted: false,
                    before: b'\n',
                });
                return;
            }
        }
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let end = memchr::memchr(b'\n', bytes);
            let (part, rest) = end
                .and_then(|end| bytes.split_at_checked(end + 1))
                .unwrap_or((bytes, &[]));
            bytes = rest;
            let whole = self.record.as_mut().is_some_and(|record| record.take(part));
            if whole {
                self.end();
            }
            if end.is_some() {
                self.line += 1;
                if self.record.is_none() {
                    self.begin();
                }
            }
        }
    }

    fn end(&mut self) {
        if let Some(record) = self.record.take() {
            let text = String::from_utf8_lossy(&record.bytes);
            let text = text.strip_suffix('\n').unwrap_or(&text);
            let text = text.strip_suffix('\r').unwrap_or(text);
            self.found.push((record.line, text.to_owned()));
        }
    }

    fn finish(mut self) -> Vec<(u64, String)> {
        if self
            .record
            .as_ref()
            .is_some_and(|record| !record.bytes.is_empty())
        {
            self.end();
        }
        self.found
    }
}

impl Record {
    /// Takes a line or a part of one. True: the record ends with it.
    fn take(&mut self, part: &[u8]) -> bool {
        for &byte in part {
            if self.bytes.len() >= MOST_BYTES {
                return true;
            }
            self.bytes.push(byte);
            match (self.quoted, byte) {
                // A doubled quote closes and opens again.
                (true, b'"') => self.quoted = false,
                (false, b'"') => {
                    self.quoted = matches!(self.before, b',' | b';' | b'\t' | b'|' | b'\n' | b'"');
                }
                (false, b'\n') => return true,
                _ => {}
            }
            self.before = byte;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const TEXT: &str = "\u{feff}a,b\r\n1,\"x\ny \"\"z\"\"\"\r\n\r\n5\" disk,größe\n6,last";

    fn expected() -> Vec<(u64, String)> {
        [
            (1, "\u{feff}a,b"),
            (2, "1,\"x\ny \"\"z\"\"\""),
            (5, "5\" disk,größe"),
            (6, "6,last"),
        ]
        .map(|(line, text)| (line, text.trim_start_matches('\u{feff}').to_owned()))
        .into()
    }

    #[test]
    fn records_are_found_whatever_the_encoding() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("input.csv");
        let utf16 = |convert: fn(u16) -> [u8; 2]| TEXT.encode_utf16().flat_map(convert).collect();
        let files: [Vec<u8>; 3] = [
            TEXT.as_bytes().to_vec(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
        ];
        for bytes in files {
            fs::write(&path, bytes).expect("written");
            let path = path.to_string_lossy();
            assert_eq!(quote_file(&path, &[1, 2, 5, 6, 99]), expected());
            assert_eq!(quote_file(&path, &[5]), expected()[2..3]);
            assert!(quote_file(&path, &[]).is_empty());
        }
        assert!(quote_file("-", &[1]).is_empty());
        assert!(quote_file(&folder.path().to_string_lossy(), &[1]).is_empty());
    }

    #[test]
    fn pieces_may_end_anywhere() {
        for size in 1..TEXT.len() {
            let lines = [2, 5, 6];
            let mut picker = Picker::new(&lines);
            TEXT.as_bytes()
                .chunks(size)
                .for_each(|piece| picker.feed(piece));
            assert_eq!(picker.finish(), expected()[1..], "{size}");
        }
    }

    #[test]
    fn a_huge_record_is_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("input.csv");
        let text = format!("a\n{}\nlast\n", "ä".repeat(MOST_BYTES));
        fs::write(&path, text).expect("written");
        let found = quote_file(&path.to_string_lossy(), &[2, 3]);
        assert_eq!(found[0].1.len(), MOST_BYTES);
        assert_eq!(found[1], (3, "last".to_owned()));
    }
}
