//! Standard profiles: metadata file name, English label, license, code of `$Profile.Name`.

use std::borrow::Cow;

use super::sheet::{Sheet, filled};
use super::{Confidence, Error};

pub(super) const SHEET: Sheet<8> = Sheet {
    name: "standard_profiles",
    header: [
        "metadata_name",
        "label",
        "license",
        "legacy_code",
        "confidence",
        "exports",
        "notes",
        "source",
    ],
    text: include_str!("standard_profiles.csv"),
};

/// One profile that Salesforce delivers. Labels are not unique (`Authenticated Website`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardProfile {
    /// Name of the metadata file, percent-encoded as there; empty where it is not known.
    pub metadata_name: &'static str,
    /// English label, which is the `Name` in an English org; empty where it is not known.
    pub label: &'static str,
    /// Name of its user license; empty where it is not known.
    pub license: &'static str,
    /// Code of `$Profile.Name`, `PT1` to `PT14`.
    pub legacy_code: Option<&'static str>,
    /// How well the line as a whole is founded.
    pub confidence: Confidence,
    /// What else is worth knowing; may be empty.
    pub notes: &'static str,
    /// Where the facts come from.
    pub source: &'static str,
}

/// All standard profiles. There are few, so they are searched in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Profiles(Vec<StandardProfile>);

impl Profiles {
    pub(super) fn by_metadata_name(&self, name: &str) -> Option<&StandardProfile> {
        let exact = self.find(|profile| !name.is_empty() && profile.metadata_name == name);
        // Decoded only where the argument is encoded: `Force.com - Free User` is the label, and a
        // label is no metadata name.
        exact.or_else(|| {
            let decoded = Some(decode(name)).filter(|_| name.contains('%'))?;
            self.find(|profile| decode(profile.metadata_name) == decoded)
        })
    }

    pub(super) fn by_legacy_code(&self, code: &str) -> Option<&StandardProfile> {
        self.find(|profile| profile.legacy_code == Some(code))
    }

    pub(super) fn has_label(&self, label: &str) -> bool {
        !label.is_empty() && self.0.iter().any(|profile| profile.label == label)
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> &[StandardProfile] {
        &self.0
    }

    fn find(&self, wanted: impl Fn(&StandardProfile) -> bool) -> Option<&StandardProfile> {
        self.0.iter().find(|profile| wanted(profile))
    }
}

pub(super) fn parse(sheet: Sheet<8>) -> Result<Profiles, Error> {
    let mut profiles = Profiles::default();
    for record in sheet.records()? {
        let (place, cells) = record?;
        let [
            metadata_name,
            label,
            license,
            legacy_code,
            confidence,
            exports,
            notes,
            source,
        ] = cells;
        if profiles.by_metadata_name(metadata_name).is_some() {
            return Err(place.duplicate(metadata_name));
        }
        if !legacy_code.is_empty() && profiles.by_legacy_code(legacy_code).is_some() {
            return Err(place.duplicate(legacy_code));
        }
        if !exports.is_empty() {
            place.number("exports", exports)?;
        }
        profiles.0.push(StandardProfile {
            metadata_name,
            label,
            license,
            legacy_code: filled(legacy_code),
            confidence: place.confidence("confidence", confidence)?,
            notes,
            source,
        });
    }
    Ok(profiles)
}

/// Resolves `%2E` and the like. What is no escape stays as it is.
fn decode(name: &str) -> Cow<'_, str> {
    if !name.contains('%') {
        return Cow::Borrowed(name);
    }
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, next) = match (first, after) {
            (b'%', [high, low, tail @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, tail),
                _ => (first, after),
            },
            _ => (first, after),
        };
        bytes.push(byte);
        rest = next;
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_are_resolved_and_other_percent_signs_stay() {
        assert_eq!(decode("Force%2Ecom %26 Co"), "Force.com & Co");
        assert_eq!(decode("Work%2ecom"), "Work.com");
        assert_eq!(decode("50% off%2"), "50% off%2");
        assert_eq!(decode("%zz%C3%BC"), "%zz\u{fc}");
    }
}
