//! Packed findings as JSON again, with those of the end of the run between them.

use super::exempt::Standing;
use super::line::write_place;
use super::packed::{Trail, Unpacked};
use super::spool::{Arranged, IN_FULL, Late, Order, Owner, Shared, Source, Stretch};
use std::io::{self, BufRead, Read};

/// Reads all findings, one JSON object per line.
#[derive(Debug)]
pub(super) struct Replay<'a> {
    source: Source<'a>,
    stretches: std::slice::Iter<'a, Stretch>,
    writer: Writer<'a>,
    /// Bytes of `writer.out` that were read.
    read: usize,
    /// A piece of a temporary file.
    piece: Vec<u8>,
}

/// Writes findings of rows, and before each the late ones that belong there.
#[derive(Debug)]
struct Writer<'a> {
    arranged: &'a Arranged,
    late: std::slice::Iter<'a, Late>,
    out: Vec<u8>,
}

/// A packed finding.
struct Told<'p> {
    order: Order,
    line: u64,
    creates: bool,
    tail: Tail<'p>,
}

/// What comes after the place of a finding.
enum Tail<'p> {
    Full(&'p [u8]),
    Shared(&'p Shared, Option<&'p str>, Standing),
}

impl<'a> Replay<'a> {
    pub(super) fn new(arranged: &'a Arranged) -> io::Result<Self> {
        Ok(Self {
            source: arranged.spool.source()?,
            stretches: arranged.spool.stretches.iter(),
            writer: Writer {
                arranged,
                late: arranged.late.iter(),
                out: Vec::new(),
            },
            read: 0,
            piece: Vec::new(),
        })
    }

    /// Writes what comes next; nothing at the end.
    fn refill(&mut self) -> io::Result<()> {
        self.writer.out.clear();
        self.read = 0;
        let Some(&Stretch { length, first_row }) = self.stretches.next() else {
            self.writer.write_late(None);
            return Ok(());
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        match &mut self.source {
            Source::Memory(bytes) => {
                let (piece, rest) = bytes.split_at_checked(length).ok_or_else(torn)?;
                *bytes = rest;
                self.writer.write(first_row, piece)
            }
            Source::File(file) => {
                self.piece.resize(length, 0);
                file.read_exact(&mut self.piece)?;
                self.writer.write(first_row, &self.piece)
            }
        }
    }
}

impl BufRead for Replay<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read >= self.writer.out.len() {
            self.refill()?;
        }
        Ok(self.writer.out.get(self.read..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount;
    }
}

impl Read for Replay<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.fill_buf()?.read(buffer)?;
        self.consume(got);
        Ok(got)
    }
}

