//! Whether a text can be an email address. Salesforce publishes no grammar: only what no system takes is a fault.

use wide::u8x16;

/// Why a text is no email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressFault {
    /// No `@`.
    NoAt,
    /// More than one `@`.
    ManyAt,
    /// Nothing before the `@`.
    NoLocal,
    /// Nothing after it.
    NoDomain,
    /// A domain without a dot.
    NoDot,
    /// A dot at the start or end of a part, or two in a row.
    Dot,
    /// A character that cannot stand there.
    Character(char),
}

impl AddressFault {
    /// What is wrong, for a sentence that starts with the value.
    pub(crate) fn words(self) -> String {
        match self {
            Self::NoAt => "has no '@'".to_owned(),
            Self::ManyAt => "has more than one '@'".to_owned(),
            Self::NoLocal => "has nothing before the '@'".to_owned(),
            Self::NoDomain => "has nothing after the '@'".to_owned(),
            Self::NoDot => "has no dot after the '@'".to_owned(),
            Self::Dot => {
                "has a dot where none can stand (first, last or twice in a row)".to_owned()
            }
            Self::Character(' ') => "holds a space".to_owned(),
            Self::Character(c) if c.is_whitespace() || c.is_control() => {
                format!(
                    "holds a white space or control character (U+{:04X})",
                    c as u32
                )
            }
            Self::Character(c) => format!("holds the character '{c}'"),
        }
    }
}

/// Characters that stand in no address without quotes (RFC 5322 `specials`, less the dot and the at sign).
const SPECIALS: &str = "()<>[]:;,\\\"";

/// The first fault of an address; `None` where it may be one.
///
/// Plus signs, apostrophes, subdomains, underscores and letters beyond ASCII are left alone.
pub(crate) fn address_fault(text: &str) -> Option<AddressFault> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || SPECIALS.contains(c);
    if let Some(character) = text.chars().find(|&c| c.is_whitespace() || c.is_control()) {
        return Some(AddressFault::Character(character));
    }
    let Some((local, domain)) = text.split_once('@') else {
        return Some(AddressFault::NoAt);
    };
    if domain.contains('@') {
        return Some(AddressFault::ManyAt);
    }
    if local.is_empty() {
        return Some(AddressFault::NoLocal);
    }
    if domain.is_empty() {
        return Some(AddressFault::NoDomain);
    }
    if let Some(character) = text.chars().find(|&c| bad(c)) {
        return Some(AddressFault::Character(character));
    }
    let dotted = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
    if dotted(local) || dotted(domain) {
        return Some(AddressFault::Dot);
    }
    if !domain.contains('.') {
        return Some(AddressFault::NoDot);
    }
    // A hyphen ends no name of the domain name system, and the ASCII signs that a local part may have are in none.
    domain.split('.').find_map(|name| {
        let edge = name.starts_with('-') || name.ends_with('-');
        let sign = name
            .chars()
            .find(|&c| c.is_ascii() && !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        sign.or(edge.then_some('-')).map(AddressFault::Character)
    })
}

/// Addresses up to this length are looked at quickly: one bit of a word for each byte.
const QUICK: usize = u64::BITS as usize;

/// What a quick look at an address tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Glance {
    /// The address is surely in order. Where it is not, [`address_fault`] decides.
    pub(crate) plain: bool,
    /// It holds an ASCII upper-case letter; told of plain addresses only.
    pub(crate) upper: bool,
}

impl Glance {
    /// The address is in order, and its own lower-case form.
    pub(crate) fn is_lower(self) -> bool {
        self.plain && !self.upper
    }
}

/// Which bytes of an address are what: bit n speaks of byte n.
#[derive(Default)]
struct Shape {
    /// Letters, digits and `_`.
    words: u64,
    upper: u64,
    dots: u64,
    ats: u64,
    hyphens: u64,
}

