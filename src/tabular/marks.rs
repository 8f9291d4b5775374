//! Finds a few bytes in a text, many places at a time.
//!
//! Cells are short: a search that starts anew after each hit costs more than the hits. Here 64 bytes
//! are compared at once, and the hits are read off a mask.

use wide::u8x32;

const STEP: u32 = 64;
const WIDE: usize = STEP as usize;

/// The places of some bytes in a text, ascending. A text has at most 1 GiB, so that places have four bytes.
pub(crate) struct Marks<'a, const N: usize> {
    bytes: &'a [u8],
    needles: [u8x32; N],
    /// Offset of the 64 bytes that `hits` speaks of.
    base: u32,
    /// Bit n is set where byte n of them is one of the needles.
    hits: u64,
}

impl<'a, const N: usize> Marks<'a, N> {
    /// Needles must not be NUL, with which the end of the text is filled up.
    #[inline]
    pub(crate) fn new(bytes: &'a [u8], needles: [u8; N]) -> Self {
        let mut marks = Self {
            bytes,
            needles: needles.map(u8x32::splat),
            base: 0,
            hits: 0,
        };
        marks.hits = marks.look();
        marks
    }

    #[inline]
    fn look(&self) -> u64 {
        let rest = self.bytes.get(self.base as usize..).unwrap_or_default();
        let (low, high) = if let Some(chunk) = rest.first_chunk::<WIDE>() {
            halves(chunk)
        } else {
            let mut last = [0; WIDE];
            for (place, byte) in last.iter_mut().zip(rest) {
                *place = *byte;
            }
            halves(&last)
        };
        let hits = |half: u8x32| {
            let found = self
                .needles
                .iter()
                .fold(u8x32::ZERO, |found, &needle| found | half.simd_eq(needle));
            u64::from(found.to_bitmask())
        };
        hits(low) | hits(high) << 32
    }
}

#[inline]
fn halves(chunk: &[u8; WIDE]) -> (u8x32, u8x32) {
    let mut halves = [[0; 32]; 2];
    for (half, bytes) in halves.iter_mut().zip(chunk.as_chunks::<32>().0) {
        *half = *bytes;
    }
    let [low, high] = halves;
    (u8x32::new(low), u8x32::new(high))
}

impl<const N: usize> Iterator for Marks<'_, N> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        while self.hits == 0 {
            self.base += STEP;
            if self.base as usize >= self.bytes.len() {
                return None;
            }
            self.hits = self.look();
        }
        let bit = self.hits.trailing_zeros();
        self.hits &= self.hits - 1;
        Some(self.base + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn every_place_is_found() {
        for length in [0, 1, 31, 32, 63, 64, 65, 128, 200] {
            let text: Vec<u8> = (0..length)
                .map(|n| *b"abc,d\"\nx".get(n * 7 % 8).expect("in range"))
                .collect();
            let wanted: Vec<u32> = (0u32..)
                .zip(&text)
                .filter(|(_, byte)| b",\"\n".contains(byte))
                .map(|(n, _)| n)
                .collect();
            assert_eq!(
                Marks::new(&text, *b",\n\"").collect::<Vec<_>>(),
                wanted,
                "length {length}"
            );
        }
    }
}
