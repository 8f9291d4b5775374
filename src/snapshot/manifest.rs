//! `manifest.json`: when, of which org, and what was asked for.

use super::Error;
use crate::model::SfId;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What of the manifest is read today; what else it says is left alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Manifest {
    pub(super) pulled_at: Option<Timestamp>,
    pub(super) org_id: Option<String>,
    pub(super) api_version: Option<String>,
    objects: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    filtered: Option<bool>,
}

impl Manifest {
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|fault| json_error(file, &fault))
    }

    /// Whether the pull asked for a part of the object; `None` where the manifest does not say.
    pub(super) fn filtered(&self, object: &str) -> Option<bool> {
        self.objects.get(object)?.filtered
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
