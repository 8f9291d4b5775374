//! What a value must be, and reading it. A value that is something else is a fault with its place.

use super::amount;
use super::fault::{Faults, shown};
use std::path::Path;
use toml::Spanned;
use toml::de::{DeInteger, DeValue};

/// What the value of a key must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text; an empty one means "not given".
    Text,
    /// A list of texts, none of them empty.
    Texts,
    /// A list of some of these words.
    Words(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A whole number, 0 or more.
    Whole,
    /// A table of whole numbers, 0 or more.
    Counts,
    /// A table of texts.
    TextTable,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A length of time: `24h`, `7d`, `PT36H`.
    Age,
    /// A length of time in whole days: `30d`.
    Days,
    /// A percentage: `20%`.
    Share,
    /// The one character between cells.
    Delimiter,
    /// The text between the elements of a list in a cell.
    Separator,
    /// A label of the WHATWG encoding standard.
    Encoding,
    /// A header of an input file.
    Header,
    /// A file or folder; relative to the folder of the configuration file.
    Path,
}

impl Kind {
    /// Reads a value; `None` (and a fault at its place) where it is not what it must be.
    pub(super) fn read(
        self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        folder: &Path,
        faults: &mut Faults,
    ) -> Option<toml::Value> {
        let at = value.span().start;
        let read = match (self, value.get_ref()) {
            (Self::Texts, DeValue::Array(items)) => {
                return texts(name, items.iter(), None, faults);
            }
            (Self::Words(words), DeValue::Array(items)) => {
                return texts(name, items.iter(), Some(words), faults);
            }
            (Self::Counts | Self::TextTable, DeValue::Table(table)) => {
                let element = if self == Self::Counts {
                    Self::Whole
                } else {
                    Self::Text
                };
                let mut read = toml::Table::new();
                let before = faults.len();
                for (key, value) in table {
                    let name = format!("{name}.{}", shown(key.get_ref()));
                    if let Some(value) = element.read(&name, value, folder, faults) {
                        read.insert(key.get_ref().to_string(), value);
                    }
                }
                return (faults.len() == before).then_some(toml::Value::Table(read));
            }
            (Self::Flag, DeValue::Boolean(flag)) => Ok(toml::Value::Boolean(*flag)),
            (Self::Whole, DeValue::Integer(number)) => whole(number),
            (_, DeValue::String(text)) if self.is_text() => self.text(text, folder),
            (_, other) => Err((
                format!("{} where {} is expected", named(other), self.expected()),
                Vec::new(),
            )),
        };
        match read {
            Ok(value) => Some(value),
            Err((reason, nearest)) => {
                faults.add(at, format!("{name}: {reason}"), nearest);
                None
            }
        }
    }

    fn is_text(self) -> bool {
        !matches!(
            self,
            Self::Texts
                | Self::Words(_)
                | Self::Flag
                | Self::Whole
                | Self::Counts
                | Self::TextTable
        )
    }

    /// What a value of the wrong type should have been.
    fn expected(self) -> &'static str {
        match self {
            Self::Texts | Self::Words(_) => "a list of texts",
            Self::Flag => "true or false",
            Self::Whole => "a whole number",
            Self::Counts => "a table of whole numbers",
            Self::TextTable => "a table of texts",
            Self::Age => "a text such as \"24h\"",
            Self::Days => "a text such as \"30d\"",
            Self::Share => "a text such as \"20%\"",
            _ => "a text",
        }
    }

    fn text(self, text: &str, folder: &Path) -> Result<toml::Value, (String, Vec<String>)> {
        let plain = |reason: String| (reason, Vec::new());
        match self {
            Self::OneOf(words) if !words.contains(&text) => {
                let near = crate::model::nearest(text, words.iter().copied(), 1);
                return Err((
                    format!("'{}' is not one of {}", shown(text), words.join(", ")),
                    near.into_iter().map(str::to_owned).collect(),
                ));
            }
            Self::Age => amount::age(text).map(drop).map_err(plain)?,
            Self::Days => amount::days(text).map(drop).map_err(plain)?,
            Self::Share => amount::share(text).map(drop).map_err(plain)?,
            Self::Delimiter => amount::delimiter(text).map(drop).map_err(plain)?,
            Self::Separator if text.is_empty() => {
                return Err(plain(String::from("an empty text separates nothing")));
            }
            Self::Header if text.trim().is_empty() => {
                return Err(plain(String::from("an empty text is no header")));
            }
            Self::Encoding
                if encoding_rs::Encoding::for_label(text.trim().as_bytes()).is_none() =>
            {
                return Err(plain(format!(
                    "'{}' is no encoding of the WHATWG standard, such as utf-8, windows-1252 or utf-16le",
                    shown(text)
                )));
            }
            Self::Path if !text.is_empty() => {
                // The text came as UTF-8; only the folder could be something else, and then it is kept readable.
                let path = folder.join(text);
                return Ok(toml::Value::String(path.to_string_lossy().into_owned()));
            }
            _ => {}
        }
        Ok(toml::Value::String(text.to_owned()))
    }
}

/// A list of texts; every element that is none is a fault of its own.
fn texts<'v, 'i: 'v>(
    name: &str,
    items: impl Iterator<Item = &'v Spanned<DeValue<'i>>>,
    words: Option<&'static [&'static str]>,
    faults: &mut Faults,
) -> Option<toml::Value> {
    let before = faults.len();
    let mut read = Vec::new();
    for item in items {
        match item.get_ref() {
            DeValue::String(text) if words.is_some_and(|words| !words.contains(&text.as_ref())) => {
                let words = words.unwrap_or_default();
                let near = crate::model::nearest(text, words.iter().copied(), 1);
                faults.add(
                    item.span().start,
                    format!(
                        "{name}: '{}' is not one of {}",
                        shown(text),
                        words.join(", ")
                    ),
                    near.into_iter().map(str::to_owned).collect(),
                );
            }
            DeValue::String(text) if !text.trim().is_empty() => {
                read.push(toml::Value::String(text.to_string()));
            }
            DeValue::String(_) => faults.add(
                item.span().start,
                format!("{name}: an empty text in the list"),
                Vec::new(),
            ),
            other => faults.add(
                item.span().start,
                format!("{name}: {} in a list of texts", named(other)),
                Vec::new(),
            ),
        }
    }
    (faults.len() == before).then_some(toml::Value::Array(read))
}

fn whole(number: &DeInteger<'_>) -> Result<toml::Value, (String, Vec<String>)> {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(number) if number >= 0 => Ok(toml::Value::Integer(number)),
        Ok(number) => Err((format!("{number} is less than 0"), Vec::new())),
        Err(_) => Err((format!("{number} is too large"), Vec::new())),
    }
}

/// A value of the wrong type, as a message names it.
fn named(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
