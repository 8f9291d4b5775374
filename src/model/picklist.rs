//! Picklists prepared for look-ups: they hold hundreds of values, and every row asks.

use super::lookup::Lookup;
use super::{Field, PicklistValue};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// The values of one picklist by API value and by label. Neither is unique: `WA` is a state of two countries.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    values: Vec<PicklistValue>,
    by_value: FxHashMap<Box<str>, SmallVec<[u32; 1]>>,
    by_label: FxHashMap<Box<str>, SmallVec<[u32; 1]>>,
    has_inactive: bool,
    /// The same as `by_value`, laid out for look-ups.
    index: Option<Lookup<u32>>,
}

impl Choices {
    /// Indexes the values of a field; empty where describe gives none.
    #[must_use]
    pub fn of(field: &Field) -> Self {
        let mut choices = Self {
            values: field.picklist.clone(),
            has_inactive: field.picklist.iter().any(|value| !value.active),
            ..Self::default()
        };
        for (n, value) in (0u32..).zip(&field.picklist) {
            choices
                .by_value
                .entry(value.value.as_str().into())
                .or_default()
                .push(n);
            choices
                .by_label
                .entry(value.label.as_str().into())
                .or_default()
                .push(n);
        }
        choices.index = Some(Lookup::of(
            choices
                .by_value
                .iter()
                .map(|(value, places)| (&**value, places.as_slice())),
        ));
        choices
    }

    /// Whether describe gave no value: then nothing can be told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether a value is not shown to users.
    #[must_use]
    pub fn has_inactive(&self) -> bool {
        self.has_inactive
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether this is an API value of the list.
    #[must_use]
    pub fn has_value(&self, value: &str) -> bool {
        self.index
            .as_ref()
            .is_some_and(|index| !index.get(value).is_empty())
    }

    /// Whether the text with these bytes is an API value of the list.
    #[inline]
    pub(crate) fn has_value_of_bytes(&self, value: &[u8]) -> bool {
        self.index
            .as_ref()
            .is_some_and(|index| !index.of_bytes(value).is_empty())
    }

    /// Whether this is a label of the list.
    #[must_use]
    pub fn has_label(&self, label: &str) -> bool {
        self.by_label.contains_key(label)
    }

    /// Places of the values with this API value, from 0.
    #[must_use]
    pub fn places_of_value(&self, value: &str) -> &[u32] {
        self.by_value.get(value).map_or(&[], SmallVec::as_slice)
    }

    /// Places of the values with this label, from 0.
    #[must_use]
    pub fn places_of_label(&self, label: &str) -> &[u32] {
        self.by_label.get(label).map_or(&[], SmallVec::as_slice)
    }

    /// The value at a place.
    #[must_use]
    pub fn get(&self, place: u32) -> Option<&PicklistValue> {
        self.values.get(place as usize)
    }

    /// All values, in the order of describe.
    #[must_use]
    pub fn all(&self) -> &[PicklistValue] {
        &self.values
    }
}

/// The lists behind `Country` and `State` of an org with state and country picklists.
#[derive(Clone, Debug)]
pub struct Places {
    /// `CountryCode`; `None` where describe lacks it or gives no values.
    pub countries: Option<Choices>,
    /// `StateCode`.
    pub states: Option<Choices>,
    /// Label of the `Country` field, as error texts print it.
    pub country_label: String,
    /// Label of the `State` field.
    pub state_label: String,
}
