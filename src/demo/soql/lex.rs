//! Words, literals and signs of a query.

use super::{Malformed, Place};

/// One token, as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) what: What,
    pub(super) text: &'a str,
    pub(super) at: Place,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// A name or keyword, with dots between its parts.
    Word,
    /// A string without its quotes, escapes resolved.
    Text(String),
    Number(f64),
    Date,
    DateTime,
    /// `, ( ) = != <> < <= > >= :`
    Sign,
    End,
}

impl Token<'_> {
    /// Whether it is this keyword, in any case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.what == What::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is this sign.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.what == What::Sign && self.text == sign
    }
}

/// All tokens of a text; the last is [`What::End`].
///
/// # Errors
/// A character that SOQL does not have, a string without end, an unknown escape.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Malformed> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let (what, length) = token(rest, first, at)?;
        found.push(Token {
            what,
            text: rest.get(..length).unwrap_or_default(),
            at,
        });
        at += length;
    }
    found.push(Token {
        what: What::End,
        text: "",
        at: text.len(),
    });
    Ok(found)
}

fn token(rest: &str, first: char, at: Place) -> Result<(What, usize), Malformed> {
    match first {
        '\'' => string(rest, at),
        '!' if rest.starts_with("!=") => Ok((What::Sign, 2)),
        '<' if rest.starts_with("<=") || rest.starts_with("<>") => Ok((What::Sign, 2)),
        '>' if rest.starts_with(">=") => Ok((What::Sign, 2)),
        ',' | '(' | ')' | '=' | ':' | '<' | '>' => Ok((What::Sign, 1)),
        '0'..='9' | '-' | '+' => number(rest, at),
        'a'..='z' | 'A'..='Z' | '_' => Ok((What::Word, word(rest))),
        other => Err(Malformed::new(at, format!("unexpected token: '{other}'"))),
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(rest.len())
}

/// A number, a date or a moment: all of them begin with a digit.
fn number(rest: &str, at: Place) -> Result<(What, usize), Malformed> {
    let length = rest
        .char_indices()
        .skip(1)
        .find(|(_, c)| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | ':' | '.')))
        .map_or(rest.len(), |(end, _)| end);
    let text = rest.get(..length).unwrap_or_default();
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return Ok((What::Number(number), length));
    }
    if text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10 {
        return Ok((What::Date, length));
    }
    // A plus sign that was not encoded arrives as a blank; Salesforce refuses that as well.
    if text.parse::<jiff::Timestamp>().is_ok() {
        return Ok((What::DateTime, length));
    }
    Err(Malformed::new(at, format!("unexpected token: '{text}'")))
}

/// A string in single quotes.
fn string(rest: &str, at: Place) -> Result<(What, usize), Malformed> {
    let mut value = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((place, c)) = characters.next() {
        match c {
            '\'' => return Ok((What::Text(value), place + 1)),
            '\\' => {
                let Some((_, escaped)) = characters.next() else {
                    break;
                };
                if matches!(escaped, '_' | '%') {
                    // The wildcards of LIKE stay escaped, so that they can be told from the others.
                    value.push('\\');
                }
                value.push(match escaped {
                    'n' | 'N' => '\n',
                    'r' | 'R' => '\r',
                    't' | 'T' => '\t',
                    'b' | 'B' => '\u{8}',
                    'f' | 'F' => '\u{c}',
                    '\'' | '"' | '\\' | '_' | '%' => escaped,
                    other => {
                        return Err(Malformed::new(
                            at + place,
                            format!("Illegal string literal: invalid escape '\\{other}'"),
                        ));
                    }
                });
            }
            other => value.push(other),
        }
    }
    Err(Malformed::new(at, "unexpected token: '''"))
}
