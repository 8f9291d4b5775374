//! The text of a file against the table of keys: what is accepted, with its place, and every fault.

use super::fault::{Faults, Problem, place, shown};
use super::keys::{LEVELS, SECTIONS, key, of_section};
use super::kind::Kind;
use super::version;
use crate::input::is_column_name;
use crate::rules::RULES;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value that the file gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Its section.
    pub section: String,
    /// Its key.
    pub key: String,
    /// The value; paths are already those that the program uses.
    pub value: toml::Value,
    /// Line of the value's key, from 1.
    pub line: usize,
}

/// Walks over the text of a file that lies in `folder`.
///
/// # Errors
/// All faults at once, in the order of the file.
pub(super) fn walk(text: &str, folder: &Path) -> Result<Vec<Given>, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut syntax = Faults::default();
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        syntax.add(at, error.message().trim().to_owned(), Vec::new());
    }
    let mut walk = Walk {
        text,
        folder,
        faults: Faults::default(),
        given: Vec::new(),
    };
    let mut all: Vec<_> = table.get_ref().iter().collect();
    // A file for another version may have keys that this one cannot know: then only the version is worth telling.
    if let Some(found) = all
        .iter()
        .position(|(name, _)| name.get_ref() == version::KEY)
    {
        let (name, value) = all.remove(found);
        if let Err((what, is_other)) = version::read(value.get_ref().as_str()) {
            if is_other {
                all.clear();
                syntax = Faults::default();
            }
            walk.faults.add(name.span().start, what, Vec::new());
        } else if let Some(text) = value.get_ref().as_str() {
            walk.given.push(Given {
                section: String::new(),
                key: version::KEY.to_owned(),
                value: toml::Value::String(text.to_owned()),
                line: place(text, name.span().start).0,
            });
        }
    }
    for (name, value) in all {
        walk.section(name, value);
    }
    if walk.faults.len() + syntax.len() > 0 {
        return Err(walk.faults.problems(syntax, text));
    }
    Ok(walk.given)
}

struct Walk<'t> {
    text: &'t str,
    folder: &'t Path,
    faults: Faults,
    given: Vec<Given>,
}

impl Walk<'_> {
    fn section(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) {
        let (at, section) = (name.span().start, name.get_ref());
        if !SECTIONS.contains(&section.as_ref()) {
            let (what, nearest) = unknown_section(section, value.get_ref());
            self.faults.add(at, what, nearest);
            return;
        }
        let DeValue::Table(table) = value.get_ref() else {
            let what = format!("'{section}' is a section: write [{section}]");
            self.faults.add(at, what, Vec::new());
            return;
        };
        for (key, value) in table {
            self.entry(section, key, value);
        }
    }

    fn entry(
        &mut self,
        section: &str,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let at = name.span().start;
        let kind = match kind_of(section, name.get_ref()) {
            Ok(kind) => kind,
            Err((what, nearest)) => return self.faults.add(at, what, nearest),
        };
        let read = kind.read(&shown(name.get_ref()), value, self.folder, &mut self.faults);
        if let Some(value) = read {
            self.given.push(Given {
                section: section.to_owned(),
                key: name.get_ref().to_string(),
                value,
                line: place(self.text, at).0,
            });
        }
    }
}

/// What is wrong, and the nearest names.
type Unknown = (String, Vec<String>);

fn kind_of(section: &str, name: &str) -> Result<Kind, Unknown> {
    if let Some(key) = key(section, name) {
        return Ok(key.kind);
    }
    match section {
        "severity" if RULES.iter().any(|rule| rule.name == name) => Ok(Kind::OneOf(LEVELS)),
        "severity" => Err((
            format!("there is no rule '{}'", shown(name)),
            crate::rules::nearest_names(name),
        )),
        "columns" if is_column_name(name) => Ok(Kind::Header),
        _ => Err(unknown_key(section, name)),
    }
}

fn unknown_key(section: &str, name: &str) -> Unknown {
    let what = format!("unknown key '{}' in [{section}]", shown(name));
    let elsewhere = homes(name);
    if !elsewhere.is_empty() {
        return (what, elsewhere);
    }
    let columns = crate::input::Attribute::FIXED
        .into_iter()
        .filter(|_| section == "columns")
        .map(crate::input::Attribute::name);
    let own = of_section(section).map(|key| key.name).chain(columns);
    let nearest = crate::model::nearest(name, own, 1);
    (what, nearest.into_iter().map(str::to_owned).collect())
}

fn unknown_section(name: &str, value: &DeValue<'_>) -> Unknown {
    if !value.is_table() {
        let elsewhere = homes(name);
        let what = format!("unknown key '{}' outside all sections", shown(name));
        if !elsewhere.is_empty() {
            return (what, elsewhere);
        }
        let all = super::keys::KEYS.iter().map(|key| key.name);
        let nearest = crate::model::nearest(name, all.chain([version::KEY]), 1);
        let places = |name: &str| match name {
            version::KEY => vec![version::KEY.to_owned()],
            _ => homes(name),
        };
        return (what, nearest.into_iter().flat_map(places).collect());
    }
    let nearest = crate::model::nearest(name, SECTIONS.iter().copied(), 1);
    (
        format!("unknown section [{}]", shown(name)),
        nearest.into_iter().map(str::to_owned).collect(),
    )
}

/// Where a key of this name belongs.
fn homes(name: &str) -> Vec<String> {
    super::keys::KEYS
        .iter()
        .filter(|key| key.name == name)
        .map(|key| format!("{} in [{}]", key.name, key.section))
        .collect()
}
