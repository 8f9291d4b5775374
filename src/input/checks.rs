//! What the values of a column are held against, prepared once per file: rules look at every row.

use super::{Attribute, FieldColumn};
use crate::knowledge::shipped;
use crate::model::{Choices, Field, FieldType, Known};

/// Picklists that Salesforce restricts in every org, also where a reduced describe does not say so.
const RESTRICTED: [&str; 7] = [
    "TimeZoneSidKey",
    "LocaleSidKey",
    "LanguageLocaleKey",
    "EmailEncodingKey",
    "DigestFrequency",
    "DefaultGroupNotificationFrequency",
    "DefaultCurrencyIsoCode",
];

/// Columns whose cells name records: other rules resolve them.
fn names_a_record(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::UserId
            | Attribute::Profile
            | Attribute::Role
            | Attribute::Manager
            | Attribute::Contact
            | Attribute::Account
    )
}

/// The longest value that a column takes.
#[derive(Clone, Debug)]
pub struct LengthCheck {
    /// The column.
    pub attribute: Attribute,
    /// Its place in the file, from 0.
    pub place: u16,
    /// Characters.
    pub longest: u32,
    /// Label of the field, as error texts print it.
    pub label: Box<str>,
    /// Whether describe says so; else it is the default of a standard field.
    pub described: bool,
}

/// The values that a column takes.
#[derive(Clone, Debug)]
pub struct PicklistCheck {
    /// The column.
    pub attribute: Attribute,
    /// Its place in the file, from 0.
    pub place: u16,
    /// API name of the field.
    pub field: Box<str>,
    /// Label of the field, as error texts print it.
    pub label: Box<str>,
    /// Several values, separated by `;`.
    pub multiple: bool,
    /// The values; never empty.
    pub choices: Choices,
}

/// Why Okta's Salesforce app cannot fill a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// Salesforce numbers the records by itself.
    AutoNumber,
    /// A formula or roll-up summary.
    Calculated,
    /// A custom reference from User to User.
    Hierarchy,
}

/// The type that the cells of a column must have; text takes anything and is not listed.
#[derive(Clone, Debug)]
pub struct TypeCheck {
    /// The column.
    pub attribute: Attribute,
    /// Its place in the file, from 0.
    pub place: u16,
    /// API name of the field.
    pub field: Box<str>,
    /// Type.
    pub kind: FieldType,
    /// The type as Salesforce writes it.
    pub type_name: Box<str>,
    /// Objects that a reference may name.
    pub reference_to: Vec<String>,
    /// Okta's app cannot fill the field at all.
    pub unsupported: Option<Unsupported>,
}

/// A custom field whose values two users cannot share.
#[derive(Clone, Debug)]
pub struct UniqueCheck {
    /// The column.
    pub attribute: Attribute,
    /// Its place in the file, from 0.
    pub place: u16,
    /// API name of the field.
    pub field: Box<str>,
    /// Salesforce refuses a second bearer; else the field is an external id only.
    pub unique: bool,
}

/// The columns that hold a country or state, as text or code.
#[derive(Clone, Copy, Debug, Default)]
pub struct AddressColumns {
    /// `Country`.
    pub country: Option<Attribute>,
    /// `State`.
    pub state: Option<Attribute>,
    /// `CountryCode`.
    pub country_code: Option<Attribute>,
    /// `StateCode`.
    pub state_code: Option<Attribute>,
}

impl AddressColumns {
    /// Whether the file has none of them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.country.is_none()
            && self.state.is_none()
            && self.country_code.is_none()
            && self.state_code.is_none()
    }
}

/// All checks of the columns of one file.
#[derive(Clone, Debug, Default)]
pub struct FieldChecks {
    /// Columns with a longest value.
    pub lengths: Vec<LengthCheck>,
    /// Restricted picklists, those of countries and states left out.
    pub picklists: Vec<PicklistCheck>,
    /// Columns that are not text.
    pub types: Vec<TypeCheck>,
    /// Unique custom fields.
    pub uniques: Vec<UniqueCheck>,
    /// Columns whose field describe lacks, or that come without describe, with the field's API name.
    pub undescribed: Vec<(Attribute, Box<str>)>,
    /// Country and state.
    pub address: AddressColumns,
}

