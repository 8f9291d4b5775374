//! Splits a block into records and cells without copying what needs no unescaping.

use super::blocks::count_lines;
use super::cells::{Cells, IN_ARENA, Span};
use super::marks::{WIDTH, Word, cuts};
use memchr::{memchr, memchr2};
use wide::u8x16;

/// A place in a block, which holds at most 1 GiB.
fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(0)
}

/// The bits from the n-th on.
#[inline]
fn from_bit(n: u32) -> u64 {
    u64::MAX.checked_shl(n).unwrap_or(0)
}

#[derive(Clone, Copy, Debug, Default)]
struct Record {
    first_cell: u32,
    /// Lines after the first line of the block.
    line: u32,
}

/// The records of one block; kept and used again for the next one.
#[derive(Debug, Default)]
pub struct Records {
    /// Room for cells; those beyond `cells` are of an earlier block.
    spans: Vec<Span>,
    cells: usize,
    rows: Vec<Record>,
    arena: String,
    /// The record that is being read, and lines before what is read.
    record: Record,
    line: u32,
}

/// Where the splitter stands. What changes with every cell is handed about by value: so it stays in registers.
#[derive(Clone, Copy)]
struct Cursor {
    /// Where the cell starts that is being read.
    cell: u32,
    /// Cells read so far.
    cells: usize,
}

/// Cells that can end within a word.
const ROOM: usize = WIDTH as usize;

impl Records {
    /// Splits `text`, which holds whole records and at most 1 GiB. Empty lines are no records.
    pub fn split(&mut self, text: &str, delimiter: u8) {
        self.rows.clear();
        self.arena.clear();
        self.record = Record::default();
        self.line = 0;
        let mut cursor = Cursor { cell: 0, cells: 0 };
        let bytes = text.as_bytes();
        let (words, rest) = bytes.as_chunks();
        let signs = [delimiter, b'\n', b'"'].map(u8x16::splat);
        let mut base = 0;
        for word in words {
            cursor = self.take_word(text, (base, word), signs, delimiter, cursor);
            base += WIDTH;
        }
        if !rest.is_empty() {
            let mut last: Word = [0; _];
            for (place, byte) in last.iter_mut().zip(rest) {
                *place = *byte;
            }
            cursor = self.take_word(text, (base, &last), signs, delimiter, cursor);
        }
        let end = offset(bytes.len());
        let open = cursor.cells > self.record.first_cell as usize;
        if cursor.cell < end || (open && cursor.cell == end) {
            cursor.cells = self.end_record(bytes, end, cursor);
        }
        self.cells = cursor.cells;
    }

