//! Where the header record ends, and which delimiter it is written with.

use crate::tabular::Records;

/// Delimiters that are detected, the most usual one first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// What a beginning of text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderEnd {
    /// The header ends before this offset (its newline included).
    At(usize),
    /// The text ends outside quotes without a newline.
    Open,
    /// The text ends inside the quote that opens at this offset.
    InQuote(usize),
}

/// Finds the end of the first record, whichever delimiter it has.
///
/// `delimiter` is one that was configured; else a quote counts as opening after any of the three.
pub(super) fn header_end(text: &[u8], delimiter: Option<u8>) -> HeaderEnd {
    let opens_after = |byte: u8| match delimiter {
        Some(delimiter) => byte == delimiter,
        None => DELIMITERS.contains(&byte),
    };
    let mut at = 0;
    loop {
        let Some(next) = memchr::memchr2(b'\n', b'"', text.get(at..).unwrap_or_default()) else {
            return HeaderEnd::Open;
        };
        let found = at + next;
        if text.get(found) == Some(&b'\n') {
            return HeaderEnd::At(found + 1);
        }
        let opens = found
            .checked_sub(1)
            .and_then(|before| text.get(before))
            .is_none_or(|&before| opens_after(before));
        if !opens {
            at = found + 1;
            continue;
        }
        let mut close = found + 1;
        loop {
            match memchr::memchr(b'"', text.get(close..).unwrap_or_default()) {
                None => return HeaderEnd::InQuote(found),
                Some(n) if text.get(close + n + 1) == Some(&b'"') => close += n + 2,
                Some(n) => {
                    at = close + n + 1;
                    break;
                }
            }
        }
    }
}

/// The cells of a header line.
pub(super) fn cells(header: &str, delimiter: u8) -> Vec<Box<str>> {
    let mut records = Records::default();
    records.split(header, delimiter);
    records
        .get(header, 0)
        .map(|record| record.iter().map(|cell| cell.trim().into()).collect())
        .unwrap_or_default()
}

/// The delimiter of a header: the one with which most names are known, then the one that cuts most.
pub(crate) fn delimiter(header: &str, is_known: impl Fn(&str) -> bool) -> u8 {
    let mut best = (0, 0, DELIMITERS.first().copied().unwrap_or(b','));
    for candidate in DELIMITERS {
        let names = cells(header, candidate);
        let known = names.iter().filter(|name| is_known(name)).count();
        if (known, names.len()) > (best.0, best.1) {
            best = (known, names.len(), candidate);
        }
    }
    best.2
}

#[cfg(test)]
mod tests {
    use super::{HeaderEnd, delimiter, header_end};

    #[test]
    fn the_header_ends_outside_quotes() {
        assert_eq!(header_end(b"a,b\nc", None), HeaderEnd::At(4));
        assert_eq!(header_end(b"a;\"b\nc\"\"\n\"\nd", None), HeaderEnd::At(11));
        assert_eq!(header_end(b"a,5\" disk\nd", None), HeaderEnd::At(10));
        assert_eq!(header_end(b"a,b", None), HeaderEnd::Open);
        assert_eq!(header_end(b"a,\"b\n", None), HeaderEnd::InQuote(2));
        assert_eq!(header_end(b"", None), HeaderEnd::Open);
    }

    #[test]
    fn known_names_decide_before_counts() {
        let known = |name: &str| ["login", "profile", "role"].contains(&name);
        assert_eq!(delimiter("login,profile,role", known), b',');
        assert_eq!(delimiter("login;profile;\"a,b,c,d\"", known), b';');
        assert_eq!(delimiter("login;profile;x, y, z, a, b", known), b';');
        assert_eq!(delimiter("login\tprofile", known), b'\t');
        assert_eq!(delimiter("login", known), b',');
        assert_eq!(delimiter("x;y;z", known), b';');
    }
}
