//! Finds three bytes in a text, many places at a time.
//!
//! Cells are short: a search that starts anew after each hit costs more than the hits. Here 64 bytes
//! are compared at once, and the hits are read off a mask.

use wide::u8x32;

const STEP: usize = 64;

/// The places of three bytes in a text, ascending.
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    needles: [u8x32; 3],
    /// Offset of the 64 bytes that `hits` speaks of.
    base: usize,
    /// Bit n is set where byte n of them is one of the three.
    hits: u64,
}

impl<'a> Marks<'a> {
    /// Needles must not be NUL, with which the end of the text is filled up.
    pub(super) fn new(bytes: &'a [u8], needles: [u8; 3]) -> Self {
        let mut marks = Self { bytes, needles: needles.map(u8x32::splat), base: 0, hits: 0 };
        marks.hits = marks.look();
        marks
    }

    #[inline]
    fn look(&self) -> u64 {
        let rest = self.bytes.get(self.base..).unwrap_or_default();
        let (low, high) = match rest.first_chunk::<STEP>() {
            Some(chunk) => halves(chunk),
            None => {
                let mut last = [0; STEP];
                for (place, byte) in last.iter_mut().zip(rest) {
                    *place = *byte;
                }
                halves(&last)
            }
        };
        let [a, b, c] = self.needles;
        let hits = |half: u8x32| u64::from((half.simd_eq(a) | half.simd_eq(b) | half.simd_eq(c)).to_bitmask());
        hits(low) | hits(high) << 32
    }
}

#[inline]
fn halves(chunk: &[u8; STEP]) -> (u8x32, u8x32) {
    let mut halves = [[0; 32]; 2];
    for (half, bytes) in halves.iter_mut().zip(chunk.as_chunks::<32>().0) {
        *half = *bytes;
    }
    let [low, high] = halves;
    (u8x32::new(low), u8x32::new(high))
}

impl Iterator for Marks<'_> {
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
        let bit = self.hits.trailing_zeros();
        self.hits &= self.hits - 1;
        Some(self.base + bit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn every_place_is_found() {
        for length in [0, 1, 31, 32, 63, 64, 65, 128, 200] {
            let text: Vec<u8> = (0..length).map(|n| *b"abc,d\"\nx".get(n * 7 % 8).expect("in range")).collect();
            let wanted: Vec<usize> = (0..length).filter(|&n| b",\"\n".contains(&text[n])).collect();
            assert_eq!(Marks::new(&text, *b",\n\"").collect::<Vec<_>>(), wanted, "length {length}");
        }
    }
}
