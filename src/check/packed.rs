//! Numbers in as few bytes as they need: millions of rows are kept until the end of a run.

/// Small numbers in seven bits a byte, the lowest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed(Vec<u8>);

impl Packed {
    pub(crate) fn push(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap_or(0));
    }

    /// Adds a text as it is, with its length before it.
    pub(crate) fn push_text(&mut self, text: &[u8]) {
        self.push(text.len() as u64);
        self.0.extend_from_slice(text);
    }

    /// Forgets everything; the memory is kept.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn iter(&self) -> Unpacked<'_> {
        Unpacked(&self.0)
    }
}

/// Reads packed numbers and texts, in the order in which they were written.
#[derive(Clone, Debug)]
pub(crate) struct Unpacked<'a>(&'a [u8]);

impl<'a> Unpacked<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text that comes next; `None` where there is none.
    pub(crate) fn text(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.next()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }
}

impl Iterator for Unpacked<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let (mut number, mut place) = (0, 0);
        loop {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f).checked_shl(place).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Some(number);
            }
            place += 7;
        }
    }
}

/// Places of rows, each as its distance from the one before; a mark of the caller's goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail {
    row: u64,
    line: u64,
}

/// Set where a line is further from the last one than its row is: a record of several lines came, or another file.
const JUMPS: u64 = 2;

impl Trail {
    /// Writes a row with its line.
    pub(crate) fn write(&mut self, out: &mut Packed, (row, line): (u64, u64), mark: bool) {
        let further = row.wrapping_sub(self.row);
        let jump = line.wrapping_sub(self.line).wrapping_sub(further);
        out.push(further << 2 | u64::from(mark) | if jump == 0 { 0 } else { JUMPS });
        if jump != 0 {
            out.push(jump);
        }
        (self.row, self.line) = (row, line);
    }

    /// Reads the next row, line and mark.
    pub(crate) fn read(
        &mut self,
        numbers: &mut impl Iterator<Item = u64>,
    ) -> Option<(u64, u64, bool)> {
        let packed = numbers.next()?;
        let jump = if packed & JUMPS == 0 {
            0
        } else {
            numbers.next()?
        };
        self.row += packed >> 2;
        self.line = self.line.wrapping_add(packed >> 2).wrapping_add(jump);
        Some((self.row, self.line, packed & 1 != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Packed, Trail};

    #[test]
    fn numbers_and_places_come_back() {
        let places = [
            (1, 2, false),
            (2, 3, true),
            (900, 901, false),
            (901, 1_500, false),
            (902, 2, true),
            (70_000_000_000, 9, false),
        ];
        let (mut packed, mut trail) = (Packed::default(), Trail::default());
        for (row, line, mark) in places {
            trail.write(&mut packed, (row, line), mark);
            packed.push(u64::MAX - row);
        }
        let (mut numbers, mut trail) = (packed.iter(), Trail::default());
        for place in places {
            assert_eq!(trail.read(&mut numbers), Some(place));
            assert_eq!(numbers.next(), Some(u64::MAX - place.0));
        }
        assert_eq!(trail.read(&mut numbers), None);
    }
}