impl Writer<'_> {
    /// Writes the findings of one piece; `first_row` tells whose it is.
    fn write(&mut self, first_row: u64, piece: &[u8]) -> io::Result<()> {
        // An input without rows has no findings; the one after it begins at the same row.
        let mut owners = self.arranged.owners.iter();
        let owner = owners.rfind(|owner| owner.first_row == first_row);
        let mut packed = Unpacked::new(piece);
        let mut places = Trail::default();
        while !packed.is_empty() {
            let told = self.unpack(&mut packed, &mut places).ok_or_else(torn)?;
            self.write_late(Some(told.order));
            self.write_told(owner, &told);
        }
        Ok(())
    }

    fn unpack<'p>(&self, packed: &mut Unpacked<'p>, places: &mut Trail) -> Option<Told<'p>>
    where
        Self: 'p,
    {
        let (row, line, creates) = places.read(packed)?;
        let small = |number: u64| u16::try_from(number).ok();
        let (column, rule, tail) = match packed.next()? {
            IN_FULL => {
                let (column, rank) = (small(packed.next()?)?, small(packed.next()?)?);
                (column, rank, Tail::Full(packed.text()?))
            }
            number => {
                let place = usize::try_from(number - 1).ok()?;
                let shared = self.arranged.spool.shared.get(place)?;
                let marks = packed.next()?;
                let (named, standing) = (marks & 1 != 0, Standing::of_number(marks >> 1)?);
                let user = std::str::from_utf8(packed.text()?).ok()?;
                let tail = Tail::Shared(shared, named.then_some(user), standing);
                (shared.said.column, shared.rank, tail)
            }
        };
        Some(Told {
            order: Order { row, column, rule },
            line,
            creates,
            tail,
        })
    }

    fn write_told(&mut self, owner: Option<&Owner>, told: &Told<'_>) {
        let row = told.order.row;
        write_place(
            &mut self.out,
            owner.map(|owner| &*owner.name_json),
            Some((row - owner.map_or(0, |owner| owner.first_row), told.line)),
        );
        match told.tail {
            Tail::Full(json) => self.out.extend_from_slice(json),
            Tail::Shared(shared, user, standing) => {
                let label = self.arranged.spool.labels.get(standing);
                let said = &shared.said;
                said.write(&mut self.out, user, told.creates, None, label);
            }
        }
        self.out.push(b'\n');
    }

    /// Writes the late findings that stand before this place; `None`: all that are left.
    fn write_late(&mut self, place: Option<Order>) {
        while let Some(next) = self.late.as_slice().first() {
            if place.is_some_and(|place| next.order > place) {
                return;
            }
            self.out.extend_from_slice(&next.json);
            self.out.push(b'\n');
            self.late.next();
        }
    }
}

/// The spool ends, or changes, where it must not.
fn torn() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "findings that were kept cannot be read back",
    )
}

#[cfg(test)]
mod tests {
    use crate::check::RowAt;
    use crate::check::exempt::Standing;
    use crate::check::outbox::{Entry, Wording};
    use crate::check::spool::{Late, Order, Owner, Placed, Spool};
    use crate::finding::Severity;
    use std::io::Read;

    fn entry(words: std::ops::Range<usize>) -> Entry {
        Entry {
            at: RowAt::default(),
            column: 3,
            rule: 0,
            severity: Severity::Error,
            creates: false,
            standing: Standing::default(),
            words: Wording::New(words),
        }
    }

    fn late(row: u64, column: u16, json: &str) -> Late {
        Late {
            order: Order {
                row,
                column,
                rule: 0,
            },
            json: json.into(),
        }
    }

    #[test]
    fn late_findings_stand_at_their_rows() {
        let mut spool = Spool::default();
        let text = b"a}b}c}";
        for (first_row, piece) in [(0, vec![(1, 0..2), (3, 2..4)]), (3, vec![(7, 4..6)])] {
            let entries: Vec<_> = piece
                .into_iter()
                .map(|(row, words)| (row, entry(words)))
                .collect();
            let placed = entries.iter().map(|(row, entry)| Placed {
                entry,
                at: (*row, *row + 1),
                rank: 5,
                text,
            });
            spool.append(first_row, placed).expect("memory");
        }
        let sorted = [
            late(0, 0, "org"),
            late(2, 0, "two"),
            late(3, 3, "before"),
            late(3, 4, "after"),
            late(4, 0, "four"),
            late(8, 0, "eight"),
            late(20, 0, "last"),
        ];
        let owners = [(0, "x"), (3, "empty"), (3, "y")].map(|(first_row, name)| Owner {
            first_row,
            name_json: name.to_owned(),
        });
        let arranged = spool.arrange(sorted.into(), owners.into()).expect("memory");
        for _ in 0..2 {
            let mut text = String::new();
            arranged
                .read()
                .expect("memory")
                .read_to_string(&mut text)
                .expect("text");
            let wanted = [
                "org",
                "{\"input\":\"x\",\"row\":1,\"line\":2,a}",
                "two",
                "before",
                "{\"input\":\"x\",\"row\":3,\"line\":4,b}",
                "after",
                "four",
                "{\"input\":\"y\",\"row\":4,\"line\":8,c}",
                "eight",
                "last\n",
            ];
            assert_eq!(text, wanted.join("\n"));
        }
    }
}
