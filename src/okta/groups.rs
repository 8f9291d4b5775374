//! The groups of all mappings of a run: what the members of each get, and which of two counts.

use super::Error;
use super::members::Members;
use super::noted::noted;
use crate::input::{Attribute, Columns, Input, InputBlocks, RowKind, access_column, split};
use crate::tabular::Cells;
use serde::Deserialize;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a user has one of.
pub const SCALARS: [Attribute; 2] = [Attribute::Profile, Attribute::Role];
/// What a user has several of. Okta combines them over groups only where the schema of the app says so.
pub const LISTS: [Attribute; 5] = [
    Attribute::PermissionSets,
    Attribute::PermissionSetGroups,
    Attribute::PermissionSetLicenses,
    Attribute::FeatureLicenses,
    Attribute::PublicGroups,
];

/// The assignment of the app to one group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Name as the mapping has it, without outer white space.
    pub name: Box<str>,
    /// Okta's priority: the lowest number counts first. `None`: there is none, or none that is a number.
    pub priority: Option<i64>,
    /// The mapping has a column of priorities.
    pub ranked: bool,
    /// What stands in that column and is no priority.
    pub misread: Option<Box<str>>,
    /// Texts of [`SCALARS`], in that order; `None`: the mapping has no such column; empty: blank.
    scalars: [Option<Box<str>>; 2],
    /// Texts of [`LISTS`], in that order; `None` and empty as above.
    list_texts: [Option<Box<str>>; 5],
    /// Their elements, each list sorted.
    lists: [Vec<Box<str>>; 5],
}

impl Group {
    fn of(columns: &Columns, cells: Cells<'_>, separator: Option<&str>) -> Self {
        let text = |column| columns.cell(column, cells).sent().unwrap_or_default();
        let written = text(Attribute::Priority);
        let priority = whole_number(written);
        Self {
            name: text(Attribute::Group).into(),
            priority,
            ranked: columns.has(Attribute::Priority),
            misread: (priority.is_none() && !written.is_empty()).then(|| written.into()),
            scalars: SCALARS.map(|column| columns.has(column).then(|| text(column).into())),
            list_texts: LISTS.map(|column| columns.has(column).then(|| text(column).into())),
            lists: LISTS.map(|column| elements(text(column), separator)),
        }
    }

    /// The text of a scalar; empty: the group leaves it blank. `None`: the mapping has no such column.
    #[must_use]
    pub fn scalar(&self, column: Attribute) -> Option<&str> {
        let place = SCALARS.iter().position(|known| *known == column)?;
        self.scalars.get(place)?.as_deref()
    }

    /// The text of any of [`SCALARS`] and [`LISTS`], as [`Group::scalar`].
    #[must_use]
    pub fn text(&self, column: Attribute) -> Option<&str> {
        match LISTS.iter().position(|known| *known == column) {
            Some(place) => self.list_texts.get(place)?.as_deref(),
            None => self.scalar(column),
        }
    }

    /// The elements of one of [`LISTS`], sorted.
    #[must_use]
    pub fn list(&self, column: Attribute) -> &[Box<str>] {
        let place = LISTS.iter().position(|known| *known == column);
        place
            .and_then(|place| self.lists.get(place))
            .map_or(&[], Vec::as_slice)
    }

    /// The scalars that the two give differently.
    pub fn differing_scalars<'g>(
        &'g self,
        other: &'g Self,
    ) -> impl Iterator<Item = Attribute> + 'g {
        SCALARS
            .into_iter()
            .filter(|&column| self.scalar(column) != other.scalar(column))
    }

    /// Everything that the two give differently.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<Attribute> {
        let lists = LISTS
            .into_iter()
            .zip(self.lists.iter().zip(&other.lists))
            .filter(|(_, (own, others))| own != others)
            .map(|(column, _)| column);
        self.differing_scalars(other).chain(lists).collect()
    }

    /// Whether it certainly counts before another: `Less` is before, `Equal` cannot be told. Okta puts a group without a
    /// priority behind those that have one.
    #[must_use]
    pub fn rank(&self, other: &Self) -> Ordering {
        match (self.priority, other.priority) {
            (Some(own), Some(others)) => own.cmp(&others),
            (Some(_), None) if other.is_last() => Ordering::Less,
            (None, Some(_)) if self.is_last() => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }

    /// Whether the mapping has priorities and leaves that of the group blank.
    fn is_last(&self) -> bool {
        self.ranked && self.priority.is_none() && self.misread.is_none()
    }
}

/// A priority; spreadsheets write `1` as `1.0` or `1,0`.
fn whole_number(text: &str) -> Option<i64> {
    let (number, rest) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_whole = !rest.is_empty() && rest.bytes().all(|digit| digit == b'0');
    number.parse().ok().filter(|_| is_whole)
}

/// The elements of a cell, sorted, so that two lists of the same elements are equal.
fn elements(cell: &str, separator: Option<&str>) -> Vec<Box<str>> {
    let mut found = Vec::new();
    // What PowerShell spoiled is refused where rows are resolved.
    if split(cell, separator, |_| false, &mut found).is_err() {
        return Vec::new();
    }
    let mut sorted: Vec<Box<str>> = found.iter().map(|text| text.as_ref().into()).collect();
    sorted.sort_unstable();
    sorted
}

