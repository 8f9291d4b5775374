//! The values that Okta remembers of Salesforce, laid over what the org has now.

use crate::input::{Attribute, FieldColumn, SetRef, access_column, attribute_named};
use crate::matrix::Matrix;
use crate::model::{FeatureId, Names, ProfileId, PublicGroupId, RoleId, SfId};
use crate::okta::{AppAttribute, AppSchema};
use std::collections::{BTreeMap, BTreeSet};

/// A record that a value of a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meant {
    Profile(ProfileId),
    Role(RoleId),
    Set(SetRef),
    PublicGroup(PublicGroupId),
    Feature(FeatureId),
}

/// The values of one attribute of the app.
#[derive(Clone, Debug)]
pub(crate) struct OktaList {
    pub(crate) column: Attribute,
    /// Name of the attribute in Okta.
    pub(crate) attribute: String,
    /// Stored values and titles.
    texts: BTreeSet<String>,
    /// Records that they mean.
    found: BTreeSet<Meant>,
    /// Values that no record of the org bears; `None`: what the org has is not known.
    pub(crate) gone: Option<Vec<String>>,
    /// Names of records that are not in the list; `None` as above.
    pub(crate) missing: Option<Vec<String>>,
}

/// The schema of the app, and its lists of values over what the org has.
#[derive(Clone, Debug)]
pub struct OktaSchema {
    schema: AppSchema,
    pub(crate) lists: Vec<OktaList>,
}

impl OktaList {
    /// Whether Okta offers a value, by this text or by another name of the same record.
    pub(crate) fn offers(&self, text: &str, meant: Option<Meant>) -> bool {
        self.texts.contains(text) || meant.is_some_and(|meant| self.found.contains(&meant))
    }

    /// Whether Okta offers exactly this text.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    fn of<I: Copy + Ord>(
        (column, attribute): (Attribute, &AppAttribute),
        m: &Matrix,
        names: &Names<I>,
        meant: impl Fn(I) -> Meant,
        objects: &[&str],
    ) -> Option<Self> {
        let choices = attribute.choices.as_ref()?;
        let (mut texts, mut found, mut gone) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let mut ids = false;
        for choice in choices {
            let hits = [names.exact(&choice.value), names.exact(&choice.title)];
            let records = hits.into_iter().flatten().map(|id| meant(*id));
            let mut any = false;
            for record in records {
                any = true;
                found.insert(record);
            }
            let id = SfId::parse(&choice.value).ok();
            let by_id = id.is_some_and(|id| m.org.by_id.contains_key(&id));
            ids |= by_id && !any;
            if !any && !by_id {
                gone.push(choice.value.clone());
            }
            texts.insert(choice.value.clone());
            texts.insert(choice.title.clone());
        }
        let known = objects.iter().all(|object| m.org.coverage.is_full(object));
        let mut missing: BTreeMap<Meant, &str> = BTreeMap::new();
        for name in names.iter() {
            for id in names.exact(name) {
                if !found.contains(&meant(*id)) {
                    missing.entry(meant(*id)).or_insert(name);
                }
            }
        }
        let mut missing: Vec<String> = missing.into_values().map(str::to_owned).collect();
        missing.sort();
        gone.sort();
        Some(Self {
            column,
            attribute: attribute.name.clone(),
            texts,
            found,
            gone: known.then_some(gone),
            // Where Okta keeps ids, names tell nothing of what is missing.
            missing: (known && !ids).then_some(missing),
        })
    }
}

impl OktaSchema {
    /// Lays a schema over an org.
    #[must_use]
    pub fn new(schema: AppSchema, m: &Matrix) -> Self {
        let mut lists = Vec::new();
        for attribute in &schema.attributes {
            let Some(column) = access_column(&attribute.name) else {
                continue;
            };
            let at = (column, attribute);
            lists.extend(match column {
                Attribute::Profile => {
                    OktaList::of(at, m, &m.profile_names, Meant::Profile, &["Profile"])
                }
                Attribute::Role => OktaList::of(at, m, &m.role_names, Meant::Role, &["UserRole"]),
                Attribute::PermissionSets => OktaList::of(
                    at,
                    m,
                    &m.set_names,
                    Meant::Set,
                    &["PermissionSet", "PermissionSetGroup"],
                ),
                Attribute::PublicGroups => {
                    OktaList::of(at, m, &m.public_group_names, Meant::PublicGroup, &["Group"])
                }
                Attribute::FeatureLicenses => {
                    OktaList::of(at, m, &m.feature_names, Meant::Feature, &["User"])
                }
                _ => None,
            });
        }
        Self { schema, lists }
    }

    /// The attributes of the app.
    pub(crate) fn attributes(&self) -> &[AppAttribute] {
        &self.schema.attributes
    }

    /// The attribute of the app with this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&AppAttribute> {
        self.schema.attributes.iter().find(|own| own.name == name)
    }

    /// The list of a column.
    pub(crate) fn list(&self, column: Attribute) -> Option<&OktaList> {
        self.lists.iter().find(|list| list.column == column)
    }

    /// Whether an attribute of the app can carry a column. `None`: the column is not one that Okta pushes as a value.
    pub(crate) fn carries(&self, column: Attribute, field: Option<&FieldColumn>) -> Option<bool> {
        let wanted = match column {
            Attribute::Username
            | Attribute::UserId
            | Attribute::Active
            | Attribute::Group
            | Attribute::Priority
            | Attribute::Property
            | Attribute::Expression => return None,
            // One flag of several: Okta has them as one list.
            Attribute::FeatureFlag(_) => Attribute::FeatureLicenses,
            other => other,
        };
        let is_field = |name: &str| {
            let field = field?;
            let label = field.described.as_ref().map(|known| known.label.as_str());
            let same = |own: &str| plain(own) == plain(name);
            Some(same(&field.field) || label.is_some_and(same))
        };
        let names = self.schema.attributes.iter().flat_map(AppAttribute::names);
        let mut names = names
            .filter(|name| attribute_named(name) == Some(wanted) || is_field(name) == Some(true));
        Some(names.next().is_some())
    }
}

/// A name without case and signs, and without what marks a custom field.
fn plain(name: &str) -> String {
    let name = name.strip_suffix("__c").unwrap_or(name);
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
