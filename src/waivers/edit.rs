//! Changes of the file of waivers that leave its comments and everything else as they are.

use super::{Error, Selectors};
use jiff::civil::Date;
use std::collections::BTreeSet;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

/// A waiver to be written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Name of the rule.
    pub rule: String,
    /// Selectors: name (of [`Selectors::NAMES`]) and pattern.
    pub selectors: Vec<(String, String)>,
    /// Why it is accepted.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it was agreed.
    pub ticket: Option<String>,
    /// The last day on which it counts.
    pub expires: Option<Date>,
}

/// The text with a waiver more, at its end.
///
/// # Errors
/// It is no TOML, or its waivers are not written as tables.
pub fn add(text: &str, draft: &Draft, today: Date) -> Result<String, Error> {
    let mut document = parse(text)?;
    let mut entry = Table::new();
    entry.insert("rule", value(draft.rule.as_str()));
    let mut selectors = InlineTable::new();
    let mut given: Vec<_> = draft.selectors.iter().collect();
    given.sort_by_key(|(name, _)| Selectors::NAMES.iter().position(|known| known == name));
    for (name, pattern) in given {
        selectors.insert(name, pattern.as_str().into());
    }
    entry.insert("match", value(selectors));
    let texts = [
        ("reason", &draft.reason),
        ("owner", &draft.owner),
        ("ticket", &draft.ticket),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            entry.insert(key, value(text.as_str()));
        }
    }
    entry.insert("created", day(today));
    if let Some(expires) = draft.expires {
        entry.insert("expires", day(expires));
    }
    // What stands at the end of the file, or is all of it, stays above the new entry.
    let above = document.trailing().as_str().unwrap_or_default().to_owned();
    document.set_trailing("");
    let list = document
        .entry("waiver")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let list = list.as_array_of_tables_mut().ok_or(Error::NotTables)?;
    if !list.is_empty() || !text.trim().is_empty() {
        let end = if above.is_empty() || above.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        entry.decor_mut().set_prefix(format!("{above}{end}"));
    }
    list.push(entry);
    Ok(document.to_string())
}

/// The text with another end of the waiver with this number (from 1), which counts as created today from now on.
///
/// # Errors
/// As [`add`]; or there is no such waiver.
pub fn renew(
    text: &str,
    number: usize,
    expires: Date,
    reason: Option<&str>,
    today: Date,
) -> Result<String, Error> {
    let mut document = parse(text)?;
    let list = tables(&mut document)?;
    let count = list.len();
    let entry = number
        .checked_sub(1)
        .and_then(|place| list.get_mut(place))
        .ok_or(Error::NoSuch { number, count })?;
    put(entry, "created", day(today));
    put(entry, "expires", day(expires));
    if let Some(reason) = reason {
        put(entry, "reason", value(reason));
    }
    Ok(document.to_string())
}

/// The text without the waivers with these numbers (from 1). Comments at the head of the file stay.
///
/// # Errors
/// As [`add`]; or there is no such waiver.
pub fn prune(text: &str, numbers: &BTreeSet<usize>) -> Result<String, Error> {
    let mut document = parse(text)?;
    if numbers.is_empty() {
        return Ok(text.to_owned());
    }
    let list = tables(&mut document)?;
    let count = list.len();
    if let Some(&number) = numbers.iter().find(|n| **n == 0 || **n > count) {
        return Err(Error::NoSuch { number, count });
    }
    // What stands above the first entry, up to its last empty line, is about the file.
    let first = list
        .get(0)
        .and_then(|entry| entry.decor().prefix()?.as_str());
    let head = first
        .and_then(|prefix| Some(prefix.get(..=prefix.rfind("\n\n")? + 1)?.to_owned()))
        .filter(|head| !head.trim().is_empty());
    for number in numbers.iter().rev() {
        list.remove(number - 1);
    }
    if let Some(head) = head.filter(|_| numbers.contains(&1)) {
        if let Some(entry) = list.get_mut(0) {
            let own = entry.decor().prefix().and_then(|prefix| prefix.as_str());
            let own = own.unwrap_or_default().trim_start_matches('\n');
            let both = format!("{head}{own}");
            entry.decor_mut().set_prefix(both);
        } else {
            let rest = document.trailing().as_str().unwrap_or_default();
            let both = format!("{head}{rest}");
            document.set_trailing(both);
        }
    }
    Ok(document.to_string())
}

/// Sets a value; the comment behind the old one stays.
fn put(entry: &mut Table, key: &str, new: Item) {
    let old = entry.get(key).and_then(Item::as_value);
    let decor = old.map(|old| old.decor().clone());
    let mut new = new;
    if let (Some(decor), Some(new)) = (decor, new.as_value_mut()) {
        *new.decor_mut() = decor;
    }
    entry.insert(key, new);
}

fn parse(text: &str) -> Result<DocumentMut, Error> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        Error::NotToml {
            path: super::FILE.into(),
            lines: vec![(line, error.message().trim().to_owned())],
        }
    })
}

fn tables(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, Error> {
    document
        .get_mut("waiver")
        .and_then(Item::as_array_of_tables_mut)
        .ok_or(Error::NotTables)
}

/// A date as TOML writes it.
fn day(date: Date) -> Item {
    let date = toml_edit::Date {
        year: u16::try_from(date.year()).unwrap_or_default(),
        month: u8::try_from(date.month()).unwrap_or_default(),
        day: u8::try_from(date.day()).unwrap_or_default(),
    };
    value(Value::from(toml_edit::Datetime {
        date: Some(date),
        time: None,
        offset: None,
    }))
}
