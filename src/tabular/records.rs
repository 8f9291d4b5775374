//! Splits a block into records and cells without copying what needs no unescaping.

use super::blocks::count_lines;
use super::marks::{Word, Words};
use memchr::memchr;

/// Where the text of a cell lies.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    /// The top bit tells that the text lies in the arena because it had to be unescaped.
    end: u32,
}

const IN_ARENA: u32 = 1 << 31;

/// A place in a block, which holds at most 1 GiB.
fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(0)
}

#[derive(Clone, Copy, Debug)]
struct Record {
    first_cell: u32,
    /// Lines after the first line of the block.
    line: u32,
}

/// The records of one block; kept and used again for the next one.
#[derive(Debug, Default)]
pub struct Records {
    spans: Vec<Span>,
    rows: Vec<Record>,
    arena: String,
}

impl Records {
    /// Splits `text`, which holds whole records and at most 1 GiB. Empty lines are no records.
    pub fn split(&mut self, text: &str, delimiter: u8) {
        self.spans.clear();
        self.rows.clear();
        self.arena.clear();
        let bytes = text.as_bytes();
        let mut record = Record {
            first_cell: 0,
            line: 0,
        };
        let (mut cell, mut line) = (0u32, 0u32);
        let mut words = Words::new(bytes, delimiter);
        while let Some(word) = words.next() {
            let Word {
                base,
                mut delimiters,
                mut others,
            } = word;
            while others != 0 {
                let at = base + others.trailing_zeros();
                let before = (others & others.wrapping_neg()) - 1;
                cell = self.plain_cells(delimiters & before, base, cell);
                delimiters &= !before;
                others &= others - 1;
                if bytes.get(at as usize) == Some(&b'\n') {
                    self.end_record(bytes, cell, at, &mut record);
                    line += 1;
                    record.line = line;
                    cell = at + 1;
                } else if at == cell {
                    cell = self.quoted_cell(text, at, delimiter, (&mut record, &mut line));
                    words.go_on(cell);
                    delimiters = 0;
                    others = 0;
                }
                // A quote inside a cell is an ordinary character.
            }
            cell = self.plain_cells(delimiters, base, cell);
        }
        let end = offset(bytes.len());
        let open = self.spans.len() > record.first_cell as usize;
        if cell < end || (open && cell == end) {
            self.end_record(bytes, cell, end, &mut record);
        }
    }

    /// Takes the cells that end at these delimiters; `cell` is where the first one starts. Says where the next one does.
    #[inline]
    fn plain_cells(&mut self, mut delimiters: u32, base: u32, mut cell: u32) -> u32 {
        while delimiters != 0 {
            let end = base + delimiters.trailing_zeros();
            self.spans.push(Span { start: cell, end });
            cell = end + 1;
            delimiters &= delimiters - 1;
        }
        cell
    }

    /// Takes the quoted cell that opens at `open`, and ends the record if it is the last one. Says where the next cell starts.
    fn quoted_cell(
        &mut self,
        text: &str,
        open: u32,
        delimiter: u8,
        (record, line): (&mut Record, &mut u32),
    ) -> u32 {
        let bytes = text.as_bytes();
        let end = self.quoted(text, open, delimiter);
        let lines = count_lines(bytes.get(open as usize..end).unwrap_or_default());
        *line += u32::try_from(lines).unwrap_or(0);
        // What follows is a delimiter, a record end or the end of the text.
        if matches!(bytes.get(end), Some(b'\n') | None) {
            self.close_record(record);
            *line += u32::from(end < bytes.len());
            record.line = *line;
        }
        offset(end) + 1
    }

    /// Ends a record whose last cell is plain; an empty line is no record.
    fn end_record(&mut self, bytes: &[u8], cell: u32, end: u32, record: &mut Record) {
        let end = if end > cell && bytes.get(end as usize - 1) == Some(&b'\r') {
            end - 1
        } else {
            end
        };
        let empty_line = end == cell && self.spans.len() == record.first_cell as usize;
        if !empty_line {
            self.spans.push(Span { start: cell, end });
            self.close_record(record);
        }
    }

    fn close_record(&mut self, record: &mut Record) {
        self.rows.push(*record);
        record.first_cell = offset(self.spans.len());
    }

    /// Reads the quoted cell that opens at `open`; returns the offset of the delimiter or newline after it.
    fn quoted(&mut self, text: &str, open: u32, delimiter: u8) -> usize {
        let bytes = text.as_bytes();
        let open = open as usize;
        let mut at = open + 1;
        let mut escaped = false;
        let close = loop {
            match memchr(b'"', bytes.get(at..).unwrap_or_default()) {
                None => break bytes.len(),
                Some(n) if bytes.get(at + n + 1) == Some(&b'"') => {
                    escaped = true;
                    at += n + 2;
                }
                Some(n) => break at + n,
            }
        };
        let after = close + 1;
        let end = self.end_of_plain(bytes, after.min(bytes.len()), delimiter);
        let tail_end = if bytes.get(end) != Some(&delimiter)
            && end > after
            && bytes.get(end - 1) == Some(&b'\r')
        {
            end - 1
        } else {
            end
        };
        if !escaped && tail_end <= after {
            self.spans.push(Span {
                start: offset(open + 1),
                end: offset(close),
            });
            return end;
        }
        let start = self.arena.len();
        let body = text.get(open + 1..close).unwrap_or_default();
        if escaped {
            self.arena.push_str(&body.replace("\"\"", "\""));
        } else {
            self.arena.push_str(body);
        }
        self.arena
            .push_str(text.get(after..tail_end).unwrap_or_default());
        self.spans.push(Span {
            start: offset(start),
            end: offset(self.arena.len()) | IN_ARENA,
        });
        end
    }

