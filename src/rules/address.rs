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

/// Addresses up to this length are looked at quickly.
const QUICK: usize = 64;

/// A quick look that takes most addresses; `false` says nothing, then [`address_fault`] decides.
///
/// Written without branches over a fixed number of bytes, so that the compiler looks at many at a time.
pub(crate) fn is_plain_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Filled up with a letter; what stands before the first byte is like a dot, which nothing but a letter follows.
    let (mut before, mut these) = ([b'a'; QUICK], [b'a'; QUICK]);
    let (Some(place), Some(shifted)) = (these.get_mut(..bytes.len()), before.get_mut(1..=bytes.len())) else {
        return false;
    };
    place.copy_from_slice(bytes);
    shifted.copy_from_slice(bytes);
    before[0] = b'.';
    let (mut wrong, mut ats) = (false, 0u8);
    for (&last, &byte) in before.iter().zip(&these) {
        let word = (byte | 0x20).wrapping_sub(b'a') < 26 || byte.wrapping_sub(b'0') < 10 || byte == b'_';
        let sign = byte == b'.' || byte == b'@';
        let after_sign = last == b'.' || last == b'@';
        wrong |= !(word | sign | (byte == b'-'));
        wrong |= (sign | (byte == b'-')) & after_sign;
        wrong |= sign & (last == b'-');
        ats += u8::from(byte == b'@');
    }
    let ends_well = bytes.last().is_some_and(|last| last.is_ascii_alphanumeric() || *last == b'_');
    !wrong && ats == 1 && ends_well && memchr::memrchr(b'.', bytes) > memchr::memchr(b'@', bytes)
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
            "ob_x@a-b.c_d.example",
        ] {
            assert!(is_plain_address(text), "{text}");
            assert_eq!(address_fault(text), None, "{text}");
        }
        // What it leaves to the long look is no fault yet.
        for text in ["a-@b.cc", "-a@b.cc", "o'b+x@b.cc"] {
            assert!(!is_plain_address(text), "{text}");
            assert_eq!(address_fault(text), None, "{text}");
        }
    }
}
