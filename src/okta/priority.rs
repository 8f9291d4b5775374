//! Which of a person's groups counts, and what all of them give together.

use super::groups::{Group, Groups, SCALARS};
use super::members::{Members, Standing};
use crate::input::Attribute;
use fixedbitset::FixedBitSet;
use std::borrow::Cow;

/// The group whose value counts, of groups in the order in which they count: the first one, unless it leaves a profile
/// or role blank and blanks let the next group fill in.
pub(super) fn deciding<'g>(
    groups: &[&'g Group],
    column: Attribute,
    all: &Groups,
) -> Option<&'g Group> {
    let mut given = groups
        .iter()
        .copied()
        .filter(|group| group.text(column).is_some());
    if all.blanks_count || !SCALARS.contains(&column) {
        return given.next();
    }
    given.find(|group| group.text(column).is_some_and(|text| !text.is_empty()))
}

/// What a person in these groups gets; the groups are in the order in which they count.
pub(super) fn effective<'g>(groups: &[&'g Group], column: Attribute, all: &Groups) -> Cow<'g, str> {
    if !all.combined.contains(&column) {
        let chosen = deciding(groups, column, all).and_then(|group| group.text(column));
        return Cow::Borrowed(chosen.unwrap_or_default());
    }
    let mut elements: Vec<&str> = Vec::new();
    for element in groups.iter().flat_map(|group| group.list(column)) {
        if !elements.contains(&&**element) {
            elements.push(element);
        }
    }
    if elements.is_empty() {
        return Cow::Borrowed("");
    }
    serde_json::to_string(&elements).unwrap_or_default().into()
}

impl Members {
    /// Whom no group gives anything, because they are assigned individually.
    #[must_use]
    pub fn individuals(&self) -> FixedBitSet {
        let people = self.people.iter().enumerate();
        people
            .filter(|(_, person)| person.standing == Standing::Individual)
            .map(|(n, _)| n)
            .collect()
    }

    /// The members of each group, by the places of the people.
    #[must_use]
    pub fn sets(&self, groups: usize) -> Vec<FixedBitSet> {
        let mut sets = vec![FixedBitSet::with_capacity(self.people.len()); groups];
        for (n, person) in self.people.iter().enumerate() {
            for group in &person.groups {
                if let Some(set) = sets.get_mut(*group as usize) {
                    set.insert(n);
                }
            }
        }
        sets
    }
}
