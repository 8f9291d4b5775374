//! Attributes of Okta's base user schema, and the Salesforce fields that fill them where Salesforce is a profile source.

use super::sheet::{Sheet, list};
use super::{Confidence, Error};

pub(super) const SHEET: Sheet<8> = Sheet {
    name: "okta_attributes",
    header: [
        "attribute",
        "salesforce_fields",
        "required",
        "min_length",
        "max_length",
        "format",
        "confidence",
        "source",
    ],
    text: include_str!("okta_attributes.csv"),
};

/// What a value of an attribute must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeFormat {
    /// Any text.
    Text,
    /// An Okta login: an email address, unless the schema has a pattern of its own.
    Login,
    /// An email address.
    Email,
    /// `ll_CC`: ISO 639-1 and ISO 3166-1 alpha-2.
    Locale,
    /// A name of the TZ database.
    Timezone,
}

/// One attribute of Okta's base user schema, as it is where nobody changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OktaAttribute {
    /// Its name in Okta.
    pub attribute: &'static str,
    /// API names of the User fields that fill it by default; the first one that the org has counts.
    pub salesforce_fields: Vec<&'static str>,
    /// Whether Okta requires it.
    pub required: bool,
    /// Fewest characters; `None`: no limit.
    pub min_length: Option<u32>,
    /// Most characters; `None`: no limit.
    pub max_length: Option<u32>,
    /// What values look like.
    pub format: AttributeFormat,
    /// How well the pair of field and attribute is founded.
    pub confidence: Confidence,
    /// Where the limits come from.
    pub source: &'static str,
}

pub(super) fn parse(sheet: Sheet<8>) -> Result<Vec<OktaAttribute>, Error> {
    let mut attributes: Vec<OktaAttribute> = Vec::new();
    for record in sheet.records()? {
        let (place, cells) = record?;
        let [
            attribute,
            fields,
            required,
            min,
            max,
            format,
            confidence,
            source,
        ] = cells;
        if attributes
            .iter()
            .any(|earlier| earlier.attribute == attribute)
        {
            return Err(place.duplicate(attribute));
        }
        let number = |column, text: &'static str| match text {
            "" => Ok(None),
            digits => place.number(column, digits).map(Some),
        };
        attributes.push(OktaAttribute {
            attribute,
            salesforce_fields: list(fields).collect(),
            required: place.flag("required", required)?,
            min_length: number("min_length", min)?,
            max_length: number("max_length", max)?,
            format: match format {
                "" => AttributeFormat::Text,
                "login" => AttributeFormat::Login,
                "email" => AttributeFormat::Email,
                "locale" => AttributeFormat::Locale,
                "timezone" => AttributeFormat::Timezone,
                other => return Err(place.word("format", other)),
            },
            confidence: place.confidence("confidence", confidence)?,
            source,
        });
    }
    Ok(attributes)
}
