//! Lists in brackets: JSON, and what Python prints.

use super::{Elements, ListStyle};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// A JSON array or a Python list; `None` where it is neither, but a name that starts with a bracket.
pub(super) fn bracketed(cell: &str, out: &mut Elements<'_>) -> Option<ListStyle> {
    if !cell.ends_with(']') {
        return None;
    }
    let (elements, style) = match json(cell) {
        Some(elements) => (elements, ListStyle::Json),
        None => (python(cell)?, ListStyle::Python),
    };
    let mut met = FxHashSet::default();
    for element in elements {
        let element = element.trim();
        if !element.is_empty() && met.insert(element.to_owned()) {
            out.push(Cow::Owned(element.to_owned()));
        }
    }
    Some(if out.is_empty() {
        ListStyle::Empty
    } else {
        style
    })
}

fn json(cell: &str) -> Option<Vec<String>> {
    use serde_json::Value;
    serde_json::from_str::<Vec<Value>>(cell)
        .ok()?
        .into_iter()
        .filter(|value| !value.is_null())
        .map(|value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        })
        .collect()
}

/// `['a', "b's", 'c\'d', None]`.
fn python(cell: &str) -> Option<Vec<String>> {
    let mut letters = cell
        .strip_prefix('[')?
        .strip_suffix(']')?
        .chars()
        .peekable();
    let mut elements = Vec::new();
    loop {
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        let mut element = String::new();
        match letters.next() {
            None => return Some(elements),
            Some(quote @ ('\'' | '"')) => {
                loop {
                    match letters.next()? {
                        '\\' => element.push(letters.next()?),
                        letter if letter == quote => break,
                        letter => element.push(letter),
                    }
                }
                elements.push(element);
            }
            // The prefix of old Python text, and the one constant that stands for nothing.
            Some('u') if matches!(letters.peek(), Some('\'' | '"')) => continue,
            Some('N') => {
                for wanted in "one".chars() {
                    letters.next_if_eq(&wanted)?;
                }
            }
            Some(_) => return None,
        }
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        match letters.next() {
            None => return Some(elements),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}
