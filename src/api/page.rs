//! One page of a query, read straight into cells.

use super::{Error, link};
use csv::ByteRecord;
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// One page of a query.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// How many records the query gives in all.
    pub total: u64,
    /// Whether this is the last page.
    pub done: bool,
    /// The path of the next page.
    pub next: Option<String>,
    /// Records, their cells in the order of the columns asked for; a null is empty.
    pub records: Vec<ByteRecord>,
}

impl Page {
    /// Reads an answer to a query for these columns; `Profile.Name` is a column of a parent.
    ///
    /// # Errors
    /// The answer is no page, lacks a column, or its link to the next page leaves the org.
    pub fn parse(asked: &str, body: &[u8], columns: &[String]) -> Result<Self, Error> {
        let unreadable = |reason: String| Error::Unreadable {
            path: asked.split('?').next().unwrap_or_default().to_owned(),
            reason,
        };
        let text = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        let mut reader = serde_json::Deserializer::from_slice(text);
        let raw = Pages { columns }
            .deserialize(&mut reader)
            .and_then(|page| reader.end().map(|()| page))
            .map_err(|fault| unreadable(fault.to_string()))?;
        let Some(done) = raw.done else {
            return Err(unreadable(String::from(
                "it does not say whether it is the last page",
            )));
        };
        let next = raw
            .next
            .as_deref()
            .map(|next| link::local(asked, next))
            .transpose()?;
        if !done && next.is_none() {
            return Err(unreadable(String::from(
                "it is not the last page, but names no next one",
            )));
        }
        Ok(Self {
            total: raw.total,
            done,
            next: if done { None } else { next },
            records: raw.records,
        })
    }
}

/// The number that `SELECT COUNT()` gives.
///
/// # Errors
/// The answer is none to such a query.
pub fn count_of(body: &[u8]) -> Result<u64, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Count {
        total_size: u64,
    }
    serde_json::from_slice::<Count>(body)
        .map(|count| count.total_size)
        .map_err(|fault| Error::Unreadable {
            path: String::from("query"),
            reason: fault.to_string(),
        })
}

#[derive(Default)]
struct Raw {
    total: u64,
    done: Option<bool>,
    next: Option<String>,
    records: Vec<ByteRecord>,
}

/// The answer as a whole.
struct Pages<'c> {
    columns: &'c [String],
}

impl<'de> DeserializeSeed<'de> for Pages<'_> {
    type Value = Raw;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Pages<'_> {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of a query")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut raw = Raw::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "totalSize" => raw.total = map.next_value()?,
                "done" => raw.done = Some(map.next_value()?),
                "nextRecordsUrl" => raw.next = map.next_value()?,
                "records" => {
                    raw.records = map.next_value_seed(Records {
                        columns: self.columns,
                    })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(raw)
    }
}

struct Records<'c> {
    columns: &'c [String],
}

impl<'de> DeserializeSeed<'de> for Records<'_> {
    type Value = Vec<ByteRecord>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Records<'_> {
    type Value = Vec<ByteRecord>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut records = Vec::new();
        let mut cells = vec![None; self.columns.len()];
        while let Some(record) = seq.next_element_seed(OneRecord {
            columns: self.columns,
            cells: &mut cells,
        })? {
            records.push(record);
        }
        Ok(records)
    }
}

struct OneRecord<'c, 'b, 'de> {
    columns: &'c [String],
    cells: &'b mut Vec<Option<Cow<'de, str>>>,
}

impl<'de> DeserializeSeed<'de> for OneRecord<'_, '_, 'de> {
    type Value = ByteRecord;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ByteRecord, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneRecord<'_, '_, 'de> {
    type Value = ByteRecord;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByteRecord, A::Error> {
        let Self { columns, cells } = self;
        cells.fill(None);
        // Answers keep the order of the SELECT list, so the next column is nearly always the next key.
        let mut next = 0;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let value: &'de RawValue = map.next_value()?;
            let at = place(columns, next, &key);
            if let Some(at) = at {
                set(cells, at, cell(value.get())?);
                next = at + 1;
                continue;
            }
            for (at, column) in columns.iter().enumerate() {
                let Some((parent, field)) = column.split_once('.') else {
                    continue;
                };
                if parent.eq_ignore_ascii_case(&key) {
                    set(cells, at, inner(value.get(), field)?);
                }
            }
        }
        let mut record = ByteRecord::new();
        for (cell, column) in cells.iter().zip(columns) {
            match cell {
                Some(cell) => record.push_field(cell.as_bytes()),
                None => {
                    return Err(A::Error::custom(format!(
                        "a record lacks the field {column}"
                    )));
                }
            }
        }
        Ok(record)
    }
}

