//! The multi-valued cells of a record, and the flag columns beside them.

use super::{Refusal, Resolver, features};
use crate::input::lists::{Elements, ListStyle, ListStyles, PowerShellObject, split};
use crate::input::{Attribute, Cell, FeatureItem, FeatureRef, Item, Resolution, Row, Values};
use crate::model::Dense;
use crate::tabular::Cells;
use std::borrow::Cow;

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
                let resolves =
                    |text: &str| !matches!(features::feature(self.m, text), FeatureRef::Unknown);
                let elements = &mut row.elements;
                let column = Attribute::FeatureLicenses;
                row.lists
                    .insert(self.split(column, text, resolves, elements)?);
                after = 0;
                for text in elements.drain(..) {
                    let to = features::feature(self.m, &text);
                    after |= bit(to);
                    row.features.push(FeatureItem {
                        text,
                        column,
                        to,
                        on: true,
                    });
                }
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