    /// The next delimiter or newline: after a closing quote, quotes are ordinary characters.
    #[expect(
        clippy::unused_self,
        reason = "reads as a step of the splitter beside its siblings"
    )]
    fn end_of_plain(&self, bytes: &[u8], from: usize, delimiter: u8) -> usize {
        memchr::memchr2(delimiter, b'\n', bytes.get(from..).unwrap_or_default())
            .map_or(bytes.len(), |n| from + n)
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The n-th record of `text`, which must be the text that was split.
    #[must_use]
    #[inline]
    pub fn get<'a>(&'a self, text: &'a str, n: usize) -> Option<Cells<'a>> {
        let record = self.rows.get(n)?;
        let to = self
            .rows
            .get(n + 1)
            .map_or(self.spans.len(), |next| next.first_cell as usize);
        let spans = self.spans.get(record.first_cell as usize..to)?;
        Some(Cells {
            text,
            arena: &self.arena,
            spans,
            line: record.line,
        })
    }
}

/// The cells of one record.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    text: &'a str,
    arena: &'a str,
    spans: &'a [Span],
    line: u32,
}

impl<'a> Cells<'a> {
    /// The n-th cell, unescaped; `None` where the record is shorter.
    #[must_use]
    #[inline]
    pub fn get(&self, n: usize) -> Option<&'a str> {
        let span = self.spans.get(n)?;
        let (from, to) = (span.start as usize, (span.end & !IN_ARENA) as usize);
        let source = if span.end & IN_ARENA == 0 {
            self.text
        } else {
            self.arena
        };
        source.get(from..to)
    }

    /// Bytes of the n-th cell, white space included; 0 where the record is shorter.
    #[must_use]
    #[inline]
    pub fn length(&self, n: usize) -> usize {
        self.spans
            .get(n)
            .map_or(0, |span| ((span.end & !IN_ARENA) - span.start) as usize)
    }

    /// Whether the n-th cell starts with a visible ASCII character.
    #[inline]
    pub(crate) fn starts_visibly(&self, n: usize) -> bool {
        let first = |span: &Span| {
            let source = if span.end & IN_ARENA == 0 {
                self.text
            } else {
                self.arena
            };
            (span.start != span.end & !IN_ARENA)
                && source
                    .as_bytes()
                    .get(span.start as usize)
                    .is_some_and(u8::is_ascii_graphic)
        };
        self.spans.get(n).is_some_and(first)
    }

    /// How many cells the record has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the record has no cell; a record has at least one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Line of the record, counted from 0 at the first line of the block.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// All cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.spans.len()).filter_map(|n| self.get(n))
    }
}

#[cfg(test)]
mod tests {
    use super::Records;
    use proptest::prelude::*;

    fn ours(text: &str) -> Vec<Vec<String>> {
        let mut records = Records::default();
        records.split(text, b',');
        (0..records.len())
            .map(|n| {
                records
                    .get(text, n)
                    .expect("in range")
                    .iter()
                    .map(str::to_owned)
                    .collect()
            })
            .collect()
    }

    /// The `csv` crate, the reader that decides what is correct.
    fn reference(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        reader
            .records()
            .map(|record| record.expect("text").iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn cells_as_people_write_them() {
        let text = "a,\"b, \"\"c\"\"\",d\r\n\r\n\"e\nf\",5\" disk,\"g\"h\n,,\n\"last\"";
        assert_eq!(ours(text), reference(text));
        assert_eq!(ours(text)[1], ["e\nf", "5\" disk", "gh"]);
        let mut records = Records::default();
        records.split(text, b',');
        let lines: Vec<u32> = (0..records.len())
            .map(|n| records.get(text, n).expect("in range").line())
            .collect();
        assert_eq!(lines, [0, 2, 4, 5]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn the_same_cells_as_the_csv_crate(text in "([ab\u{e9},\"\n]|\r\n|\"\"){0,40}") {
            // A file that ends inside quotes is refused before it is split.
            let mut blocks = crate::tabular::Blocks::new(text.as_bytes(), b',', 7, 1);
            let mut pieces = Vec::new();
            let closed = loop {
                match blocks.next(Vec::new()) {
                    Ok(Some(block)) => pieces.push(String::from_utf8(block.bytes).expect("cut at record ends")),
                    Ok(None) => break true,
                    Err(_) => break false,
                }
            };
            if !closed {
                return Ok(());
            }
            prop_assert_eq!(ours(&text), reference(&text));
            prop_assert_eq!(pieces.iter().flat_map(|piece| ours(piece)).collect::<Vec<_>>(), reference(&text));
        }
    }
}