fn set<'de>(cells: &mut [Option<Cow<'de, str>>], at: usize, value: Cow<'de, str>) {
    if let Some(cell) = cells.get_mut(at) {
        *cell = Some(value);
    }
}

fn place(columns: &[String], next: usize, key: &str) -> Option<usize> {
    if columns.get(next).is_some_and(|column| column == key) {
        return Some(next);
    }
    columns
        .iter()
        .position(|column| column.eq_ignore_ascii_case(key))
}

/// A value as the cell of a CSV file: numbers and dates as they stand, a null is empty.
fn cell<E: serde::de::Error>(raw: &str) -> Result<Cow<'_, str>, E> {
    match raw.as_bytes().first() {
        Some(b'"') => match raw
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
            _ => serde_json::from_str(raw).map(Cow::Owned).map_err(E::custom),
        },
        Some(b'n') => Ok(Cow::Borrowed("")),
        Some(b'{' | b'[') => Err(E::custom("a field holds an object where a value is due")),
        _ => Ok(Cow::Borrowed(raw)),
    }
}

/// A field of a parent record; no parent, no value.
fn inner<'de, E: serde::de::Error>(raw: &'de str, field: &str) -> Result<Cow<'de, str>, E> {
    if raw == "null" {
        return Ok(Cow::Borrowed(""));
    }
    let parent: std::collections::BTreeMap<Cow<'de, str>, &'de RawValue> =
        serde_json::from_str(raw).map_err(E::custom)?;
    match parent
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(field))
    {
        Some((_, value)) => cell(value.get()),
        None => Err(E::custom(format!(
            "a parent record lacks the field {field}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str, columns: &[&str]) -> Result<Page, String> {
        let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        Page::parse("/services/data/v65.0/query?q=x", body.as_bytes(), &columns)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn records_become_cells() {
        let page = parse(
            r#"{"totalSize":3,"done":false,"nextRecordsUrl":"/services/data/v65.0/query/01g-2","records":[
              {"attributes":{"type":"PermissionSet","url":"/x"},"Id":"0PS1","Profile":{"attributes":{},"Name":"A \"b\" ü\n"},"N":5.0,"B":true,"E":null},
              {"attributes":{"type":"PermissionSet","url":"/x"},"E":"e","Id":"0PS2","Profile":null,"n":12,"B":false}]}"#,
            &["Id", "Profile.Name", "N", "B", "E"],
        )
        .expect("a page");
        assert_eq!((page.total, page.done), (3, false));
        assert_eq!(
            page.next.as_deref(),
            Some("/services/data/v65.0/query/01g-2")
        );
        let cells: Vec<Vec<&str>> = page
            .records
            .iter()
            .map(|record| {
                record
                    .iter()
                    .map(|cell| std::str::from_utf8(cell).expect("text"))
                    .collect()
            })
            .collect();
        assert_eq!(
            cells,
            [
                vec!["0PS1", "A \"b\" ü\n", "5.0", "true", ""],
                vec!["0PS2", "", "12", "false", "e"]
            ]
        );
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for (body, reason) in [
            (r#"{"totalSize":1,"records":[]}"#, "last page"),
            (
                r#"{"totalSize":1,"done":false,"records":[]}"#,
                "names no next one",
            ),
            (
                r#"{"totalSize":1,"done":true,"records":[{"Name":"x"}]}"#,
                "lacks the field Id",
            ),
            (
                r#"{"totalSize":1,"done":true,"records":[{"Id":{"a":1}}]}"#,
                "an object",
            ),
            (
                r#"{"totalSize":1,"done":false,"nextRecordsUrl":"https://evil.example/services/data/v65.0/query/01g","records":[]}"#,
                "not followed",
            ),
            (r#"{"totalSize":1,"done":true,"records":[]"#, "EOF"),
            (r#"{"totalSize":1,"done":true,"records":[]} x"#, "trailing"),
            ("[]", "a page of a query"),
        ] {
            let error = parse(body, &["Id"]).expect_err(body);
            assert!(error.contains(reason), "{body}: {error}");
        }
    }

    #[test]
    fn counts_are_read() {
        assert_eq!(
            count_of(br#"{"totalSize":7,"done":true,"records":[]}"#).ok(),
            Some(7)
        );
        assert!(count_of(b"[]").is_err());
    }
}
