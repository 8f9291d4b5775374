//! Whether a text can be an email address. Salesforce publishes no grammar: only what no system takes is a fault.

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

/// Kinds of bytes in an address, as the quick look tells them apart.
const WORD: u8 = 0;
const HYPHEN: u8 = 1;
const DOT: u8 = 2;
const AT: u8 = 3;
const OTHER: u8 = 4;

const KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "evaluated by the compiler, below 128")]
        {
            kinds[byte] = match byte as u8 {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => WORD,
                b'-' => HYPHEN,
                b'.' => DOT,
                b'@' => AT,
                _ => OTHER,
            };
        }
        byte += 1;
    }
    kinds
};

/// Bit n of entry m: whether a byte of kind n may not follow one of kind m.
const WRONG_AFTER: [u8; 5] = [
    1 << OTHER,
    1 << OTHER | 1 << DOT | 1 << AT,
    1 << OTHER | 1 << DOT | 1 << AT | 1 << HYPHEN,
    1 << OTHER | 1 << DOT | 1 << AT | 1 << HYPHEN,
    0xff,
];

/// A quick look that takes most addresses; `false` says nothing, then [`address_fault`] decides.
pub(crate) fn is_plain_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut wrong, mut ats, mut before) = (0u8, 0u32, DOT);
    for &byte in bytes {
        let kind = KINDS.get(usize::from(byte)).copied().unwrap_or(OTHER);
        wrong |= WRONG_AFTER.get(usize::from(before)).copied().unwrap_or(0xff) >> kind & 1;
        ats += u32::from(kind == AT);
        before = kind;
    }
    let last_dot = memchr::memrchr(b'.', bytes);
    wrong == 0 && ats == 1 && before == WORD && last_dot > memchr::memchr(b'@', bytes)
}

#[cfg(test)]
mod tests {
    use super::{AddressFault, address_fault, is_plain_address};

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
            assert!(!is_plain_address(text), "{text}");
        }
    }

    #[test]
    fn the_quick_look_takes_only_what_the_long_look_takes() {
        for text in [
            "ana@acme.example",
            "o'b+x@a-b.c_d.example",
            "a-@b.cc",
            "-a@b.cc",
        ] {
            assert!(is_plain_address(text), "{text}");
            assert_eq!(address_fault(text), None, "{text}");
        }
    }
}
