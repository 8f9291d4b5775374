//! Feature licenses: elements of the list column and names of flag columns.

use crate::input::FeatureRef;
use crate::knowledge::FeatureFacts;
use crate::matrix::Matrix;
use crate::model::fold;

/// What an element stands for.
pub(crate) fn feature(m: &Matrix, text: &str) -> FeatureRef {
    let held = match m.feature_names.exact(text) {
        [] => m.feature_names.folded(text),
        exact => exact,
    };
    // Two flags of one label are two names of one license in practice; the first in the order of the org stands for both.
    if let Some(&id) = held.first() {
        return FeatureRef::Feature(id);
    }
    match shipped(m, text) {
        None => FeatureRef::Unknown,
        Some(facts) if !facts.seat_bearing => FeatureRef::NotALicense,
        Some(facts) if sees_features(m) => FeatureRef::Absent(facts),
        Some(facts) => FeatureRef::Unseen(facts),
    }
}

fn shipped(m: &Matrix, text: &str) -> Option<&'static FeatureFacts> {
    m.knowledge.feature(text).or_else(|| {
        let wanted = fold(text);
        m.knowledge.features().iter().find(|facts| {
            [facts.field, facts.feature_type, facts.label]
                .into_iter()
                .chain(facts.old_labels.iter().copied())
                .any(|name| !name.is_empty() && fold(name) == wanted)
                || facts
                    .field
                    .strip_prefix("UserPermissions")
                    .is_some_and(|name| fold(name) == wanted)
        })
    })
}

/// Whether the snapshot would show a feature license flag if the org had it.
fn sees_features(m: &Matrix) -> bool {
    m.org.user_describe.is_some()
        || m.org.coverage.objects.get("User").is_some_and(|user| {
            user.columns
                .iter()
                .any(|column| column.starts_with("UserPermissions"))
        })
}

/// Reads a yes or no as administrators write it; `None` for anything else.
pub(crate) fn truth(text: &str) -> Option<bool> {
    const YES: [&str; 5] = ["true", "1", "yes", "y", "on"];
    const NO: [&str; 5] = ["false", "0", "no", "n", "off"];
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&YES) {
        Some(true)
    } else {
        is(&NO).then_some(false)
    }
}

/// Reads an activity: yes or no, or the status of a user in Okta.
pub(super) fn activity(text: &str) -> Option<bool> {
    const ACTIVE: [&str; 2] = ["active", "provisioned"];
    const INACTIVE: [&str; 4] = ["inactive", "deprovisioned", "deactivated", "suspended"];
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    truth(text).or_else(|| {
        if is(&ACTIVE) {
            Some(true)
        } else {
            is(&INACTIVE).then_some(false)
        }
    })
}