impl Shape {
    /// Adds sixteen bytes, the first of which is byte `at`.
    #[inline]
    fn add(&mut self, bytes: [u8; 16], at: usize) {
        let bytes = u8x16::new(bytes);
        // Numbers wrap around, so what lies before the first one lies far behind the last.
        let within = |first: u8, count: u8, bytes: u8x16| {
            let from_first = bytes - u8x16::splat(first);
            from_first.simd_eq(from_first.min(u8x16::splat(count - 1)))
        };
        let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
        let bits = |found: u8x16| u64::from(found.to_bitmask()) << at;
        let letters = within(b'a', 26, bytes | u8x16::splat(0x20));
        self.words |= bits(letters | within(b'0', 10, bytes) | is(b'_'));
        self.upper |= bits(within(b'A', 26, bytes));
        self.dots |= bits(is(b'.'));
        self.ats |= bits(is(b'@'));
        self.hyphens |= bits(is(b'-'));
    }
}

/// Looks at an address many bytes at a time, as nearly all are plain: letters, digits and `_`, joined by single dots or
/// hyphens, with one `@` and a dot after it.
pub(crate) fn glance(text: &str) -> Glance {
    let bytes = text.as_bytes();
    let last = match bytes.len().checked_sub(1) {
        Some(last) if last < QUICK => last,
        _ => return Glance::default(),
    };
    let mut shape = Shape::default();
    let (words, rest) = bytes.as_chunks();
    for (place, word) in (0..).step_by(16).zip(words) {
        shape.add(*word, place);
    }
    if !rest.is_empty() {
        let mut padded = [0; 16];
        for (place, byte) in padded.iter_mut().zip(rest) {
            *place = *byte;
        }
        shape.add(padded, bytes.len() - rest.len());
    }
    let Shape {
        words,
        upper,
        dots,
        ats,
        hyphens,
    } = shape;
    let (signs, all) = (dots | ats, u64::MAX >> (QUICK - 1 - last));
    // What stands before the first byte is like a dot, which nothing but a letter follows.
    let wrong = (signs | hyphens) & (signs << 1 | 1) | signs & hyphens << 1;
    let known = words | signs | hyphens == all;
    let ends_well = words >> last & 1 != 0;
    // The last sign is a dot, and with a single `@` this lies before it.
    let one_at = ats.is_power_of_two() && dots > ats;
    Glance {
        plain: known && wrong == 0 && ends_well && one_at,
        upper: upper != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressFault, address_fault, glance};

    #[test]
    fn addresses_that_people_have_are_left_alone() {
        for address in [
            "john@acme.com",
            "john.doe+sandbox@mail.acme.co.uk",
            "o'brien@acme.example",
            "x_y-z@a-b.example",
            "j@x.io",
            "1234@acme.example",
            "jos\u{e9}@acme.example",
            "info@m\u{fc}ller.example",
            "a#b%c!d&e@acme.example",
        ] {
            assert_eq!(address_fault(address), None, "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_with_its_fault() {
        for (text, fault) in [
            ("uwe vogt", AddressFault::Character(' ')),
            ("finn.stolt", AddressFault::NoAt),
            ("ana@1@acme.example", AddressFault::ManyAt),
            ("@acme.example", AddressFault::NoLocal),
            ("ana@", AddressFault::NoDomain),
            ("ana@acme", AddressFault::NoDot),
            ("ana@acme.example.", AddressFault::Dot),
            (".ana@acme.example", AddressFault::Dot),
            ("a..b@acme.example", AddressFault::Dot),
            ("ana@acme..example", AddressFault::Dot),
            ("ana,bob@acme.example", AddressFault::Character(',')),
            ("ana@-acme.example", AddressFault::Character('-')),
            ("ana@ac+me.example", AddressFault::Character('+')),
            ("ana\u{a0}@acme.example", AddressFault::Character('\u{a0}')),
        ] {
            assert_eq!(address_fault(text), Some(fault), "{text}");
            assert!(!glance(text).plain, "{text}");
        }
    }

    #[test]
    fn the_quick_look_takes_only_what_the_long_look_takes() {
        for text in ["ana@acme.example", "ob_x@a-b.c_d.example"] {
            assert!(glance(text).plain, "{text}");
            assert_eq!(address_fault(text), None, "{text}");
        }
        // Rare ones are left to the long look.
        for text in ["a-@b.cc", "-a@b.cc", "o'b+x@b.cc"] {
            assert!(!glance(text).plain, "{text}");
            assert_eq!(address_fault(text), None, "{text}");
        }
    }
}
