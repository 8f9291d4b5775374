//! Bytes to UTF-8 text: byte order marks, UTF-16, other encodings on request, and the hash of the raw bytes.
//!
//! UTF-8 passes through untouched and is validated where the blocks are read, on all cores; every
//! other encoding is decoded here while it streams.

use super::Error;
use super::beginning::count_newlines;
use super::error::BadBytes;
use encoding_rs::DecoderResult;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

/// Raw bytes that are looked at before anything is decided.
const PEEK: usize = 64 << 10;
/// Files up to this size are always hashed.
const ALWAYS_HASHED: u64 = 64 << 20;
/// How much output is decoded at a time.
const DECODED: usize = 64 << 10;

/// The encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    inner: &'static encoding_rs::Encoding,
    /// Bytes of the byte order mark.
    pub mark: usize,
}

impl Encoding {
    /// The name in reports: `utf-8`, `utf-8-bom`, `utf-16le`, ...
    #[must_use]
    pub fn name(self) -> &'static str {
        let inner = self.inner;
        if inner == encoding_rs::UTF_8 {
            if self.mark > 0 { "utf-8-bom" } else { "utf-8" }
        } else if inner == encoding_rs::UTF_16LE {
            "utf-16le"
        } else if inner == encoding_rs::UTF_16BE {
            "utf-16be"
        } else {
            inner.name()
        }
    }

    fn detect(path: &str, beginning: &[u8], label: Option<&str>) -> Result<Self, Error> {
        no_other_format(path, beginning)?;
        let (marked, mark) = encoding_rs::Encoding::for_bom(beginning)
            .map_or((None, 0), |(inner, mark)| (Some(inner), mark));
        let inner = match (marked, label) {
            // A mark in the file says more than a configured default.
            (Some(inner), _) => inner,
            (None, Some(label)) => encoding_rs::Encoding::for_label(label.trim().as_bytes())
                .ok_or_else(|| Error::UnknownEncoding {
                    path: path.into(),
                    label: label.into(),
                })?,
            (None, None) => encoding_rs::UTF_8,
        };
        if inner == encoding_rs::UTF_8 {
            no_nul(path, beginning)?;
        }
        Ok(Self { inner, mark })
    }
}

/// First bytes of the files that people hand in instead of a CSV file, what they are, and the way out.
const OTHER_FORMATS: [(&[u8], &str, &str); 4] = [
    (
        b"PK\x03\x04",
        "an Excel workbook (.xlsx) or another zip archive",
        "save the sheet as CSV UTF-8, or unpack the archive",
    ),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel workbook (.xls)",
        "save the sheet as CSV UTF-8",
    ),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"%PDF-", "a PDF document", "export the data as CSV UTF-8"),
];

fn no_other_format(path: &str, beginning: &[u8]) -> Result<(), Error> {
    let known = OTHER_FORMATS
        .iter()
        .find(|(first, ..)| beginning.starts_with(first));
    known.map_or(Ok(()), |(_, what, remedy)| {
        Err(Error::OtherFormat {
            path: path.into(),
            what,
            remedy,
        })
    })
}

/// Refuses a beginning that holds NUL bytes; UTF-16 has them in every second place.
fn no_nul(path: &str, beginning: &[u8]) -> Result<(), Error> {
    let Some(first) = memchr::memchr(0, beginning) else {
        return Ok(());
    };
    let mut nul = [0usize; 2];
    for (n, _) in beginning.iter().enumerate().filter(|(_, byte)| **byte == 0) {
        if let Some(count) = nul.get_mut(n % 2) {
            *count += 1;
        }
    }
    let pairs = beginning.len() / 2;
    let path = path.into();
    Err(match nul {
        [even, odd] if pairs > 1 && odd * 2 > pairs && even * 8 < odd => Error::Utf16WithoutMark {
            path,
            guess: "utf-16le",
        },
        [even, odd] if pairs > 1 && even * 2 > pairs && odd * 8 < even => Error::Utf16WithoutMark {
            path,
            guess: "utf-16be",
        },
        _ => Error::Binary {
            path,
            line: 1 + count_newlines(beginning.get(..first).unwrap_or_default()),
            offset: first as u64,
        },
    })
}

/// A stream of UTF-8 bytes, without byte order mark.
pub(super) type Utf8 = Box<dyn Read + Send>;

/// SHA-256 of the raw bytes, known once the stream has been read to its end.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint(Arc<OnceLock<[u8; 32]>>);

impl Fingerprint {
    /// Of a whole file, from where it stands; without a value for a large one of which no hash was asked for.
    pub(crate) fn of(file: impl Read, always: bool) -> io::Result<Self> {
        let done = Self::default();
        let mut hashing = Hashing {
            inner: file,
            hasher: Some(Sha256::new()),
            read: 0,
            always,
            done: done.clone(),
        };
        io::copy(&mut hashing, &mut io::sink())?;
        Ok(done)
    }

