//! What the rules about feature licenses have in common: Salesforce's text, and the flags of a bit set.

use crate::model::FeatureId;

/// Salesforce's answer to a flag that the user license does not allow.
pub(super) fn refusal_text(label: &str) -> String {
    format!("{label} is not allowed for this License Type.")
}

/// The feature licenses of a bit set, lowest first.
pub(super) fn bits(mut flags: u32) -> impl Iterator<Item = FeatureId> {
    std::iter::from_fn(move || {
        let lowest = (flags != 0).then(|| flags.trailing_zeros())?;
        flags &= flags - 1;
        Some(FeatureId(lowest))
    })
}
