//! Findings wait here, in order, until the end of the run tells what belongs between them.
//!
//! Findings of rows come while the file is read; those of the end of the run (a seat shortage at
//! the first row that fails) are known last but stand among them. The first are kept as they will
//! be written, one JSON object per line: in memory while they are few, in a temporary file beyond.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// Bytes that are kept in memory.
const IN_MEMORY: usize = 32 << 20;

/// Findings of rows, one JSON object per line.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    /// Global number of the first row, offset and length of each stretch that was appended.
    stretches: Vec<Stretch>,
    length: u64,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    last_row: u64,
    length: u64,
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

/// Reads the place of a finding back from its line; the late finding that is next stands at the given row.
pub(crate) type Locate<'a> = dyn Fn(&[u8], u64) -> Option<Order> + 'a;

impl Spool {
    /// Appends the findings of rows up to `last_row`, whole lines.
    pub(crate) fn append(&mut self, lines: &[u8], last_row: u64) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        self.stretches.push(Stretch {
            last_row,
            length: lines.len() as u64,
        });
        self.length += lines.len() as u64;
        if self.file.is_none() && self.memory.len() + lines.len() > IN_MEMORY {
            let mut file = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            file.write_all(lines)
        } else {
            self.memory.extend_from_slice(lines);
            Ok(())
        }
    }

    /// Puts late findings, which are sorted, at their places. Call it once, after the last row.
    pub(crate) fn arrange(mut self, late: Vec<Late>, locate: &Locate<'_>) -> io::Result<Arranged> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        let mut source = self.source()?;
        let mut late = late.into_iter().peekable();
        let mut pieces = Pieces::default();
        for stretch in &self.stretches {
            if late
                .peek()
                .is_none_or(|next| next.order.row > stretch.last_row)
            {
                // Stretches that no late finding meets are never looked at here.
                skip(&mut source, stretch.length)?;
                pieces.spooled(stretch.length);
                continue;
            }
            let mut lines = BufReader::new(source.by_ref().take(stretch.length));
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line)? > 0 {
                // Asked anew for each: a line is located only as exactly as the late finding at hand needs it.
                while let Some(early) = late.next_if(|next| {
                    locate(&line, next.order.row).is_some_and(|order| next.order <= order)
                }) {
                    pieces.late(early.json);
                }
                pieces.spooled(line.len() as u64);
                line.clear();
            }
            while let Some(early) = late.next_if(|next| next.order.row <= stretch.last_row) {
                pieces.late(early.json);
            }
        }
        for rest in late {
            pieces.late(rest.json);
        }
        drop(source);
        Ok(Arranged {
            spool: self,
            pieces: pieces.0,
        })
    }

    fn source(&self) -> io::Result<Source<'_>> {
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

/// Where spooled lines are read from.
#[derive(Debug)]
enum Source<'a> {
    Memory(&'a [u8]),
    File(File),
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

fn skip(source: &mut Source<'_>, length: u64) -> io::Result<()> {
    match source {
        Source::File(file) => file.seek_relative(i64::try_from(length).unwrap_or(i64::MAX)),
        Source::Memory(bytes) => {
            let length = usize::try_from(length)
                .unwrap_or(usize::MAX)
                .min(bytes.len());
            *bytes = bytes.get(length..).unwrap_or_default();
            Ok(())
        }
    }
}

/// A piece of the final order.
#[derive(Debug)]
enum Piece {
    /// So many bytes of the spool.
    Spooled(u64),
    /// A late finding with its line end.
    Late(Vec<u8>),
}

#[derive(Debug, Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn spooled(&mut self, length: u64) {
        match self.0.last_mut() {
            Some(Piece::Spooled(so_far)) => *so_far += length,
            _ => self.0.push(Piece::Spooled(length)),
        }
    }

    fn late(&mut self, mut json: Vec<u8>) {
        json.push(b'\n');
        self.0.push(Piece::Late(json));
    }
}

/// All findings of a run in their final order.
#[derive(Debug)]
pub(crate) struct Arranged {
    spool: Spool,
    pieces: Vec<Piece>,
}

impl Arranged {
    /// Every finding, one JSON object per line. One reading at a time: they share the temporary file.
    pub(crate) fn read(&self) -> io::Result<impl BufRead + '_> {
        let replay = Replay {
            source: self.spool.source()?,
            pieces: self.pieces.iter(),
            left: 0,
            late: &[],
        };
        Ok(BufReader::with_capacity(1 << 18, replay))
    }
}

struct Replay<'a> {
    source: Source<'a>,
    pieces: std::slice::Iter<'a, Piece>,
    left: u64,
    late: &'a [u8],
}

impl Read for Replay<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.late.is_empty() {
                return self.late.read(buffer);
            }
            if self.left > 0 {
                let got = self.source.by_ref().take(self.left).read(buffer)?;
                if got == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.left -= got as u64;
                return Ok(got);
            }
            match self.pieces.next() {
                None => return Ok(0),
                Some(Piece::Spooled(length)) => self.left = *length,
                Some(Piece::Late(json)) => self.late = json,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Late, Order, Spool};
    use std::io::Read;

    #[test]
    fn late_findings_stand_at_their_rows() {
        let mut spool = Spool::default();
        spool
            .append(b"{\"row\":1}\n{\"row\":3}\n", 4)
            .expect("memory");
        spool.append(b"{\"row\":7}\n", 9).expect("memory");
        let locate = |line: &[u8], _| {
            let row = std::str::from_utf8(line)
                .ok()?
                .trim()
                .strip_prefix("{\"row\":")?
                .strip_suffix('}')?
                .parse()
                .ok()?;
            Some(Order {
                row,
                ..Order::default()
            })
        };
        let late = |row: u64, json: &str| Late {
            order: Order {
                row,
                ..Order::default()
            },
            json: json.into(),
        };
        let sorted = [
            late(0, "org"),
            late(2, "two"),
            late(4, "four"),
            late(8, "eight"),
            late(20, "last"),
        ];
        let arranged = spool.arrange(sorted.into(), &locate).expect("memory");
        let mut text = String::new();
        arranged
            .read()
            .expect("memory")
            .read_to_string(&mut text)
            .expect("text");
        assert_eq!(
            text,
            "org\n{\"row\":1}\ntwo\n{\"row\":3}\nfour\n{\"row\":7}\neight\nlast\n"
        );
    }
}
