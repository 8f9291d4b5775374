//! What Salesforce has today in the fields that a row fills, as far as the run keeps it.

use super::{NullMeaning, RowCx};
use crate::input::{Attribute, Cell, FieldColumn, truth};
use crate::model::{FieldType, SfId, UserId, digest_of, key_of, key_of_folded};

/// Whether a column names what somebody may do rather than who they are: profile, role, and what is assigned.
fn is_access(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::Profile | Attribute::Role | Attribute::FeatureFlag(_)
    ) || attribute.is_list()
}

/// Whether two texts of a field can be told apart as values: dates and numbers are written in many ways.
fn is_compared(column: &FieldColumn) -> bool {
    let kind = column.described.as_ref().map(|field| field.kind);
    !matches!(
        kind,
        Some(
            FieldType::Date
                | FieldType::DateTime
                | FieldType::Integer
                | FieldType::Number
                | FieldType::Other
        )
    )
}

/// Whether a run compares the column by its digest.
pub(crate) fn is_digested(column: &FieldColumn) -> bool {
    let elsewhere = matches!(
        column.attribute,
        Attribute::Username | Attribute::UserId | Attribute::Active | Attribute::Manager
    );
    !is_access(column.attribute) && !elsewhere
}

impl<'a> RowCx<'a> {
    /// The columns, profile, role and access aside, of which the row surely sends another value than the user has.
    pub(crate) fn other_changes(&self) -> impl Iterator<Item = &'a FieldColumn> + use<'a, '_> {
        let user = self.row.person.user.into_iter();
        user.flat_map(move |user| {
            let columns = self.columns.fields().iter();
            columns
                .filter(move |column| !is_access(column.attribute) && self.is_changed(user, column))
        })
    }

    fn is_changed(&self, user: UserId, column: &FieldColumn) -> bool {
        let person = &self.row.person;
        let users = &self.m.org.users;
        match column.attribute {
            Attribute::Username => {
                person.matched_by_id
                    && !person.leaver
                    && users.has_login(user)
                    && self.row.username.sent().is_some()
                    && !users.is_login(user, self.row.keys.login)
            }
            Attribute::UserId => false,
            Attribute::Active => {
                users.active(user).is_some() && person.active != person.active_before
            }
            _ => self.holds(user, column) == Some(false),
        }
    }

    /// Whether the user has the value of a cell already; `None`: not known, or nothing is sent.
    fn holds(&self, user: UserId, column: &FieldColumn) -> Option<bool> {
        let users = &self.m.org.users;
        let text = match self.cell(column.attribute) {
            Cell::Sent(text) => text,
            Cell::Blank if self.run.nulls == NullMeaning::Pushed => "",
            Cell::Blank | Cell::Absent => return None,
        };
        let field = &*column.field;
        if users.has_reference(field) {
            let stored = users.reference(field, user);
            return match (text, SfId::parse(text)) {
                ("", _) => Some(stored.is_none()),
                (_, Ok(id)) => Some(stored == Some(id)),
                // A login, perhaps, or a name: only one that is found says anything.
                (_, Err(_)) => {
                    let named = users.by_login(key_of_folded(text))?;
                    Some(stored == Some(users.id(named)))
                }
            };
        }
        if let Some(index) = users.keyed(field).filter(|_| !text.is_empty()) {
            let folds = column.attribute == Attribute::Nickname;
            let key = if folds { key_of_folded } else { key_of };
            // Most keyed columns are compared case aside; then only that is known.
            return match column.attribute {
                Attribute::FederationId | Attribute::Nickname => Some(index.bears(user, key(text))),
                _ => (!index.bears(user, key_of_folded(text))).then_some(false),
            };
        }
        let stored = self.digest(user, field)?;
        if !is_compared(column) {
            return None;
        }
        let boolean = column
            .described
            .as_ref()
            .is_some_and(|field| field.kind == FieldType::Boolean);
        let sent = if boolean {
            digest_of(if truth(text)? { "true" } else { "false" })
        } else {
            digest_of(text)
        };
        Some(sent == stored)
    }

    /// The digest of what a user has in a field; 0: nothing. `None`: not known.
    fn digest(&self, user: UserId, field: &str) -> Option<u32> {
        let users = &self.m.org.users;
        let text = || users.text(field, user).map(digest_of);
        users.digest(field, user).or_else(text)
    }

    /// Whether the user surely has something in the field of a column.
    pub(crate) fn has_value(&self, user: UserId, column: &FieldColumn) -> bool {
        let users = &self.m.org.users;
        let field = &*column.field;
        if users.has_reference(field) {
            return users.reference(field, user).is_some();
        }
        self.digest(user, field).is_some_and(|stored| stored != 0)
    }
}
