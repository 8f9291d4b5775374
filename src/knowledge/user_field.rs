//! Defaults of the standard User fields, for a snapshot without describe results.

use super::Error;
use super::sheet::Sheet;

pub(super) const SHEET: Sheet<5> = Sheet {
    name: "user_fields",
    header: ["field", "label", "length", "required", "source"],
    text: include_str!("user_fields.csv"),
};

/// What holds for a standard User field where the org does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDefault {
    /// API name of the field.
    pub field: &'static str,
    /// English label, as error texts print it.
    pub label: &'static str,
    /// Longest value, in characters; `None` where the field has no length worth checking.
    pub length: Option<u32>,
    /// Whether a create must give it.
    pub required: bool,
    /// Where the facts come from.
    pub source: &'static str,
}

pub(super) fn parse(sheet: Sheet<5>) -> Result<Vec<FieldDefault>, Error> {
    let mut fields: Vec<FieldDefault> = Vec::new();
    for record in sheet.records()? {
        let (place, [field, label, length, required, source]) = record?;
        if fields.iter().any(|earlier| earlier.field == field) {
            return Err(place.duplicate(field));
        }
        let length = match length {
            "" => None,
            number => Some(place.number("length", number)?),
        };
        let required = place.flag("required", required)?;
        fields.push(FieldDefault {
            field,
            label,
            length,
            required,
            source,
        });
    }
    Ok(fields)
}
