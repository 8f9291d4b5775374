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

/// Reads the place of a finding back from its line; only rows that a late finding meets are asked.
pub(crate) type Locate<'a> = dyn Fn(&[u8]) -> Option<Order> + 'a;

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
        match &mut self.file {
            Some(file) => file.write_all(lines),
            None => {
                self.memory.extend_from_slice(lines);
                Ok(())
            }
        }
    }

    /// Writes out what is buffered; call it once before replays.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush)
    }

    /// Hands every finding to `sink` as JSON lines, late ones (which are sorted) at their places.
    pub(crate) fn replay(
        &self,
        late: &[Late],
        locate: &Locate<'_>,
        sink: &mut dyn Write,
    ) -> io::Result<()> {
        let mut source: Box<dyn Read> = match &self.file {
            Some(file) => {
                let mut file = file.get_ref().try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
            None => Box::new(self.memory.as_slice()),
        };
        let mut late = late.iter().peekable();
        // Stretches that no late finding meets are copied as they are, many at a time.
        let mut plain = 0;
        for stretch in &self.stretches {
            if late
                .peek()
                .is_none_or(|next| next.order.row > stretch.last_row)
            {
                plain += stretch.length;
                continue;
            }
            copy(&mut source, plain, sink)?;
            plain = 0;
            let mut lines = BufReader::new(source.by_ref().take(stretch.length));
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line)? > 0 {
                if let (Some(next), Some(order)) = (late.peek(), locate(&line))
                    && next.order <= order
                {
                    while let Some(early) = late.next_if(|next| next.order <= order) {
                        write_line(sink, &early.json)?;
                    }
                }
                sink.write_all(&line)?;
                line.clear();
            }
            while let Some(early) = late.next_if(|next| next.order.row <= stretch.last_row) {
                write_line(sink, &early.json)?;
            }
        }
        copy(&mut source, plain, sink)?;
        late.try_for_each(|rest| write_line(sink, &rest.json))
    }
}

fn write_line(sink: &mut dyn Write, json: &[u8]) -> io::Result<()> {
    sink.write_all(json)?;
    sink.write_all(b"\n")
}

fn copy(source: &mut Box<dyn Read + '_>, length: u64, sink: &mut dyn Write) -> io::Result<()> {
    if length == 0 {
        return Ok(());
    }
    let mut limited = BufReader::with_capacity(1 << 18, source.by_ref().take(length));
    loop {
        let chunk = limited.fill_buf()?;
        if chunk.is_empty() {
            return Ok(());
        }
        sink.write_all(chunk)?;
        let read = chunk.len();
        limited.consume(read);
    }
}

#[cfg(test)]
mod tests {
    use super::{Late, Order, Spool};

    #[test]
    fn late_findings_stand_at_their_rows() {
        let mut spool = Spool::default();
        spool
            .append(b"{\"row\":1}\n{\"row\":3}\n", 4)
            .expect("memory");
        spool.append(b"{\"row\":7}\n", 9).expect("memory");
        let locate = |line: &[u8]| {
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
        let mut out = Vec::new();
        spool.replay(&sorted, &locate, &mut out).expect("memory");
        assert_eq!(
            String::from_utf8(out).expect("text"),
            "org\n{\"row\":1}\ntwo\n{\"row\":3}\nfour\n{\"row\":7}\neight\nlast\n"
        );
    }
}
