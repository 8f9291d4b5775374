//! The other fields of a user: names, addresses, picklists, references.

use super::Noted;
use crate::finding::Effect;
use crate::input::{Attribute, Cell, FieldColumn};
use crate::model::{FieldType, SfId, UserId, key_of_folded};
use crate::rules::{NullMeaning, RowCx};

/// Where the value that a column fills is told today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    /// By what every run reads of a user.
    Always,
    /// As a reference.
    Reference,
    /// As a text.
    Text,
}

/// Where the value that a column fills is told today.
pub(crate) fn stored(attribute: Attribute) -> Stored {
    match attribute {
        Attribute::Username
        | Attribute::UserId
        | Attribute::Profile
        | Attribute::Role
        | Attribute::Active
        | Attribute::FeatureFlag(_) => Stored::Always,
        Attribute::Manager | Attribute::Contact | Attribute::Account => Stored::Reference,
        _ => Stored::Text,
    }
}

pub(super) fn write(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    for (column, cell) in cx.fields() {
        if stored(column.attribute) == Stored::Always {
            continue;
        }
        let after = match cell {
            Cell::Absent => continue,
            Cell::Blank if cx.run.nulls == NullMeaning::Ignored => continue,
            Cell::Blank => None,
            Cell::Sent(text) => Some(text),
        };
        match cx.row.person.user {
            None => out.value(&column.field, None, after),
            Some(user) => field(cx, out, (user, column), after),
        }
    }
}

/// A field of an existing user.
fn field(
    cx: &RowCx<'_>,
    out: &mut Noted<'_>,
    (user, column): (UserId, &FieldColumn),
    after: Option<&str>,
) {
    let users = &cx.m.org.users;
    let name = &*column.field;
    if stored(column.attribute) == Stored::Reference {
        if !users.has_reference(name) {
            return out.put(Effect::Unknown, name, (None, after), None);
        }
        let before = users.reference(name, user);
        let target = after.and_then(|text| record(cx, column.attribute, text));
        if (before.is_some() || after.is_none()) && target == before {
            return;
        }
        let (before, target) = (before.map(SfId::text), target.map(SfId::text));
        return out.value(name, before.as_deref(), target.as_deref().or(after));
    }
    let Some(before) = users.text(name, user) else {
        return out.put(Effect::Unknown, name, (None, after), None);
    };
    let before = Some(before).filter(|text| !text.is_empty());
    let same = match (before, after) {
        (Some(before), Some(after)) => same(column, before, after),
        (before, after) => before.is_none() && after.is_none(),
    };
    if !same {
        out.value(name, before, after);
    }
}

/// The record that a cell names: by id, a manager also by login.
fn record(cx: &RowCx<'_>, attribute: Attribute, text: &str) -> Option<SfId> {
    let users = &cx.m.org.users;
    SfId::parse(text).ok().or_else(|| {
        let user = (attribute == Attribute::Manager)
            .then(|| users.by_login(key_of_folded(text)))
            .flatten();
        user.map(|user| users.id(user))
    })
}

/// Whether two texts are the same value of a field.
fn same(column: &FieldColumn, before: &str, after: &str) -> bool {
    if before == after {
        return true;
    }
    match column.described.as_ref().map(|field| field.kind) {
        Some(FieldType::Boolean) => {
            crate::input::truth(before).is_some()
                && crate::input::truth(before) == crate::input::truth(after)
        }
        Some(FieldType::Reference) => match (SfId::parse(before), SfId::parse(after)) {
            (Ok(before), Ok(after)) => before == after,
            _ => false,
        },
        _ => column.attribute == Attribute::Email && before.eq_ignore_ascii_case(after),
    }
}
