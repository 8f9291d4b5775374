//! `manifest.json`: when, by whom, of which org, and how each file was made.
//!
//! One type for the pull that writes it and the reader that trusts it. It is frozen: names are only added, and whatever
//! an older or hand-made manifest does not say is unknown.

use super::Error;
use crate::model::SfId;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The `schema` of a manifest.
pub const SCHEMA: &str = "sfcompat-snapshot/1";
/// The `source` of what was made from a metadata project.
pub const METADATA: &str = "metadata";
/// Name of the file.
pub const FILE: &str = "manifest.json";

/// How a snapshot was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Manifest {
    /// [`SCHEMA`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Version of the program that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What the facts were made from, where it is no org: [`METADATA`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// When the first request for data was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub pulled_at: Option<Timestamp>,
    /// The same by the clock of the org, where it says it: changes are told by that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub org_time: Option<Timestamp>,
    /// The org that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    /// Where it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_url: Option<String>,
    /// Who read it: what a user does not see is not in the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Reader>,
    /// Version of the API, for example `65.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Requests that were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_requests: Option<u64>,
    /// Objects by API name.
    pub objects: BTreeMap<String, Entry>,
    /// SHA-256 of the files in `describe/`, by object.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub describes: BTreeMap<String, String>,
    /// The user that Okta logs in with, where a manifest of another making names it.
    #[serde(skip_serializing)]
    pub integration_user: Option<Reader>,
    /// Gaps that a manifest of another making tells for the pull as a whole.
    #[serde(skip_serializing)]
    pub gaps: Value,
}

/// The user that a pull read with; a name alone is read as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, from = "Value")]
pub struct Reader {
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The user's login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

impl From<Value> for Reader {
    fn from(user: Value) -> Self {
        let text = |name| user.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            id: text("id"),
            username: user
                .as_str()
                .map(str::to_owned)
                .or_else(|| text("username")),
        }
    }
}

/// How the file of one object was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Entry {
    /// How much of what is wanted is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Extent>,
    /// What is missing, in words: why there is no file, or which wanted fields are not there.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "said")]
    pub gaps: Vec<String>,
    /// Whether a part of the records was asked for, so that a missing one proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filtered: Option<bool>,
    /// How it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// The statements; of several, the records were joined by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub soql: Vec<String>,
    /// Records of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// `COUNT()` of the same condition.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "number")]
    pub count: Option<u64>,
    /// `COUNT()` without condition, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count_all: Option<u64>,
    /// Pages that were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u64>,
    /// The newest `SystemModstamp` of its records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// SHA-256 of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Why there is no file, as a manifest of another making tells it.
    #[serde(skip_serializing, deserialize_with = "word")]
    pub reason: Option<String>,
    /// Fields that are not in the file, as a manifest of another making tells them.
    #[serde(skip_serializing, deserialize_with = "said")]
    pub missing: Vec<String>,
}

/// How much of what is wanted of an object is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// All fields and records.
    Full,
    /// Some fields are missing.
    Partial,
    /// There is no file.
    Absent,
    /// What a manifest of another making says.
    #[serde(other)]
    Unknown,
}

/// How an object was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// REST API, in pages.
    Rest,
    /// Tooling API.
    Tooling,
    /// Bulk API 2.0.
    Bulk,
    /// Metadata API.
    Metadata,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// It is no JSON, or says a thing in the wrong way.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|fault| json_error(file, &fault))
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        // Texts, numbers and flags: there is nothing in it that JSON cannot say.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Whether the pull asked for a part of the object; `None` where the manifest does not say.
    pub(super) fn filtered(&self, object: &str) -> Option<bool> {
        self.objects.get(object)?.filtered
    }

    /// What is missing, in words, by object.
    pub(super) fn gaps(&self) -> Vec<(String, String)> {
        let mut gaps = Vec::new();
        for (object, entry) in &self.objects {
            gaps.extend(entry.gaps.iter().map(|gap| (object.clone(), gap.clone())));
        }
        // A gap of the whole pull names its object before a colon, or in a member of its own.
        for gap in self.gaps.as_array().into_iter().flatten() {
            let object = gap.get("object").and_then(Value::as_str);
            for text in texts(gap) {
                let named = text.split_once(':').map(|(object, _)| object);
                let object = object.or(named).unwrap_or("the pull").to_owned();
                gaps.push((object, text));
            }
        }
        gaps
    }

    /// The org that was read.
    pub(super) fn org(&self) -> Result<Option<SfId>, Error> {
        let Some(text) = self.org_id.as_deref() else {
            return Ok(None);
        };
        SfId::parse(text).map(Some).map_err(|fault| Error::Value {
            file: FILE.to_owned(),
            line: 1,
            column: "org_id".to_owned(),
            value: super::error::shown(text),
            expected: super::error::no_id(fault),
        })
    }
}

/// Gaps in words: one, or a list of them, each a text or an object with its reason.
fn texts(gaps: &Value) -> impl Iterator<Item = String> + '_ {
    let list = match gaps {
        Value::Array(list) => list.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    list.iter().filter_map(|gap| match gap {
        Value::String(text) => Some(text.clone()),
        Value::Object(_) => Some(gap.get("reason")?.as_str()?.to_owned()),
        _ => None,
    })
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(texts(&Value::deserialize(deserializer)?).collect())
}

fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Value::deserialize(deserializer)?
        .as_str()
        .map(str::to_owned))
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_u64())
}

/// Where and why a JSON text cannot be read, without the place that serde_json repeats in its text.
pub(super) fn json_error(file: &str, fault: &serde_json::Error) -> Error {
    let text = fault.to_string();
    let reason = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(reason, _)| reason);
    Error::Json {
        file: file.to_owned(),
        line: fault.line(),
        column: fault.column(),
        reason: reason.to_owned(),
    }
}