    /// Takes the cells that end within a word of the text, which starts at `base`. `signs` are the delimiter, the record
    /// end and the quote.
    #[expect(
        clippy::inline_always,
        reason = "the loop for which the file is shaped as it is"
    )]
    #[inline(always)]
    fn take_word(
        &mut self,
        text: &str,
        (base, word): (u32, &Word),
        signs: [u8x16; 3],
        delimiter: u8,
        mut cursor: Cursor,
    ) -> Cursor {
        let (mut delimiters, mut others) = cuts(word, signs);
        if base < cursor.cell {
            // A quoted cell took these already.
            let left = from_bit(cursor.cell - base);
            (delimiters, others) = (delimiters & left, others & left);
        }
        loop {
            let other = others & others.wrapping_neg();
            // All of them, where no other sign comes.
            let before = delimiters & other.wrapping_sub(1);
            cursor = self.take_cells(base, before, cursor);
            if other == 0 {
                return cursor;
            }
            (delimiters, others) = (delimiters ^ before, others ^ other);
            let bit = other.trailing_zeros();
            let at = base + bit;
            if word.get(bit as usize) == Some(&b'\n') {
                cursor.cells = self.end_record(text.as_bytes(), at, cursor);
                self.line += 1;
                self.record.line = self.line;
                cursor.cell = at + 1;
            } else if at == cursor.cell {
                cursor = self.quoted_cell(text, delimiter, cursor);
                let left = from_bit(cursor.cell - base);
                (delimiters, others) = (delimiters & left, others & left);
            }
            // A quote inside a cell is an ordinary character.
        }
    }

    /// Takes the cells that end with these delimiters of a word.
    #[expect(
        clippy::inline_always,
        reason = "a call for every word costs as much as what is done with it"
    )]
    #[inline(always)]
    fn take_cells(&mut self, base: u32, mut delimiters: u64, cursor: Cursor) -> Cursor {
        let Cursor {
            mut cell,
            mut cells,
        } = cursor;
        let room = self.room(cells);
        let mut taken = 0;
        while delimiters != 0 {
            let at = base + delimiters.trailing_zeros();
            delimiters &= delimiters - 1;
            if let Some(place) = room.get_mut(taken) {
                *place = Span {
                    start: cell,
                    end: at,
                };
            }
            taken += 1;
            cell = at + 1;
        }
        cells += taken;
        Cursor { cell, cells }
    }

    /// Room for the cells that can end within a word, from number `cells` on.
    #[inline]
    fn room(&mut self, cells: usize) -> &mut [Span] {
        if self.spans.len() < cells + ROOM {
            self.grow(cells + ROOM);
        }
        self.spans.get_mut(cells..cells + ROOM).unwrap_or_default()
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, cells: usize) {
        self.spans.resize((cells * 2).max(1 << 10), Span::default());
    }

    /// Puts a cell as number `cells`; says how many there are then.
    #[inline]
    fn put(&mut self, span: Span, cells: usize) -> usize {
        if let Some(place) = self.room(cells).first_mut() {
            *place = span;
        }
        cells + 1
    }

    /// Takes the quoted cell that opens where the cursor stands, and ends the record if it is the last one.
    #[inline(never)]
    fn quoted_cell(&mut self, text: &str, delimiter: u8, mut cursor: Cursor) -> Cursor {
        let bytes = text.as_bytes();
        let open = cursor.cell as usize;
        // Nearly all hold neither quotes nor line ends, and have another cell behind them.
        let inside = bytes.get(open + 1..).unwrap_or_default();
        if let Some(length) = memchr2(b'"', b'\n', inside)
            && let Some([b'"', next]) = inside.get(length..).and_then(|rest| rest.first_chunk())
            && *next == delimiter
        {
            let (start, length) = (cursor.cell + 1, offset(length));
            let end = start + length;
            cursor.cells = self.put(Span { start, end }, cursor.cells);
            cursor.cell = end + 2;
            return cursor;
        }
        let (span, end) = self.quoted(text, delimiter, open);
        cursor.cells = self.put(span, cursor.cells);
        let lines = count_lines(bytes.get(open..end).unwrap_or_default());
        self.line += u32::try_from(lines).unwrap_or(0);
        // What follows is a delimiter, a record end or the end of the text.
        if matches!(bytes.get(end), Some(b'\n') | None) {
            self.close_record(cursor.cells);
            self.line += u32::from(end < bytes.len());
            self.record.line = self.line;
        }
        cursor.cell = offset(end) + 1;
        cursor
    }

    /// Ends a record whose last cell is plain; an empty line is no record. Says how many cells there are then.
    #[inline]
    fn end_record(&mut self, bytes: &[u8], end: u32, Cursor { cell, cells }: Cursor) -> usize {
        let end = if end > cell && bytes.get(end as usize - 1) == Some(&b'\r') {
            end - 1
        } else {
            end
        };
        let empty_line = end == cell && cells == self.record.first_cell as usize;
        if empty_line {
            return cells;
        }
        let cells = self.put(Span { start: cell, end }, cells);
        self.close_record(cells);
        cells
    }

    /// Ends the record with the cell before number `cells`.
    fn close_record(&mut self, cells: usize) {
        self.rows.push(self.record);
        self.record.first_cell = offset(cells);
    }

    /// Reads the quoted cell that opens at `open`; says where the delimiter or newline after it stands.
    fn quoted(&mut self, text: &str, delimiter: u8, open: usize) -> (Span, usize) {
        let bytes = text.as_bytes();
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
            let span = Span {
                start: offset(open + 1),
                end: offset(close),
            };
            return (span, end);
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
        let span = Span {
            start: offset(start),
            end: offset(self.arena.len()) | IN_ARENA,
        };
        (span, end)
    }

    /// The next delimiter or newline: after a closing quote, quotes are ordinary characters.
    #[expect(
        clippy::unused_self,
        reason = "reads as a step of the splitter beside its siblings"
    )]
    fn end_of_plain(&self, bytes: &[u8], from: usize, delimiter: u8) -> usize {
        memchr2(delimiter, b'\n', bytes.get(from..).unwrap_or_default())
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
            .map_or(self.cells, |next| next.first_cell as usize);
        let spans = self.spans.get(record.first_cell as usize..to)?;
        Some(Cells {
            text,
            arena: &self.arena,
            spans,
            line: record.line,
        })
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
        fn the_same_cells_as_the_csv_crate(text in "([ab\u{e9},\"\n]|\r\n|\"\"){0,40}|([abcdef\u{e9},\n]|,\"[ab,\n]{0,90}\",|\r\n){0,160}") {
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