impl FieldChecks {
    /// The further columns that take ids of other records: of contacts, accounts and managers every row is looked at.
    pub fn references(&self) -> impl Iterator<Item = &TypeCheck> {
        self.types
            .iter()
            .filter(|column| !column.reference_to.is_empty() && !names_a_record(column.attribute))
    }

    /// Adds the checks of one column.
    pub(super) fn add(&mut self, place: u16, column: &FieldColumn) {
        let attribute = column.attribute;
        let address = &mut self.address;
        match &*column.field {
            "Country" => address.country = Some(attribute),
            "State" => address.state = Some(attribute),
            "CountryCode" => address.country_code = Some(attribute),
            "StateCode" => address.state_code = Some(attribute),
            _ => {}
        }
        if column.described.is_none() {
            self.undescribed.push((attribute, column.field.clone()));
        }
        if names_a_record(attribute) {
            // Profiles, roles and managers have names; of a contact the id is all that Salesforce takes. That it is of
            // another object is seen where the contact is looked up.
            if let (Attribute::Contact, Some(field)) = (attribute, column.described.as_deref()) {
                self.add_type(place, attribute, field);
            }
            return;
        }
        let Some(field) = column.described.as_deref() else {
            self.add_default_length(place, column);
            return;
        };
        if field.length == Known::Unknown {
            // A describe that was cut down to names and types.
            self.add_default_length(place, column);
        } else if let (FieldType::Text, Known::Yes(longest @ 1..)) = (field.kind, field.length) {
            self.lengths.push(LengthCheck {
                attribute,
                place,
                longest,
                label: field.label.as_str().into(),
                described: true,
            });
        }
        if field.custom && (field.unique || field.external_id) {
            self.uniques.push(UniqueCheck {
                attribute,
                place,
                field: field.name.as_str().into(),
                unique: field.unique,
            });
        }
        self.add_picklist(place, attribute, field);
        self.add_type(place, attribute, field);
    }

    fn add_default_length(&mut self, place: u16, column: &FieldColumn) {
        let Some(default) = shipped().field_default(&column.field) else {
            return;
        };
        if let Some(longest) = default.length {
            self.lengths.push(LengthCheck {
                attribute: column.attribute,
                place,
                longest,
                label: default.label.into(),
                described: false,
            });
        }
    }

    fn add_picklist(&mut self, place: u16, attribute: Attribute, field: &Field) {
        let multiple = field.kind == FieldType::MultiPicklist;
        let restricted = field.restricted_picklist || RESTRICTED.contains(&field.name.as_str());
        let is_place = matches!(field.name.as_str(), "CountryCode" | "StateCode");
        if !(multiple || field.kind == FieldType::Picklist) || !restricted || is_place {
            return;
        }
        let choices = Choices::of(field);
        if !choices.is_empty() {
            self.picklists.push(PicklistCheck {
                attribute,
                place,
                field: field.name.as_str().into(),
                label: field.label.as_str().into(),
                multiple,
                choices,
            });
        }
    }

    fn add_type(&mut self, place: u16, attribute: Attribute, field: &Field) {
        let to_user = field.reference_to.iter().any(|object| object == "User");
        let unsupported = if field.auto_number {
            Some(Unsupported::AutoNumber)
        } else if field.calculated {
            Some(Unsupported::Calculated)
        } else if field.custom && field.kind == FieldType::Reference && to_user {
            Some(Unsupported::Hierarchy)
        } else {
            None
        };
        let typed = matches!(
            field.kind,
            FieldType::Boolean
                | FieldType::Date
                | FieldType::DateTime
                | FieldType::Integer
                | FieldType::Number
                | FieldType::Reference
        );
        if typed || unsupported.is_some() {
            self.types.push(TypeCheck {
                attribute,
                place,
                field: field.name.as_str().into(),
                kind: field.kind,
                type_name: field.type_name.as_str().into(),
                reference_to: field.reference_to.clone(),
                unsupported,
            });
        }
    }
}
