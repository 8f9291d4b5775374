//! A field, or a field of a parent, of the object that is queried.

use crate::demo::refusal::Refusal;
use crate::demo::sight::Sight;
use crate::demo::soql::FieldPath;
use crate::demo::store::{Kind, RowNo, Store};
use crate::model::SfId;
use std::borrow::Cow;

/// One relationship that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The name of the relationship, as the org spells it.
    pub(super) name: String,
    /// The reference field, for each object that the record may be of.
    from: Vec<(usize, usize)>,
    /// Objects that it may point to.
    targets: Vec<usize>,
}

impl Step {
    /// Whether the reference may point to several objects; their records answer as a `Name`.
    pub(super) fn is_polymorphic(&self) -> bool {
        self.targets.len() > 1
    }

    /// The record that a record points to.
    pub(super) fn follow(&self, store: &Store, table: usize, row: RowNo) -> Option<(usize, RowNo)> {
        let (_, field) = self.from.iter().find(|(own, _)| *own == table)?;
        let text = store.at(table)?.value(row, *field);
        if text.is_empty() {
            return None;
        }
        self.targets.iter().find_map(|&target| {
            let found = store.at(target)?;
            let row = match SfId::parse(&text) {
                Ok(id) => found.find(id)?,
                // Objects are pointed to by their name.
                Err(_) => (0..found.rows()).find(|&row| found.cell(row, 0) == text)?,
            };
            Some((target, row))
        })
    }
}

/// A path whose names are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) struct Path {
    pub(super) steps: Vec<Step>,
    /// The field, for each object that the record may be of.
    pub(super) leaf: Vec<(usize, usize)>,
    /// The name of the field, as the org spells it.
    pub(super) name: String,
    pub(super) kind: Kind,
}

impl Path {
    /// Resolves a path from an object on.
    ///
    /// # Errors
    /// INVALID_FIELD, drawn under the path.
    pub(super) fn resolve(
        sight: &Sight<'_>,
        soql: &str,
        table: usize,
        path: &FieldPath,
    ) -> Result<Self, Refusal> {
        let mut tables = vec![table];
        let mut steps = Vec::new();
        let (last, parents) = path
            .parts
            .split_last()
            .map_or(("", &[][..]), |(last, parents)| (last.as_str(), parents));
        let named = |tables: &[usize]| {
            tables
                .first()
                .and_then(|&table| sight.store.at(table))
                .map_or("", |table| table.name.as_str())
        };
        // `User.Name` from User: the name of the object itself may stand in front.
        let parents = match parents.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(named(&tables)) => rest,
            _ => parents,
        };
        for relation in parents {
            let step = step(sight, &tables, relation)
                .ok_or_else(|| Refusal::no_relation(soql, relation, &path.text(), path.at))?;
            tables.clone_from(&step.targets);
            steps.push(step);
        }
        let leaf: Vec<(usize, usize)> = tables
            .iter()
            .filter_map(|&number| Some((number, sight.field(sight.store.at(number)?, last)?.0)))
            .collect();
        let first = leaf
            .first()
            .and_then(|&(table, field)| sight.store.at(table)?.fields.get(field));
        let Some(field) = first else {
            let object = if tables.len() > 1 {
                "Name"
            } else {
                named(&tables)
            };
            return Err(Refusal::no_field(soql, object, last, path.at));
        };
        Ok(Self {
            steps,
            leaf,
            name: field.name.clone(),
            kind: field.kind,
        })
    }

    /// The path as the org spells it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            text += &step.name;
            text.push('.');
        }
        text + &self.name
    }

    /// The value for a record; empty = null.
    pub(super) fn value<'s>(&self, store: &'s Store, table: usize, row: RowNo) -> Cow<'s, str> {
        let mut at = Some((table, row));
        for step in &self.steps {
            at = at.and_then(|(table, row)| step.follow(store, table, row));
        }
        at.and_then(|(table, row)| {
            let (_, field) = self.leaf.iter().find(|(own, _)| *own == table)?;
            Some(store.at(table)?.value(row, *field))
        })
        .unwrap_or_default()
    }

    /// Whether it is the id of the queried record itself.
    pub(super) fn is_own_id(&self) -> bool {
        self.steps.is_empty() && self.kind == Kind::Id
    }
}

fn step(sight: &Sight<'_>, tables: &[usize], relation: &str) -> Option<Step> {
    let mut name = None;
    let mut from = Vec::new();
    let mut targets = Vec::new();
    for &number in tables {
        let table = sight.store.at(number)?;
        let Some(field) = table
            .relation(relation)
            .and_then(|place| table.fields.get(place))
        else {
            continue;
        };
        let Some((place, _)) = sight.field(table, &field.name) else {
            continue;
        };
        from.push((number, place));
        name = name.or_else(|| field.relation.clone());
        // What the caller may not read itself can still be a parent, as in Salesforce.
        targets.extend(
            field
                .refers
                .iter()
                .filter_map(|target| sight.store.number(target)),
        );
    }
    targets.sort_unstable();
    targets.dedup();
    (!targets.is_empty()).then_some(Step {
        name: name?,
        from,
        targets,
    })
}
