//! The multi-valued cells of a record, and the flag columns beside them.

use super::{Refusal, Resolver, features};
use crate::input::lists::{Elements, FEW, ListStyle, ListStyles, PowerShellObject, plain, split};
use crate::input::{Attribute, Cell, FeatureItem, FeatureRef, Item, Resolution, Row, Values};
use crate::model::{Dense, trimmed};
use crate::tabular::Cells;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::ops::Range;

impl Resolver<'_> {
    pub(super) fn lists<'a>(&'a self, cells: Cells<'a>, row: &mut Row<'a>) -> Result<(), Refusal> {
        let read = &mut (&mut row.lists, &mut row.elements);
        let sets = &mut row.sets;
        sets.clear();
        for column in [Attribute::PermissionSets, Attribute::PermissionSetGroups] {
            self.values(column, cells, |text| self.set(text), sets, read)?;
        }
        row.psls.clear();
        let column = Attribute::PermissionSetLicenses;
        self.values(column, cells, |text| self.psl(text), &mut row.psls, read)?;
        row.public_groups.clear();
        let column = Attribute::PublicGroups;
        let groups = &mut row.public_groups;
        self.values(column, cells, |text| self.public_group(text), groups, read)?;
        row.packages.clear();
        let column = Attribute::Packages;
        self.values(
            column,
            cells,
            |text| self.package(text),
            &mut row.packages,
            read,
        )
    }

    fn values<'a, I: Copy>(
        &'a self,
        column: Attribute,
        cells: Cells<'a>,
        resolve: impl Fn(&str) -> Resolution<'a, I>,
        values: &mut Values<'a, I>,
        (met, elements): &mut (&mut ListStyles, &mut Elements<'a>),
    ) -> Result<(), Refusal> {
        let text = match self.columns.cell(column, cells) {
            Cell::Absent => return Ok(()),
            Cell::Blank => {
                values.present = true;
                return Ok(());
            }
            Cell::Sent(text) => text,
        };
        values.present = true;
        if let Some(style) = self.plain_values(column, text, &resolve, values) {
            met.insert(style);
            return Ok(());
        }
        let resolves = |text: &str| {
            matches!(
                resolve(text),
                Resolution::Found(_) | Resolution::Folded(_) | Resolution::Ambiguous(_)
            )
        };
        met.insert(self.split(column, text, resolves, elements)?);
        for text in elements.drain(..) {
            let to = resolve(&text);
            values.items.push(Item { text, column, to });
        }
        Ok(())
    }

    /// Reads a cell of a plain form into `values`. `None` for any other cell, and for very many elements.
    fn plain_values<'a, I: Copy>(
        &self,
        column: Attribute,
        text: &'a str,
        resolve: impl Fn(&str) -> Resolution<'a, I>,
        values: &mut Values<'a, I>,
    ) -> Option<ListStyle> {
        if self
            .separator
            .is_some_and(|separator| !separator.is_empty())
        {
            return None;
        }
        let (style, parts) = plain(text)?;
        let first = values.items.len();
        let mut met = 0u64;
        for part in parts.map(trimmed).filter(|part| !part.is_empty()) {
            let to = resolve(part);
            let held = values.items.get(first..).unwrap_or_default();
            if held.len() >= FEW {
                values.items.truncate(first);
                return None;
            }
            // Lengths and last letters tell most texts apart without a comparison.
            let last = part.bytes().last().unwrap_or_default();
            let mark = 1 << ((part.len() ^ usize::from(last) << 2) % 64);
            let new = met & mark == 0 || held.iter().all(|item| item.text != part);
            met |= mark;
            if new {
                values.items.push(Item {
                    text: Cow::Borrowed(part),
                    column,
                    to,
                });
            }
        }
        Some(if values.items.len() > first {
            style
        } else {
            ListStyle::Empty
        })
    }

    fn split<'a>(
        &self,
        column: Attribute,
        text: &'a str,
        resolves: impl Fn(&str) -> bool,
        elements: &mut Elements<'a>,
    ) -> Result<ListStyle, Refusal> {
        split(text, self.separator, resolves, elements)
            .map_err(|PowerShellObject| Refusal { column })
    }

    pub(super) fn features<'a>(
        &'a self,
        cells: Cells<'a>,
        row: &mut Row<'a>,
    ) -> Result<(), Refusal> {
        row.features.clear();
        let before = row.person.features_before;
        let mut after = before;
        let list = self.columns.cell(Attribute::FeatureLicenses, cells);
        row.has_feature_list = list.is_present();
        match list {
            Cell::Blank if self.nulls_pushed() => after = 0,
            Cell::Absent | Cell::Blank => {}
            Cell::Sent(text) => {
                self.feature_list(text, row)?;
                let named = row.features.iter();
                after = named.fold(0, |bits, item| bits | bit(item.to));
            }
        }
        for ((column, field), to) in self.columns.flags().iter().zip(&self.flags) {
            let sent = self
                .columns
                .cell(*column, cells)
                .sent()
                .and_then(features::truth);
            let Some(on) = sent else { continue };
            after = if on {
                after | bit(*to)
            } else {
                after & !bit(*to)
            };
            row.features.push(FeatureItem {
                text: Cow::Borrowed(field),
                column: *column,
                to: *to,
                on,
            });
        }
        row.person.features = after;
        Ok(())
    }
}

/// A cell of the feature license column, read: where its elements stand in it, and what they stand for.
#[derive(Clone, Debug)]
pub(super) struct FeatureList {
    style: ListStyle,
    elements: SmallVec<[(Range<usize>, FeatureRef); 2]>,
}

/// Where a part of a text stands in it; `None` for a text of its own.
fn place_of(part: &str, whole: &str) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let place = start..start + part.len();
    (whole.get(place.clone()) == Some(part)).then_some(place)
}

impl Resolver<'_> {
    /// Reads the cell of the feature license column: there are few flags, so nearly every cell came before.
    fn feature_list<'a>(&'a self, cell: &'a str, row: &mut Row<'a>) -> Result<(), Refusal> {
        let column = Attribute::FeatureLicenses;
        let item = |text, to| FeatureItem {
            text,
            column,
            to,
            on: true,
        };
        if let Some(list) = self.feature_lists.borrow().get(cell) {
            row.lists.insert(list.style);
            let items = list.elements.iter().map(|(place, to)| {
                let text = cell.get(place.clone()).unwrap_or_default();
                item(Cow::Borrowed(text), *to)
            });
            row.features.extend(items);
            return Ok(());
        }
        let resolves = |text: &str| !matches!(features::feature(self.m, text), FeatureRef::Unknown);
        let elements = &mut row.elements;
        let style = self.split(column, cell, resolves, elements)?;
        row.lists.insert(style);
        let first = row.features.len();
        for text in elements.drain(..) {
            let to = features::feature(self.m, &text);
            row.features.push(item(text, to));
        }
        let read = row.features.iter().skip(first);
        let places: Option<_> = read
            .map(|item| Some((place_of(&item.text, cell)?, item.to)))
            .collect();
        if let Some(elements) = places {
            let list = FeatureList { style, elements };
            self.feature_lists.borrow_mut().put(cell, list);
        }
        Ok(())
    }
}

/// The bit of a feature license in [`Person::features`].
fn bit(to: FeatureRef) -> u32 {
    match to {
        FeatureRef::Feature(id) => u32::try_from(id.index())
            .ok()
            .and_then(|n| 1u32.checked_shl(n))
            .unwrap_or(0),
        _ => 0,
    }
}
