//! Feature licenses: the `UserPermissions...` flags of User that take a seat.

use super::sheet::{Sheet, list};
use super::{Confidence, Error};

pub(super) const SHEET: Sheet<11> = Sheet {
    name: "feature_licenses",
    header: [
        "field",
        "feature_type",
        "label",
        "old_labels",
        "seat_bearing",
        "allowed_keys",
        "allowed_confidence",
        "rejected_keys",
        "rejected_confidence",
        "notes",
        "source",
    ],
    text: include_str!("feature_licenses.csv"),
};

/// One flag of User that is, or looks like, a feature license. A license in neither list is
/// unknown: Salesforce publishes no complete matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureFacts {
    /// API name of the User field.
    pub field: &'static str,
    /// `FeatureType` of `ActiveFeatureLicenseMetric`; empty for a flag that is no feature license.
    pub feature_type: &'static str,
    /// English label of today.
    pub label: &'static str,
    /// English labels of the past.
    pub old_labels: Vec<&'static str>,
    /// Whether the flag takes a seat.
    pub seat_bearing: bool,
    /// `LicenseDefinitionKey`s known to allow the flag.
    pub allowed_keys: Vec<&'static str>,
    /// How well `allowed_keys` is founded; the weakest where the list is empty.
    pub allowed_confidence: Confidence,
    /// `LicenseDefinitionKey`s known to refuse the flag.
    pub rejected_keys: Vec<&'static str>,
    /// How well `rejected_keys` is founded; the weakest where the list is empty.
    pub rejected_confidence: Confidence,
    /// What else is worth knowing; may be empty.
    pub notes: &'static str,
    /// Where the facts come from.
    pub source: &'static str,
}

impl FeatureFacts {
    /// Whether `word` is the field, the type, the label or a former label of this flag.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        !word.is_empty()
            && ([self.field, self.feature_type, self.label].contains(&word)
                || self.old_labels.contains(&word))
    }
}

pub(super) fn parse(sheet: Sheet<11>) -> Result<Vec<FeatureFacts>, Error> {
    let mut features: Vec<FeatureFacts> = Vec::new();
    for record in sheet.records()? {
        let (place, cells) = record?;
        let [
            field,
            feature_type,
            label,
            old_labels,
            seat_bearing,
            allowed_keys,
            allowed_confidence,
            rejected_keys,
            rejected_confidence,
            notes,
            source,
        ] = cells;
        let old_labels: Vec<_> = list(old_labels).collect();
        let names = [field, feature_type, label]
            .into_iter()
            .chain(old_labels.iter().copied());
        for name in names {
            if features.iter().any(|earlier| earlier.is_called(name)) {
                return Err(place.duplicate(name));
            }
        }
        features.push(FeatureFacts {
            field,
            feature_type,
            label,
            old_labels,
            seat_bearing: place.flag("seat_bearing", seat_bearing)?,
            allowed_keys: list(allowed_keys).collect(),
            allowed_confidence: place.confidence("allowed_confidence", allowed_confidence)?,
            rejected_keys: list(rejected_keys).collect(),
            rejected_confidence: place.confidence("rejected_confidence", rejected_confidence)?,
            notes,
            source,
        });
    }
    Ok(features)
}
