//! `manifest.json`: when, of which org, and what was asked for.

use super::{Error, objects};
use crate::model::{Pulled, SfId};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What of the manifest is read today; what else it says is left alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Manifest {
    pub(super) pulled_at: Option<Timestamp>,
    pub(super) org_id: Option<String>,
    pub(super) api_version: Option<String>,
    user: Value,
    gaps: Value,
    objects: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    filtered: Option<bool>,
    count: Value,
    gaps: Value,
}

impl Manifest {
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|fault| json_error(file, &fault))
    }

    /// Whether the pull asked for a part of the object; `None` where the manifest does not say.
    pub(super) fn filtered(&self, object: &str) -> Option<bool> {
        self.objects.get(object)?.filtered
    }

    /// What it says of the pull beside the files.
    pub(super) fn pulled(&self) -> Pulled {
        let mut gaps = Vec::new();
        for (object, entry) in &self.objects {
            gaps.extend(texts(&entry.gaps).map(|gap| (object.clone(), gap)));
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
        gaps.retain(|(object, _)| !objects::all().any(|one| one.name == object && one.optional));
        Pulled {
            user: username(&self.user),
            counts: self
                .objects
                .iter()
                .filter_map(|(object, entry)| Some((object.clone(), entry.count.as_u64()?)))
                .collect(),
            gaps,
        }
    }

    /// The org that was read.
    pub(super) fn org(&self) -> Result<Option<SfId>, Error> {
        let Some(text) = self.org_id.as_deref() else {
            return Ok(None);
        };
        SfId::parse(text).map(Some).map_err(|fault| Error::Value {
            file: "manifest.json".to_owned(),
            line: 1,
            column: "org_id".to_owned(),
            value: super::error::shown(text),
            expected: super::error::no_id(fault),
        })
    }
}

/// A user by name, or as an object with its username.
fn username(user: &Value) -> Option<String> {
    let name = user.as_str().or_else(|| user.get("username")?.as_str());
    name.map(str::to_owned)
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
