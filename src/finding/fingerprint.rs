//! The identity of a problem: SHA-256 of rule, subject, column and value, never of a line.

use sha2::{Digest, Sha256};
use std::fmt;

/// SHA-256 of rule, subject, column and value: re-sorting a file changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a problem. A part that is absent counts as an empty one.
    #[must_use]
    pub fn of(
        rule: &str,
        subject: Option<&str>,
        column: Option<&str>,
        value: Option<&str>,
    ) -> Self {
        let mut hash = Sha256::new();
        for part in [Some(rule), subject, column, value] {
            // Length first: no two lists of parts give the same bytes.
            let part = part.unwrap_or_default();
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }

    /// Reads 64 hexadecimal digits; `None`: it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|n| u8::try_from(n).ok())
        };
        let mut bytes = [0; 32];
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return None;
        };
        if pairs.len() != bytes.len() {
            return None;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = (digit(*high)? << 4) | digit(*low)?;
        }
        Some(Self(bytes))
    }
}

/// The hexadecimal digit of a number below 16.
const fn digit(n: u8) -> u8 {
    match n {
        0..10 => b'0' + n,
        _ => b'a' + n - 10,
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Most findings of a long file have one of their own: formatting it byte by byte would cost more than its hash.
        let mut text = [0; 64];
        for (pair, byte) in text.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        f.write_str(str::from_utf8(&text).unwrap_or_default())
    }
}

/// The identity of a problem as reports write it: 64 lower-case hexadecimal digits.
#[must_use]
pub fn fingerprint(
    rule: &str,
    subject: Option<&str>,
    column: Option<&str>,
    value: Option<&str>,
) -> String {
    Fingerprint::of(rule, subject, column, value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_from_its_text() {
        let mark = Fingerprint::of("a", Some("b:c"), None, Some("d"));
        assert_eq!(mark.to_string().len(), 64);
        assert_eq!(Fingerprint::parse(&mark.to_string()), Some(mark));
        for wrong in [
            "",
            "0g",
            "00",
            &"0".repeat(63),
            &"0".repeat(66),
            &"\u{e9}".repeat(32),
        ] {
            assert_eq!(Fingerprint::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let of = |column, value| Fingerprint::of("r", Some("s"), Some(column), Some(value));
        assert_ne!(of("ab", "c"), of("a", "bc"));
    }
}