    /// 64 hexadecimal digits; `None` before the end of the stream, and for large files of which no hash was asked for.
    #[must_use]
    pub fn hex(&self) -> Option<String> {
        let bytes = self.0.get()?;
        Some(
            bytes
                .iter()
                .fold(String::with_capacity(64), |mut text, byte| {
                    // Writing into a String cannot fail.
                    let _ = write!(text, "{byte:02x}");
                    text
                }),
        )
    }
}

/// Turns a raw stream, of this many bytes where that is known, into text.
///
/// # Errors
/// The stream cannot be read, is empty, or is no text.
pub(super) fn decode(
    path: &str,
    (raw, size): (Box<dyn Read + Send>, Option<u64>),
    label: Option<&str>,
    hash: bool,
) -> Result<(Utf8, Encoding, Fingerprint), Error> {
    let fingerprint = Fingerprint::default();
    // Of a file that is known to be large, nothing is hashed in vain.
    let hashed = hash || size.is_none_or(|size| size <= ALWAYS_HASHED);
    let mut raw = Hashing {
        inner: raw,
        hasher: hashed.then(Sha256::new),
        read: 0,
        always: hash,
        done: fingerprint.clone(),
    };
    let mut beginning = Vec::new();
    raw.by_ref()
        .take(PEEK as u64)
        .read_to_end(&mut beginning)
        .map_err(|source| Error::of_read(path, source))?;
    if beginning.is_empty() {
        return Err(Error::Empty { path: path.into() });
    }
    let encoding = Encoding::detect(path, &beginning, label)?;
    beginning.drain(..encoding.mark);
    let bytes = io::Cursor::new(beginning).chain(raw);
    let text: Utf8 = if encoding.inner == encoding_rs::UTF_8 {
        Box::new(bytes)
    } else {
        Box::new(Decoding {
            inner: bytes,
            decoder: encoding.inner.new_decoder_without_bom_handling(),
            encoding,
            raw: Vec::new(),
            used: 0,
            consumed: encoding.mark as u64,
            ended: false,
            finished: false,
            text: vec![0; DECODED],
            from: 0,
            to: 0,
        })
    };
    Ok((text, encoding, fingerprint))
}

/// A whole file of at most `most` bytes of text, whatever it is encoded in; without byte order mark.
///
/// # Errors
/// As [`decode`]; the file is larger, or holds bytes that are no text.
pub(crate) fn decode_whole(
    path: &str,
    raw: Box<dyn Read + Send>,
    label: Option<&str>,
    most: u64,
) -> Result<String, Error> {
    let (text, ..) = decode(path, (raw, None), label, false)?;
    super::bounded(text, most)
        .and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other))
        .map_err(|source| Error::of_read(path, source))
}

/// Hashes what is read, as long as that is asked for or cheap.
struct Hashing<R> {
    inner: R,
    hasher: Option<Sha256>,
    read: u64,
    always: bool,
    done: Fingerprint,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        if got == 0 && !buffer.is_empty() {
            if let Some(hasher) = self.hasher.take() {
                // A second end of the stream finds no hasher: the value is set once.
                let _ = self.done.0.set(hasher.finalize().into());
            }
            return Ok(0);
        }
        self.read += got as u64;
        if !self.always && self.read > ALWAYS_HASHED {
            self.hasher = None;
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(buffer.get(..got).unwrap_or_default());
        }
        Ok(got)
    }
}

/// Decodes while it reads.
struct Decoding<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    encoding: Encoding,
    raw: Vec<u8>,
    /// Bytes of `raw` that are decoded.
    used: usize,
    /// Bytes of the file before `raw`.
    consumed: u64,
    ended: bool,
    finished: bool,
    text: Vec<u8>,
    /// What of `text` is still to be given out.
    from: usize,
    to: usize,
}

impl<R: Read> Decoding<R> {
    fn refill(&mut self) -> io::Result<()> {
        while self.from == self.to && !self.finished {
            if self.used == self.raw.len() {
                self.consumed += self.raw.len() as u64;
                self.raw.clear();
                self.used = 0;
                let got = self
                    .inner
                    .by_ref()
                    .take(DECODED as u64)
                    .read_to_end(&mut self.raw)?;
                self.ended = got < DECODED;
            }
            let input = self.raw.get(self.used..).unwrap_or_default();
            let (result, read, written) =
                self.decoder
                    .decode_to_utf8_without_replacement(input, &mut self.text, self.ended);
            if let DecoderResult::Malformed(bad, after) = result {
                let end = self.consumed + (self.used + read) as u64;
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    BadBytes {
                        offset: end.saturating_sub(u64::from(bad) + u64::from(after)),
                        encoding: self.encoding.name(),
                    },
                ));
            }
            self.used += read;
            (self.from, self.to) = (0, written);
            // A decoder must not be called again once it has seen the last byte.
            self.finished = self.ended && result == DecoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.from == self.to {
            self.refill()?;
        }
        let ready = self.text.get(self.from..self.to).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(target), Some(source)) = (buffer.get_mut(..count), ready.get(..count)) {
            target.copy_from_slice(source);
        }
        self.from += count;
        Ok(count)
    }
}
