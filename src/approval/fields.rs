//! Fields of User that a file fills, as describe tells them: the parts that decide.
//!
//! Of a length only what lies under the longest text that is sent, of a picklist only the values that are sent: a value
//! that Salesforce adds to a list of time zones is nothing that mattered.

use super::compare::differences;
use super::facts::hash;
use super::{Compared, Difference, Fact, Plan};
use crate::check::{FieldUse, Touched};
use crate::matrix::Matrix;
use crate::model::{Describe, Field, Known};
use std::collections::BTreeMap;

/// The kind of these facts.
pub(super) const KIND: &str = "field";
const LENGTH: &str = "length";
const LONGEST: &str = "longest text sent";
const ALL_VALUES: &str = "values";
const VALUE: &str = "value ";

type Parts = BTreeMap<String, Option<String>>;

/// The fields that rows fill.
pub(super) fn bound(m: &Matrix, touched: &Touched) -> Vec<Fact> {
    let Some(describe) = &m.org.user_describe else {
        return Vec::new();
    };
    let used = touched.fields.iter();
    used.filter_map(|(name, used)| {
        let field = describe.field(name)?;
        Some(Fact {
            kind: KIND.to_owned(),
            id: field.name.clone(),
            name: field.label.clone(),
            parts: parts(describe, field, used),
        })
    })
    .collect()
}

/// Custom fields that a create must send, where the file creates users and describe tells them.
pub(super) fn required(m: &Matrix, touched: &Touched) -> Option<Vec<String>> {
    let creates = touched.more_creates || !touched.creates.is_empty();
    let describe = m.org.user_describe.as_ref().filter(|_| creates)?;
    let mut names: Vec<String> = describe
        .required_custom()
        .map(|field| field.name.clone())
        .collect();
    names.sort();
    Some(names)
}

fn flag(known: Known<bool>) -> Option<String> {
    known.get().map(|flag| flag.to_string())
}

fn parts(describe: &Describe, field: &Field, used: &FieldUse) -> Parts {
    let mut parts: Parts = [
        ("type", Some(field.type_name.clone())),
        ("createable", flag(field.createable)),
        ("updateable", flag(field.updateable)),
        ("unique", Some(field.unique.to_string())),
        ("external id", Some(field.external_id.to_string())),
        (
            "restricted picklist",
            Some(field.restricted_picklist.to_string()),
        ),
        (LENGTH, field.length.as_ref().map(ToString::to_string)),
        (LONGEST, Some(used.longest.to_string())),
    ]
    .into_iter()
    .map(|(name, part)| (name.to_owned(), part))
    .collect();
    let list = list_of(describe, field);
    if used.more_values {
        parts.insert(ALL_VALUES.to_owned(), Some(all_values(list)));
    } else if !list.picklist.is_empty() {
        for value in &used.values {
            parts.insert(format!("{VALUE}{value}"), Some(state(list, value)));
        }
    }
    parts
}

/// The field whose list decides: that of the codes, for countries and states.
fn list_of<'a>(describe: &'a Describe, field: &'a Field) -> &'a Field {
    let codes = match field.name.as_str() {
        "Country" => describe.field("CountryCode"),
        "State" => describe.field("StateCode"),
        _ => None,
    };
    codes.unwrap_or(field)
}

fn state(list: &Field, value: &str) -> String {
    let is = |of: fn(&crate::model::PicklistValue) -> &str| {
        list.picklist.iter().find(|choice| of(choice) == value)
    };
    let found = is(|choice| &choice.value).or_else(|| is(|choice| &choice.label));
    match found {
        Some(choice) if choice.active => "listed",
        Some(_) => "listed, not active",
        None => "not listed",
    }
    .to_owned()
}

fn all_values(list: &Field) -> String {
    let mut values: Vec<String> = list
        .picklist
        .iter()
        .map(|choice| format!("{} {} {}", choice.active, choice.value, choice.label))
        .collect();
    values.sort();
    hash(values)
}

/// Compares a field with what describe says of it now.
pub(super) fn compare(found: &mut Compared, fact: &Fact, m: &Matrix) {
    let Some(describe) = &m.org.user_describe else {
        // The file is optional, as Settings.csv is.
        let note = "describe/User.json is not there: fields were not compared";
        if !found.notes.iter().any(|told| told == note) {
            found.notes.push(note.to_owned());
        }
        return;
    };
    let now = describe.field(&fact.id).map(|field| {
        let sent = fact
            .parts
            .keys()
            .filter_map(|part| part.strip_prefix(VALUE));
        let used = FieldUse {
            longest: 0,
            values: sent.map(Into::into).collect(),
            more_values: fact.parts.contains_key(ALL_VALUES),
        };
        let mut parts = parts(describe, field, &used);
        for same in [LONGEST, LENGTH] {
            if same == LONGEST || !length_decides(fact, field) {
                parts.insert(same.to_owned(), fact.parts.get(same).cloned().flatten());
            }
        }
        Fact {
            // Another label changes nothing.
            name: fact.name.clone(),
            parts,
            ..fact.clone()
        }
    });
    differences(found, fact, now, m);
}

/// Whether another length decides otherwise about a text as long as the longest.
fn length_decides(fact: &Fact, field: &Field) -> bool {
    let number = |part: &str| -> Option<u32> { fact.parts.get(part)?.as_deref()?.parse().ok() };
    match (number(LENGTH), number(LONGEST), field.length.as_ref()) {
        (Some(before), Some(longest), Some(now)) => *now != before && before.min(*now) < longest,
        (_, _, None) => true,
        _ => false,
    }
}

/// Custom fields that a create must send now and needed not before.
pub(super) fn compare_required(found: &mut Compared, plan: &Plan, m: &Matrix) {
    let (Some(before), Some(describe)) = (&plan.required, &m.org.user_describe) else {
        return;
    };
    for field in describe.required_custom() {
        if before.contains(&field.name) {
            continue;
        }
        found.changes.push(Difference {
            kind: KIND.to_owned(),
            id: Some(field.name.clone()),
            name: field.label.clone(),
            part: String::from("required"),
            before: Some(String::from("false")),
            after: Some(String::from("true")),
            message: format!(
                "field '{}' ({}) is required of users that are created, and was not",
                field.label, field.name
            ),
        });
    }
}
