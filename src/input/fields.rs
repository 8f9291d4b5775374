//! Fields of User by the names that a header may give them.

use super::aliases::{normalize, unprefixed};
use crate::knowledge::Knowledge;
use crate::model::{Field, Org};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// One field of User that this org has, or that every org may have.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// API name.
    pub(super) name: Box<str>,
    /// The field in describe, if the snapshot has it.
    pub(super) described: Option<Box<Field>>,
}

/// What a header leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hit<'f> {
    /// One field.
    One(&'f Known),
    /// Two or more fields: the first two.
    Two(&'f Known, &'f Known),
    /// No field.
    None,
}

type Places = FxHashMap<String, SmallVec<[usize; 1]>>;

/// Fields of describe first, then those of shipped knowledge, then the other columns of User.csv.
#[derive(Debug, Default)]
pub(super) struct Fields {
    known: Vec<Known>,
    by_name: Places,
    by_label: Places,
}

impl Fields {
    pub(super) fn new(org: &Org, knowledge: Knowledge) -> Self {
        let mut fields = Self::default();
        for field in org
            .user_describe
            .iter()
            .flat_map(|describe| &describe.fields)
        {
            fields.add(&field.name, &field.label, Some(field));
        }
        let shipped = knowledge
            .user_fields()
            .iter()
            .map(|field| (field.field, field.label));
        let flags = knowledge
            .features()
            .iter()
            .map(|flag| (flag.field, flag.label));
        for (name, label) in shipped.chain(flags) {
            if !fields.by_name.contains_key(&normalize(name)) {
                fields.add(name, label, None);
            }
        }
        let pulled = org.coverage.objects.get("User");
        for column in pulled.iter().flat_map(|known| &known.columns) {
            if !column.contains('.') && !fields.by_name.contains_key(&normalize(column)) {
                fields.add(column, "", None);
            }
        }
        fields
    }

    fn add(&mut self, name: &str, label: &str, described: Option<&Field>) {
        let place = self.known.len();
        self.by_name.entry(normalize(name)).or_default().push(place);
        if !label.is_empty() {
            self.by_label
                .entry(normalize(label))
                .or_default()
                .push(place);
        }
        self.known.push(Known {
            name: name.into(),
            described: described.cloned().map(Box::new),
        });
    }

    /// The field with an API name, in any case of letters.
    pub(super) fn named(&self, name: &str) -> Option<&Known> {
        self.by_name
            .get(&normalize(name))?
            .iter()
            .filter_map(|&place| self.known.get(place))
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// What a header leads to: API name before label.
    pub(super) fn find(&self, header: &str) -> Hit<'_> {
        let plain = unprefixed(header.trim());
        if let Some(field) = self.named(plain) {
            return Hit::One(field);
        }
        let name = normalize(header);
        for places in [self.by_name.get(&name), self.by_label.get(&name)]
            .into_iter()
            .flatten()
        {
            let mut found = places.iter().filter_map(|&place| self.known.get(place));
            match (found.next(), found.next()) {
                (Some(first), Some(second)) => return Hit::Two(first, second),
                (Some(field), None) => return Hit::One(field),
                (None, _) => {}
            }
        }
        Hit::None
    }
}
