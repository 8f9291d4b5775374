//! A secret is a type: it is shown by nothing but the one call that says so.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// A token, a client secret, a key: zeroed when dropped, and never printed.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a text over as a secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The secret itself. The only way to it, so that a search for this name finds every use.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Whether two secrets are the same, in a time that does not depend on where they differ.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        same(self.expose().as_bytes(), other.expose().as_bytes())
    }
}

/// Compares in constant time. Lengths are no secret.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new(String::from("00Dxx!AQ"));
        assert_eq!(
            format!("{secret} {secret:?} {secret:#?}"),
            "[redacted] Secret([redacted]) Secret([redacted])"
        );
        assert_eq!(secret.expose(), "00Dxx!AQ");
        assert!(!secret.is_empty() && Secret::new(String::new()).is_empty());
    }

    #[test]
    fn secrets_are_compared_as_a_whole() {
        let one = Secret::new(String::from("abc"));
        assert!(one.is(&one.clone()));
        for other in ["abd", "ab", "abcd", ""] {
            assert!(!one.is(&Secret::new(other.to_owned())), "{other}");
        }
    }
}
