//! The words of an expression.

use super::Error;

/// A word with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Byte offset.
    pub(super) at: usize,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A text in quotes, without them.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// A name, or an operator that is written as a word.
    Name(String),
    /// An operator or bracket.
    Sign(&'static str),
}

/// Longest first: the first that fits is taken.
const SIGNS: [&str; 28] = [
    ".![", ".?[", "?:", "?.", "==", "!=", "<=", ">=", "&&", "||", "(", ")", "{", "}", "[", "]",
    ",", ".", "?", ":", "!", "<", ">", "+", "-", "*", "/", "%",
];

/// Cuts an expression into words.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Error> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        let (kind, length) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if matches!(first, '"' | '\'') {
            quoted(text, at, first)?
        } else if first.is_ascii_digit() {
            let length = rest
                .find(|c: char| !(c.is_ascii_digit() || c == '.'))
                .unwrap_or(rest.len());
            let number = rest.get(..length).unwrap_or_default();
            (TokenKind::Number(number.to_owned()), length)
        } else if first.is_alphabetic() || matches!(first, '_' | '$' | '#') {
            let length = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '#')))
                .unwrap_or(rest.len());
            let name = rest.get(..length).unwrap_or_default();
            (TokenKind::Name(name.to_owned()), length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (TokenKind::Sign(sign), sign.len())
        } else {
            let what = format!("'{first}' is no part of the expression language");
            return Err(Error::at(text, at, what));
        };
        found.push(Token { kind, at });
        at += length;
    }
    Ok(found)
}

/// A text in quotes, and the bytes that it takes. A backslash keeps the character behind it, a doubled quote is one.
fn quoted(text: &str, at: usize, quote: char) -> Result<(TokenKind, usize), Error> {
    let inside = text.get(at + 1..).unwrap_or_default();
    let mut value = String::new();
    let mut chars = inside.char_indices().peekable();
    while let Some((place, c)) = chars.next() {
        if c == '\\' {
            if let Some((_, kept)) = chars.next() {
                value.push(match kept {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
            }
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
                value.push(quote);
            } else {
                return Ok((TokenKind::Text(value), place + 2));
            }
        } else {
            value.push(c);
        }
    }
    Err(Error::at(text, at, "this quote is not closed"))
}
