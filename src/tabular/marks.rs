//! Finds a few bytes in a text, many places at a time.
//!
//! Cells are short: a search that starts anew after each hit costs more than the hits. Here 16 bytes
//! are compared at once, and the hits are read off a mask.

use wide::u8x16;

/// Bytes that are compared at once.
const STEP: usize = 16;

/// Bytes whose hits fit into one mask.
pub(super) const WIDTH: u32 = 64;

/// Bit n is set where byte n is one of the needles.
#[inline]
fn hits<const N: usize>(bytes: [u8; STEP], needles: [u8x16; N]) -> u32 {
    let bytes = u8x16::new(bytes);
    let found = needles
        .iter()
        .fold(u8x16::ZERO, |found, &needle| found | bytes.simd_eq(needle));
    found.to_bitmask()
}

/// As many bytes of a text as one mask tells of.
pub(super) type Word = [u8; WIDTH as usize];

/// Bit n of the first mask is set where byte n is the delimiter; of the second, where it is a record end or a quote.
#[expect(
    clippy::inline_always,
    reason = "belongs to the loop over all bytes of a file"
)]
#[inline(always)]
pub(super) fn cuts(word: &Word, [delimiter, end, quote]: [u8x16; 3]) -> (u64, u64) {
    let (parts, _) = word.as_chunks::<STEP>();
    let masks = parts.iter().map(|part| {
        let bytes = u8x16::new(*part);
        let others = bytes.simd_eq(end) | bytes.simd_eq(quote);
        [bytes.simd_eq(delimiter), others].map(|found| u64::from(found.to_bitmask()))
    });
    masks
        .rev()
        .fold((0, 0), |(delimiters, rest), [these, those]| {
            (delimiters << STEP | these, rest << STEP | those)
        })
}

/// The places of some bytes in a short text, ascending.
pub(crate) struct Marks<'a, const N: usize> {
    bytes: &'a [u8],
    needles: [u8x16; N],
    /// Offset of the byte that bit 0 of `hits` speaks of.
    base: usize,
    hits: u32,
}

impl<'a, const N: usize> Marks<'a, N> {
    /// Needles must not be NUL, with which the end of a very short text is filled up.
    #[inline]
    pub(crate) fn new(bytes: &'a [u8], needles: [u8; N]) -> Self {
        let mut marks = Self {
            bytes,
            needles: needles.map(u8x16::splat),
            base: 0,
            hits: 0,
        };
        marks.hits = marks.look();
        marks
    }

    #[inline]
    fn look(&self) -> u32 {
        let rest = self.bytes.get(self.base..).unwrap_or_default();
        if let Some(next) = rest.first_chunk() {
            return hits(*next, self.needles);
        }
        if let Some(last) = self.bytes.last_chunk() {
            // Bytes that were looked at before are shifted out.
            let shown = hits(*last, self.needles)
                .checked_shr(u32::try_from(STEP - rest.len()).unwrap_or(0));
            return shown.unwrap_or(0);
        }
        let mut padded = [0; STEP];
        for (place, byte) in padded.iter_mut().zip(rest) {
            *place = *byte;
        }
        hits(padded, self.needles)
    }
}

impl<const N: usize> Iterator for Marks<'_, N> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.hits == 0 {
            self.base += STEP;
            if self.base >= self.bytes.len() {
                return None;
            }
            self.hits = self.look();
        }
        let bit = self.hits.trailing_zeros() as usize;
        self.hits &= self.hits - 1;
        Some(self.base + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn every_place_is_found() {
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 128, 200] {
            let text: Vec<u8> = (0..length)
                .map(|n| *b"abc,d\"\nx".get(n * 7 % 8).expect("in range"))
                .collect();
            let places = |needles: &[u8]| -> Vec<usize> {
                let all = text.iter().enumerate();
                all.filter(|(_, byte)| needles.contains(byte))
                    .map(|(n, _)| n)
                    .collect()
            };
            assert_eq!(
                Marks::new(&text, *b",\n\"").collect::<Vec<_>>(),
                places(b",\n\""),
                "length {length}"
            );
        }
    }
}
