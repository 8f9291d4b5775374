//! The cells of one record, as they lie in the text of their block.

/// Where the text of a cell lies.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub(super) start: u32,
    /// The top bit tells that the text lies in the arena because it had to be unescaped.
    pub(super) end: u32,
}

/// Marks the end of a cell whose text lies in the arena.
pub(super) const IN_ARENA: u32 = 1 << 31;

/// The cells of one record.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    pub(super) text: &'a str,
    pub(super) arena: &'a str,
    pub(super) spans: &'a [Span],
    pub(super) line: u32,
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

    /// The bytes of the n-th cell, unescaped; empty where the record is shorter.
    #[inline]
    pub(crate) fn bytes(&self, n: usize) -> &'a [u8] {
        let bytes = |span: &Span| {
            let (from, to) = (span.start as usize, (span.end & !IN_ARENA) as usize);
            let source = if span.end & IN_ARENA == 0 {
                self.text
            } else {
                self.arena
            };
            source.as_bytes().get(from..to)
        };
        self.spans.get(n).and_then(bytes).unwrap_or_default()
    }

    /// Whether a cell may have more bytes than the `longest` of its place. Of a cell that was unescaped it is not known.
    #[inline]
    pub(crate) fn may_exceed(&self, longest: &[u32]) -> bool {
        let exceeds = |(span, longest): (&Span, &u32)| span.end.wrapping_sub(span.start) > *longest;
        // Without an early end the compiler looks at several cells at a time.
        let all = self.spans.iter().zip(longest);
        all.fold(false, |any, cell| any | exceeds(cell))
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