/// The schema of an app, as far as it is about lists. Okta adds members as it grows.
#[derive(Deserialize)]
struct Schema {
    definitions: BTreeMap<String, Definition>,
}

#[derive(Deserialize)]
struct Definition {
    #[serde(default)]
    properties: BTreeMap<String, Property>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(default)]
    union: Option<serde_json::Value>,
}

impl Property {
    /// Okta's examples write `DISABLE` where the group of the highest priority decides alone; how the other setting is
    /// spelled none of them shows.
    fn is_combined(&self) -> bool {
        match &self.union {
            Some(serde_json::Value::String(word)) => {
                !["", "DISABLE", "DISABLED", "FALSE"].contains(&word.to_ascii_uppercase().as_str())
            }
            Some(serde_json::Value::Bool(so)) => *so,
            _ => false,
        }
    }
}

/// All groups of a run.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// In the order of the rows of the run.
    pub all: Vec<Group>,
    /// The lists that Okta combines over the groups of a person (`union` in the schema of the app).
    pub combined: BTreeSet<Attribute>,
    /// A blank of the group that counts is pushed (`--null-values pushed`); else the next group fills it.
    pub blanks_count: bool,
    /// Who is in which group, where that was said.
    pub members: Option<Members>,
}

impl Groups {
    /// Takes from the schema of the app (`GET /api/v1/meta/schemas/apps/ID/default`) which lists are combined.
    ///
    /// # Errors
    /// The file cannot be read, or is no schema.
    pub fn read_schema(&mut self, path: &Path) -> Result<(), Error> {
        let shown = path.to_string_lossy();
        let bytes =
            crate::input::read_bounded(path).map_err(|source| Error::read(&shown, source))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let schema: Schema =
            serde_json::from_slice(bytes).map_err(|error| Error::json(&shown, 1, &error))?;
        let properties = schema
            .definitions
            .into_values()
            .flat_map(|part| part.properties);
        self.combined = properties
            .filter(|(_, property)| property.is_combined())
            .filter_map(|(name, _)| access_column(&name))
            .filter(|column| LISTS.contains(column))
            .collect();
        Ok(())
    }

    /// Takes the groups of an input, which is read a second time by whoever judges it; an input of other rows is left
    /// alone.
    ///
    /// # Errors
    /// The input cannot be read, or is no text.
    pub fn add(
        &mut self,
        input: &Input,
        blocks: InputBlocks,
        (separator, size): (Option<&str>, usize),
    ) -> Result<InputBlocks, Error> {
        if input.columns.rows != RowKind::Group {
            return Ok(blocks);
        }
        noted(input, blocks, size, &mut |cells| {
            self.all.push(Group::of(&input.columns, cells, separator));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn group(priority: &str) -> Group {
        Group {
            priority: whole_number(priority),
            ranked: true,
            misread: (whole_number(priority).is_none() && !priority.is_empty())
                .then(|| priority.into()),
            ..Group::default()
        }
    }

    #[test]
    fn a_priority_is_a_whole_number_however_a_spreadsheet_writes_it() {
        for (text, number) in [
            ("1", Some(1)),
            ("01", Some(1)),
            ("1.0", Some(1)),
            ("1,00", Some(1)),
            ("-1", Some(-1)),
            ("1.5", None),
            ("1.", None),
            ("high", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(whole_number(text), number, "{text}");
        }
    }

    #[test]
    fn a_group_without_a_priority_comes_last_and_one_with_a_word_anywhere() {
        let rank = |one: &str, other: &str| group(one).rank(&group(other));
        assert_eq!(rank("1", ""), Ordering::Less);
        assert_eq!(rank("", "1"), Ordering::Greater);
        assert_eq!(rank("", ""), Ordering::Equal);
        assert_eq!(rank("1", "high"), Ordering::Equal);
        assert_eq!(rank("high", ""), Ordering::Equal);
        let unranked = Group::default();
        assert_eq!(group("1").rank(&unranked), Ordering::Equal);
    }

    #[test]
    fn all_but_disable_combines_a_list() {
        for (union, combined) in [
            ("\"ENABLE\"", true),
            ("\"ENABLED\"", true),
            ("\"COMBINE\"", true),
            ("true", true),
            ("\"DISABLE\"", false),
            ("\"disable\"", false),
            ("false", false),
            ("null", false),
        ] {
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            write!(
                file,
                r#"{{"definitions":{{"base":{{"properties":{{"salesforceGroups":{{"union":{union}}},"profile":{{"union":"ENABLE"}}}}}}}}}}"#
            )
            .expect("written");
            let mut groups = Groups::default();
            groups.read_schema(file.path()).expect("a schema");
            let lists: Vec<Attribute> = groups.combined.into_iter().collect();
            let wanted: &[Attribute] = if combined {
                &[Attribute::PermissionSets]
            } else {
                &[]
            };
            assert_eq!(lists, wanted, "{union}");
        }
    }
}
