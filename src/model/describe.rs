//! What Salesforce says of the fields of an object.

use super::{Choices, Known, Places};
use rustc_hash::FxHashMap;

/// `describe/User.json`, as Salesforce answers `/sobjects/User/describe`.
#[derive(Clone, Debug, Default)]
pub struct Describe {
    /// Fields in the order of the file.
    pub fields: Vec<Field>,
    by_name: FxHashMap<String, usize>,
    places: Option<Box<Places>>,
    required_custom: Vec<usize>,
    hierarchy: Vec<usize>,
}

impl Describe {
    /// Indexes the fields by API name.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let by_name = fields
            .iter()
            .enumerate()
            .map(|(n, field)| (field.name.to_ascii_lowercase(), n))
            .collect();
        let mut describe = Self {
            fields,
            by_name,
            ..Self::default()
        };
        describe.places = describe.read_places().map(Box::new);
        describe.required_custom = (0..describe.fields.len())
            .filter(|&n| {
                describe
                    .fields
                    .get(n)
                    .is_some_and(Field::is_required_custom)
            })
            .collect();
        describe.hierarchy = (0..)
            .zip(&describe.fields)
            .filter(|(_, field)| field.is_hierarchy())
            .map(|(n, _)| n)
            .collect();
        describe
    }

    fn read_places(&self) -> Option<Places> {
        let choices = |name| {
            self.field(name)
                .map(Choices::of)
                .filter(|choices| !choices.is_empty())
        };
        let label = |name: &str, default: &str| {
            self.field(name)
                .map(|field| field.label.clone())
                .filter(|label| !label.is_empty())
                .unwrap_or_else(|| default.to_owned())
        };
        let (countries, states) = (choices("CountryCode"), choices("StateCode"));
        (countries.is_some() || states.is_some()).then(|| Places {
            countries,
            states,
            country_label: label("Country", "Country"),
            state_label: label("State", "State/Province"),
        })
    }

    /// What the answer says of any field, by the JSON names of the properties that an old or reduced answer can lack.
    pub fn properties(&self) -> impl Iterator<Item = &'static str> {
        type Given = fn(&Field) -> bool;
        const PROPERTIES: [(&str, Given); 5] = [
            ("length", |field| field.length.as_ref().is_some()),
            ("createable", |field| field.createable.as_ref().is_some()),
            ("updateable", |field| field.updateable.as_ref().is_some()),
            ("defaultedOnCreate", |field| {
                field.defaulted_on_create.as_ref().is_some()
            }),
            // Every org has restricted picklists on User (time zone, locale): an answer that shows none is silent about them.
            ("restrictedPicklist", |field| field.restricted_picklist),
        ];
        let given = |(_, given): &(&str, Given)| self.fields.iter().any(given);
        PROPERTIES.into_iter().filter(given).map(|(name, _)| name)
    }

    /// The lists of countries and states; `None` where the org has no such picklists, or describe does not say.
    #[must_use]
    pub fn places(&self) -> Option<&Places> {
        self.places.as_deref()
    }

    /// Custom fields that a create must send: createable, not nillable, not defaulted, no checkbox.
    pub fn required_custom(&self) -> impl Iterator<Item = &Field> {
        self.required_custom
            .iter()
            .filter_map(|&n| self.fields.get(n))
    }

    /// Custom hierarchy fields of User. Describe has no mark for the type: any custom reference to User counts as one.
    pub fn hierarchy_fields(&self) -> impl Iterator<Item = &Field> {
        self.hierarchy.iter().filter_map(|&n| self.fields.get(n))
    }

    /// A field by API name, in any case of letters.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.by_name
            .get(&name.to_ascii_lowercase())
            .and_then(|&n| self.fields.get(n))
    }
}

/// The type of a field, as far as the rules tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text of any kind: string, textarea, phone, url, email, encryptedstring, combobox.
    Text,
    /// boolean
    Boolean,
    /// date
    Date,
    /// datetime
    DateTime,
    /// int
    Integer,
    /// double, currency, percent
    Number,
    /// reference
    Reference,
    /// picklist
    Picklist,
    /// multipicklist
    MultiPicklist,
    /// Anything else.
    Other,
}

/// One field of a describe. What an older or reduced describe does not say is unknown.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags as describe names them, each independent of the others"
)]
pub struct Field {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Type.
    pub kind: FieldType,
    /// The type as Salesforce writes it.
    pub type_name: String,
    /// Characters; 0 for types without a length.
    pub length: Known<u32>,
    /// May be empty.
    pub nillable: Known<bool>,
    /// Can be set on a create.
    pub createable: Known<bool>,
    /// Can be set on an update.
    pub updateable: Known<bool>,
    /// Salesforce fills it on a create.
    pub defaulted_on_create: Known<bool>,
    /// Custom field.
    pub custom: bool,
    /// Two records cannot have one value.
    pub unique: bool,
    /// External id.
    pub external_id: bool,
    /// Formula or roll-up.
    pub calculated: bool,
    /// Auto number.
    pub auto_number: bool,
    /// Values outside the list are refused.
    pub restricted_picklist: bool,
    /// Values of a picklist.
    pub picklist: Vec<PicklistValue>,
    /// Field that decides which values are valid.
    pub controller: Option<String>,
    /// Objects that a reference may name.
    pub reference_to: Vec<String>,
}

impl Field {
    /// A custom reference to User: in the describe of User that may be a hierarchy field.
    #[must_use]
    pub fn is_hierarchy(&self) -> bool {
        self.custom
            && self.kind == FieldType::Reference
            && self.reference_to.iter().any(|object| object == "User")
    }

    /// A custom field that a create must send. What describe does not say counts as "no".
    #[must_use]
    pub fn is_required_custom(&self) -> bool {
        self.custom
            && self.kind != FieldType::Boolean
            && self.createable == Known::Yes(true)
            && self.nillable == Known::Yes(false)
            && self.defaulted_on_create == Known::Yes(false)
    }
}

/// One value of a picklist.
#[derive(Clone, Debug)]
pub struct PicklistValue {
    /// API value.
    pub value: String,
    /// Label.
    pub label: String,
    /// Shown to users.
    pub active: bool,
    /// Bit n is set where the n-th value of the controlling field makes this one valid; `None` where describe does not say.
    pub valid_for: Option<Vec<u8>>,
}

impl PicklistValue {
    /// Whether the value is valid for the n-th value of the controlling field.
    #[must_use]
    pub fn is_valid_for(&self, controlling: usize) -> Known<bool> {
        self.valid_for
            .as_ref()
            .map(|bits| {
                bits.get(controlling / 8)
                    .is_some_and(|byte| byte & (0x80 >> (controlling % 8)) != 0)
            })
            .into()
    }
}
