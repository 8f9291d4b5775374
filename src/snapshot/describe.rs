//! `describe/*.json` as Salesforce answers it, in any API version, whole or reduced.

use super::Error;
use super::manifest::json_error;
use crate::model::{Describe, Field, FieldType, PicklistValue};
use serde::Deserialize;

/// The answer itself, or the envelope that `sf sobject describe --json` puts around it.
#[derive(Deserialize)]
struct Answer {
    fields: Option<Vec<RawField>>,
    result: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    fields: Option<Vec<RawField>>,
}

/// Older and reduced answers lack some of these, and write null for others.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawField {
    name: String,
    label: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    length: Option<u32>,
    nillable: Option<bool>,
    createable: Option<bool>,
    updateable: Option<bool>,
    defaulted_on_create: Option<bool>,
    custom: Option<bool>,
    unique: Option<bool>,
    external_id: Option<bool>,
    calculated: Option<bool>,
    auto_number: Option<bool>,
    restricted_picklist: Option<bool>,
    picklist_values: Option<Vec<RawValue>>,
    controller_name: Option<String>,
    reference_to: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawValue {
    value: Option<String>,
    label: Option<String>,
    active: Option<bool>,
    valid_for: Option<String>,
}

/// Reads a describe result.
pub(super) fn parse(file: &str, text: &str) -> Result<Describe, Error> {
    let answer: Answer = serde_json::from_str(text).map_err(|fault| json_error(file, &fault))?;
    let fields = answer
        .fields
        .or_else(|| answer.result.and_then(|inner| inner.fields))
        .ok_or_else(|| Error::NoFields {
            file: file.to_owned(),
        })?;
    Ok(Describe::new(fields.into_iter().map(Field::from).collect()))
}

impl From<RawField> for Field {
    fn from(raw: RawField) -> Self {
        let type_name = raw.kind.unwrap_or_default();
        Self {
            label: raw.label.unwrap_or_default(),
            kind: kind(&type_name),
            type_name,
            length: raw.length.into(),
            nillable: raw.nillable.into(),
            createable: raw.createable.into(),
            updateable: raw.updateable.into(),
            defaulted_on_create: raw.defaulted_on_create.into(),
            // A reduced answer still shows by its name that a field is custom.
            custom: raw.custom.unwrap_or_else(|| raw.name.ends_with("__c")),
            name: raw.name,
            unique: raw.unique == Some(true),
            external_id: raw.external_id == Some(true),
            calculated: raw.calculated == Some(true),
            auto_number: raw.auto_number == Some(true),
            restricted_picklist: raw.restricted_picklist == Some(true),
            picklist: raw
                .picklist_values
                .into_iter()
                .flatten()
                .filter_map(value)
                .collect(),
            controller: raw.controller_name,
            reference_to: raw.reference_to.unwrap_or_default(),
        }
    }
}

fn value(raw: RawValue) -> Option<PicklistValue> {
    let value = raw.value?;
    Some(PicklistValue {
        label: raw.label.unwrap_or_else(|| value.clone()),
        value,
        active: raw.active != Some(false),
        valid_for: raw.valid_for.as_deref().and_then(base64),
    })
}

fn kind(type_name: &str) -> FieldType {
    match type_name {
        "string" | "textarea" | "phone" | "url" | "email" | "encryptedstring" | "combobox" => {
            FieldType::Text
        }
        "boolean" => FieldType::Boolean,
        "date" => FieldType::Date,
        "datetime" => FieldType::DateTime,
        "int" => FieldType::Integer,
        "double" | "currency" | "percent" => FieldType::Number,
        "reference" => FieldType::Reference,
        "picklist" => FieldType::Picklist,
        "multipicklist" => FieldType::MultiPicklist,
        _ => FieldType::Other,
    }
}

/// The bytes of standard base64 (RFC 4648 section 4); `None` for anything else, which then is unknown.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut held, mut bits) = (0u32, 0u32);
    for digit in digits.bytes() {
        let six = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}
