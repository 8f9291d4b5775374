//! What happens to the org while somebody reads it.

use super::Error;
use super::store::Store;
use crate::model::SfId;
use std::collections::BTreeMap;

/// One change of one record, as somebody else in the org would make it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, tag = "do")]
#[non_exhaustive]
pub enum Change {
    /// A record comes: object, values by field name (`Id` among them).
    Insert {
        /// API name of the object.
        object: String,
        /// Values by field name.
        values: BTreeMap<String, String>,
    },
    /// Fields of a record change.
    Update {
        /// API name of the object.
        object: String,
        /// The record, 15 or 18 characters.
        id: String,
        /// Values by field name.
        values: BTreeMap<String, String>,
    },
    /// A record goes to the recycle bin.
    Delete {
        /// API name of the object.
        object: String,
        /// The record, 15 or 18 characters.
        id: String,
    },
}

impl Change {
    /// A record comes.
    #[must_use]
    pub fn insert(object: &str, values: &[(&str, &str)]) -> Self {
        Self::Insert {
            object: object.to_owned(),
            values: owned(values),
        }
    }

    /// Fields of a record change.
    #[must_use]
    pub fn update(object: &str, id: &str, values: &[(&str, &str)]) -> Self {
        Self::Update {
            object: object.to_owned(),
            id: id.to_owned(),
            values: owned(values),
        }
    }

    /// A record goes to the recycle bin.
    #[must_use]
    pub fn delete(object: &str, id: &str) -> Self {
        Self::Delete {
            object: object.to_owned(),
            id: id.to_owned(),
        }
    }

    /// Makes the change.
    pub(super) fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let stamp = jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%S%.3f+0000")
            .to_string();
        let (Self::Insert { object, .. }
        | Self::Update { object, .. }
        | Self::Delete { object, .. }) = self;
        let table = store
            .table_mut(object)
            .ok_or_else(|| Error::Change(format!("there is no object {object}")))?;
        let parsed = |id: &str| {
            SfId::parse(id).map_err(|_| Error::Change(format!("`{id}` is no record id")))
        };
        let pairs =
            |values: &BTreeMap<String, String>| values.clone().into_iter().collect::<Vec<_>>();
        match self {
            Self::Insert { values, .. } => table.insert(&pairs(values), &stamp).map(|_| ()),
            Self::Update { id, values, .. } => table.update(parsed(id)?, &pairs(values), &stamp),
            Self::Delete { id, .. } => table.delete(parsed(id)?, &stamp),
        }
        .map_err(Error::Change)
    }
}

fn owned(values: &[(&str, &str)]) -> BTreeMap<String, String> {
    values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
