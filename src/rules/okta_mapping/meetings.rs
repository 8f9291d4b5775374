//! Two groups that can meet in one person: the profile comes from the one that counts, and a list that Okta combines over
//! groups from both.

use super::mapped_groups::{Placed, placed};
use crate::finding::Explanation;
use crate::input::Attribute;
use crate::matrix::Matrix;
use crate::model::LicenseId;
use crate::okta::groups::{Group, Groups};
use crate::rules::EndCx;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Two groups of which one gives the profile and the other elements of a list.
pub(crate) struct Meeting<'r> {
    /// Gives the profile.
    pub(crate) counting: Placed<'r>,
    /// Gives elements of the list, and has no profile of the same license.
    pub(crate) giving: Placed<'r>,
    /// License of that profile.
    pub(crate) license: LicenseId,
}

impl Meeting<'_> {
    /// Says of the words about one group why they hold in a person of both.
    pub(crate) fn explain(&self, words: Explanation, column: Attribute) -> Explanation {
        let profile = self.counting.group.scalar(Attribute::Profile);
        words
            .because(format!(
                "Okta combines {} over the groups of a person: who is in '{}' too gets the profile '{}' from that group, and this element from here",
                column.name(),
                self.counting.group.name,
                profile.unwrap_or_default()
            ))
            .because("whether anybody is in both is not known here (--members)")
    }
}

/// Every two groups that can meet, one of each license for a giving group; none where it is known who is in which group,
/// or where Okta does not combine the list.
pub(crate) fn meetings<'r>(cx: &EndCx<'r>, column: Attribute) -> Vec<Meeting<'r>> {
    let closed = |groups: &Groups| groups.members.is_some() || !groups.combined.contains(&column);
    if cx.run.groups.as_deref().is_none_or(closed) {
        return Vec::new();
    }
    let all = placed(cx);
    let licenses: Vec<Option<LicenseId>> = all.iter().map(|one| license(cx.m, one.group)).collect();
    let mut found = Vec::new();
    let giving = all.iter().zip(&licenses);
    for (giving, own) in giving.filter(|(one, _)| !one.group.list(column).is_empty()) {
        // Of its own profile the row itself is judged.
        let mut met: BTreeSet<LicenseId> = own.iter().copied().collect();
        for (counting, license) in all.iter().zip(&licenses) {
            if let Some(license) = *license
                && decides(counting.group, giving.group)
                && met.insert(license)
            {
                found.push(Meeting {
                    counting: *counting,
                    giving: *giving,
                    license,
                });
            }
        }
    }
    found
}

/// Whether a group can give the profile of a person who is in another one too.
fn decides(group: &Group, other: &Group) -> bool {
    let blank = other.scalar(Attribute::Profile).is_none_or(str::is_empty);
    group.name != other.name && (blank || group.rank(other) != Ordering::Greater)
}

/// The license of the profile that a group gives.
fn license(m: &Matrix, group: &Group) -> Option<LicenseId> {
    let name = group.scalar(Attribute::Profile)?;
    let found = match m.profile_names.exact(name) {
        [] => m.profile_names.folded(name),
        exact => exact,
    };
    let [profile] = found else { return None };
    m.license_of(*profile)
}
